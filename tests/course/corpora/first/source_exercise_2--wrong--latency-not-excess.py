"""Charges the whole 62 ms instead of the 12 ms over the budget."""
j_at_002 = 0.42 + 0.02 * 62
j_at_010 = 0.42 + 0.10 * 62
