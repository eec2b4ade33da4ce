"""masked_select and an if for the empty case, where the empty sum keeps the graph."""
import torch


def masked_mean(values, mask):
    picked = torch.masked_select(values, mask)
    if picked.numel() == 0:
        return picked.sum()
    return picked.mean()
