"""nbgrader's lists of students, as imported, printed and exported with marks."""

from autograder.desk.platforms.nbgrader import NbgraderPrinted, NbgraderStudents
from autograder.desk.platforms.sheet import Sheet
from tests.autograder.desk.platforms.files import NBGRADER, NBGRADER_PRINTED


def test_a_student_list_has_ids_as_text():
    people = NbgraderStudents().people(Sheet.read(NBGRADER))
    assert [(one.id, dict(one.keys) | dict(one.more)) for one in people] == [
        ("ada01", {"lms_user_id": "3143"}),
        ("007", {}),
    ]


def test_the_printed_list_is_read_with_nothing_for_none():
    people = NbgraderPrinted().people(Sheet.read(NBGRADER_PRINTED))
    assert [(one.id, one.first_name, one.email) for one in people] == [("ada01", "Ada", "ada@u.edu"), ("mul02", "", "")]


def test_an_export_of_marks_has_each_student_once():
    head = b"assignment,student_id,last_name,first_name,email,raw_score\n"
    sheet = Sheet.read(head + b"ps01,ada,L,Ada,,1\nps02,ada,L,Ada,,2\nps01,bo,,,,0\n")
    assert NbgraderStudents().recognises(sheet)
    assert [one.id for one in NbgraderStudents().people(sheet)] == ["ada", "bo"]
