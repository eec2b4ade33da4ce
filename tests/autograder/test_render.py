"""A failure shows where the answer differs, without colour, and what to read again, the same in text and HTML."""

import html
import re
from dataclasses import replace

import numpy as np
import pytest

from autograder import api, catalogue, render, words
from autograder.engine.inside.channel import Opaque, Tensor
from autograder.files import write_json
from autograder.render import compare
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict

CHECK = CheckResult(
    "test_value", Verdict.FAILED, 0.0, 2.0, "The value is right.", "It is not.",
    {"mask": "[True, False]"}, "[1, 2, 3]", "[1, 7, 3]", "5", "divides", "You <divided>.", Cause.WRONG,
)  # fmt: skip
UNBEGUN = replace(CHECK, verdict=Verdict.STUDENT_ERROR, cause=Cause.NOT_STARTED, message="")
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
        ("[0.333333, nan, 2]", "[0.333334, nan, 3]", ["3"]),
        ("{'price': 0.2, 'time': 0.8}", "{'price': 0.8, 'time': 0.2}", ["0.8", "0.2"]),
        ("[True, False]", "[True, True]", ["True"]),
        ("[1, nan]", "[1, 0]", ["0"]),
        ("2", "1", []),
        ("[1, 2]", "[1, 2, 3]", []),
        ("[1, 100000]", "[2, 100000.9]", ["2"]),
        ("[1, 100000]", "[1, 100002]", ["100002"]),
        ("[1, 1e-10]", "[2, 9e-09]", ["2"]),
        ("[1, 1e-10]", "[1, 2e-08]", ["2e-08"]),
        ("[1, 0.25]", "[1, 0.2501]", ["0.2501"]),
        ("[1, nan]", "[1, nan]", []),
        ("[1, inf]", "[1, -inf]", ["-inf"]),
        ("[0.25, 0.01]", "[0.25, 0.01000001]", ["0.01000001"]),
        ("an AssertionError", "no error", []),
        ("[1, a]", "[1, 1]", []),
        ("3 parts", "2 parts", []),
        ("[1, 2], of shape (2, 1)", "[1, 2], of shape (1, 2)", []),
        ("", "[1, 2]", []),
        ("[1, 2]", "[2, 2]", ["2"]),
    ],
    ids=[
        *("one", "rows", "rounding", "names", "truth", "nan", "single", "another length"),
        *("within 1e-5", "beyond 1e-5", "within 1e-8", "beyond 1e-8", "a little", "nan twice", "infinite"),
        *("only the last digits", "words", "a word", "a word and a number", "shapes"),
        *("nothing expected", "the first"),
    ],
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
    stub = replace(UNBEGUN, summary="Not started yet: replace the line.")
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
    for later in ("It is not.", "What do you divide by?", "You &lt;divided&gt;."):
        assert later not in page


def test_the_points_that_a_cell_gives_back_say_what_they_are():
    points = api.Points(7.5)
    assert points._repr_html_() == "<small>points: 7.5</small>"
    assert repr(points) == "7.5"  # what nbgrader reads


NASTY = "<b>&\"'</b>"
SAFE = "&lt;b&gt;&amp;&quot;&#x27;&lt;/b&gt;"


@pytest.mark.parametrize("part", ["sentence", "summary", "expected", "got", "difference", "misconception", "message"])
def test_every_part_of_a_check_is_escaped(part):
    for checks in ((CHECK,), (CHECK, replace(CHECK, id="other"))):  # told first, and in a line that opens
        page = render.as_html(replace(RESULT, checks=(*checks[:-1], replace(checks[-1], **{part: NASTY}))))
        assert "<b>" not in page
        assert SAFE in page


@pytest.mark.parametrize("kind", [Verdict.PASSED, Verdict.SKIPPED, Verdict.GRADER_ERROR])
def test_a_sentence_in_a_folded_list_is_escaped(kind):
    page = render.as_html(replace(RESULT, checks=(CHECK, replace(CHECK, verdict=kind, sentence=NASTY))))
    assert "<b>" not in page
    assert SAFE in page


@pytest.mark.parametrize("part", ["title", "question"])
def test_every_part_of_a_result_is_escaped(part):
    page = render.as_html(replace(RESULT, **{part: NASTY}))
    assert "<b>" not in page
    assert SAFE in page


def test_an_inputs_name_and_its_text_are_escaped():
    page = render.as_html(replace(RESULT, checks=(replace(CHECK, inputs={NASTY: "1", "mask": NASTY}),)))
    assert "<b>" not in page
    assert page.count(SAFE) == 2


def test_an_entry_that_differs_is_escaped_as_well_as_one_that_does_not():
    page = render.as_html(
        replace(RESULT, checks=(replace(CHECK, expected="{'<i>': 1, '<i>2': 2}", got="{'<i>': 1, '<i>3': 2}"),))
    )
    assert "<i>" not in page
    assert "≠&#x27;&lt;i&gt;3&#x27;</strong>" in page


def test_the_name_of_what_to_read_and_its_link_are_escaped():
    page = render.as_html(RESULT, f"lesson {NASTY}", f"x.ipynb?{NASTY}")
    assert f'<a href="x.ipynb?{SAFE}">lesson {SAFE}</a>' in page
    assert f"<p>Read again: lesson {SAFE}</p>" in render.as_html(RESULT, f"lesson {NASTY}")


def test_a_stub_that_says_markup_is_escaped():
    stub = replace(UNBEGUN, summary=f"Not started yet: {NASTY}.")
    assert f"<p>Not started yet: {SAFE}.</p>" in render.as_html(replace(RESULT, checks=(stub,)))


def test_back_quoted_pieces_are_code_and_escaped_too():
    assert render.rich("use `a < b`, not `c`") == "use <code>a &lt; b</code>, not <code>c</code>"
    assert render.rich("a ` alone") == "a ` alone"
    assert render.rich("a *feature*, not 2 * 3 * 4 nor `2 *x* 3`") == (
        "a <em>feature</em>, not 2 * 3 * 4 nor <code>2 *x* 3</code>"
    )


# ---- each verdict ----------------------------------------------------------------------------------------------

SAID = {
    Verdict.PASSED: ("✓", "passed", "#2e7d32"),
    Verdict.FAILED: ("✗", "failed", "#c62828"),
    Verdict.SKIPPED: ("–", "skipped", "#757575"),
    Verdict.STUDENT_ERROR: ("✗", "error", "#c62828"),
    Verdict.GRADER_ERROR: ("!", "for review", "#757575"),
}


def test_every_verdict_is_tried_here():
    assert set(SAID) == set(Verdict) == set(render.WORDS) == set(render.EDGES)


@pytest.mark.parametrize("verdict", SAID)
def test_a_verdict_has_a_sign_a_word_and_a_colour_and_only_what_went_wrong_has_details(verdict):
    sign, word, colour = SAID[verdict]
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    one = replace(RESULT, question="", checks=(replace(CHECK, verdict=verdict, points=points),))
    text, page = render.as_text(one), render.as_html(one)
    assert f'class="mtl-check mtl-{verdict.value}"' in page
    assert f"border-left:4px solid {colour}" in page
    assert f'<span aria-hidden="true">{sign}</span> <strong>{word}</strong> The value is right.' in page
    assert f"The value is right. <small>({points:g}/2)</small>" in page
    passed, wrong = verdict is Verdict.PASSED, verdict not in (Verdict.PASSED, Verdict.SKIPPED)
    assert (f"  {sign} {word:<10} The value is right. ({points:g}/2)" in text.splitlines()) == wrong
    for said in ("It is not.", "You <divided>.", "known mistake"):
        assert (said in text) == (said in visible(page)) == wrong
    assert ("✓ All checks passed." in text) == ("✓ All checks passed." in visible(page)) == passed


def test_one_pass_of_two_is_not_all():
    good = replace(CHECK, verdict=Verdict.PASSED, points=2.0)
    for shown in (render.as_text, render.as_html):
        assert "All checks passed" not in shown(replace(RESULT, checks=(good, CHECK)))


def test_the_headline_counts_points_and_checks():
    good = replace(CHECK, verdict=Verdict.PASSED, points=2.5, max_points=2.5)
    skipped = replace(CHECK, verdict=Verdict.SKIPPED)
    one = replace(RESULT, checks=(good, good, CHECK, skipped))
    assert render.headline(one) == "Mean: 5 of 9 points, 2 of 4 checks passed"
    page = render.as_html(one)
    assert 'aria-label="Mean: 5 of 9 points, 2 of 4 checks passed"' in page
    assert "<strong>Mean: 5 of 9 points, 2 of 4 checks passed</strong>" in page


def test_a_failure_is_told_from_its_summary_to_its_numbers():
    one = replace(CHECK, inputs={"values": "[[1, 2],\n [3, 4]]", "mask": "[True]"}, misconception="divides_by_all")
    assert render.as_text(replace(RESULT, checks=(one,)), "lesson 05").splitlines() == [
        "Mean: 0 of 2 points, 0 of 1 checks passed",
        "  This behaves like a known mistake (divides by all): You <divided>.",
        "  ✗ failed     The value is right. (0/2)",
        "      It is not.",
        "      values:    [[1, 2],",
        "                  [3, 4]]",
        "      mask:      [True]",
        "      expected:  [1, 2, 3]",
        "      got:       [1, ≠7, 3]",
        "      largest difference: 5",
        "  ? What do you divide by?",
        "  Read again: lesson 05",
    ]
    page = render.as_html(replace(RESULT, checks=(one,)), "lesson 05")
    rows = re.findall(r"<tr><th[^>]*>(.*?)</th><td[^>]*><pre[^>]*>(.*?)</pre></td></tr>", page, re.DOTALL)
    assert [(name, visible(text).replace(" ≠7 ", "≠7")) for name, text in rows] == [
        ("values", "[[1, 2],\n [3, 4]]"),
        ("mask", "[True]"),
        ("expected", "[1, 2, 3]"),
        ("got", "[1, ≠7, 3]"),
        ("largest difference", "5"),
    ]
    assert "This behaves like a known mistake: divides by all." in page
    assert "<p><em>What do you divide by?</em></p>" in page


@pytest.mark.parametrize("left_out", ["inputs", "expected", "got", "difference", "message", "summary"])
def test_what_a_check_does_not_tell_is_left_out(left_out):
    blank = None if left_out == "inputs" else ""
    named = {"inputs": "mask", "expected": "expected", "got": "got", "difference": "largest difference"}
    said = {"message": "known mistake", "summary": "It is not."}
    one = replace(RESULT, checks=(replace(CHECK, **{left_out: blank}),))
    for text in (render.as_text(one), visible(render.as_html(one))):
        assert (named | said)[left_out] not in text.replace("largest difference:", "largest difference")
        for name, there in (named | said).items():
            assert name == left_out or there in text


# ---- one thing at a time ---------------------------------------------------------------------------------------

GOOD = replace(CHECK, verdict=Verdict.PASSED, points=2.0, sentence="It is a number.", misconception="", message="")
OTHER = replace(CHECK, id="test_other", sentence="Gaps may be NaN.", misconception="adds", message="You added.")
WAITS = replace(CHECK, id="test_waits", verdict=Verdict.SKIPPED, sentence="It is quick.", cause=Cause.DEPENDS)
BOOM = replace(
    CHECK, verdict=Verdict.STUDENT_ERROR, cause=Cause.RAISED, summary="Your code raised RuntimeError: boom (line 3)",
    inputs=None, expected="", got="", difference="", misconception="", message="",
)  # fmt: skip


def test_the_first_thing_to_fix_is_told_and_everything_else_is_a_line():
    result = replace(RESULT, checks=(GOOD, GOOD, CHECK, WAITS, WAITS, OTHER))
    assert render.as_text(result, "lesson 05").splitlines() == [
        "Mean: 4 of 12 points, 2 of 6 checks passed",
        "  This behaves like a known mistake (divides): You <divided>.",
        "  ✗ failed     The value is right. (0/2)",
        "      It is not.",
        "      mask:      [True, False]",
        "      expected:  [1, 2, 3]",
        "      got:       [1, ≠7, 3]",
        "      largest difference: 5",
        "  ? What do you divide by?",
        "  Read again: lesson 05",
        "  ✗ failed     Gaps may be NaN. (0/2) (known mistake: adds)",
        "  – 2 checks wait for what is above.",
        "  ✓ 2 checks passed (4/4).",
    ]


def outside(page: str) -> str:
    """What is read of a page before anything is opened: of what is folded, its line."""
    while "<details" in page:
        page = re.sub(
            r"<details[^>]*><summary>((?:(?!<details).)*?)</summary>(?:(?!<details).)*?</details>", r" \1 ", page
        )
    return " ".join(visible(page).split())


def test_what_is_folded_says_in_its_line_what_it_is_and_opens_to_all_of_it():
    page = render.as_html(replace(RESULT, checks=(GOOD, CHECK, WAITS, OTHER)), "lesson 05")
    told = outside(page)
    assert told.startswith("Mean: 2 of 8 points, 1 of 4 checks passed This behaves like a known mistake: divides.")
    assert told.count("expected") == 1
    assert told.endswith(
        "Read again: lesson 05 ✗ failed Gaps may be NaN. (0/2) Known mistake: adds. – 1 check waits for what is above "
        "✓ 1 check passed (2/2)"
    )
    for inside in ("You added.", "It is quick.", "It is a number."):
        assert inside not in told
        assert inside in visible(page)
    assert page.count("expected") == 2


def test_an_error_is_told_once_however_many_checks_it_stops():
    result = replace(RESULT, checks=(BOOM, replace(BOOM, id="b", inputs={"mask": "[]"}), replace(BOOM, id="c"), OTHER))
    text, page = render.as_text(result), render.as_html(result)
    assert text.count("boom") == page.count("boom") == 1
    assert "  ✗ error      The value is right. (0/6) The same stops 2 more checks." in text.splitlines()
    assert "The same stops 2 more checks. " in visible(page)
    assert [len(trouble) for trouble in render.troubles(result.checks)] == [3, 1]


def test_errors_of_two_kinds_and_values_that_look_alike_stay_apart():
    other = replace(BOOM, id="b", summary="Your code raised KeyError: 'x' (line 4: `y`)")
    alike = replace(CHECK, id="c")
    assert [len(trouble) for trouble in render.troubles((BOOM, other, CHECK, alike))] == [1, 1, 1, 1]
    late = replace(BOOM, cause=Cause.TIMEOUT)
    assert len(render.troubles((late, replace(late, summary="Stopped: it took 2.1 s")))) == 1


def test_a_failure_of_the_graders_comes_first_only_where_nothing_else_is_wrong():
    ours = replace(BOOM, id="ours", verdict=Verdict.GRADER_ERROR, cause=Cause.GRADER, summary="The check itself failed")
    assert render.Outline.of(replace(RESULT, checks=(ours, CHECK))).troubles == ((CHECK,), (ours,))
    alone = render.as_text(replace(RESULT, checks=(ours, GOOD), question=""))
    assert alone.splitlines()[1:3] == ["  ! for review The value is right. (0/2)", "      The check itself failed"]


def test_what_was_passed_opens_to_what_was_checked():
    page = render.as_html(replace(RESULT, checks=(GOOD, GOOD), question=""))
    assert outside(page) == "Mean: 4 of 4 points, 2 of 2 checks passed ✓ All checks passed. ✓ What was checked"
    assert page.count('<li class="mtl-check mtl-passed"') == 2


def test_that_the_verdict_is_about_another_version_is_said_before_everything():
    text, page = render.as_text(RESULT, notice=f"See {NASTY}."), render.as_html(RESULT, notice=f"See {NASTY}.")
    assert text.splitlines()[:2] == [f"! See {NASTY}.", "Mean: 0 of 2 points, 0 of 1 checks passed"]
    assert visible(page).split()[:3] == ["!", "See", "<b>&\"'</b>."]
    assert "<b>" not in page


# ---- several exercises -----------------------------------------------------------------------------------------

RIGHT = replace(RESULT, title="Right", checks=(GOOD,), question="")
STUB = replace(RESULT, title="Stub", checks=(UNBEGUN,), question="")
MISSING = replace(RESULT, title="Missing", checks=(replace(BOOM, cause=Cause.MISSING),), question="")


def lesson(result):
    return f"lesson of {result.title}", ""


def test_of_several_exercises_the_first_to_fix_is_told_and_each_other_one_is_a_line():
    several = render.Several(tuple(map(render.Told, (STUB, RIGHT, RESULT, RESULT, MISSING))), ("There is no `x`.",))
    assert several.first.result is RESULT
    lines = several.as_text(lesson).splitlines()
    assert lines[:3] == [
        "1 of 5 exercises pass: 2 of 10 points",
        "  ! There is no `x`.",
        "  Mean: 0 of 2 points, 0 of 1 checks passed",
    ]
    assert lines[-4:] == [
        "  ○ Stub: not begun",
        "  ✓ Right: 2 of 2 points, 1 of 1 checks passed",
        "  ✗ Mean: 0 of 2 points, 0 of 1 checks passed",
        "  ○ Missing: its cell was not run",
    ]
    told = outside(several.as_html(lesson))
    assert told.startswith("1 of 5 exercises pass: 2 of 10 points There is no x . Mean: 0 of 2 points, 0 of 1 checks")
    assert told.endswith(
        "1 of 1 checks passed ✗ Mean: 0 of 2 points, 0 of 1 checks passed ○ Missing: its cell was not run"
    )
    assert told.count("expected") == 1
    assert visible(several.as_html(lesson)).count("expected") == 2


def test_a_cell_that_stopped_with_an_error_is_something_to_fix():
    told = render.Told(MISSING, "Your last run stopped.")
    assert not told.open
    assert render.Several((render.Told(STUB), told)).first is told
    assert "! Your last run stopped." in render.Several((render.Told(RESULT), told)).as_text(lesson)


def test_where_all_is_right_every_exercise_is_a_line():
    several = render.Several((render.Told(RIGHT),))
    assert several.as_text(lesson).splitlines() == [
        "1 of 1 exercise passes: 2 of 2 points",
        "  ✓ Right: 2 of 2 points, 1 of 1 checks passed",
    ]
    assert outside(several.as_html(lesson)).endswith("✓ Right: 2 of 2 points, 1 of 1 checks passed")
    assert several.first.result is RIGHT


@pytest.mark.parametrize("nasty", [replace(RIGHT, title=NASTY), replace(RESULT, title=NASTY)])
def test_titles_and_sentences_of_several_exercises_are_escaped(nasty):
    page = render.Several((render.Told(RESULT), render.Told(nasty, NASTY)), (NASTY,)).as_html(lesson)
    assert "<b>" not in page
    assert page.count(SAFE) >= 4


# ---- the mistake in one line -----------------------------------------------------------------------------------


def test_in_one_line_the_named_mistakes_come_first_then_what_failed_then_nothing():
    good = replace(CHECK, verdict=Verdict.PASSED, misconception="", message="")
    skipped = replace(good, verdict=Verdict.SKIPPED, summary="Fix this first.")
    error = replace(good, verdict=Verdict.STUDENT_ERROR, summary="Your code raised KeyError.")
    assert render.one_line(replace(RESULT, checks=(good, error, CHECK))) == "[divides] You <divided>."
    other = replace(CHECK, id="test_other", misconception="adds", message="You added.")
    both = render.one_line(replace(RESULT, checks=(good, CHECK, error, other)))
    assert both == "[divides] You <divided>. [adds] You added."
    assert render.one_line(replace(RESULT, checks=(good, skipped, error))) == "Your code raised KeyError."
    assert render.one_line(replace(RESULT, checks=(good, skipped))) == ""
    assert render.one_line(replace(RESULT, checks=(good,))) == ""


# ---- values as text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1 / 3, "0.333333"),
        (np.float32(0.1), "0.1"),
        (1e-20, "1e-20"),
        (float("nan"), "nan"),
        (3, "3"),
        (True, "True"),
        (np.bool_(False), "False"),
        (None, "None"),
        ("as it is", "as it is"),
        (np.array(2.5), "2.5"),
        (np.array([1, 2]), "[1, 2]"),
        (np.array([1.0, 1 / 3]), "[1, 0.333333]"),
        (np.arange(41), "[0, 1, 2, 3, ..., 37, 38, 39, 40]"),
        (Tensor(np.array(0.5)), "0.5"),
        (Tensor(np.array([0.5, 1.0])), "tensor([0.5, 1])"),
        (Opaque("Module"), "an object of type Module"),
        ([1.0, [2.0]], "[1, [2]]"),
        ((1.0,), "(1,)"),
        ((1.0, 2.0), "(1, 2)"),
        ((), "()"),
        ({"price": 0.25, 1: None}, "{'price': 0.25, 1: None}"),
        (list(range(40)), f"[{', '.join(map(str, range(40)))}]"),
        (list(range(41)), f"[{', '.join(map(str, range(40)))}, …]"),
        (dict.fromkeys(range(41), 0), "{" + ", ".join(f"{key}: 0" for key in range(40)) + "}"),
    ],
    ids=str,
)
def test_a_value_is_told_in_short(value, text):
    assert words.text_of(value) == text


@pytest.mark.parametrize("length", [600, 601])
def test_a_text_is_cut_at_600_characters_and_says_so(length):
    text = words.text_of("x" * length)
    assert text == ("x" * 600 if length == 600 else "x" * 599 + "…")


# ---- what to read again ----------------------------------------------------------------------------------------


def test_the_part_of_the_lesson_to_read_again_is_linked(tmp_path, monkeypatch):
    (tmp_path / "lessons").mkdir()
    title = f"## {catalogue.load(RESULT.exercise).section}"
    lesson = {"cells": [{"cell_type": "markdown", "id": "the-section", "source": title}]}
    write_json(tmp_path / "lessons" / "05_missing_labels.ipynb", lesson)
    folder = tmp_path / "exercises" / "ps05"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    words, link = api.reading(RESULT)
    assert words.startswith("lesson 05, “")
    assert link == "../../lessons/05_missing_labels.ipynb#cell-id=the-section"
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
