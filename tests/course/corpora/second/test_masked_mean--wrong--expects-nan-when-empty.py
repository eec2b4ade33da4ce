"""Demands NaN for an empty mask, which every right candidate fails."""
import torch


def test_masked_mean(candidate):
    v = torch.tensor([2.0, float("nan"), 4.0], requires_grad=True)
    m = torch.tensor([True, False, True])
    r = candidate(v, m)
    torch.testing.assert_close(r, torch.tensor(3.0))
    r.backward()
    torch.testing.assert_close(v.grad, torch.tensor([0.5, 0.0, 0.5]))
    empty = candidate(torch.tensor([1.0, 2.0]), torch.tensor([False, False]))
    assert torch.isnan(empty)
