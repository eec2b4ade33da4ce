"""Collects (recall, threshold) pairs and takes the largest tuple."""
def precision_threshold(y_val, score, min_precision):
    n_pos = sum(1 for y in y_val if y == 1)
    good = []
    for t in set(float(s) for s in score):
        hits = [int(y) for y, s in zip(y_val, score) if s >= t]
        if sum(hits) / len(hits) >= min_precision:
            good.append((sum(hits) / n_pos, t))
    if len(good) == 0:
        return float("inf")
    return max(good)[1]
