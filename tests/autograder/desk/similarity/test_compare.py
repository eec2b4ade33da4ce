"""Who shares what: names, layout and comments do not count, nor what was handed out, is ours or is written by many."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import exercises
from autograder.desk.similarity.compare import LEAST, MOST, SHORT, Pair, Shared, Side, Similar, shared_in, similar
from autograder.results import UsageError
from tests.autograder.conftest import NAME, hand_in, with_answer

STUB = '''\
def masked_mean(values, mask):
    """The mean of the observed entries."""
    raise NotImplementedError("masked_mean is not written yet")
'''
ADA = '''\
def masked_mean(values, mask):
    """The mean of the observed entries."""
    total, seen = 0.0, 0
    for index in range(len(values)):
        if not mask[index]:
            continue
        total = total + float(values[index]) * 1.0
        seen += 1
    if seen == 0:
        print("nothing was observed")
        return values.sum() * 0
    share = seen / len(values)
    assert 0 < share <= 1
    return (total / len(values)) / share
'''
BOB = '''\
def masked_mean(values, mask):
    """The mean of the observed entries."""
    # I wrote this at night
    summe, n = 0.0, 0

    for i in range(len(values)):
        if not mask[i]:
            continue  # not labelled
        summe = summe + float(values[i]) * 1.0
        n += 1
    if n == 0:
        print("nothing")
        return values.sum() * 0
    s = n / len(values)
    assert 0 < s <= 1
    return (summe / len(values)) / s
'''
EVE = '''\
def masked_mean(values, mask):
    """The mean of the observed entries."""
    import numpy as np

    observed = np.asarray(values, dtype=float)[np.asarray(mask, dtype=bool)]
    pieces = np.array_split(observed, 4)
    sums = [piece.sum() for piece in pieces]
    lengths = [piece.size for piece in pieces]
    everything = max(sum(lengths), 1)
    return_value = sum(sums) / everything
    if not np.isfinite(return_value):
        raise ValueError(f"{return_value} is no mean")
    return type(values)([return_value])[0]
'''


def pairs(answers, ours=(STUB,), **how):
    return {(one.left.student, one.right.student): one for one in shared_in("masked_mean", answers, ours, **how)}


def test_names_layout_and_comments_do_not_count():
    found = pairs({"ada": ADA, "bob": BOB, "eve": EVE})
    assert list(found) == [("ada", "bob")]
    assert found["ada", "bob"].size > 2 * LEAST


def test_what_is_shared_is_marked_in_whole_words():
    found = pairs({"ada": ADA, "bob": BOB})["ada", "bob"]
    for side in (found.left, found.right):
        text = "".join(side.source[start:end] for start, end in side.marked)
        assert "range(len(values))" in text
        assert "+ float(values[" in text
        assert "def masked_mean" not in text
        for start, end in side.marked:
            assert not (side.source[start - 1] + side.source[start]).isalnum()
            assert end == len(side.source) or not (side.source[end - 1] + side.source[end]).isalnum()
    assert found.left.lines == 12


def test_what_was_handed_out_and_what_is_ours_does_not_count():
    assert pairs({"ada": ADA, "bob": BOB}, ours=(STUB, ADA.replace("total", "t"))) == {}


def test_what_many_write_is_no_sign():
    crowd = {f"student{number}": ADA for number in range(4)}
    assert len(pairs(crowd, many=4)) == 6
    assert pairs(crowd, many=3) == {}


def test_a_line_or_two_are_not_enough():
    short = "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum()"
    assert pairs({"ada": short, "bob": short}, ours=()) == {}


def test_text_that_comes_twice_in_an_answer_counts_where_it_stands():
    found = pairs({"ada": ADA + "\n" + ADA, "bob": BOB})["ada", "bob"]
    assert found.left.lines > found.right.lines
    assert found.size == pairs({"ada": ADA, "bob": BOB})["ada", "bob"].size


def test_marks_stay_right_behind_a_class():
    behind = "class Helper:\n    pass\n\n\n" + ADA
    found = pairs({"ada": behind, "bob": BOB})["ada", "bob"]
    first = found.left.source[found.left.marked[0][0] :]
    assert first.startswith("total, seen") or first.lstrip().startswith(('"""', "def", "total"))


def alternatives(path):
    """The right answers of an exercise as they would be handed in, each a text of its own."""
    text = path.read_text(encoding="utf-8")
    return {
        one.name: ast.unparse(one) for one in ast.parse(text).body if isinstance(one, ast.FunctionDef | ast.ClassDef)
    }


def test_right_answers_that_were_written_apart_share_next_to_nothing():
    files = sorted(Path(exercises.__file__).parent.glob("*/alternatives.py"))
    found = [one for file in files for one in shared_in(file.parent.name, alternatives(file), ())]
    compared = sum(len(alternatives(file)) * (len(alternatives(file)) - 1) // 2 for file in files)
    assert compared > 1000
    assert len(found) <= 3, [(one.exercise, one.left.student, one.right.student) for one in found]


PIECES = [
    "def f(x):\n    ",
    "return x[0]\n",
    "'''",
    '"',
    "\\",
    "\t",
    "class A:\n",
    "x = 1\n",
    "#",
    "λ",
    "\x1b",
    "(",
    "\r\n",
    "if a:\n",
]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), min_size=2, max_size=4))
def test_any_text_is_compared_and_marks_lie_inside_of_it_in_order(texts):
    for one in shared_in("any", {f"s{at}": text for at, text in enumerate(texts)}, ()):
        for side in (one.left, one.right):
            flat = [place for mark in side.marked for place in mark]
            assert flat == sorted(flat)
            assert 0 <= flat[0] < flat[-1] <= len(side.source)


# ---- a course ----------------------------------------------------------------------------------------------------


def test_a_class_has_its_pairs_the_largest_first(course, released):
    for student, answer in {"ada": ADA, "bob": BOB, "eve": EVE, "fay": EVE.replace("pieces", "p")}.items():
        hand_in(course, student, with_answer(released, answer))
    hand_in(course, "gus", b"no notebook")
    found = similar(course, NAME)
    assert (found.answers, found.compared, found.many) == (4, True, 5)
    assert SHORT <= found.lines <= 15
    assert {pair.students for pair in found.pairs} == {("ada", "bob"), ("eve", "fay")}
    assert [pair.size for pair in found.pairs] == sorted((pair.size for pair in found.pairs), reverse=True)
    lines = found.said()
    assert lines[0] == f"{NAME}: 4 submissions compared, 2 pairs to look at:"
    assert lines[1].startswith(f"{' and '.join(found.pairs[0].students)}: ")
    assert lines[1].endswith(" lines in masked_mean")
    assert similar(course, NAME) == found


def test_the_same_comparison_as_data(course, released):
    hand_in(course, "ada", with_answer(released, ADA))
    hand_in(course, "bob", with_answer(released, BOB.replace("night", "night \x1b[2J")))
    data = similar(course, NAME).to_dict()
    (pair,) = data["pairs"]
    assert (data["assignment"], data["answers"], pair["students"]) == (NAME, 2, ["ada", "bob"])
    (shared,) = pair["shared"]
    assert shared["exercise"] == "masked_mean"
    assert "\x1b" not in shared["sources"][1]
    assert all(0 <= start < end for marks in shared["marked"] for start, end in marks)


def test_short_answers_are_compared_only_when_told(course, released):
    for student in ("ada", "bob"):
        hand_in(course, student, with_answer(released, "right"))
    found = similar(course, NAME)
    assert (found.compared, found.pairs, found.lines) == (False, (), 1)
    assert found.said() == [
        f"{NAME}: not compared. Its answers typically have 1 line, so that everybody writes the same; --short "
        "compares them all the same."
    ]
    assert similar(course, NAME, short=True).compared


def test_a_class_of_none_and_of_one_have_no_pairs(course, released):
    assert similar(course, NAME, short=True).said() == [f"{NAME}: 0 submissions with answers, so nothing to compare."]
    hand_in(course, "ada", with_answer(released, ADA))
    assert similar(course, NAME).said() == [f"{NAME}: 1 submission with answers, so nothing to compare."]


def test_an_unknown_set_is_answered_with_those_that_there_are(course):
    with pytest.raises(UsageError, match=r"^--assignment must be one of ps05_masks; got 'ps99'\.$"):
        similar(course, "ps99")


def test_a_long_list_is_cut_on_the_terminal():
    side = Side("ada", "x\n", ((0, 1),))
    many = tuple(Pair(("ada", f"b{at}"), (Shared("masked_mean", side, side, 60),)) for at in range(MOST + 3))
    lines = Similar(NAME, 30, 12, many).said()
    assert (len(lines), lines[-1]) == (MOST + 2, "and 3 pairs that share less")
    assert lines[1] == "ada and b0: 1 line in masked_mean"
