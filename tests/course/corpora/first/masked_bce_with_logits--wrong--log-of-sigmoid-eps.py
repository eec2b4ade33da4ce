"""Takes the log of sigmoid plus 1e-7, which cuts off the loss and the gradient of large logits."""
import torch


def masked_bce_with_logits(logits, targets, mask):
    z = logits[mask]
    t = targets[mask]
    if z.numel() == 0:
        return (logits * 0).sum()
    p = torch.sigmoid(z)
    eps = 1e-7
    loss = -(t * torch.log(p + eps) + (1 - t) * torch.log(1 - p + eps))
    return loss.mean()
