"""The cheat sheet holds every lesson's take-aways and formulas, and needs nothing but itself."""

import re
import xml.etree.ElementTree as ET

import pytest

from autograder.course_files import course_root
from autograder.files import Cell
from autograder.sections import read_cells
from mtl_teach.learn import cheat_sheet
from mtl_teach.learn.cheat_sheet import Summary, inline, page, summary_of
from mtl_teach.learn.workspace.deliver import update
from tests.learn.conftest import LESSON, cell, notebook, write

CELLS = [
    Cell("markdown", "a", "", "# 5. A < B\n\nText $x$.", {}),
    Cell("markdown", "b", "", "## The mean\n\n$$ L = \\frac{1}{2} . $$\n\nand\n\n$$ a = b, \\qquad c = d. $$", {}),
    Cell("code", "c", "", "'$$ no $$'", {}),
    Cell(
        "markdown", "d", "", "## Take-away\n\n- **One.** And\n  more $w^2$.\n- Two\n\nA paragraph.\n\n## Next\n- no", {}
    ),
]


def test_a_lesson_gives_its_title_its_points_and_its_formulas():
    assert summary_of(5, CELLS) == Summary(
        5,
        "A < B",
        ("**One.** And more $w^2$.", "Two"),
        (("The mean", " L = \\frac{1}{2} . "), ("The mean", " a = b, \\qquad c = d. ")),
    )


def test_a_lesson_without_any_of_it_is_left_out():
    assert summary_of(3, []) == Summary(3, "", (), ())
    assert "<section>" not in page([summary_of(3, [])])


def test_the_page_shows_points_and_formulas_part_by_part():
    text = page([summary_of(5, CELLS)])
    assert "<h2>5. A &lt; B</h2>" in text
    assert "<li><strong>One.</strong> And more <math><msup><mi>w</mi><mn>2</mn></msup></math>.</li><li>Two</li>" in text
    assert "<figcaption>The mean</figcaption>" in text
    assert len(re.findall('<math display="block">', text)) == 3
    assert "A paragraph" not in text


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Δm *beside* it**, a", "<strong>Δm <em>beside</em> it</strong>, a"),
        ("with `>=`; x", "with <code>&gt;=</code>; x"),
        ("a <script> & b", "a &lt;script&gt; &amp; b"),
        ("[mask](x.ipynb)", "mask"),
        ("**λ\\***, the price", "<strong>λ*</strong>, the price"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_a_line_of_markdown_is_shown_as(markdown, html):
    assert inline(markdown) == html


def test_the_sheet_of_the_course_has_every_lesson_and_no_mark_of_markdown_or_tex_left():
    files = sorted((course_root() / "lessons").glob("[0-9]*.ipynb"))
    summaries = [summary_of(int(file.name[:2]), read_cells(file)) for file in files]
    assert all(len(one.points) >= 4 for one in summaries)
    text = page(summaries)
    words = re.sub(r"<style>.*?</style>|<[^>]+>", "", text, flags=re.DOTALL)
    assert not re.search(r"\*\*|\$|\\|`", words)
    ET.fromstring(re.sub(r"<!doctype html>|<meta [^>]*>|<style>.*?</style>", "", text, flags=re.DOTALL))


def test_the_sheet_needs_no_network_and_no_script():
    text = page([summary_of(5, CELLS)])
    assert not re.search(r"https?:|<script|<link|<img|@import|url\(", text)
    for media in ("prefers-color-scheme: dark", "@media print", "color-scheme: light dark"):
        assert media in text


def test_a_workspace_has_the_sheet_and_a_newer_course_brings_a_newer_one(workspace, course):
    sheet = workspace / cheat_sheet.FILE
    assert not sheet.exists()  # this course has no take-aways
    write(course / LESSON, notebook(cell("m", "# A\n\n## Take-away\n\n- Mask first.", "markdown")))
    update(workspace, course)
    assert "Mask first." in sheet.read_text(encoding="utf-8")
    before = sheet.read_bytes()
    stamp = sheet.stat().st_mtime_ns
    update(workspace, course)
    assert sheet.stat().st_mtime_ns == stamp
    sheet.write_text("damaged")
    update(workspace, course)
    assert sheet.read_bytes() == before
