"""Multiplies the weights into the caller's loss array, so the losses are changed after the call."""
def loss_shares(losses, weights):
    losses *= weights
    total = losses.sum()
    return losses / total
