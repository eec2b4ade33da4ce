"""A written answer: read as it is saved, found by several names, and compared with what it is marked by."""

import pytest

from autograder.results import UsageError
from mtl_teach.learn.lesson import own_text
from mtl_teach.learn.lesson.own_text import text_of, texts
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import PROBLEM_SET, cell, read, write

SLOT = "ps05_missing_labels/why-masking"
ENOUGH = (
    "The mask takes rows without a label out of the loss before it is computed, so that they send no gradient at all."
)


def written_cell(name, source):
    made = cell(name, source, "markdown", graded=True)
    made["metadata"]["nbgrader"] |= {"grade": True, "solution": True}
    return made


def write_answer(workspace, source, name="why-masking", title="In words: why does masking matter here?"):
    """Save an answer in the problem set of lesson 5."""
    page = read(workspace / PROBLEM_SET)
    page["cells"] = [one for one in page["cells"] if one["id"] not in (name, f"about-{name}")]
    page["cells"] += [cell(f"about-{name}", f"### {title}\n*12 minutes*", "markdown"), written_cell(name, source)]
    write(workspace / PROBLEM_SET, page)


@pytest.mark.parametrize(
    ("source", "n_words"),
    [("YOUR ANSWER HERE", 0), ("", 0), ("YOUR ANSWER HERE\n\nOne two.", 2), (ENOUGH, 23), ("a " * 19, 19)],
)
def test_a_text_is_what_is_saved_without_the_line_that_asks_for_it(workspace, source, n_words):
    write_answer(workspace, source)
    text = texts(workspace)[SLOT]
    assert (text.n_words, text.enough) == (n_words, n_words >= 20)
    assert text.part.title == "Why does masking matter here?"
    assert f"ps05_missing_labels.ipynb has {n_words} words of it, and 20 are needed" in text.too_short


@pytest.mark.parametrize("what", [SLOT, "ps05_missing_labels", "why-masking", "ps05", "5", "05"])
def test_an_answer_is_found_by_its_id_its_problem_set_or_its_name(workspace, what):
    write_answer(workspace, ENOUGH)
    assert text_of(workspace, what).part.id == SLOT


@pytest.mark.parametrize("what", ["ps06", "why", "6", "555", "../ps05", ""])
def test_what_is_no_written_answer_is_said_with_those_that_there_are(workspace, what):
    write_answer(workspace, ENOUGH)
    with pytest.raises(UsageError, match=f"No written answer is called `{what}`. Name one of: {SLOT}."):
        text_of(workspace, what)


def test_where_several_are_meant_they_are_named(workspace):
    write_answer(workspace, ENOUGH)
    write_answer(workspace, ENOUGH, "why-not", "Why not?")
    with pytest.raises(UsageError, match=f"Several written answers are called `ps05`. Name one of: {SLOT}, "):
        text_of(workspace, "ps05")
    assert text_of(workspace, "why-not").part.title == "Why not?"


def test_what_each_point_is_for_is_a_question_about_ones_own_text(workspace):
    write_answer(workspace, ENOUGH)
    asked = text_of(workspace, SLOT).questions
    assert len(asked) == 6
    assert asked[0] == "Is this in your text: the formula with all its symbols named?"
    assert asked[1] == "Is this in your text: the total of your own numbers?"


def test_how_far_it_is_stands_in_the_map_and_what_is_done_stays_done(workspace):
    write_answer(workspace, ENOUGH)
    saved = Progress(workspace / PROGRESS)
    own_text.begun(text_of(workspace, SLOT))
    assert saved.written() == {SLOT: "begun"}
    own_text.done(text_of(workspace, SLOT))
    assert text_of(workspace, SLOT).part.state == "done"
    own_text.begun(text_of(workspace, SLOT))
    assert saved.written() == {SLOT: "done"}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([True, True, True], "You found all 3 in your text. The model answer shows whether it means the same."),
        ([True, False, False], "You found 1 of 3 in your text. Look in the model answer for number 2, 3, and add"),
        ([False, False, False], "You found 0 of 3 in your text. Look in the model answer for number 1, 2, 3, and add"),
    ],
)
def test_the_learner_is_told_what_to_look_for(answers, said):
    assert own_text.verdict(["a?", "b?", "c?"], answers).startswith(said)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo\n\nthree", ["one two", "", "three"]),
        ("1. one\n   more\n2. two", ["1. one more", "2. two"]),
        ("- one\n- two\n  more\n\nend", ["- one", "- two more", "", "end"]),
        ("| a | b |\n| 1 | 2 |", ["| a | b |", "| 1 | 2 |"]),
        ("3. **Sign-up:** 2**3 and 4**2, **so**", ["3. Sign-up: 2**3 and 4**2, so"]),
        ("", []),
    ],
)
def test_lines_that_a_page_broke_are_put_together_and_items_stay_apart(text, lines):
    assert own_text.flowing(text).splitlines() == lines
