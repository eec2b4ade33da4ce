"""Right: a table of cases in both dtypes; every case checks value, gradient and untouched inputs."""
import math

import torch


def test_masked_mean(candidate):
    nan, inf = math.nan, math.inf
    cases = [
        # values, mask
        ([1.0, 9.0, 6.0], [1, 0, 1]),
        ([9.0, 1.5, 2.25, 7.0, 4.0], [0, 1, 1, 0, 1]),
        ([3.0, 5.0, 8.5], [1, 1, 1]),
        ([3.7], [1]),
        ([0.3, -2.9, 4.4, 1.1], [0, 1, 0, 0]),
        ([-0.3, -2.9, -4.4, 100.0], [1, 1, 1, 0]),
        ([0.0, 4.0, 0.0, 2.0], [1, 1, 1, 0]),
        ([nan, 2.0, 3.0], [0, 1, 1]),
        ([2.0, inf, 3.0, -inf, nan, 1e30], [1, 0, 1, 0, 0, 0]),
        ([2.0, inf], [1, 0]),
        ([7.0, -inf, 1.0], [1, 0, 1]),
        ([5.0, 6.0, 7.0], [0, 0, 0]),
        ([nan, inf, -inf, 4.0], [0, 0, 0, 0]),
        ([nan], [0]),
        ([0.1 * i + 1 for i in range(60)], [i % 3 != 1 for i in range(60)]),
    ]

    def same(a, b):
        return a.shape == b.shape and bool(((a == b) | (a.isnan() & b.isnan())).all())

    for dtype, tol in ((torch.float64, 1e-12), (torch.float32, 1e-6)):
        for numbers, flags in cases:
            start = torch.tensor(numbers, dtype=dtype)
            start_mask = torch.tensor([bool(f) for f in flags])
            n = int(start_mask.sum())
            picked = [float(v) for v, f in zip(start, start_mask) if f]
            expected = math.fsum(picked) / n if n else 0.0

            # without a gradient
            values, mask = start.clone(), start_mask.clone()
            out = candidate(values, mask)
            assert isinstance(out, torch.Tensor) and out.shape == ()
            assert abs(out.item() - expected) <= tol * abs(expected)
            assert same(values, start) and torch.equal(mask, start_mask)

            # with a gradient
            values, mask = start.clone().requires_grad_(True), start_mask.clone()
            out = candidate(values, mask)
            assert out.shape == ()
            assert abs(out.item() - expected) <= tol * abs(expected)
            assert out.requires_grad
            out.backward()
            assert values.grad is not None
            for g, f in zip(values.grad.tolist(), start_mask.tolist()):
                if f:
                    assert abs(g - 1.0 / n) <= tol / n
                else:
                    assert g == 0
            assert same(values.detach(), start) and torch.equal(mask, start_mask)
