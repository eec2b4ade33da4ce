"""A helper that checks value, gradient and inputs, called for many small cases in both precisions."""
import torch


def _one(candidate, vals, m, want, dtype):
    v = torch.tensor(vals, dtype=dtype, requires_grad=True)
    mask = torch.tensor(m)
    v0 = v.detach().clone()
    m0 = mask.clone()
    got = candidate(v, mask)
    assert got.shape == ()
    eps = 1e-13 if dtype == torch.float64 else 1e-6
    assert abs(got.item() - want) <= eps * max(1, abs(want))
    got.backward()
    n = sum(m)
    for i in range(len(vals)):
        if m[i]:
            assert abs(v.grad[i].item() - 1 / n) <= eps
        else:
            assert v.grad[i].item() == 0
    assert torch.equal(mask, m0)
    assert torch.allclose(v.detach(), v0, rtol=0, atol=0, equal_nan=True)
    # and once without a gradient, where writing into the input is possible
    u = v0.clone()
    candidate(u, mask)
    assert torch.allclose(u, v0, rtol=0, atol=0, equal_nan=True)
    assert torch.equal(mask, m0)


def test_masked_mean(candidate):
    nan = float("nan")
    for dtype in (torch.float32, torch.float64):
        _one(candidate, [1.0, 9.0, 6.0], [True, False, True], 3.5, dtype)
        _one(candidate, [1.0, nan, 6.0], [True, False, True], 3.5, dtype)
        _one(candidate, [-4.0, 1e6, 2.0, 3.0, 0.0], [True, False, True, True, True], 0.25, dtype)
        _one(candidate, [5.0], [True], 5.0, dtype)
        _one(candidate, [8.0, 3.0], [False, True], 3.0, dtype)
        _one(candidate, [2.0, 4.0, 9.0], [True, True, True], 5.0, dtype)
        _one(candidate, [7.0, 3.0], [False, False], 0.0, dtype)
        _one(candidate, [nan, nan, 1.0], [False, False, False], 0.0, dtype)
