"""A course's folder: what lies in it and who may read it, whose work it holds, and when a record is of that work."""

import contextlib
import errno
import json
import os
import re
import shutil
import socket
import stat
from pathlib import Path

import nbformat
import pytest

from autograder.authoring import notebooks
from autograder.engine.sandbox import Limits
from autograder.files import write_atomically
from autograder.gradebook.release import gradebook_of
from autograder.grading import course as course_of_grading
from autograder.grading.course import ROSTER, Course, CourseError
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, seed_for
from autograder.grading.sources import answer_sources
from autograder.quizzes import assignment, bank
from tests.autograder.by_hand import FULL, LAYERS, graded, record
from tests.autograder.conftest import NAME, hand_in, with_answer


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
    assert made.pop("gradebook.db") == b""
    assert set(made) == {".mtl-grade/secret"}
    assert (course.root / "submitted").is_dir()
    assert (course.root / "feedback").is_dir()
    assert (course.private / "records").is_dir()
    assert course.root == (tmp_path / "new" / "course").resolve()


def test_what_is_private_can_be_read_by_its_owner_alone(tmp_path, sources, anyone_may_read):
    course = Course.create(tmp_path / "course", "test", sources / "solutions")
    for name in (".mtl-grade", "source", "submitted", "autograded", "feedback"):
        assert mode(course.root / name) == 0o700, name
    for name in (".mtl-grade/secret", "gradebook.db", "roster.csv"):
        assert mode(course.root / name) == 0o600, name


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


def test_a_folder_that_has_part_of_a_course_is_left_alone(tmp_path, sources):
    (tmp_path / "submitted").mkdir()
    (tmp_path / "roster.csv").write_text("mine")
    with pytest.raises(CourseError, match=r"already has roster\.csv, submitted; give a new folder"):
        Course.create(tmp_path, "test", sources / "solutions")
    assert everything(tmp_path) == {"roster.csv": b"mine"}


def test_a_folder_whose_name_breaks_the_gradebooks_address_is_refused(tmp_path):
    with pytest.raises(CourseError, match=r"a gradebook's address cannot hold a `\?`"):
        Course.create(tmp_path / "course?", "x")
    assert list(tmp_path.iterdir()) == []


def test_a_course_that_was_moved_where_its_gradebook_has_no_address_is_refused(course):
    moved = course.root.rename(course.root.with_name("term?"))
    with pytest.raises(CourseError, match=r"a gradebook's address cannot hold a `\?`; name the folder without it\."):
        Course.holding(moved)
    assert not (moved.parent / "term").exists()
    again = Course.holding(moved.rename(moved.with_name("term#1")))  # which is an address like any other
    with gradebook_of(again) as gradebook:
        assert [one.name for one in gradebook.assignments] == [NAME]


def test_a_folder_with_other_things_in_it_keeps_them(tmp_path, sources):
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("mine")
    course = Course.create(tmp_path, "test", sources / "solutions")
    assert set(course.assignments) == {NAME}
    assert (tmp_path / "README.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["a [b] *", "ein Kürs", "with blanks", "[x]", "été!"])
def test_a_course_may_have_any_path(tmp_path, sources, released, name):
    course = Course.create(tmp_path / name / name, "test", sources / "solutions")
    hand_in(course, "ada", released)
    assert set(course.assignments) == {NAME}
    assert [one.student for one in Course.holding(course.root / "submitted").submissions()] == ["ada"]
    assert course.handed_in(course.submission("ada", NAME)).reason == ""
    assert os.listdir(tmp_path / name) == [name]


@pytest.mark.parametrize("step", ["copyfile", "write", "rename"])
@pytest.mark.parametrize("there", [False, True], ids=["a new folder", "a folder that is there"])
def test_a_course_that_cannot_be_made_leaves_nothing(tmp_path, sources, monkeypatch, step, there):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    root = tmp_path / "new" / "course"
    if there:
        root.mkdir(parents=True)
        (root / "README.md").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    if step == "copyfile":
        monkeypatch.setattr(shutil, "copyfile", full)
    elif step == "write":
        monkeypatch.setattr(course_of_grading, "write_atomically", full)
    else:
        real, renamed = Path.rename, []

        def rename(path, target):
            renamed.append(target)
            return real(path, target) if len(renamed) < 4 else full()

        monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="No space left"):
        Course.create(root, "test", sources / "solutions")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_course_that_cannot_be_filled_leaves_nothing(tmp_path, sources):
    def make():
        with Course.in_the_making(tmp_path / "new" / "course", "test", sources / "solutions") as course:
            assert set(course.assignments) == {NAME}
            assert not (tmp_path / "new" / "course").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make()
    assert list(tmp_path.rglob("*")) == []


# ---- the secret ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no `secret`"),
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"00" * 31, "it does not hold 64 hexadecimal digits"),
        (b"zz" * 32, "it does not hold 64 hexadecimal digits"),
        (b"0" * 5_000, "`secret` has 5,000 bytes"),
    ],
)
def test_a_secret_that_is_missing_or_damaged_is_refused_with_its_path_and_the_way_back(course, content, why):
    path = course.private / "secret"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for opened in (Course.open, Course.holding):
        with pytest.raises(CourseError, match=re.escape(f"{path.resolve()}: {why}")) as refused:
            opened(course.root)
        assert "restore this file from a backup" in str(refused.value)
        assert "mtl-grade init" in str(refused.value)


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
        ("dan", NAME),
    ]
    assert [one.folder for one in course.submissions()][:3] == [
        submitted / "ada" / "another",
        submitted / "ada" / NAME,
        submitted / "bob" / NAME,
    ]
    assert course.submission("bob", NAME) == list(course.submissions())[2]
    assert course.handed_in(course.submission("dan", NAME)).reason == f"`{NAME}` is a link; links are not followed"
    assert course.strangers() == [("cleo", "it is a link; links are not followed")]


ODD = ["*", "[x]", "..x", ".hidden", "a b", "-rf", "x" * 65, "caf\udce9", "\n", "ünal", "$(id)", "'"]


def test_a_folder_of_any_name_ends_nothing_and_is_nobodys(course, released):
    for name in (*ODD, ".git", "__MACOSX", ".ipynb_checkpoints"):
        folder = course.root / "submitted" / os.fsencode(name).decode("utf-8", "surrogateescape")
        (folder / NAME).mkdir(parents=True)
    hand_in(course, "ada", released)
    assert [one.student for one in course.submissions()] == ["ada"]
    assert {name for name, _ in course.strangers()} == {os.fsencode(one).decode("utf-8", "replace") for one in ODD}
    assert all(why.startswith("this cannot be an id") for _, why in course.strangers())


def test_a_roster_with_rows_says_who_is_in_the_class(course, released):
    course.roster_path.write_text("id\nada\n007\n")
    for student in ("ada", "007", "bob", "Ada"):
        hand_in(course, student, released)
    fresh = Course.open(course.root)
    assert [one.student for one in fresh.submissions()] == ["007", "ada"]
    assert fresh.strangers() == [("Ada", "not on roster.csv"), ("bob", "not on roster.csv")]


def test_a_folder_without_submissions_has_none(course):
    (course.root / "submitted").rmdir()
    assert (list(course.submissions()), course.strangers()) == ([], [])


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


def a_link(path):
    path.symlink_to("/etc/hostname")


def a_pipe(path):
    os.mkfifo(path)


def a_socket(path):
    with socket.socket(socket.AF_UNIX) as one, contextlib.chdir(path.parent):
        one.bind(path.name)


def a_device(path):
    path.symlink_to("/dev/zero")


def a_folder(path):
    path.mkdir()


def without_end(path):
    with path.open("wb") as file:
        file.truncate(40 * 2**30)  # of zeros that take no place


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (a_link, "is a link; links are not followed"),
        (a_pipe, "is no ordinary file"),
        (a_socket, "cannot be opened"),
        (a_device, "is a link; links are not followed"),
        (a_folder, "is no ordinary file"),
        (without_end, "has 42,949,672,960 bytes; at most 10,485,760 are read"),
    ],
)
def test_what_is_no_ordinary_file_is_never_read_and_said(course, make, why):
    one = course.submission("ada", NAME)
    one.folder.mkdir(parents=True)
    for name in (f"{NAME}.ipynb", "timestamp.txt"):
        make(one.folder / name)
    assert course.handed_in(one).reason.startswith(f"`{NAME}.ipynb` {why}")
    assert one.notebook is None
    assert one.handed_in_at is None


def test_one_byte_too_many_is_said_so_that_the_numbers_differ(course):
    hand_in(course, "ada", b" " * (10 * 2**20 + 1))
    reason = course.handed_in(course.submission("ada", NAME)).reason
    assert reason == f"`{NAME}.ipynb` has 10,485,761 bytes; at most 10,485,760 are read"


@pytest.mark.parametrize("student", ["..", ".", "", "a/b", "../../outside", "a\0b"])
def test_no_name_leads_out_of_the_folder(course, released, student):
    outside = course.root / "outside" / NAME
    outside.mkdir(parents=True)
    (outside / f"{NAME}.ipynb").write_bytes(b"{}")
    assert course.submission(student, NAME).notebook is None
    assert course.submission(student, NAME).files == []


def test_a_link_to_the_folder_of_a_neighbour_is_not_followed(course, released):
    hand_in(course, "ada", released)
    (course.root / "submitted" / "bob").symlink_to("ada")
    assert course.submission("bob", NAME).notebook is None
    assert [one.student for one in course.submissions()] == ["ada"]


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        (b"2026-01-10 12:00:00 UTC\n", "2026-01-10 12:00:00.000000 UTC"),
        (b"2026-01-10 12:00:00.25 UTC", "2026-01-10 12:00:00.250000 UTC"),
        ("\ufeff2026-01-10T13:00:00+01:00".encode("utf-16"), "2026-01-10 12:00:00.000000 UTC"),
        (b"\xff2026", ""),
        (b"yesterday", ""),
        (b"2026-02-30 12:00:00 UTC", ""),
        (b"7" * 5_000, ""),
        (b"", ""),
        (None, ""),
    ],
    ids=[
        "a time",
        "to the second",
        "of another zone",
        "no text",
        "no date",
        "no such day",
        "without end",
        "empty",
        "none",
    ],
)
def test_the_time_of_handing_in_is_a_time_or_nothing(course, noted, read):
    hand_in(course, "ada", b"{}")
    one = course.submission("ada", NAME)
    if noted is not None:
        (one.folder / "timestamp.txt").write_bytes(noted)
    assert one.timestamp == read


# ---- what was handed in ----------------------------------------------------------------------------------------


def test_to_read_what_was_handed_in_no_code_of_a_check_is_read(course, released, monkeypatch):
    hand_in(course, "ada", released)
    monkeypatch.setattr("autograder.grading.course.key_of", None)
    assert course.handed_in(course.submission("ada", NAME)).reason == ""


def test_what_was_handed_in_is_a_clean_notebook(course, released):
    for cell in released["cells"]:
        cell.pop("metadata")
    hand_in(course, "ada", released)
    handed_in = course.handed_in(course.submission("ada", NAME))
    nbformat.validate(handed_in.notebook)
    assert (handed_in.reason, handed_in.review) == ("", ())


def test_a_renamed_notebook_is_found_in_the_folder_and_said(course, released):
    hand_in(course, "ada", with_answer(released, "right"), name="final (1)")
    handed_in = course.handed_in(course.submission("ada", NAME))
    assert handed_in.reason == ""
    assert handed_in.said == (f"`final (1).ipynb` was taken as {NAME}.ipynb: it is this problem set by its content.",)


def test_an_empty_folder_is_for_review(course):
    one = course.submission("ada", NAME)
    one.folder.mkdir(parents=True)
    assert course.handed_in(one).reason == f"no notebook named {NAME}.ipynb was handed in"
    assert list(course.submissions()) == [one]


def test_no_more_than_a_few_files_of_a_folder_are_read(course, released):
    for number in range(30):
        hand_in(course, "ada", b"{}", name=f"n{number:02}")
    assert len(course.submission("ada", NAME).files) == 9
    hand_in(course, "ada", released)
    assert [one.file for one in course.submission("ada", NAME).files][:2] == [f"{NAME}.ipynb", "n00.ipynb"]


def test_the_notebook_that_was_asked_for_is_found_among_any_number_of_files(course, released):
    hand_in(course, "ada", released)
    one = course.submission("ada", NAME)
    for number in range(2_000):
        (one.folder / f"{number}.txt").touch()
    assert one.notebook is not None
    assert course.handed_in(one).reason == ""


def test_a_folder_that_may_not_be_looked_into_says_so(course, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    hand_in(course, "ada", b"{}")
    one = course.submission("ada", NAME)
    assert course.assignments
    monkeypatch.setattr(os, "scandir", refuse)
    assert course.handed_in(one).reason == f"`{NAME}` cannot be opened: Permission denied"


# ---- decisions -------------------------------------------------------------------------------------------------


def test_a_decision_holds_until_something_else_is_handed_in(course, released):
    one = course.submission("ada", NAME)
    hand_in(course, "ada", b"{")
    assert course.decision("ada", NAME) is None
    for decision, reason in (("zero", "It is empty."), ("grade", ""), ("zero", "Once more.")):
        course.decide(one, decision, reason)
        assert course.decision("ada", NAME) == {"decision": decision, "reason": reason}
    path = course.private / "decisions" / NAME / "ada.json"
    assert mode(path) == 0o600
    hand_in(course, "ada", released)
    assert course.decision("ada", NAME) is None
    hand_in(course, "ada", b"{")
    assert course.decision("ada", NAME) == {"decision": "zero", "reason": "Once more."}


def test_a_decision_that_was_edited_or_copied_does_not_count(course):
    for student in ("ada", "bob"):
        hand_in(course, student, b"{")
    course.decide(course.submission("ada", NAME), "zero", "No.")
    path = course.private / "decisions" / NAME / "ada.json"
    shutil.copyfile(path, path.with_name("bob.json"))
    assert course.decision("bob", NAME) is None
    path.write_text(path.read_text().replace('"zero"', '"grade"'))
    assert course.decision("ada", NAME) is None


def test_a_decision_to_grade_changes_what_the_record_is_of(course, released):
    hand_in(course, "ada", released)
    one = course.submission("ada", NAME)
    before = course.job(one, LAYERS)
    course.decide(one, "zero", "No.")
    assert course.job(one, LAYERS).key == before.key
    course.decide(one, "grade")
    after = course.job(one, LAYERS)
    assert (before.accepted, after.accepted) == (False, True)
    assert before.key != after.key


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


def test_what_was_handed_in_is_still_read_where_letters_were_printed_otherwise(quick_course):
    name = next(iter(quick_course.assignments))
    notebook = nbformat.read(quick_course.root / "source" / name / f"{name}.ipynb", 4)
    next(cell for cell in notebook.cells if cell.id == "quick-05-1").source = 'answer_1 = "B"'
    submission = quick_course.submission("ada", name)
    submission.folder.mkdir(parents=True)
    (submission.folder / f"{name}.ipynb").write_bytes(notebooks.as_bytes(notebook))
    reprint(quick_course, name, swap)
    assert answer_sources(quick_course, "ada", name)["quick-05-1"] == 'answer_1 = "B"'


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


def tampered(course, change):
    path = course.record_path("ada", NAME)
    data = json.loads(path.read_bytes())
    change(data)
    path.write_text(json.dumps(data))


def test_a_record_that_was_changed_by_hand_counts_as_not_there_and_is_said(course, released):
    graded(course, "ada", released, FULL)
    assert not course.was_changed_outside("ada", NAME)
    assert not course.was_changed_outside("bob", NAME)
    tampered(course, lambda data: data["exercises"].clear())
    assert course.read_record("ada", NAME) is None
    assert course.current_record(course.submission("ada", NAME)) is None
    assert course.was_changed_outside("ada", NAME)


def test_a_record_that_was_cut_is_said_and_one_of_an_older_version_is_only_graded_again(course, released):
    graded(course, "ada", released, FULL)
    path = course.record_path("ada", NAME)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert course.was_changed_outside("ada", NAME)
    path.write_bytes(whole)
    tampered(course, lambda data: data.update(version=2))
    assert course.read_record("ada", NAME) is None
    assert not course.was_changed_outside("ada", NAME)


def test_a_record_of_somebody_else_or_of_another_course_counts_as_not_there(course, released, tmp_path, sources):
    graded(course, "ada", released, FULL)
    hand_in(course, "bob", released)
    shutil.copyfile(course.record_path("ada", NAME), course.record_path("bob", NAME))
    assert course.read_record("bob", NAME) is None
    assert course.was_changed_outside("bob", NAME)
    other = Course.create(tmp_path / "other", "test", sources / "solutions")
    other.record_path("ada", NAME).parent.mkdir(parents=True)
    shutil.copyfile(course.record_path("ada", NAME), other.record_path("ada", NAME))
    assert other.read_record("ada", NAME) is None


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


def test_a_decision_is_no_record_although_its_seal_is_right(course):
    submission = course.submission("ada", NAME)
    course.decide(submission, "zero", "copied")
    path = course.record_path("ada", NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(course._decision_path("ada", NAME).read_bytes())
    assert course.read_record("ada", NAME) is None
    assert course.was_changed_outside("ada", NAME)
