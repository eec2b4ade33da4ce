"""Demands equality to the last bit on random numbers, so right candidates that add in another order fail."""
import torch


def test_masked_mean(candidate):
    torch.manual_seed(0)
    for n in [5, 50, 500]:
        v = torch.randn(n, requires_grad=True)
        m = torch.rand(n) > 0.4
        out = candidate(v, m)
        expected = sum(v[m].detach().tolist()) / m.sum().item()
        assert out.item() == expected
        out.backward()
        assert (v.grad[~m] == 0).all()
    v = torch.tensor([1.0, float("nan")], requires_grad=True)
    out = candidate(v, torch.tensor([True, False]))
    out.backward()
    assert out.item() == 1 and v.grad.tolist() == [1, 0]
    e = torch.tensor([1.0, 2.0], requires_grad=True)
    r = candidate(e, torch.tensor([False, False]))
    r.backward()
    assert r.item() == 0
    assert e.grad.tolist() == [0, 0]
