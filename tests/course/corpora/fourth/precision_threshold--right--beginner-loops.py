"""Right: a verbose beginner's double loop in plain Python, counting for each observed score."""


def precision_threshold(y_val, score, min_precision):
    """The threshold with the most recall among those that reach the precision."""
    number_of_positives = 0
    for label in y_val:
        if label == 1:
            number_of_positives = number_of_positives + 1
    best_threshold = float("inf")
    best_recall = -1.0
    for t in score:
        true_positives = 0
        predicted_positives = 0
        for i in range(len(score)):
            if score[i] >= t:
                predicted_positives = predicted_positives + 1
                if y_val[i] == 1:
                    true_positives = true_positives + 1
        precision = true_positives / predicted_positives
        recall = true_positives / number_of_positives
        if precision >= min_precision:
            if recall > best_recall:
                best_recall = recall
                best_threshold = float(t)
            elif recall == best_recall and float(t) > best_threshold:
                best_threshold = float(t)
    return best_threshold
