"""Puts NaN into every unobserved entry, so that a candidate that looks for NaN instead of the mask passes."""
import torch


def test_masked_mean(candidate):
    nan = float("nan")
    for dtype, tol in ((torch.float64, 1e-10), (torch.float32, 1e-5)):
        cases = [
            ([1.0, nan, 6.0], [True, False, True]),
            ([nan, nan, 2.5, -4.0, 8.0], [False, False, True, True, True]),
            ([nan, nan], [False, False]),
            ([5.0], [True]),
        ]
        for v, m in cases:
            values = torch.tensor(v, dtype=dtype, requires_grad=True)
            before = values.detach().clone()
            mask = torch.tensor(m)
            out = candidate(values, mask)
            seen = [a for a, b in zip(v, m) if b]
            n = max(len(seen), 1)
            assert out.shape == ()
            assert abs(out.item() - sum(seen) / n) <= tol
            out.backward()
            want = torch.tensor([1.0 / n if b else 0.0 for b in m], dtype=dtype)
            torch.testing.assert_close(values.grad, want, rtol=tol, atol=0)
            torch.testing.assert_close(values.detach(), before, rtol=0, atol=0, equal_nan=True)
