"""``mtl-grade roster``: a file's people become the class's by ids, and whatever is not certain is asked first."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from autograder.desk.platforms.sheet import SheetError
from autograder.desk.roster import merge, overview
from autograder.grading.course import Course
from autograder.grading.roster import Roster
from autograder.results import UsageError
from tests.autograder.conftest import NAME
from tests.autograder.desk.platforms.files import (
    BLACKBOARD_XLS,
    BRIGHTSPACE,
    CANVAS,
    MOODLE_GRADEBOOK,
    NBGRADER,
    PLAIN,
    worksheet,
)

TWO_JOHNS = CANVAS.replace('"Smith, John",3147', '"Smith, Joan",3147')  # two people of two names


@pytest.fixture
def read(course, tmp_path):
    """Merge files into the course's roster; they are named a.csv, b.csv, …"""

    def command(*files, **more):
        paths = []
        for letter, data in zip("abcdef", files, strict=False):
            path = tmp_path / f"{letter}.csv"
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
            paths.append(path)
        return merge(course, paths, **more)

    return command


def people(course):
    return {person.id: person for person in Roster.read(course.roster_path)}


def doubts(done):
    return [f"{one.where}: {one.what}" for one in done.doubtful]


# ---- reading ---------------------------------------------------------------------------------------------------


def test_a_canvas_export_makes_the_class_with_its_own_numbers(read, course):
    done = read(TWO_JOHNS)
    assert (done.added, done.changed, done.unchanged, done.doubtful, done.written) == (
        ["S1001", "00712", "S1003", "S1004", "S1005"], {}, [], [], True,
    )  # fmt: skip
    juergen = people(course)["00712"]
    assert (juergen.name, juergen.login, juergen.more["canvas"]) == ("Jürgen Müller-Lüdenscheidt", "mul02", "3144")
    assert done.files == [{"file": done.files[0]["file"], "is": "a Canvas gradebook export", "people": 5}]


def test_the_same_file_again_changes_nothing(read, course):
    read(TWO_JOHNS)
    before = course.roster_path.read_bytes()
    done = read(TWO_JOHNS)
    assert (done.added, done.changed, len(done.unchanged), done.written) == ([], {}, 5, False)
    assert course.roster_path.read_bytes() == before


def test_platforms_complete_one_another(read, course):
    read(TWO_JOHNS)
    done = read(BLACKBOARD_XLS, BRIGHTSPACE, MOODLE_GRADEBOOK)
    assert (done.added, done.doubtful) == ([], [])
    assert done.changed == {
        "S1001": ["blackboard ada01", "email ada@u.edu"],
        "00712": ["blackboard mul02", "email jm@u.edu"],
    }
    assert dict(people(course)["S1001"].more) == {
        "section": "Section A", "canvas": "3143", "sis": "S1001", "blackboard": "ada01",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_worksheets_numbers_are_kept_by_assignment(read, course, language):
    read(TWO_JOHNS)
    done = read(worksheet(language), assignment=NAME)
    assert (done.added, done.doubtful) == ([], [])
    assert people(course)["00712"].more[f"moodle:{NAME}"] == "1202"
    assert people(course)["00712"].name == "Jürgen Müller-Lüdenscheidt"


def test_a_worksheet_without_its_assignment_is_refused_with_the_reason(read):
    with pytest.raises(UsageError, match="whose participant numbers hold for one assignment alone; say which"):
        read(worksheet())
    with pytest.raises(UsageError, match=f"--assignment must be one of {NAME}; got 'ps99'"):
        read(worksheet(), assignment="ps99")


def test_leading_zeros_and_german_headings_survive(read, course):
    assert read(PLAIN.encode("utf-16")).added == ["0012", "0013"]
    assert people(course)["0012"].more == {"Gruppe": "A"}
    assert b"0012,Ada,Lovelace,ada@u.edu" in course.roster_path.read_bytes()


def test_nbgraders_list_is_read(read, course):
    assert read(NBGRADER).added == ["ada01", "007"]
    assert people(course)["ada01"].more == {"lms_user_id": "3143"}


def test_a_file_of_nobody_is_refused(read):
    with pytest.raises(SheetError, match="in which nobody stands"):
        read(b"id,email\n")


# ---- what an instructor edits ----------------------------------------------------------------------------------


def test_hand_edits_and_columns_of_ones_own_stay(read, course):
    read(TWO_JOHNS)
    text = course.roster_path.read_text().replace("Ada,Lovelace", "Ada,King").replace("section", "seat,section", 1)
    lines = text.splitlines()
    at = lines[0].split(",").index("seat")
    lines[1:] = [",".join([*line.split(",")[:at], "front", *line.split(",")[at:]]) for line in lines[1:]]
    course.roster_path.write_text("\n".join(lines) + "\n")
    done = read(TWO_JOHNS)
    assert (done.changed, done.written) == ({}, False)
    done = read(BLACKBOARD_XLS)
    assert people(course)["S1001"].last_name == "King"
    assert people(course)["S1001"].more["seat"] == "front"
    assert done.kept[0] == "S1001: last_name King is kept; a.csv says Lovelace"


def test_what_a_file_says_anew_is_a_change(read, course):
    read(MOODLE_GRADEBOOK)
    done = read(MOODLE_GRADEBOOK.replace(b"Lovelace", b"King").replace(b"jm@u.edu", b"jm@v.edu"))
    assert done.changed == {"S1001": ["last_name Lovelace -> King"], "00712": ["email jm@u.edu -> jm@v.edu"]}
    assert people(course)["S1001"].name == "Ada King"


def test_an_instructors_own_list_outweighs_what_was_known(read, course):
    read(MOODLE_GRADEBOOK)
    assert read("id,email\nS1001,ada@v.edu\n").changed == {"S1001": ["email ada@u.edu -> ada@v.edu"]}


# ---- doubts ----------------------------------------------------------------------------------------------------


def refused_then_accepted(read, course, doubt, *files, **more):
    """One doubt, and nothing written; then what accepting it gives."""
    before = course.roster_path.read_bytes()
    done = read(*files, **more)
    assert len(done.doubtful) == 1, doubts(done)
    assert doubt in doubts(done)[0]
    assert not done.written
    assert course.roster_path.read_bytes() == before
    return read(*files, **more, accept=True)


def test_two_people_of_one_name_are_a_question(read, course):
    refused_then_accepted(read, course, "a.csv, line 8: John Smith has the name of S1004", CANVAS)
    assert [person.name for person in Roster.read(course.roster_path)].count("John Smith") == 2
    assert read(CANVAS).doubtful == []  # asked once: their ids are known now


def test_a_person_of_one_name_has_it_once(read, course):
    read(
        "Student,ID,SIS User ID,SIS Login ID,Section,Problem set 5 (88123)\nTeller,3144,S7,tel07,A,\n",
        'First name,Surname,ID number,Email address,"Assignment: Problem set 5 (Real)"\nTeller,,S7,t@u.edu,-\n',
    )
    assert people(course)["S7"].name == "Teller"


def test_an_equal_name_alone_is_a_question(read, course):
    course.roster_path.write_text("id,first_name,last_name\nada,Ada,Lovelace\nbo,Bo,Bond\n")
    data = (
        worksheet().replace(b"S1001", b"").replace(b"00712", b"bo").replace(b"S1003", b"eve").replace(b"ada@u.edu", b"")
    )
    refused_then_accepted(
        read, course, "Ada Lovelace has the name of ada in roster.csv, and no id", data, assignment=NAME
    )
    assert people(course)["ada"].more == {f"moodle:{NAME}": "1201"}


def test_equal_names_with_two_ids_stay_two_people(read, course):
    course.roster_path.write_text("id,first_name,last_name\nada,Ada,Lovelace\nbo,Bo,Bond\n")
    refused_then_accepted(read, course, "two people of one name?", "id,name\nbo,\nx1,Ada Lovelace\n")
    assert list(people(course)) == ["ada", "bo", "x1"]


def test_a_person_who_is_two_rows_is_a_question(read, course):
    course.roster_path.write_text("id,email,login\nada,,ada01\nbo,ada@u.edu,\n")
    done = refused_then_accepted(
        read, course, "is more than one person of roster.csv: by id ada (ada); by e-mail address bo (bo)",
        "id,email\nada,ada@u.edu\n",
    )  # fmt: skip
    assert done.changed == {"ada": ["email ada@u.edu"]}


def test_a_number_that_changes_is_a_question(read, course):
    read(TWO_JOHNS)
    other = TWO_JOHNS.replace(",3144,", ",9144,")
    refused_then_accepted(read, course, "the Canvas id of 00712 (Jürgen Müller-Lüdenscheidt) is 3144 and would", other)
    assert people(course)["00712"].more["canvas"] == "9144"


def test_an_id_that_stands_twice_is_a_question(read, course):
    data = "id,first_name\nada,Ada\nbo,Bo\nada,Eve\n"
    refused_then_accepted(read, course, "a.csv, line 4: the id ada of Eve is that of Ada in line 2 too", data)
    assert [person.name for person in people(course).values()] == ["Ada", "Bo"]


def test_a_row_that_stands_twice_is_one_person(read):
    assert read("id,first_name\nada,Ada\nada,Ada\n").added == ["ada"]


def test_an_address_of_two_people_is_a_question(read, course):
    data = "id,name,email\nada,Ada L,x@u.edu\nbo,Bo B,X@u.edu\n"
    done = read(data)
    assert "a.csv, line 3: Bo B has the e-mail address of Ada L in line 2, X@u.edu" in doubts(done)
    assert not done.written


@pytest.mark.parametrize(
    ("row", "said", "becomes"),
    [
        ("Ada,,,a@u.edu", "Ada has no id that roster.csv can have", "a@u.edu"),
        ("Ada,1.2E+05,,a@u.edu", "the id 1.2E+05 of Ada was rounded by a spreadsheet", "a@u.edu"),
        ("Ada,../x,,a@u.edu", "the id '../x' of Ada has characters that a folder's name cannot have", "a@u.edu"),
        ("Ada,,,", "Ada has no id that roster.csv can have", None),
    ],
)
def test_who_has_no_id_is_a_question(read, course, row, said, becomes):
    refused_then_accepted(read, course, said, f"name,id,login,email\n{row}\nBo,bo,,\n")
    assert list(people(course)) == ([becomes] if becomes else []) + ["bo"]


def test_an_id_that_lost_its_zeros_is_a_question(read, course):
    read(PLAIN)
    refused_then_accepted(read, course, "has the id of 0013 (Jürgen Müller) without its zeros", "id\n0012\n13\n")
    assert list(people(course)) == ["0012", "0013"]


def test_another_courses_file_is_a_question(read, course):
    read(NBGRADER)
    done = refused_then_accepted(
        read, course, "a.csv: nobody of these 2 people is in roster.csv", MOODLE_GRADEBOOK.replace(b"Lovelace", b"King")
                                                                         .replace(b"ada@u.edu", b"a@v.edu"),
    )  # fmt: skip
    assert done.added == ["S1001", "00712"]


def test_who_was_there_before_stays_and_is_said(read, course):
    read(TWO_JOHNS)
    gone = "".join(line for line in TWO_JOHNS.splitlines(keepends=True) if "Joan" not in line)
    assert read(gone).missing == ["S1005 (Joan Smith) is not in a.csv any more"]
    assert "S1005" in people(course)
    assert read(MOODLE_GRADEBOOK).missing == []


CELLS = st.sampled_from(["", "a", "b", "007", "7", "Ada", "Bo Bond", "x@u.edu", "1.2E+05", "../x"])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(["id", "sis", "canvas"])
)
@example([("a", "", "Ada", "x@u.edu"), ("b", "", "Bo Bond", "x@u.edu")], "id")
def test_what_was_accepted_once_changes_nothing_again(rows, key):
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Path(folder))
        path = Path(folder) / "class.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([(key, "login", "name", "email"), *rows])
        try:
            merge(course, [path], accept=True)
        except SheetError:
            assume(False)
        before = course.roster_path.read_bytes() if course.roster_path.exists() else b""
        again = merge(course, [path], accept=True)
        assert (again.added, again.written) == ([], False)
        assert (course.roster_path.read_bytes() if course.roster_path.exists() else b"") == before
        Roster.read(course.roster_path)


def test_an_address_that_two_people_share_is_asked_once(read, course):
    data = "id,name,email\nada,Ada L,x@u.edu\nbo,Bo B,x@u.edu\n"
    assert read(data, accept=True).added == ["ada", "bo"]
    assert read(data).doubtful == []


def test_a_late_comer_in_a_list_of_ones_own_is_no_question(read, course):
    read(NBGRADER)
    assert read("id,name\nnew,Nell New\n").added == ["new"]


def test_another_assignments_worksheet_is_a_question(read, course):
    read(TWO_JOHNS)
    text = course.roster_path.read_text().splitlines()
    text = [f"{line},{cell}" for line, cell in zip(text, ["moodle:ps04", "1201", "1202", "", "", ""], strict=True)]
    course.roster_path.write_text("\n".join(text) + "\n")
    refused_then_accepted(
        read, course, f"a.csv: its participant numbers are those of ps04, not of {NAME}", worksheet(), assignment=NAME
    )


def test_an_anonymous_worksheet_is_nobodys(read, course):
    read(TWO_JOHNS)
    blind = b"Identifier,Status,Grade,Last modified (grade)\nParticipant 1201,,,-\n"
    done = read(blind, assignment=NAME)
    assert [one.accepting for one in done.doubtful][-1] == "they are left out; give them a row in roster.csv by hand"


def test_a_roster_that_cannot_be_read_is_refused_with_its_line(read, course):
    course.roster_path.write_text("id\nada\nada\n")
    with pytest.raises(UsageError, match="line 3: the id 'ada' stands in line 2 too"):
        read(NBGRADER)


# ---- what is printed -------------------------------------------------------------------------------------------


def test_a_merge_says_what_it_did(read):
    done = read(TWO_JOHNS)
    assert [line.partition("a.csv")[2] or line for line in done.lines()] == [
        ": a Canvas gradebook export, 5 people",
        *(f"added: {who}" for who in ("S1001", "00712", "S1003", "S1004", "S1005")),
        "unchanged: 0",
    ]
    assert read(TWO_JOHNS).lines()[-1] == "unchanged: 5"
    john = "changed: S1005: first_name Joan -> John"
    assert john in read(CANVAS).lines()


def test_a_doubt_says_what_accepting_does_and_that_nothing_is_written(read):
    lines = read(CANVAS).lines()
    assert "would be added: S1001" in lines
    assert not any(line.startswith("added") for line in lines)
    assert lines[-2].startswith("doubtful: a.csv, line 8: John Smith")
    assert lines[-2].endswith("and other ids: two people of one name? With --accept they are two people.")
    assert lines[-1] == "Nothing is written: settle the 1 doubt in the file or in roster.csv, or add --accept."
    assert read(CANVAS, accept=True).lines(accept=True)[-1].endswith("one name? Now they are two people.")


def test_the_class_is_shown_with_strangers(read, course):
    assert overview(course).lines() == [
        "roster.csv is empty: `mtl-grade roster FILE` reads a platform's list of people."
    ]
    (course.root / "submitted" / "ada01" / NAME).mkdir(parents=True)
    (course.root / "submitted" / "stranger" / NAME).mkdir(parents=True)
    assert overview(course).lines() == ["roster.csv is empty: the 2 folders of submitted/ are taken as the class."]
    read(NBGRADER)
    assert overview(course).lines() == [
        "ada01  Ada Lovelace, ada@u.edu, lms_user_id 3143",
        "007  Bo Bond",
        "2 people in roster.csv",
        "not in roster.csv: submitted/stranger",
    ]
    assert overview(course).to_dict()["people"][1]["id"] == "007"
