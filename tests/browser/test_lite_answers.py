"""In a browser right answers pass and wrong ones have their name, though NumPy counts in 32 bits there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from autograder.authoring.lite import archive, wheels
from autograder.course_files import course_root
from tests.browser import every_answer
from tests.served import served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.lite]
RUN = """async source => {
    await py.loadPackagesFromImports(source);
    return (await py.runPythonAsync(source))?.toJs?.() ?? null;
}"""
PAGE = '<title>Pyodide</title><script src="pyodide.js"></script>'


@pytest.fixture(scope="module")
def python(chromium, tmp_path_factory):
    """Run Python in a page, with the course and NumPy alone; its last expression comes back."""
    folder = tmp_path_factory.mktemp("pyodide")
    lock, course = archive.take(Path(os.environ["MTL_PYODIDE"]), folder), wheels.course(course_root(), {})
    (folder / course.file_name).write_bytes(course.data)
    lock["packages"][course.row["name"]] = course.row
    (folder / archive.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    with served(folder) as address:
        yield from _running(chromium.new_page(), address)


def _running(page, address):
    page.goto(address)
    page.evaluate("async name => { globalThis.py = await loadPyodide({ packages: [name, 'sqlite3'] }) }", wheels.COURSE)
    page.evaluate("source => { py.runPython(source) }", Path(every_answer.__file__).read_text(encoding="utf-8"))

    def run(source):
        return page.evaluate(RUN, source)

    yield run
    page.close()


def test_right_answers_pass_and_wrong_ones_are_named(python):
    names = python("on_plain_numpy()")
    assert len(names) >= 30
    assert [said for name in names for said in python(f"complaints([{name!r}])")] == []


def test_a_right_answer_with_a_library_passes_where_the_page_loads_it(python):
    loaded = python(
        "import scipy.special, scipy.optimize, scipy.stats, sklearn.preprocessing\nlist(libraries_that_are_there())"
    )
    assert sorted(loaded) == ["scipy", "sklearn"]
    assert python("rejected_with_libraries()") == []
