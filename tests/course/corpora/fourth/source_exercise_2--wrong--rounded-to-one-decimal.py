"""Rounds both results to one decimal though all decimals are asked for."""
j_at_002 = round(0.42 + 0.02 * (62 - 50), 1)
j_at_010 = round(0.42 + 0.10 * (62 - 50), 1)
