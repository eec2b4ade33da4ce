"""Right: an object with __call__, powers of n relative to the largest task."""
import numpy as np


class _Sampler:
    def __call__(self, n, alpha):
        largest = float(max(n))
        powers = [(float(k) / largest) ** alpha for k in n]
        total = sum(powers)
        return np.array([p / total for p in powers])


sampling_probs = _Sampler()
