"""Collecting: what a path may name, and what no archive may do."""

import stat
import zipfile

import pytest

from autograder.desk.collect import MAX_BYTES, collect
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
