"""What the course says is found by its words, and nothing that would give an answer away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.quizzes import bank
from mtl_teach.learn.search import Entry, Index, entries_of, index_of, readable
from tests.learn.conftest import LESSON, PROBLEM_SET, RIGHT, cell, notebook, read, write


def entry(title="", text="", names="", kind="lesson", where="lesson 1"):
    return Entry(kind, where, "a.ipynb", "c", title, text, names)


MADE = Index(
    [
        entry("Masked losses", "What a mask hides from the mean."),
        entry("λ has a unit", "The price Δm of a naïve café."),
        entry("Scaling", "Fit the scaler inside the fold.", "TargetScaler masked_loss"),
        entry("", "Regularisation shrinks every weight."),
    ]
)


def titles(words, index=MADE):
    return [hit.entry.title for hit in index.find(words)]


@pytest.mark.parametrize("words", ["mask", "Masks", "masked", "MASKING", "what is a mask?", "losses mask", "mask's"])
def test_every_form_of_a_word_finds_it_the_best_place_first(words):
    assert titles(words)[0] == "Masked losses"


@pytest.mark.parametrize("words", ["λ", "lambda", "Λ", "deltam", "Δm", "naive", "café", "cafe\u0301"])
def test_greek_letters_and_accents_may_be_typed_in_any_way(words):
    assert titles(words) == ["λ has a unit"]


def test_what_the_code_names_is_found():
    assert titles("TargetScaler") == ["Scaling"]
    assert set(titles("masked_loss")) == {"Scaling", "Masked losses"}


def test_the_beginning_of_a_word_finds_it():
    assert titles("regulari") == [""]
    assert titles("Regularising") == [""]


def test_where_nothing_has_all_words_any_of_them_counts():
    assert set(titles("unit scaler")) == {"λ has a unit", "Scaling"}


def test_a_heading_counts_more_than_the_text_under_it():
    index = Index([entry("Other", "weights and weights"), entry("Weights", "something else entirely")])
    assert titles("weight", index)[0] == "Weights"


def test_the_words_around_are_shown_and_what_was_found_is_marked():
    (hit,) = MADE.find("fold")
    assert hit.plain == "Fit the scaler inside the fold."
    assert [text for text, found in hit.excerpt if found] == ["fold"]
    assert hit.entry.link == "a.ipynb#cell-id=c"


def test_no_more_is_given_than_was_asked_for():
    index = Index([entry(f"t{number}", "mask") for number in range(9)])
    assert len(index.find("mask", 3)) == 3


@pytest.mark.parametrize(("words", "near"), [("maks", "mask"), ("Scalling", "scaling"), ("mask", ""), ("qqqqq", "")])
def test_a_word_that_stands_nowhere_is_answered_with_the_nearest(words, near):
    assert MADE.suggestion(words) == near


@given(st.text())
def test_any_characters_may_be_looked_for(words):
    assert isinstance(MADE.find(words), list)
    assert isinstance(MADE.suggestion(words), str)


@pytest.mark.parametrize(
    "words", ["", "***", '"', "mask AND", 'a" OR "b', "NEAR(mask", "title:x", "-mask", "\0", "\ud800", "x" * 10**6]
)
def test_the_search_has_no_language_of_its_own_to_trip_over(words):
    assert isinstance(MADE.find(words), list)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** *em* `code`", "bold em code"),
        ("- one\n- [two](x.ipynb#cell-id=y)", "one two"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ("<details><summary><b>Why?</b></summary>\n\nSo.\n</details>", "Why? So."),
        (r"λ\* and $\lambda^*$, 2 * 3", "λ* and λ*, 2 * 3"),
        ("a < b", "a < b"),
        ("a\x00\x02b", "a b"),
    ],
)
def test_markdown_is_read_as_plain_text(markdown, text):
    assert readable(markdown) == text


# ---- a workspace ------------------------------------------------------------------------------------------------


def test_sections_exercises_questions_and_projects_are_found_at_their_place(workspace):
    cells = [cell("top", "# 5. Missing labels", "markdown"), cell("deep", "Text.\n\n## The zebra\n\nIt", "markdown")]
    write(workspace / LESSON, notebook(*cells, cell("x", "zebra_crossing = 1")))
    page = [cell("p-0", "# P1\n\nZebras.", "markdown")]
    write(workspace / "projects/P1_house_prices.ipynb", notebook(*page))
    write(workspace / "lessons/pages/help.ipynb", notebook(cell("h", "# Help\n\nA zebra helps.", "markdown")))
    glossary = [cell("page-glossary", "# Glossary", "markdown"), cell("glossary-z", "**zebra**: striped.", "markdown")]
    write(workspace / "lessons/pages/glossary.ipynb", notebook(*glossary))
    found = {hit.entry.where: hit.entry.link for hit in index_of(workspace).find("zebra")}
    assert found == {
        "glossary, “zebra”": "lessons/pages/glossary.ipynb#cell-id=glossary-z",
        "lesson 5, “The zebra”": f"{LESSON.as_posix()}#cell-id=deep",
        "project 1": "projects/P1_house_prices.ipynb#cell-id=p-0",
        "help": "lessons/pages/help.ipynb#cell-id=h",
    }


def test_a_question_of_a_quick_test_is_found_without_its_options(workspace):
    title, texts = bank.asked("05")
    found = [one for one in entries_of(workspace) if one.path == "quick_tests/quick_test_05.ipynb"]
    assert [one.where for one in found] == ["quick test 5", *(f"quick test 5, question {at}" for at in range(1, 8))]
    shown = " ".join(one.text for one in found)
    assert readable(title) in shown
    for question in bank.load("05").questions:
        for option in question.options:
            assert len(option.text) < 12 or option.text not in shown
            assert option.why not in shown
    assert len(texts) == 7


def test_nothing_that_would_give_an_answer_away_is_found(workspace):
    page = read(workspace / PROBLEM_SET)
    for one in page["cells"]:
        if one["id"] == "masked_mean":
            one["source"] = [RIGHT.replace("values", "my_own_secret")]
            one["metadata"]["nbgrader"] |= {"solution": True}
    mine = cell("why", "My written_secret answer.", "markdown", graded=True)
    mine["metadata"]["nbgrader"] |= {"solution": True}
    page["cells"].append(mine)
    write(workspace / PROBLEM_SET, page)
    fold = cell("fold", 'predict("q", ["a"], answer="prediction_secret")')
    fold["metadata"]["tags"] = ["fold"]
    write(workspace / LESSON, notebook(cell("m", "# L", "markdown"), fold))
    assert index_of(workspace).find("secret") == []


def test_what_is_damaged_or_missing_is_left_out(workspace):
    (workspace / LESSON).write_text("{")
    (workspace / PROBLEM_SET).unlink()
    assert {one.kind for one in entries_of(workspace)} == {"quick test", "project"}
    assert index_of(workspace / "nowhere").find("mask") == []


def test_a_learners_own_notebooks_and_what_the_course_put_aside_are_not_searched(workspace):
    for path in ("notes.ipynb", "lessons/notes.ipynb", "from-the-course/lessons/05_missing_labels.ipynb"):
        write(workspace / path, notebook(cell("n", "# Zebra", "markdown")))
    assert index_of(workspace).find("zebra") == []
