"""A file is written whole or not at all, and a notebook is read alike for everybody."""

import contextlib
import errno
import json
import os
import stat
import time

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course_files import course_root
from autograder.files import (
    Cell,
    NotANotebook,
    as_cell,
    cells_of,
    notebook_as_written,
    read_notebook,
    replace_folder,
    sweep,
    write_atomically,
    write_json,
)


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
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, disk_full)
    with pytest.raises(OSError, match="No space left") as failed:
        write_atomically(path, b"new")
    assert failed.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["record.json"]


def test_parts_that_a_killed_process_left_are_swept_up_after_a_day_and_nothing_else_is(tmp_path):
    part = ".ps05.ipynb.0123456789abcdef.part"
    gone = [tmp_path / part, tmp_path / "deep" / "er" / part]
    kept = [tmp_path / "deep" / "ps05.ipynb", tmp_path / "0123456789abcdef.part", tmp_path / ".mine.part"]
    elsewhere, young = tmp_path.parent / f"{tmp_path.name}-elsewhere" / part, tmp_path / ".a.fedcba9876543210.part"
    for file in (*gone, *kept, elsewhere, young):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("begun")
        if file != young:
            os.utime(file, (0, 0))
    (tmp_path / "link").symlink_to(elsewhere.parent)
    sweep(tmp_path)
    assert [file.exists() for file in gone] == [False, False]
    assert all(file.exists() for file in (*kept, elsewhere, young))
    sweep(tmp_path / "not there")


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
REAL = json.loads((course_root() / "exercises/ps05_missing_labels/ps05_missing_labels.ipynb").read_bytes())


def valid(data):
    """The notebook that is read, which nbformat finds nothing wrong with."""
    notebook = read_notebook(data if isinstance(data, (str, bytes)) else json.dumps(data))
    nbformat.validate(notebook)
    json.dumps(notebook, allow_nan=False).encode()
    return notebook


def of_cell(**changed):
    """One code cell with these changes, as it is read."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "x = 1", "outputs": [], "execution_count": None}
    (read,) = valid({**NOTEBOOK, "cells": [{**cell, **changed}]})["cells"]
    return read


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(NOTEBOOK),
        json.dumps(NOTEBOOK).encode(),
        b"\xef\xbb\xbf" + json.dumps(NOTEBOOK).encode(),
        json.dumps(NOTEBOOK, indent=1).replace("\n", "\r\n").encode(),
        json.dumps(NOTEBOOK).encode("utf-16"),
        json.dumps(NOTEBOOK).encode("utf-16-le"),
        json.dumps(NOTEBOOK).encode("utf-32"),
        json.dumps(NOTEBOOK).encode() + b"\n]} and more",
        json.dumps(NOTEBOOK).encode() + b"\0" * 100,
        json.dumps({"cells": CELLS}).encode(),
        json.dumps({**NOTEBOOK, "nbformat": "4", "metadata": None}).encode(),
        json.dumps({**NOTEBOOK, "nbformat": 9, "a field of the future": [1]}).encode(),
        json.dumps(CELLS).encode(),
        json.dumps({"cells": dict(enumerate(CELLS))}).encode(),
    ],
    ids=[
        "text", "bytes", "with a byte-order mark", "with Windows line endings", "UTF-16", "UTF-16 without a mark",
        "UTF-32", "more behind the end", "zeros behind the end", "cells alone", "odd fields", "of a later format",
        "a list of cells", "numbered cells",
    ],
)  # fmt: skip
def test_a_notebook_is_read_alike_however_it_was_saved(data):
    assert cells_of(valid(data)) == READ


def test_what_an_old_windows_saved_keeps_its_letters_and_one_lost_byte_costs_one():
    text = json.dumps({"cells": [{"cell_type": "code", "source": "# naïve – Größe"}]}, ensure_ascii=False)
    assert valid(text.encode("cp1252"))["cells"][0]["source"] == "# naïve – Größe"
    broken = text.encode().replace("–".encode(), "–".encode()[:2])
    assert valid(broken)["cells"][0]["source"] == "# naïve � Größe"


@pytest.mark.parametrize("path", ["exercises", "solutions"])
def test_our_own_notebooks_are_read_without_a_change_but_for_outputs(path):
    files = sorted((course_root() / path).glob("*/*.ipynb"))
    assert files
    for file in files:
        whole = json.loads(file.read_bytes())
        read = valid(file.read_bytes())
        for before, after in zip(whole["cells"], read["cells"], strict=True):
            assert {**after, "source": after["source"].splitlines(keepends=True)} == {
                **before,
                "source": "".join(before["source"]).splitlines(keepends=True),
            }
        assert read["metadata"] == whole["metadata"]


def test_of_several_sheets_of_format_3_all_cells_are_read():
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "f"}}, "input": ["x = 1"], "outputs": []},
        {"cell_type": "heading", "level": 2, "source": "Title"},
        7,
        {"cell_type": "markdown", "metadata": {}, "source": "Text."},
    ]
    old = {"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}, {}, {"cells": cells[:1]}]}
    assert [(cell.kind, cell.grade_id, cell.source) for cell in cells_of(valid(old))] == [
        ("code", "f", "x = 1"),
        ("markdown", "", "## Title"),
        ("markdown", "", "Text."),
        ("code", "f", "x = 1"),
    ]


@pytest.mark.parametrize(
    ("changed", "read"),
    [
        ({"id": 7}, {"id": "7"}),
        ({"id": "a name with spaces"}, {"id": "cell-1"}),
        ({"id": "x" * 65}, {"id": "cell-1"}),
        ({"id": None}, {"id": "cell-1"}),
        ({"id": []}, {"id": "cell-1"}),
        ({"execution_count": "3"}, {"execution_count": None}),
        ({"outputs": "none", "execution_count": -1}, {"outputs": []}),
        ({"outputs": [{"output_type": "stream", "text": "a"}]}, {"outputs": []}),
        ({"metadata": None}, {"metadata": {}}),
        ({"metadata": ["a"]}, {"metadata": {}}),
        ({"metadata": {"collapsed": "yes", "scrolled": 7, "name": "", "mine": 1}}, {"metadata": {"mine": 1}}),
        ({"metadata": {"tags": ["a", "a", "b,c", 7, ""]}}, {"metadata": {"tags": ["a"]}}),
        ({"metadata": {"x": "y" * 10**5, "nbgrader": {"a": 1}}}, {"metadata": {"nbgrader": {"a": 1}}}),
        ({"metadata": {"nbgrader": "y" * 10**5}}, {"metadata": {}}),
        ({"cell_type": "CODE "}, {"cell_type": "code"}),
        ({"cell_type": 7}, {"cell_type": "code"}),
        ({"source": ["a", None, "b", 7, 1.5]}, {"source": "ab71.5"}),
        ({"source": None}, {"source": ""}),
        ({"source": 7}, {"source": "7"}),
        ({"source": "a\r\nb\rc"}, {"source": "a\nb\nc"}),
        ({"source": "a\0b\ud800c"}, {"source": "a�b�c"}),
        ({"attachments": {"a.png": {"image/png": "x"}}}, {"source": "x = 1"}),
        ({"a field of the future": 1}, {"source": "x = 1"}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_odd_in_a_cell_is_put_right_and_the_rest_of_it_kept(changed, read):
    cell = of_cell(**changed)
    assert {key: cell[key] for key in read} == read
    assert set(cell) == {"id", "cell_type", "metadata", "source", "outputs", "execution_count"}


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ({"source": "x", "outputs": []}, "code"),
        ({"source": "x", "execution_count": None}, "code"),
        ({"source": "x"}, "markdown"),
        ({"source": "x", "outputs": [], "metadata": {"nbgrader": {"cell_type": "markdown"}}}, "markdown"),
        ({"source": "x", "cell_type": "sql", "metadata": {"nbgrader": {"cell_type": "code"}}}, "code"),
    ],
)
def test_a_cell_that_does_not_say_its_kind_has_the_likely_one(cell, kind):
    assert valid({"cells": [cell]})["cells"][0]["cell_type"] == kind


def test_every_cell_has_a_name_of_its_own_and_the_first_of_two_keeps_it():
    names = ["a", "a", None, "cell-2", "a", "cell-3"]
    cells = [{"cell_type": "raw", "source": "", "id": name} for name in names]
    assert [cell["id"] for cell in valid({"cells": cells})["cells"]] == [
        "a", "cell-4", "cell-5", "cell-2", "cell-7", "cell-3",
    ]  # fmt: skip


def test_a_cell_without_a_name_of_its_own_goes_by_the_one_that_it_has_for_the_grader():
    cells = [{"cell_type": "raw", "source": "", "metadata": {"nbgrader": {"grade_id": "f"}}}] * 2
    assert [cell["id"] for cell in valid({"cells": cells})["cells"]] == ["f", "cell-2"]


def test_a_text_keeps_its_pictures_and_nothing_else_that_is_attached():
    attached = {
        "a.png": {"image/png": ["iV", "BO"], "text/html": "<script>"},
        "b.svg": {"image/svg+xml": 7},
        "c": "rubbish",
        "d": {"application/json": {"x": [1]}},
    }
    cell = {"cell_type": "markdown", "id": "a", "source": "![](attachment:a.png)", "attachments": attached}
    (read,) = valid({"cells": [cell]})["cells"]
    assert read["attachments"] == {"a.png": {"image/png": "iVBO"}}


@pytest.mark.parametrize("depth", [33, 600, 5_000, 100_000])
def test_metadata_that_is_nested_too_deeply_is_dropped_and_the_rest_is_read(depth):
    deep = '{"a":' * depth + "1" + "}" * depth
    text = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1", "metadata": {"deep": "DEEP", "b": 2}}]})
    (cell,) = valid(text.replace('"DEEP"', deep))["cells"]
    assert (cell["source"], cell["metadata"]["b"]) == ("x = 1", 2)
    assert len(json.dumps(cell)) < 1_000


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 5_000, "-" + "9" * 30])
def test_a_number_that_nothing_can_store_is_dropped(number):
    text = json.dumps({"cells": [{"cell_type": "code", "source": "x", "metadata": {"n": "N", "b": 2}}]})
    assert valid(text.replace('"N"', number))["cells"][0]["metadata"] == {"n": None, "b": 2}


def test_what_a_notebook_says_of_its_kernel_is_kept_where_it_is_whole():
    kernel = {"display_name": "Python 3", "name": "python3", "language": "python", "env": {}}
    assert valid({**NOTEBOOK, "metadata": {"kernelspec": kernel, "language_info": {"name": 7}, "title": 3}})[
        "metadata"
    ] == {"kernelspec": {"display_name": "Python 3", "name": "python3", "language": "python"}}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b'{"cells": [', "the file is not a notebook: it is not valid JSON"),
        (b"\xff\xfe\xfd", "it is not valid JSON"),
        (b"PK\x03\x04", "it is not valid JSON"),
        (b"import os", "it is not valid JSON"),
        (b"[" * 200_000, "it is not valid JSON"),
        (b"[1, 2]", "the file is not a notebook: it holds no list of cells"),
        (b"7", "it holds no list of cells"),
        (b'"text"', "it holds no list of cells"),
        (b'{"nbformat": 4}', "it holds no list of cells"),
        (b'{"nbformat": 4, "cells": 7}', "it holds no list of cells"),
        (b'{"nbformat": 4, "cells": [{}, 7]}', "it holds no list of cells"),
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


def test_the_first_of_two_values_in_a_file_and_the_last_of_two_keys_count():
    cells = '"cells": [{"cell_type": "raw", "source": "%s"}]'
    text = "{" + cells % "a" + ", " + cells % "b" + "} {" + cells % "c" + "}"
    assert valid(text)["cells"][0]["source"] == "b"


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated(draw):
    """A real notebook in which a few fields, wherever they are, hold something else, are gone or stand twice."""
    notebook = json.loads(json.dumps({**REAL, "cells": REAL["cells"][:8]}))
    for _ in range(draw(st.integers(1, 6))):
        place = notebook
        for _ in range(draw(st.integers(0, 4))):
            inner = [
                one for one in (place.values() if isinstance(place, dict) else place) if isinstance(one, (dict, list))
            ]
            if not inner:
                break
            place = draw(st.sampled_from(inner))
        if not place:
            continue
        key = draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
        change = draw(st.sampled_from(["replace", "remove", "copy"]))
        if change == "remove":
            del place[key]
        elif change == "replace":
            place[key] = draw(odd)
        elif isinstance(place, list):
            place.append(place[key])
    return json.dumps(notebook)


@given(mutated(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]), st.integers(0, 40))
@settings(max_examples=200)
def test_any_mutation_of_a_notebook_is_a_valid_notebook_or_said_to_be_none(text, encoding, lost):
    data = text.encode(encoding)
    for some in (data, data[: len(data) - lost]):
        with contextlib.suppress(NotANotebook):
            valid(some)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_notebook_or_said_to_be_none(data):
    for whole in (data, b'{"cells":[{"source":"' + data + b'"}]}'):
        with contextlib.suppress(NotANotebook):
            valid(whole)


LONG = {
    "quotes": (b'"' + b'\\"' * 2**12, b'\\"' * 2**12),
    "brackets": (b"[" * 2**13, b"[" * 2**13),
    "deep": (b'{"cells":[' + b'{"a":' * 2**11, b'{"a":' * 2**11),
    "cells": (b'{"cells":[{"source":"","id":"cell-1"}', b',{"source":"","id":"cell-1"}' * 2**9),
    "metadata": (b'{"cells":[{"source":"","metadata":{"a":1', b',"a":1' * 2**11),
    "no text": (b'{"cells":[{"source":"', b"\xff\xfe" * 2**12),
}


@pytest.mark.parametrize("kind", LONG)
def test_reading_takes_no_longer_than_the_file_is_long(kind):
    """Sixteen times the length takes some sixteen times the time, not 256 times."""
    begin, more = LONG[kind]

    def seconds(times):
        started = time.process_time()
        with contextlib.suppress(NotANotebook):
            read_notebook(begin + more * times)
        return time.process_time() - started

    short = min(seconds(16) for _ in range(3))
    assert seconds(256) < 100 * max(short, 0.002)


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


# ---- a notebook that is written back ---------------------------------------------------------------------------


def test_what_is_written_back_has_everything_that_was_in_it():
    whole = {**NOTEBOOK, "metadata": {"mine": 1}, "cells": [{**CELLS[1], "outputs": ["shown"], "execution_count": 3}]}
    assert notebook_as_written(json.dumps(whole).encode()) == whole


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is not valid JSON"),
        (b"[" * 200_000, "it is not valid JSON"),
        (b"[1, 2]", r"the file is not a notebook of format 3 or 4 \(it says 'None'\)"),
        (b'{"nbformat": 5, "cells": []}', r"format 3 or 4 \(it says '5'\)"),
        (b'{"nbformat": 4, "cells": [{}, 7]}', "it holds no list of cells"),
        (b'{"nbformat": 3}', "it holds no list of cells"),
    ],
)
def test_what_could_not_be_written_back_as_it_was_is_refused(data, reason):
    with pytest.raises(NotANotebook, match=reason):
        notebook_as_written(data)


def test_a_folder_takes_the_place_of_another_and_the_old_one_stays_where_it_cannot(tmp_path):
    made, target = tmp_path / "work" / "html", tmp_path / "site"
    for turn in ("first", "second"):
        made.mkdir(parents=True)
        (made / "page").write_text(turn, encoding="utf-8")
        replace_folder(made, target)
        assert (target / "page").read_text(encoding="utf-8") == turn
    with pytest.raises(FileNotFoundError):
        replace_folder(made, target)  # it has gone to its place
    assert (target / "page").read_text(encoding="utf-8") == "second"
    assert list(made.parent.iterdir()) == []
