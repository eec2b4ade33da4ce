"""Folders and zips are walked file by file: nothing outside is reached, nothing that is no file is opened."""

import os
import socket
import stat
import zipfile

import pytest

from autograder.desk.collecting import archive
from autograder.desk.collecting.archive import nobodys, open_file, read_file, visible, walk
from autograder.grading.assignment import MAX_BYTES
from autograder.results import UsageError
from tests.autograder.desk.collecting.conftest import zipped


def found(source):
    """Every entry by path: its bytes, or why it is refused."""
    return {entry.path: entry.refused or entry.read() for entry in walk(source)}


# ---- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_walked_in_order_with_the_zips_in_it(tmp_path):
    for name in ("b/2.ipynb", "a/1.ipynb", "a/deep/er/3.ipynb"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(name.encode())
    zipped(tmp_path / "in" / "c.ZIP", ("x/4.ipynb", b"4"))
    assert list(found(tmp_path / "in").items()) == [
        ("c.ZIP/x/4.ipynb", b"4"),
        ("a/1.ipynb", b"a/1.ipynb"),
        ("a/deep/er/3.ipynb", b"a/deep/er/3.ipynb"),
        ("b/2.ipynb", b"b/2.ipynb"),
    ]


def test_what_one_person_packed_leaves_room_for_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_INNER_FILES", 3)
    inner = [(f"{number}.py", b"x = 1") for number in range(10)]
    zipped(tmp_path / "greedy.zip", *inner)
    zipped(tmp_path / "twice.zip", ("greedy.zip", (tmp_path / "greedy.zip").read_bytes()))
    names = ("greedy.zip", "twice.zip")
    zipped(tmp_path / "all", *((name, (tmp_path / name).read_bytes()) for name in names), ("ada.ipynb", b"{}"))
    read = found(tmp_path / "all")
    for folder in ("greedy.zip/", "twice.zip/greedy.zip/"):
        assert [read[f"{folder}{number}.py"] for number in (0, 2)] == [b"x = 1"] * 2
        assert "one archive in another" in read[f"{folder}3.py"]
    assert read["ada.ipynb"] == b"{}"


def test_so_does_what_lies_in_a_folder_of_theirs(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_INNER_FILES", 3)
    monkeypatch.setattr(archive, "MAX_FILES", 7)
    (tmp_path / "in" / "greedy").mkdir(parents=True)
    many = [(f"{number}.py", b"x = 1") for number in range(10)]
    zipped(tmp_path / "in" / "greedy" / "work.zip", *many)
    (tmp_path / "in" / "zoe").mkdir()
    (tmp_path / "in" / "zoe" / "ps05.ipynb").write_bytes(b"{}")
    read = found(tmp_path / "in")
    assert "one archive in another" in read["greedy/work.zip/3.py"]
    assert read["zoe/ps05.ipynb"] == b"{}"


def test_a_path_has_no_more_folders_than_somebody_made(tmp_path):
    deep = "a/" * 60 + "ps05.ipynb"
    zipped(tmp_path / "in.zip", (deep, b"{}"), ("ada/ps05.ipynb", b"{}"))
    assert found(tmp_path / "in.zip") == {deep: "a path of more than 50 folders", "ada/ps05.ipynb": b"{}"}


def test_a_zip_in_a_zip_names_no_more_files_than_one_person_has(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_INNER_LISTED", 2)
    own = [(name, b"") for name in (".git/a", ".git/b", "a.png", "b.png", "c.png", "d.png")]
    zipped(tmp_path / "in.zip", *own)
    zipped(tmp_path / "all.zip", ("in.zip", (tmp_path / "in.zip").read_bytes()), ("ada.ipynb", b"{}"))
    read = found(tmp_path / "all.zip")
    assert list(read) == ["in.zip/.git/a", "in.zip/.git/b", "in.zip/a.png", "in.zip/b.png", "in.zip/…", "ada.ipynb"]


def test_links_pipes_and_sockets_are_named_and_never_opened(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.ipynb").write_bytes(b"secret")
    folder.mkdir()
    (folder / "link.ipynb").symlink_to(tmp_path / "elsewhere" / "x.ipynb")
    (folder / "dangling.ipynb").symlink_to(tmp_path / "nothing")
    (folder / "folder").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe.ipynb")
    os.mkfifo(folder / "pipe.zip")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.ipynb")
        assert found(folder) == {
            "link.ipynb": "a link, not a file",
            "dangling.ipynb": "a link, not a file",
            "folder": "a link, not a folder",
            "pipe.ipynb": "a link or a device, not a file",
            "pipe.zip": "a link or a device, not a file",
            "s.ipynb": "a link or a device, not a file",
        }


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_only_a_file_is_opened(tmp_path, kind):
    path = tmp_path / "x"
    if kind == "link":
        path.symlink_to(__file__)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(OSError, match=r"no file|symbolic links|directory"):
        open_file(path)


def test_a_file_is_read_up_to_a_size_and_one_byte_beyond(tmp_path):
    (tmp_path / "x").write_bytes(b"12345")
    assert [read_file(tmp_path / "x", most) for most in (5, 4, 3)] == [b"12345", b"12345", b"1234"]


def test_what_programs_made_is_not_even_walked(tmp_path):
    for name in (".git/objects", "venv/lib", "own/lib", ".ipynb_checkpoints", "node_modules/x", "a"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "x.ipynb").write_bytes(b"{}")
    (tmp_path / "own" / "pyvenv.cfg").write_text("")
    made = "copies and caches that programs made"
    folders = (".git", "venv", "own", ".ipynb_checkpoints", "node_modules")
    assert found(tmp_path) == {"a/x.ipynb": b"{}", **{f"{name}/…": made for name in folders}}


def test_large_files_are_refused_by_their_size(tmp_path):
    for name, size in (("fits.ipynb", MAX_BYTES), ("large.ipynb", MAX_BYTES + 1)):
        (tmp_path / name).write_bytes(bytes(size))
    assert {path: len(got) if isinstance(got, bytes) else got for path, got in found(tmp_path).items()} == {
        "fits.ipynb": MAX_BYTES,
        "large.ipynb": "10 MiB; at most 10 are read",
    }


def test_names_that_are_no_text_are_read(tmp_path):
    path = os.fsencode(tmp_path) + b"/J\xfcrgen.ipynb"
    with open(path, "wb") as file:
        file.write(b"{}")
    assert found(tmp_path) == {"J\ufffdrgen.ipynb": b"{}"}


# ---- zips ------------------------------------------------------------------------------------------------------------


def nested(tmp_path, depth):
    data = b"{}"
    name = "x.ipynb"
    for number in range(depth):
        data = zipped(tmp_path / f"{number}.zip", (name, data)).read_bytes()
        name = f"{number}.zip"
    return tmp_path / name


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 6])
def test_zips_in_zips_are_folders_down_to_a_depth(tmp_path, depth):
    got = found(nested(tmp_path, depth))
    if depth <= 3:
        assert list(got.values()) == [b"{}"]
        assert next(iter(got)).count(".zip") == depth - 1
    else:
        assert list(got.values()) == ["archives in archives, 3 deep and more: unpack them and give the folder"]


def test_a_damaged_zip_in_a_zip_costs_itself(tmp_path):
    inner = zipped(tmp_path / "inner.zip", ("x.ipynb", b"{}")).read_bytes()
    got = found(zipped(tmp_path / "a.zip", ("odd.zip", inner[:-10]), ("good.zip", inner), ("none.zip", b"")))
    assert got["good.zip/x.ipynb"] == b"{}"
    assert got["odd.zip"].startswith("the archive is damaged: it is no zip archive")
    assert got["none.zip"].startswith("the archive is damaged")


def test_a_damaged_zip_in_a_folder_costs_itself(tmp_path):
    (tmp_path / "odd.zip").write_bytes(b"PK")
    (tmp_path / "x.ipynb").write_bytes(b"{}")
    got = found(tmp_path)
    assert got["x.ipynb"] == b"{}"
    assert got["odd.zip"].startswith("the archive is damaged")


def test_where_the_list_of_an_archive_breaks_off_that_is_named(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.ipynb", b"1"), ("b.ipynb", b"2"))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"b.ipynb") - 46
    data[at] = 0
    path.write_bytes(data)
    assert found(path) == {
        "a.ipynb": b"1",
        "the archive": "the list of its files is damaged after 1 files: download it again",
    }


@pytest.mark.parametrize(
    "name",
    ["../x.ipynb", "a/../../x.ipynb", "/x.ipynb", "\\x.ipynb", "a\\..\\x.ipynb", "C:\\x.ipynb", "z:x.ipynb"],
)
def test_a_path_that_leads_elsewhere_is_refused_and_the_others_are_read(tmp_path, name):
    got = found(zipped(tmp_path / "a.zip", (name, b"odd"), ("good.ipynb", b"good")))
    assert got.pop("good.ipynb") == b"good"
    assert list(got.values()) == ["a path that leads out of the folder"]


def test_a_path_without_end_is_cut(tmp_path):
    got = found(zipped(tmp_path / "a.zip", ("x/" * 2000 + "x.ipynb", b"odd")))
    assert [(len(path), why) for path, why in got.items()] == [(1000, "a path of more than 1000 characters")]


def test_paths_are_composed_and_need_no_dots_and_double_slashes(tmp_path):
    assert found(zipped(tmp_path / "a.zip", ("./Ju\u0308rgen//x.ipynb", b"{}"))) == {"Jürgen/x.ipynb": b"{}"}


def test_more_than_is_read_at_once_is_refused_by_name(tmp_path, monkeypatch):
    source = zipped(tmp_path / "a.zip", *((f"{n}.ipynb", b"{}") for n in range(4)), ("notes.pdf", b"x" * 100))
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    assert [isinstance(got, bytes) for got in found(source).values()] == [True, True, True, False, True]
    monkeypatch.setattr(archive, "MAX_FILES", 100)
    monkeypatch.setattr(archive, "MAX_TOTAL", 5)
    got = list(found(source).values())
    assert [isinstance(one, bytes) for one in got] == [True, True, False, False, True]
    assert "collect in parts" in got[2]


def test_a_hundred_thousand_files_of_an_environment_hide_no_notebook(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(100_000):
            file.writestr(f"ada/venv/lib/{number}.py", b"")
        file.writestr("ada/x.ipynb", b"{}")
    assert [(entry.path, entry.read()) for entry in walk(path) if not entry.refused] == [("ada/x.ipynb", b"{}")]


def test_links_in_a_zip_are_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        entry = zipfile.ZipInfo("inner.zip")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(entry, "/etc/passwd")
    assert found(path) == {"inner.zip": "a link or a device, not a file"}


# ---- what is a source ------------------------------------------------------------------------------------------------


def test_a_notebook_alone_is_a_source(tmp_path):
    (tmp_path / "Ada - ps05.ipynb").write_bytes(b"{}")
    assert found(tmp_path / "Ada - ps05.ipynb") == {"Ada - ps05.ipynb": b"{}"}


def test_what_is_no_source_is_said(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="neither a folder nor a zip archive"):
        list(walk(tmp_path / "pipe"))
    with pytest.raises(UsageError, match="There is no "):
        list(walk(tmp_path / "nothing"))


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "is_nobodys"),
    [
        ("ada/.ipynb_checkpoints/x.ipynb", True),
        ("__MACOSX/ada/x.ipynb", True),
        ("ada/._x.ipynb", True),
        ("ada/~$x.docx", True),
        ("ada/Thumbs.db", True),
        ("ada/THUMBS.DB", True),
        ("ada/x.ipynb", False),
        ("venv", False),
        ("my venv/x.ipynb", False),
    ],
)
def test_what_nobody_handed_in(path, is_nobodys):
    assert bool(nobodys(path)) is is_nobodys


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jürgen – 李.ipynb", "Jürgen – 李.ipynb"),
        ("a\x1b[2Jb\x7f\x9b", "a\\x1b[2Jb\\x7f\\x9b"),
        ("\u202egpj\u2066\u200b", "\\u202egpj\\u2066\\u200b"),
        ("a\nb\tc\u2028", "a\\x0ab\\x09c\\u2028"),
        ("\ud800\U000e0001", "\\ud800\\U000e0001"),
    ],
)
def test_what_could_move_a_cursor_or_turn_a_line_is_shown_by_number(text, shown):
    assert visible(text) == shown
