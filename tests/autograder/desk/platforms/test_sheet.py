"""A table keeps every byte that was not asked to change, whatever saved it."""

import csv
import io

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from autograder.desk.platforms.sheet import Sheet, SheetError, as_cell, harmless, number_as, number_in, plain, value_of

PIECES = st.sampled_from(
    [",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "ä", "007", "7,5", "7.5", "=1", " ", "Ada", "€"]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
BYTES = st.one_of(st.builds(lambda text, encoding: text.encode(encoding), TEXTS, ENCODINGS), st.binary(max_size=60))


def read(data, **more):
    try:
        return Sheet.read(data, **more)
    except SheetError:
        assume(False)


@given(BYTES)
@example(b"")
@example(b"\xff\xfe")
@example("\ufeffa;b\r\n".encode() + b"\xff")
@example(b'sep=;\r\na,b;c\r\n"x"y,z;\n')
def test_a_table_in_which_nothing_is_set_is_the_same_bytes(data):
    assert read(data).data() == data


@given(BYTES, st.data(), st.sampled_from(["51.50", "7,5", "", 'a"b', "x\ny", "0"]))
def test_setting_one_cell_changes_that_cell_alone(data, draw, value):
    sheet = read(data)
    places = [(row, column) for row in range(len(sheet.rows)) for column in range(len(sheet.rows[row]))]
    assume(places)
    row, column = draw.draw(st.sampled_from(places))
    before = [list(cells) for cells in sheet.rows]
    sheet.put(row, column, value)
    assert sheet.value(row, column) == value
    again = [list(cells) for cells in sheet.rows]
    again[row][column] = before[row][column]
    assert again == before
    text = sheet.data()[len(sheet.mark) :].decode(sheet.encoding)
    old = "".join(sheet.separator.join(cells) + end for cells, end in zip(before, sheet.ends, strict=True))
    at = sum(len(sheet.separator.join(cells) + end) for cells, end in zip(before[:row], sheet.ends, strict=False))
    at += len(sheet.before) + sum(len(cell) + 1 for cell in before[row][:column])
    new = sheet.rows[row][column]
    assert text[:at] == (sheet.before + old)[:at]
    assert text[at : at + len(new)] == new
    assert text[at + len(new) :] == (sheet.before + old)[at + len(before[row][column]) :]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=2), min_size=1
    )
)
def test_what_python_writes_is_read_with_the_same_values(rows):
    rows = [["a,b", "c"], *rows]
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    sheet = Sheet.read(text.getvalue().encode())
    assert [[value_of(cell) for cell in row] for row in sheet.rows] == rows


@pytest.mark.parametrize(
    ("data", "separator", "encoding"),
    [
        (b"a,b\n", ",", "utf-8"),
        ("ä;b\n".encode("cp1252"), ";", "cp1252"),
        ("\ufeffa\tb\n".encode("utf-16-le"), "\t", "utf-16-le"),
        ("a\tb\n".encode("utf-16-le"), "\t", "utf-16-le"),
        (b"a;b\n\x81", ";", "latin-1"),
        (b"sep=\t\na,1\tb\n", "\t", "utf-8"),
    ],
)
def test_separator_and_encoding_are_found(data, separator, encoding):
    sheet = Sheet.read(data)
    assert (sheet.separator, sheet.encoding, sheet.data()) == (separator, encoding, data)
    assert len(sheet.rows[0]) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'a,b\n"x,y\n', "line 2: a quote is opened and never closed"),
        (b"PK\x03\x04....", "a spreadsheet's own file; save it as CSV"),
        (b"a,b\0", "holds NUL bytes"),
        (b"\xff\xfe\x00", "begins as utf-16-le and is none"),
    ],
)
def test_what_is_no_table_is_said_in_a_sentence(data, said):
    with pytest.raises(SheetError, match=said):
        Sheet.read(data, "grades.csv")


def test_a_file_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("autograder.desk.platforms.sheet.MAX_BYTES", 3)
    with pytest.raises(SheetError, match="has 4 bytes"):
        Sheet.read(b"a,b\n")


def test_a_cell_is_quoted_as_its_row_is():
    sheet = Sheet.read(b'"a","b"\n"x",\n1,\n')
    sheet.put(1, 1, "5")
    sheet.put(2, 1, "5")
    assert sheet.data() == b'"a","b"\n"x","5"\n1,5\n'


def test_a_row_that_a_spreadsheet_cut_short_is_filled_up():
    sheet = Sheet.read(b"a,b,c,d\nx\n")
    assert sheet.value(1, 3) == ""
    sheet.put(1, 3, "5")
    assert sheet.data() == b"a,b,c,d\nx,,,5\n"


def test_headings_are_found_below_blank_lines_and_a_line_is_counted_as_in_an_editor():
    sheet = Sheet.read(b'\r\n\r\nID, Name\r\n1,"a\nb"\r\n\r\n2,c\r\n')
    assert (sheet.head, list(sheet.body())) == (["ID", "Name"], [3, 5])
    assert sheet.line(5) == 7
    assert sheet.column("name") == 1
    assert sheet.column("other") is None


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (b"a;b\n7,5;1\n", ","),
        (b"a;b\n7.5;1\n", "."),
        (b"a;b\n7;1\n", ","),
        (b"a,b\n7,1\n", "."),
        (b'a,b\n"7,5",1\n', ","),
    ],
)
def test_the_decimal_mark_is_that_of_the_numbers(data, mark):
    assert Sheet.read(data).decimal() == mark


def test_a_name_of_two_lines_is_one():
    assert Sheet.read(b'name\n"Ada\nadded: \t Eve"\n').text(1, 0) == "Ada added: Eve"


def test_text_unwraps_what_protects_an_id_from_a_spreadsheet():
    sheet = Sheet.read(b'a,b\n"=""007""", x \n')
    assert (sheet.text(1, 0), sheet.text(1, 1), sheet.text(1, None)) == ("007", "x", "")


@pytest.mark.parametrize("text", ["=1+1", "+1 call", "-x", "@SUM", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_formula_is_made_text(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "+", "-7,25", "Ada", "a=b", ""])
def test_numbers_and_plain_text_stay(text):
    assert harmless(text) == (f"'{text}" if text == "+" else text)


@pytest.mark.parametrize(
    ("said", "value"),
    [("51.50", 51.5), ("1,234.5", 1234.5), ("1 234,5", 1234.5), ("-", None), ("EX", None), ("0", 0.0), ("-2", -2.0)],
)
def test_a_number_is_read_with_either_mark(said, value):
    assert number_in(said) == value


@given(st.floats(-1e4, 1e4))
def test_a_mark_is_written_to_two_decimals_and_read_again(value):
    for decimal in ",.":
        assert number_in(number_as(value, decimal)) == pytest.approx(round(value, 2), abs=1e-9)
        assert not number_as(value, decimal).startswith("-0") or value <= -0.005
    assert number_as(5.0, ".") == "5"
    assert number_as(5.0, ".", 2) == "5.00"


def test_headings_are_compared_without_case_and_marks():
    assert plain(" E-Mail_Adresse ") == plain("e mail adresse")
    assert as_cell("a;b", ";") == '"a;b"'
    assert as_cell("a;b", ",") == "a;b"
