"""Seeded random cases of several lengths and kinds of dirt, checked against index arithmetic in float64."""
import math

import torch


def test_masked_mean(candidate):
    gen = torch.Generator().manual_seed(7)
    for dtype, rel in [(torch.float32, 2e-6), (torch.float64, 1e-11)]:
        for size in (1, 2, 5, 40):
            for dirt in (3.0, -1e4, 0.0, math.inf, -math.inf, math.nan):
                for share in (0.0, 0.5, 1.0):
                    clean = (torch.rand(size, generator=gen) + 0.5).to(dtype)
                    mask = torch.rand(size, generator=gen) < share
                    data = clean.clone()
                    data[~mask] = dirt
                    keep_data, keep_mask = data.clone(), mask.clone()
                    n = int(mask.sum())

                    plain = candidate(data, mask)
                    assert torch.equal(torch.nan_to_num(data, 99.0), torch.nan_to_num(keep_data, 99.0))
                    assert torch.equal(mask, keep_mask)

                    leaf = data.clone().requires_grad_(True)
                    result = candidate(leaf, mask)
                    for r in (plain, result):
                        assert r.shape == torch.Size([])
                        if n == 0:
                            assert r.item() == 0
                        else:
                            ref = clean[mask].double().sum().item() / n
                            assert abs(r.item() - ref) <= rel * ref
                    result.backward()
                    assert leaf.grad is not None
                    assert bool((leaf.grad[~mask] == 0).all())
                    if n:
                        assert bool(((leaf.grad[mask].double() * n - 1).abs() <= rel).all())
