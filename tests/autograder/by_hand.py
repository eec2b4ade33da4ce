"""Results and records made by hand: what comes after grading is tried without grading anything."""

from autograder.grading.record import blank_record
from autograder.results import CheckResult, ExerciseResult, Verdict
from tests.autograder.conftest import NAME, hand_in

LAYERS = ("made by hand",)


def checked(verdict, name="test_value", most=2.0, **more):
    """One check; it has all its points where it passed and none elsewhere, unless told otherwise."""
    points = more.pop("points", most if verdict is Verdict.PASSED else 0.0)
    sentence = more.pop("sentence", "The value is right.")
    return CheckResult(name, verdict, points, most, sentence, **more)


def result(*checks, exercise="masked_mean", question="", fingerprint=""):
    """What the checks of one exercise said."""
    return ExerciseResult(exercise, "Mean of the observed entries", "05_missing_labels", checks, question, fingerprint)


FULL = result(checked(Verdict.PASSED, most=9.0))


def record(course, student, *results, assignment=NAME, **more):
    """The record of what a student handed in, as grading would have written it."""
    job = course.job(course.submission(student, assignment), LAYERS)
    exercises = {one.exercise: one.to_dict() for one in results}
    return {**blank_record(job), "exercises": exercises, "seconds": 0.0, **more}


def graded(course, student, notebook, *results, **more):
    """Hand in a notebook and write its record."""
    hand_in(course, student, notebook)
    made = record(course, student, *results, **more)
    course.write_record(made)
    return made
