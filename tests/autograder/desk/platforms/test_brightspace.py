"""Brightspace: ids behind `#`, an end for every line, and only points take marks."""

from autograder.desk.platforms.brightspace import Brightspace
from autograder.desk.platforms.sheet import Sheet
from autograder.grading.roster import Person
from tests.autograder.desk.platforms.files import BRIGHTSPACE
from tests.autograder.desk.platforms.importers import into_brightspace

ITEMS = {"Problem set 5": 60.0}


def test_people_are_read_without_the_mark_before_their_ids():
    people = Brightspace().people(Sheet.read(BRIGHTSPACE))
    assert [(one.id, one.keys["login"], one.email) for one in people] == [
        ("S1001", "ada01", "ada@u.edu"),
        ("00712", "mul02", "jm@u.edu"),
    ]


def test_brightspace_takes_a_filled_export_in_which_one_cell_changed():
    sheet = Sheet.read(BRIGHTSPACE)
    (column,) = Brightspace().columns(sheet)
    assert (column.title, column.most) == ("Problem set 5", 60.0)
    assert Brightspace().fill(sheet, 1, column, 51.5)
    assert not Brightspace().fill(sheet, 2, column, 12.5)
    assert sheet.data() == BRIGHTSPACE.replace(b"ada@u.edu,,,", b"ada@u.edu,51.5,,")
    assert into_brightspace(sheet.data(), ITEMS) == {("ada01", "Problem set 5"): 51.5, ("mul02", "Problem set 5"): 12.5}


def test_brightspace_takes_the_least_form():
    people = [Person("S1001", "Ada", login="ada01"), Person("bo", login="bo", more={"sis": "00712"})]
    made = Brightspace().minimal(people, {"ps05": ("Problem set 5", 60.0)}, {("S1001", "ps05"): 51.5})
    assert into_brightspace(made.sheet.data(), ITEMS) == {("ada01", "Problem set 5"): 51.5}
    assert made.sheet.text(2, 0) == "#00712"


def test_symbols_text_and_final_grades_take_no_points():
    items = "A Grade Symbol,B Text Grade,Calculated Final Grade Points Grade,C Points Grade"
    head = f"Username,{items},End-of-Line Indicator\n"
    assert [column.title for column in Brightspace().columns(Sheet.read(head.encode()))] == ["C"]
