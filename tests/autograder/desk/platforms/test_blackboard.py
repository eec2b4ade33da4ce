"""Blackboard: every field quoted, or tabs in UTF-16; the number behind the bar is the column."""

import pytest

from autograder.desk.platforms.blackboard import Blackboard
from autograder.desk.platforms.sheet import Sheet
from autograder.grading.roster import Person
from tests.autograder.desk.platforms.files import BLACKBOARD, BLACKBOARD_CSV, BLACKBOARD_XLS
from tests.autograder.desk.platforms.importers import into_blackboard

COLUMNS = {"534280": "Weighted Total", "534283": "Problem set 5"}


def test_people_are_known_by_user_name_and_the_preview_user_is_nobody():
    people = Blackboard().people(Sheet.read(BLACKBOARD_CSV))
    assert [one.keys for one in people] == [
        {"blackboard": "ada01", "sis": "S1001", "login": "ada01"},
        {"blackboard": "mul02", "sis": "00712", "login": "mul02"},
    ]


@pytest.mark.parametrize("data", [BLACKBOARD_CSV, BLACKBOARD_XLS], ids=["csv", "xls"])
def test_blackboard_takes_a_filled_download_in_which_one_cell_changed(data):
    sheet = Sheet.read(data)
    (column,) = Blackboard().columns(sheet)
    assert (column.title, column.most) == ("Problem set 5", 60.0)
    assert Blackboard().fill(sheet, 1, column, 51.5)
    assert into_blackboard(sheet.data(), COLUMNS) == {("ada01", "534283"): 51.5}
    wanted = BLACKBOARD.replace('"Yes","",""\r\n"Müller', '"Yes","","51.5"\r\n"Müller')
    assert sheet.data() == (
        wanted.encode() if data is BLACKBOARD_CSV else wanted.replace(",", "\t").encode("utf-16-le")
    )


def test_blackboard_takes_the_least_form_where_its_column_is_known():
    people = [Person("ada", "Ada", "Lovelace", login="ada01"), Person("bo", more={"blackboard": "bo_02"})]
    marks = {("ada", "ps05"): 51.5, ("bo", "ps05"): 7.0}
    made = Blackboard().minimal(people, {"ps05": ("Problem set 5 [Total Pts: 60 Score] |534283", 60.0)}, marks)
    assert into_blackboard(made.sheet.data(), COLUMNS) == {("ada01", "534283"): 51.5, ("bo_02", "534283"): 7.0}
    assert made.notes == ()
    assert (
        "a new text column worth 0 points of PS 5"
        in Blackboard().minimal(people, {"ps05": ("PS 5", 60)}, marks).notes[0]
    )
