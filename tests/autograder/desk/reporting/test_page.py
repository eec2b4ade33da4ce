"""The page: everything of the report is on it, escaped, in order, and it asks for nothing."""

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.desk.reporting.page import as_html, first_sentence, percent, write_page
from autograder.desk.reporting.report import report
from autograder.desk.reporting.written import LineMet, Written
from tests.autograder.desk.reporting.small_class import (
    FIRST,
    MEAN,
    QUICK,
    RIGHT,
    TOTAL,
    WRONG,
    chose,
    everything,
    hand_in,
    right,
    wrong,
)

HOSTILE = "</code><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[31m &amp; ${x} {{ 7*7 }}"


class Read(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text, self.last = [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.last = tag

    def handle_data(self, data):
        self.text += "" if self.last == "style" else data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def full(small):
    everything(small)
    return small


def words(page):
    return " ".join(Read(page).text.split())


@pytest.mark.parametrize(
    "said",
    [
        "small · 10 students, 20 graded submissions",
        "Three things to re-teach on Monday",
        "lesson 5, “The mean over what was observed”",
        "Spot the bug: which input breaks it?",
        "Spot the bug: what is wrong with this option?",
        "10 answers: option C, “three”",
        "1 submission could not be graded and waits for a person",
        "1 submission has no record that can be read",
        "Discrimination: ",
        "95 % interval",
        "At home: 4 attempts and 11 minutes of work",
        "fingerprint aaaaaaaaaaaa",
        "3 right answers, 1 style.",
        "3 of 3 (100 %)",
        "9 of 10 began it",
        "About sums_up.",
        "✓ right B. two * two",
        "Why C is wrong.",
        "s0, s1, s2, s3",
        "Marks of written answers are missing",
        "keep it to yourself",
    ],
)
def test_everything_that_is_known_is_on_the_page(full, said):
    assert said in words(as_html(report(full)))


@pytest.mark.parametrize("names", [True, False])
def test_each_line_of_a_mark_scheme_has_its_count_and_its_share_and_is_text(full, names):
    lines = (LineMet(HOSTILE, 1.0, 1, 0.125, True), LineMet("a *claim*", 2.0, 6, 0.75, False))
    written = Written("why", "In words", "", 3.0, ((2.0, 8),), 0, 0, 2.0, lines, 8, 1)
    found = report(full, names=names)
    page = as_html(replace(found, sets=(replace(found.sets[0], written=(written,)),)))
    said = words(page)
    assert "Met lines of the mark scheme, of 8 answers marked line by line" in said
    assert re.search(r"Least met: </code><script>.* \(1 point\)\s*1 \(12 %\)", said)
    assert re.search(r"a claim \(2 points\)\s*6 \(75 %\)", said)
    assert said.count("Least met") == 1
    assert "1 answer marked without lines, as in formgrader, and not counted here." in said
    assert {"script", "img"}.isdisjoint(name for name, _ in Read(page).elements)
    assert 'width="12.5"' in page


def test_marks_without_any_lines_are_one_sentence(full):
    written = Written("why", "In words", "", 3.0, ((2.0, 8),), 0, 0, 2.0, without_lines=8)
    found = report(full)
    said = words(as_html(replace(found, sets=(replace(found.sets[0], written=(written,)),))))
    assert "8 answers marked without lines, as in formgrader." in said
    assert "marked line by line" not in said


def test_the_page_to_share_has_no_id_and_says_so(full):
    page = words(as_html(report(full, names=False)))
    assert "without names" in page
    assert "No id, name, comment or text of a student is on this page." in page
    assert "Who" not in page.split()
    assert not re.search(r"\bs[0-9]\b", page)


def test_a_picture_says_its_numbers_and_a_bar_has_them_beside_it(full):
    page = as_html(report(full))
    (label,) = [one["aria-label"] for one in Read(page).all("svg") if "aria-label" in one]
    assert label.startswith("Columns: students by their share of the points from checks, in percent. ")
    assert re.search(r"<td>\d+ %<svg class=\"bar\"", page)


def test_headings_are_in_order_ids_are_single_and_links_arrive(full):
    read = Read(as_html(report(full)))
    levels = [int(name[1]) for name, _ in read.elements if re.fullmatch(r"h\d", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    addresses = [one["href"] for one in read.all("a")]
    assert {one[1:] for one in addresses if one.startswith("#")} <= set(ids)
    assert {one["aria-labelledby"] for _, one in read.elements if "aria-labelledby" in one} <= set(ids)


def test_the_policy_lets_in_this_one_style_sheet_and_nothing_else(full):
    page = as_html(report(full))
    (text,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    read = Read(page)
    (stated,) = [one["content"] for one in read.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in stated
    assert not re.search(r"url\(|@import", text)
    assert not any({"src", "style", "srcset"} & set(attributes) for _, attributes in read.elements)
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    assert {"script", "link", "img", "iframe"}.isdisjoint(name for name, _ in read.elements)


@pytest.mark.parametrize("names", [True, False])
def test_markup_in_answers_ids_and_records_is_text(small, names):
    code = f"def masked_mean(values, mask):\n    return {HOSTILE!a}\n"
    said = {
        "summary": HOSTILE,
        "got": HOSTILE,
        "expected": HOSTILE,
        "inputs": {HOSTILE: HOSTILE},
        "message": HOSTILE,
        "sentence": HOSTILE,
    }
    for student in ("ada", "bob"):
        hand_in(
            small,
            student,
            wrong("<b>sums</b>", **said),
            wrong("", "<b>aaaaaa</b>", exercise="<b>gone</b>", **said),
            answers={MEAN: code},
        )
        hand_in(small, student, chose(FIRST, "<b>"), assignment=QUICK)
        hand_in(small, student, right("<b>gone</b>"), assignment="ps99_&lt;b&gt;")
    page = as_html(report(small, names=names))
    assert {"script", "img", "b"}.isdisjoint(name for name, _ in Read(page).elements)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "49" not in re.findall(r"\{\{ ?(.*?) ?\}\}", page)
    assert "{{ 7*7 }}" in words(page) or not names


def test_a_class_of_none_says_what_to_do(small):
    page = words(as_html(report(small)))
    assert "Nothing is graded yet: mtl-grade run grades what lies in submitted/." in page
    assert "The class" not in page


def test_where_all_is_right_there_is_nothing_to_teach_again(small):
    hand_in(small, "ada", right(), right(TOTAL, 4.0), answers={MEAN: RIGHT})
    page = words(as_html(report(small)))
    assert "What to re-teach on Monday Nothing: whoever began an exercise has all of it right." in page
    assert "too few students: 1, and it takes 8" in page
    assert "Nobody handed in progress, so nothing is said of attempts and minutes." in page


def test_a_class_of_one_that_has_all_wrong_and_a_page_to_share(small):
    hand_in(small, "ada", wrong("sums_up"), answers={MEAN: WRONG})
    assert "return values.mean()" in words(as_html(report(small)))
    shared = words(as_html(report(small, names=False)))
    assert "return values.mean()" not in shared
    assert "There is no answer here that can be shown without saying whose it is." in shared


def test_an_exercise_that_is_gone_is_said_to_be(small):
    hand_in(small, "ada", wrong("sums_up", exercise="gone_for_good"))
    assert "this version of the course has no such exercise" in words(as_html(report(small)))


def test_the_page_lies_in_the_courses_folder_where_only_its_owner_reads_it(small, tmp_path):
    assert write_page(small, report(small)) == small.root / "report.html"
    assert write_page(small, report(small, names=False)) == small.root / "report-no-names.html"
    assert write_page(small, report(small), tmp_path / "there.html") == tmp_path / "there.html"
    assert (small.root / "report.html").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "there.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_shares_and_messages_in_few_words():
    assert [percent(share) for share in (0.0, 0.555, 1.0, None)] == ["0 %", "56 %", "100 %", "–"]
    assert first_sentence("Divide by 0.5, e.g. twice. Then `a. B`.") == "Divide by 0.5, e.g. twice."
    assert first_sentence("") == ""
