"""Once an exercise is passed: the next one of the notebook, then what the map says, each with a link that works."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from autograder.results import CheckResult, ExerciseResult, Verdict
from mtl_teach.learn.course_map import Written, course_map
from mtl_teach.learn.lesson import onward
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import LESSON, PROBLEM_SET, cell, notebook, write

CHECK = CheckResult("test_value", Verdict.PASSED, 2.0, 2.0, "The value is right.")


@pytest.fixture
def passed(workspace):
    """Pass exercises; give back what comes after the last."""

    def after(*names):
        for name in names:
            result = ExerciseResult(name, name, "05_missing_labels", (CHECK,))
            Progress(workspace / PROGRESS).record_check(result)
        return onward.after(result, workspace)

    return after


@pytest.fixture
def tasks(workspace):
    """The exercises of lesson 5 in the order of a problem set that has them all, each under its heading."""
    names = [task.id for task in course_map(workspace)[0].tasks]
    asked = [cell(f"about-{name}", f"Words.\n\n## All, about {name}", "markdown", graded=True) for name in names]
    checks = [cell(f"check-{name}", "1", graded=True) for name in names]
    write(workspace / PROBLEM_SET, notebook(*(one for pair in zip(asked, checks) for one in pair)))
    return course_map(workspace)[0].tasks


def test_the_next_exercise_below_comes_first_with_its_minutes_and_its_place(passed, tasks):
    step = passed(tasks[1].id)
    assert step.text == f"Next: “{tasks[2].title}” ({tasks[2].minutes} minutes)"
    assert step.path == f"{PROBLEM_SET.as_posix()}#cell-id=about-{tasks[2].id}"


def test_what_is_passed_is_left_out_and_what_is_open_above_comes_last(passed, tasks):
    assert f"“{tasks[3].title}”" in passed(tasks[2].id, tasks[1].id).text
    step = passed(*[task.id for task in tasks[1:]])
    assert step.text == f"Still open above: “{tasks[0].title}” ({tasks[0].minutes} minutes)"


def test_after_the_last_one_the_map_says_what_is_next(passed, tasks, workspace):
    step = passed(*[task.id for task in tasks])
    assert step.sentence == "That was the last open exercise here."
    assert "quick test" in step.name
    Progress(workspace / PROGRESS).record_quick_test("05", 7, 7)
    step = passed(tasks[0].id)
    assert step.sentence == "Everything of this lesson is done."
    assert step.name


def test_a_lesson_with_an_open_written_answer_is_not_called_done(passed, tasks, workspace, monkeypatch):
    Progress(workspace / PROGRESS).record_quick_test("05", 7, 7)
    written = (Written("why", "In words", 12, "open", "why"),)
    monkeypatch.setattr(onward, "course_map", lambda here: [replace(one, written=written) for one in course_map(here)])
    step = passed(*[task.id for task in tasks])
    assert step.text == "That was the last open exercise here. Answer in writing “In words” (12 minutes)."


def test_a_passed_quick_test_leads_to_what_is_open_of_its_lesson_then_on(passed, tasks, workspace, monkeypatch):
    monkeypatch.chdir(workspace)
    Progress(workspace / PROGRESS).record_quick_test("05", 7, 7)
    assert onward.after_quick_test("05").text.startswith(f"Next: Solve the exercise “{tasks[0].title}”")
    passed(*[task.id for task in tasks])
    assert onward.after_quick_test("05").sentence == "Everything of this lesson is done."
    assert onward.after_quick_test("99") is None


def test_a_quick_test_outside_a_workspace_leads_nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert onward.after_quick_test("05") is None


def test_without_its_check_the_notebook_is_named_alone_and_without_a_problem_set_the_lesson(passed, workspace):
    first = course_map(workspace)[0].tasks[0].id
    assert passed(first).path == PROBLEM_SET.as_posix()
    (workspace / PROBLEM_SET).unlink()
    assert passed(first).path == LESSON.as_posix()


def test_what_stands_in_no_lesson_leads_nowhere(passed):
    assert passed("a_milestone") is None


def test_where_progress_cannot_be_read_nothing_is_said(passed, workspace):
    (workspace / PROGRESS).unlink(missing_ok=True)
    (workspace / PROGRESS).mkdir(parents=True)
    assert onward.after(ExerciseResult("masked_mean", "", "05_missing_labels", (CHECK,)), workspace) is None


def test_the_link_leads_from_the_notebook_to_the_cell_and_is_escaped(workspace, monkeypatch):
    monkeypatch.chdir((workspace / PROBLEM_SET).parent)
    step = onward.Onward("Next <b>:", "“a < b”", f"{PROBLEM_SET.as_posix()}#cell-id=about-<b> 100%")
    page = step.as_html(workspace)
    assert "<b>" not in page
    assert ">“a &lt; b”</a>" in page
    link = re.search(r'href="([^"]*)"', page)[1]
    assert " " not in link
    assert unquote(link) == f"{PROBLEM_SET.name}#cell-id=about-<b> 100%"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_a_pass_inside_a_workspace_is_followed(workspace, monkeypatch, tmp_path, verdict):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle["text/plain"]))
    check = CheckResult("test_value", verdict, 0.0, 2.0, "The value is right.")
    result = ExerciseResult("masked_mean", "Mean", "05_missing_labels", (check,))
    onward.show(result)
    assert len(shown) == (verdict is Verdict.PASSED)
    monkeypatch.chdir(tmp_path)
    shown.clear()
    onward.show(result)
    assert shown == []
