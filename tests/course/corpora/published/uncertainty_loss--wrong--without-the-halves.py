"""The form without the halves, precision * loss + log_var: twice the value that is asked for."""
import torch


def uncertainty_loss(losses, log_var):
    loss = 0
    for i in range(len(losses)):
        precision = torch.exp(-log_var[i])
        loss += precision * losses[i] + log_var[i]
    return loss
