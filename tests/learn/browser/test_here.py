"""Where a browser keeps files."""

from mtl_teach.learn.browser import here


def test_without_storage_there_is_no_drive(monkeypatch, tmp_path):
    monkeypatch.setattr(here, "DRIVE", tmp_path)
    assert here.drive() == tmp_path
    monkeypatch.setattr(here, "DRIVE", tmp_path / "none")
    assert here.drive() is None


def test_in_a_browser_texts_are_read_in_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(here, "course_root", lambda: tmp_path)
    assert here.texts(tmp_path / "mine") == tmp_path / "mine"
    monkeypatch.setattr(here, "in_browser", lambda: True)
    assert here.texts(tmp_path / "mine") == tmp_path / "mine"
    (tmp_path / "browser").mkdir()
    assert here.texts(tmp_path / "mine") == tmp_path / "browser"
