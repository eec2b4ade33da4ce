"""What project notebooks use: milestones that say whether a stage is usable, and optional data from the network.

Imports nothing of the companion, only the library.
"""
