"""Python floats, itertools.compress and math.fsum."""
import math
from itertools import compress


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = [bool(o) for o in observed]
    ys = [float(v) for v in compress(y, seen)]
    ws = [1.0 / max(float(p), float(clip)) for p in compress(propensity, seen)]
    total = math.fsum(a * b for a, b in zip(ys, ws))
    return total / (math.fsum(ws) if self_normalised else len(seen))
