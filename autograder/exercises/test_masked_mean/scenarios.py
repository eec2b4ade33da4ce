"""What must run beside the answer because a candidate is a live function."""

import torch

PLAIN = ("alternative", "misconception")


def _plain(*args, **kwargs):
    """Stands in for the grader's decorators, which a candidate's source may carry."""
    return lambda function: function


def judge(test_masked_mean, source):
    """Run the learner's test on one candidate, given as source: what happened, which error, what came back."""
    names = {"torch": torch, **dict.fromkeys(PLAIN, _plain)}
    exec(compile(source, "<candidate>", "exec", dont_inherit=True), names)
    candidate = list(names.values())[-1]
    candidate.__name__ = candidate.__qualname__ = "candidate"
    try:
        came_back = test_masked_mean(candidate)
    except NotImplementedError:
        raise
    except Exception as error:
        return "failed", type(error).__name__, str(error)[:300]
    return "passed", type(came_back).__name__, ""


def happened(test_masked_mean, source):
    """1 where the test stopped the candidate, else 0; and whether something came back from the test."""
    verdict, came_back, _ = judge(test_masked_mean, source)
    return int(verdict == "failed"), int(verdict == "passed" and came_back != "NoneType")
