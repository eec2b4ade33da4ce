"""What a page says: the mark, what to do next, and of every part what went wrong, in the words of its checks."""

from dataclasses import replace

import pytest

from autograder.exercises import load as load_exercise
from autograder.gradebook.feedback.asked import Asked, Question
from autograder.gradebook.feedback.entered import Given
from autograder.gradebook.feedback.page import Page, State, anchor_of, page_of
from autograder.grading.record import GRADER_ERROR, UNGRADABLE
from autograder.quizzes.question import load
from autograder.results import Cause, Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.gradebook.feedback.samples import (
    ASKED,
    FULL,
    NOT_BEGUN,
    WRONG,
    entry_of,
    notebook_with,
    record_of,
)

READING = "lesson 5, “The mean over what was observed”"


def page(*results, entry=None, notebook=None, told=None, **more) -> Page:
    book = more.pop("book", "")
    made = record_of(*(results or (WRONG,)), **more)
    notebook = notebook or notebook_with()
    return page_of(made, ASKED, entry or entry_of(), notebook, told=told, course="mtl", book=book)


# ---- the mark --------------------------------------------------------------------------------------------------


def test_the_mark_is_what_counts_and_what_waits_is_said():
    shown = page(entry=entry_of(score=2.0, penalty=0.5))
    assert (shown.score, shown.raw_score, shown.penalty, shown.max_score) == (1.5, 2.0, 0.5, 13.0)
    assert shown.waiting_points == 4.0
    assert (shown.student, shown.course, shown.title) == ("Ada Lovelace", "mtl", "Problem set 5: masks")


def test_a_penalty_never_leads_below_zero():
    assert page(entry=entry_of(score=2.0, written=0.0, penalty=5.0)).score == 0.0


def test_a_person_without_a_name_is_shown_by_id():
    assert page(entry=entry_of(name="")).student == "ada"


def test_what_could_not_be_graded_waits_and_is_no_zero():
    shown = page(entry=entry_of(score=None), status=UNGRADABLE, reason="the file is not a notebook", exercises={})
    assert shown.score is None
    assert shown.waiting_points == 13.0
    assert "could not be graded automatically: the file is not a notebook. A person looks" in shown.looking[0]
    assert "save it as ps05_masks.ipynb and hand it in once more" in shown.then.sentence
    assert not any(part.has_details for part in shown.parts)


def test_a_failure_of_ours_says_nothing_of_its_inside():
    shown = page(entry=entry_of(score=None), status=GRADER_ERROR, reason="KeyError: 'secret'", exercises={})
    assert "for a reason of its own and not of yours" in shown.looking[0]
    assert "you need not do anything" in shown.then.sentence
    assert "KeyError" not in repr(shown)


def test_a_zero_that_a_person_gave_is_one():
    shown = page(entry=entry_of(0.0, 0.0, by_hand=True, why="Nothing of it is yours."), status=UNGRADABLE, exercises={})
    assert (shown.score, shown.looking) == (0.0, ())
    assert [part.state for part in shown.parts] == [State.MARKED, State.MARKED]
    assert shown.parts[1].comment == "Nothing of it is yours."
    assert shown.then.sentence == "Read what was said about this one:"


# ---- what to do next -------------------------------------------------------------------------------------------


def test_the_first_thing_to_fix_comes_with_its_reason_and_where_to_read():
    then = page(book="https://e.org/book/").then
    assert (then.sentence, then.part, then.detail) == ("Fix this first:", 0, "That is the sum of all: divide.")
    assert then.reading.words == READING
    assert then.reading.address == "https://e.org/book/05_missing_labels.html#the-mean-over-what-was-observed"


def test_without_a_book_the_place_is_named_and_nothing_is_linked():
    assert (page().then.reading.words, page().then.reading.address) == (READING, "")


@pytest.mark.parametrize(
    ("results", "entry", "notebook", "sentence", "part"),
    [
        pytest.param(NOT_BEGUN, entry_of(0.0, 0.0), None, "This is still open:", 0, id="one is open"),
        pytest.param(
            NOT_BEGUN, entry_of(0.0, None), notebook_with(written=""), "This is still open:", 0, id="a person reads one"
        ),
        pytest.param(FULL, entry_of(9.0, 4.0), None, "Nothing: everything is right.", None, id="all is right"),
        pytest.param(
            FULL, entry_of(9.0, 3.0), None, "Read what was said about this one:", 1, id="a person took points"
        ),
    ],
)
def test_what_to_do_next(results, entry, notebook, sentence, part):
    then = page(results, entry=entry, notebook=notebook).then
    assert (then.sentence, then.part) == (sentence, part)


def test_where_only_a_person_is_awaited_there_is_nothing_to_do():
    assert page(FULL, entry=entry_of(9.0)).then.sentence.startswith("Nothing: all checks passed.")


# ---- an exercise -----------------------------------------------------------------------------------------------


def test_what_failed_has_its_input_its_mistake_and_what_differs():
    (part, _) = page().parts
    (problem,) = part.problems
    assert (part.state, part.title, part.checks) == (State.WRONG, "A mean", 3)
    assert problem.sentences == ("The mean is over what is observed.",)
    assert (problem.mistake, problem.message) == ("sum of all", "That is the sum of all: divide.")
    assert problem.rows == (
        ("values", (("[1, 9, 6]", False),)),
        ("mask", (("[True, False, True]", False),)),
        ("expected", (("[3.5, 1]", False),)),
        ("your answer", (("[", False), ("16", True), (", 1]", False))),
        ("largest difference", (("12.5", False),)),
    )
    assert problem.inputs == 2
    assert (part.passed, part.later) == (("It is one number.",), ("The gradient is right.",))
    assert part.question == "What do you divide by?"
    assert len(part.hints) == 2


def test_the_lines_to_put_in_order_are_no_hint_of_a_page():
    lines = load_exercise("masked_mean").order.lines
    assert not [line for line in lines if line in repr(page())]


@pytest.mark.parametrize(
    ("cause", "summaries"),
    [
        pytest.param(Cause.MISSING, ("The cell stops with X", "The cell stops with X"), id="the cell stopped"),
        pytest.param(Cause.TIMEOUT, ("Stopped within 0.5 s", "Stopped within 5 s"), id="a loop without end"),
        pytest.param(Cause.RAISED, ("Your code raised X", "Your code raised X"), id="the same error"),
    ],
)
def test_what_stops_several_checks_is_said_once(cause, summaries):
    checks = [
        checked(Verdict.STUDENT_ERROR, f"test_{n}", sentence=f"S{n}.", summary=summary, cause=cause)
        for n, summary in enumerate(summaries)
    ]
    (problem,) = page(result(*checks)).parts[0].problems
    assert (problem.sentences, problem.summary) == (("S0.", "S1."), summaries[0])


def test_two_wrong_values_are_two_problems():
    checks = [checked(Verdict.FAILED, f"test_{n}", summary="Not so.", cause=Cause.WRONG) for n in range(2)]
    assert len(page(result(*checks)).parts[0].problems) == 2


def test_what_the_tutor_says_of_a_behaviour_stands_at_the_first_problem_and_comes_first():
    checks = [checked(Verdict.FAILED, f"test_{n}", summary=f"Not {n}.", cause=Cause.WRONG) for n in range(2)]
    shown = page(result(*checks), told={"masked_mean": "Mind the mask.", "delta_m": "Not here."})
    assert [one.tutor for one in shown.parts[0].problems] == ["Mind the mask.", ""]
    assert (shown.then.part, shown.then.detail, shown.parts[0].remark) == (0, "Mind the mask.", "")
    both = page(told={"masked_mean": "Mind the mask."})
    assert (both.then.detail, both.parts[0].problems[0].message) == (
        "Mind the mask.",
        "That is the sum of all: divide.",
    )


def test_what_the_tutor_says_of_a_right_answer_is_a_remark_that_costs_nothing():
    shown = page(FULL, entry=entry_of(9.0, 4.0), told={"masked_mean": "Shorter: `mean`."})
    part = shown.parts[0]
    assert (part.remark, part.state, part.given.score) == ("Shorter: `mean`.", State.RIGHT, 9.0)
    assert (shown.then.sentence, shown.then.part) == (
        "Everything is right. Read what your tutor says about this one:",
        0,
    )


def test_a_hint_at_the_idea_is_kept_back_where_the_cell_did_not_run():
    stopped = checked(Verdict.STUDENT_ERROR, summary="The cell stops with X", cause=Cause.MISSING)
    part = page(result(stopped, question="What do you divide by?")).parts[0]
    assert (part.question, part.hints, part.reading) == ("", (), None)


def test_the_line_that_stopped_is_found_only_where_it_reads_as_the_error_says():
    code = "import torch\nimport nothing_of_this_name\n"
    said = "ImportError: No module named 'nothing_of_this_name' (line {}: `import nothing_of_this_name`)"
    for line, found in ((2, 2), (1, 0), (99, 0)):
        cells = {"masked_mean": {"printed": "", "error": said.format(line)}}
        part = page(notebook=notebook_with(code), cells=cells).parts[0]
        assert (part.wrong_line, part.error) == (found, said.format(line))


def test_an_answer_that_is_not_begun_is_told_what_will_be_checked():
    cells = {"masked_mean": {"printed": "", "error": "NotImplementedError: not yet"}}
    code = "def masked_mean(values, mask):\n    ..."
    part = page(NOT_BEGUN, entry=entry_of(0.0), notebook=notebook_with(code), cells=cells).parts[0]
    assert (part.state, part.problems, part.error) == (State.OPEN, (), "")
    assert part.to_check == ("The value is right.",)
    assert part.reading.words == READING


def test_a_check_that_failed_for_a_reason_of_ours_waits_for_a_person():
    failed = checked(Verdict.GRADER_ERROR, most=9.0, summary="RuntimeError: inside", cause=Cause.GRADER)
    part = page(result(failed), entry=entry_of(None)).parts[0]
    assert part.state is State.WAITING
    assert "for a reason of ours" in part.looking[0]
    assert "RuntimeError" not in repr(part)


def test_a_mark_that_a_person_gave_is_called_so():
    assert page(entry=entry_of(8.0, by_hand=True)).parts[0].state is State.MARKED


def test_an_exercise_that_is_no_longer_in_the_catalogue_is_shown_as_it_was_recorded():
    gone = result(checked(Verdict.FAILED, summary="Not so.", cause=Cause.WRONG), exercise="gone")
    question = Question("check-gone", "gone", "", "", "", True)
    entry = entry_of()
    entry.given["check-gone"] = entry.given["check-masked_mean"]
    made = page_of(record_of(gone), Asked("A", (question,)), entry, None)
    assert made.parts[0].title == "Mean of the observed entries"
    assert made.parts[0].reading.words == "lesson 5"


# ---- a written answer ------------------------------------------------------------------------------------------


def test_a_written_answer_waits_for_a_person_and_shows_what_was_written():
    part = page().parts[1]
    assert (part.state, part.title, part.handed_in, part.code) == (State.WAITING, "In words", "Because.", False)
    assert part.looking == ("A person reads this and gives the points.",)
    assert part.rubric == "The claim (2), the limit (2)."


def test_a_marked_answer_has_its_points_and_the_words_of_the_person():
    part = page(entry=entry_of(written=3.0, why="The limit is missing.")).parts[1]
    assert (part.state, part.given.score, part.comment) == (State.MARKED, 3.0, "The limit is missing.")
    assert part.looking == ()


@pytest.mark.parametrize("written", ["", "  \n", "YOUR ANSWER HERE"])
def test_an_answer_that_was_left_empty_is_called_so(written):
    entry = entry_of(written=0.0)
    entry.given["why-masking"] = Given(0.0, 4.0)
    part = page(entry=entry, notebook=notebook_with(written=written)).parts[1]
    assert (part.state, part.handed_in) == (State.OPEN, "")


# ---- what intake says ------------------------------------------------------------------------------------------


def test_what_a_person_looks_at_stands_where_it_belongs():
    review = [
        {"cell": "why-masking", "reason": "The cell lost its name: look whether it is one"},
        {"cell": "masked_mean", "reason": "The answer became text: look whether it is one"},
        {"cell": "", "reason": "Two notebooks were handed in: look whether it is one"},
        {"cell": "why-masking"},
        "odd",
    ]
    shown = page(review=review, said=["A BOM was taken away.", 7], outside=["My answer."])
    assert shown.parts[0].looking == ("A person looks at this: The answer became text.",)
    assert shown.parts[1].looking == ("A person looks at this: The cell lost its name.",)
    assert shown.looking == ("A person looks at this: Two notebooks were handed in.",)
    assert (shown.repaired, shown.outside) == (("A BOM was taken away.",), ("My answer.",))


def test_a_notebook_without_the_cell_says_so():
    assert page(notebook=notebook_with(code=None)).parts[0].handed_in is None


def test_the_second_cell_of_a_name_is_not_shown():
    notebook = notebook_with()
    notebook["cells"].append({**notebook["cells"][0], "source": "another = 1"})
    assert page(notebook=notebook).parts[0].handed_in.startswith("def masked_mean")


def test_other_cells_that_printed_or_stopped_are_shown_and_counted():
    cells = {f"cell {n}": {"printed": "x\n", "error": ""} for n in range(100)}
    others = page(cells=cells).others
    assert len(others) == 20
    assert (others[0].name, others[0].printed) == ("cell 0", "x")


# ---- quick tests -----------------------------------------------------------------------------------------------


def quick_page(right):
    names = [f"quick-05-{n}" for n in range(1, 8)]
    asked = Asked(
        "Quick test 5",
        tuple(Question(f"check-{name}", name, f"Question {name[-1]}", "", "", True) for name in names),
    )
    results = [
        result(
            checked(Verdict.PASSED, most=1.0)
            if place < right
            else checked(Verdict.FAILED, most=1.0, misconception="option_B", message="Why not.", cause=Cause.WRONG),
            exercise=name,
        )
        for place, name in enumerate(names)
    ]
    entry = entry_of()
    entry.given.clear()
    entry.given.update({f"check-{name}": Given(float(place < right), 1.0) for place, name in enumerate(names)})
    return page_of(record_of(*results), asked, entry, None)


@pytest.mark.parametrize(
    ("right", "verdict"), [(5, "Passed: 5 right answers are enough."), (4, "Not passed yet: it takes 5 right answers.")]
)
def test_a_quick_test_says_whether_it_is_passed(right, verdict):
    shown = quick_page(right)
    assert (shown.verdict, shown.score, shown.max_score) == (verdict, float(right), 7.0)


def test_a_wrong_letter_has_its_explanation_and_no_name():
    (problem,) = quick_page(6).parts[6].problems
    assert (problem.mistake, problem.message) == ("", "Why not.")
    assert load("quick-05-1").right not in (problem.mistake, problem.message)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("The mean over what was observed", "the-mean-over-what-was-observed"),
        ("Reading exercise 1: what an average was taken over", "reading-exercise-1-what-an-average-was-taken-over"),
        ("Où λ = 0.5?", "ou-0-5"),
    ],
)
def test_an_anchor_is_the_one_that_the_book_has(heading, anchor):
    assert anchor_of(heading) == anchor


def test_a_student_with_personal_numbers_sees_their_own_question():
    exercise = "source_exercise_1"
    question = Question(f"check-{exercise}", exercise, "By hand", "The published numbers.", "", True)
    own = load_exercise(exercise).for_student("ada")
    lost = result(
        checked(Verdict.FAILED, summary="`total_loss` is not what comes of these numbers."), exercise=exercise
    )

    def text(**more):
        entry = replace(entry_of(), given={question.cell: Given(0.0, 2.0)})
        return page_of(record_of(lost, **more), Asked("Set", (question,)), entry, notebook_with()).parts[0].text

    assert text(numbers={exercise: dict(own.numbers)}) == own.statement
    assert text(numbers={}) == text() == "The published numbers."
