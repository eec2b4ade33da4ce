"""The table of open questions comes back from any spreadsheet; what was answered is remembered or its loss is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.collecting.questions import Question, Remembered, label, read, write
from autograder.results import UsageError

ROWS = [
    Question("a.zip/Jürgen Müller/x.ipynb", "", "ps05", "two; people, of one name", "a (Ada, B.), b"),
    Question("=evil()/-x.ipynb", "ada;bob", "", 'a "quoted" word', "@sum"),
]


def test_what_is_written_is_read_again_and_no_cell_is_a_formula(tmp_path):
    path = tmp_path / "open.csv"
    write(path, ROWS)
    assert read(path) == ROWS
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbffile,student,assignment,why,suggestions\r\n")
    assert b"\r\n'=evil()" in path.read_bytes()
    assert b"'@sum" in path.read_bytes()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=5))
def test_any_name_comes_back(tmp_path_factory, names):
    path = tmp_path_factory.mktemp("q") / "open.csv"
    rows = [Question(name.strip() or "x") for name in names]
    write(path, rows)
    assert read(path) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_may_change_encoding_separator_order_and_columns(tmp_path, encoding, separator):
    path = tmp_path / "open.csv"
    lines = [["Student", "note", "File"], ["ada", "mine", "Jürgen/x.ipynb"], ["", "", ""]]
    path.write_bytes("\n".join(separator.join(line) for line in lines).encode(encoding))
    assert read(path) == [Question("Jürgen/x.ipynb", "ada")]


@pytest.mark.parametrize("data", [b"name,who\n", b"\0\0\0", b"file,student\n" + b"x" * 200_000])
def test_what_is_no_such_table_is_said(tmp_path, data):
    (tmp_path / "open.csv").write_bytes(data)
    with pytest.raises(UsageError, match=r"open\.csv"):
        read(tmp_path / "open.csv")


def test_without_questions_there_is_no_table(tmp_path):
    path = tmp_path / "open.csv"
    assert read(path) == []
    write(path, ROWS)
    write(path, [])
    assert not path.exists()
    path.write_bytes(b"")
    assert read(path) == []


def test_a_label_is_what_survives_a_spreadsheet():
    assert label("a.zip/Jürgen/x.ipynb") == label("a.zip/Ju\u0308rgen/X.ipynb") == "azipjurgenxipynb"
    assert label("李/") == ""


def test_answers_are_remembered(tmp_path):
    path = tmp_path / "matches.json"
    assert Remembered.read(path) == Remembered()
    mine = Remembered({"canvas:1:ä": ["ada", "bob"]}, {"00ff": "ps05"})
    mine.write(path)
    assert Remembered.read(path) == mine
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b'{"students": 1, "assignments": {}}', b'{"students": {}}', b"[" * 100_000]
)
def test_a_damaged_memory_is_said_and_not_forgotten(tmp_path, data):
    (tmp_path / "matches.json").write_bytes(data)
    with pytest.raises(UsageError, match="is damaged: put it back from a backup, or delete it"):
        Remembered.read(tmp_path / "matches.json")
