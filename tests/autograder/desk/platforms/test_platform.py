"""Names as platforms write them, and what of a row can be an id."""

import pytest

from autograder.desk.platforms.plain_csv import PlainCsv
from autograder.desk.platforms.platform import Listed, last_first, plain_name
from autograder.desk.platforms.sheet import Sheet


@pytest.mark.parametrize(
    ("ids", "chosen"),
    [
        (("", "ada01"), "ada01"),
        (("00712", "x"), "00712"),
        (("1.2E+05", "mul02"), "mul02"),
        (("S 1", "ada@u.edu"), "ada@u.edu"),
        (("../x", ".hidden"), ""),
    ],
)
def test_the_first_id_that_a_folder_can_have_is_chosen(ids, chosen):
    assert Listed(1, ids=ids).id == chosen


def test_names_are_the_same_without_accents_case_and_order():
    assert plain_name("Jürgen", "MÜLLER") == plain_name("Muller, Jurgen")
    assert plain_name("Ada") != plain_name("Eve")


def test_a_name_without_a_comma_ends_with_the_last_name():
    assert last_first("Jean  Le Rond d'Alembert") == ("Jean  Le Rond", "d'Alembert")
    assert last_first("") == ("", "")


def test_somebody_is_called_by_what_is_known():
    assert Listed(1, {"moodle:ps05": "1201"}).called == "1201"
    assert Listed(1, first_name="Ada").called == "Ada"
    assert Listed(1).called == "somebody without a name"


def test_a_platform_that_is_only_read_has_no_columns_for_marks():
    sheet = Sheet.read(b"id\nada\n")
    assert PlainCsv().columns(sheet) == []
    with pytest.raises(NotImplementedError, match="only read"):
        PlainCsv().minimal([], {}, {})
