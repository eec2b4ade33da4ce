"""Answers that are alike are found together, the most frequent first, each group with something to look at."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest

from autograder.desk.clusters import MAX_LINES, as_data, as_text, clusters, not_comparable, styles
from autograder.grading.names import Name, Names, shape_of_answer
from autograder.grading.record import UNGRADABLE
from autograder.results import STUB_LEFT, Cause, Verdict
from tests.autograder.by_hand import FULL, checked, graded, result
from tests.autograder.conftest import ANSWERS, with_answer

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
    assert (clusters(course), styles(course), not_comparable(course), as_text([], {}, HERE)) == ([], [], {}, [])


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
    assert text.endswith("1 more wrong without behaving like anything that can be compared: masked_mean 1.")


def test_without_names_nobody_and_no_comment_is_left(class_, released):
    (class_.root / "submitted" / "ada" / "ps05_masks" / "ps05_masks.ipynb").unlink()
    found = clusters(class_)
    assert "Bob" in found[0].representative
    text = "\n".join(as_text(found, {}, HERE, names=False))
    data = json.dumps([as_data(one, names=False) for one in found])
    for one in ("ada", "bob", "Bob", "cleo"):
        assert one not in text
        assert one not in data
    assert "2 students\n" in text
    assert '"students"' not in data


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
