"""Right: code golf, a power of -2 in double precision."""
import numpy as np


def weights_from_scales(scales): return np.asarray(scales, float) ** -2.0
