"""Both values come out for λ = 0.02, because the second line was copied."""
ce = 0.42
excess = max(0, 62 - 50)
lam = 0.02
j_at_002 = round(ce + lam * excess, 3)
j_at_010 = round(ce + lam * excess, 3)
