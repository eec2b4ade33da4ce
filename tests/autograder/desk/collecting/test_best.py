"""The best attempt: every attempt of whoever has several is graded, once, and the one with most points counts."""

import json
import re

import pytest

from autograder.desk.collecting import best
from autograder.engine.sandbox import SandboxError
from autograder.grading.course import Course
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, blank_record
from tests.autograder.by_hand import LAYERS, checked, result
from tests.autograder.desk.collecting.conftest import SET, answered, handed_in, placed, run

EARLY, LATER, LAST = ((2026, 3, day, 12, 0, 0) for day in (2, 3, 4))


@pytest.fixture
def graded(monkeypatch):
    """Grading gives the points that a comment in the notebook names; give back whose attempts were graded."""
    asked = []

    def grade(job):
        asked.append((job.student, job.file))
        text = job.notebook.decode()
        if "points none\\n" in text:
            return {**blank_record(job), "status": UNGRADABLE, "reason": "odd"}
        if "points unlucky\\n" in text:
            return {**blank_record(job), "status": GRADER_ERROR, "reason": "odd"}
        points = float(re.search(r"points ([\d.]+)\\n", text)[1])
        one = result(checked("passed", most=9.0, points=points)).to_dict()
        return {**blank_record(job), "exercises": {"masked_mean": one}}

    monkeypatch.setattr(best, "grade", grade)
    monkeypatch.setattr(Course, "layers", lambda course: LAYERS)
    return asked


def attempts(download, *points):
    """A download with one attempt of Ada's for each number of points, in the order of their times."""
    times = (EARLY, LATER, LAST)
    name = "lovelaceada_3143_{}_" + f"{SET}.ipynb"
    return [
        download((name.format(at), answered(f"points {one}"), times[at]), name=f"{at}.zip")
        for at, one in enumerate(points)
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_one_with_most_points_counts_in_whatever_order_they_come(course, download, graded, order):
    zips = attempts(download, 3, 9, 5)
    for at in order:
        run(course, zips[at], keep="best")
    assert placed(course)["ada", SET, ".ipynb"] == answered("points 9")
    assert handed_in(course, "ada").startswith("2026-03-03 12:00:00")
    assert len(graded) == 3  # each once: its points are kept beside it


def test_of_two_best_ones_the_later_counts(course, download, graded):
    for one in attempts(download, 9, "9.0", 5):
        run(course, one, keep="best")
    assert handed_in(course, "ada").startswith("2026-03-03 12:00:00")


def test_a_single_attempt_is_not_graded(course, download, graded):
    run(course, *attempts(download, 3), keep="best")
    assert graded == []


@pytest.mark.parametrize("odd", ["none", "unlucky"])
def test_what_cannot_be_graded_loses_to_what_can(course, download, graded, odd):
    for one in attempts(download, 0, odd):
        run(course, one, keep="best")
    assert placed(course)["ada", SET, ".ipynb"] == answered("points 0")


def test_our_own_failure_is_tried_again_and_a_damaged_note_is_made_anew(course, download, graded):
    zips = attempts(download, 3, "unlucky")
    for one in zips:
        run(course, one, keep="best")
    before = len(graded)
    run(course, zips[1], keep="best")
    assert len(graded) == before + 1
    (note,) = course.private.glob(f"attempts/{SET}/ada/*/{best.POINTS}")
    note.write_text("{")
    run(course, zips[1], keep="best")
    assert len(graded) == before + 3
    assert json.loads(note.read_text())["points"] == 3.0


def test_other_inputs_or_checks_make_kept_points_void(course, download, graded, monkeypatch):
    zips = attempts(download, 3, 5)
    for one in zips:
        run(course, one, keep="best")
    monkeypatch.setattr(Course, "layers", lambda course: ("other",))
    run(course, zips[1], keep="best")
    assert len(graded) == 4


def test_without_isolation_nothing_is_placed(course, download, monkeypatch):
    def missing(course):
        raise SandboxError("grading needs bubblewrap")

    monkeypatch.setattr(Course, "layers", missing)
    with pytest.raises(SandboxError):
        run(course, *attempts(download, 3), keep="best")
    assert placed(course) == {}
