"""A small course with two written questions: one of the course's own, with its mark scheme, and one in free form."""

import copy
import json
import re
import shutil
import socket
from pathlib import Path

import pytest

from autograder.authoring import build
from autograder.course_files import course_root
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.release import release
from autograder.grading.course import Course
from autograder.grading.record import blank_record
from tests.autograder.by_hand import FULL, LAYERS
from tests.autograder.conftest import MASKS

SET, CELL = "ps05_missing_labels", "why-masking"
QUESTION, FREE = f"{SET}/{CELL}", f"{SET}/why-free"
ANSWER = "L = w_click · *BCE* + w_cvr · S/n, so 1.80. Rows without a label teach nothing."
FREELY = """
# %% [markdown] grade_id="about-why-free" tags=["locked"]
# ## And in your own words?

# %% [markdown] grade_id="why-free" tags=["manual:4"]
# Up to four points for a good idea; **half** of them for a common one.
"""


def source() -> str:
    """A problem set of one exercise and two written questions."""
    ours = (course_root() / "solutions" / f"{SET}.py").read_text(encoding="utf-8")
    cells = ours.split("\n\n# %% ")
    wanted = [cell for cell in cells if re.search(rf'grade_id="(given-|numbers-|about-)?{CELL}"', cell)]
    begin = MASKS.split('\n# %% [markdown] grade_id="why-masking"')[0]
    return (
        begin.replace("import check", "import check, variant") + "".join(f"\n\n# %% {one}" for one in wanted) + FREELY
    )


@pytest.fixture(scope="session")
def marking_sources(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("marking-checkout")
    (root / "solutions").mkdir()
    (root / "solutions" / f"{SET}.py").write_text(source(), encoding="utf-8")
    build.build(root)
    return root


@pytest.fixture(scope="session")
def marking_course(tmp_path_factory, marking_sources) -> Path:
    root = tmp_path_factory.mktemp("marking-courses") / "course"
    course = Course.create(root, "test", marking_sources / "solutions")
    # the same secret each time: the order of a pile is drawn from it
    (course.private / "secret").write_text("5" * 64 + "\n")
    release(Course.open(root))
    return root


@pytest.fixture
def course(tmp_path, marking_course) -> Course:
    return Course.open(shutil.copytree(marking_course, tmp_path / "course"))


@pytest.fixture
def handed_out(marking_sources):
    """The student's notebook."""
    return json.loads((marking_sources / "exercises" / SET / f"{SET}.ipynb").read_text(encoding="utf-8"))


def hand_in(course, notebook, student, text=ANSWER, free="An idea.", **more):
    """Hand in a notebook with these answers and write its record, as if it had been graded."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        answer = {CELL: text, "why-free": free}.get(cell["id"])
        if answer is not None:
            cell["source"] = answer
    path = course.root / "submitted" / student / SET / f"{SET}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    job = course.job(course.submission(student, SET), LAYERS)
    exercises = {FULL.exercise: FULL.to_dict()}
    course.write_record({**blank_record(job), "exercises": exercises, "seconds": 0.0, **more})


@pytest.fixture
def class_(course, handed_out):
    """Three people with answers, one who left both questions as they were, one whose answer lost its cell."""
    for student in ("ada", "bob", "cleo"):
        hand_in(course, handed_out, student, f"{student.title()}: {ANSWER}")
    hand_in(course, handed_out, "dan", "YOUR ANSWER HERE", "YOUR ANSWER HERE")
    why = [{"cell": CELL, "reason": "The cell of this answer is missing: look at the notebook."}]
    hand_in(course, handed_out, "eve", review=why, outside=["My *answer*."])
    write_gradebook(course)
    return course


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
