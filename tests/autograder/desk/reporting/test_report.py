"""The whole report: rates over those who began, sets in order, the worst first, and nobody's words without names."""

import copy
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import exercises
from autograder.desk.reporting.page import as_html
from autograder.desk.reporting.report import MISSING, report
from autograder.desk.reporting.terminal import as_lines
from autograder.gradebook import enter
from autograder.gradebook.by_hand import Mark, save, standings
from autograder.grading.course import ZERO
from autograder.grading.record import UNGRADABLE
from autograder.grading.review import settle
from autograder.results import STUB_LEFT, Cause, Verdict
from tests.autograder.by_hand import checked, graded, result
from tests.autograder.conftest import NAME, with_answer
from tests.autograder.desk.reporting.small_class import (
    FIRST,
    MEAN,
    QUICK,
    SECOND,
    SET,
    TOTAL,
    WRONG,
    chose,
    hand_in,
    not_begun,
    right,
    small_course,
    wrong,
)

IDS = [check.id for check in exercises.load("masked_mean").checks]
WHY = "why-masking"
NOT_STARTED = {"summary": STUB_LEFT, "cause": Cause.NOT_STARTED}


def outcome(passed, misconception="", **told):
    """An answer that passes some checks; the first of the others fails, for a reason, and the rest are skipped."""
    checks, verdict, more = [], Verdict.FAILED, {"misconception": misconception, **told}
    for check in exercises.load("masked_mean").checks:
        if check.id in passed:
            checks.append(checked(Verdict.PASSED, check.id, check.points))
        else:
            checks.append(checked(verdict, check.id, check.points, **more))
            verdict, more = Verdict.SKIPPED, {}
    return result(*checks)


@pytest.fixture
def class_(course, released):
    """Six hand in: all right; two with one mistake, one with another; one that did not begin; one not to be read."""
    answers = {
        "ada": outcome(IDS),
        "bob": outcome(IDS[1:], "divides_by_everything"),
        "cleo": outcome(IDS[:1], "multiplies_by_the_mask"),
        "dan": outcome(IDS[:1], "multiplies_by_the_mask"),
        "eve": outcome([], **NOT_STARTED),
    }
    for student, answer in answers.items():
        graded(course, student, copy.deepcopy(released), answer)
    graded(course, "fay", b"{", outcome(IDS), status=UNGRADABLE, reason="odd")
    return course


def items(course, *wanted, **how):
    return [item for one in report(course, *wanted, **how).sets for item in one.exercises]


def named(item):
    return [(one.id, one.count) for one in item.misconceptions]


def test_counts_and_rates_are_over_those_who_began(class_):
    (item,) = items(class_)
    assert (item.exercise, item.title) == ("masked_mean", "Mean of the observed entries")
    assert (item.handed_in, item.started, item.right) == (5, 4, 1)
    # 9 points each: all, all but the first check's 2, and twice the first check's 2
    assert item.mean_share == round((9 + 7 + 2 + 2) / 36, 4) == 0.5556
    assert [check.id for check in item.checks] == IDS
    assert [check.pass_rate for check in item.checks] == [0.75, *[0.5] * 6]
    assert item.checks[0].sentence == "The value is right."


def test_mistakes_are_counted_by_student_the_most_frequent_first(class_):
    assert named(items(class_)[0]) == [("multiplies_by_the_mask", 2), ("divides_by_everything", 1)]


def test_somebody_with_two_mistakes_counts_for_both(class_, released):
    mistakes = {"misconception": "multiplies_by_the_mask"}, {"misconception": "detached"}
    checks = (
        checked(Verdict.FAILED, check, 1.0, **more)
        for check, more in zip(("test_missing_values", "test_gradient"), mistakes)
    )
    graded(class_, "gus", copy.deepcopy(released), result(*checks))
    assert named(items(class_)[0]) == [("multiplies_by_the_mask", 3), ("divides_by_everything", 1), ("detached", 1)]


def test_where_nobody_began_there_is_no_rate(course, released):
    graded(course, "eve", released, outcome([], **NOT_STARTED))
    (item,) = items(course)
    assert (item.handed_in, item.started, item.mean_share) == (1, 0, None)
    assert {check.pass_rate for check in item.checks} == {None}
    assert item.misconceptions == ()


def test_where_everybody_failed_the_rate_is_0(course, released):
    graded(course, "ada", released, outcome([]))
    (item,) = items(course)
    assert (item.mean_share, item.checks[0].pass_rate) == (0.0, 0.0)


def test_only_some_submissions_count_when_asked(class_):
    (item,) = items(class_, lambda submission: submission.student in ("ada", "bob"))
    assert (item.handed_in, item.started) == (2, 2)
    assert named(item) == [("divides_by_everything", 1)]


def test_marks_of_written_answers_come_from_the_gradebook(course, released):
    graded(course, "ada", with_answer(released, "right"), outcome(IDS))
    enter.write_gradebook(course)
    found = report(course)
    (written,) = found.sets[0].written
    assert (written.cell, written.max_score, written.waiting, written.mean) == ("why-masking", 4.0, 1, None)
    assert found.marks_missing == ""
    assert report(course, lambda submission: submission.student == "bob").sets == ()


def test_a_written_answer_that_waits_for_review_does_not_wait_for_a_mark(course, released):
    graded(course, "ada", with_answer(released, "right"), outcome(IDS))
    graded(course, "bob", b"{", status=UNGRADABLE, reason="odd")
    enter.write_gradebook(course)
    found = report(course)
    assert (found.for_review, found.sets[0].written[0].waiting) == (1, 1)


def test_what_a_person_decided_waits_no_more_and_is_no_mark_of_a_written_answer(course, released):
    graded(course, "ada", with_answer(released, "right"), outcome(IDS))
    graded(course, "bob", b"{", status=UNGRADABLE, reason="odd")
    settle(course, "bob", "ps05_masks", ZERO, "A photo.")
    enter.write_gradebook(course)
    found = report(course)
    (written,) = found.sets[0].written
    assert (found.for_review, written.waiting, sum(count for _, count in written.marks)) == (0, 1, 0)


@pytest.mark.parametrize("names", [True, False])
def test_what_written_answers_met_is_told_by_the_lines_of_the_source(course, released, names):
    scheme = "**Mark scheme.** 1 point for a claim; 3 points for its reason."
    path = course.root / "source" / NAME / f"{NAME}.ipynb"
    source = json.loads(path.read_text())
    next(cell for cell in source["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == WHY)["source"] = (
        scheme
    )
    path.write_text(json.dumps(source))
    students = {"ada": (1.0, (0,)), "bob": (4.0, (0, 1)), "cleo": (0.0, ()), "dan": (2.5, ())}
    for student in students:
        graded(course, student, with_answer(released, "right"), outcome(IDS))
    enter.write_gradebook(course)
    for student, (score, lines) in students.items():
        seen = standings(course, NAME, WHY)[student].version
        save(course, student, NAME, WHY, Mark(score, "Said to one.", lines), seen)
    found = report(course, names=names).to_dict()["sets"][0]["written"][0]
    assert found["lines"] == (
        {"text": "its reason", "points": 3.0, "met": 1, "share": 0.3333, "least": True},
        {"text": "a claim", "points": 1.0, "met": 2, "share": 0.6667, "least": False},
    )
    assert (found["by_line"], found["without_lines"]) == (3, 1)


# ---- a class of handmade records -----------------------------------------------------------------------------------


def test_sets_are_in_order_with_the_worst_exercise_first(small):
    for student in ("ada", "bob"):
        hand_in(small, student, right(), wrong(exercise=TOTAL, most=4.0))
        hand_in(small, student, chose(FIRST, "C"), chose(SECOND, "A", True), assignment=QUICK)
        hand_in(small, student, right("gone_for_good"), assignment="ps99_gone")
    found = report(small)
    assert [(one.assignment, one.title, one.handed_in) for one in found.sets] == [
        (SET, "Problem set 5: small", 2),
        ("ps99_gone", "ps99_gone", 2),
        (QUICK, "Quick test 5: small", 2),
    ]
    assert [item.exercise for item in found.sets[0].exercises] == [TOTAL, MEAN]
    assert found.sets[0].mean_share == round(9 / 13, 4)
    assert [question.exercise for question in found.sets[2].questions] == [FIRST, SECOND]
    assert found.sets[2].exercises == ()
    assert (found.course, found.students, found.submissions) == ("small", 2, 6)
    assert found.totals == (0, 0, 0, 0, 0, 0, 0, 2, 0, 0)  # 9 of 13, 1 of 2 and 9 of 9 points: 19 of 24, 79 %


def test_equal_exercises_are_in_the_order_of_the_set_and_what_nobody_began_is_last(small):
    hand_in(small, "ada", wrong("gone_for_good"), wrong(), wrong(exercise=TOTAL), not_begun("delta_m"))
    assert [item.exercise for item in report(small).sets[0].exercises] == [MEAN, TOTAL, "delta_m"]


def test_an_exercise_of_two_sets_is_told_in_each(small):
    hand_in(small, "ada", right())
    hand_in(small, "ada", wrong("sums_up"), assignment="ps06_again")
    assert [[(item.exercise, item.mean_share) for item in one.exercises] for one in report(small).sets] == [
        [(MEAN, 1.0)],
        [(MEAN, 0.0)],
    ]


def test_nothing_handed_in_is_a_report_too(small):
    found = report(small)
    assert (found.students, found.sets, found.monday, sum(found.totals)) == (0, (), (), 0)


def test_without_a_gradebook_the_rest_is_told(small):
    hand_in(small, "ada", right())
    found = report(small)
    assert found.marks_missing == MISSING
    assert str(small.root) not in json.dumps(found.to_dict())


def test_progress_beside_a_notebook_is_counted(small):
    for student in ("ada", "bob"):
        hand_in(small, student, right())
    row = {"id": MEAN, "attempts": 4, "minutes": 11.0, "first_pass": "2026-01-01T00:00:00"}
    path = small.root / "submitted" / "ada" / SET / "progress.json"
    path.write_text(json.dumps({"format": "mtl-teach progress", "exercise": [row]}))
    (one,) = report(small).sets
    assert one.progress == 1
    assert (one.exercises[0].attempts.students, one.exercises[0].attempts.attempts) == (1, 4)


def test_a_thousand_students_are_no_other_than_ten(small):
    answers = [right(), wrong("sums_up"), wrong("", "aaaaaaaaaaaa"), not_begun()]
    for number in range(1_000):
        hand_in(small, f"s{number}", answers[number % 4], answers={MEAN: WRONG})
    (item,) = items(small)
    assert (item.handed_in, item.started, item.right) == (1_000, 750, 250)
    assert (item.misconceptions[0].count, item.clusters[0].count, item.styles.different) == (250, 250, 1)


# ---- without names -----------------------------------------------------------------------------------------------

MARKER = "Qzwx"
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(lambda text: f"{text}{MARKER}")


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=words)
def test_without_names_no_word_of_a_student_is_in_the_data_or_on_the_page(tmp_path, text):
    """Every place in which a student can write holds a marker, and so does everything by which people are known."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    ids = [f"{MARKER.lower()}{number}" for number in range(3)]
    course = small_course(folder, "".join(f"{one},{MARKER},Other{MARKER}\n" for one in ids))
    quoted = ascii(text)
    code = f"# {MARKER}\ndef masked_mean(values, my_{MARKER}):\n    {quoted}\n    return values[{quoted}]  # {MARKER}\n"
    said = {"got": text, "summary": f"It raised ValueError: {text}", "difference": text}
    for student in ids:
        hand_in(
            course,
            student,
            wrong("sums_up", **said),
            wrong("", "aaaaaaaaaaaa", exercise=TOTAL, most=4.0, **said),
            answers={MEAN: code, TOTAL: code.replace("masked_mean", "weighted_total")},
            outside=[text],
            said=[text],
            cells={MEAN: {"printed": text, "error": text}},
        )
        hand_in(course, student, chose(FIRST, "C"), chose(SECOND, "-"), assignment=QUICK, answers={SECOND: text})
        progress = {
            "format": "mtl-teach progress",
            "exercise": [{"id": MEAN, "attempts": 1, "minutes": 1.0}],
            "x": text,
        }
        (course.root / "submitted" / student / SET / "progress.json").write_text(json.dumps(progress))
    named = f'[wrong.{TOTAL}.aaaaaaaaaaaa]\ntitle = "As {MARKER} did"\nmessage = "Like {ids[0]}."\n'
    (course.root / "names.toml").write_text(named)
    found = report(course, names=False)
    for told in (json.dumps(found.to_dict(), ensure_ascii=False), as_html(found), "\n".join(as_lines(found))):
        assert MARKER.lower() not in told.lower()
    (mistake,) = found.sets[0].exercises[1].misconceptions
    assert (mistake.title, mistake.message) == ("As … did", "Like ….")
    assert found.monday[0].code.startswith("def masked_mean(values, name_1):")
    assert found.sets[0].exercises[0].attempts.students == 3
    assert MARKER in json.dumps(report(course).to_dict())
