"""Demands bit-for-bit equality with its own sum, so that right candidates that add up in another order fail."""
import torch


def test_masked_mean(candidate):
    torch.manual_seed(0)
    for dtype in (torch.float32, torch.float64):
        values = torch.randn(1000, dtype=dtype)
        mask = torch.rand(1000) < 0.6
        values[~mask] = float("nan")
        before, mask_before = values.clone(), mask.clone()
        v = values.clone().requires_grad_(True)
        out = candidate(v, mask)
        out.backward()
        n = mask.sum()
        assert out == values[mask].mean()
        assert torch.all(v.grad[~mask] == 0)
        torch.testing.assert_close(v.grad[mask], torch.full_like(v.grad[mask], 1 / n.item()))
        candidate(values, mask)
        torch.testing.assert_close(values, before, equal_nan=True)
        assert torch.equal(mask, mask_before)
        zero = torch.zeros(3, dtype=dtype, requires_grad=True)
        empty = candidate(zero, torch.zeros(3, dtype=torch.bool))
        assert empty == 0
        empty.backward()
        assert torch.all(zero.grad == 0)
