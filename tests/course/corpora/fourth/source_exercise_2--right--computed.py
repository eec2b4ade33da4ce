"""Right: the two values computed in Python and rounded to the three decimals they have at most."""
ce = 0.42
over = max(0, 62 - 50)
j_at_002, j_at_010 = (round(ce + lam * over, 3) for lam in (0.02, 0.10))
