"""Modules that need no torch do not import it: a lesson about scores should not wait for it."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["", ".scaling", ".metrics", ".pareto", ".data", ".figures"])
def test_torch_is_not_imported(module):
    code = f"import sys, mtl_teach{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


@pytest.mark.parametrize("module", ["", ".scaling", ".metrics", ".pareto", ".data"])
def test_matplotlib_is_not_imported(module):
    code = f"import sys, mtl_teach{module}; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0
