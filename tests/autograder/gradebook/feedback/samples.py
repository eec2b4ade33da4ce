"""What a page is made of, made by hand: small, with every field that a page shows."""

from datetime import datetime

from autograder.gradebook.feedback.asked import Asked, Question
from autograder.gradebook.feedback.entered import Entry, Given
from autograder.results import STUB_LEFT, Cause, Verdict
from tests.autograder.by_hand import checked, result

MEAN = Question("check-masked_mean", "masked_mean", "A mean", "Write `masked_mean`.", "", True)
WHY = Question("why-masking", "why-masking", "In words", "Say *why*.", "The claim (2), the limit (2).", False)
ASKED = Asked("Problem set 5: masks", (MEAN, WHY))
CODE = "def masked_mean(values, mask):\n    return values.sum()"
WRONG = result(
    checked(Verdict.PASSED, "test_scalar", 2.0, sentence="It is one number."),
    checked(
        Verdict.FAILED,
        "test_value",
        4.0,
        sentence="The mean is over what is observed.",
        summary="The mean is not what was expected.",
        inputs={"values": "[1, 9, 6]", "mask": "[True, False, True]"},
        expected="[3.5, 1]",
        got="[16, 1]",
        difference="12.5",
        misconception="sum_of_all",
        message="That is the sum of all: divide.",
        cause=Cause.WRONG,
    ),
    checked(Verdict.SKIPPED, "test_gradient", 3.0, sentence="The gradient is right.", cause=Cause.DEPENDS),
    question="What do you divide by?",
)
FULL = result(checked(Verdict.PASSED, "test_value", 9.0))
NOT_BEGUN = result(checked(Verdict.FAILED, most=9.0, summary=STUB_LEFT, cause=Cause.NOT_STARTED))


def notebook_with(code=CODE, written="Because."):
    """A notebook with an answer of each kind; None leaves its cell out."""
    cells = [("code", "masked_mean", code), ("markdown", "why-masking", written)]
    return {
        "cells": [
            {"cell_type": kind, "id": name, "metadata": {"nbgrader": {"grade_id": name}}, "source": source}
            for kind, name, source in cells
            if source is not None
        ]
    }


def record_of(*results, **more):
    exercises = {one.exercise: one.to_dict() for one in results}
    return {
        "student": "ada",
        "assignment": "ps05_masks",
        "status": "graded",
        "reason": "",
        "exercises": exercises,
        "cells": {},
        **more,
    }


def entry_of(score=2.0, written=None, name="Ada Lovelace", penalty=0.0, by_hand=False, **comments):
    """An entry in the gradebook; a score that is None waits for a person."""
    given = {
        "check-masked_mean": Given(score, 9.0, by_hand=by_hand),
        "why-masking": Given(written, 4.0, by_hand=written is not None),
    }
    texts = {name.replace("why", "why-masking"): text for name, text in comments.items()}
    return Entry(name, datetime(2026, 1, 10, 11, 5), penalty, given, texts)
