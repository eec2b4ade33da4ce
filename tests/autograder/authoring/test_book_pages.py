"""The pages that Sphinx makes: forms in the place of widgets, outcomes folded, and words that lead to the glossary."""

import base64
import importlib.util
import json
import re

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.errors import ExtensionError

from mtl_teach.learn import glossary
from mtl_teach.learn.lesson.predict import HOW_SURE, said_of
from mtl_teach.learn.reviewing.summary import CONFIDENCE
from tests import small_book

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return small_book.build(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def reading():
    """The extension that makes them, as Sphinx loads it."""
    spec = importlib.util.spec_from_file_location("reading", small_book.ROOT / "docs/book/reading.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def page(site):
    return lambda name: BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def lesson(page):
    return page(small_book.LESSON)


def test_a_prediction_is_a_form_that_asks_what_the_notebook_asks(lesson):
    form = lesson.select_one("form.prediction")
    guess, sure = form.find_all("fieldset")
    assert guess.legend.get_text() == "Predict: What is half of 4?"
    assert [label.get_text().strip() for label in guess.find_all("label")] == small_book.OPTIONS
    assert sure.legend.get_text() == HOW_SURE
    assert [label.get_text().strip() for label in sure.find_all("label")] == list(CONFIDENCE)


def test_what_is_said_of_a_guess_is_what_the_notebook_says_and_cannot_be_read_in_the_page(lesson):
    form = lesson.select_one("form.prediction")
    said = json.loads(base64.b64decode(form["data-said"]))
    for option, row in zip(small_book.OPTIONS, said):
        for confidence, sentence in zip(CONFIDENCE, row):
            expected = said_of(option, small_book.ANSWER, confidence).replace("*", "").replace("\\", "")
            assert BeautifulSoup(sentence, "html.parser").get_text() == expected
    assert "answer=" not in lesson.get_text()


def test_what_the_cells_up_to_the_outcome_show_is_folded(lesson):
    fold, *_ = lesson.select("details.outcome[data-after=half]")
    assert not fold.has_attr("open")
    assert "The answer was: 2 (two)." in fold.get_text()
    assert "halved: 2" in fold.get_text()
    for one in lesson.select("details.outcome"):
        one.extract()
    assert "The answer was" not in lesson.get_text()


def test_what_two_predictions_wait_for_opens_after_both_and_what_comes_after_is_open(lesson):
    folds = lesson.select("details.outcome[data-after='double triple']")
    assert [fold.get_text(" ", strip=True).partition("shows ")[2] for fold in folds] == [
        "halved: 2",
        "The answer was: 8 . The answer was: 8 .",
    ]
    shown = [cell.get_text() for cell in lesson.select("div.cell_output") if not cell.select("details.outcome")]
    assert any("halved: 2" in text for text in shown)


def test_outputs_of_an_older_course_are_refused_and_a_lesson_that_was_not_run_keeps_its_code(reading):
    def cell(twin):
        code = nodes.literal_block("", 'predict("Is it?", ["a", "b"], name="n", answer="b")')
        return nodes.container(
            "", code, *([nodes.raw("", twin, format="html")] if twin else []), nb_element="cell_code"
        )

    old, not_run = cell('<div class="mtl-twin"><p>Is it?</p></div>'), cell("")
    with pytest.raises(ExtensionError, match=r"lesson was run by an older course: run it again with `mtl-grade site"):
        reading.let_guess(None, nodes.container("", old), "lesson")
    reading.let_guess(None, nodes.container("", not_run), "lesson")
    assert "predict(" in not_run.astext()


def test_a_number_keeps_its_percent_sign_on_the_line_and_code_is_as_written(reading):
    page = nodes.section()
    page += nodes.paragraph("", "", nodes.Text("40 % of them; "), nodes.literal("", "7 % 4"))
    page += nodes.raw("", "<p>5 % or 76%</p>", format="html")
    page += nodes.literal_block("", "9 % 2")
    reading.keep_together(None, page, "lesson")
    assert page.astext().split("\n\n") == ["40\u00a0% of them; 7 % 4", "<p>5\u00a0% or 76%</p>", "9 % 2"]


def test_a_link_of_the_author_s_to_no_term_leads_to_the_page_and_a_meaning_ends_no_cell(reading):
    terms = glossary.terms_of('| **mask** | yes "or" `a \\| b` | 5 |')
    words = reading.Links(terms, "../", 5)
    assert words.page("All are in the [list](pages/glossary.md).") == "All are in the [list](/pages/glossary.md)."
    link = words.page("| The mask |")
    assert 'href="../pages/glossary.html#glossary-mask"' in link
    assert 'data-meaning="yes &quot;or&quot; a &#124; b"' in link
    assert link.count("|") == 2


def test_no_page_promises_what_it_cannot_do(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Run this cell" not in text, path
        assert "mtl-run" not in text, path


def test_what_can_be_explored_in_the_notebook_says_so_and_has_all_of_it_as_a_table(lesson):
    twin = lesson.select_one(".mtl-twin")
    assert "In the notebook you choose what is shown;" in twin.get_text()
    assert [row.get_text() for row in twin.select("tbody td:last-child")] == ["1 squared is 1.", "2 squared is 4."]


def test_in_the_place_of_a_lesson_s_quick_test_stands_a_link_to_it(lesson):
    link = lesson.find("a", string="Take quick test 05 here")
    assert link["href"] == "quick_tests/05.html"


def test_a_lesson_ends_with_links_to_what_practises_it(lesson):
    (end,) = [one for one in lesson.find_all("p") if one.get_text().startswith("Practise:")]
    assert [link["href"] for link in end.find_all("a")] == [
        f"problem_sets/ps{small_book.LESSON}.html",
        "quick_tests/05.html",
        f"misconceptions/{small_book.LESSON}.html",
    ]


PAGES = [
    small_book.LESSON,
    f"problem_sets/ps{small_book.LESSON}",
    f"misconceptions/{small_book.LESSON}",
    "quick_tests/05",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_place_arrives(page, site, name):
    for link in page(name).select("article a[href*='#']"):
        there, _, place = link["href"].partition("#")
        if not there.startswith("http"):
            target = (site / f"{name}.html").parent / there if there else site / f"{name}.html"
            assert f'id="{place}"' in target.read_text(encoding="utf-8"), link["href"]


@pytest.mark.parametrize("name", PAGES)
def test_words_lead_to_the_glossary_once_a_page_and_carry_their_meaning(page, name):
    terms = page(name).select("a.term")
    assert len(terms) >= 3
    assert len({term["href"] for term in terms}) == len(terms)
    rows = glossary.terms_of((small_book.ROOT / "lessons/pages/glossary.md").read_text(encoding="utf-8"))
    cells = {row.cell: row.meaning for row in rows}
    for term in terms:
        meaning = cells[term["href"].partition("#")[2]]
        assert term["data-meaning"] == re.sub(r"[*`\\]", "", meaning)


@pytest.mark.parametrize("name", PAGES)
def test_no_word_is_a_link_in_a_heading_code_another_link_or_an_option(page, name):
    for term in page(name).select("a.term"):
        outside = {parent.name for parent in term.parents} & {"h1", "h2", "h3", "code", "pre", "a", "label", "math"}
        assert outside == set(), term


def test_every_word_of_the_glossary_has_a_place_of_its_own(page):
    rows = glossary.terms_of((small_book.ROOT / "lessons/pages/glossary.md").read_text(encoding="utf-8"))
    assert [span["id"] for span in page("pages/glossary").select("td span[id]")] == [row.cell for row in rows]


def test_each_misconception_has_a_place_to_link_to(page):
    gallery = page(f"misconceptions/{small_book.LESSON}")
    assert gallery.find(id="masked-mean-divides-by-batch-size") is not None


def test_the_search_knows_the_words_of_a_question_and_no_key(page, site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    form = page("quick_tests/05").select_one("form.quick-test")
    assert "selection" in form.get_text()
    assert '"select"' in index  # by its stem
    assert form["data-key"][:40].lower() not in index.lower()
