"""A small course: two problem sets of a few cells, released, with room for submissions."""

import json
import shutil
from pathlib import Path

import pytest

from autograder.authoring import build
from autograder.gradebook.release import release
from autograder.grading.course import Course

HEADER = "# ---\n# jupyter:\n#   kernelspec:\n#     display_name: Python 3\n#     name: python3\n# ---\n"
MASKS = (
    HEADER
    + '''
# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 5

# %% grade_id="setup" tags=["locked"]
import torch
from autograder import check

# %% grade_id="masked_mean" tags=["answer"]
def masked_mean(values, mask):
    """The mean of the observed entries."""
    ### BEGIN SOLUTION
    kept = values[mask]
    count = mask.sum().clamp(min=1)
    return kept.sum() / count
    ### END SOLUTION

# %% grade_id="check-masked_mean" tags=["check"]
check("masked_mean", masked_mean)

# %% [markdown] grade_id="why-masking" tags=["manual:4"]
# Because a label that is not there teaches nothing.
'''
)
ANSWERS = {
    "right": "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum().clamp(min=1)",
    "wrong": "def masked_mean(values, mask):\n    return (values * mask).sum() / mask.sum().clamp(min=1)",
    "exit": "import os\ndef masked_mean(values, mask):\n    os._exit(0)",
}
NAME = "ps05_masks"


@pytest.fixture(scope="session")
def sources(tmp_path_factory) -> Path:
    """A checkout with one problem set, built."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "solutions").mkdir()
    (root / "solutions" / f"{NAME}.py").write_text(MASKS)
    build.build(root)
    return root


@pytest.fixture(scope="session")
def released_course(tmp_path_factory, sources) -> Path:
    """A course whose problem set is in the gradebook; tests work on copies."""
    root = tmp_path_factory.mktemp("courses") / "course"
    release(Course.create(root, "test", sources / "solutions"))
    return root


@pytest.fixture
def course(tmp_path, released_course) -> Course:
    return Course.open(shutil.copytree(released_course, tmp_path / "course"))


@pytest.fixture
def released(sources):
    """A fresh copy of the student's notebook."""
    return json.loads((sources / "exercises" / NAME / f"{NAME}.ipynb").read_text())


def with_answer(notebook, answer):
    """The notebook with one of ``ANSWERS``, or any source, as its answer."""
    for cell in notebook["cells"]:
        if cell["id"] == "masked_mean":
            cell["source"] = ANSWERS.get(answer, answer)
        if cell["id"] == "why-masking":
            cell["source"] = "A claim, a mechanism and a limit."
    return notebook


def hand_in(course, student, notebook, name=NAME):
    """Put a notebook (or any bytes) where nbgrader looks for a student's submission."""
    folder = course.root / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    (folder / f"{name}.ipynb").write_bytes(data)
