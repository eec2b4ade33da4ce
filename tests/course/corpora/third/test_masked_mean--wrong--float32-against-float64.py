"""Compares a float32 result with a float64 reference to 1e-10, so that right candidates fail."""
import torch


def test_masked_mean(candidate):
    torch.manual_seed(0)
    values = torch.rand(257) * 10
    mask = torch.rand(257) > 0.4
    dirty = torch.where(mask, values, torch.full_like(values, float("inf")))
    x = dirty.clone().requires_grad_()
    result = candidate(x, mask)
    expected = values.double()[mask].mean()
    assert abs(result.double() - expected) < 1e-10
    result.backward()
    assert (x.grad[~mask] == 0).all()
    empty = candidate(torch.tensor([1.0, float("nan")]), torch.tensor([False, False]))
    assert empty == 0
