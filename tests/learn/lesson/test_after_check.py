"""After a check: hints one at a time, the solution once passed or given up, and both recorded."""

from dataclasses import replace

import ipywidgets
import pytest

from autograder import kernel
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict
from mtl_teach.learn.lesson import after_check
from mtl_teach.learn.lesson.after_check import Companion, difference_html, listen
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS

CHECK = CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "The value is right.", "It is not.")
FAILED = ExerciseResult("masked_mean", "Mean", "05_missing_labels", (CHECK,))
PASSED = replace(FAILED, checks=(replace(CHECK, verdict=Verdict.PASSED, points=2.0),))
SOLUTION = "def masked_mean(values, mask):\n    return 0"


@pytest.fixture
def solved(monkeypatch):
    monkeypatch.setattr("autograder.api.solution_of", lambda exercise: SOLUTION)


@pytest.fixture
def row(workspace):
    return lambda: Progress(workspace / PROGRESS).exercise("masked_mean")


def texts(box):
    if isinstance(box, ipywidgets.Box):
        return " ".join(texts(child) for child in box.children)
    return str(getattr(box, "value", "")) + " " + str(getattr(box, "description", ""))


def test_each_press_adds_one_hint_and_records_it(row):
    companion = Companion("masked_mean", False, "")
    assert companion.hint.description == "Hint 1 of 3"
    for number in (1, 2, 3):
        companion.hint.click()
        assert f"Hint {number} of 3" in texts(companion.box)
        assert row()["hints"] == number
    assert companion.hint.disabled
    companion.show_hint()
    assert texts(companion.box).count("Hint 3 of 3:") == 1


def test_the_next_check_goes_on_with_the_next_hint(row):
    Companion("masked_mean", False, "").show_hint()
    assert Companion("masked_mean", False, "").hint.description == "Hint 2 of 3"


def test_who_has_seen_all_hints_may_read_them_again_from_the_first(row):
    first = Companion("masked_mean", False, "")
    for _ in range(3):
        first.show_hint()
    again = Companion("masked_mean", False, "")
    again.show_hint()
    assert "Hint 1 of 3" in texts(again.box)
    assert row()["hints"] == 3


def test_only_the_new_message_is_announced(row):
    companion = Companion("masked_mean", False, "")
    companion.show_hint()
    companion.show_hint()
    said = companion.box.children[-1].children
    assert [message.value.count('role="alert"') for message in said] == [1, 1]


def test_the_solution_before_passing_is_asked_for_twice_and_recorded_as_given_up(row, solved):
    companion = Companion("masked_mean", False, "def masked_mean(values, mask):\n    return 1")
    assert companion.solution.description == "I give up: show the solution"
    companion.solution.click()
    assert row()["revealed"] is None
    assert "return 0" not in texts(companion.box)
    companion.solution.click()
    assert "return 0" in texts(companion.box)
    assert (row()["gave_up"], companion.solution.disabled) == (1, True)


def test_after_passing_the_solution_is_one_press_away_and_no_hints_are_offered(row, solved):
    companion = Companion("masked_mean", True, "def masked_mean(values, mask):\n    return 1")
    assert companion.hint not in companion.box.children[0].children
    companion.solution.click()
    assert "Your code (−) and the commented solution (+)" in texts(companion.box)
    assert row()["gave_up"] == 0
    assert row()["revealed"]


def test_who_gave_up_once_is_not_asked_again(row, solved, workspace):
    Progress(workspace / PROGRESS).record_reveal("masked_mean", gave_up=True)
    assert Companion("masked_mean", False, "").solution.description == "Compare with the commented solution"


def test_outside_a_workspace_hints_and_solution_work_all_the_same(tmp_path, monkeypatch, solved):
    monkeypatch.chdir(tmp_path)
    companion = Companion("masked_mean", False, "")
    companion.show_hint()
    companion.show_solution()
    companion.show_solution()
    assert "return 0" in texts(companion.box)
    assert list(tmp_path.iterdir()) == []


def test_damaged_progress_does_not_stop_a_hint(workspace, monkeypatch):
    (workspace / PROGRESS).mkdir()
    monkeypatch.setattr(kernel, "_said", set())
    Companion("masked_mean", False, "").show_hint()


def test_the_difference_says_in_words_whose_line_it_is():
    page = difference_html("a < b\nsame", "a > b\nsame")
    assert ">yours</th>" in page
    assert ">solution</th>" in page
    assert "− a &lt; b" in page
    assert "+ a &gt; b" in page


@pytest.fixture
def offered(monkeypatch):
    """Pretend to be in a kernel; collect what is displayed after a check."""
    bundles = []
    monkeypatch.setattr(after_check, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (FAILED, "A hint: mtl-teach hint masked_mean"),
        (PASSED, "Compare with the solution: mtl-teach reveal masked_mean"),
    ],
    ids=["failed", "passed"],
)
def test_a_check_offers_what_fits_also_without_widgets(offered, workspace, result, text):
    listen(result, [""])
    assert offered[0]["text/plain"] == text
    assert text in offered[0]["text/html"]


@pytest.mark.parametrize(
    "check",
    [
        replace(CHECK, verdict=Verdict.GRADER_ERROR),
        replace(CHECK, verdict=Verdict.STUDENT_ERROR, cause=Cause.NOT_STARTED),
    ],
    ids=["the grader failed", "the stub"],
)
def test_nothing_is_offered_where_nothing_helps(offered, workspace, check):
    listen(replace(FAILED, checks=(check,)), [""])
    assert offered == []


def test_hints_end_with_the_last(workspace):
    assert [after_check.next_hint("masked_mean", shown).number for shown in range(5)] == [1, 2, 3, 3, 3]
