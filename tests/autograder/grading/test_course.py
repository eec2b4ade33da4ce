"""A course's folder: what lies in it and who may read it, whose work it holds, and when a record is of that work."""

import errno
import json
import os
import re
import shutil
import stat
from pathlib import Path

import nbformat
import pytest

from autograder.authoring import notebooks
from autograder.engine.sandbox import Limits
from autograder.files import write_atomically
from autograder.grading import course as course_of_grading
from autograder.grading.course import ROSTER, Course, CourseError
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, seed_for
from autograder.quizzes import assignment, bank
from tests.autograder.by_hand import FULL, LAYERS, graded, record
from tests.autograder.conftest import NAME, hand_in


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def everything(folder):
    """Every file below a folder and its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.fixture
def anyone_may_read():
    """The most permissive mask for new files: what is private must be so by its own doing."""
    before = os.umask(0)
    yield
    os.umask(before)


# ---- making one ------------------------------------------------------------------------------------------------


def test_a_new_course_has_its_files_and_the_sources_of_its_problem_sets(tmp_path, sources):
    (sources / "solutions" / NAME / "notes.txt").write_text("no notebook")
    course = Course.create(tmp_path / "new" / "course", "mtl-2026", sources / "solutions")
    (sources / "solutions" / NAME / "notes.txt").unlink()
    built = (sources / "solutions" / NAME / f"{NAME}.ipynb").read_bytes()
    made = everything(course.root)
    assert made.pop(f"source/{NAME}/{NAME}.ipynb") == built
    assert made.pop("roster.csv").decode() == ROSTER == "id,first_name,last_name,email\n"
    assert 'c.CourseDirectory.course_id = "mtl-2026"' in made.pop("nbgrader_config.py").decode()
    assert set(made) == {".mtl-grade/secret"}
    assert (course.root / "submitted").is_dir()
    assert (course.private / "records").is_dir()
    assert course.root == (tmp_path / "new" / "course").resolve()


def test_what_is_private_can_be_read_by_its_owner_alone(tmp_path, sources, anyone_may_read):
    course = Course.create(tmp_path / "course", "test", sources / "solutions")
    assert mode(course.private) == 0o700
    assert mode(course.private / "secret") == 0o600


def test_every_course_has_a_secret_of_its_own(tmp_path, sources):
    one, other = (Course.create(tmp_path / name, "test", sources / "solutions") for name in ("one", "other"))
    assert len(one.secret) == len(other.secret) == 32
    assert one.secret != other.secret
    assert Course.open(one.root).secret == one.secret


@pytest.mark.parametrize("kept", [".mtl-grade/secret", "nbgrader_config.py"])
def test_a_folder_with_a_course_in_it_is_left_alone(tmp_path, kept, sources):
    path = tmp_path / kept
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(CourseError, match="already holds a course; nothing was changed"):
        Course.create(tmp_path, "test", sources / "solutions")
    assert everything(tmp_path) == {kept: b"mine"}


# ---- finding one -----------------------------------------------------------------------------------------------


def test_a_course_is_opened_where_it_is(course, monkeypatch):
    monkeypatch.chdir(course.root.parent)
    assert Course.open("course").root == course.root.resolve()
    assert Course.open(Path("course")).root == course.root.resolve()


def test_a_folder_without_a_course_is_refused(tmp_path):
    said = f"{tmp_path} is not a course's folder; make one with `mtl-grade init {tmp_path} --course-id ID`."
    with pytest.raises(CourseError, match=re.escape(said)):
        Course.open(tmp_path)


@pytest.mark.parametrize("inside", ["", "submitted", "source"])
def test_the_course_is_found_from_its_folder_or_one_below(course, inside):
    assert Course.holding(course.root / inside).root == course.root.resolve()


def test_a_course_that_lies_in_another_is_the_one_that_was_named(course, released_course):
    inner = shutil.copytree(released_course, course.root / "inner")
    assert Course.holding(inner).root == inner.resolve()


def test_neither_a_file_nor_a_folder_elsewhere_holds_a_course(course, tmp_path):
    with pytest.raises(CourseError, match="is not a folder; give the course's folder or its `submitted` folder"):
        Course.holding(course.root / "roster.csv")
    (tmp_path / "elsewhere" / "submitted").mkdir(parents=True)
    with pytest.raises(CourseError, match=f"{tmp_path / 'elsewhere'} is not a course's folder"):
        Course.holding(tmp_path / "elsewhere" / "submitted")


# ---- what lies in it -------------------------------------------------------------------------------------------


def test_an_assignment_is_a_notebook_in_a_folder_of_its_name(course):
    other = course.root / "source" / NAME / "other.ipynb"
    other.write_text("{}")
    (assignment,) = course.assignments.values()
    assert (assignment.name, assignment.exercises) == (NAME, ("masked_mean",))


def test_what_was_handed_in_are_folders_of_students_with_folders_of_assignments(course, released, tmp_path):
    for student in ("bob", "ada"):
        hand_in(course, student, released)
    submitted = course.root / "submitted"
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(submitted / "ada", elsewhere)
    (submitted / "cleo").symlink_to(elsewhere)
    (submitted / "dan").mkdir()
    (submitted / "dan" / NAME).symlink_to(elsewhere / NAME)
    (submitted / "dan" / ".ipynb_checkpoints").mkdir()
    (submitted / "dan" / "notes.txt").write_text("x")
    (submitted / "notes.txt").write_text("x")
    (submitted / "ada" / "another").mkdir()
    assert [(one.student, one.assignment) for one in course.submissions()] == [
        ("ada", "another"),
        ("ada", NAME),
        ("bob", NAME),
    ]
    assert [one.folder for one in course.submissions()] == [
        submitted / "ada" / "another",
        submitted / "ada" / NAME,
        submitted / "bob" / NAME,
    ]
    assert course.submission("bob", NAME) == list(course.submissions())[2]


def test_a_notebook_is_a_file_and_no_link(course, released, tmp_path):
    one = course.submission("ada", NAME)
    assert one.notebook is None
    hand_in(course, "ada", b"bytes")
    assert one.notebook == b"bytes"
    path = one.folder / f"{NAME}.ipynb"
    path.rename(tmp_path / "neighbour.ipynb")
    path.symlink_to(tmp_path / "neighbour.ipynb")
    assert one.notebook is None
    path.unlink()
    path.mkdir()
    assert one.notebook is None


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        (b"2026-01-10 12:00:00 UTC\n", "2026-01-10 12:00:00 UTC"),
        (b"\xff2026", "�2026"),
        (b"7" * 5_000, "7" * 100),
        (None, ""),
    ],
    ids=["a time", "no text", "without end", "none"],
)
def test_the_time_of_handing_in_is_a_short_text(course, noted, read):
    hand_in(course, "ada", b"{}")
    one = course.submission("ada", NAME)
    if noted is not None:
        (one.folder / "timestamp.txt").write_bytes(noted)
    assert one.timestamp == read


# ---- jobs ------------------------------------------------------------------------------------------------------


def test_a_job_holds_what_grading_needs_and_not_the_secret(course, released):
    hand_in(course, "ada", released)
    course.trust, course.limits = True, Limits(call=1.5)
    job = course.job(course.submission("ada", NAME), LAYERS)
    assert (job.student, job.assignment, job.layers) == ("ada", course.assignments[NAME], LAYERS)
    assert (job.trust, job.limits) == (True, Limits(call=1.5))
    assert json.loads(job.notebook) == released
    assert job.seeds == {"masked_mean": seed_for(course.secret, "ada", "masked_mean")}
    assert course.secret not in repr(job).encode()
    assert course.secret.hex() not in repr(job)


def test_each_student_has_seeds_and_keys_of_their_own(course, released):
    for student in ("ada", "bob"):
        hand_in(course, student, released)
    ada, bob = (course.job(course.submission(student, NAME), LAYERS) for student in ("ada", "bob"))
    assert ada.seeds != bob.seeds
    assert ada.key != bob.key


@pytest.fixture
def quick_course(tmp_path):
    """A course of two quick tests, built but not released."""
    for number in ("05", "06"):
        quick = bank.HERE / f"{number}.toml"
        name = assignment.assignment_name(bank.read(quick))
        folder = tmp_path / "built" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_bytes(notebooks.as_bytes(notebooks.quick_test(quick)))
    return Course.create(tmp_path / "course", "test", tmp_path / "built")


def reprint(course, name, change):
    """Change the lines of the first question's text in a source notebook."""
    path = course.root / "source" / name / f"{name}.ipynb"
    notebook = nbformat.read(path, 4)
    about = next(cell for cell in notebook.cells if cell.id.startswith("about-"))
    lines = about.source.splitlines()
    options = [number for number, line in enumerate(lines) if line.startswith("- **")]
    change(lines, options)
    about.source = "\n".join(lines)
    path.write_bytes(notebooks.as_bytes(notebook))


def swap(lines, options):
    """The first two options change places, each under the other's letter."""
    first, second = options[:2]
    lines[first], lines[second] = lines[first][:9] + lines[second][9:], lines[second][:9] + lines[first][9:]


def reword(lines, options):
    lines[options[0]] = lines[options[0]][:9] + "another wording"


def test_letters_that_were_printed_otherwise_stop_the_one_quick_test(quick_course):
    names = list(quick_course.assignments)
    reprint(quick_course, names[1], swap)
    assert quick_course.job(quick_course.submission("ada", names[0]), LAYERS).assignment.name == names[0]
    for _ in range(2):
        with pytest.raises(CourseError, match=rf"source/{names[1]}: `quick-06-1` has its options under other letters"):
            quick_course.job(quick_course.submission("ada", names[1]), LAYERS)


def test_an_option_that_was_worded_otherwise_stops_nothing(quick_course):
    name = next(iter(quick_course.assignments))
    reprint(quick_course, name, reword)
    assert quick_course.job(quick_course.submission("ada", name), LAYERS).notebook is None


# ---- records ---------------------------------------------------------------------------------------------------


def test_a_record_is_read_as_it_was_written(course, released):
    made = graded(course, "ada", released, FULL)
    assert course.read_record("ada", NAME) == made
    assert course.record_path("ada", NAME) == course.private / "records" / NAME / "ada.json"
    assert course.record_path("ada", NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("data", [None, b"", b'{"key": "cut sho', b"[1, 2]", b"\xff\xfe"])
def test_what_is_no_record_is_none(course, data):
    if data is not None:
        write_atomically(course.record_path("ada", NAME), data)
    assert course.read_record("ada", NAME) is None


def test_a_record_is_written_whole_or_not_at_all(course, released, monkeypatch):
    made = graded(course, "ada", released, FULL)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device", "record")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        course.write_record({**made, "exercises": {}})
    assert course.read_record("ada", NAME) == made


def test_a_record_is_current_while_it_is_of_the_same_work_behind_the_same_layers(course, released):
    made, one = graded(course, "ada", released, FULL), course.submission("ada", NAME)
    assert course.current_record(one) == made
    assert course.current_record(one, LAYERS) == made
    assert course.current_record(one, (*LAYERS, "landlock 7")) is None
    hand_in(course, "ada", b"something else")
    assert course.current_record(one) is None
    assert course.current_record(course.submission("bob", NAME)) is None


def test_only_a_failure_of_the_grader_is_never_current(course, released):
    one = course.submission("ada", NAME)
    ungradable = graded(course, "ada", released, status=UNGRADABLE, reason="odd")
    assert course.current_record(one) == ungradable
    graded(course, "ada", released, status=GRADER_ERROR, reason="out of luck")
    assert course.current_record(one) is None


def test_a_record_that_is_not_there_is_made_now_and_kept(course, released, monkeypatch):
    hand_in(course, "ada", released)
    jobs = []

    def grade(job):
        jobs.append(job)
        return record(course, job.student, FULL)

    monkeypatch.setattr(course_of_grading, "grade", grade)
    monkeypatch.setattr(Course, "layers", lambda course: LAYERS)
    first = course.record("ada", NAME)
    assert (course.record("ada", NAME), course.read_record("ada", NAME)) == (first, first)
    assert [(job.student, job.layers) for job in jobs] == [("ada", LAYERS)]
