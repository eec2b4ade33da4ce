"""Pairs of answers that share text, for a person to look at: what they share, side by side, and no verdict.

`compare.py` finds the pairs (with copydetect's fingerprints), `page.py` shows them.
"""
