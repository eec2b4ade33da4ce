"""Every command of ``mtl-grade`` in this process: its exit code, what it says, and the fields of its JSON."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import types
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import course_files, exercises, health
from autograder.authoring import book, gates, lessons, site
from autograder.authoring.lessons import Timed
from autograder.desk import begin, cli, demo, doctor, term
from autograder.desk import run as desk_run
from autograder.desk.adapters import gradescope, prairielearn
from autograder.desk.banks.blackboard_text import BlackboardText
from autograder.desk.marking import server
from autograder.desk.marking.pile import Gradebook as OfCourse
from autograder.desk.marking.pile import schemes
from autograder.desk.marking.second import SecondMarks
from autograder.engine import sandbox
from autograder.engine.sandbox import Limits, Sandbox, SandboxError
from autograder.gradebook import enter, marks
from autograder.gradebook.by_hand import Mark
from autograder.gradebook.release import config_of
from autograder.grading import course as course_of_grading
from autograder.grading import grade_class, one_file
from autograder.grading.course import Course
from autograder.grading.one_file import PlainFile, grade_file
from autograder.grading.record import UNGRADABLE, blank_record
from autograder.health import Row
from autograder.judging.runner import PUBLISHED_SEED
from autograder.results import STUB_LEFT, Cause, UsageError, Verdict, typed
from tests.autograder.by_hand import FULL, LAYERS, checked, graded, result
from tests.autograder.conftest import ANSWERS, NAME, hand_in, with_answer
from tests.autograder.desk.similarity.test_compare import ADA as LONG_ANSWER

HALF = result(checked(Verdict.PASSED, most=4.0), checked(Verdict.FAILED, "test_gradient", 5.0, summary="It is not."))
NOT_STARTED = result(checked(Verdict.FAILED, summary=STUB_LEFT, cause=Cause.NOT_STARTED))


@pytest.fixture
def mtl_grade(monkeypatch, capsys):
    """Run a command; give back its exit code, standard output and standard error."""

    def command(*arguments):
        monkeypatch.setattr(cli.out, "_width", 200)  # rich read the environment when it was imported
        monkeypatch.setattr(sys, "argv", ["mtl-grade", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return types.SimpleNamespace(code=ended.value.code, **capsys.readouterr()._asdict())

    return command


# ---- try -------------------------------------------------------------------------------------------------------


@pytest.fixture
def tried(monkeypatch):
    """What grading a file was asked, in place of doing it; the result is the one that is set."""
    asked = types.SimpleNamespace(
        result=FULL, trust=None, zygote=types.SimpleNamespace(warm=lambda names: None, start=lambda: None)
    )

    @contextlib.contextmanager
    def zygote(trust, imports):
        asked.trust, asked.imports = trust, imports
        yield asked.zygote

    def grade_file(exercise, file, seed, warm):
        asked.exercise, asked.file, asked.seed, asked.warm = exercise.id, file, seed, warm
        return asked.result

    monkeypatch.setattr(sandbox, "Sandbox", zygote)
    monkeypatch.setattr(one_file, "grade_file", grade_file)
    return asked


@pytest.fixture
def answer(tmp_path):
    path = tmp_path / "answer.py"
    path.write_bytes("\ufeffx = 'ä'\n".encode() + b"# \xff\n")
    return path


def test_try_exits_with_0_for_full_marks_and_1_for_less(mtl_grade, tried, answer):
    assert mtl_grade("try", "masked_mean", answer).code == 0
    tried.result = HALF
    assert mtl_grade("try", "masked_mean", answer).code == 1


def test_try_prints_the_record_for_people_or_for_programs(mtl_grade, tried, answer):
    tried.result = HALF
    assert "4 of 9 points, 1 of 2 checks passed" in mtl_grade("try", "masked_mean", answer).out
    assert json.loads(mtl_grade("try", "masked_mean", answer, "--json").out) == json.loads(json.dumps(HALF.to_dict()))


def test_try_reads_the_file_whatever_wrote_it_and_takes_the_published_seed(mtl_grade, tried, answer):
    mtl_grade("try", "masked_mean", answer)
    assert (tried.exercise, tried.file.name, tried.file.source) == ("masked_mean", "answer.py", "x = 'ä'\n# \ufffd\n")
    assert (tried.seed, tried.trust, tried.warm) == (PUBLISHED_SEED, False, tried.zygote)


def test_try_takes_another_seed_and_trust_when_told(mtl_grade, tried, answer):
    mtl_grade("try", "masked_mean", answer, "--seed", "mine", "--trust-submissions")
    assert (tried.seed, tried.trust) == (b"mine", True)


def test_try_without_the_file_says_what_it_should_define(mtl_grade, tried, tmp_path):
    done = mtl_grade("try", "masked_mean", tmp_path / "gone.py")
    assert (done.code, done.out) == (2, "")
    assert "There is no file" in done.err
    assert exercises.load("masked_mean").signature in done.err


# ---- into platforms that grade by themselves ---------------------------------------------------------------------


def test_gradescope_says_what_it_wrote_and_what_to_do_with_it(mtl_grade, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(gradescope, "make", lambda *args, **how: asked.append((args, how)) or tmp_path / "a.zip")
    done = mtl_grade("gradescope", "ps05", "--visible", "--trust-submissions", "--wheel", "w.whl", "--secret-of", "c")
    assert done.code == 0
    assert f"Wrote {tmp_path / 'a.zip'}." in done.out
    assert "Configure Autograder" in done.out
    assert asked == [(("ps05", None), {"wheel": Path("w.whl"), "secret_of": Path("c"), "trust": True, "visible": True})]
    said = json.loads(mtl_grade("gradescope", "ps05", "--to", "x.zip", "--json").out)
    assert said == {"archive": str(tmp_path / "a.zip"), "assignment": "ps05"}
    assert asked[-1][1] == {"wheel": None, "secret_of": None, "trust": False, "visible": False}


def test_prairielearn_says_what_it_wrote_and_which_image_to_build(mtl_grade, tmp_path, monkeypatch):
    monkeypatch.setattr(prairielearn, "make", lambda *args, **how: tmp_path / how["image"].replace("/", "-"))
    done = mtl_grade("prairielearn", "masked_mean")
    assert (done.code, "docker build -t mtl-teach-grader" in done.out) == (0, True)
    said = json.loads(mtl_grade("prairielearn", "masked_mean", "--image", "school/grader", "--json").out)
    assert said == {"folder": str(tmp_path / "school-grader"), "exercise": "masked_mean", "image": "school/grader"}


def test_in_a_container_the_platform_is_named_and_its_root_may_be(mtl_grade, tmp_path, monkeypatch):
    roots = []
    for platform in (gradescope, prairielearn):
        monkeypatch.setattr(platform, "run", roots.append)
    for arguments in (["gradescope"], ["prairielearn"], ["gradescope", str(tmp_path)]):
        assert mtl_grade("adapter-run", *arguments).code == 0
    assert roots == [Path("/autograder"), Path("/grade"), tmp_path]
    done = mtl_grade("adapter-run", "moodle")
    assert (done.code, "there are: gradescope, prairielearn" in done.err) == (2, True)


def test_a_set_that_there_is_not_is_one_sentence_and_nothing_is_written(mtl_grade, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = mtl_grade("gradescope", "ps99")
    assert (done.code, "There is no problem set 'ps99'" in done.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


# ---- questions -------------------------------------------------------------------------------------------------


def test_questions_exits_with_1_only_if_the_format_cannot_hold_one(mtl_grade, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    done = mtl_grade("questions", "5", "--format", "moodle")
    assert (done.code, done.out.splitlines()[0]) == (0, "7 questions of 1 quick test: qt05-moodle.xml")
    monkeypatch.setattr(
        BlackboardText, "refuses", lambda self, item: "it asks too much" if "where" in item.name else ""
    )
    done = mtl_grade("questions", "5", "--format", "blackboard", "--to", "q.txt", "--json")
    said = json.loads(done.out)
    assert (done.code, said["questions"], said["file"]) == (1, 6, "q.txt")
    assert said["left_out"] == [{"question": "qt05.3 where", "why": "it asks too much"}]


def test_questions_says_which_formats_there_are(mtl_grade):
    done = mtl_grade("questions", "--format", "aiken")
    assert (done.code, done.out) == (2, "")
    assert "--format must be one of moodle, gift, qti, blackboard" in done.err


# ---- similar ---------------------------------------------------------------------------------------------------


def test_similar_lists_pairs_and_writes_the_page(mtl_grade, course, released, tmp_path):
    for student in ("ada", "bob"):
        hand_in(course, student, with_answer(released, LONG_ANSWER))
    page = tmp_path / "pairs.html"
    done = mtl_grade("similar", course.root, "--assignment", NAME, "--html", page)
    assert done.code == 0
    assert done.out.splitlines()[0] == f"{NAME}: 2 submissions compared, 1 pair to look at:"
    assert done.out.splitlines()[-1] == f"Side by side: {page}"
    assert "ada and bob" in page.read_text()
    said = json.loads(mtl_grade("similar", course.root, "--assignment", NAME, "--json").out)
    assert [pair["students"] for pair in said["pairs"]] == [["ada", "bob"]]


def test_similar_wants_a_set_of_the_course(mtl_grade, course):
    done = mtl_grade("similar", course.root, "--assignment", "ps99")
    assert (done.code, done.out) == (2, "")
    assert "--assignment must be one of" in done.err


# ---- demo ------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(monkeypatch):
    """Rows of a demonstration, in place of one."""
    rows = [
        demo.Row("student001", "right", "ps05_missing_labels", 64.0, 64.0, "", True),
        demo.Row("student002", "unsolved", "ps08_constraints_and_penalties", 3.5, 40.0, "w" * 150, True),
    ]
    asked = types.SimpleNamespace(rows=rows)

    def run_demo(root, students, jobs, trust, tick):
        asked.root, asked.students, asked.jobs, asked.trust = root, students, jobs, trust
        tick("at work")
        return Course(root), asked.rows

    monkeypatch.setattr(demo, "demo", run_demo)
    return asked


def test_a_demonstration_exits_with_0_only_if_every_row_is_as_it_should_be(mtl_grade, shown, tmp_path):
    done = mtl_grade("demo", "--keep", tmp_path)
    assert (done.code, "Every row is as it should be." in done.out, "✗" in done.out) == (0, True, False)
    shown.rows.append(demo.Row("student003", "right", "ps05_missing_labels", 0.0, 64.0, "", False))
    done = mtl_grade("demo", "--keep", tmp_path)
    assert done.code == 1
    assert "Some rows are NOT as they should be (marked ✗)." in done.out
    assert [line.split()[1] for line in done.out.splitlines() if "student0" in line] == ["✓", "✓", "✗"]


def test_a_demonstration_shows_marks_and_where_everything_lies(mtl_grade, shown, tmp_path):
    lines = mtl_grade("demo", "--keep", tmp_path, "--students", 3, "--jobs", 2, "--trust-submissions").out.splitlines()
    assert (shown.root, shown.students, shown.jobs, shown.trust) == (tmp_path, 3, 2, True)
    row = next(line for line in lines if "student002" in line)
    assert [cell.strip() for cell in row.strip("│┃ ").split("│")][:5] == [
        "✓",
        "student002",
        "unsolved",
        "ps08",
        "3.5/40",
    ]
    assert "w" * 99 + "…" in "".join(line.split("│")[-2].strip() for line in lines if "w" * 9 in line)
    for name in ("gradebook.db", "feedback", "marks.csv", "submitted"):
        assert any(line.split() == [name, str(tmp_path / name)] for line in lines)


def test_a_demonstration_as_json_has_its_rows_and_paths(mtl_grade, shown, tmp_path):
    data = json.loads(mtl_grade("demo", "--keep", tmp_path, "--json").out)
    assert data["as_it_should_be"] is True
    assert data["rows"][1] == {
        "student": "student002",
        "kind": "unsolved",
        "assignment": "ps08_constraints_and_penalties",
        "score": 3.5,
        "max_score": 40.0,
        "wrong": "w" * 150,
        "as_it_should_be": True,
    }
    assert data["paths"]["marks.csv"] == str(tmp_path / "marks.csv")


def test_a_demonstration_touches_no_folder_with_something_in_it(mtl_grade, shown, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    done = mtl_grade("demo", "--keep", tmp_path)
    assert (done.code, "is not empty; give a new one" in done.err) == (2, True)
    assert not hasattr(shown, "root")


# ---- init ------------------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(sources, tmp_path, monkeypatch):
    """A copy of the small checkout in place of this one."""
    root = shutil.copytree(sources, tmp_path / "checkout")
    (root / "pyproject.toml").touch()
    for module in (course_files, course_of_grading):
        monkeypatch.setattr(module, "course_root", lambda: root)
    return root


@pytest.mark.parametrize("json_", [True, False])
def test_init_makes_a_course_and_says_what_it_released(mtl_grade, checkout, tmp_path, json_, monkeypatch):
    monkeypatch.setattr(begin, "release", lambda course: sorted(course.assignments))
    folder = tmp_path / "new"
    done = mtl_grade("init", folder, "--course-id", "mtl-2026", *(["--json"] if json_ else []))
    assert done.code == 0
    assert config_of(Course.open(folder)).CourseDirectory.course_id == "mtl-2026"
    if json_:
        assert json.loads(done.out) == {"folder": str(folder), "course_id": "mtl-2026", "released": [NAME]}
    else:
        assert f"Made {folder} with 1 released assignments" in done.out
        assert f"`mtl-grade run {folder}`" in done.out


def test_init_that_cannot_release_leaves_nothing_half_made(mtl_grade, checkout, tmp_path, monkeypatch):
    def release(course):
        (course.root / "release").mkdir()
        raise OSError("No space left on device")

    monkeypatch.setattr(begin, "release", release)
    folder = tmp_path / "a [b]" / "new"
    done = mtl_grade("init", folder, "--course-id", "x")
    assert (done.code, "No space left on device" in done.err) == (2, True)
    assert not folder.parent.exists()


def test_init_leaves_an_existing_course_alone(mtl_grade, checkout, course):
    done = mtl_grade("init", course.root, "--course-id", "x")
    assert (done.code, "already holds a course" in done.err) == (2, True)


# ---- run -------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_hand(monkeypatch):
    """Grading gives full marks, except to a notebook of two bytes, which is none."""

    def grade(job):
        if len(job.notebook) == 2:
            return {**blank_record(job), "status": UNGRADABLE, "reason": "it is [no] notebook", "seconds": 0.0}
        return {**blank_record(job), "exercises": {"masked_mean": FULL.to_dict()}, "seconds": 0.0}

    monkeypatch.setattr(grade_class, "grade", grade)
    monkeypatch.setattr(Course, "layers", lambda course: LAYERS)


@pytest.fixture
def class_(course, released):
    hand_in(course, "ada", released)
    graded(course, "bob", released, FULL)
    hand_in(course, "cleo", b"{}")
    (course.root / "submitted" / "cleo" / "holiday").mkdir()
    return course


def test_run_says_what_it_did_and_what_a_person_must_look_at(mtl_grade, by_hand, class_):
    class_.roster_path.write_text("id\nada\nbob\ncleo\n")
    done = mtl_grade("run", class_.root / "submitted", "--jobs", 1)
    assert done.code == 0
    assert done.out.splitlines() == [
        "1 graded, 1 already were, 1 could not be graded, 3 entered into the gradebook.",
        f"for review: cleo {NAME}: it is [no] notebook",
        f"1 for review: `mtl-grade review {class_.root}` says what to do.",
        "unknown problem set: cleo/holiday (not in source/)",
    ]
    again = mtl_grade("run", class_.root, "--jobs", 1)
    assert again.out.startswith("0 graded, 2 already were, 1 could not be graded, 0 entered")


def test_run_as_json_has_its_summary_and_may_stop_before_the_gradebook(mtl_grade, by_hand, class_):
    done = mtl_grade("run", class_.root, "--jobs", 1, "--records-only", "--json")
    said = json.loads(done.out)
    (waits,) = said.pop("for_review")
    assert (waits["student"], waits["assignment"], waits["reason"]) == ("cleo", NAME, "it is [no] notebook")
    assert said == {
        "graded": 1,
        "cached": 1,
        "not_graded": 1,
        "unknown": [["cleo", "holiday"]],
        "strangers": [],
        "changed_outside": [],
        "written": 0,
        "entered": None,
    }
    assert {row["status"] for row in marks.marks(class_)} == {"not graded yet"}


def test_run_says_who_is_not_in_the_class_and_which_record_was_changed(mtl_grade, by_hand, class_):
    (class_.root / "submitted" / "[x]").mkdir()
    path = class_.record_path("bob", NAME)
    path.write_text(path.read_text().replace('"points": 9.0', '"points": 90.0'))
    done = mtl_grade("run", class_.root, "--jobs", 1, "--records-only")
    assert done.code == 0
    assert f"the record of bob for {NAME} was changed outside mtl-grade; graded again" in done.out.splitlines()
    assert "not in the class, so not entered: submitted/[x]: this cannot be an id" in done.out


def test_marks_that_were_given_back_are_held_shown_and_changed_with_a_yes(mtl_grade, course, released, by_hand):
    graded(course, "ada", released, HALF, key="of older checks")
    course.roster_path.write_text("id\nada\n")
    enter.write_gradebook(course)
    mtl_grade("export", course.root)
    moved = f"  ada {NAME}: 4 -> 9, checks, limits or versions (was given back)"
    for command in ("changes", "run"):
        done = mtl_grade(command, course.root, "--jobs", 1)
        assert (done.code, moved in done.out.splitlines()) == (1, True), done.out
    assert "1 marks were given back already and are left as they are; --yes changes them:" in done.out
    done = mtl_grade("run", course.root, "--jobs", 1, "--yes")
    assert (done.code, moved in done.out.splitlines()) == (0, True)
    assert mtl_grade("changes", course.root, "--jobs", 1).out == "No mark would change.\n"


def test_only_one_student_or_assignment_and_a_name_that_is_none(mtl_grade, class_, by_hand):
    done = mtl_grade("run", class_.root, "--jobs", 1, "--student", "ada", "--assignment", NAME)
    assert done.out.startswith("1 graded, 0 already were, 1 entered")
    done = mtl_grade("run", class_.root, "--assignment", "ps05")
    said = f"--assignment ps05: there is none of that name in this course. Did you mean {NAME}?"
    assert (done.code, said in " ".join(done.err.split())) == (2, True)


def test_status_says_with_which_command_written_answers_are_marked(mtl_grade, class_, by_hand, monkeypatch):
    class_.roster_path.write_text("id\nada\nbob\n")
    mtl_grade("run", class_.root, "--jobs", 1)
    marked = marks.marks(class_)
    waits = [{**row, "status": marks.NEEDS_MARKING, "score": None} for row in marked]
    monkeypatch.setattr(term, "marks", lambda *_: waits)
    said = mtl_grade("status", class_.root).out.splitlines()
    assert said[:3] == [
        f"{NAME}: 2 needs marking",
        "  needs marking: ada, bob",
        f"2 need marking: `mtl-grade mark {class_.root}` opens written answers one after another.",
    ]
    monkeypatch.setattr(term, "marks", lambda *_: [waits[0], marked[1]])
    assert "1 needs marking: `mtl-grade mark" in mtl_grade("status", class_.root).out
    monkeypatch.setattr(term, "marks", lambda *_: marked)
    assert "mtl-grade mark" not in mtl_grade("status", class_.root).out


def test_status_says_who_has_handed_in_what_and_what_waits(mtl_grade, class_, by_hand):
    class_.roster_path.write_text("id\nada\nbob\ncleo\nzoe\n")
    assert "not handed in: zoe" in mtl_grade("status", class_.root).out
    mtl_grade("run", class_.root, "--jobs", 1)
    assert mtl_grade("status", class_.root).out.splitlines() == [
        f"{NAME}: 2 graded, 1 for review, 1 not handed in",
        "  for review: cleo",
        "  not handed in: zoe",
    ]
    rows = json.loads(mtl_grade("status", class_.root, "--student", "zoe", "--json").out)
    assert [(row["student"], row["score"], row["status"]) for row in rows] == [("zoe", None, "not handed in")]


def test_status_says_what_is_late_and_where_everybody_stands(mtl_grade, class_, by_hand):
    class_.roster_path.write_text("id\nada\nbob\ncleo\nzoe\n")
    with (class_.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.MtlGrade.at_risk = {"missing": 1}\n')
    (class_.root / "submitted" / "ada" / NAME / "timestamp.txt").write_text("2026-01-10 14:05:00 UTC")
    mtl_grade("run", class_.root, "--jobs", 1)
    with Gradebook(class_.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 12:00:00")
    lines = mtl_grade("status", class_.root).out.splitlines()
    assert "  late: ada (2 h 5 min)" in lines
    assert lines[-2].startswith("At risk: 1 or more assignments due and not handed in")
    assert lines[-1] == f"  zoe: 1 of 1 not handed in: {NAME}"
    term = mtl_grade("status", class_.root, "--term").out.splitlines()
    assert [line.split()[0] for line in term] == ["ada", "bob", "cleo", "zoe", "due:"]
    assert "late 1" in term[0]
    told = json.loads(mtl_grade("status", class_.root, "--term", "--student", "zoe", "--json").out)
    assert (told["due"], [one["student"] for one in told["students"]]) == ([NAME], ["zoe"])


def test_a_gradebook_that_is_gone_is_brought_back_before_it_is_read(mtl_grade, class_, by_hand):
    mtl_grade("run", class_.root, "--jobs", 1)
    class_.gradebook_path.unlink()
    done = mtl_grade("status", class_.root)
    assert "was gone: brought back from the copy of" in " ".join(done.err.split())
    assert done.out.startswith(f"{NAME}: 2 graded")


# ---- review ----------------------------------------------------------------------------------------------------


def test_review_lists_what_waits_with_what_to_do(mtl_grade, course):
    assert mtl_grade("review", course.root).out == "Nothing waits for a person.\n"
    hand_in(course, "ada", b"")
    hand_in(course, "bob", b"")
    done = mtl_grade("review", course.root)
    assert done.code == 0
    assert done.out.splitlines()[0] == f"ada {NAME}: the file is empty"
    assert done.out.splitlines()[1].startswith("    what to do: look at submitted/ada")
    (one,) = json.loads(mtl_grade("review", course.root, "--student", "bob", "--assignment", NAME, "--json").out)
    assert set(one) == {"student", "assignment", "cell", "reason", "todo", "texts"}
    assert (one["student"], one["reason"]) == ("bob", "the file is empty")


def test_review_shows_what_a_student_wrote_without_what_it_could_do_to_the_terminal(mtl_grade, course, released):
    made = with_answer(released, "right")
    made["cells"] = [cell for cell in made["cells"] if cell["id"] != "why-masking"]
    text = "\x1b[31mThe mask [bold]takes\u202e rows out\n" * 50
    made["cells"].insert(0, {"cell_type": "markdown", "id": "own", "metadata": {}, "source": text})
    hand_in(course, "ada", made)
    said = mtl_grade("review", course.root).out
    assert "they wrote: \\x1b[31mThe mask [bold]takes\\u202e rows out \\x1b[31mThe mask" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_review_settles_one_submission_and_works_twice(mtl_grade, course):
    hand_in(course, "ada", b"")
    for _ in range(2):
        done = mtl_grade("review", "ada", NAME, "--course", course.root, "--zero", "It is empty.")
        assert done.code == 0
        assert done.out.startswith(f"ada {NAME} gets no points for what waited: It is empty.")
    assert course.decision("ada", NAME) == {"decision": "zero", "reason": "It is empty."}
    hand_in(course, "ada", {"cells": [{"cell_type": "code", "source": "x = 1"}]})
    done = mtl_grade("review", "ada", NAME, "--course", course.root, "--grade", "--json")
    assert json.loads(done.out) == {"student": "ada", "assignment": NAME, "decision": "grade"}
    assert mtl_grade("review", course.root).out == "Nothing waits for a person.\n"


@pytest.mark.parametrize(
    "wrong",
    [("ada", NAME), ("ada", NAME, "--grade", "--zero", "x"), ("ada", "--grade"), ("ada", NAME, "more", "--grade")],
)
def test_review_says_how_it_is_called(mtl_grade, course, wrong):
    done = mtl_grade("review", *wrong, "--course", course.root)
    assert (done.code, done.out) == (2, "")
    assert "STUDENT SET with one of --grade and --zero REASON" in done.err


def test_before_anything_is_handed_in_every_command_says_what_comes_first(mtl_grade, course):
    collect = "Nothing was handed in yet: `mtl-grade collect` takes a platform's download.\n"
    for command in ("status", "feedback", "run"):
        done = mtl_grade(command, course.root)
        assert (done.code, done.out.endswith(collect)) == (0, True), command
    for command in (["clusters"], ["clusters", "--right"], ["report"]):
        assert mtl_grade(*command, course.root).out.startswith("Nothing is graded yet: `mtl-grade run"), command
    assert "so nothing to compare" in mtl_grade("similar", course.root, "--assignment", NAME).out
    assert mtl_grade("export", course.root).out.endswith("`mtl-grade roster FILE` reads who is.\n")


def test_review_of_nobody_is_one_sentence(mtl_grade, course):
    done = mtl_grade("review", "nobody", NAME, "--course", course.root, "--grade")
    assert (done.code, done.out) == (2, "")
    assert "'nobody' handed in nothing" in done.err


@pytest.mark.parametrize(("flags", "trust", "jobs"), [((), False, 2), (("--trust-submissions", "-j", "5"), True, 5)])
def test_run_trusts_only_when_told_and_takes_as_many_processes(mtl_grade, class_, monkeypatch, flags, trust, jobs):
    asked = []

    def run(course, executor, jobs, tick, *, records_only, wanted, again, yes):
        assert (wanted, again, yes) == (None, False, False)
        asked.append((course.trust, executor, jobs, records_only))
        return grade_class.Summary()

    monkeypatch.setattr(desk_run, "run", run)
    assert mtl_grade("run", class_.root, *flags).code == 0
    assert asked == [(trust, None, jobs, False)]


def test_a_cluster_needs_its_package(mtl_grade, class_, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = mtl_grade("run", class_.root, "--dask", "tcp://127.0.0.1:1")
    assert (done.code, "pip install 'mtl-teach[dask]'" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("tcp://127.0.0.1:1", OSError("timed out"), "No Dask scheduler answers at tcp://127.0.0.1:1: timed out"),
        ("tls://127.0.0.1:1", TypeError("no context"), "does not fit ~/.config/dask/dask.yaml"),
        ("tcp://127.0.0.1:1", RuntimeError("encryption required"), "(distributed.comm.tls): encryption required"),
    ],
)
def test_a_cluster_that_cannot_be_reached_is_named(mtl_grade, class_, monkeypatch, address, error, said):
    def client(address, timeout):
        raise error

    monkeypatch.setitem(sys.modules, "distributed", types.SimpleNamespace(Client=client))
    done = mtl_grade("run", class_.root, "--dask", address)
    assert (done.code, said in " ".join(done.err.split())) == (2, True)


def test_a_cluster_grades_where_it_answers(mtl_grade, class_, monkeypatch):
    class Client(contextlib.nullcontext):
        def __init__(self, address, timeout):
            super().__init__()
            self.address = address

        def get_executor(self):
            return f"the executor at {self.address}"

    asked = []
    monkeypatch.setitem(sys.modules, "distributed", types.SimpleNamespace(Client=Client))
    monkeypatch.setattr(
        desk_run, "run", lambda course, executor, *more, **options: asked.append(executor) or grade_class.Summary()
    )
    assert mtl_grade("run", class_.root, "--dask", "tcp://here:1").code == 0
    assert asked == ["the executor at tcp://here:1"]


# ---- mark, agreement -------------------------------------------------------------------------------------------


@pytest.fixture
def to_mark(course, released):
    """Two people whose written answers wait."""
    for student in ("ada", "bob"):
        graded(course, student, with_answer(released, "right"), FULL)
    enter.write_gradebook(course)
    return course


def give_mark(book, course, student, score):
    scheme = schemes(course)[f"{NAME}/why-masking"]
    book.save(scheme, student, Mark(score), book.standings(scheme)[student].version)


def test_mark_serves_the_page_and_keeps_a_copy_of_the_gradebook_where_something_was_saved(
    mtl_grade, to_mark, monkeypatch
):
    asked = []

    def serve(self, idle):
        asked.append((self.marking.questions(), idle))
        self.marking.saved = len(asked) - 1
        raise KeyboardInterrupt

    monkeypatch.setattr(server.Server, "serve", serve)
    done = mtl_grade("mark", to_mark.root, "--no-browser")
    assert (done.code, done.err) == (0, "")
    address, stopped = done.out.splitlines()
    assert address.startswith("Marking at http://127.0.0.1:")
    assert stopped == "Stopped."
    ((questions, idle),) = asked
    assert [(one["id"], one["marked"], one["total"]) for one in questions] == [(f"{NAME}/why-masking", 0, 2)]
    assert idle == 3600
    copies = to_mark.private / "gradebooks"
    before = len(list(copies.glob("*.db")))
    mtl_grade("mark", to_mark.root, "--no-browser")
    assert len(list(copies.glob("*.db"))) == before + 1


def test_mark_says_in_its_help_when_it_stops(mtl_grade):
    said = " ".join(mtl_grade("mark", "--help").out.replace("│", " ").split())
    assert "It stops with Ctrl+C, or when nothing was asked for an hour." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Nobody has handed in"),
        (["--assignment", "ps99"], "There is no assignment `ps99`"),
        (["--question", "why"], "There is no written question `why`"),
        (["--second", "../kim"], "a marker's name has letters"),
        (["--second", "kim", "--share", "2"], "--share is above 0 and at most 1"),
    ],
)
def test_mark_with_nothing_to_mark_is_one_sentence(mtl_grade, course, words, said):
    done = mtl_grade("mark", course.root, "--no-browser", *words)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert said in done.err


def test_agreement_compares_second_marks_with_the_first(mtl_grade, to_mark):
    said = mtl_grade("agreement", to_mark.root).out
    assert said == f"Nothing is marked twice yet: {typed('mark', to_mark.root, '--second', 'NAME')} marks a sample.\n"
    for student, first, second in (("ada", 4.0, 4.0), ("bob", 1.0, 2.0)):
        give_mark(OfCourse(to_mark), to_mark, student, first)
        give_mark(SecondMarks(to_mark, "kim", 1.0), to_mark, student, second)
    done = mtl_grade("agreement", to_mark.root)
    assert done.code == 0
    assert done.out.startswith(f"{NAME}/why-masking, kim: 2 marked twice, 1 the same (50%), kappa 0.8")
    assert " (bob): 1 and 2\n" in done.out
    (found,) = json.loads(mtl_grade("agreement", to_mark.root, "--question", "why-masking", "--json").out)
    assert (found["n"], found["exact"], found["low"], found["differ"][0]["student"]) == (2, 1, None, "bob")


# ---- collect ---------------------------------------------------------------------------------------------------


def put(folder, **files):
    """Files for collecting: the folder of each is its name's first part."""
    for name, text in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (1_770_000_000, 1_770_000_000))
    return folder / "in"


def test_collect_says_what_it_placed_and_what_not(mtl_grade, course, released, tmp_path):
    notebook = json.dumps(with_answer(released, "right"))
    source = put(tmp_path, **{f"ada/{NAME}.ipynb": notebook, "ada/notes.txt": "x", f"B ob/{NAME}.ipynb": notebook})
    done = mtl_grade("collect", source, "--course", course.root)
    assert done.code == 1
    assert done.out.splitlines() == [
        "1 placed, 1 open.",
        f"placed: ada {NAME} 2026-02-02 02:40 UTC (in/ada/{NAME}.ipynb)",
        f"open: in/B ob/{NAME}.ipynb: roster.csv has no rows and 'B ob' cannot be an id.",
        "left out: 1 files that are neither notebooks nor define an exercise",
        "roster.csv has no rows: 1 ids are taken from the paths.",
        "Fill in the blanks of open-questions.csv in the course's folder and run the same command again.",
    ]
    assert course.submission("ada", NAME).notebook == notebook.encode()


def test_collect_works_on_the_course_in_this_folder_and_exits_with_1_if_nothing_was_placed(
    mtl_grade, course, tmp_path, monkeypatch
):
    monkeypatch.chdir(course.root)
    done = mtl_grade("collect", put(tmp_path, **{"notes.txt": "x"}), "--json")
    assert done.code == 1
    said = json.loads(done.out)
    assert said["ignored"] == {"files that are neither notebooks nor define an exercise": 1}
    assert [said[name] for name in ("placed", "replaced", "kept", "already_here", "open", "refused")] == [[]] * 6


def test_collect_is_told_problem_set_answers_and_time_zone_from_outside(mtl_grade, course, tmp_path):
    source = put(tmp_path, **{"ada/work.ipynb": '{"nbformat": 4, "cells": []}', "Bob B/work.ipynb": "{}"})
    (tmp_path / "answers.csv").write_text("file;student;assignment\nin/Bob B/work.ipynb;bob;\n")
    options = ("--assignment", NAME, "--keep", "first", "--match", tmp_path / "answers.csv", "--timezone", "UTC")
    done = mtl_grade("collect", source, "--course", course.root, *options, "--json")
    said = json.loads(done.out)
    assert (done.code, said["keep"]) == (0, "first")
    assert [(one["student"], one["assignment"]) for one in said["placed"]] == [("bob", NAME), ("ada", NAME)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keep", "newest"), "--keep must be last, first or best; got 'newest'."),
        (("--timezone", "Mars/Olympus"), "--timezone must be a name such as Europe/Berlin or UTC; got 'Mars/Olympus'."),
        (("--assignment", "ps99"), f"--assignment must be one of {NAME}; got 'ps99'."),
        (("--match", "nothing.csv"), "There is no nothing.csv;"),
    ],
)
def test_wrong_use_of_collect_is_one_sentence(mtl_grade, course, tmp_path, options, said):
    done = mtl_grade("collect", put(tmp_path, **{"ada/x.ipynb": "{}"}), "--course", course.root, *options)
    assert (done.code, done.out, done.err[: len(said)]) == (2, "", said)


def test_on_a_terminal_collect_shows_a_table(mtl_grade, course, tmp_path, monkeypatch):
    monkeypatch.setattr(cli.out, "_force_terminal", True)
    done = mtl_grade("collect", put(tmp_path, **{f"ada/{NAME}.ipynb": "{}"}), "--course", course.root)
    assert done.code == 0
    assert "handed in (UTC)" in done.out


# ---- report, feedback, export ----------------------------------------------------------------------------------


def test_the_report_is_a_table_of_checks_and_mistakes(mtl_grade, course, released):
    wrong = result(
        checked(Verdict.PASSED, "test_value"),
        checked(
            Verdict.FAILED, "test_gradient", misconception="multiplies_by_the_mask", sentence="The gradient is right."
        ),
    )
    graded(course, "ada", released, wrong)
    graded(course, "eve", released, NOT_STARTED)
    lines = mtl_grade("report", course.root).out.splitlines()
    assert lines[0] == "One thing to re-teach on Monday:"
    assert "Mean of the observed entries (masked_mean): 1 of 2 started, 50% of the points" in lines
    assert "  100%  The value is right." in lines
    assert "    0%  The gradient is right." in lines
    assert lines[-1].strip() == "1 behaves like multiplies by the mask"
    (one,) = json.loads(mtl_grade("report", course.root, "--json").out)["sets"]
    assert [(item["exercise"], item["started"]) for item in one["exercises"]] == [("masked_mean", 1)]


def test_the_report_is_a_page_when_asked_and_without_names_too(mtl_grade, course, released, tmp_path):
    graded(course, "ada", released, HALF)
    done = mtl_grade("report", course.root, "--html")
    assert done.out == f"Wrote {course.root / 'report.html'}.\n"
    assert "Report on the class" in (course.root / "report.html").read_text(encoding="utf-8")
    data = json.loads(
        mtl_grade("report", course.root, "--html", "--no-names", "--to", tmp_path / "x.html", "--json").out
    )
    assert (data["names"], data["page"]) == (False, str(tmp_path / "x.html"))
    assert "ada" not in (tmp_path / "x.html").read_text(encoding="utf-8")
    assert mtl_grade("report", course.root, "--to", tmp_path / "y.html").err.startswith("--to names the page")


def test_a_report_of_nobody_who_began_has_no_rates(mtl_grade, course, released):
    graded(course, "eve", released, NOT_STARTED)
    lines = mtl_grade("report", course.root).out.splitlines()
    at = lines.index("Mean of the observed entries (masked_mean): 0 of 1 started, - of the points")
    assert lines[at + 1].startswith("     -  ")


def test_a_report_of_nothing_says_what_to_do(mtl_grade, course):
    done = mtl_grade("report", course.root)
    assert (done.code, done.out.startswith("Nothing is graded yet: `mtl-grade run`")) == (0, True)
    assert json.loads(mtl_grade("report", course.root, "--json").out)["sets"] == []


@pytest.fixture
def alike(course, released):
    """Ada and Bob do the same, which nobody has named; Cleo never answered, Dan is right."""
    wrong = result(checked(Verdict.FAILED, inputs={"values": "[1]"}, cause=Cause.WRONG), fingerprint="a" * 12)
    slow = result(checked(Verdict.STUDENT_ERROR, cause=Cause.TIMEOUT))
    for student, answer, said in (
        ("ada", "wrong", wrong),
        ("bob", "wrong", wrong),
        ("cleo", "exit", slow),
        ("dan", "right", FULL),
    ):
        graded(course, student, with_answer(json.loads(json.dumps(released)), answer), said)
    enter.write_gradebook(course)
    return course


def test_clusters_show_what_is_alike_and_how_to_name_it(mtl_grade, alike):
    done = mtl_grade("clusters", alike.root)
    assert done.out.startswith("masked_mean aaaaaaaaaaaa  2 students: ada, bob\n")
    assert "1 more wrong answer did nothing that can be compared: masked_mean (1)." in done.out
    assert "ada" not in mtl_grade("clusters", alike.root, "--no-names").out
    assert mtl_grade("clusters", alike.root, "--exercise", "delta_m").out == "No wrong answer is without a name.\n"
    assert "2 students" not in mtl_grade("clusters", alike.root, "--student", "ada").out
    assert "1 student: dan" in mtl_grade("clusters", alike.root, "--right").out
    nobody = mtl_grade("clusters", alike.root, "--right", "--student", "ada")
    assert nobody.out == "No right answer is graded yet.\n"
    data = json.loads(mtl_grade("clusters", alike.root, "--json").out)
    assert [one["students"] for one in data["clusters"]] == [["ada", "bob"]]
    assert data["not_comparable"] == {"masked_mean": 1}


def test_code_in_a_cluster_does_nothing_to_the_terminal(mtl_grade, course, released):
    hostile = "def masked_mean(values, mask):\n    return '\x1b[31m\u202e'"
    graded(course, "ada", with_answer(released, hostile), result(checked(Verdict.FAILED), fingerprint="a" * 12))
    done = mtl_grade("clusters", course.root)
    assert "    |     return '\\x1b[31m\\u202e'" in done.out
    assert "\x1b" not in done.out + mtl_grade("clusters", course.root, "--json").out


def test_clusters_of_an_exercise_that_is_none_are_one_sentence(mtl_grade, alike):
    done = mtl_grade("clusters", alike.root, "--exercise", "masked_meen")
    assert (done.code, done.out) == (2, "")
    assert "Did you mean `masked_mean`?" in done.err


def test_a_name_is_given_said_and_shown(mtl_grade, alike):
    done = mtl_grade("name", "masked_mean", "a" * 12, "Mind the mask.\x1b[31m", "--course", alike.root)
    assert done.code == 0
    assert done.out.splitlines() == [
        "masked_mean aaaaaaaaaaaa: Mind the mask.\\x1b[31m",
        "2 answers: ada, bob.",
        "2 comments in the gradebook and 0 feedback pages written anew; no mark was touched.",
        "2 answers without a feedback page yet: `mtl-grade feedback` makes it.",
    ]
    assert "Named in this course:" in mtl_grade("clusters", alike.root).out
    data = json.loads(mtl_grade("name", "masked_mean", "a" * 12, "Why?", "--course", alike.root, "--json").out)
    assert (data["message"], data["replaced"], data["comments"]) == ("Why?", "Mind the mask.\\x1b[31m", 2)


def test_a_name_can_begin_a_misconception_in_a_checkout_only(mtl_grade, alike, checkout, monkeypatch):
    naming = ("name", "masked_mean", "a" * 12, "Why?", "--course", alike.root, "--as-misconception")
    done = mtl_grade(*naming, "skips_the_mask")
    assert (done.code, "A misconception is written in a checkout" in done.err) == (2, True)
    assert not (alike.root / "names.toml").exists()
    path = checkout / "autograder" / "exercises" / "masked_mean" / "misconceptions.py"
    path.parent.mkdir(parents=True)
    path.write_text("X = 1\n")
    (checkout / "pyproject.toml").write_text("")
    done = mtl_grade(*naming, "skips_the_mask")
    assert f"A template stands at the end of {path}" in done.out
    assert "# def skips_the_mask(" in path.read_text()
    assert json.loads(mtl_grade(*naming, "another_one", "--json").out)["template"] == str(path)
    done = mtl_grade(*naming, "another_two", "--right")
    assert (done.code, "leave --right out" in done.err) == (2, True)


def test_feedback_says_how_many_pages_and_where(mtl_grade, course, released):
    graded(course, "ada", released, FULL)
    graded(course, "bob", released, HALF)
    enter.write_gradebook(course)
    where = course.root / "feedback"
    done = mtl_grade("feedback", course.root, "--student", "ada", "--assignment", NAME)
    assert (done.code, done.out) == (0, f"1 feedback page in {where}, 1 of them made now\n")
    assert mtl_grade("feedback", course.root).out == f"2 feedback pages in {where}, 1 of them made now\n"
    said = json.loads(mtl_grade("feedback", course.root, "--json").out)
    assert (said["folder"], said["made"], said["unchanged"]) == (str(where), [], [["ada", NAME], ["bob", NAME]])


def test_feedback_says_which_pages_it_left_alone_and_which_it_could_not_make(mtl_grade, course, released):
    graded(course, "ada", released, FULL)
    enter.write_gradebook(course)
    hand_in(course, "dan", released)
    mtl_grade("feedback", course.root)
    page = course.root / "feedback" / "ada" / NAME / f"{NAME}.html"
    page.write_text(page.read_text() + "<!-- mine -->")
    assert mtl_grade("feedback", course.root).out.splitlines()[1:] == [
        f"kept: ada {NAME} was edited by hand; --again makes it anew",
        f"1 not in the gradebook yet: `mtl-grade run {course.root}` enters them.",
    ]
    assert "1 of them made now" in mtl_grade("feedback", course.root, "--again").out


def test_feedback_of_somebody_unknown_is_one_sentence(mtl_grade, course, released):
    hand_in(course, "ada", released)
    done = mtl_grade("feedback", course.root, "--student", "adda")
    assert (done.code, done.err) == (2, "There is no student `adda` in this course. Did you mean `ada`?\n")


@pytest.fixture
def marked(course, released):
    graded(course, "ada", released, HALF)
    enter.write_gradebook(course)
    return course


def test_marks_are_exported_into_the_courses_folder_or_where_they_are_wanted(mtl_grade, marked, tmp_path):
    done = mtl_grade("export", marked.root)
    assert done.code == 0
    assert done.out.splitlines() == [
        f"1 row in {marked.root / 'marks.csv'}",
        "roster.csv is empty: the 1 folders of submitted/ are taken as the class.",
    ]
    assert (marked.root / "marks.csv").read_text().startswith(f"student,first_name,last_name,email,{NAME},points,")
    done = mtl_grade("export", marked.root, "--format", "moodle", "--to", tmp_path / "moodle.csv")
    assert (tmp_path / "moodle.csv").read_text().startswith("First name,Surname,ID number,")
    assert done.out.splitlines()[0] == f"1 marks of 1 people: {tmp_path / 'moodle.csv'}"


def test_every_option_of_export_arrives(mtl_grade, marked, tmp_path):
    like = tmp_path / "like.csv"
    like.write_text('Student,ID,SIS Login ID,Section,Sheet (7)\n    Points Possible,,,,26\n"A, A",3143,ada,,\n')
    marked.roster_path.write_text("id,login\nada,ada\nbo,bo\n")
    options = ("--like", like, "--column", "Sheet=-", "--assignment", NAME, "--student", "ada", "--scale")
    done = mtl_grade("export", marked.root, "--format", "canvas", *options)
    assert (done.code, "no column is known to be" in done.err) == (2, True)
    options = ("--like", like, "--column", f"Sheet={NAME}", "--assignment", NAME, "--student", "ada", "--scale")
    done = mtl_grade("export", marked.root, "--format", "canvas", *options)
    assert done.out.splitlines()[1] == f"{NAME} in 'Sheet (7)'"
    assert mtl_grade("export", marked.root, "--by-exercise").code == 0
    assert f"{NAME}: masked_mean" in (marked.root / "marks.csv").read_text()


def test_marks_as_json_write_no_file(mtl_grade, marked):
    done = mtl_grade("export", marked.root, "--json")
    (row,) = json.loads(done.out)
    assert list(row) == ["student", "assignment", "score", "max_score", "raw_score", "late_penalty", "status"]
    assert (row["student"], row["score"], row["status"]) == ("ada", 4.0, "graded")
    assert not (marked.root / "marks.csv").exists()


def test_feedback_is_packed_for_a_platform(mtl_grade, course, tmp_path):
    course.roster_path.write_text(f"id,moodle:{NAME}\nada,1201\nbo,\n")
    for student in ("ada", "bo"):
        page = course.root / "feedback" / student / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text("<p>5 of 13</p>")
    out = tmp_path / "back.zip"
    done = mtl_grade("feedback", course.root, "--zip", "moodle", "--assignment", NAME, "--to", out)
    assert done.out.splitlines()[1:] == [  # below how many pages were made
        f"1 feedback files in {out}",
        "not sent: bo: no participant number: read the worksheet with "
        + typed("roster", "WORKSHEET", "--assignment", NAME, "--course", course.root),
    ]
    assert (done.code, out.is_file()) == (0, True)


# ---- roster ----------------------------------------------------------------------------------------------------


def test_a_roster_is_read_shown_and_asked_about(mtl_grade, course, tmp_path):
    file = tmp_path / "class.csv"
    file.write_text("id,name\nada,Ada Lovelace\n0042,Ada Lovelace\n")
    asked = mtl_grade("roster", file, "--course", course.root)
    assert (asked.code, asked.out.splitlines()[-1].startswith("Nothing is written")) == (1, True)
    assert len(course.roster) == 0
    done = mtl_grade("roster", file, "--course", course.root, "--accept", "--json")
    assert (done.code, json.loads(done.out)["added"]) == (0, ["ada", "0042"])
    shown = mtl_grade("roster", "--course", course.root)
    assert shown.out.splitlines() == ["ada  Ada Lovelace", "0042  Ada Lovelace", "2 people in roster.csv"]
    listed = json.loads(mtl_grade("roster", "--course", course.root, "--json").out)
    assert [person["id"] for person in listed["people"]] == ["ada", "0042"]


def test_a_worksheet_is_read_for_its_assignment(mtl_grade, course, tmp_path):
    file = tmp_path / "worksheet.csv"
    file.write_text('Identifier,ID number,Grade,"Last modified (grade)"\nParticipant 1201,ada,,-\n')
    refused = mtl_grade("roster", file, "--course", course.root)
    assert (refused.code, "say which with --assignment" in refused.err) == (2, True)
    done = mtl_grade("roster", file, "--course", course.root, "--assignment", NAME)
    assert (done.code, f"moodle:{NAME}" in course.roster_path.read_text()) == (0, True)


# ---- build, lessons, doctor, new-exercise ----------------------------------------------------------------------


def test_build_check_exits_with_1_where_something_is_stale_and_0_where_all_agree(mtl_grade, checkout):
    assert mtl_grade("build", "--check").code == 0
    assert mtl_grade("build", "--check").out == "Sources and generated files agree.\n"
    source = checkout / "solutions" / f"{NAME}.py"
    source.write_text(source.read_text() + "\n# %%\ny = 2\n")
    before = (checkout / "solutions" / NAME / f"{NAME}.ipynb").read_bytes()
    done = mtl_grade("build", "--check")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "2 problems"
    assert f"solutions/{NAME}/{NAME}.ipynb: not what its source builds" in done.out
    assert (checkout / "solutions" / NAME / f"{NAME}.ipynb").read_bytes() == before


def test_build_writes_what_changed_and_tries_the_solutions(mtl_grade, checkout, monkeypatch):
    (checkout / "exercises" / NAME / f"{NAME}.ipynb").unlink()
    done = mtl_grade("build")
    assert done.code == 0
    assert done.out.splitlines() == [
        f"built exercises/{NAME}/{NAME}.ipynb",
        "Sources and generated files agree.",
    ]
    solved = [gates.Solved(NAME, ("check-masked_mean: 8.0 of 9.0 points",))]
    monkeypatch.setattr(gates, "run_solutions", lambda root: solved)
    done = mtl_grade("build")
    assert done.code == 1
    assert done.out.splitlines() == [f"{NAME}: check-masked_mean: 8.0 of 9.0 points", "1 problems"]


def test_an_installed_package_builds_nothing(mtl_grade, checkout):
    (checkout / "pyproject.toml").unlink()
    done = mtl_grade("build")
    assert (done.code, "works in a checkout of the course" in done.err) == (2, True)


@pytest.fixture
def timed(monkeypatch):
    """Lessons that took what is set, in place of running them."""
    asked = types.SimpleNamespace(rows=[])

    def time_lessons(root, names, smoke, jobs):
        asked.names, asked.smoke, asked.jobs = names, smoke, jobs
        yield from asked.rows

    monkeypatch.setattr(lessons, "time_lessons", time_lessons)
    return asked


QUICK, SLOW = Timed("01_losses", 10.0, 25.0), Timed("02_scales", 99.0, 20.0)
BROKEN = Timed("03_validation", 0.0, 10.0, "ValueError: odd")


@pytest.mark.parametrize(
    ("rows", "flags", "code"),
    [
        ([QUICK], (), 0),
        ([QUICK], ("--time",), 0),
        ([QUICK, SLOW], (), 0),
        ([QUICK, SLOW], ("--time",), 1),
        ([QUICK, BROKEN], (), 1),
        ([], (), 1),
    ],
    ids=["quick", "quick, timed", "slow", "slow, timed", "broken", "none"],
)
def test_lessons_exit_with_1_if_one_fails_is_timed_too_slow_or_none_was_found(mtl_grade, timed, rows, flags, code):
    timed.rows = rows
    assert mtl_grade("lessons", *flags).code == code
    assert mtl_grade("lessons", *flags, "--json").code == code


def test_the_text_of_the_book_is_written_into_a_folder_from_a_checkout_only(mtl_grade, monkeypatch, tmp_path):
    monkeypatch.setattr(book, "write", lambda root, folder: [Path("index.md")])
    done = mtl_grade("book", tmp_path / "book")
    assert (done.code, done.out) == (0, "wrote index.md\n")
    monkeypatch.setattr(course_files, "course_root", lambda: tmp_path)
    for command in (("book", tmp_path / "book"), ("site",)):
        done = mtl_grade(*command)
        assert (done.code, "works in a checkout of the course" in done.err) == (2, True)


@pytest.mark.parametrize("problems", [[], ["05.html: the link 06.html leads nowhere; there is no 06.html."]])
def test_the_book_is_published_or_says_why_it_is_not(mtl_grade, monkeypatch, tmp_path, problems):
    def build(root, to, say, **how):
        assert how == {"jobs": 2, "run": False, "again": False, "pyodide": None}
        say("pages: built in 1 s")
        return site.Report(str(to), problems=problems)

    monkeypatch.setattr(site, "build", build)
    done = mtl_grade("site", "--to", tmp_path / "site", "--no-run")
    assert (done.code, done.out.startswith("pages: built in 1 s\n")) == (bool(problems), True)
    assert all(problem in done.out for problem in problems)
    assert ("Nothing was published" in done.out) == bool(problems)
    done = mtl_grade("site", "--to", tmp_path / "site", "--no-run", "--json")
    told = json.loads(done.out)
    assert (done.code, told["published"], told["problems"]) == (bool(problems), not problems, problems)


def test_lessons_are_those_that_were_asked_for(mtl_grade, timed):
    mtl_grade("lessons", "05", "P1", "--smoke", "--jobs", "2")
    assert (timed.names, timed.smoke, timed.jobs) == (["05", "P1"], True, 2)
    mtl_grade("lessons")
    assert (timed.names, timed.smoke, timed.jobs) == ([], False, 1)


def test_lessons_are_told_with_seconds_budget_and_error(mtl_grade, timed):
    timed.rows = [QUICK, SLOW, BROKEN]
    lines = mtl_grade("lessons", "--time").out.splitlines()
    assert [line.split() for line in lines] == [
        ["01_losses", "10.0", "s", "budget", "25", "s", "ok"],
        ["02_scales", "99.0", "s", "budget", "20", "s", "NOT", "OK"],
        ["03_validation", "0.0", "s", "budget", "10", "s", "NOT", "OK", "ValueError:", "odd"],
    ]
    assert not any("budget" in line for line in mtl_grade("lessons").out.splitlines())
    assert json.loads(mtl_grade("lessons", "--json").out)[1:] == [
        {"name": "02_scales", "seconds": 99.0, "budget": 20.0, "error": "", "ok": False},
        {"name": "03_validation", "seconds": 0.0, "budget": 10.0, "error": "ValueError: odd", "ok": False},
    ]


THERE = Row("seccomp", True, True, "in the kernel")
ABSENT = Row("Landlock", False, False, "not found", "a newer kernel")
MISSING = Row("bubblewrap", False, True, "not found", "install it")


@pytest.mark.parametrize(("row", "code"), [(ABSENT, 0), (MISSING, 1)])
def test_the_doctor_exits_with_1_only_if_something_needed_is_missing(mtl_grade, monkeypatch, row, code):
    monkeypatch.setattr(doctor, "report", lambda: [THERE, row])
    done = mtl_grade("doctor")
    assert done.code == code
    assert done.out == health.as_text([THERE, row], doctor.WELL, doctor.ILL) + "\n"
    done = mtl_grade("doctor", "--json")
    assert (done.code, json.loads(done.out)["ready"]) == (code, code == 0)


def test_a_new_exercise_is_written_file_by_file(mtl_grade, tmp_path, monkeypatch):
    (tmp_path / "autograder" / "exercises").mkdir(parents=True)
    monkeypatch.setattr(course_files, "course_root", lambda: tmp_path)
    done = mtl_grade("new-exercise", "brand_new")
    folder = tmp_path / "autograder" / "exercises" / "brand_new"
    assert done.code == 0
    assert set(done.out.splitlines()) == {f"wrote {path}" for path in folder.iterdir()}
    assert mtl_grade("new-exercise", "brand_new").code == 2


# ---- errors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UsageError("Give a folder."), "Give a folder."),
        (SandboxError("grading needs bubblewrap"), "grading needs bubblewrap"),
        (
            OSError(28, "No space left on device", "/full/disk"),
            "/full/disk: no space left on device. Make room and run the same command again; nothing is lost.",
        ),
        (OSError("odd"), "odd"),
        (UsageError(), "UsageError"),
    ],
    ids=["wrong use", "sandbox", "disk", "system", "without a word"],
)
def test_an_error_is_one_sentence_and_exit_code_2(mtl_grade, monkeypatch, error, said):
    def report():
        raise error

    monkeypatch.setattr(doctor, "report", report)
    done = mtl_grade("doctor")
    assert (done.code, done.out, done.err) == (2, "", f"{said}\n")


def test_an_error_shows_where_it_comes_from_when_asked(monkeypatch):
    def report():
        raise UsageError("Give a folder.")

    monkeypatch.setattr(doctor, "report", report)
    monkeypatch.setattr(sys, "argv", ["mtl-grade", "--debug", "doctor"])
    with pytest.raises(UsageError, match=r"Give a folder\."):
        cli.main()


def test_a_stop_from_the_keyboard_says_that_nothing_is_lost(mtl_grade, monkeypatch):
    def report():
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "report", report)
    done = mtl_grade("doctor")
    assert (done.code, done.out) == (130, "")
    assert "What was done is kept; run the same command again" in done.err


def test_without_a_command_there_is_help(mtl_grade):
    assert "Usage" in mtl_grade("--help").out
    for name in ("try", "demo", "init", "run", "collect", "report", "feedback", "export", "build", "doctor"):
        assert name in mtl_grade("-h").out


# ---- as it is installed, with real sandboxes -------------------------------------------------------------------

PROGRAM = Path(sys.executable).parent / "mtl-grade"
sandboxed = pytest.mark.sandbox


def installed(*arguments, **options):
    """Run the command as it is installed, in a process of its own."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=env, timeout=300, **options
    )


@pytest.fixture(scope="module")
def warm():
    with Sandbox(Limits(cell=2, call=1)) as zygote:
        yield zygote


@pytest.fixture
def write_answer(tmp_path):
    def write(source):
        path = tmp_path / "answer.py"
        path.write_text(source)
        return path

    return write


@sandboxed
def test_try_gives_full_marks_and_exit_code_0_for_a_right_answer(write_answer):
    done = installed("try", "masked_mean", write_answer(ANSWERS["right"]), "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 0
    assert record["score"] == record["max_score"] == 9.0
    assert {check["verdict"] for check in record["checks"]} == {"passed"}
    assert set(record["checks"][0]) >= {"id", "verdict", "points", "max_points", "summary", "misconception"}


@sandboxed
def test_try_grades_several_files_in_one_sandbox_and_says_which_is_which(tmp_path):
    for name in ("right", "wrong", "exit"):
        (tmp_path / f"{name}.py").write_text(ANSWERS[name])
    paths = [tmp_path / f"{name}.py" for name in ("exit", "right", "wrong")]
    done = installed("try", "masked_mean", *paths, "--json")
    records = json.loads(done.stdout)
    assert done.returncode == 1
    assert [Path(record["file"]).stem for record in records] == ["exit", "right", "wrong"]
    assert [record["score"] == record["max_score"] for record in records] == [False, True, False]
    done = installed("try", "masked_mean", paths[1], paths[1])
    assert done.returncode == 0
    assert done.stdout.count(f"{paths[1]}: ") == 2


@sandboxed
def test_try_reads_every_file_before_the_first_is_graded(write_answer):
    done = installed("try", "masked_mean", write_answer(ANSWERS["right"]), "not-there.py")
    assert done.returncode == 2
    assert "There is no file not-there.py" in done.stderr
    assert done.stdout == ""


@sandboxed
def test_try_names_the_misconception_and_exits_with_1(write_answer):
    done = installed("try", "masked_mean", write_answer(ANSWERS["wrong"]))
    assert done.returncode == 1
    assert "multiplies by the mask" in done.stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\n", "`masked_mean` is not defined"),
        ("import not_there\n", "The file stops with ImportError"),
        ("def masked_mean(values):\n    return values\n", "TypeError"),
        ("def masked_mean(values, mask)\n", "SyntaxError"),
        ("import os\nos._exit(0)\n", "ended its own process"),
        ("while True:\n    pass\n", "Timeout"),
    ],
)
@sandboxed
def test_a_file_without_a_usable_function_is_an_error_of_the_student(warm, source, said):
    result = grade_file(exercises.load("masked_mean"), PlainFile("answer.py", source), PUBLISHED_SEED, warm)
    assert result.score == 0
    assert {check.verdict for check in result.checks} <= {Verdict.STUDENT_ERROR, Verdict.SKIPPED}
    assert said in result.checks[0].summary


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("try", "maskd_mean", "x.py"), "Did you mean `masked_mean`?"),
        (("try", "masked_mean", "not-there.py"), "There is no file not-there.py"),
        (("run", "not-there"), "not-there is not a folder"),
        (("export", ".", "--format", "pdf"), "is not a course's folder; make one with `mtl-grade init"),
        (("no-such-command",), "No such command"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["mtl-grade", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", "").split())


@sandboxed
def test_a_course_goes_from_init_to_export(tmp_path, course, released):
    hand_in(course, "ada", with_answer(released, "wrong"))
    done = installed("run", course.root / "submitted", "--jobs", 1, "--json")
    assert json.loads(done.stdout)["graded"] == 1
    assert installed("run", course.root, "--jobs", 1).stdout.startswith("0 graded, 1 already were, 0 entered")
    (one,) = json.loads(installed("report", course.root, "--json").stdout)["sets"]
    assert [(wrong["id"], wrong["students"]) for wrong in one["exercises"][0]["misconceptions"]] == [
        ("multiplies_by_the_mask", ["ada"])
    ]
    assert installed("feedback", course.root).stdout.startswith("1 feedback page in")
    installed("export", course.root, "--format", "canvas", "--to", tmp_path / "canvas.csv")
    assert (
        (tmp_path / "canvas.csv").read_text().startswith("Student,ID,SIS User ID,SIS Login ID,Section,Problem set 5\n")
    )


@pytest.mark.slow
@sandboxed
def test_the_demo_is_right_in_every_row_and_keeps_its_folder(tmp_path):
    done = installed("demo", "--keep", tmp_path / "class", "--json")
    shown = json.loads(done.stdout)
    assert [row for row in shown["rows"] if not row["as_it_should_be"]] == []
    assert done.returncode == 0
    assert len(shown["rows"]) == 24
    assert all(Path(path).exists() for path in shown["paths"].values())
    again = installed("demo", "--keep", tmp_path / "class")
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


@pytest.mark.slow
@sandboxed
def test_a_cluster_grades_like_this_machine_also_when_a_worker_is_killed(course, released):
    """A real scheduler and two workers as processes of their own, one of which is killed in the middle."""
    from distributed import Client

    for number in range(12):
        hand_in(course, f"s{number:02}", with_answer(json.loads(json.dumps(released)), ("right", "wrong")[number % 2]))
    bin_ = Path(sys.executable).parent
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = subprocess.Popen(
        [bin_ / "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet
    )
    worker = [
        bin_ / "dask",
        "worker",
        address,
        "--host",
        "127.0.0.1",
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
    ]
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
    try:
        with Client(address, timeout="60s") as client:
            client.wait_for_workers(2, timeout=60)
            done = []

            def tick(so_far, total):
                done.append(so_far)
                if so_far == 3:
                    workers[0].kill()

            summary = desk_run.run(course, client.get_executor(), tick=tick)
        assert summary.graded == 12
        assert {row["student"]: row["raw_score"] for row in marks.marks(course)} == {
            f"s{number:02}": (9.0, 6.0)[number % 2] for number in range(12)
        }
        assert done[-1] == 12
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
