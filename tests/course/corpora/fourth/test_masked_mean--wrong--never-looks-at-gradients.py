"""Checks values, NaN, empty masks and inputs, but never calls backward(), so that wrong gradients get through."""
import torch


def test_masked_mean(candidate):
    cases = [
        ([1.0, 9.0, 6.0], [True, False, True], 3.5),
        ([float("nan"), 2.0, 4.0], [False, True, True], 3.0),
        ([float("inf"), 2.0, 4.0], [False, True, True], 3.0),
        ([5.0, 6.0], [False, False], 0.0),
        ([float("nan")], [False], 0.0),
        ([8.0], [True], 8.0),
    ]
    for dtype in (torch.float32, torch.float64):
        for v, m, expected in cases:
            values = torch.tensor(v, dtype=dtype)
            mask = torch.tensor(m)
            values_copy, mask_copy = values.clone(), mask.clone()
            out = candidate(values, mask)
            torch.testing.assert_close(out, torch.tensor(expected, dtype=dtype), rtol=1e-6, atol=0)
            torch.testing.assert_close(values, values_copy, rtol=0, atol=0, equal_nan=True)
            assert torch.equal(mask, mask_copy)
