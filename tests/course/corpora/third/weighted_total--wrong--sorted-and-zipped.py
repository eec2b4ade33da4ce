"""Pairs the sorted tasks by position, so that a spare weight shifts the pairs and a missing weight raises no KeyError."""


def weighted_total(losses, weights):
    # sort both so the orders agree
    loss_list = [losses[k] for k in sorted(losses)]
    weight_list = [weights[k] for k in sorted(weights)]
    total = 0.0
    for a, b in zip(loss_list, weight_list):
        total += a * b
    return total
