"""Demands that the gradient function is a division, as in its own solution."""
import torch


def test_masked_mean(candidate):
    mask = torch.tensor([True, False, True])
    v = torch.tensor([1.0, float("nan"), 6.0], requires_grad=True)
    out = candidate(v, mask)
    assert abs(out.item() - 3.5) < 1e-5
    assert "Div" in type(out.grad_fn).__name__
    out.backward()
    assert torch.allclose(v.grad, torch.tensor([0.5, 0.0, 0.5]))
    assert candidate(torch.tensor([4.0, 1.0]), torch.tensor([False, False])) == 0
    assert abs(candidate(torch.tensor([1.0, 9.0, 6.0]), mask).item() - 3.5) < 1e-5
    w = torch.tensor([1.0, 9.0, 6.0])
    candidate(w, mask)
    assert torch.equal(w, torch.tensor([1.0, 9.0, 6.0]))
