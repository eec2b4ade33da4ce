"""Canvas: who is in a gradebook export, which columns take marks, and that Canvas takes the file again."""

import pytest

from autograder.desk.platforms.canvas import Canvas
from autograder.desk.platforms.sheet import Sheet
from autograder.grading.roster import Person
from tests.autograder.desk.platforms.files import CANVAS
from tests.autograder.desk.platforms.importers import into_canvas

SHEET = Sheet.read(CANVAS.encode())
ASSIGNMENTS = {"88123": "Problem set 5", "88124": "Quick test 5"}
STUDENTS = {
    "id": {str(number): str(number) for number in range(3143, 3148)},
    "sis": {"S1001": "3143", "00712": "3144"},
    "login": {"ada01": "3143"},
}


def test_people_have_their_ids_as_text_and_test_students_are_nobody():
    people = Canvas().people(SHEET)
    assert [one.id for one in people] == ["S1001", "00712", "S1003", "S1004", "S1005"]
    assert people[1].keys == {"canvas": "3144", "sis": "00712", "login": "mul02"}
    assert (people[1].first_name, people[1].last_name) == ("Jürgen", "Müller-Lüdenscheidt")
    assert people[1].more == {"section": "Section A and Section B"}


def test_the_test_student_is_nobody_in_any_language():
    text = CANVAS.replace('"Student, Test",3999,,a1b2c3d4', f'"Testperson",3999,,{"0a" * 20}')
    assert [one.id for one in Canvas().people(Sheet.read(text.encode()))][-1] == "S1005"


def test_a_name_behind_a_formula_is_read_and_a_login_that_is_an_address_is_one():
    eve = Canvas().people(SHEET)[2]
    assert (eve.first_name, eve.last_name, eve.email) == ("Eve", "=Evil", "eve@u.edu")


def test_first_and_last_name_may_have_columns_of_their_own():
    sheet = Sheet.read(
        b"LastName,FirstName,ID,SIS Login ID,Section,P (1)\n    Points Possible,,,,,5\nLovelace,Ada,7,ada,A,\n"
    )
    assert Canvas().recognises(sheet)
    (ada,) = Canvas().people(sheet)
    assert (ada.first_name, ada.last_name, ada.keys["canvas"]) == ("Ada", "Lovelace", "7")


def test_only_assignments_take_marks():
    columns = Canvas().columns(SHEET)
    assert [(one.heading, one.title, one.most) for one in columns] == [
        ("Problem set 5 (88123)", "Problem set 5", 60.0),
        ("Quick test 5 (88124)", "Quick test 5", 7.0),
    ]


def test_totals_of_a_grading_period_and_own_columns_take_no_marks():
    head = "Student,ID,SIS Login ID,Section,Notes,P (1),Current Score (2026),Final Grade (2026)\n"
    sheet = Sheet.read((head + "    Points Possible,,,,,5,(lecture seule),(lecture seule)\n").encode())
    assert [one.heading for one in Canvas().columns(sheet)] == ["P (1)"]


def test_what_is_excused_stays_and_two_decimals_are_written():
    canvas, sheet = Canvas(), Sheet.read(CANVAS.encode())
    column = canvas.columns(sheet)[0]
    assert "is excused there" in canvas.refuses(sheet, 5, column)
    assert canvas.refuses(sheet, 3, column) == ""
    assert canvas.fill(sheet, 3, column, 51.5)
    assert not canvas.fill(sheet, 4, column, 12.004)
    assert sheet.data() == CANVAS.replace("Section A,,5.00", "Section A,51.50,5.00").encode()


def test_canvas_takes_a_filled_export():
    canvas, sheet = Canvas(), Sheet.read(CANVAS.encode())
    canvas.fill(sheet, 3, canvas.columns(sheet)[0], 51.5)
    data = sheet.data().replace(b'"Student, Test"', b'"Student, Test"')
    students = {**STUDENTS, "id": {**STUDENTS["id"], "3999": "3999"}}
    assert into_canvas(data, ASSIGNMENTS, students) == {
        ("3143", "88123"): 51.5,
        ("3143", "88124"): 5.0,
        ("3144", "88123"): 12.0,
        ("3145", "88123"): "EX",
    }


def test_canvas_takes_the_least_form_by_id_sis_id_or_login():
    people = [
        Person("S1001", "Ada", "Lovelace", more={"sis": "S1001"}),
        Person("jm", "Jürgen", "Müller", more={"canvas": "3144"}),
        Person("eve", "=Eve", "Evil"),
    ]
    marks = {("S1001", "ps05"): 51.5, ("jm", "ps05"): 0.0}
    made = Canvas().minimal(people[:2], {"ps05": ("Problem set 5 (88123)", 60.0)}, marks)
    assert into_canvas(made.sheet.data(), ASSIGNMENTS, STUDENTS) == {("3143", "88123"): 51.5, ("3144", "88123"): 0.0}
    assert made.notes == ()
    by_name = Canvas().minimal(people, {"ps05": ("Problem set 5", 60.0)}, marks)
    assert "'=Eve" not in by_name.sheet.data().decode()  # the name begins with the last name
    assert ["a new assignment of Problem set 5" in by_name.notes[0], "1 of 3 people" in by_name.notes[1]] == [
        True,
        True,
    ]


@pytest.mark.parametrize("head", ["Student,ID,Name\n", "Student,Section\n", "student,ID,section\n"])
def test_a_plain_list_is_no_gradebook(head):
    assert not Canvas().recognises(Sheet.read(head.encode()))
