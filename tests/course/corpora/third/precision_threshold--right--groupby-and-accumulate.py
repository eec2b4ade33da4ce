"""Sorted pairs, itertools.groupby for the ties and max over tuples of recall and threshold."""
from itertools import groupby


def precision_threshold(y_val, score, min_precision):
    pairs = sorted(((float(s), int(v)) for s, v in zip(score, y_val)), reverse=True)
    taken = hits = 0
    found = [(-1, float("inf"))]
    for t, group in groupby(pairs, key=lambda p: p[0]):
        labels = [v for _, v in group]
        taken += len(labels)
        hits += sum(labels)
        if hits / taken >= min_precision:
            found.append((hits, t))
    return max(found)[1]
