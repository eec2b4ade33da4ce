"""A Python file is read as the notebook that it stands for."""

import nbformat
import pytest

from autograder.files import cells_of
from autograder.grading.script import as_notebook, comments_of


def cells(text):
    notebook = as_notebook(text.encode() if isinstance(text, str) else text)
    nbformat.validate(notebook)
    return [(cell.kind, cell.grade_id, cell.source) for cell in cells_of(notebook)]


def test_a_plain_file_is_one_cell():
    assert cells("import torch\n\n\ndef f():\n    return 1\n") == [
        ("code", "", "import torch\n\n\ndef f():\n    return 1"),
    ]


def test_a_percent_file_has_its_cells_with_their_names():
    text = """\
# ---
# jupyter: {}
# ---

# %% [markdown]
# ## In words
#
# Why?

# %% deletable=false nbgrader={"cell_type": "code", "grade_id": "f", "solution": true}
def f():
    return 1
# a comment

#%% a title
x = 1
"""
    assert cells(text)[1:] == [
        ("markdown", "", "## In words\n\nWhy?"),
        ("code", "f", "def f():\n    return 1\n# a comment"),
        ("code", "", "x = 1"),
    ]


def test_an_exported_script_has_its_cells_and_the_texts_between_them():
    text = '''\
#!/usr/bin/env python
# coding: utf-8

# # Title

# In[3]:


def f():
    """One.


    Two."""
    return 1  # one


# ### In words
#
# Why?

# Because of this,
# and that.

# In[ ]:


# What do you think?


# In[*]:


get_ipython().run_line_magic("timeit", "f()")
'''
    assert cells(text) == [
        ("markdown", "", "# Title"),
        ("code", "", 'def f():\n    """One.\n\n\n    Two."""\n    return 1  # one'),
        ("markdown", "", "### In words\n\nWhy?"),
        ("markdown", "", "Because of this,\nand that."),
        ("code", "", "# What do you think?"),
        ("code", "", 'get_ipython().run_line_magic("timeit", "f()")'),
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", "x = 'naïve'".encode("cp1252"), b"\xff\xfex\0", b"x\0y", b"\r\rx"])
def test_any_bytes_are_a_notebook(data):
    assert all("\0" not in source and "\r" not in source for _, _, source in cells(data))


def test_the_comments_of_code_are_text():
    assert comments_of("#!/bin/sh\nx = 1  # no\n    # First,\n#second.\n") == "First,\nsecond."
