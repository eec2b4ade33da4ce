"""A comprehension over the two multipliers, unpacked."""
j_at_002, j_at_010 = (0.42 + lam * max(0, 62 - 50) for lam in (0.02, 0.10))
