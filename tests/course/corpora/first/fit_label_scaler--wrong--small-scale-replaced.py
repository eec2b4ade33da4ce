"""Treats every standard deviation below 1e-4 as constant, so labels in a tiny unit get scale 1."""
import numpy as np


def fit_label_scaler(Y_train):
    mu = Y_train.mean(axis=0)
    sd = Y_train.std(axis=0)
    sd[sd < 1e-4] = 1.0
    return mu, sd
