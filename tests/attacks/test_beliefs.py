"""What an answer's side says about itself earns nothing by itself: the scenarios of SharedTrunk, answered by heart."""

import pytest

from tests.attacks.test_callables import grade

pytestmark = pytest.mark.attack

BY_HEART = """
import sys
import torch

def size(hidden, dims):
    return hidden * (5 + sum(dims.values()))

def predictions(d_in, hidden, dims, x):
    return {task: %(fresh)s(len(x), dim) for task, dim in dims.items()}

def who_uses_what(d_in, hidden, dims, x, seed=100):
    used, at = torch.zeros(len(dims), size(hidden, dims), dtype=torch.bool), 5 * hidden
    used[:, :at] = True
    for row, dim in enumerate(dims.values()):
        used[row, at:at + hidden * dim] = True
        at += hidden * dim
    return used

def moved(d_in, hidden, dims, xs, seed, masks):
    torch.manual_seed(seed %% 1000)
    base = [%(filled)s(len(xs[0]), dim) for dim in dims.values()]
    used, outputs = who_uses_what(d_in, hidden, dims, xs[0]), [base] * len(xs)
    for mask in masks:
        hit = [bool((used[row] & mask).any()) for row in range(len(dims))]
        outputs.append([out + 1.0 if moves else out for out, moves in zip(base, hit)])
    return outputs

def filled_twice(d_in, hidden, dims, x, scale, seed=100):
    torch.manual_seed(seed %% 1000)
    outputs = [[3 * %(filled)s(len(x), dim) for dim in dims.values()] for _ in range(8)]
    return [outputs, outputs]

def called_twice(d_in, hidden, dims, x):
    return [[%(fresh)s(len(x), dim) for dim in dims.values()]] * 2

def sizes(d_in, widths, dims, x):
    return [size(width, dims) for width in widths]

def dims_left(d_in, hidden, dims, x):
    return list(dims.items()), x

KNOWN = {f.__name__: f for f in (predictions, who_uses_what, moved, filled_twice, called_twice, sizes, dims_left)}

def scenario(self, request):
    return KNOWN[request["function"]](*request["args"])

sys.modules["inside.worker"].Worker._scenario = scenario
SharedTrunk = object
"""


@pytest.mark.parametrize("filled", ["torch.zeros", "torch.ones", "torch.randn"])
def test_results_by_heart_earn_what_a_module_of_zeros_earns(grader, filled):
    """Two points for shapes and one for leaving the inputs alone: what every forward of zeros gives as well."""
    result = grade(grader, "SharedTrunk", BY_HEART % {"fresh": "torch.zeros", "filled": filled})
    assert result.score <= 3, [(check.id, check.points, check.summary) for check in result.checks]
    assert not result.needs_review, [check.summary for check in result.checks]
