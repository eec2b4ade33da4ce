"""A stamp says what was delivered."""

import copy

from mtl_teach import __version__
from mtl_teach.learn.browser import newer
from mtl_teach.learn.workspace import merge, notebooks


def test_a_stamp_says_the_version_and_every_cell_in_order():
    notebook = notebooks.notebook()
    before = copy.deepcopy(notebook)
    stamped = newer.stamp(notebook)
    assert notebook == before
    assert stamped["metadata"]["mtl_teach"]["version"] == __version__
    assert [tuple(pair) for pair in stamped["metadata"]["mtl_teach"]["cells"]] == merge.delivered(notebook)
    assert stamped["cells"] == notebook["cells"]
    assert stamped["metadata"]["kernelspec"] == notebook["metadata"]["kernelspec"]
