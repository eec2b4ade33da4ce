"""Learning platforms: one file each, which knows that platform's tables and archives and nothing of a course.

A table is read losslessly (`sheet.py`), recognised by its headings (`registry.py`), gives its people, and takes marks
in single cells. A new platform is one module with a subclass of `Platform` and a line in `registry.py`.
"""
