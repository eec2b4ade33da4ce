"""Every platform's file is known by its headings, is kept byte for byte, and gives its people."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.platforms.registry import FORMATS, PLATFORMS, platform_of, read_table, recognise
from autograder.desk.platforms.sheet import Sheet, SheetError, number_in
from tests.autograder.desk.platforms.files import EVERY

SAYS = {
    "canvas": "a Canvas gradebook export",
    "moodle": "a Moodle grading worksheet",
    "moodle gradebook": "a Moodle gradebook export",
    "blackboard": "a Blackboard gradebook",
    "brightspace": "a Brightspace grades export",
    "nbgrader": "an nbgrader student list",
    "nbgrader printed": "nbgrader's printed list of students",
    "plain": "a plain list of students",
}


@pytest.mark.parametrize("name", EVERY)
def test_a_file_is_known_and_kept(tmp_path, name):
    path = tmp_path / "file.csv"
    path.write_bytes(EVERY[name])
    sheet, platform = read_table(path)
    says = SAYS.get(name) or SAYS[name.split()[0]]
    assert platform.says == says
    assert sheet.data() == EVERY[name]
    assert next(each.says for each in PLATFORMS if each.recognises(sheet)) == says


@pytest.mark.parametrize("name", EVERY)
def test_ada_stands_in_every_file(name):
    sheet = Sheet.read(EVERY[name])
    (ada,) = [one for one in recognise(sheet).people(sheet, "ps05") if one.first_name == "Ada"]
    assert (ada.last_name, ada.id) in {("Lovelace", "S1001"), ("Lovelace", "ada01"), ("Lovelace", "0012")}


def test_what_nobody_knows_is_refused_with_its_headings():
    with pytest.raises(SheetError, match=r"no list of students that is known.*it has Colour, Size"):
        recognise(Sheet.read(b"Colour,Size\nred,1\n", "shirts.csv"))


HEADS = sorted({name for data in EVERY.values() for name in Sheet.read(data).head})
CELLS = st.one_of(
    st.sampled_from(["", "007", "Participant 1", "EX", "7,5", "=1", "    Points Possible", "#a"]), st.text(max_size=5)
)


@given(st.lists(st.sampled_from(HEADS), max_size=12), st.lists(st.lists(CELLS, max_size=12), max_size=4))
def test_whatever_stands_below_whichever_headings_is_read_or_refused(head, rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    try:
        sheet = Sheet.read(text.getvalue().encode("utf-8", "replace"))
        platform = recognise(sheet)
    except SheetError:
        return
    for one in platform.people(sheet, "ps05"):
        assert one.row in sheet.body()
        assert one.called
        for column in platform.columns(sheet):
            if not platform.refuses(sheet, one.row, column):
                platform.fill(sheet, one.row, column, 7.25)
                assert abs(number_in(sheet.value(one.row, column.index)) - 7.25) < 0.01


@pytest.mark.parametrize("data", [b"", b"\r\n\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_list(data):
    with pytest.raises(SheetError, match=r"shirts\.csv is empty"):
        recognise(Sheet.read(data, "shirts.csv"))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_its_platform(form):
    assert platform_of(form).name == form
