"""After a check: hints one at a time, the solution once passed or given up, and both recorded."""

import re
from dataclasses import replace

import ipywidgets
import pytest

from autograder import exercises, kernel
from autograder.exercises import Order
from autograder.results import Cause, CheckResult, ExerciseResult, UsageError, Verdict
from mtl_teach.learn.lesson import after_check
from mtl_teach.learn.lesson.after_check import Companion, listen
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS

CHECK = CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "The value is right.", "It is not.")
FAILED = ExerciseResult("masked_mean", "Mean", "05_missing_labels", (CHECK,))
PASSED = replace(FAILED, checks=(replace(CHECK, verdict=Verdict.PASSED, points=2.0),))
ORDER = Order(
    ("kept = torch.where(mask, values, 0.0)", "count = mask.sum().clamp(min=1)", "return kept.sum() / count"),
    ("kept = values * mask", "return kept.mean()"),
    "def masked_mean(values, mask):\n    {lines}\n",
)
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
    return " ".join(str(getattr(box, name, "")) for name in ("value", "description", "title"))


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


def ordered(monkeypatch, answer_of="masked_mean"):
    """An exercise whose last hint are three lines and two wrong ones."""
    one = replace(exercises.load(answer_of), order=ORDER)
    monkeypatch.setattr("autograder.catalogue.load", lambda name: one)
    return one


def test_hints_are_where_to_look_the_concept_and_lines_to_put_in_order(row, monkeypatch, opened):
    ordered(monkeypatch)
    companion = Companion("masked_mean", False, "")
    for _ in range(3):
        companion.hint.click()
    nudge, concept, lines = companion.box.children[-1].children
    assert "<strong>Hint 1 of 3: where to look</strong><p>Two questions decide this exercise" in nudge.value
    assert "<strong>Hint 2 of 3: the concept</strong><p>An unobserved entry may hold anything" in concept.value
    assert "any arithmetic. The mean is over" in concept.value  # lines are put together
    assert ['class="mtl-hint"' in message.value for message in (nudge, concept)] == [True] * 2
    assert lines.title.startswith("<strong>Hint 3 of 3: lines to put in order.</strong> Put 3 of these 5 lines")
    assert sorted(lines.lines) == sorted([*ORDER.lines, *ORDER.wrong])
    assert (lines.before, [state["focus_wanted"] for state in opened()]) == ("def masked_mean(values, mask):", [1])
    assert row()["hints"] == 3


def test_where_there_are_no_lines_the_way_is_shown_as_it_is_written(row, monkeypatch):
    moved = []
    monkeypatch.setattr(after_check, "focus", moved.append)
    companion = Companion("source_exercise_1", False, "")
    for _ in range(3):
        assert moved == []
        companion.hint.click()
    assert moved == [companion.solution]  # the button of the hints has no more to give, and would take the focus along
    way = companion.box.children[-1].children[-1].value
    assert "<strong>Hint 3 of 3: the way</strong><pre" in way
    assert "what the clicks add:         1 times 0.2 is 0.2\nwhat the conversions add:" in way


def lines_of(companion):
    return next((one for one in companion.box.children[-1].children if hasattr(one, "arranged")), None)


def arrange(widget, lines, tried=False):
    """Put these lines in order, as the browser's part does."""
    inside = [widget.lines.index(line) for line in lines]
    outside = [place for place in range(len(widget.lines)) if place not in inside]
    widget._handle_custom_msg({"inside": inside, "outside": outside, "sent": widget.heard + 1, "tried": tried}, [])


def test_an_order_is_tried_with_the_checks(row, monkeypatch):
    ordered(monkeypatch)
    companion = Companion("masked_mean", False, "")
    for _ in range(3):
        companion.hint.click()
    lines = lines_of(companion)
    arrange(lines, [ORDER.wrong[0], *ORDER.lines[1:]], tried=True)
    assert lines.said.startswith("With these lines the check “")
    assert "One of the mistakes" not in lines.said
    arrange(lines, [ORDER.wrong[0], *ORDER.lines[1:]], tried=True)
    assert lines.said.endswith("One of the mistakes is among your lines.")
    arrange(lines, ORDER.lines, tried=True)
    assert lines.said.startswith("Right: with these lines in this order every check passes.")
    assert lines.done
    assert row()["attempts"] == 0  # nothing that was put together is the learner's own


def test_lines_are_shown_again_as_they_were_left_until_they_are_right(row, monkeypatch):
    ordered(monkeypatch)
    first = Companion("masked_mean", False, "")
    for _ in range(3):
        first.hint.click()
    assert lines_of(Companion("masked_mean", False, "")) is None  # untouched
    arrange(lines_of(first), ORDER.lines[:2])
    again = Companion("masked_mean", False, "")
    assert [lines_of(again).lines[place] for place in lines_of(again).inside] == list(ORDER.lines[:2])
    assert lines_of(again).focus_wanted == 0
    assert lines_of(Companion("masked_mean", True, "")) is None
    for _ in range(3):
        again.hint.click()
    assert lines_of(again).focus_wanted == 1
    assert [hasattr(one, "arranged") for one in again.box.children[-1].children] == [False, False, True]
    arrange(lines_of(again), ORDER.lines, tried=True)
    assert lines_of(Companion("masked_mean", False, "")) is None


def test_without_its_kernel_a_notebook_shows_the_lines_as_they_were_left(offered, workspace, monkeypatch):
    ordered(monkeypatch)
    companion = Companion("masked_mean", False, "")
    for _ in range(3):
        companion.hint.click()
    arrange(lines_of(companion), ORDER.lines[:2])
    offered.clear()
    listen(FAILED, [""])
    twin = offered[0]["text/html"]
    assert "Run this cell to check again." in twin
    assert re.findall(r"<li><pre[^>]*>(.*?)</pre>", twin) == list(ORDER.lines[:2])


def test_lines_are_tried_by_their_numbers_which_is_recorded_as_the_last_hint(row, monkeypatch):
    one = ordered(monkeypatch)
    pieces = after_check.ordering.resume(one.id, ORDER).pieces
    numbers = [pieces.index(line) + 1 for line in ORDER.lines]
    assert not after_check.try_lines("masked_mean", "1 2").right
    assert after_check.try_lines("masked_mean", ",".join(map(str, numbers))).right
    assert row()["hints"] == 3


@pytest.mark.parametrize("numbers", ["", ",", "0,1", "1,1", "6", "1,x", "-1", "²", "1.5", "1,1000000"])
def test_numbers_of_no_lines_are_refused(workspace, monkeypatch, numbers):
    ordered(monkeypatch)
    with pytest.raises(UsageError, match="takes numbers of lines, from 1 to 5, each at most once, as in 3,1,4; got"):
        after_check.try_lines("masked_mean", numbers)


def test_an_exercise_without_lines_says_so(workspace):
    with pytest.raises(UsageError, match="`source_exercise_1` has no lines to put in order"):
        after_check.try_lines("source_exercise_1", "1,2")


def test_the_hint_button_names_the_next_hint_and_ends_with_the_last(row):
    companion = Companion("masked_mean", False, "")
    seen = []
    for _ in range(3):
        companion.hint.click()
        seen.append((companion.hint.description, companion.hint.disabled))
    assert seen == [("Hint 2 of 3", False), ("Hint 3 of 3", False), ("Hint 3 of 3", True)]


def test_buttons_go_below_each_other_where_there_is_no_room(row):
    assert Companion("masked_mean", False, "").box.children[0].layout.flex_flow == "row wrap"


def test_a_failed_check_has_the_hint_first_and_a_passed_one_the_solution_alone(row):
    def buttons(passed):
        companion = Companion("masked_mean", passed, "")
        names = {id(companion.hint): "hint", id(companion.solution): "solution"}
        return [names[id(button)] for button in companion.box.children[0].children]

    assert (buttons(False), buttons(True)) == (["hint", "solution"], ["solution"])


@pytest.mark.parametrize("shown", [1, 2])
def test_the_next_check_goes_on_with_the_next_hint(row, shown):
    first = Companion("masked_mean", False, "")
    for _ in range(shown):
        first.show_hint()
    second = Companion("masked_mean", False, "")
    assert second.hint.description == f"Hint {shown + 1} of 3"
    second.show_hint()
    assert f"Hint {shown + 1} of 3:" in texts(second.box)
    assert row()["hints"] == shown + 1


def test_who_has_seen_all_hints_may_read_them_again_from_the_first(row):
    first = Companion("masked_mean", False, "")
    for _ in range(3):
        first.show_hint()
    again = Companion("masked_mean", False, "")
    assert again.hint.description == "Hint 1 of 3"
    again.show_hint()
    assert "Hint 1 of 3:" in texts(again.box)
    assert "Hint 2 of 3:" not in texts(again.box)
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
    assert "Press once more to see the solution. That is recorded for yourself only" in texts(companion.box)
    assert (companion.solution.description, companion.solution.disabled) == ("Really show the solution", False)
    companion.solution.click()
    assert "return 0" in texts(companion.box)
    assert "return 1" in texts(companion.box)
    assert (row()["gave_up"], bool(row()["revealed"]), companion.solution.disabled) == (1, True, True)


def test_a_hint_between_the_two_presses_changes_nothing(row, solved):
    companion = Companion("masked_mean", False, "")
    companion.solution.click()
    companion.hint.click()
    assert companion.solution.description == "Really show the solution"
    companion.solution.click()
    assert "return 0" in texts(companion.box)


def test_after_passing_the_solution_is_one_press_away_and_no_hints_are_offered(row, solved):
    companion = Companion("masked_mean", True, "def masked_mean(values, mask):\n    return 1")
    assert companion.hint not in companion.box.children[0].children
    companion.solution.click()
    assert "Your code (−) and the commented solution (+)" in texts(companion.box)
    assert row()["gave_up"] == 0
    assert row()["revealed"]


def test_who_gave_up_once_is_not_asked_again(row, solved, workspace):
    Progress(workspace / PROGRESS).record_reveal("masked_mean", gave_up=True)
    companion = Companion("masked_mean", False, "")
    assert companion.solution.description == "Compare with the commented solution"
    companion.solution.click()
    assert "return 0" in texts(companion.box)


def test_who_passed_once_does_not_give_up_when_the_solution_is_wanted_after_a_failed_try(row, solved, workspace):
    Progress(workspace / PROGRESS).record_check(PASSED)
    companion = Companion("masked_mean", False, "")
    assert companion.solution.description == "Compare with the commented solution"
    assert companion.hint in companion.box.children[0].children
    companion.solution.click()
    assert "return 0" in texts(companion.box)
    assert (row()["gave_up"], bool(row()["revealed"])) == (0, True)


def test_the_solution_may_be_seen_once_passed_or_given_up():
    blank = Progress.blank("masked_mean")
    rows = (blank, blank | {"attempts": 9, "revealed": "x"}, blank | {"first_pass": "x"}, blank | {"gave_up": 1})
    assert [after_check.may_reveal(one) for one in rows] == [False, False, True, True]


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
    companion = Companion("masked_mean", False, "")
    companion.show_hint()
    assert "Hint 1 of 3:" in texts(companion.box)
    assert companion.hint.description == "Hint 2 of 3"


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


def test_nothing_is_offered_after_a_question_of_a_quick_test(offered, workspace):
    listen(replace(FAILED, exercise="quick-05-1"), [""])
    assert offered == []


def test_a_check_is_saved_and_its_answer_is_what_the_solution_is_compared_with(offered, row, solved, monkeypatch):
    made = []
    monkeypatch.setattr(after_check, "Companion", lambda *args: made.append(args) or Companion(*args))
    listen(FAILED, ["def f(): ...", "x = 1"])
    listen(PASSED, ["def f(): ..."])
    assert made == [("masked_mean", False, "def f(): ...\n\nx = 1"), ("masked_mean", True, "def f(): ...")]
    assert (row()["attempts"], row()["answer"]) == (2, "def f(): ...")


def test_outside_a_notebook_a_check_is_saved_and_offers_nothing(row, monkeypatch):
    monkeypatch.setattr("IPython.display.display", lambda *args, **rest: 1 / 0)
    listen(FAILED, ["x"])
    assert row()["attempts"] == 1


def test_hints_end_with_the_last(workspace):
    hints = [after_check.next_hint("masked_mean", shown) for shown in range(5)]
    assert [hint.number for hint in hints] == [1, 2, 3, 3, 3]
    assert [hint.text for hint in hints[:2]] == list(exercises.load("masked_mean").hints)
    assert [hint.lines is None for hint in hints] == [True, True, False, False, False]
    assert {hint.out_of for hint in hints} == {3}
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["hints"] == 3
