"""Feedback archives: each platform gives the file to the person whose page it is, by its own rule."""

import hashlib
import json
import zipfile

import nbformat
import pytest

from autograder.desk.feedback_archive import feedback_archive
from autograder.grading.roster import Person, Roster
from autograder.results import UsageError, typed
from tests.autograder.conftest import NAME, hand_in, with_answer
from tests.autograder.desk.platforms.importers import canvas_takes, moodle_takes

CLASS = (
    Person("ada", "Ada", "Lovelace", more={"canvas": "3143", f"moodle:{NAME}": "1201"}),
    Person("bo", "Bo", "Bond_007", more={"canvas": "3144", f"moodle:{NAME}": "1202", "brightspace": "12345"}),
    Person("cleo"),
)
FOLDERS = ("11-99 - Ada Lovelace - Mar 5, 2026 208 PM", "12345-99 - B. Bond - Mar 5, 2026 1105 PM")


@pytest.fixture
def class_(course):
    """A page for each of three people."""
    Roster.of(CLASS).write(course.roster_path)
    for person in CLASS:
        page = course.root / "feedback" / person.id / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<html><style>p{{}}</style><h1>For {person.id}</h1><p>5 of 13</p></html>")
    return course


def keep(course, student, original, time="2026-03-05", sha256=""):
    """What ``collect`` keeps of an attempt."""
    folder = course.private / "attempts" / NAME / student / f"{time or 'unknown'}-{sha256[:8]}"
    folder.mkdir(parents=True)
    (folder / "attempt.json").write_text(json.dumps({"original": original, "time": time, "sha256": sha256}))


def archive_of(tmp_path, *names):
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return path


def contents(done):
    with zipfile.ZipFile(done.path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("person", ["3144", ""])
def test_a_name_inside_a_students_own_zip_gives_nothing_to_anybody_else(class_, person):
    """Ada must not be handed somebody else's page, nor lose her own to it."""
    Roster.of([CLASS[0], Person("bo", more={"canvas": person})]).write(class_.roster_path)
    keep(class_, "ada", "lovelaceada_3143_207797_ps05.ipynb")
    keep(class_, "bo", "bond_3144_207798_work.zip/lovelaceada_3143_207797_ps05.ipynb")
    done = feedback_archive(class_, "canvas", NAME)
    assert done.sent == ["ada"]
    assert "give them the page by hand" in done.left["bo"]


def test_a_name_with_somebody_elses_number_is_not_used(class_):
    keep(class_, "bo", "lovelaceada_3143_207797_ps05.ipynb")
    keep(class_, "ada", "lovelaceada_3143_207797_ps05.ipynb")
    assert feedback_archive(class_, "canvas", NAME).sent == ["ada"]


def test_canvas_gets_a_notebook_of_each_students_own_name(class_, released, tmp_path):
    hand_in(class_, "ada", with_answer(released, "right"))
    download = archive_of(
        tmp_path, "lovelaceada_3143_207797_ps05.ipynb", "bond_LATE_3144_207798_ps05-1.ipynb", "x_3145_1_ps05.ipynb"
    )
    done = feedback_archive(class_, "canvas", NAME, like=download)
    files = contents(done)
    assert canvas_takes(files) == {
        "lovelaceada_3143_207797_ps05.ipynb": ("3143", "207797"),
        "bond_LATE_3144_207798_ps05-1.ipynb": ("3144", "207798"),
    }
    for name, student in zip(files, ("ada", "bo"), strict=True):
        notebook = nbformat.reads(files[name], as_version=4)
        nbformat.validate(notebook)
        assert notebook.cells[0].source == f"# For {student}\n\n5 of 13\n"
    assert len(nbformat.reads(files["lovelaceada_3143_207797_ps05.ipynb"], as_version=4).cells) > 3
    assert (done.sent, list(done.left)) == (["ada", "bo"], ["cleo"])
    assert done.path == class_.root / f"feedback-canvas-{NAME}.zip"
    assert done.path.stat().st_mode & 0o077 == 0


def test_the_names_that_collect_kept_are_used_the_newest_first(class_):
    keep(class_, "ada", "a_3143_1_ps05.ipynb", "2026-03-01")
    keep(class_, "ada", "a_3143_2_ps05.ipynb", "2026-03-05")
    keep(class_, "bo", "bo.ipynb")
    keep(class_, "ada", "a_3143_3_ps05.ipynb", None)
    (class_.private / "attempts" / NAME / "cleo" / "x").mkdir(parents=True)
    (class_.private / "attempts" / NAME / "cleo" / "x" / "attempt.json").write_text("[")
    done = feedback_archive(class_, "canvas", NAME)
    assert list(contents(done)) == ["a_3143_2_ps05.ipynb"]
    assert done.left == {
        "bo": "'bo.ipynb' is no name of a canvas download; give the download with --like",
        "cleo": "collect kept no name of a download; give it with --like",
    }


def test_the_attempt_that_counts_is_the_one_that_is_answered(class_):
    hand_in(class_, "ada", b"{}")
    keep(class_, "ada", "a_3143_1_ps05.ipynb", "2026-03-01", hashlib.sha256(b"{}").hexdigest())
    keep(class_, "ada", "a_3143_2_ps05.ipynb", "2026-03-05", "0" * 64)
    assert list(contents(feedback_archive(class_, "canvas", NAME))) == ["a_3143_1_ps05.ipynb"]


def test_what_canvas_takes_no_archive_for_is_to_be_given_by_hand_and_it_is_said_why(class_):
    keep(class_, "ada", "sub/lovelaceada_3143_207797_ps05.py")
    keep(class_, "bo", "anon_Ab3Xy_207801_ps05.ipynb")
    keep(class_, "cleo", "c_3145_1_ps05.ipynb")
    left = feedback_archive(class_, "canvas", NAME).left
    assert "'lovelaceada_3143_207797_ps05.py': give them the page by hand" in left["ada"]
    assert left["bo"].startswith("an anonymous download was collected")


def test_a_broken_submission_still_gets_its_feedback(class_):
    hand_in(class_, "ada", b"\x00 no notebook")
    keep(class_, "ada", "a_3143_1_ps05.ipynb")
    (text,) = contents(feedback_archive(class_, "canvas", NAME)).values()
    assert [cell.source for cell in nbformat.reads(text, as_version=4).cells] == ["# For ada\n\n5 of 13\n"]


def test_cells_of_any_shape_become_a_valid_notebook(class_):
    cells = [{"cell_type": "code", "source": ["a", 1], "outputs": "x"}, {"cell_type": "heading"}, {"source": None}]
    hand_in(class_, "ada", {"nbformat": 4, "nbformat_minor": 2, "metadata": [], "cells": cells})
    keep(class_, "ada", "a_3143_1_ps05.ipynb")
    (text,) = contents(feedback_archive(class_, "canvas", NAME)).values()
    nbformat.validate(nbformat.reads(text, as_version=4))


def test_moodle_gets_a_page_under_each_participants_number(class_):
    done = feedback_archive(class_, "moodle", NAME)
    files = contents(done)
    assert list(files) == [
        "Ada Lovelace_1201_assignsubmission_file/feedback.html",
        "Bo Bond 007_1202_assignsubmission_file/feedback.html",
    ]
    assert [who for who, _ in moodle_takes(files).values()] == ["1201", "1202"]
    assert "<h1>For bo</h1>" in files["Bo Bond 007_1202_assignsubmission_file/feedback.html"]
    assert done.left == {
        "cleo": "no participant number: read the worksheet with "
        + typed("roster", "WORKSHEET", "--assignment", NAME, "--course", class_.root)
    }


def test_brightspace_gets_the_folders_of_its_download(class_, tmp_path):
    download = archive_of(tmp_path, "index.html", f"{FOLDERS[0]}/ps05.ipynb", f"{FOLDERS[1]} - ps05.ipynb")
    files = contents(feedback_archive(class_, "brightspace", NAME, like=download))
    assert list(files) == [f"{folder}/feedback.html" for folder in FOLDERS]
    assert "For ada" in files[next(iter(files))]


def test_two_people_of_one_name_get_nothing_by_their_name(class_, tmp_path):
    Roster.of((*CLASS, Person("ada2", "Ada", "Lovelace"))).write(class_.roster_path)
    download = archive_of(tmp_path, f"{FOLDERS[0]}/ps05.ipynb", f"{FOLDERS[1]}/ps05.ipynb")
    done = feedback_archive(class_, "brightspace", NAME, like=download)
    assert done.sent == ["bo"]
    assert "nothing in the download is known to be theirs" in done.left["ada"]


def test_only_those_who_are_asked_for_are_packed(class_, tmp_path):
    done = feedback_archive(class_, "moodle", NAME, students=("bo",), to=tmp_path / "out.zip")
    assert (done.sent, done.left, done.path) == (["bo"], {}, tmp_path / "out.zip")
    first = done.path.read_bytes()
    feedback_archive(class_, "moodle", NAME, students=("bo",), to=tmp_path / "out.zip")
    assert done.path.read_bytes() == first


@pytest.mark.parametrize(
    ("form", "name", "like", "said"),
    [
        ("ilias", NAME, None, "--zip must be one of canvas, moodle, brightspace; got 'ilias'"),
        ("moodle", "", None, "--zip needs one --assignment of"),
        ("moodle", NAME, b"PK", "--like is not needed for --zip moodle"),
        ("canvas", NAME, b"no zip", "is no zip archive; give the platform's own download"),
        ("canvas", NAME, None, f"No feedback of {NAME} can be sent: ada: collect kept no name"),
    ],
)
def test_wrong_use_is_a_sentence(class_, tmp_path, form, name, like, said):
    path = tmp_path / "like.zip"
    path.write_bytes(like or b"")
    with pytest.raises(UsageError, match=said):
        feedback_archive(class_, form, name, like=path if like else None)


def test_without_pages_it_says_how_to_write_them(course):
    with pytest.raises(UsageError, match=r"there are no pages; `mtl-grade feedback .*` writes them"):
        feedback_archive(course, "moodle", NAME)
