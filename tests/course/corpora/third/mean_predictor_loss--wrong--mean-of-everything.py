"""Subtracts one mean over all labels of all tasks instead of each task's own mean."""
import numpy as np


def mean_predictor_loss(Y):
    guess = Y.mean()
    squared = (Y - guess) ** 2
    return squared.mean(axis=0)
