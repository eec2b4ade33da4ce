"""What a path says in each platform's way, and what it does not say."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.collecting.contents import SetNames
from autograder.desk.collecting.layouts import Key, Layouts, is_notebook, is_receipt, plain_stem, stamp
from tests.autograder.desk.collecting.conftest import OTHER, SET

NB = f"{SET}.ipynb"


def read(path, *others, receipts=None, source="download.zip"):
    return Layouts(source, [path, *others], SetNames([SET, OTHER]), receipts or {}).read(path)


def keys(where):
    return [(key.kind, key.value) for key in where.keys]


def test_canvas():
    where = read(f"müllerjürgen_LATE_3144_207798_{SET}-1.ipynb")
    assert (where.platform, where.late, where.order, where.name) == ("Canvas", True, 207798, f"{SET}-1.ipynb")
    assert keys(where) == [("canvas", "3144"), ("canvas name", "müllerjürgen")]
    assert not read(f"lateada_3144_207798_{NB}").late
    anonymous = read(f"LATE_anon_Ab3Xy_207801_{NB}")
    assert (keys(anonymous), anonymous.late) == ([("canvas anonymous", "Ab3Xy")], True)
    assert keys(read("lovelaceada_3143_text.html"))[0] == ("canvas", "3143")


def test_moodle():
    assert keys(read(f"Ada Lovelace_1201_assignsubmission_file/{NB}")) == [("moodle", "1201"), ("name", "Ada Lovelace")]
    flat = read(f"Ada Lovelace_1201_assignsubmission_file_{NB}")
    assert (keys(flat)[0], flat.name) == (("moodle", "1201"), NB)
    assert keys(read(f"Group A_17_assignsubmission_file/{NB}")) == [("moodle", "17"), ("group", "Group A")]
    assert keys(read(f"Default group_assignsubmission_file/{NB}")) == [("group", "Default group")]
    assert keys(read("Ada Lovelace_1201_assignsubmission_onlinetext/onlinetext.html"))[0] == ("moodle", "1201")


def test_a_word_before_many_numbers_stands_for_nobodys_name_in_any_language():
    paths = [f"Deltagare{n % 2 * ''}_{n}_assignsubmission_file/{NB}" for n in range(5)]
    assert keys(read(*paths)) == [("moodle", "0")]
    other = [f"Osallistujanumero_{n}_assignsubmission_file/{NB}" for n in range(5)]
    assert keys(read(*other)) == [("moodle", "0")]


def test_two_people_of_one_name_are_noticed_within_a_download():
    one, two = f"John Smith_1_assignsubmission_file/{NB}", f"John Smith_2_assignsubmission_file/{NB}"
    assert read(one, two).namesakes
    assert not read(f"week 1/{one}", f"week 2/{two}").namesakes  # numbers are another one in every assignment
    assert read(f"5-7 - John Smith - Mar 5, 2026 208 PM/{NB}", f"6-7 - John Smith - Mar 5, 2026 208 PM/{NB}").namesakes


def test_blackboard_with_and_without_its_receipt():
    path = f"Problem_set_5_smi_02_attempt_2026-03-05-23-05-01_my_{NB}"
    where = read(path)
    assert keys(where) == [("blackboard", "Problem_set_5_smi_02")]
    assert (where.local, where.attempt, where.name) == (
        datetime(2026, 3, 5, 23, 5, 1),
        "2026-03-05-23-05-01",
        f"my_{NB}",
    )
    receipt = "Problem_set_5_smi_02_attempt_2026-03-05-23-05-01.txt"
    assert is_receipt(receipt)
    assert not is_receipt(path)
    text = "Name: Bob (Bobby) Smith (smi_02)\nAssignment: Problem set 5\n"
    assert keys(read(path, receipts={receipt: "Name: Bob Smith (smi_02)\r\nAssignment: x\r\n"})) == [
        ("login", "smi_02"),
        ("name", "Bob Smith"),
    ]
    assert keys(read(path, receipts={receipt: text})) == [("login", "smi_02"), ("name", "Bob (Bobby) Smith")]
    for odd in ("", "Comments\nName: Eve (eve)", "Name: ", "Name: Eve", "Name: Eve ()"):
        assert keys(read(path, receipts={receipt: odd})) == [("blackboard", "Problem_set_5_smi_02")]


@pytest.mark.parametrize(
    ("time", "local"),
    [
        ("Mar 5, 2026 1105 PM", datetime(2026, 3, 5, 23, 5)),
        ("Mar 5, 2026 208 PM", datetime(2026, 3, 5, 14, 8)),
        ("March 5, 2026 12:08 AM", datetime(2026, 3, 5, 0, 8)),
        ("5 Mar, 2026 14:08", datetime(2026, 3, 5, 14, 8)),
        ("Mar 5, 2026", None),
        ("Mar 55, 2026 208 PM", None),
        ("5 mhàrt 2026 1408", None),
    ],
)
def test_brightspaces_times(time, local):
    where = read(f"501-77 - Ada Lovelace - {time}/{NB}")
    assert (where.platform, where.local) == ("Brightspace", local)
    assert keys(where) == [("brightspace", "501"), ("name", "Ada Lovelace")]


def test_the_exchange():
    where = read(f"inbound/ada+{SET}+2026-03-05 22:05:00.123456 UTC+aB3_x-Yz/{NB}")
    assert (keys(where), where.utc) == ([("student", "ada")], datetime(2026, 3, 5, 22, 5, 0, 123456, tzinfo=UTC))


@pytest.mark.parametrize(
    ("path", "first"),
    [
        (f"submitted/ada/{SET}/{NB}", ("student", "ada")),
        (f"{SET}/ada/{NB}", ("folder", "ada")),
        (f"{SET}/ada_{NB}", ("folder", "ada")),
        (f"x/Ada Lovelace - {NB}", ("folder", "Ada Lovelace")),
        ("Ada Lovelace - Problem set 5 - notebook.ipynb", ("folder", "Ada Lovelace")),
        ("Problem Set 5 (Ada Lovelace).ipynb", ("folder", "Ada Lovelace")),
        (f"ada/my final {NB}", ("folder", "ada")),
        (f"ps5-countess-master/{NB}", ("github", "countess")),
        (f"ada.zip/{NB}", ("folder", "ada")),
    ],
)
def test_folders_and_names_are_clues(path, first):
    assert keys(read(path))[0] == first


def test_what_everything_lies_in_is_the_weakest_clue():
    where = read(f"March/ada/{NB}", f"March/bob/{NB}")
    assert keys(where) == [("folder", "ada"), ("around", "March")]


def test_a_download_whose_name_is_all_there_is_names_its_person():
    assert keys(read(NB, source="Ada Lovelace.zip")) == [("stem", "Ada Lovelace")]


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5))
def test_any_path_is_read(parts):
    where = read("/".join(parts))
    assert all(isinstance(key, Key) for key in where.keys)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        (f"{SET} (1).ipynb", SET),
        (f"{SET}-Copy1.ipynb", SET),
        (f"{SET} - Copy (2).ipynb", SET),
        (f"Copy of Copy of {NB}", SET),
        (f"Kopie von {NB}", SET),
        (f"{SET}-0f8fad5b-d9cb-469f-a165-70867728950e.ipynb", SET),
        (f"{NB}.txt", SET),
        (f"{SET}.IPYNB", SET),
        (f"{SET}.py", SET),
        ("(1).ipynb", "(1)"),
    ],
)
def test_the_marks_of_copies_are_no_part_of_a_name(name, stem):
    assert plain_stem(name) == stem


def test_a_folder_named_submitted_hides_nobody_elses_work():
    """Only what lies beside it is a course's; a person may call their folders what they like."""
    mine, others = "mallory/submitted/x.ipynb", ("ada/source/ps05.ipynb", "feedback/bob/ps05.ipynb")
    assert not any(Layouts("in", [mine, *others], SetNames([SET])).elsewhere(path) for path in others)
    course = [f"in/{folder}/ada/{SET}/{NB}" for folder in ("submitted", "autograded", "source")]
    layouts = Layouts("in", course, SetNames([SET]))
    assert [layouts.elsewhere(path) for path in course] == [False, True, True]


def test_what_is_a_notebook_by_its_name():
    assert all(map(is_notebook, ("x.ipynb", "x.IPYNB", "x.ipynb.txt", "x.ipynb.json", "a\nb.ipynb")))
    assert not any(map(is_notebook, ("x.py", "x.ipynb.zip", "ipynb", "x.json")))


@pytest.mark.parametrize(
    ("text", "local", "utc"),
    [
        ("2026-03-05 22:05:00.123456 UTC\n", None, datetime(2026, 3, 5, 22, 5, 0, 123456, tzinfo=UTC)),
        ("2026-03-05 22:05:00 UTC", None, datetime(2026, 3, 5, 22, 5, tzinfo=UTC)),
        ("2026-03-05T22:05:00+01:00", None, datetime(2026, 3, 5, 21, 5, tzinfo=UTC)),
        ("2026-03-05 22_05_00", datetime(2026, 3, 5, 22, 5), None),
        ("2026-03-05 22:05:00 CET", datetime(2026, 3, 5, 22, 5), None),
        ("2026-13-05 22:05:00 UTC", None, None),
        ("0001-01-01 00:00:00 +2300", None, None),
        ("yesterday", None, None),
        ("9" * 1000, None, None),
        ("", None, None),
    ],
)
def test_nbgraders_timestamps(text, local, utc):
    assert stamp(text) == (local, utc)
