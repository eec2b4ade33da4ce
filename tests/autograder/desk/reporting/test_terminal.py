"""The report in a terminal."""

from dataclasses import replace

from autograder.desk.reporting.report import report
from autograder.desk.reporting.terminal import NOTHING, as_lines, plain
from autograder.desk.reporting.written import LineMet, Written
from autograder.grading.record import UNGRADABLE
from tests.autograder.desk.reporting.small_class import (
    FIRST,
    MEAN,
    QUICK,
    SET,
    TOTAL,
    chose,
    hand_in,
    right,
    wrong,
)


def lines(course):
    return list(as_lines(report(course)))


def test_a_set_is_a_table_of_checks_and_mistakes_the_worst_exercise_first(small):
    for student in ("ada", "bob"):
        hand_in(small, student, wrong("sums_up"), wrong("", "aaaaaaaaaaaa", exercise=TOTAL, most=4.0, points=3.0))
    found = lines(small)
    assert found[:6] == [
        "Two things to re-teach on Monday:",
        "1. sums up (masked_mean): lesson 5, “The mean over what was observed”",
        "   2 of 2 students, 18 points lost",
        "2. Not met: The value is right. (weighted_total): lesson 1, “One number from many losses”",
        "   2 of 2 students in the same way, 2 points lost",
        "",
    ]
    assert found[6] == f"Problem set 5: small ({SET}): 2 handed in, 23% of the points"
    assert found[7] == f"Mean of the observed entries ({MEAN}): 2 of 2 started, 0% of the points"
    assert found[8] == "    0%  The value is right."
    assert "        2 behave like sums up" in found
    assert "        2 behave alike without a name: aaaaaaaaaaaa" in found


def test_answers_that_fail_in_the_same_way_are_told_from_all_that_fail(small):
    for student in ("ada", "bob"):
        hand_in(small, student, wrong("", "aaaaaaaaaaaa"))
    hand_in(small, "cleo", wrong("", "bbbbbbbbbbbb"))
    found = lines(small)
    assert found[2] == "   2 of 3 students in the same way, 18 points lost"
    assert "        1 is like no other, and without a name: bbbbbbbbbbbb" in found


def test_an_option_is_never_without_its_text(small):
    for student, letter in (("ada", "B"), ("bob", "C"), ("cleo", "C")):
        hand_in(small, student, chose(FIRST, letter, letter == "B"), assignment=QUICK)
    found = lines(small)
    assert found[1] == f"1. Chosen, and wrong: three ({FIRST}): lesson 5"
    assert found[-5:-1] == [
        f"Question 1 ({FIRST}): 1 of 3 right",
        "     0           A  `one`",
        "     1  ✓ right  B  two * two",
        "     2           C  three",
    ]


def test_what_waits_and_what_is_missing_is_said(small):
    hand_in(small, "ada", right())
    hand_in(small, "bob", status=UNGRADABLE)
    hand_in(small, "cleo", right())
    small.record_path("cleo", SET).unlink()
    assert lines(small)[-3:] == [
        "1 could not be graded: `mtl-grade review` lists what waits for a person.",
        "1 has no record that can be read: `mtl-grade run` grades what has none.",
        "Marks of written answers are missing: the gradebook cannot be read. `mtl-grade run` says why.",
    ]


def test_where_all_is_right_there_is_nothing_to_re_teach(small):
    hand_in(small, "ada", right())
    assert lines(small)[0] == "What to re-teach on Monday: nothing, whoever began an exercise has all of it right."


def test_nothing_graded_says_what_to_do(small):
    assert lines(small)[-1] == NOTHING


def test_written_answers_are_one_line(small):
    hand_in(small, "ada", right())
    found = report(small)
    marked = Written("why", "In words", "", 3.0, ((0.0, 1), (1.0, 0), (2.5, 2)), 1, 0, 1.67)
    waiting = Written("why", "In words", "", 3.0, ((0.0, 0),), 2, 3, None)
    told = list(as_lines(replace(found, sets=(replace(found.sets[0], written=(marked, waiting)),))))
    assert "In words, of 3: 1x 0, 2x 2.5; 1 waits for a mark" in told
    assert "In words, of 3: no mark yet; 2 wait for a mark; 3 left empty" in told


def test_the_lines_of_a_mark_scheme_stand_under_their_question(small):
    hand_in(small, "ada", right())
    found = report(small)
    lines = (LineMet("a \\* b", 1.0, 0, 0.0, True), LineMet("a claim", 2.0, 3, 0.75, False))
    marked = Written("why", "In words", "", 3.0, ((2.0, 5),), 0, 0, 2.0, lines, 4, 1)
    told = list(as_lines(replace(found, sets=(replace(found.sets[0], written=(marked,)),))))
    at = told.index("In words, of 3: 5x 2; 1 marked without lines")
    assert told[at + 1 : at + 3] == ["    0%  0 of 4  least met: a * b", "   75%  3 of 4  a claim"]


def test_markdown_is_read_without_its_backslashes():
    assert plain(r"`a * b` is not a \* b\_1") == "`a * b` is not a * b_1"
