"""A file is written whole or not at all, and a notebook is read alike for everybody."""

import errno
import json
import os
import stat

import pytest

from autograder.files import Cell, NotANotebook, as_cell, cells_of, read_notebook, write_atomically, write_json


def permissions(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    """Set the umask for a test."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


# ---- writing ---------------------------------------------------------------------------------------------------


def test_a_new_file_arrives_with_its_folder_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a" / "b" / "record.json"
    write_atomically(path, b"one\r\ntwo\n")
    assert path.read_bytes() == b"one\r\ntwo\n"
    assert os.listdir(path.parent) == ["record.json"]


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_write_that_fails_leaves_the_old_file_whole_and_no_part(tmp_path, monkeypatch, step):
    path = tmp_path / "record.json"
    write_atomically(path, b"old")

    def disk_full(*args):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(os, step, disk_full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["record.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("there", [{}, {"record.json": b"old"}], ids=["a new file", "a file that is there"])
def test_an_interrupt_leaves_no_part_either(tmp_path, monkeypatch, step, there):
    for name, data in there.items():
        write_atomically(tmp_path / name, data)

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "record.json", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == there


def test_what_is_written_is_on_the_disk_before_it_takes_the_place_of_the_old_file(tmp_path, monkeypatch):
    path, steps = tmp_path / "record.json", []
    write_atomically(path, b"old")
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor):
        steps.append(("on the disk", path.read_bytes(), os.fstat(descriptor).st_size))
        real_fsync(descriptor)

    def replace(part, target):
        steps.append(("in its place", os.path.dirname(part) == str(tmp_path), target))
        real_replace(part, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    write_atomically(path, b"newer")
    assert steps == [("on the disk", b"old", 5), ("in its place", True, path)]


@pytest.mark.parametrize(
    ("mask", "mode", "expected"),
    [(0o022, None, 0o644), (0o077, None, 0o600), (0o000, None, 0o644), (0o022, 0o600, 0o600)],
    ids=["usual", "a strict umask", "no umask", "private"],
)
def test_a_new_file_is_readable_as_far_as_the_umask_and_the_caller_allow(tmp_path, umask, mask, mode, expected):
    umask(mask)
    write_atomically(tmp_path / "a", b"", **({} if mode is None else {"mode": mode}))
    assert permissions(tmp_path / "a") == expected


@pytest.mark.parametrize("mode", [0o600, 0o444, 0o664, 0o755], ids=["private", "read-only", "of a group", "a program"])
def test_a_file_that_is_there_keeps_its_permissions(tmp_path, umask, mode):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_atomically(path, b"new", mode=0o640)
    assert (permissions(path), path.read_bytes()) == (mode, b"new")


def test_json_is_written_for_people_in_utf_8(tmp_path):
    write_json(tmp_path / "a.json", {"λ": [1]})
    assert (tmp_path / "a.json").read_bytes() == '{\n "λ": [\n  1\n ]\n}\n'.encode()


# ---- reading notebooks -----------------------------------------------------------------------------------------

CELLS = [
    {"cell_type": "markdown", "id": "m-0", "metadata": {"tags": ["a"]}, "source": "# Title\r\n\r\nText."},
    {"cell_type": "code", "id": "c-1", "metadata": {"nbgrader": {"grade_id": "f"}}, "source": ["x = 1\r\n", "y = 2\n"]},
]
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": CELLS}
READ = [
    Cell("markdown", "m-0", "", "# Title\n\nText.", {"tags": ["a"]}),
    Cell("code", "c-1", "f", "x = 1\ny = 2\n", {"nbgrader": {"grade_id": "f"}}),
]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(NOTEBOOK),
        json.dumps(NOTEBOOK).encode(),
        b"\xef\xbb\xbf" + json.dumps(NOTEBOOK).encode(),
        json.dumps(NOTEBOOK, indent=1).replace("\n", "\r\n").encode(),
    ],
    ids=["text", "bytes", "with a byte-order mark", "with Windows line endings"],
)
def test_a_notebook_is_read_alike_however_it_was_saved(data):
    notebook = read_notebook(data)
    assert notebook == NOTEBOOK
    assert cells_of(notebook) == READ


def test_the_cells_of_format_3_stand_where_those_of_format_4_do():
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "f"}}, "input": ["x = 1"], "outputs": []},
        {"cell_type": "markdown", "metadata": {}, "source": "Text."},
    ]
    old = {"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}, {"cells": ["left out"]}]}
    notebook = read_notebook(json.dumps(old))
    assert (notebook["nbformat"], notebook["metadata"]) == (3, {"name": ""})
    assert [(cell.kind, cell.grade_id, cell.source) for cell in cells_of(notebook)] == [
        ("code", "f", "x = 1"),
        ("markdown", "", "Text."),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is not a notebook: it is not valid JSON"),
        (b'{"cells": [', "it is not valid JSON"),
        (b"\xff\xfe\xfd", "it is not valid JSON"),
        (b"[" * 200_000, "it is not valid JSON"),
        (b"[1, 2]", r"the file is not a notebook of format 3 or 4 \(it says 'None'\)"),
        (b'{"cells": []}', "format 3 or 4"),
        (b'{"nbformat": 2, "cells": []}', r"format 3 or 4 \(it says '2'\)"),
        (b'{"nbformat": "4", "cells": []}', "format 3 or 4"),
        (b'{"nbformat": [4], "cells": []}', "format 3 or 4"),
        (b'{"nbformat": 4}', "the file is not a notebook: it holds no list of cells"),
        (b'{"nbformat": 4, "cells": 7}', "it holds no list of cells"),
        (b'{"nbformat": 4, "cells": [{}, 7]}', "it holds no list of cells"),
        (b'{"nbformat": 3}', "it holds no list of cells"),
        (b'{"nbformat": 3, "worksheets": []}', "it holds no list of cells"),
        (b'{"nbformat": 3, "worksheets": [7]}', "it holds no list of cells"),
        (b'{"nbformat": 3, "worksheets": [{"cells": {}}]}', "it holds no list of cells"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_what_is_no_notebook_is_refused_with_the_reason(data, reason):
    with pytest.raises(NotANotebook, match=reason) as refused:
        read_notebook(data)
    assert len(str(refused.value)) < 100


def test_what_a_cell_lacks_is_empty():
    assert as_cell({}) == Cell("", "", "", "", {})


@pytest.mark.parametrize("rubbish", [None, 7, ["a"], "text", {}, {"grade_id": 7}], ids=repr)
def test_rubbish_in_the_metadata_costs_nobody_a_notebook(rubbish):
    cell = as_cell({"cell_type": "code", "id": "c-1", "source": "x", "metadata": {"nbgrader": rubbish}})
    assert (cell.kind, cell.id, cell.grade_id, cell.source) == ("code", "c-1", "", "x")
    cell = as_cell({"cell_type": ["code"], "id": 7, "source": "x", "metadata": rubbish})
    assert (cell.kind, cell.id, cell.grade_id, cell.source) == ("", "", "", "x")


@pytest.mark.parametrize(("source", "text"), [(7, "7"), (["a", None, "b"], "ab"), (["x = ", 1], "x = 1"), (None, "")])
def test_a_source_that_is_no_text_is_read_as_text(source, text):
    assert as_cell({"source": source}).source == text


def test_what_is_no_cell_in_an_old_notebook_is_passed_over():
    cells = [7, {"cell_type": "code", "input": "x = 1"}, "text"]
    assert [
        cell.source for cell in cells_of(read_notebook(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]})))
    ] == ["x = 1"]
