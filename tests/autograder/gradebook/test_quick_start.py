"""nbgrader is imported without a notebook server, and is whole all the same."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def printed(script):
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.strip()


def test_the_gradebook_opens_without_a_notebook_server():
    script = (
        "import sys; from autograder.gradebook import enter, marks, release; import nbgrader;"
        "print(nbgrader.__version__ != '', [name for name in"
        " ('jupyter_server', 'rfc3987_syntax', 'nbgrader.server_extensions.formgrader') if name in sys.modules])"
    )
    assert printed(script) == "True []"


def test_an_extension_is_imported_when_it_is_loaded():
    script = (
        "import autograder.gradebook, nbgrader\n"
        "try:\n    nbgrader.load_courses(None)\n"
        "except AttributeError as error:\n    print(error)\n"
        "import nbgrader.server_extensions.course_list as real; print(real.__file__ is not None)"
    )
    first, second = printed(script).splitlines()
    assert "'NoneType' object has no attribute" in first
    assert second == "True"


@pytest.mark.parametrize("first", ["nbgrader", "nbgrader.server_extensions.formgrader"])
def test_where_nbgrader_was_imported_before_nothing_is_left_out(first):
    script = (
        f"import {first}, sys; before = sys.modules['nbgrader.server_extensions.formgrader'];"
        "import autograder.gradebook; import nbgrader.server_extensions.formgrader as now;"
        "print(now is before, 'jupyter_server' in sys.modules)"
    )
    assert printed(script) == "True True"
