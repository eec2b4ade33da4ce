"""Draws random cases, counts the expectation by hand and keeps exact cases for the divisor."""
import torch


def test_masked_mean(candidate):
    g = torch.Generator().manual_seed(3)
    for trial in range(8):
        n = trial + 1
        base = torch.randn(n, generator=g, dtype=torch.float64) * 10
        mask = torch.rand(n, generator=g) < 0.6
        if trial == 0:
            mask[:] = True
        junk = base.clone()
        junk[~mask] = [float("nan"), 1e30, float("inf"), -5.0][trial % 4]
        for dt, tol in ((torch.float64, 1e-11), (torch.float32, 1e-5)):
            v = junk.clone().to(dt).requires_grad_()
            keep_v, keep_m = v.detach().clone(), mask.clone()
            r = candidate(v, mask)
            seen = [x for x, ok in zip(junk.to(dt).tolist(), mask.tolist()) if ok]
            want = sum(seen) / len(seen) if seen else 0.0
            assert r.ndim == 0
            assert abs(r.item() - want) <= tol * (1 + abs(want))
            r.backward()
            grad_want = mask.to(dt) / max(len(seen), 1)
            assert v.grad is not None
            assert torch.allclose(v.grad, grad_want, rtol=tol, atol=0)
            plain = keep_v.clone()
            candidate(plain, mask)
            torch.testing.assert_close(plain, keep_v, rtol=0, atol=0, equal_nan=True)
            assert torch.equal(mask, keep_m)
    # nothing observed
    e = torch.tensor([float("nan"), 4.0], dtype=torch.float64, requires_grad=True)
    z = candidate(e, torch.zeros(2, dtype=torch.bool))
    assert z.item() == 0.0
    z.backward()
    assert e.grad.tolist() == [0.0, 0.0]
    # a divisor that is not exactly n
    one = candidate(torch.tensor([8.0, 99.0], dtype=torch.float64), torch.tensor([True, False]))
    assert abs(one.item() - 8.0) < 1e-13
