"""Every platform's file is known by its headings, is kept byte for byte, and gives its people."""

import pytest

from autograder.desk.platforms.registry import FORMATS, PLATFORMS, platform_of, read_table, recognise
from autograder.desk.platforms.sheet import Sheet, SheetError
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


@pytest.mark.parametrize("data", [b"", b"\r\n\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_list(data):
    with pytest.raises(SheetError, match=r"shirts\.csv is empty"):
        recognise(Sheet.read(data, "shirts.csv"))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_its_platform(form):
    assert platform_of(form).name == form
