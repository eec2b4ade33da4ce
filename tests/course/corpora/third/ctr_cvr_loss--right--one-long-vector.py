"""Both heads in one concatenated vector with a weight for every entry."""
import torch
import torch.nn.functional as F


def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    idx = [i for i, v in enumerate(conv.tolist()) if v == v]
    idx = torch.tensor(idx, dtype=torch.long)
    z = torch.cat([click_logit, conv_logit[idx]])
    t = torch.cat([click, conv[idx]])
    n, k = click.shape[0], idx.shape[0]
    w = torch.cat([torch.full((n,), w_click / n, dtype=z.dtype), torch.full((k,), w_conv / max(k, 1), dtype=z.dtype)])
    return F.binary_cross_entropy_with_logits(z, t, weight=w, reduction="sum")
