"""Answers that are alike are found together, the most frequent first, each group with something to look at."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest

from autograder.desk.clusters import (
    MAX_LINES,
    anything_graded,
    as_data,
    as_text,
    clusters,
    not_comparable,
    styles,
    without_names,
)
from autograder.grading.anonymous import People
from autograder.grading.names import Name, Names, shape_of_answer
from autograder.grading.record import UNGRADABLE
from autograder.results import STUB_LEFT, Cause, Verdict
from tests.autograder.by_hand import FULL, checked, graded, result
from tests.autograder.conftest import ANSWERS, hand_in, with_answer

LIKE, OTHER = "a" * 12, "b" * 12
DAY = date(2026, 11, 27)
HERE = Path("my course")
LONG = ANSWERS["wrong"] + "  # by Bob, who writes more"


def wrong(fingerprint, inputs=None, **more):
    """An answer that fails its second check."""
    told = {"sentence": "It is the mean.", "summary": "It is not.", "cause": Cause.WRONG, "inputs": inputs, **more}
    return result(checked(Verdict.PASSED, "test_scalar"), checked(Verdict.FAILED, **told), fingerprint=fingerprint)


@pytest.fixture
def class_(course, released):
    """Ada and Bob are alike, Cleo is alone, Dan makes a known mistake, Eve's is slow, Fay's not begun, Gus's right."""
    answers = {
        "bob": (LONG, wrong(LIKE, {"values": "[1, 2]", "mask": "[True]"}, expected="1", got="2")),
        "ada": (ANSWERS["wrong"], wrong(LIKE, {"values": "[1, 2, 3, 4]", "mask": "[True]"})),
        "cleo": ("def masked_mean(values, mask): return 7", wrong(OTHER)),
        "dan": (ANSWERS["wrong"], wrong("c" * 12, misconception="sum_of_all", message="Divide.")),
        "eve": ("def masked_mean(values, mask):\n    while True: pass", wrong("", cause=Cause.TIMEOUT)),
        "fay": ("", result(checked(Verdict.FAILED, summary=STUB_LEFT, cause=Cause.NOT_STARTED))),
        "gus": (ANSWERS["right"], FULL),
    }
    for student, (answer, said) in answers.items():
        graded(course, student, with_answer(copy.deepcopy(released), answer), said)
    graded(course, "hal", b"{", status=UNGRADABLE, reason="odd")
    return course


def test_what_behaves_alike_stands_together_the_largest_group_first(class_):
    first, second = clusters(class_)
    assert (first.exercise, first.fingerprint, first.students) == ("masked_mean", LIKE, ("ada", "bob"))
    assert (second.fingerprint, second.students, second.name) == (OTHER, ("cleo",), None)


def test_the_shortest_answer_stands_for_all_with_the_smallest_input_of_any(class_):
    first, second = clusters(class_)
    assert first.representative == ANSWERS["wrong"]
    assert first.check.id == "test_value"
    assert first.check.inputs == {"values": "[1, 2]", "mask": "[True]"}
    assert second.check.inputs is None


def test_a_group_has_the_name_that_the_course_gave_it_known_mistakes_as_well(class_):
    name, known = (Name("masked_mean", one, "Sum", "You sum.", DAY) for one in (LIKE, "c" * 12))
    for one in (name, known):
        Names.read(class_).give(one)
    assert [(one.fingerprint, one.name) for one in clusters(class_)] == [(LIKE, name), (OTHER, None), ("c" * 12, known)]


def test_answers_that_never_answered_are_counted(class_):
    assert not_comparable(class_) == {"masked_mean": 1}


def test_right_answers_stand_together_by_their_shape(class_, released):
    renamed = ANSWERS["right"].replace("values", "v")
    graded(class_, "ivy", with_answer(copy.deepcopy(released), renamed), FULL)
    graded(class_, "joe", with_answer(copy.deepcopy(released), "def masked_mean(a, b):\n    return a[b].mean()"), FULL)
    graded(class_, "kim", with_answer(copy.deepcopy(released), "masked_mean = (lambda: "), FULL)
    name = Name("masked_mean", shape_of_answer("masked_mean", renamed), "Fine", "Fine.", DAY, right=True)
    Names.read(class_).give(name)
    first, *others = styles(class_)
    assert (first.exercise, first.students, first.name) == ("masked_mean", ("gus", "ivy"), name)
    assert first.representative == renamed
    assert [one.students for one in sorted(others, key=lambda one: one.students)] == [("joe",), ("kim",)]
    assert [bool(one.fingerprint) for one in sorted(others, key=lambda one: one.students)] == [True, False]


def test_only_some_submissions_are_looked_at_when_asked(class_):
    def wanted(submission):
        return submission.student in ("ada", "gus")

    assert [one.students for one in clusters(class_, wanted)] == [("ada",)]
    assert [one.students for one in styles(class_, wanted)] == [("gus",)]
    assert not_comparable(class_, wanted) == {}


def test_where_nothing_is_graded_there_is_nothing(course):
    assert not anything_graded(course)
    assert (clusters(course), styles(course), not_comparable(course), as_text([], {}, HERE)) == ([], [], {}, [])


def test_something_is_graded_where_one_submission_is(class_):
    assert anything_graded(class_)
    assert not anything_graded(class_, lambda one: one.student == "hal")


def test_a_file_that_was_taken_away_leaves_no_representative(class_):
    (class_.submission("cleo", "ps05_masks").folder / "ps05_masks.ipynb").unlink()
    assert clusters(class_)[1].representative == ""


# ---- as text and as data -------------------------------------------------------------------------------------------


def test_a_terminal_shows_who_what_and_how_to_name_it(class_):
    Names.read(class_).give(Name("masked_mean", OTHER, "Always 7", "Seven is no mean.", DAY))
    text = "\n".join(as_text(clusters(class_), not_comparable(class_), HERE))
    assert text.startswith(
        f"masked_mean {LIKE}  2 students: ada, bob\n    fails: It is the mean.\n    It is not.\n    mask = [True]\n"
        "    values = [1, 2]\n    expected = 1\n    got = 2\n    | def masked_mean(values, mask):\n"
    )
    assert f"name it: `mtl-grade name masked_mean {LIKE} 'what to tell them' --course 'my course'`" in text
    assert f"Named in this course:\n\nmasked_mean {OTHER}  1 student: cleo\n    Always 7: Seven is no mean.\n" in text
    assert f"name masked_mean {OTHER}" not in text
    assert text.endswith("1 more wrong answer did nothing that can be compared: masked_mean (1).")


ADA = People.of(["ada", "bob"], ["Ada Lovelace"])
MARKED = """def masked_mean(values, mask):
    'MARKER of a docstring'
    # MARKER of a comment
    lovelace = mask.sum() + 1
    return 'MARKER of a text' if f'MARKER {mask}' else values.sum() / lovelace"""


def told(found, people=ADA):
    """Everything that is told of some groups without names, as text and as data."""
    shown = [without_names(one, people) for one in found]
    return "\n".join([*as_text(shown, {}, HERE, names=False), json.dumps([as_data(one, names=False) for one in shown])])


@pytest.fixture
def marked(course, released):
    """Ada and Bob are wrong alike and Cleo and Dan right alike, all with words of their own wherever words can be."""
    said = {"summary": "It is 'MARKER of a summary'.", "got": "the string 'MARKER'", "difference": "MARKER"}
    for student in ("ada", "bob"):
        answer = wrong(LIKE, {"values": "[1, 2]", "mask": "[True]"}, expected="1", **said)
        graded(course, student, with_answer(copy.deepcopy(released), MARKED), answer)
    for student in ("cleo", "dan"):
        graded(course, student, with_answer(copy.deepcopy(released), MARKED), FULL)
    return course


def test_without_names_nobody_and_no_word_of_theirs_is_left(marked):
    Names.read(marked).give(Name("masked_mean", LIKE, "As Ada does", "Ask Ada Lovelace.", DAY))
    text = told([*clusters(marked), *styles(marked)])
    for one in ("MARKER", "ada", "bob", "lovelace", "cleo"):
        assert one not in text.casefold().replace("marker", "MARKER")
    assert "2 students\n" in text
    assert '"students"' not in text


def test_without_names_code_numbers_and_what_we_say_stay(marked):
    text = told(clusters(marked))
    for one in ("fails: It is the mean.", "values = [1, 2]", "expected = 1", "got = the string '…'"):
        assert f"    {one}\n" in text
    assert "    | def masked_mean(values, mask):\n    |     name_1 = mask.sum() + 1\n" in text


def test_without_names_nothing_is_shown_that_only_one_student_wrote(class_):
    text = told([one for one in [*clusters(class_), *styles(class_)] if len(one.students) == 1])
    assert "masked_mean bbbbbbbbbbbb  1 student\n    fails: It is the mean.\n    name it:" in text
    assert "    | " not in text


def test_without_names_nothing_is_shown_that_has_numbers_of_its_own(marked):
    record = marked.read_record("ada", "ps05_masks")
    marked.write_record({**record, "numbers": {"masked_mean": {"price": 0.25}}})
    (found,) = clusters(marked)
    assert found.own_numbers
    text = told([found])
    assert "[1, 2]" not in text
    assert "    | " not in text


def test_without_names_code_that_cannot_be_parsed_is_not_shown(marked, released):
    for student in ("ada", "bob"):
        data = with_answer(copy.deepcopy(released), "def masked_mean(:  # MARKER")
        hand_in(marked, student, data)
    assert "MARKER" in clusters(marked)[0].representative
    assert "MARKER" not in told(clusters(marked))


def test_a_long_answer_is_cut_on_a_terminal(class_, released):
    source = "def masked_mean(values, mask):\n" + "    values = values + 1\n" * 50 + "    return values"
    graded(class_, "cleo", with_answer(copy.deepcopy(released), source), wrong(OTHER))
    text = "\n".join(as_text(clusters(class_)[1:], {}, HERE))
    assert text.count("    | ") == MAX_LINES + 1
    assert f"… {52 - MAX_LINES} more lines" in text


def test_right_answers_are_named_with_right_and_have_no_counterexample(class_):
    text = "\n".join(as_text(styles(class_), {}, HERE))
    assert "fails" not in text
    assert "'what to tell them' --right --course 'my course'`" in text


def test_as_data_a_group_has_what_programs_need(class_):
    data = as_data(clusters(class_)[0])
    assert data["check"].pop("inputs") == {"values": "[1, 2]", "mask": "[True]"}
    assert data == {
        "exercise": "masked_mean",
        "fingerprint": LIKE,
        "right": False,
        "count": 2,
        "students": ["ada", "bob"],
        "representative": ANSWERS["wrong"],
        "name": None,
        "check": {
            "id": "test_value",
            "sentence": "It is the mean.",
            "summary": "It is not.",
            "expected": "1",
            "got": "2",
            "difference": "",
        },
    }
    assert "check" not in as_data(styles(class_)[0])
