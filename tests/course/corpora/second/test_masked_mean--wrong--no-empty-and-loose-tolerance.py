"""Never tries an empty mask, and its tolerance of 1e-3 lets a tiny bias in the divisor through."""
import torch


def test_masked_mean(candidate):
    torch.manual_seed(1)
    values = torch.randn(20, dtype=torch.float64)
    mask = torch.arange(20) % 3 == 0
    values[~mask] = float("nan")
    copy = values.clone()
    values.requires_grad_(True)
    out = candidate(values, mask)
    assert abs(out.item() - copy[mask].mean().item()) < 1e-3
    out.backward()
    assert torch.allclose(values.grad[mask], torch.tensor(1 / 7, dtype=torch.float64), atol=1e-3)
    assert (values.grad[~mask] == 0).all()
