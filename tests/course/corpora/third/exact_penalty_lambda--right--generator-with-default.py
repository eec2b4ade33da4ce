"""Two lists and max over a generator with a default."""


def exact_penalty_lambda(ce, latency, budget):
    models = sorted((float(l) - float(budget), float(c)) for c, l in zip(ce, latency))
    inside = [c for over, c in models if over <= 0]
    if len(inside) == 0:
        return float("inf")
    return max(0.0, max(((min(inside) - c) / over for over, c in models if over > 0), default=0.0))
