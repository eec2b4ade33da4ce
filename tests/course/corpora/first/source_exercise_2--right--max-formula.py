"""Both values from the formula with max."""
excess = max(0, 62 - 50)
j_at_002 = 0.42 + 0.02 * excess
j_at_010 = 0.42 + 0.10 * excess
