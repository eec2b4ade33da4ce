"""A class of handmade records: a problem set of two exercises, a quick test of two questions, and nothing graded."""

import json

from autograder.files import Cell
from autograder.grading.course import Course
from autograder.grading.record import GRADED, UNGRADABLE
from autograder.results import STUB_LEFT, Cause, Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.grading.small_set import cell, notebook

SET, QUICK = "ps05_small", "qt05_small"
MEAN, TOTAL = "masked_mean", "weighted_total"
FIRST, SECOND = "quick-05-1", "quick-05-2"
RIGHT = "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum().clamp(min=1)\n"
WRONG = "def masked_mean(values, mask):\n    return values.mean()\n"
OPTIONS = "Which is it?\n\n- **A.** `one`\n- **B.** two \\* two\n- **C.** three"
SOURCES = {
    SET: (
        cell("# Problem set 5: small", "intro", "markdown", locked=True),
        cell("## A mean", f"about-{MEAN}", "markdown", locked=True),
        cell("### BEGIN SOLUTION\n### END SOLUTION", MEAN, locked=False, solution=True),
        cell("check('masked_mean', masked_mean)", f"check-{MEAN}", locked=True, grade=True, points=9),
        cell("## A total", f"about-{TOTAL}", "markdown", locked=True),
        cell("### BEGIN SOLUTION\n### END SOLUTION", TOTAL, locked=False, solution=True),
        cell("check('weighted_total', weighted_total)", f"check-{TOTAL}", locked=True, grade=True, points=4),
    ),
    QUICK: (
        cell("# Quick test 5: small", "intro", "markdown", locked=True),
        *(
            one
            for name, right in ((FIRST, "B"), (SECOND, "A"))
            for one in (
                cell(f"## Question {name[-1]}\n\n{OPTIONS}", f"about-{name}", "markdown", locked=True),
                cell(f'answer_{name[-1]} = ""\nanswer_{name[-1]} = "{right}"', name, locked=False, solution=True),
                cell(f"check('{name}', answer)", f"check-{name}", locked=True, grade=True, points=1),
            )
        ),
    ),
}


def cells_of(name):
    """The cells of a source by name."""
    made = ((one, one["metadata"]["nbgrader"]["grade_id"]) for one in SOURCES[name])
    return {key: Cell(one["cell_type"], key, key, one["source"], one["metadata"]) for one, key in made}


def small_course(folder, roster=""):
    """A new course with these two assignments and no gradebook."""
    for name, cells in SOURCES.items():
        place = folder / "built" / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_text(json.dumps(notebook(*cells)))
    course = Course.create(folder / "course", "small", folder / "built")
    course.gradebook_path.unlink()
    if roster:
        course.roster_path.write_text(f"id,first_name,last_name\n{roster}")
    return course


def hand_in(course, student, *results, assignment=SET, answers=None, **more):
    """Hand in answers, by exercise, and write the record of what was said of them."""
    folder = course.root / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    made = [{**one, "source": (answers or {}).get(key, one["source"])} for key, one in _by_name(assignment)]
    (folder / f"{assignment}.ipynb").write_text(json.dumps(notebook(*made)))
    record = {"version": 3, "key": "", "student": student, "assignment": assignment, "status": GRADED, "numbers": {}}
    course.write_record({**record, "exercises": {one.exercise: one.to_dict() for one in results}, **more})


def _by_name(assignment):
    return [(one["metadata"]["nbgrader"]["grade_id"], one) for one in SOURCES.get(assignment, ())]


# ---- what checks said --------------------------------------------------------------------------------------------


def right(exercise=MEAN, most=9.0):
    return result(checked(Verdict.PASSED, most=most), exercise=exercise)


def not_begun(exercise=MEAN, most=9.0):
    said = {"summary": STUB_LEFT, "cause": Cause.NOT_STARTED}
    return result(checked(Verdict.FAILED, most=most, **said), exercise=exercise)


def wrong(mistake="", fingerprint="", exercise=MEAN, points=0.0, most=9.0, **said):
    """An answer that fails its one check, for a known mistake or with a fingerprint."""
    told = {
        "summary": "The mean is not what was expected.",
        "inputs": {"values": "[1, 3]", "mask": "[True, False]"},
        "expected": "1",
        "got": "2",
        "message": f"About {mistake}." if mistake else "",
        **said,
    }
    check = checked(Verdict.FAILED, most=most, points=points, misconception=mistake, cause=Cause.WRONG, **told)
    made = result(check, exercise=exercise)
    return type(made)(made.exercise, made.title, made.lesson, made.checks, made.question, fingerprint)


def chose(question, letter, is_right=False):
    """An answer to a quick test's question: a letter, nothing ("") or something else ("-")."""
    if is_right:
        return result(checked(Verdict.PASSED, "test_letter", 1.0), exercise=question)
    if not letter:
        return not_begun(question, 1.0)
    mistake = {"misconception": f"option_{letter}", "message": f"Why {letter} is wrong."} if letter != "-" else {}
    return result(checked(Verdict.FAILED, "test_letter", 1.0, cause=Cause.WRONG, **mistake), exercise=question)


def everything(course):
    """A class in which everything happens that a page can say."""
    answers = {MEAN: WRONG, TOTAL: "def weighted_total(losses, weights):\n    return 0\n"}
    for number in range(10):
        first = right() if number > 6 else wrong("sums_up") if number > 3 else wrong("", "aaaaaaaaaaaa")
        second = not_begun(TOTAL, 4.0) if number == 9 else wrong("forgets", exercise=TOTAL, most=4.0, points=number % 3)
        source = {**answers, MEAN: RIGHT} if number > 6 else answers
        hand_in(course, f"s{number}", first, second, answers=source)
        hand_in(course, f"s{number}", chose(FIRST, "C"), chose(SECOND, "A", True), assignment=QUICK)
    hand_in(course, "odd", status=UNGRADABLE)
    hand_in(course, "no-record", right())
    course.record_path("no-record", SET).unlink()
    row = {"id": MEAN, "attempts": 4, "minutes": 11.0, "first_pass": "2026-01-01T00:00:00"}
    path = course.root / "submitted" / "s1" / SET / "progress.json"
    path.write_text(json.dumps({"format": "mtl-teach progress", "exercise": [row]}))
