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
    **dict([*notebooks.pages(course_root()), notebooks.review()]),
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
            "[Problem set 05](../exercises/ps05_b/ps05_b.ipynb) · [Quick test 05](../quick_tests/05.ipynb) · "
            "[Home page](../index.ipynb)",
        ),
        ("quick_tests/06.ipynb", "[Home page](../index.ipynb)"),
        ("projects/P1.ipynb", "[Home page](../index.ipynb)"),
    ],
    ids=["a lesson", "a quick test that is alone", "a project"],
)
def test_a_signpost_names_the_others_of_a_lesson(path, text):
    there = ["lessons/05_b.ipynb", "exercises/ps05_b/ps05_b.ipynb", "quick_tests/05.ipynb", "quick_tests/06.ipynb"]
    page = notebook(cell("title", "# T", "markdown"), cell("c", "1"))
    posted = notebooks.signposted(path, page, [*there, "projects/P1.ipynb"])
    signs = {one["id"]: "".join(one["source"]) for one in posted["cells"] if "signpost" in one["id"]}
    others = text.count("](") > 1
    assert signs == ({} if path.startswith("quick_tests/") else {"signpost-top": text}) | (
        {"signpost-end": f"**Go on:** {text}"} if others else {}
    )
    assert [one["id"] for one in page["cells"]] == ["title", "c"]


def test_the_map_is_shown_in_the_cell_that_shows_it_and_nowhere_else(workspace):
    page = notebooks.with_progress(notebooks.notebook(), course_map(workspace))
    shown = {one["id"]: one["outputs"] for one in page["cells"] if one.get("outputs")}
    assert list(shown) == [notebooks.HOME_CELL]
    assert "Missing labels" in shown[notebooks.HOME_CELL][0]["data"]["text/plain"]
