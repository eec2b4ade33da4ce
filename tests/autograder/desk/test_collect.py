"""Collecting: what a path may name, and what no archive may do."""

import stat
import zipfile

import pytest

from autograder.desk import collect as collecting
from autograder.desk.collect import collect
from autograder.grading.assignment import MAX_BYTES
from autograder.results import UsageError
from tests.autograder.conftest import NAME


@pytest.fixture
def archive(tmp_path):
    """Make a zip of (name, bytes) pairs."""

    def make(*entries):
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name, data in entries:
                file.writestr(name, data)
        return path

    return make


def submitted(course):
    return sorted(
        path.relative_to(course.root / "submitted").as_posix() for path in course.root.glob("submitted/**/*.ipynb")
    )


@pytest.mark.parametrize(
    "path",
    [
        f"ada/{NAME}/{NAME}.ipynb",
        f"submitted/ada/{NAME}/{NAME}.ipynb",
        f"ada/{NAME}.ipynb",
        f"ada_12345_67890_{NAME}.ipynb",
        f"everything/ada/{NAME}.ipynb",
        f"everything\\ada\\{NAME}.ipynb",
    ],
)
def test_usual_paths_name_student_and_problem_set(course, archive, path):
    assert collect(course, archive((path, b"{}"))).placed == [("ada", NAME)]
    assert submitted(course) == [f"ada/{NAME}/{NAME}.ipynb"]
    assert (course.root / "submitted/ada" / NAME / f"{NAME}.ipynb").stat().st_mode & 0o777 == 0o600


def test_a_moodle_download_is_placed_by_the_number(course, archive):
    path = f"Ada Lovelace_4711_assignsubmission_file_/{NAME}.ipynb"
    assert collect(course, archive((path, b"{}"))).placed == [("4711", NAME)]


def test_the_problem_set_can_be_said_from_outside(course, archive):
    assert collect(course, archive(("ada/my work.ipynb", b"{}")), NAME).placed == [("ada", NAME)]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"../../outside/{NAME}.ipynb", "out of the folder"),
        (f"/etc/{NAME}.ipynb", "out of the folder"),
        (f"C:\\ada\\{NAME}.ipynb", "out of the folder"),
        (f"ada/{NAME}/torch.py", "only notebooks"),
        (f"ada/.ipynb_checkpoints/{NAME}.ipynb", "a copy"),
        ("ada/holiday.ipynb", "no problem set"),
        (f"{NAME}.ipynb", "no student"),
        (f"a;rm -rf/{NAME}.ipynb", "no student"),
        (f"ädà/{NAME}.ipynb", "no student"),
    ],
)
def test_what_is_dangerous_or_unclear_is_refused_by_name_and_the_rest_is_placed(course, archive, path, why, tmp_path):
    done = collect(course, archive((path, b"{}"), (f"bob/{NAME}.ipynb", b"{}")))
    assert done.placed == [("bob", NAME)]
    assert [why in reason for _, reason in done.refused] == [True]
    assert submitted(course) == [f"bob/{NAME}/{NAME}.ipynb"]
    assert not list(tmp_path.rglob("outside"))


def test_links_are_refused_in_archives_and_folders(course, tmp_path):
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as file:
        entry = zipfile.ZipInfo(f"ada/{NAME}.ipynb")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(entry, "/etc/passwd")
    assert "link" in collect(course, path).refused[0][1]
    folder = tmp_path / "folder" / "ada"
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").symlink_to("/etc/passwd")
    assert "link" in collect(course, folder.parent).refused[0][1]
    assert submitted(course) == []


def test_huge_files_and_second_copies_are_refused(course, archive):
    done = collect(
        course,
        archive(
            (f"ada/{NAME}.ipynb", b"{}"),
            (f"more/ada/{NAME}.ipynb", b"[]"),
            (f"bob/{NAME}.ipynb", b" " * (MAX_BYTES + 1)),
        ),
    )
    assert done.placed == [("ada", NAME)]
    assert ["second notebook" in why or "MiB" in why for _, why in done.refused] == [True, True]


def test_wrong_use_says_what_was_expected(course, tmp_path):
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        collect(course, tmp_path / "nothing.zip")
    with pytest.raises(UsageError, match=f"--assignment must be one of {NAME}; got 'ps99'"):
        collect(course, tmp_path, "ps99")


# ---- bounds ----------------------------------------------------------------------------------------------------


def test_a_notebook_of_the_largest_size_is_taken_from_a_folder_and_a_larger_one_is_not(course, tmp_path):
    for student, size in (("ada", MAX_BYTES), ("bob", MAX_BYTES + 1)):
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / f"{NAME}.ipynb").write_bytes(b" " * size)
    done = collect(course, tmp_path / "in")
    assert done.placed == [("ada", NAME)]
    assert [(path, why.endswith("at most 10 are read")) for path, why in done.refused] == [(f"bob/{NAME}.ipynb", True)]
    assert len(course.submission("ada", NAME).notebook) == MAX_BYTES


def test_what_is_placed_are_the_bytes_of_the_first_notebook(course, archive):
    done = collect(course, archive((f"ada/{NAME}.ipynb", b"first"), (f"more/ada/{NAME}.ipynb", b"second")))
    assert course.submission("ada", NAME).notebook == b"first"
    why = f"a second notebook of ada for {NAME}; the first one was taken"
    assert done.refused == [(f"more/ada/{NAME}.ipynb", why)]


@pytest.mark.parametrize("path", ["ada/", f"ada/{NAME}/"])
def test_a_folder_in_an_archive_is_neither_placed_nor_refused(course, archive, path):
    done = collect(course, archive((path, b""), (f"ada/{NAME}.ipynb", b"{}")))
    assert (done.placed, done.refused) == ([("ada", NAME)], [])


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFLNK])
def test_only_files_of_an_archive_are_taken(course, tmp_path, kind):
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as file:
        for student, its_kind in (("ada", kind), ("bob", stat.S_IFREG)):
            entry = zipfile.ZipInfo(f"{student}/{NAME}.ipynb")
            entry.external_attr = (its_kind | 0o644) << 16
            file.writestr(entry, b"{}")
    done = collect(course, path)
    assert done.placed == [("bob", NAME)]
    assert done.refused == [(f"ada/{NAME}.ipynb", "a link or a device, not a file")]


def test_a_folder_that_is_a_link_is_not_followed(course, tmp_path):
    (tmp_path / "elsewhere" / "eve").mkdir(parents=True)
    (tmp_path / "elsewhere" / "eve" / f"{NAME}.ipynb").write_bytes(b"{}")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada").symlink_to(tmp_path / "elsewhere" / "eve")
    done = collect(course, tmp_path / "in")
    assert (done.placed, done.refused) == ([], [("ada", "a link, not a file")])


@pytest.mark.parametrize(
    ("limit", "most", "fits"),
    [("MAX_FILES", 2, True), ("MAX_FILES", 1, False), ("MAX_TOTAL", 10, True), ("MAX_TOTAL", 9, False)],
)
def test_an_archive_that_holds_too_much_is_refused_before_anything_is_unpacked(
    course, archive, monkeypatch, limit, most, fits
):
    monkeypatch.setattr(collecting, limit, most)
    path = archive((f"ada/{NAME}.ipynb", b"12345"), (f"bob/{NAME}.ipynb", b"12345"))
    if fits:
        assert len(collect(course, path).placed) == 2
    else:
        with pytest.raises(UsageError, match=r"the archive holds too much: 2 files; at most \d+ and 4 GiB are read"):
            collect(course, path)
        assert submitted(course) == []


def test_an_archive_is_measured_by_what_it_unpacks_to(course, tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "MAX_TOTAL", 10_000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"ada/{NAME}.ipynb", b" " * 10_001)
    assert path.stat().st_size < 1_000
    with pytest.raises(UsageError, match="the archive holds too much"):
        collect(course, path)


def test_an_archive_may_hold_a_whole_class_and_no_more():
    assert (collecting.MAX_FILES, collecting.MAX_TOTAL, MAX_BYTES) == (20_000, 4 * 2**30, 10 * 2**20)


# ---- names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"\\ada\\{NAME}.ipynb", "a path that leads out of the folder"),
        (f"ada\\..\\..\\bob\\{NAME}.ipynb", "a path that leads out of the folder"),
        (f"z:/ada/{NAME}.ipynb", "a path that leads out of the folder"),
        (f"__MACOSX/ada/{NAME}.ipynb", "not handed in: a copy that the editor or the system made"),
        (f"ada/{NAME}.ipynb.txt", "not a notebook: only notebooks are taken"),
        ("ada/ps05_masks2.ipynb", "its path names no problem set of this course"),
    ],
)
def test_what_is_refused_is_told_by_path_and_reason(course, archive, path, why):
    done = collect(course, archive((path, b"{}")))
    assert (done.placed, done.refused) == ([], [(path, why)])


@pytest.mark.parametrize("length", [64, 65])
def test_a_students_name_may_have_64_characters(course, archive, length):
    done = collect(course, archive((f"{'a' * length}/{NAME}.ipynb", b"{}")))
    assert done.placed == ([("a" * 64, NAME)] if length == 64 else [])
    assert [why.startswith("its path names no student, or one with characters") for _, why in done.refused] == (
        [] if length == 64 else [True]
    )


@pytest.mark.parametrize("name", ["a.b-c_d@example.org", "7", "A"])
def test_usual_names_of_accounts_are_students(course, archive, name):
    assert collect(course, archive((f"{name}/{NAME}.ipynb", b"{}"))).placed == [(name, NAME)]


@pytest.mark.parametrize("name", [".hidden", "-rf", "_x", "a b", "a,b"])
def test_other_names_are_not(course, archive, name):
    done = collect(course, archive((f"{name}/{NAME}.ipynb", b"{}")))
    assert (done.placed, len(done.refused)) == ([], 1)


def test_the_nearest_folder_is_the_student(course, archive):
    assert collect(course, archive((f"course/group 1/ada/{NAME}/{NAME}.ipynb", b"{}"))).placed == [("ada", NAME)]


def test_the_problem_set_said_from_outside_wins_over_the_path(course, archive):
    (course.root / "source" / "ps06_more").mkdir()
    source = (course.root / "source" / NAME / f"{NAME}.ipynb").read_bytes()
    (course.root / "source" / "ps06_more" / "ps06_more.ipynb").write_bytes(source)
    assert collect(course, archive((f"ada/{NAME}.ipynb", b"{}")), "ps06_more").placed == [("ada", "ps06_more")]
