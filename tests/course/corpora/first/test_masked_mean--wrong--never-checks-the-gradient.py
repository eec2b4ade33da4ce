"""Checks values, NaN and the empty mask but never calls backward(), so a missing or NaN gradient goes through."""
import torch


def test_masked_mean(candidate):
    nan = float("nan")
    cases = [
        ([1.0, 9.0, 6.0], [True, False, True], 3.5),
        ([1.0, nan, 6.0], [True, False, True], 3.5),
        ([4.0, 4.0], [False, False], 0.0),
        ([nan, nan], [False, False], 0.0),
        ([-2.0], [True], -2.0),
    ]
    for vals, m, want in cases:
        v = torch.tensor(vals, dtype=torch.float64)
        before = v.clone()
        got = candidate(v, torch.tensor(m))
        assert torch.equal(torch.nan_to_num(v, nan=-77.0), torch.nan_to_num(before, nan=-77.0))
        assert abs(got.item() - want) < 1e-9
