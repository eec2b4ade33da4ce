"""Demands a relative difference of 1e-9 of float32 candidates."""
import torch


def test_masked_mean(candidate):
    g = torch.Generator().manual_seed(3)
    values = torch.randn(50, generator=g)
    mask = torch.rand(50, generator=g) < 0.5
    truth = values.double()[mask].mean()
    for hidden in (7.0, float("nan")):
        v = torch.where(mask, values, hidden).requires_grad_(True)
        kept = v.detach().clone()
        out = candidate(v, mask)
        assert abs(out.item() - truth.item()) < 1e-9
        out.backward()
        assert torch.allclose(v.grad, mask.float() / mask.sum())
        candidate(v.detach(), mask)
        assert torch.equal(v.detach().nan_to_num(), kept.nan_to_num())
    assert candidate(values, torch.zeros(50, dtype=torch.bool)) == 0
