"""Three things to teach again: by points lost, one of a section, and never more than went wrong."""

from autograder.desk.reporting.gather import gather
from autograder.desk.reporting.items import item_of, points_of
from autograder.desk.reporting.monday import topics_of
from autograder.desk.reporting.quick import question_of
from tests.autograder.desk.reporting.small_class import (
    FIRST,
    MEAN,
    QUICK,
    SET,
    TOTAL,
    WRONG,
    cells_of,
    chose,
    hand_in,
    not_begun,
    right,
    wrong,
)


def topics(course, names=True, book=""):
    gathered = gather(course, names=names)
    keys = sorted(gathered.answers)
    items = [
        (item, key, piles)
        for key in keys
        if key[0] != QUICK
        for item, piles in [item_of(gathered, key, points_of(gathered))]
    ]
    questions = [(question_of(gathered, key, cells_of(QUICK)), key) for key in keys if key[0] == QUICK]
    return topics_of(gathered, items, questions, book)


def told(course, **how):
    return [(one.kind, one.exercise, one.id) for one in topics(course, **how)]


def test_what_lost_most_points_comes_first(small):
    for student in ("ada", "bob"):
        hand_in(small, student, wrong("sums_up"), wrong("forgets", exercise=TOTAL, most=4.0), answers={MEAN: WRONG})
        hand_in(small, student, chose(FIRST, "C"), assignment=QUICK)
    assert told(small) == [
        ("known mistake", MEAN, "sums_up"),
        ("known mistake", TOTAL, "forgets"),
        ("option", FIRST, "C"),
    ]
    first, _, third = topics(small)
    assert (first.count, first.of, first.points_lost, first.message) == (2, 2, 18.0, "About sums_up.")
    assert (first.what, first.title) == ("sums up", "Mean of the observed entries")
    assert first.reading.words == "lesson 5, “The mean over what was observed”"
    assert (first.code, first.counterexample.expected) == (WRONG.strip(), "1")
    assert (third.what, third.question, third.message) == ("three", "Which is it?", "Why C is wrong.")
    assert third.reading.words == "lesson 5"


def test_many_students_with_little_each_may_come_before_few_with_much(small):
    for student in "abcde":
        hand_in(small, f"s{student}", wrong("forgets", exercise=TOTAL, most=4.0))
    for student in "fg":
        hand_in(small, f"s{student}", wrong("sums_up"))
    assert told(small) == [("known mistake", TOTAL, "forgets"), ("known mistake", MEAN, "sums_up")]


def test_one_section_of_a_lesson_comes_once(small):
    for place, mistake in enumerate(["sums_up", "sums_up", "other", "other"]):
        hand_in(small, f"s{place}", wrong(mistake, points=float(place)))
    assert told(small) == [("known mistake", MEAN, "sums_up")]


def test_a_check_that_several_fail_comes_before_what_one_got_wrong(small):
    hand_in(small, "ada", wrong("sums_up"), wrong("", "aaaaaaaaaaaa", exercise=TOTAL, most=4.0))
    hand_in(small, "bob", right(), wrong("", "bbbbbbbbbbbb", exercise=TOTAL, most=4.0))
    found = topics(small)
    assert [(one.kind, one.exercise, one.id) for one in found] == [
        ("check", TOTAL, "test_value"),
        ("known mistake", MEAN, "sums_up"),
    ]
    assert (found[0].count, found[0].of, found[0].points_lost) == (2, 2, 8.0)
    assert found[0].what == "The value is right."


def test_equal_answers_without_a_name_are_a_topic(small):
    for student in ("ada", "bob"):
        hand_in(small, student, wrong("", "aaaaaaaaaaaa"), answers={MEAN: WRONG})
    (found,) = topics(small)
    assert (found.kind, found.id, found.what) == ("unnamed", "aaaaaaaaaaaa", "The value is right.")
    assert found.heading == "Not met: The value is right."
    assert found.code == WRONG.strip()


def test_all_right_or_not_begun_is_nothing_to_teach_again(small):
    hand_in(small, "ada", right())
    hand_in(small, "bob", not_begun())
    assert topics(small) == ()


def test_a_class_of_one_has_its_mistake(small):
    hand_in(small, "ada", wrong("sums_up"), answers={MEAN: WRONG})
    (found,) = topics(small)
    assert (found.id, found.count, found.code) == ("sums_up", 1, WRONG.strip())
    (shared,) = topics(small, names=False)
    assert (shared.id, shared.code, shared.counterexample) == ("sums_up", "", None)


def test_an_exercise_that_is_gone_names_its_lesson_and_a_book_has_an_address(small):
    hand_in(small, "ada", wrong("sums_up", exercise="gone_for_good"), wrong("sums_up"))
    found = {one.exercise: one.reading for one in topics(small, book="https://example.org/book/")}
    assert found["gone_for_good"].words == "lesson 5"
    assert found[MEAN].address.startswith("https://example.org/book/05_missing_labels.html#")


def test_it_is_the_same_every_time(small):
    for student in ("ada", "bob", "cleo"):
        hand_in(small, student, wrong("sums_up"), wrong("forgets", exercise=TOTAL, most=9.0))
    assert told(small) == told(small)
    assert {one.assignment for one in topics(small)} == {SET}
