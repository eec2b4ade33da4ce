"""The wheels of the browser edition: packed from what is installed, the same bytes each time."""

import hashlib
import io
import json
import zipfile
from email.parser import Parser

import pytest

from autograder.authoring.lite import wheels
from autograder.authoring.lite.archive import LiteError
from autograder.course_files import course_root

ROOT = course_root()


@pytest.fixture(scope="module")
def course():
    return wheels.course(ROOT, {"mtl_teach/_course/browser/index.ipynb": b"{}"})


def names_in(wheel):
    with zipfile.ZipFile(io.BytesIO(wheel.data)) as packed:
        return packed.namelist()


def read(wheel, name):
    with zipfile.ZipFile(io.BytesIO(wheel.data)) as packed:
        return packed.read(name).decode()


def test_the_course_is_packed_with_its_own_files_and_what_is_added(course):
    names = names_in(course)
    assert {"autograder/api.py", "mtl_teach/learn/home.py", "mtl_teach/_course/browser/index.ipynb"} <= set(names)
    assert sum(name.startswith("mtl_teach/_course/lessons/") for name in names) > 12
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_course_knows_its_name_and_who_listens_to_checks(course):
    about = next(name for name in names_in(course) if name.endswith("/METADATA"))
    said = Parser().parsestr(read(course, about))
    assert (said["Name"], said["Version"]) == ("mtl-teach", course.row["version"])
    assert "[mtl_teach.listeners]" in read(course, about.replace("METADATA", "entry_points.txt"))


def test_the_row_of_a_wheel_states_its_hash_and_what_it_needs(course):
    assert course.row["sha256"] == hashlib.sha256(course.data).hexdigest()
    assert course.row["imports"] == ["autograder", "mtl_teach"]
    json.dumps(course.row)


def test_packed_twice_the_bytes_are_the_same(course):
    assert wheels.course(ROOT, {"mtl_teach/_course/browser/index.ipynb": b"{}"}) == course
    assert wheels.widgets() == wheels.widgets()


def test_a_widget_is_packed_as_it_is_installed_without_what_is_compiled_or_lies_elsewhere():
    found = {wheel.row["name"]: wheel for wheel in wheels.widgets()}
    assert set(found) == set(wheels.WIDGETS)
    assert found["anywidget"].row["imports"] == ["anywidget"]
    assert "typing_extensions" in found["typing-extensions"].row["imports"]
    for wheel in found.values():
        names = names_in(wheel)
        assert not [name for name in names if name.endswith(".so") or name.startswith((".", "/"))]
        assert len(names) == len(set(names))
        assert "Root-Is-Purelib: true" in read(wheel, next(name for name in names if name.endswith("/WHEEL")))


def test_every_need_is_met_by_another_wheel_or_by_pyodide():
    from autograder.authoring.lite import archive

    there = {*wheels.WIDGETS, *map(archive.canonical, wheels.KERNEL), *archive.AT_START, "traitlets"}
    assert {need for needs in wheels.WIDGETS.values() for need in needs} <= there


def test_a_kernel_without_one_of_its_wheels_is_refused(tmp_path):
    with pytest.raises(LiteError, match="lacks a wheel of ipykernel"):
        wheels.kernel(tmp_path)
    for name in wheels.KERNEL:
        (tmp_path / f"{name}-1.2-py3-none-any.whl").write_bytes(b"data")
    found = wheels.kernel(tmp_path)
    assert [wheel.row["name"] for wheel in found] == ["ipykernel", "piplite", "pyodide-kernel", "widgetsnbextension"]
    assert {wheel.row["version"] for wheel in found} == {"1.2"}
