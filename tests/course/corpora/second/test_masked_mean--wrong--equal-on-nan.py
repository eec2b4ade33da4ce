"""Compares an input that holds NaN with torch.equal, which is never True for NaN, so right candidates fail."""
import torch


def test_masked_mean(candidate):
    v = torch.tensor([1.0, float("nan"), 5.0])
    m = torch.tensor([True, False, True])
    v_before, m_before = v.clone(), m.clone()
    out = candidate(v, m)
    assert out.item() == 3.0
    assert torch.equal(v, v_before), "values changed"
    assert torch.equal(m, m_before), "mask changed"
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    candidate(x, torch.tensor([False, False])).backward()
    assert x.grad.abs().sum() == 0
