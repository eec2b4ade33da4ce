"""Isolation: start a process that nobody's answer can leave, ask it, end it; knows neither exercises nor marks.

It imports nothing of ours but ``engine/inside``, which holds the six files that a sandbox sees.
"""
