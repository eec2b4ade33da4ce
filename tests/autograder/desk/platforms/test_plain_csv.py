"""A plain list is read by the names of its columns, in any order and several languages."""

import pytest

from autograder.desk.platforms.plain_csv import PlainCsv
from autograder.desk.platforms.sheet import Sheet
from tests.autograder.desk.platforms.files import PLAIN


def people(text):
    return PlainCsv().people(Sheet.read(text.encode()))


def test_german_headings_and_other_columns_are_kept():
    ada, juergen = people(PLAIN)
    assert (ada.id, ada.first_name, ada.last_name, ada.email, ada.more) == (
        *("0012", "Ada", "Lovelace", "ada@u.edu"),
        {"Gruppe": "A"},
    )
    assert (juergen.id, juergen.first_name, juergen.email, juergen.more) == ("0013", "Jürgen", "", {})


@pytest.mark.parametrize(
    "text",
    [
        'Name,ID\n"Lovelace, Ada",007\n',
        "student_id\tfirst name\tsurname\n007\tAda\tLovelace\n",
        "Full name;Username\nAda Lovelace;007\n",
        'ID number,Prénom,Nom\n"=""007""",Ada,Lovelace\n',
    ],
)
def test_names_and_ids_are_found_under_other_headings(text):
    (ada,) = people(text)
    assert (ada.id, ada.first_name, ada.last_name) == ("007", "Ada", "Lovelace")


def test_a_classroom_list_keeps_the_github_name():
    (ada,) = people("username,first_name,last_name,email,section,github_id\nada,Ada,Lovelace,a@u.edu,A,99\n")
    assert (ada.id, ada.keys, ada.more) == ("ada", {"login": "ada"}, {"section": "A", "github_id": "99"})
