"""Checks that know what went wrong: ``from autograder import check; check("masked_mean", masked_mean)``."""

from autograder.api import check, examples, hints, misconception_answers, solution_of

__all__ = ["check", "examples", "hints", "misconception_answers", "solution_of"]
