"""What each command prints and returns, word for word; no code of a learner is run for it."""

from __future__ import annotations

import io
import json
import os
import random
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import exercises
from autograder.marked import plain
from autograder.quizzes.bank import LETTERS, load
from autograder.results import STUB_LEFT, Cause, CheckResult, ExerciseResult, UsageError, Verdict
from mtl_teach.learn.course_map import Task, course_map
from mtl_teach.learn.lesson import after_check, own_text, self_check
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.terminal import checking, cli
from mtl_teach.learn.terminal.checking import Checked, CheckingError
from mtl_teach.learn.workspace import server
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import LESSON, PROBLEM_SET, RIGHT, STUB, cell, notebook, problem_set, read, write
from tests.learn.lesson.test_own_text import ENOUGH, SLOT, write_answer

CHECK = CheckResult("test_value", Verdict.PASSED, 2.0, 2.0, "The value is right.")
PASSED = ExerciseResult("masked_mean", "Mean of the observed entries", "05_missing_labels", (CHECK,))
FAILED = replace(PASSED, checks=(replace(CHECK, verdict=Verdict.FAILED, points=0.0, summary="It is not."),))
STUB_CHECK = replace(CHECK, verdict=Verdict.STUDENT_ERROR, points=0.0, summary=STUB_LEFT, cause=Cause.NOT_STARTED)
NOT_BEGUN = replace(PASSED, checks=(STUB_CHECK,))


@pytest.fixture
def progress(workspace):
    return Progress(workspace / PROGRESS)


@pytest.fixture
def styles(monkeypatch):
    """Collect each printed line with its style."""
    printed = []
    monkeypatch.setattr(cli.out, "print", lambda text, style=None, **rest: printed.append((text, style)))
    return printed


# ---- start -----------------------------------------------------------------------------------------------------


@pytest.fixture
def served(monkeypatch, course):
    """Starts no JupyterLab; collects what would be served. It ends with exit code 3."""
    calls = []
    monkeypatch.setattr("mtl_teach.learn.workspace.deliver.course_root", lambda: course)
    monkeypatch.setattr(server, "serve", lambda *args: calls.append(args) or 3)
    return calls


def test_start_ends_as_the_server_does(say, served, tmp_path):
    code, out, err = say("start", tmp_path / "mine")
    assert (code, err) == (3, "")
    assert out.splitlines() == [f"Made a workspace in {tmp_path / 'mine'} (17 notebooks)."]
    assert served == [(tmp_path / "mine", 8888, True)]


def test_start_with_a_folder_makes_that_one_although_a_workspace_is_around(say, served, workspace):
    assert say("start", "other")[0] == 3
    assert served == [(workspace / "other", 8888, True)]


def test_start_inside_a_workspace_takes_a_folder_of_the_usual_name_that_is_there(say, served, workspace):
    (workspace / "mtl-course").mkdir()
    say("start")
    assert served == [(workspace / "mtl-course", 8888, True)]


def test_start_says_line_by_line_what_it_did(say, served, workspace, course):
    (workspace / LESSON).unlink()
    write(course / "lessons/06_clicks_to_revenue.ipynb", notebook(cell("n-0", "# Clicks", "markdown")))
    assert say("start")[1].splitlines() == [
        "New: lessons/06_clicks_to_revenue.ipynb",
        "Updated: quick_tests/quick_test_06.ipynb",
        f"Put back: {LESSON.as_posix()}",
    ]


@pytest.mark.parametrize("port", ["0", "65536", "none"])
def test_a_port_that_is_none_is_refused(say, served, port):
    assert say("start", "--port", port)[0] == 2
    assert served == []


# ---- status and next -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({}, "○ open   masked_mean: Mean of the observed entries"),
        ({"minutes": 0.9}, "○ open   masked_mean: Mean of the observed entries"),
        ({"hints": 2}, "○ open   masked_mean: Mean of the observed entries (2 hint(s))"),
        (
            {"attempts": 3, "hints": 1, "revealed": "2026", "gave_up": 1, "minutes": 1.0},
            "… tried  masked_mean: Mean of the observed entries (3 attempt(s), 1 hint(s), solution shown, 1 min)",
        ),
        ({"attempts": 1, "revealed": "2026"}, "… tried  masked_mean: Mean of the observed entries (1 attempt(s))"),
        (
            {"attempts": 1, "first_pass": "2026", "minutes": 12.6},
            "✓ passed masked_mean: Mean of the observed entries (1 attempt(s), 13 min)",
        ),
    ],
    ids=["nothing", "hardly a minute", "hints only", "everything", "merely compared", "passed"],
)
def test_status_says_of_an_exercise_what_was_done(columns, line):
    row = Progress.blank("masked_mean") | columns
    assert cli._task_line(Task("masked_mean", "Mean of the observed entries", 10, 2, row)) == line


def test_status_shows_lessons_exercises_the_quick_test_and_what_is_next(say, workspace, progress):
    progress.record_check(FAILED)
    progress.record_quick_test("05", 4, 7)
    code, out, err = say("status")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "05 Missing labels"
    assert lines[1] == "   … tried  masked_mean: Mean of the observed entries (1 attempt(s))"
    assert [line.split(":")[0].strip() for line in lines[2:8]] == [
        f"○ open   {task.id}" for task in course_map(workspace)[0].tasks[1:]
    ]
    assert lines[8:] == [
        "   quick test: … not passed, best 4 of 7",
        "P1 P1",
        "   ○ 0 of 0 milestones",
        f"Next: Go on with the exercise “Mean of the observed entries” (15 minutes). ({PROBLEM_SET.as_posix()})",
    ]


def test_status_as_json_says_the_same(say, workspace, progress):
    progress.record_check(PASSED, "my code")
    progress.record_quick_test("05", 5, 7)
    code, out, _ = say("status", "--json")
    data = json.loads(out)
    assert code == 0
    assert set(data) == {"lessons", "projects", "next"}
    assert data["projects"] == [
        {"slug": "P1_house_prices", "title": "P1", "done": False, "milestones": [], "place": None, "minutes_left": 0}
    ]
    assert data["next"] == {
        "sentence": "Solve the exercise “The total loss of exercise 1, as a function” (6 minutes).",
        "path": PROBLEM_SET.as_posix(),
        "link": PROBLEM_SET.as_posix(),
    }
    (lesson,) = data["lessons"]
    assert {name: lesson[name] for name in lesson if name != "exercises"} == {
        "slug": "05_missing_labels",
        "title": "Missing labels",
        "done": False,
        "quiz": {"id": "05", "best": 5, "passed": True},
        "place": None,
        "written": [],
        "minutes_left": sum(task.minutes for task in course_map(workspace)[0].tasks[1:]),
    }
    row = progress.exercise("masked_mean")
    assert lesson["exercises"][0] == {"title": "Mean of the observed entries", "state": "passed"} | {
        name: row[name] for name in row if name not in ("answer", "content")
    }
    assert lesson["exercises"][1]["id"] == "ctr_cvr_total"
    assert "my code" not in out


def test_a_lesson_without_a_quick_test_has_none_that_is_passed(say, workspace):
    write(workspace / "lessons/13_new.ipynb", notebook(cell("n-0", "# New", "markdown")))
    assert json.loads(say("status", "--json")[1])["lessons"][1]["quiz"] == {"id": "", "best": None, "passed": False}


def test_next_gives_the_sentence_and_the_file(say, workspace):
    code, out, err = say("next")
    assert (code, err) == (0, "")
    assert out.splitlines() == ["Work through the lesson “Missing labels”.", str(workspace / LESSON)]
    assert json.loads(say("next", "--json")[1]) == {
        "sentence": "Work through the lesson “Missing labels”.",
        "path": LESSON.as_posix(),
        "link": LESSON.as_posix(),
    }


def test_next_leads_back_to_the_section_and_names_what_was_begun_as_well(say, workspace, progress):
    write(workspace / LESSON, notebook(cell("m-0", "# 5. A", "markdown"), cell("m-1", "## The mean", "markdown")))
    progress.record_check(FAILED)
    progress.record_place("05_missing_labels", "The mean", 1, 4)
    lines = say("next")[1].splitlines()
    assert lines[0] == "Continue: lesson 5, “The mean”."
    assert lines[1] == str(workspace / LESSON)
    assert lines[2].startswith("Begun as well: Go on with the exercise “Mean of the observed entries”")
    step = json.loads(say("next", "--json")[1])
    assert step["link"] == f"{LESSON.as_posix()}#cell-id=m-1"
    status = say("status")[1].splitlines()
    assert status[1] == "   … 25% read, at “The mean”"
    assert status[-1] == f"Continue: lesson 5, “The mean”. ({LESSON.as_posix()})"
    (lesson,) = json.loads(say("status", "--json")[1])["lessons"]
    assert (lesson["place"]["section"], lesson["place"]["read"]) == ("The mean", 0.25)


def test_next_in_a_workspace_without_lessons_speaks_of_projects(say, workspace):
    (workspace / LESSON).unlink()
    assert say("next")[1].startswith("Everything is done. Choose a project")
    assert say("status")[0] == 0


# ---- export and import -----------------------------------------------------------------------------------------


def test_export_prints_json_or_writes_it_and_says_where(say, workspace, progress):
    progress.record_prediction("where", "How much?", "5 µs")
    code, out, err = say("export")
    assert (code, err) == (0, "")
    assert out == json.dumps(progress.to_json(), ensure_ascii=False, indent=1) + "\n"
    assert say("export", "mine.json") == (0, "Wrote mine.json.\n", "")
    assert read(workspace / "mine.json") == progress.to_json()


def test_a_file_that_cannot_be_written_is_named_with_the_reason(say, workspace):
    (workspace / "file").write_text("")
    assert say("export", "file/mine.json") == (2, "", "file/mine.json cannot be written: File exists.\n")


def test_import_counts_and_says_that_damaged_progress_was_kept_aside(say, workspace, progress):
    progress.record_hint("masked_mean", 1)
    progress.record_quick_test("05", 5, 7)
    say("export", "mine.json")
    (workspace / PROGRESS).write_bytes(b"x" * 5000)
    code, out, err = say("import", "mine.json")
    assert (code, out) == (0, "Merged 2 entries from mine.json.\n")
    assert "it is kept as progress-damaged-" in err
    assert say("import", "mine.json") == (0, "Merged 2 entries from mine.json.\n", "")
    assert progress.exercise("masked_mean")["hints"] == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("{", "mine.json is not JSON"), ("[]", "This is not an export of `mtl-teach export`")],
)
def test_an_import_of_something_else_is_one_sentence(say, workspace, content, sentence):
    Path("mine.json").write_text(content)
    code, out, err = say("import", "mine.json")
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert len(err.splitlines()) == 1


# ---- check -----------------------------------------------------------------------------------------------------


@pytest.fixture
def checked(monkeypatch):
    """Runs no code: each exercise has the result that is set here, each file that raises its error."""

    class Answers(dict):
        """Results and errors by the name of an exercise or a file; how often, and for how long, one was asked."""

        def __init__(self):
            super().__init__()
            self.asked, self.seconds = [], []

    answers = Answers()

    class Fake:
        def __init__(self, seconds):
            answers.seconds.append(seconds)

        def __enter__(self):
            return self

        def __exit__(self, *exc):
            answers.asked.append("end")

        def check(self, script, names, again):
            answers.asked.append((script.path.name, list(names), again))
            if script.path.name in answers:
                raise CheckingError(answers[script.path.name])
            return [Checked(answers[name].to_dict(), f"answer of {name}") for name in names]

    monkeypatch.setattr(checking, "Checker", Fake)
    return answers


SECOND = replace(PASSED, exercise="ctr_cvr_total", title="The total loss")


@pytest.fixture
def two(workspace):
    """A workspace with two problem sets."""
    page = notebook(cell("a", RIGHT), cell("b", 'check("ctr_cvr_total", f)'), cell("c", 'check("quick-05-1", x)'))
    write(workspace / "exercises/ps01_more/more.ipynb", page)
    return workspace


def test_check_goes_through_the_problem_sets_and_saves_what_was_begun(say, two, checked, progress):
    checked |= {"masked_mean": PASSED, "ctr_cvr_total": NOT_BEGUN}
    code, out, err = say("check")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Mean of the observed entries: 2 of 2 points, 1 of 1 checks passed"
    assert "0 of 2 points" not in out
    assert checked.asked == [("more.ipynb", ["ctr_cvr_total"], True), (PROBLEM_SET.name, ["masked_mean"], False), "end"]
    assert checked.seconds == [60.0]
    rows = progress.exercises()
    assert (list(rows), rows["masked_mean"]["answer"]) == (["masked_mean"], "answer of masked_mean")


def test_check_leaves_hidden_folders_and_questions_of_quick_tests_out(say, two, checked):
    write(two / "exercises/.ipynb_checkpoints/old.ipynb", problem_set())
    checked |= {"masked_mean": PASSED, "ctr_cvr_total": SECOND}
    say("check")
    assert [one[:2] for one in checked.asked[:-1]] == [
        ("more.ipynb", ["ctr_cvr_total"]),
        (PROBLEM_SET.name, ["masked_mean"]),
    ]


def test_check_with_names_asks_for_those_and_shows_them_begun_or_not(say, two, checked):
    checked |= {"masked_mean": NOT_BEGUN, "ctr_cvr_total": SECOND}
    code, out, _ = say("check", "masked_mean", "--timeout", "5")
    assert code == 1
    assert out.startswith("Mean of the observed entries: 0 of 2 points")
    assert checked.asked == [(PROBLEM_SET.name, ["masked_mean"], False), "end"]
    assert checked.seconds == [5.0]
    code, out, _ = say("check", "masked_mean", "ctr_cvr_total")
    assert code == 1
    assert [one[:2] for one in checked.asked[2:-1]] == [
        ("more.ipynb", ["ctr_cvr_total"]),
        (PROBLEM_SET.name, ["masked_mean"]),
    ]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [(PASSED, SECOND, 0), (FAILED, SECOND, 1), (PASSED, replace(FAILED, exercise="ctr_cvr_total"), 1)],
    ids=["both passed", "the last one failed", "the first one failed"],
)
def test_the_exit_code_is_0_where_everything_passed_and_1_where_not(say, two, checked, first, second, code):
    checked |= {"masked_mean": first, "ctr_cvr_total": second}
    assert say("check")[0] == code


def test_check_as_json_is_one_list_of_all_results(say, two, checked):
    checked |= {"masked_mean": FAILED, "ctr_cvr_total": SECOND}
    code, out, err = say("check", "--json")
    assert (code, err) == (1, "")
    records = json.loads(out)
    assert [Path(record.pop("file")).name for record in records] == ["more.ipynb", PROBLEM_SET.name]
    assert records == json.loads(json.dumps([SECOND.to_dict(), FAILED.to_dict()]))
    checked |= {"masked_mean": NOT_BEGUN, "ctr_cvr_total": NOT_BEGUN}
    assert say("check", "--json") == (0, "[]\n", "")


def test_a_file_that_cannot_be_run_is_one_sentence_and_the_others_are_checked(say, two, checked, progress):
    checked |= {"more.ipynb": "more.ipynb was stopped.", "masked_mean": PASSED}
    code, out, err = say("check")
    assert (code, err) == (1, "more.ipynb was stopped.\n")
    assert out.startswith("Mean of the observed entries: 2 of 2 points")
    assert "Nothing is begun" not in out
    assert progress.exercise("masked_mean")["attempts"] == 1
    checked |= {PROBLEM_SET.name: "Stopped, too."}
    assert say("check") == (1, "", "more.ipynb was stopped.\nStopped, too.\n")


def test_a_file_is_checked_for_what_it_asks_else_for_what_it_defines(say, tmp_path, monkeypatch, checked):
    monkeypatch.chdir(tmp_path)
    checked |= dict.fromkeys(("masked_mean", "delta_m", "quick-05-1", "loss_shares"), PASSED)
    Path("asks.py").write_text(f'{RIGHT}\ncheck("delta_m", 1)\ncheck("quick-05-1", 2)\ncheck("nobody", 3)\n')
    Path("defines.py").write_text(f"{RIGHT}\ndef loss_shares(): ...\ndef other(): ...\nj_at_010 = 1\n")
    assert say("check", "asks.py", "defines.py")[0] == 0
    assert say("check", "asks.py", "masked_mean")[0] == 0
    assert checked.asked == [
        ("asks.py", ["delta_m", "quick-05-1"], True),
        ("defines.py", ["loss_shares", "masked_mean"], False),
        "end",
        ("asks.py", ["masked_mean"], False),
        "end",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"asks.py", "defines.py"}


def test_wrong_use_of_check_names_the_repair(say, two, checked):
    Path("empty.py").write_text("x = 1\n")
    assert say("check", "empty.py") == (
        2,
        "",
        "empty.py defines no answer to any exercise; name the exercise: mtl-teach check NAME empty.py\n",
    )
    assert say("check", "masked_mean", "weighted_total", "delta_m") == (
        2,
        "",
        "No notebook of this workspace checks `delta_m`; bring the workspace up to date with: mtl-teach start\n",
    )
    assert set(checked.asked) <= {"end"}  # nothing was run


def test_results_are_saved_in_the_workspace_of_the_file(say, two, checked, progress, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checked |= {"masked_mean": PASSED}
    assert say("check", two / PROBLEM_SET)[0] == 0
    assert progress.exercise("masked_mean")["attempts"] == 1


@pytest.mark.parametrize("damage", ["a folder", "not a database"])
def test_progress_that_cannot_be_saved_is_said_and_the_result_is_shown(say, workspace, checked, damage):
    checked |= {"masked_mean": PASSED}
    if damage == "a folder":
        (workspace / PROGRESS).mkdir()
    else:
        (workspace / PROGRESS).write_bytes(b"x" * 5000)
    code, out, err = say("check")
    assert code == 0
    assert out.startswith("Mean of the observed entries: 2 of 2 points")
    assert ("cannot be read or saved in" if damage == "a folder" else "it is kept as progress-damaged-") in err
    assert len(err.splitlines()) == 1


def test_colours_follow_the_signs_and_the_first_line_stands_out(workspace, styles):
    result = replace(
        PASSED,
        checks=(
            CHECK,
            replace(CHECK, verdict=Verdict.FAILED, points=0.0, summary="It is not."),
            replace(CHECK, verdict=Verdict.SKIPPED, points=0.0, summary="Fix this first."),
            replace(CHECK, verdict=Verdict.GRADER_ERROR, points=0.0, summary="Ours."),
        ),
    )
    cli._print_result(result)
    assert styles[0][1] == "bold"
    by_sign = {text.strip()[0]: style for text, style in styles[1:] if text.strip()[:1] in "✓✗–!"}
    assert by_sign == {"✓": "green", "✗": "bold red", "–": "dim", "!": "yellow"}
    assert {style for text, style in styles[1:] if text.strip()[:1] not in by_sign} <= {""}


def test_markup_in_a_result_is_text(workspace, capsys):
    cli._print_result(replace(FAILED, checks=(replace(FAILED.checks[0], summary="got [bold]x[/bold]"),)))
    assert "got [bold]x[/bold]" in capsys.readouterr().out


# ---- watch -----------------------------------------------------------------------------------------------------


@pytest.fixture
def watched(say, workspace, checked, monkeypatch):
    """Watch the problem set while steps are done between the looks at it; then Ctrl+C is pressed."""

    def run(*steps, words=()):
        waiting = list(steps)

        def sleep(seconds):
            if not waiting:
                raise KeyboardInterrupt
            waiting.pop(0)()

        monkeypatch.setattr(cli.time, "sleep", sleep)
        return say("check", "--watch", *words)

    checked |= {"masked_mean": PASSED}
    return run


def saved_at(file, second):
    os.utime(file, (second, second))


def test_watch_checks_a_file_each_time_that_it_is_saved_and_ctrl_c_ends_it(watched, workspace, checked):
    file = workspace / PROBLEM_SET
    code, out, err = watched(
        lambda: None,
        lambda: saved_at(file, 1000),
        lambda: None,
        lambda: (checked.update(masked_mean=FAILED), saved_at(file, 2000)),
    )
    assert code == 0  # as the first check said
    saved = f"{file.name} was saved; checking ..."
    assert err.splitlines() == ["Watching; save a file to check it again, Ctrl+C ends.", saved, saved, "Stopped."]
    assert [line.split(":")[1] for line in out.splitlines() if line.startswith("Mean of")] == [
        " 2 of 2 points, 1 of 1 checks passed",
        " 2 of 2 points, 1 of 1 checks passed",
        " 0 of 2 points, 0 of 1 checks passed",
    ]
    assert checked.asked == [(PROBLEM_SET.name, ["masked_mean"], True)] * 3 + ["end"]


def test_watch_waits_while_an_editor_replaces_the_file(watched, workspace, checked):
    file = workspace / PROBLEM_SET
    text = file.read_text()
    watched(file.unlink, lambda: None, lambda: (file.write_text(text), saved_at(file, 1000)))
    assert len(checked.asked) == 3


def test_watch_sees_a_file_that_was_saved_within_one_tick_of_the_clock_by_its_size(watched, workspace, checked):
    file = workspace / PROBLEM_SET
    saved_at(file, 1000)
    watched(lambda: (write(file, problem_set(RIGHT)), saved_at(file, 1000)))
    assert len(checked.asked) == 3


def test_without_watch_a_check_ends(say, workspace, checked, monkeypatch):
    monkeypatch.setattr(cli.time, "sleep", lambda seconds: 1 / 0)
    checked |= {"masked_mean": PASSED}
    assert say("check")[0] == 0


# ---- hint and reveal -------------------------------------------------------------------------------------------


def test_hint_shows_its_title_its_text_and_the_way_to_the_next(say, workspace):
    out = [say("hint", "masked_mean")[1].splitlines() for _ in range(3)]
    assert [lines[0] for lines in out] == [
        "Hint 1 of 3: where to look",
        "Hint 2 of 3: the concept",
        "Hint 3 of 3: lines to put in order",
    ]
    assert [lines[-1] == "One more: mtl-teach hint masked_mean" for lines in out] == [True, True, False]
    assert out[0][1].startswith("Two questions decide this exercise")
    assert out[2][-1] == "Try an order by its numbers, for example: mtl-teach hint masked_mean --order 3,1,4"


def lines_shown(out):
    """The lines of the last hint by their numbers."""
    return {int(found[1]): found[2] for found in re.finditer(r"^ +(\d+)  (.+)$", out, re.MULTILINE)}


def test_the_last_hint_has_numbered_lines_and_the_same_each_time(say, workspace, progress):
    progress.record_hint("masked_mean", 2)
    out = [say("hint", "masked_mean")[1] for _ in range(2)]
    assert out[0] == out[1]
    assert "def masked_mean(values, mask):\n" in out[0]
    order = exercises.load("masked_mean").order
    assert list(lines_shown(out[0])) == list(range(1, 3 + len(order.lines)))
    assert sorted(lines_shown(out[0]).values()) == sorted([*order.lines, *order.wrong])


def test_lines_are_tried_by_their_numbers_until_they_are_right(say, workspace, progress):
    progress.record_hint("masked_mean", 2)
    shown = lines_shown(say("hint", "masked_mean")[1])
    order = exercises.load("masked_mean").order
    numbers = {line: number for number, line in shown.items()}
    wrong = [numbers[line] for line in (*order.lines[:-1], order.wrong[-1])]
    for _ in range(2):
        code, out, err = say("hint", "masked_mean", "--order", ",".join(map(str, wrong)))
        assert (code, err) == (1, "")
        assert out.startswith("With these lines the check “")
    assert "One of the mistakes is among your lines. Your first" in out
    assert f"Yours so far: {','.join(map(str, wrong))}\n" in say("hint", "masked_mean")[1]
    right = ",".join(str(numbers[line]) for line in order.lines)
    code, out, err = say("hint", "masked_mean", "--order", right, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["right"]
    assert json.loads(out)["text"].endswith("in your answer cell, and run its check.")
    assert "Yours so far" not in say("hint", "masked_mean")[1]
    assert (progress.exercise("masked_mean")["attempts"], progress.exercise("masked_mean")["hints"]) == (0, 3)


@pytest.mark.parametrize(
    ("exercise", "numbers", "sentence"),
    [
        (
            "masked_mean",
            "1,7",
            "--order takes numbers of lines, from 1 to 5, each at most once, as in 3,1,4; got '1,7'.",
        ),
        ("masked_mean", "", "--order takes numbers of lines, from 1 to 5, each at most once, as in 3,1,4; got ''."),
        ("source_exercise_1", "1", "`source_exercise_1` has no lines to put in order. Its hints: mtl-teach hint"),
    ],
)
def test_an_order_that_cannot_be_is_one_sentence(say, workspace, exercise, numbers, sentence):
    code, out, err = say("hint", exercise, "--order", numbers)
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_hint_as_json_has_the_number_the_count_and_the_text(say, workspace, progress):
    progress.record_hint("masked_mean", 1)
    code, out, err = say("hint", "masked_mean", "--json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert (data["number"], data["out_of"], data["lines"]) == (2, 3, [])
    assert sorted(data) == ["lines", "number", "out_of", "text"]
    assert data["text"].startswith("An unobserved entry may hold anything")


@pytest.mark.parametrize("words", [["hint"], ["reveal"], ["reveal", "--give-up"]], ids=" ".join)
def test_an_unknown_exercise_is_one_sentence(say, workspace, words):
    sentence = "There is no exercise `maskd_mean`. Did you mean `masked_mean`?\n"
    assert say(*words, "maskd_mean") == (2, "", sentence)


SOLUTION = "def masked_mean(values, mask):\n    # the solution\n    return values[mask].sum() / mask.sum().clamp(min=1)"


@pytest.fixture
def solved(monkeypatch):
    monkeypatch.setattr("autograder.api.solution_of", lambda exercise: SOLUTION)


def test_reveal_before_passing_names_both_ways_on_and_records_nothing(say, workspace, progress, solved):
    assert say("reveal", "masked_mean") == (
        2,
        "",
        "`masked_mean` is not passed yet. One more hint: mtl-teach hint masked_mean. To see the solution all the "
        "same: mtl-teach reveal masked_mean --give-up\n",
    )
    assert progress.exercises() == {}


def test_reveal_after_giving_up_is_the_solution_alone_where_nothing_was_tried(say, workspace, progress, solved):
    assert say("reveal", "masked_mean", "--give-up") == (0, f"{SOLUTION}\n", "")
    row = progress.exercise("masked_mean")
    assert (row["gave_up"], bool(row["revealed"])) == (1, True)


@pytest.mark.parametrize("words", [[], ["--give-up"]], ids=["asked", "asked as one who gives up"])
def test_who_has_passed_does_not_give_up(say, workspace, progress, solved, styles, words):
    progress.record_check(PASSED, RIGHT)
    assert say("reveal", "masked_mean", *words)[0] == 0
    assert progress.exercise("masked_mean")["gave_up"] == 0
    assert styles == [
        ("Your code (-) and the commented solution (+)", "bold"),
        ("  def masked_mean(values, mask):", ""),
        ("+     # the solution", "green"),
        ("      return values[mask].sum() / mask.sum().clamp(min=1)", ""),
    ]


def test_ones_own_lines_that_the_solution_lacks_are_marked(say, workspace, progress, solved, styles):
    progress.record_check(FAILED, STUB)
    say("reveal", "masked_mean", "--give-up")
    assert [(text[0], style) for text, style in styles[1:]] == [(" ", ""), ("-", "red"), ("+", "green"), ("+", "green")]


# ---- written answers -------------------------------------------------------------------------------------------


def test_written_answers_are_listed_with_their_state_and_length(say, workspace):
    write_answer(workspace, ENOUGH)
    assert say("written")[:2] == (0, self_check.as_text(own_text.texts(workspace)) + "\n")
    (data,) = json.loads(say("written", "--json")[1])
    assert (data["id"], data["state"], data["words"]) == (SLOT, "open", 23)
    assert json.loads(say("written", "5", "--json")[1]) == data


def test_nothing_of_the_model_answer_is_shown_before_something_is_written(say, workspace, progress):
    write_answer(workspace, "Masking is good.")
    code, out, err = say("written", "ps05", stdin="y\n" * 9)
    assert (code, out) == (2, "")
    assert "20 are needed before anything is shown" in err
    assert progress.written() == {}


def test_a_written_answer_is_compared_question_by_question(say, workspace, progress):
    write_answer(workspace, ENOUGH)
    code, out, _ = say("written", "ps05", stdin="y\n" + "maybe\nY\nno\n" + "y\n" * 4)
    assert code == 0
    assert "Your text has 23 words. Next come the mark scheme" in out
    assert out.count("Is this in your text:") == 7  # one was asked again
    assert "You found 5 of 6 in your text. Look in the model answer for number 2, and" in out
    assert out.index("\nYour text\n") < out.index(ENOUGH) < out.index("\nThe model answer\n")
    assert progress.written() == {SLOT: "done"}


@pytest.mark.parametrize(("stdin", "code"), [("n\n", 0), ("", 2), ("y\ny\n", 2)])
def test_who_stops_before_the_last_question_does_not_see_the_model_answer(say, workspace, progress, stdin, code):
    write_answer(workspace, ENOUGH)
    said = say("written", SLOT, stdin=stdin)
    assert said[0] == code
    assert "The model answer\n" not in said[1]
    assert progress.written() == {SLOT: "begun"}


# ---- quick tests -----------------------------------------------------------------------------------------------


def test_a_quick_test_explains_each_answer_and_names_the_right_one(say, workspace, progress, styles):
    test = load("05").shuffled(random.Random(3))
    indices = [question.options.index(question.right) for question in test.questions]
    indices[1] = (indices[1] + 1) % len(test.questions[1].options)
    letters = "".join(f"{LETTERS[index].lower()} \n" for index in indices)
    assert say("quiz", "5", "--seed", 3, stdin=letters)[0] == 0
    expected = [(f"Quick test 05: {test.title}", "bold")]
    for number, (question, index) in enumerate(zip(test.questions, indices), 1):
        expected.append((f"\n{number}. {plain(question.text)}", None))
        expected += [(f"   {letter}. {plain(option.text)}", None) for letter, option in zip("ABCDE", question.options)]
        expected.append((f"   Your answer (A to {'ABCDE'[len(question.options) - 1]}): ", None))
        option = question.options[index]
        if number == 2:
            expected.append((f"   Not right. {plain(option.why)}", "red"))
            expected.append((f"   The right answer: {plain(question.right.text)}", None))
            expected.append((f"   {plain(question.right.why)}", None))
        else:
            expected.append((f"   Right. {plain(option.why)}", "green"))
    expected.append(("\nPassed: 6 of 7 right (needed: 5). Read the explanations of what you missed.", "bold"))
    assert styles == expected
    assert progress.quick_tests() == {"05": {"attempts": 1, "best": 6, "out_of": 7}}


@pytest.mark.parametrize("typed", ["", "AB", "E", "1", "ä"])
def test_only_a_letter_of_the_question_is_an_answer(monkeypatch, styles, typed):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n c \n"))
    assert cli._ask_letter(4) == 2
    assert [text for text, _ in styles] == [
        "   Your answer (A to D): ",
        "   Type one letter from A to D.",
        "   Your answer (A to D): ",
    ]


# ---- errors ----------------------------------------------------------------------------------------------------


def known_errors():
    from autograder.authoring.solutions import NoSolution
    from autograder.exercises import UnknownExercise
    from autograder.quizzes.bank import QuizError
    from mtl_teach.learn.progress import ProgressError
    from mtl_teach.learn.workspace.deliver import WorkspaceError
    from mtl_teach.learn.workspace.server import ServerError

    kinds = (UsageError, NoSolution, CheckingError, ProgressError, QuizError, ServerError, WorkspaceError)
    return [kind("It cannot be [done].") for kind in kinds] + [UnknownExercise("nobody", ("somebody",))]


@pytest.mark.parametrize("error", known_errors(), ids=lambda error: type(error).__name__)
def test_every_known_error_is_one_sentence_and_exit_code_2(say, workspace, monkeypatch, error):
    def fail(root):
        raise error

    monkeypatch.setattr(cli, "course_map", fail)
    assert say("status") == (2, "", f"{error}\n")
    with pytest.raises(type(error)):
        say("--debug", "status")


def test_an_error_of_ours_is_not_hidden(say, workspace, monkeypatch):
    monkeypatch.setattr(cli, "course_map", lambda root: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        say("status")


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]], ids=["nothing", "-h", "--help"])
def test_without_a_command_the_commands_are_listed(say, words):
    _, out, err = say(*words)
    for command in ("start", "status", "next", "export", "import", "check", "hint", "reveal", "quiz"):
        assert f" {command} " in out + err


def test_feedback_of_an_unreadable_workspace_does_not_stop_a_command(say, workspace, monkeypatch):
    (workspace / PROGRESS).mkdir()
    assert after_check.saved("masked_mean") == Progress.blank("masked_mean")
    code, out, err = say("hint", "masked_mean")
    assert code == 0
    assert out.startswith("Hint 1 of 3")
    assert "cannot be read or saved" in err


# ---- find ------------------------------------------------------------------------------------------------------


def test_find_says_where_the_course_speaks_of_something(say, workspace):
    code, out, err = say("find", "missing", "labels")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Lesson 5"
    assert str(workspace / "lessons/05_missing_labels.ipynb") in "".join(lines)


def test_find_as_json_has_the_link_to_the_section(say, workspace):
    code, out, _ = say("find", "missing labels", "--json", "--limit", "1")
    (found,) = json.loads(out)
    assert code == 0
    assert found == {
        "kind": "lesson",
        "where": "lesson 5",
        "title": "Missing labels",
        "path": "lessons/05_missing_labels.ipynb",
        "link": "lessons/05_missing_labels.ipynb#cell-id=m-0",
        "excerpt": "Text.",
    }


def test_nothing_found_is_exit_code_1_with_a_suggestion(say, workspace):
    code, out, err = say("find", "misssing")
    assert (code, out) == (1, "")
    assert err == "Nothing found for “misssing”. Did you mean “missing”?\n"
    code, out, err = say("find", "xqzzy", "--json")
    assert (code, json.loads(out)) == (1, [])
    assert "Try another or a shorter word." in err


@pytest.mark.parametrize("words", ["", '"', "a OR", "***", "\N{SNOWMAN}", "[bold]"])
def test_find_takes_any_characters(say, workspace, words):
    code, out, err = say("find", "--", words)
    assert code in (0, 1)
    assert "Traceback" not in out + err
