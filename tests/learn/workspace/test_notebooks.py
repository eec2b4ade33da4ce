"""The notebooks that are made for a workspace are whole notebooks, and lead to each other."""

import nbformat
import pytest

from autograder.course_files import course_root
from mtl_teach.learn.course_map import course_map
from mtl_teach.learn.workspace import notebooks
from tests.learn.conftest import cell, notebook

MADE = {
    "index.ipynb": notebooks.notebook(),
    **dict(notebooks.quick_tests()),
    **dict([*notebooks.pages(course_root()), notebooks.review(), notebooks.written()]),
}


@pytest.mark.parametrize("path", MADE)
def test_what_is_made_is_a_notebook_whose_cells_have_names_of_their_own(path):
    nbformat.validate(nbformat.from_dict(MADE[path]))
    names = [one["id"] for one in MADE[path]["cells"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "lessons/05_b.ipynb",
            "[Problem set 05](../exercises/ps05_b/ps05_b.ipynb) · "
            "[Quick test 05](../quick_tests/quick_test_05.ipynb) · [Home page](../index.ipynb)",
        ),
        ("quick_tests/quick_test_06.ipynb", "[Home page](../index.ipynb)"),
        ("projects/P1.ipynb", "[Home page](../index.ipynb)"),
    ],
    ids=["a lesson", "a quick test that is alone", "a project"],
)
def test_a_signpost_names_the_others_of_a_lesson(path, text):
    there = [
        "lessons/05_b.ipynb",
        "exercises/ps05_b/ps05_b.ipynb",
        "quick_tests/quick_test_05.ipynb",
        "quick_tests/quick_test_06.ipynb",
    ]
    page = notebook(cell("title", "# T", "markdown"), cell("c", "1"))
    posted = notebooks.signposted(path, page, [*there, "projects/P1.ipynb"])
    signs = {one["id"]: "".join(one["source"]) for one in posted["cells"] if "signpost" in one["id"]}
    others = text.count("](") > 1
    assert signs == ({} if path.startswith("quick_tests/") else {"signpost-top": text}) | (
        {"signpost-end": f"**Go on:** {text}"} if others else {}
    )
    assert [one["id"] for one in page["cells"]] == ["title", "c"]


def test_a_problem_set_ends_with_the_way_to_its_written_answer():
    path = "exercises/ps05_b/ps05_b.ipynb"
    posted = notebooks.signposted(path, notebook(cell("title", "# T", "markdown")), [path, "lessons/05_b.ipynb"])
    first, top, end = ("".join(one["source"]) for one in posted["cells"])
    assert "written" not in first + top
    assert end.startswith("**Go on:** [Look at your written answer](../../written.ipynb) · [Lesson 05](")


def test_the_map_is_shown_in_the_cell_that_shows_it_and_nowhere_else(workspace):
    page = notebooks.with_progress(notebooks.notebook(), course_map(workspace))
    shown = {one["id"]: one["outputs"] for one in page["cells"] if one.get("outputs")}
    assert list(shown) == [notebooks.HOME_CELL]
    assert "Missing labels" in shown[notebooks.HOME_CELL][0]["data"]["text/plain"]


# ---- the glossary, and links that lead to where things lie in a workspace ---------------------------------------

TERMS = notebooks.glossary_terms(course_root())


def test_the_glossary_is_a_page_of_cells_one_a_term():
    cells = MADE["lessons/pages/glossary.ipynb"]["cells"]
    assert [one["id"] for one in cells] == ["page-glossary", *(term.cell for term in TERMS)]
    mask = next("".join(one["source"]) for one in cells if one["id"] == "glossary-mask")
    assert mask.startswith("**mask**: boolean array")
    assert mask.endswith("*Lesson [5](../05_missing_labels.ipynb).*")


def test_a_lesson_links_its_words_and_other_notebooks_do_not():
    page = notebook(cell("m", "# Masks\n\nA mask.", "markdown"), cell("c", "# mask"), cell("n", "A mask.", "markdown"))
    done = notebooks.with_glossary("lessons/05_a.ipynb", page, TERMS)
    assert ["".join(one["source"]) for one in done["cells"]] == [
        "# Masks\n\nA [mask](pages/glossary.ipynb#cell-id=glossary-mask).",
        "# mask",
        "A mask.",
    ]
    assert notebooks.with_glossary("lessons/05_a.ipynb", page, []) == page
    assert notebooks.with_glossary("exercises/ps05_a/ps05_a.ipynb", page, TERMS) == page
    assert notebooks.with_glossary("lessons/pages/help.ipynb", page, TERMS) == page


@pytest.mark.parametrize(
    ("path", "written", "delivered"),
    [
        ("lessons/12_a.ipynb", "projects/P1.ipynb", "../projects/P1.ipynb"),
        ("lessons/05_a.ipynb", "pages/help.md#more", "pages/help.ipynb#more"),
        ("projects/P1.ipynb", "../05_a.ipynb", "../lessons/05_a.ipynb"),
        ("projects/P1.ipynb", "P2.ipynb", "P2.ipynb"),
        ("lessons/pages/help.ipynb", "glossary.md", "glossary.ipynb"),
        ("lessons/05_a.ipynb", "https://example.org/a.md", "https://example.org/a.md"),
        ("lessons/05_a.ipynb", "picture.png", "picture.png"),
    ],
)
def test_a_link_of_the_course_leads_to_the_same_thing_in_a_workspace(path, written, delivered):
    page = notebook(cell("m", f"See [this]({written}).", "markdown"), cell("c", f"# [this]({written})"))
    text, code = notebooks.at_home(path, page)["cells"]
    assert "".join(text["source"]) == f"See [this]({delivered})."
    assert "".join(code["source"]) == f"# [this]({written})"


def test_a_course_without_a_glossary_has_no_terms(tmp_path):
    assert notebooks.glossary_terms(tmp_path) == []
