"""Where a browser keeps files."""

from mtl_teach.learn.browser import here


def test_without_storage_there_is_no_drive(monkeypatch, tmp_path):
    monkeypatch.setattr(here, "DRIVE", tmp_path)
    assert here.drive() == tmp_path
    monkeypatch.setattr(here, "DRIVE", tmp_path / "none")
    assert here.drive() is None
