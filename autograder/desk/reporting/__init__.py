"""What a class shows: records become counts, counts a choice of what to teach again, and both a page.

`report.py` puts everything together as data; `page.py` and `terminal.py` show it. With `names=False` no id, name or
text of a student gets into the data at all, so that no view can let one out.
"""
