"""First point of the precision-recall curve at the target: the lower of two equal recalls, and an error if none."""
import numpy as np
from sklearn.metrics import precision_recall_curve


def precision_threshold(y_val, score, min_precision):
    precisions, recalls, thresholds = precision_recall_curve(y_val, score)
    idx_for_precision = (precisions >= min_precision).argmax()
    return thresholds[idx_for_precision]
