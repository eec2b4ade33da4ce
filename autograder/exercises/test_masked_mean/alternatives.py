"""Right tests that look nothing alike."""

import math

import torch

from autograder.testing import alternative


@alternative("one assertion a promise")
def plain_asserts(candidate):
    values = torch.tensor([1.0, 2.0, 6.0, -3.0], requires_grad=True)
    mask = torch.tensor([True, False, True, False])
    assert abs(candidate(values, mask).item() - 3.5) < 1e-5
    assert candidate(values, ~torch.ones(4, dtype=torch.bool)).item() == 0

    holes = torch.tensor([1.0, float("nan"), 6.0, float("nan")], requires_grad=True)
    mean = candidate(holes, mask)
    assert abs(mean.item() - 3.5) < 1e-5
    assert mean.requires_grad
    mean.backward()
    assert torch.allclose(holes.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]))
    assert holes.isnan().sum() == 2


@alternative("a table of examples, compared by torch.testing in float64")
def table(candidate):
    nan = math.nan
    examples = [
        ([2.0, 5.0], [True, False], 2.0, [1.0, 0.0]),
        ([1.0, 2.0, 6.0], [False, True, True], 4.0, [0.0, 0.5, 0.5]),
        ([1.0, 900.0, 6.0], [True, False, True], 3.5, [0.5, 0.0, 0.5]),
        ([nan, 3.0, 7.0], [False, True, True], 5.0, [0.0, 0.5, 0.5]),
        ([4.0, 8.0], [False, False], 0.0, [0.0, 0.0]),
    ]
    for values, mask, mean, slope in examples:
        x = torch.tensor(values, dtype=torch.float64, requires_grad=True)
        before = x.detach().clone()
        got = candidate(x, torch.tensor(mask))
        torch.testing.assert_close(got.detach(), torch.tensor(mean, dtype=torch.float64))
        (gradient,) = torch.autograd.grad(got, x)
        torch.testing.assert_close(gradient, torch.tensor(slope, dtype=torch.float64))
        torch.testing.assert_close(x.detach(), before, equal_nan=True, rtol=0, atol=0)


@alternative("random inputs against an own reference, raising AssertionError by hand")
def random_inputs(candidate):
    generator = torch.Generator().manual_seed(1)
    for size in (1, 3, 8):
        for share in (0.0, 0.4, 1.0):
            mask = torch.rand(size, generator=generator) < share
            clean = torch.randn(size, generator=generator).double() + 3
            for hidden in (1e3, math.nan):
                values = torch.where(mask, clean, hidden)
                n = max(int(mask.sum()), 1)
                given = values.clone().requires_grad_()
                got = candidate(given, mask)
                if not math.isclose(float(got.detach()), float(clean[mask].sum()) / n, abs_tol=1e-9):
                    raise AssertionError("wrong mean")
                if got.grad_fn is None:
                    raise AssertionError("no gradient")
                got.backward()
                if not torch.equal(given.grad.isnan(), torch.zeros_like(mask)):
                    raise AssertionError("NaN gradient")
                if not torch.allclose(given.grad, mask.double() / n):
                    raise AssertionError("wrong gradient")
                if not torch.equal(given.detach().nan_to_num(), values.nan_to_num()):
                    raise AssertionError("changed in place")


@alternative("properties instead of numbers: constants, shifts, hidden values")
def properties(candidate):
    mask = torch.tensor([True, False, True, True, False])
    level = torch.full((5,), 7.25)
    assert float(candidate(level, mask)) == 7.25 or math.isclose(float(candidate(level, mask)), 7.25, rel_tol=1e-6)

    values = torch.tensor([0.5, 4.0, 1.0, -2.0, 8.0])
    mean = float(candidate(values, mask))
    assert math.isclose(float(candidate(values + 10, mask)), mean + 10, rel_tol=1e-5)
    for hidden in (-1e4, math.nan):
        other = values.clone()
        other[~mask] = hidden
        kept = other.clone()
        assert math.isclose(float(candidate(other, mask)), mean, rel_tol=1e-5, abs_tol=1e-6)
        assert torch.equal(other.nan_to_num(), kept.nan_to_num())
    assert float(candidate(values, torch.zeros(5, dtype=torch.bool))) == 0.0

    holes = torch.where(mask, values, torch.tensor(math.nan)).requires_grad_()
    candidate(holes, mask).backward()
    assert bool(holes.grad.isfinite().all())
