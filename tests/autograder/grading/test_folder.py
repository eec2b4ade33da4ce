"""A person's folder is read, and nothing in it leads elsewhere, waits or has no end."""

import os

import pytest

from autograder.grading import folder
from autograder.grading.folder import NotTaken, entries, opened, read, shown


def test_an_ordinary_file_is_read(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"data")
    assert read(tmp_path, "a", "b", "c", most=4) == b"data"
    with pytest.raises(NotTaken, match="`c` has 4 bytes; at most 3 are read"):
        read(tmp_path, "a", "b", "c", most=3)


@pytest.mark.parametrize("at", ["a", "b", "c"])
def test_no_link_on_the_way_is_followed(tmp_path, at):
    real = tmp_path / "real" / "a" / "b"
    real.mkdir(parents=True)
    (real / "c").write_bytes(b"data")
    for name in ("a", "b", "c"):
        here = tmp_path.joinpath(*"abc"[: "abc".index(name) + 1])
        if name == at:
            here.symlink_to(tmp_path.joinpath("real", *"abc"[: "abc".index(name) + 1]))
            break
        here.mkdir()
    with pytest.raises(NotTaken, match=f"`{at}` is a link; links are not followed"):
        read(tmp_path, "a", "b", "c", most=10)


def test_a_link_that_takes_the_place_of_a_file_meanwhile_is_not_followed(tmp_path, monkeypatch):
    """Looking first is for the message; what protects is how the file is opened."""
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "a").symlink_to("secret")
    ordinary = os.stat(tmp_path / "secret")
    monkeypatch.setattr(os, "stat", lambda *args, **kwargs: ordinary)
    with pytest.raises(NotTaken, match="`a` cannot be opened"):
        read(tmp_path, "a", most=10)


def test_a_file_that_grows_while_it_is_read_is_cut_off(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"12345")
    small = os.stat_result((0o100600, 1, 1, 1, 0, 0, 3, 0, 0, 0))
    monkeypatch.setattr(os, "fstat", lambda descriptor: small)
    with pytest.raises(NotTaken, match="more than 4 bytes"):
        read(tmp_path, "a", most=4)


def test_a_pipe_nobody_writes_to_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(NotTaken, match="`a` is no ordinary file"):
        read(tmp_path, "a", most=4)


def test_nothing_stays_open(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x")
    os.mkfifo(tmp_path / "a" / "pipe")
    before = set(os.listdir("/proc/self/fd"))
    for names in (("a", "b"), ("a", "pipe"), ("a", "no"), ("no", "b"), ("a", "b", "c"), ("a",)):
        with pytest.raises(NotTaken):
            read(tmp_path, *names, most=0)
    entries(tmp_path, "a")
    assert set(os.listdir("/proc/self/fd")) == before


def test_what_lies_in_a_folder_is_listed_by_name_and_no_further_than_asked(tmp_path):
    for name in ("b", "a", ".hidden", ".git", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("a")
    assert [one.name for one in entries(tmp_path)] == ["a", "b", "c", "link"]
    assert [one.name for one in entries(tmp_path, hidden=True)] == [".hidden", "a", "b", "c", "link"]
    assert [(one.is_folder, one.is_link) for one in entries(tmp_path)][-2:] == [(True, False), (False, True)]
    assert len(entries(tmp_path, most=2)) == 2
    assert folder.MAX_LISTED == 1_000


def test_a_folder_is_opened_and_closed(tmp_path):
    (tmp_path / "a").mkdir()
    with opened(tmp_path, "a") as descriptor:
        assert os.listdir(descriptor) == []
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
    with pytest.raises(NotTaken, match="there is no `b`"), opened(tmp_path, "b"):
        pass


def test_a_name_of_bytes_that_are_no_text_can_be_printed():
    assert shown(os.fsdecode(b"caf\xe9")).encode() == "caf\ufffd".encode()
