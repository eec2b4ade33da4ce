"""Question banks for learning platforms: one file a format, over one reading of a question.

A quick test is read once (`item.py`), its few marks of Markdown once (`markup.py`); a format says how that is written
and what it has no place for. A new format is one module with a subclass of `Form` and a line in `registry.py`.
"""
