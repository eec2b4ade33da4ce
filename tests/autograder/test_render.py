"""A failure shows where the answer differs, without colour, and what to read again, the same in text and HTML."""

import html
import re
from dataclasses import replace

import pytest

from autograder import api, render
from autograder.render import compare
from autograder.results import CheckResult, ExerciseResult, Verdict

CHECK = CheckResult(
    "test_value", Verdict.FAILED, 0.0, 2.0, "The value is right.", "It is not.",
    {"mask": "[True, False]"}, "[1, 2, 3]", "[1, 7, 3]", "5", "divides", "You <divided>.",
)  # fmt: skip
RESULT = ExerciseResult("masked_mean", "Mean", "05_missing_labels", (CHECK,), "What do you divide by?")


def visible(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def differing(expected: str, got: str) -> list[str]:
    return [text for text, differs in compare(expected, got) if differs]


@pytest.mark.parametrize(
    ("expected", "got", "marked"),
    [
        ("[1, 2, 3]", "[1, 7, 3]", ["7"]),
        ("[[1, 2],\n [3, 4]]", "[[1, 2],\n [5, 6]]", ["5", "6"]),
        ("[0.333333, nan]", "[0.333334, nan]", []),
        ("{'price': 0.2, 'time': 0.8}", "{'price': 0.8, 'time': 0.2}", ["0.8", "0.2"]),
        ("[True, False]", "[True, True]", ["True"]),
        ("[1, nan]", "[1, 0]", ["0"]),
        ("2", "1", []),
        ("[1, 2]", "[1, 2, 3]", []),
    ],
    ids=["one", "rows", "rounding", "names", "truth", "nan", "single", "another length"],
)
def test_differing_entries_are_marked(expected, got, marked):
    assert differing(expected, got) == marked
    assert "".join(text for text, _ in compare(expected, got)) == got


def test_a_sign_marks_them_in_text_and_in_html():
    assert "got:       [1, ≠7, 3]" in render.as_text(RESULT)
    assert ">≠7</strong>" in render.as_html(RESULT)


def test_text_and_html_say_the_same():
    words = visible(render.as_html(RESULT, "lesson 05", "x.ipynb")).split()
    for line in render.as_text(RESULT, "lesson 05").splitlines():
        for word in line.split():
            assert any(word.strip("?:().,") in other for other in words), word


def test_an_answer_that_is_not_begun_is_told_what_will_be_checked_and_nothing_is_red():
    stub = replace(CHECK, verdict=Verdict.STUDENT_ERROR, summary="Not started yet: replace the line.", message="")
    result = replace(RESULT, checks=(stub, replace(CHECK, sentence="An error is raised.")))
    text, page = render.as_text(result, "lesson 05"), render.as_html(result, "lesson 05")
    assert text.splitlines() == [
        "Mean: 0 of 4 points, 0 of 2 checks passed",
        "  Not started yet: replace the line.",
        "  ○ open       The value is right. (0/2)",
        "  ○ open       An error is raised. (0/2)",
        "  Read first: lesson 05",
    ]
    assert " ".join(visible(page).split()).endswith("Read first: lesson 05")
    assert render.EDGES[Verdict.FAILED] not in page
    assert "It is not." not in page


def test_the_points_that_a_cell_gives_back_say_what_they_are():
    points = api.Points(7.5)
    assert points._repr_html_() == "<small>points: 7.5</small>"
    assert repr(points) == "7.5"  # what nbgrader reads


def test_what_the_answer_says_is_escaped():
    assert "You &lt;divided&gt;." in render.as_html(RESULT)


def test_the_part_of_the_lesson_to_read_again_is_linked(tmp_path, monkeypatch):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "05_missing_labels.ipynb").write_text("{}")
    folder = tmp_path / "exercises" / "ps05"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    words, link = api.reading(RESULT)
    assert words.startswith("lesson 05, “")
    assert link.startswith("../../lessons/05_missing_labels.ipynb#")
    assert " " not in link
    assert f'<a href="{link}">' in render.as_html(RESULT, words, link)


def test_without_the_lesson_it_is_named_and_not_linked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, link = api.reading(RESULT)
    assert link == ""
    assert f"Read again: {words}" in render.as_text(RESULT, words)
    assert "<a " not in render.as_html(RESULT, words, link)


def test_who_passed_need_not_read_again():
    good = replace(RESULT, checks=(replace(CHECK, verdict=Verdict.PASSED, points=2.0),), question="")
    assert "Read again" not in render.as_text(good, "lesson 05") + render.as_html(good, "lesson 05", "x")
