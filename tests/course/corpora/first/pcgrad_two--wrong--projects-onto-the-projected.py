"""Projects g2 on the already changed g1 instead of the original one."""
import numpy as np


def pcgrad_two(g1, g2):
    if g1 @ g2 >= 0:
        return g1 + g2
    a = g1 - (g1 @ g2) / (g2 @ g2) * g2
    b = g2 - (g2 @ a) / (a @ a) * a
    return a + b
