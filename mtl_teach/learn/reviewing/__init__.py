"""The review: what the learner misjudged comes back after 1, 3, 7 and 21 days, a few cards a day.

Missed questions of quick tests, predictions that went wrong, and known mistakes that an answer once showed.
"""
