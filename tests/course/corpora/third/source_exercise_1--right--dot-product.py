"""A NumPy dot product of weights and averages."""
import numpy as np

averages = np.array([0.35, 0.85])
w = np.array([1.0, 2.0])
total_loss = averages @ w
