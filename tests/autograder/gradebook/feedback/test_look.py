"""How a page looks: closed against script and network, whatever a student wrote, and built as HTML should be."""

import base64
import copy
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.gradebook.feedback.asked import Asked
from autograder.gradebook.feedback.entered import Entry
from autograder.gradebook.feedback.look import as_html, look, points, policy_of, style
from autograder.gradebook.feedback.page import page_of
from autograder.gradebook.feedback.text import visible
from autograder.grading.record import GRADER_ERROR, UNGRADABLE
from autograder.results import Cause, Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.gradebook.feedback.samples import (
    ASKED,
    FULL,
    NOT_BEGUN,
    WRONG,
    entry_of,
    notebook_with,
    record_of,
)

MARK = "hostile"
HOSTILE = (
    f"{MARK}<script>alert(1)</script>\"><img src=x onerror=alert(1)>' style='x{{{{7*7}}}}{{%raw%}}${{1}}"
    "](javascript:alert(1))[a](javascript:alert(1)) <!-- --></style></title></pre></textarea> "
    "\u202egnp.exe\u2066 \x1b[31mred\x1b[0m \x00\x9b\ud83d\ufffe &#8238;"
)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "nav", "section", "footer", "div", "p"),
    *("h1", "h2", "h3", "h4", "a", "bdi", "span", "strong", "em", "del", "br", "hr", "ol", "ul", "li", "blockquote"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "code", "details", "summary"),
}
VOID = {"meta", "br", "hr"}


class Read(HTMLParser):
    """What a browser makes of a page: its elements in order, each closed, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.open, self.text = [], [], ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def shown(*results, entry=None, notebook=None, asked=ASKED, told=None, course="mtl", book="https://e.org/b/", **more):
    made = record_of(*(results or (WRONG,)), **more)
    page = page_of(made, asked, entry or entry_of(), notebook or notebook_with(), told=told, course=course, book=book)
    return as_html(page)


KINDS = {
    "wrong": lambda: shown(),
    "right": lambda: shown(FULL, entry=entry_of(9.0, 4.0, penalty=1.0, why="Good.")),
    "not begun": lambda: shown(NOT_BEGUN, entry=entry_of(0.0, 0.0), notebook=notebook_with(written="")),
    "no cells": lambda: shown(notebook={"cells": []}),
    "unreadable": lambda: shown(entry=entry_of(None), status=UNGRADABLE, reason="no JSON", exercises={}),
    "our failure": lambda: shown(entry=entry_of(None), status=GRADER_ERROR, reason="boom", exercises={}),
    "for review": lambda: shown(
        review=[{"cell": "why-masking", "reason": "It lost its name."}],
        said=["A BOM was taken away."],
        outside=["My answer."],
        cells={"cell 3": {"printed": "x", "error": "E"}, "masked_mean": {"printed": "y", "error": "F"}},
    ),
    "told by the tutor": lambda: shown(told={"masked_mean": "Mind `mask`."}),
    "nothing asked": lambda: shown(asked=Asked("Nothing", ())),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_a_page_is_whole_and_needs_nothing_from_elsewhere(kind):
    page = KINDS[kind]()
    read = Read(page)
    assert {name for name, _ in read.elements} <= TAGS
    assert read.all("html") == [{"lang": "en"}]
    assert "Problem set 5" in page or kind == "nothing asked"
    assert not any({"src", "style", "srcset"} & set(attributes) for _, attributes in read.elements)
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)


@every_kind
def test_headings_are_in_order_and_links_inside_the_page_arrive(kind):
    read = Read(KINDS[kind]())
    levels = [int(name[1]) for name, _ in read.elements if re.fullmatch(r"h\d", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    addresses = [attributes["href"] for attributes in read.all("a")]
    assert {address[1:] for address in addresses if address.startswith("#")} <= set(ids)
    assert {a["aria-labelledby"] for _, a in read.elements if "aria-labelledby" in a} <= set(ids)


@every_kind
def test_the_policy_lets_in_this_one_style_sheet(kind):
    page = KINDS[kind]()
    (text,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    (stated,) = [m["content"] for m in Read(page).all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert stated == policy_of(text)
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in stated
    assert "unsafe" not in stated
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_the_style_sheet_loads_nothing():
    assert not re.search(r"url\(|@import|expression|</", style())


def test_a_table_has_headers_for_its_rows_and_says_what_it_is():
    read = Read(shown())
    assert len(read.all("th")) == 5
    assert all(attributes == {"scope": "row"} for attributes in read.all("th"))
    assert len(read.all("caption")) == len(read.all("table")) == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("wrong", ["2 of 13 points so far", "4 more points wait for a person", "Fix this first: A mean", "≠16"]),
        ("wrong", ["1 of 3 checks passed", "2 of 9 points", "lesson 5, “The mean over what was observed”"]),
        ("wrong", ["It behaves like a known mistake: sum of all.", "Ask yourself: What do you divide by?"]),
        ("wrong", ["Handed in on 10 January 2026, 11:05 UTC", "mtl · Feedback for Ada Lovelace"]),
        ("right", ["12 of 13 points", "13 points, less 1 for handing in late.", "all checks passed", "Good."]),
        ("not begun", ["0 of 13 points", "not begun", "What will be checked"]),
        ("no cells", ["The notebook that you handed in has no cell of this name."]),
        ("unreadable", ["Waiting for a person", "could not be graded automatically: no JSON.", "– of 9 points"]),
        ("our failure", ["Waiting for a person", "you need not do anything"]),
        ("for review", ["It lost its name.", "A BOM was taken away.", "My answer.", "cell 3", "The error F"]),
    ],
)
def test_a_page_says(kind, words):
    text = " ".join(Read(KINDS[kind]()).text.split())
    assert [one for one in words if one not in text] == []


def test_a_page_without_a_mark_shows_no_zero():
    text = " ".join(Read(KINDS["unreadable"]()).text.split())
    assert not re.search(r"\b0 (of|points)", text)


def test_a_book_in_a_folder_beside_is_linked_without_the_web():
    assert 'href="../book/05_missing_labels.html#the-mean-over-what-was-observed"' in shown(book="../book/")
    assert "05_missing_labels.html" not in shown(book="")


def test_points_are_counted_as_people_do():
    assert [points(number) for number in (0.0, 1.0, 1.5, 2.0)] == ["0 points", "1 point", "1.5 points", "2 points"]


def test_the_look_of_a_page_has_one_digest():
    assert re.fullmatch("[0-9a-f]{64}", look())


# ---- one hostile string through every place --------------------------------------------------------------------

NOTEBOOK = notebook_with()
CELLS = {"masked_mean": {"printed": "p", "error": "e"}, "cell 3": {"printed": "p", "error": "e"}}
RECORD = record_of(
    WRONG,
    cells=CELLS,
    review=[{"cell": "masked_mean", "reason": "r"}, {"cell": "", "reason": "r"}],
    said=["s"],
    outside=["o"],
)
CHECK = ("record", "exercises", "masked_mean", "checks")
PLACES = {
    "the question of an exercise": ("record", "exercises", "masked_mean", "question"),
    "the sentence of a check that passed": (*CHECK, 0, "sentence"),
    "the sentence of a check that failed": (*CHECK, 1, "sentence"),
    "the sentence of a check to be run later": (*CHECK, 2, "sentence"),
    "the summary of a check": (*CHECK, 1, "summary"),
    "an input": (*CHECK, 1, "inputs", "values"),
    "what was expected": (*CHECK, 1, "expected"),
    "what came": (*CHECK, 1, "got"),
    "the largest difference": (*CHECK, 1, "difference"),
    "the name of a mistake": (*CHECK, 1, "misconception"),
    "the message of a mistake": (*CHECK, 1, "message"),
    "what the answer's cell printed": ("record", "cells", "masked_mean", "printed"),
    "the error of the answer's cell": ("record", "cells", "masked_mean", "error"),
    "what another cell printed": ("record", "cells", "cell 3", "printed"),
    "the error of another cell": ("record", "cells", "cell 3", "error"),
    "why a person looks at a cell": ("record", "review", 0, "reason"),
    "why a person looks at the whole": ("record", "review", 1, "reason"),
    "what was repaired": ("record", "said", 0),
    "text outside the answer cells": ("record", "outside", 0),
    "the code": ("notebook", "cells", 0, "source"),
    "the written answer": ("notebook", "cells", 1, "source"),
}


def put(where, path, value):
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value


def assert_harmless(page):
    """Nothing of the hostile string does anything, and all of it is seen."""
    read = Read(page)
    assert MARK in read.text
    assert {name for name, _ in read.elements} <= TAGS
    assert len(read.all("style")) == len(read.all("title")) == 1
    for name, attributes in read.elements:
        assert not any(key.startswith("on") or key in ("src", "style") for key in attributes), (name, attributes)
        address = attributes.get("href", "#")
        assert address.startswith(("#", "https://e.org/")), address
    assert visible(page) == page
    assert page.encode("utf-8")
    assert "49" not in read.text
    assert r"\u202egnp.exe" in read.text
    assert r"\x1b[31mred" in read.text
    assert "alert(1)" in read.text


@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_string_is_text_wherever_it_stands(place):
    inputs = {"record": copy.deepcopy(RECORD), "notebook": copy.deepcopy(NOTEBOOK)}
    put(inputs, PLACES[place], HOSTILE)
    page = page_of(inputs["record"], ASKED, entry_of(), inputs["notebook"], course="mtl", book="https://e.org/b/")
    assert_harmless(as_html(page))


def test_the_list_of_places_has_every_text_of_a_record():
    """A field that is new is pushed through too, or named here as one that no page shows."""

    def texts(value, path):
        if isinstance(value, dict):
            for key, inside in value.items():
                yield from texts(inside, (*path, key))
        elif isinstance(value, list):
            for at, inside in enumerate(value):
                yield from texts(inside, (*path, at))
        elif isinstance(value, str) and value:
            yield path

    unseen = {"id", "verdict", "cause", "cell", "misconception", "status", "exercise", "lesson", "assignment", "title"}
    unseen |= {"misconceptions", "fingerprint"}  # the names stand at the checks
    found = {path for path in texts(RECORD, ("record",)) if not unseen & {path[-1], path[-2]}}
    found -= {("record", "student"), (*CHECK, 1, "inputs", "mask")}
    assert found <= set(PLACES.values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cell", {"masked_mean": {"printed": "p", "error": ""}, HOSTILE: {"printed": "p", "error": "e"}}),
        ("inputs", None),
    ],
)
def test_a_hostile_name_is_text(field, value):
    record = copy.deepcopy(RECORD)
    if field == "cell":
        record["cells"] = value
    else:
        put({"record": record}, (*CHECK, 1, "inputs"), {HOSTILE: "1"})
    assert_harmless(as_html(page_of(record, ASKED, entry_of(), NOTEBOOK, book="https://e.org/b/")))


@pytest.mark.parametrize("answer", [WRONG, FULL])
def test_a_hostile_word_of_the_tutor_is_text(answer):
    assert_harmless(shown(answer, entry=entry_of(9.0), told={"masked_mean": HOSTILE}))


@pytest.mark.parametrize(("answer", "where"), [(WRONG, "What went wrong"), (FULL, "all checks passed")])
def test_what_the_tutor_says_is_said_to_be_from_the_tutor(answer, where):
    page = shown(answer, entry=entry_of(9.0), told={"masked_mean": "Mind `mask`."})
    said = "<p><strong>Your tutor says:</strong> Mind <code>mask</code>.</p>"
    assert page.count(said) == 1
    assert page.index(where) < page.index(said)
    assert "Your tutor says" not in shown(answer, entry=entry_of(9.0))


@pytest.mark.parametrize("status", [UNGRADABLE])
def test_a_hostile_reason_is_text(status):
    assert_harmless(shown(entry=entry_of(None), status=status, reason=HOSTILE, exercises={}))


def test_a_hostile_person_course_and_comment_are_text():
    assert_harmless(shown(entry=entry_of(name=HOSTILE)))
    assert_harmless(shown(entry=entry_of(name=""), student=HOSTILE))
    assert_harmless(shown(course=HOSTILE))
    assert_harmless(shown(entry=entry_of(written=1.0, why=HOSTILE)))


@pytest.mark.parametrize("field", ["title", "text", "rubric"])
def test_a_hostile_question_is_text(field):
    asked = Asked("Problem set", tuple(replace(one, **{field: HOSTILE}) for one in ASKED.questions))
    assert_harmless(shown(asked=asked))


def test_a_hostile_title_is_text():
    assert_harmless(shown(asked=replace(ASKED, title=HOSTILE)))


def test_a_hostile_lesson_makes_no_address_of_its_own():
    gone = replace(result(checked(Verdict.FAILED, summary=MARK, cause=Cause.WRONG), exercise="gone"), lesson=HOSTILE)
    question = replace(ASKED.questions[0], cell="check-gone", answer="gone")
    entry = Entry("", None, 0.0, {"check-gone": entry_of().given["check-masked_mean"]})
    page = as_html(page_of(record_of(gone), Asked("A", (question,)), entry, None, book="https://e.org/b/"))
    (address,) = {a["href"] for a in Read(page).all("a") if a["href"].startswith("https:")}
    assert re.fullmatch(r"https://e\.org/b/[\w%.-]+\.html", address)
    assert visible(page) == page


def test_a_huge_value_is_cut_and_the_page_stays_small():
    record = copy.deepcopy(RECORD)
    for path in PLACES.values():
        if path[0] == "record":
            put({"record": record}, path, "[1, " * 300_000)
    page = page_of(record, ASKED, entry_of(), notebook_with("x = 1\n" * 500_000, "![" * 1_500_000))
    assert len(as_html(page)) < 2_000_000
