"""From each platform's download to the right person's folder, and nothing lost, taken twice or given to another."""

import json
import os
import random
import re
import shutil
import stat
import struct
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.desk.collecting import questions
from autograder.grading.course import Course
from autograder.grading.lock import only_one
from autograder.results import UsageError
from tests.autograder.desk.collecting.conftest import (
    OTHER,
    QUICK,
    SET,
    answered,
    dated,
    handed_in,
    placed,
    run,
    where,
    zipped,
)

NB = f"{SET}.ipynb"

# One path of each form, as the platforms write it, and whose it is.
FORMS = {
    "Canvas": (f"lovelaceada_3143_207797_{NB}", "ada"),
    "Canvas, late": (f"lovelaceada_LATE_3143_207797_{NB}", "ada"),
    "Canvas, late, older": (f"lovelaceada_late_3143_207797_{NB}", "ada"),
    "Canvas, resubmitted": (f"lovelaceada_3143_207797_{SET}-1.ipynb", "ada"),
    "Canvas, a uuid": (f"lovelaceada_3143_207797_{SET}-0f8fad5b-d9cb-469f-a165-70867728950e.ipynb", "ada"),
    "Canvas, letters of all kinds": (f"müllerlüdenscheidtjürgen_3145_207798_{NB}", "juergen"),
    "Canvas, another name for the file": ("lovelaceada_3143_207797_final_version.ipynb", "ada"),
    "Moodle 4.1": (f"Ada Lovelace_1201_assignsubmission_file/{NB}", "ada"),
    "Moodle 4.1, a folder of the student's": (f"Ada Lovelace_1201_assignsubmission_file/my work/{NB}", "ada"),
    "Moodle 3.1": (f"Ada Lovelace_1201_assignsubmission_file_/{NB}", "ada"),
    "Moodle, flat": (f"Ada Lovelace_1201_assignsubmission_file_{NB}", "ada"),
    "Moodle, blind": (f"Participant_1201_assignsubmission_file/{NB}", "ada"),
    "Moodle, blind, German": (f"Teilnehmer/in_1201_assignsubmission_file/{NB}".replace("/in", " in"), "ada"),
    "Moodle, an unknown number": (f"Zoe OBrien_9999_assignsubmission_file/{NB}", "zoe"),
    "Moodle, last name first": (f"Müller-Lüdenscheidt Jürgen_9999_assignsubmission_file/{NB}", "juergen"),
    "Blackboard": (f"PS5_ada01_attempt_2026-03-05-23-05-01_{NB}", "ada"),
    "Blackboard, underscores everywhere": (f"Problem_set_5_smi_02_attempt_2026-03-05-23-05-01_my_{NB}", "bob"),
    "Brightspace": (f"501-77 - Ada Lovelace - Mar 5, 2026 1105 PM/{NB}", "ada"),
    "Brightspace, files": (f"501-77 - Ada Lovelace - Mar 5, 2026 208 PM - {NB}", "ada"),
    "Brightspace, the other order": (f"999-77 - Lovelace, Ada - Mar 5, 2026 208 PM/{NB}", "ada"),
    "Brightspace, a hyphen": (f"999-77 - Jürgen Müller-Lüdenscheidt - Mar 5, 2026 208 PM/{NB}", "juergen"),
    "Google Drive": (f"Ada Lovelace - {NB}", "ada"),
    "Google Drive, a copy": (f"Copy of Ada Lovelace - {NB}", "ada"),
    "Google Drive, a folder": (f"Ada Lovelace/Copy of {NB}", "ada"),
    "GitHub": (f"ps05-missing-labels-countess/{NB}", "ada"),
    "GitHub, hyphens": (f"ps05-bob-the-builder/notebooks/{NB}", "bob"),
    "GitHub, any name": (f"hw-five-bob-the-builder/{NB}", "bob"),
    "GitHub, a download": (f"ps05-missing-labels-countess-main/{NB}", "ada"),
    "GitHub Classroom": (f"mtl-five-submissions/mtl-five-countess/{NB}", "ada"),
    "nbgrader": (f"submitted/ada/{SET}/{NB}", "ada"),
    "nbgrader's exchange": (f"inbound/ada+{SET}+2026-03-05 22:05:00.123456 UTC/{NB}", "ada"),
    "nbgrader's exchange, newer": (f"inbound/ada+{SET}+2026-03-05 22:05:00.123456 UTC+aB3_x-Yz01qw/{NB}", "ada"),
    "nbgrader's zip_collect": (f"downloaded/{SET}/extracted/ada_{NB}", "ada"),
    "a folder per person": (f"ada/{NB}", "ada"),
    "a folder per person, deep": (f"course/group 1/ada/{SET}/{NB}", "ada"),
    "a folder per sender": (f"ada@u.edu/{SET} (1).ipynb", "ada"),
    "an attachment": (f"ada@u.edu - {NB}", "ada"),
    "an attachment, the other way round": (f"{SET} - Lovelace, Ada.ipynb", "ada"),
    "flat": (f"ada_{NB}", "ada"),
    "flat, by login": ("ps5-ada01.ipynb", "ada"),
    "a person's own name": ("Ada Lovelace.ipynb", "ada"),
    "a copy of Jupyter's": (f"ada/{SET}-Copy1.ipynb", "ada"),
    "capital letters": (f"ADA/{SET.upper()}.IPYNB", "ada"),
    "a browser's ending": (f"ada/{NB}.txt", "ada"),
    "an id with zeros": (f"007/{NB}", "007"),
    "Windows": (f"everything\\ada\\{NB}", "ada"),
}


@pytest.mark.parametrize(("path", "student"), FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("around", ["", "Submissions of March/"], ids=["as it is", "in one folder"])
def test_each_form_of_a_path_leads_to_its_person(course, download, path, student, around):
    data = answered()
    report = run(course, download((around + path, data)))
    assert placed(course) == {(student, SET, ".ipynb"): data}
    assert (report.exit_code, [one.status for one in report.outcomes]) == (0, ["placed"])


@pytest.mark.parametrize(("path", "student"), FORMS.values(), ids=FORMS.keys())
def test_a_zip_in_the_download_is_a_folder_of_its_name(course, download, tmp_path, path, student):
    path = re.sub(r"\.ipynb(\.txt)?$", ".ZIP", path, flags=re.IGNORECASE)
    inner = zipped(tmp_path / "inner.zip", ("notebook.ipynb", answered()))
    run(course, download((path, inner.read_bytes())))
    assert where(course) == {(student, SET)}


def test_what_is_placed_is_private(course, download):
    run(course, download((f"ada/{NB}", answered())))
    path = course.root / "submitted" / "ada" / SET / NB
    assert path.stat().st_mode & 0o777 == 0o600
    (kept,) = course.private.glob(f"attempts/{SET}/ada/*/{NB}")
    assert kept.stat().st_mode & 0o077 == 0


# ---- whose: questions and their answers ---------------------------------------------------------------------------


def table(course):
    return questions.read(course.root / questions.FILE)


def answer(course, separator=",", encoding="utf-8", **students):
    """Fill in the table as a spreadsheet would save it: ``file`` by a word in it."""
    lines = [separator.join(questions.COLUMNS)]
    for row in table(course):
        student = next((who for word, who in students.items() if word in row.file), "")
        name = row.assignment
        if ":" in student:
            student, _, name = student.partition(":")
        lines.append(separator.join(f'"{cell}"' for cell in (row.file, student or row.student, name, row.why, "")))
    (course.root / questions.FILE).write_bytes("\r\n".join(lines).encode(encoding))


QUESTIONS = {
    "two John Smiths": (f"John Smith/{NB}", "'John Smith' fits 2 people", "john1 (John Smith), john2 (John Smith)"),
    "a stranger": (f"Eve Nobody/{NB}", "'Eve Nobody' is nobody on the roster", ""),
    "nearly a name": (f"Ada Lovlace/{NB}", "'Ada Lovlace' is nobody on the roster", "ada (Ada Lovelace)"),
    "Canvas, nobody's id": (
        f"lovelaceada_9999_1_{NB}",
        "Canvas's id 9999 (lovelaceada) is nobody's",
        "ada (Ada Lovelace)",
    ),
    "Canvas, another's name": (
        f"smithbob_3143_1_{NB}",
        "Canvas's id 3143 is Ada Lovelace's",
        "ada (Ada Lovelace), bob",
    ),
    "Canvas, a group": (f"groupa_3143_207797_{NB}", "a group, or another's?", "ada (Ada Lovelace)"),
    "Canvas, anonymous": (f"anon_Ab3Xy_207801_{NB}", "anonymous", ""),
    "Canvas, anonymous and late": (f"LATE_anon_Ab3Xy_207801_{NB}", "anonymous", ""),
    "Moodle, a group": (f"Group A_17_assignsubmission_file/{NB}", "a group (Group A)", ""),
    "Moodle, no group": (f"Default group_assignsubmission_file/{NB}", "a group (Default group)", ""),
    "Moodle, a number of another's": (f"Bob Smith_1201_assignsubmission_file/{NB}", "is Ada Lovelace's", "ada"),
    "Moodle, blind and unknown": (f"Participant_99_assignsubmission_file/{NB}", "add its worksheet", ""),
    "Blackboard, nobody's login": (f"PS5_xyz_attempt_2026-03-05-23-05-01_{NB}", "no login of the roster", ""),
    "Brightspace, another's number": (f"501-7 - Bob Smith - Mar 5, 2026 208 PM/{NB}", "is Ada Lovelace's", "ada"),
    "nobody": (NB, "nobody", ""),
    "no problem set": ("ada/holiday.ipynb", "no known problem set", ""),
}


@pytest.mark.parametrize(("path", "why", "suggested"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_where_not_exactly_one_person_fits_it_is_a_question_answered_once(course, download, path, why, suggested):
    data = answered() if "holiday" not in path else b'{"nbformat": 4, "cells": [{"source": "1"}]}'
    source = download((path, data))
    report = run(course, source)
    assert (placed(course), report.exit_code) == ({}, 1)
    (row,) = table(course)
    assert row.file == f"download.zip/{path}"
    assert why in row.why
    assert row.suggestions.startswith(suggested)
    answer(course, ";", "utf-8-sig", download=f"ada:{SET}")
    assert run(course, source).exit_code == 0
    assert placed(course) == {("ada", SET, ".ipynb"): data}
    assert not (course.root / questions.FILE).exists()
    again = run(course, source)  # remembered
    assert [one.status for one in again.outcomes] == ["already here"]


def test_a_path_that_names_two_people_is_a_question(course, download):
    source = download((f"Ada Lovelace/Bob Smith - {NB}", answered()), (f"zoe/{NB}", answered("zoe")))
    (question,) = run(course, source).open
    assert (question.why, question.suggestions) == (
        "its path fits several people",
        "ada (Ada Lovelace), bob (Bob Smith)",
    )
    assert where(course) == {("zoe", SET)}


def test_an_answer_may_name_a_group_a_name_a_number_without_zeros_or_nobody(course, download):
    paths = {"g1": "ada;bob", "g2": "Bond James", "g3": "7", "g4": "-", "g5": "ada@u.edu | zoe"}
    source = download(*((f"Team {word}_assignsubmission_file/{NB}", answered(word)) for word in paths))
    assert len(run(course, source).open) == 5
    answer(course, **paths)
    report = run(course, source)
    assert report.open == []
    assert where(course) == {(who, SET) for who in ("ada", "bob", "007", "zoe")}
    assert report.ignored["files that were answered with `-`"] == 1
    assert run(course, source).ignored["files that were answered with `-`"] == 1


@pytest.mark.parametrize("wrong", ["eve", "John Smith", "ada;eve", "../../etc"])
def test_an_answer_that_is_nobody_stays_a_question_that_says_so(course, download, wrong):
    source = download((f"Eve Nobody/{NB}", answered()))
    run(course, source)
    answer(course, Nobody=wrong)
    report = run(course, source)
    assert (placed(course), len(report.open)) == ({}, 1)
    assert report.open[0].why.startswith("the answer `")


def test_answers_may_stand_in_another_file_which_is_left_as_it_is(course, download, tmp_path):
    source = download((f"Eve Nobody/{NB}", answered()))
    path = tmp_path / "mine.csv"
    text = f"student;file\nada;download.zip/Eve Nobody/{NB}\nbob;another.zip/x.ipynb\n"
    path.write_text(text)
    assert run(course, source, match=path).exit_code == 0
    assert (where(course), path.read_text()) == ({("ada", SET)}, text)
    assert not (course.root / questions.FILE).exists()


def test_what_was_answered_holds_for_the_term_but_only_for_what_names_one_person(course, download):
    first = download(
        (f"Robert S._1301_assignsubmission_file/{NB}", answered("bob")),
        (f"John Smith_1302_assignsubmission_file/{NB}", answered("john2")),
        (f"John Smith_1303_assignsubmission_file/{NB}", answered("john1")),
        name="ps05.zip",
    )
    assert len(run(course, first).open) == 3
    answer(course, Robert="bob", _1302="john2", _1303="john1")
    assert run(course, first).open == []
    assert placed(course)["john2", SET, ".ipynb"] == answered("john2")
    other = f"{OTHER}.ipynb"
    second = download(
        (f"Robert S._1401_assignsubmission_file/{other}", answered("bob", OTHER)),
        (f"John Smith_1302_assignsubmission_file/{other}", answered("who", OTHER)),
        name="ps04.zip",
    )
    report = run(course, second)
    assert [question.file for question in report.open] == [f"ps04.zip/John Smith_1302_assignsubmission_file/{other}"]
    assert ("bob", OTHER) in where(course)


def test_moodles_numbers_are_those_of_the_download_whatever_was_handed_in(course, download):
    """1201 is Ada's in the download of set 5; that Bob put set 4 into it does not make his number another's."""
    course.roster_path.write_text(
        f"id,moodle:{SET},moodle:{OTHER}\nada,1201,1202\nbob,1202,1201\n"  # numbered anew in every assignment
    )
    source = download(
        ("Participant_1201_assignsubmission_file/a.ipynb", answered("ada")),
        ("Participant_1202_assignsubmission_file/b.ipynb", answered("bob", OTHER)),
        name="mtl-ps05_missing_labels-88.zip",
    )
    run(course, source)
    assert placed(course) == {("ada", SET, ".ipynb"): answered("ada"), ("bob", OTHER, ".ipynb"): answered("bob", OTHER)}


def test_one_answer_for_a_folder_is_not_one_for_everybody_in_it(course, download):
    source = download(("section A/one.ipynb", answered("1")), ("section A/two.ipynb", answered("2")))
    run(course, source)
    answer(course, one="ada")
    report = run(course, source)
    assert where(course) == {("ada", SET)}
    assert [question.file for question in report.open] == ["download.zip/section A/two.ipynb"]
    later = download(("section A/three.ipynb", answered("3", OTHER)), ("section A/one.ipynb", answered("4", OTHER)))
    assert len(run(course, later).open) == 2
    assert len(run(course, download(("section A/Untitled.ipynb", answered("5", QUICK)))).open) == 1
    assert where(course) == {("ada", SET)}


def test_a_folder_that_is_nearly_a_persons_name_is_remembered_as_theirs(course, download):
    source = download((f"Ada Lovlace/{NB}", answered()))
    run(course, source)
    answer(course, Lovlace="ada")
    run(course, source)
    assert run(course, download(("Ada Lovlace/other.ipynb", answered("", OTHER)))).open == []
    assert where(course) == {("ada", SET), ("ada", OTHER)}


def test_rows_of_other_downloads_stay_in_the_table(course, download):
    first, second = (download((f"Eve {n}/{NB}", answered(n)), name=f"{n}.zip") for n in ("one", "two"))
    run(course, first)
    run(course, second)
    assert [row.file for row in table(course)] == [f"two.zip/Eve two/{NB}", f"one.zip/Eve one/{NB}"]
    answer(course, one="ada")
    run(course, second)
    assert [row.student for row in table(course)] == ["", "ada"]
    run(course, first)
    assert [row.file for row in table(course)] == [f"two.zip/Eve two/{NB}"]
    assert where(course) == {("ada", SET)}


# ---- an empty roster -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "student"),
    [
        (f"submitted/ada/{SET}/{NB}", "ada"),
        (f"inbound/ada+{SET}+2026-03-05 22:05:00 UTC/{NB}", "ada"),
        (f"4711/{NB}", "4711"),
        (f"ada_{NB}", "ada"),
        (f"ada@u.edu - {NB}", "ada@u.edu"),
        (f"PS5_ada01_attempt_2026-03-05-23-05-01_{NB}", "ada01"),
        (f"ps05-missing-labels-countess/{NB}", "countess"),
    ],
)
def test_without_a_roster_an_id_in_the_path_is_believed_and_said(nobody, download, path, student):
    report = run(nobody, download((path, answered())))
    assert where(nobody) == {(student, SET)}
    assert report.said == ["roster.csv has no rows: 1 ids are taken from the paths."]


@pytest.mark.parametrize(
    "path",
    [
        f"lovelaceada_3143_207797_{NB}",
        f"Ada Lovelace_1201_assignsubmission_file/{NB}",
        f"501-77 - Ada Lovelace - Mar 5, 2026 1105 PM/{NB}",
        f"Ada Lovelace/{NB}",
        f"Ada Lovelace - {NB}",
        f"a,b/{NB}",
        f"-rf/{NB}",
        f"{'a' * 65}/{NB}",
        NB,
    ],
)
def test_without_a_roster_names_and_platforms_numbers_are_questions(nobody, download, path):
    source = download((path, answered()))
    assert len(run(nobody, source).open) == 1
    assert placed(nobody) == {}
    answer(nobody, download="ada")
    run(nobody, source)
    assert where(nobody) == {("ada", SET)}


def test_without_a_roster_a_folder_that_is_there_keeps_its_letters(nobody, download):
    run(nobody, download((f"Ada/{NB}", answered())))
    run(nobody, download((f"ADA/{NB}", answered("again")), when=(2026, 3, 6, 0, 0, 0)))
    assert where(nobody) == {("Ada", SET)}


# ---- a whole class -------------------------------------------------------------------------------------------------

FIRST = ["Ada", "José", "Li", "Zoë", "Anne-Marie", "Søren", "Łukasz", "Đorđe", "Núria", "Ömer"]
LAST = ["Smith", "García Márquez", "O'Neil", "Müller", "Nguyễn", "von der Heide", "Çelik"]


def class_of_40(course, draw):
    """40 people of whom six pairs share a name; their rows."""
    names = [(draw.choice(FIRST), draw.choice(LAST)) for _ in range(200)]
    names = list(dict.fromkeys(names))[:34]
    names += names[:6]
    people = [
        {"id": f"s{n:03}", "first": first, "last": last, "login": f"u_{n:02}", "canvas": 5000 + n, "moodle": 900 - n}
        for n, (first, last) in enumerate(names)
    ]
    rows = "".join("{id},{first},{last},{login},{canvas},{moodle}\n".format(**person) for person in people)
    course.roster_path.write_text(f"id,first_name,last_name,login,canvas,moodle:{SET}\n{rows}", encoding="utf-8")
    return people


def canvas_path(person):
    squashed = re.sub(r"\W", "", (person["last"] + person["first"]).casefold())
    return f"{squashed}_{person['canvas']}_{7 * person['canvas']}_{NB}"


CLASS = {
    "Canvas": canvas_path,
    "Moodle": lambda p: f"{p['first']} {p['last']}_{p['moodle']}_assignsubmission_file/{NB}",
    "Moodle, blind": lambda p: f"Participant_{p['moodle']}_assignsubmission_file_{NB}",
    "Blackboard": lambda p: f"Problem set_5_{p['login']}_attempt_2026-03-05-23-05-01_{NB}",
    "folders by id": lambda p: f"{p['id']}/{NB}",
    "folders by login": lambda p: f"all/{p['login']}/{SET}/{NB}",
}


@pytest.mark.parametrize("form", CLASS)
@pytest.mark.parametrize("seed", range(3))
def test_in_a_class_with_people_of_one_name_every_file_is_its_own_persons(course, download, form, seed):
    draw = random.Random(seed)
    people = class_of_40(course, draw)
    entries = [(CLASS[form](person), f"{person['id']}".encode()) for person in people]
    draw.shuffle(entries)
    report = run(course, download(*entries), assignment=SET)
    assert placed(course) == {(person["id"], SET, ".ipynb"): person["id"].encode() for person in people}
    assert (report.exit_code, report.missing) == (0, [])


@pytest.mark.parametrize("seed", range(3))
def test_by_names_alone_people_of_one_name_are_questions_and_nobody_gets_anothers_file(course, download, seed):
    draw = random.Random(seed)
    people = class_of_40(course, draw)
    entries = [(f"{n}/{p['last']}, {p['first']} - {NB}", p["id"].encode()) for n, p in enumerate(people, 7000)]
    draw.shuffle(entries)
    report = run(course, download(*entries), assignment=SET)
    assert placed(course) == {(person["id"], SET, ".ipynb"): person["id"].encode() for person in people[6:34]}
    assert len(report.open) == 12
    assert len(report.missing) == 12
    for question in report.open:
        assert len(question.suggestions.split(", ")) == 2


# ---- which problem set ---------------------------------------------------------------------------------------------


def test_a_notebook_is_what_stands_in_it_whatever_its_name_or_the_option_says(course, download):
    source = download(
        (f"ada/{OTHER}.ipynb", answered()), ("bob/x.ipynb", answered("b", QUICK)), (f"zoe/{NB}", answered())
    )
    report = run(course, source, assignment=OTHER)
    assert where(course) == {("ada", SET), ("bob", QUICK), ("zoe", SET)}
    said = {one.student: " ".join(one.said) for one in report.outcomes}
    assert said["ada"] == f"It is {SET} by what stands in it, not {OTHER} (--assignment)."
    assert said["bob"] == f"It is {QUICK} by what stands in it, not {OTHER} (--assignment)."
    report = run(course, download((f"007/{OTHER}.ipynb", answered())))
    assert report.outcomes[0].said == (f"It is {SET} by what stands in it, though its name says {OTHER}.",)


@pytest.mark.parametrize(
    ("name", "data"),
    [(NB, b"not json"), (NB, b""), ("PS 5 final.ipynb", b"\xff\xfe"), (NB, b'{"nbformat": 4, "cells": []}')],
)
def test_what_cannot_be_read_is_placed_by_its_name_so_that_a_person_looks_at_it(course, download, name, data):
    report = run(course, download((f"ada/{name}", data)))
    assert placed(course) == {("ada", SET, ".ipynb"): data}
    assert report.outcomes[0].said[0].startswith(f"Taken for {SET} by name: ")


def test_one_archive_may_hold_several_problem_sets_of_one_person(course, download):
    run(course, download((f"ada/{NB}", answered()), ("ada/other.ipynb", answered("", OTHER))))
    assert where(course) == {("ada", SET), ("ada", OTHER)}


def test_a_python_file_that_defines_the_functions_is_taken_where_there_is_no_notebook(course, download):
    code = b"def masked_mean(values, mask):\n    return values[mask].mean()\n"
    source = download(
        ("ada/my answers.py", code), (f"bob/{NB}", answered()), ("bob/helper.py", code), ("zoe/torch.py", b"x = 1\n")
    )
    report = run(course, source)
    assert placed(course) == {("ada", SET, ".py"): code, ("bob", SET, ".ipynb"): answered()}
    assert report.refused == [("download.zip/zoe/torch.py", "no notebook is among what was handed in")]


def test_a_notebook_that_nobody_worked_on_is_placed_and_said(course, download):
    report = run(course, download((f"ada/{NB}", answered(how_many=0))))
    assert report.outcomes[0].said == ("Nothing in it differs from what was handed out.",)


# ---- attempts ------------------------------------------------------------------------------------------------------

MONDAY, TUESDAY, WEDNESDAY = ((2026, 3, day, 10, 0, 0) for day in (2, 3, 4))


def kept(course, student="ada", name=SET):
    """Every attempt that is kept, oldest first: (its time, its bytes)."""
    folders = sorted((course.private / "attempts" / name / student).glob("*-*"))
    return [
        (json.loads((one / "attempt.json").read_text())["time"], next(one.glob(f"{name}.*")).read_bytes())
        for one in folders
    ]


def everything(course):
    """Every file of the course but the lock: its bytes, and when they were written."""
    files = [path for path in course.root.rglob("*") if path.is_file() and path.name != "lock"]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_the_same_archive_twice_changes_nothing(course, download):
    source = download((f"ada/{NB}", answered()), (f"bob/{NB}", answered("b")))
    run(course, source)
    before = everything(course)
    report = run(course, source)
    assert everything(course) == before
    assert ([one.status for one in report.outcomes], report.exit_code) == (["already here"] * 2, 0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=["in order", "backwards", "mixed"])
@pytest.mark.parametrize(("keep", "counts"), [("last", 2), ("first", 0)])
def test_in_whatever_order_archives_come_the_attempt_that_counts_is_the_same(course, download, order, keep, counts):
    attempts = [(f"ada/{NB}", answered(day), when) for day, when in zip("MTW", (MONDAY, TUESDAY, WEDNESDAY))]
    for at in order:
        run(course, download(attempts[at], name=f"{at}.zip"), keep=keep)
    assert placed(course) == {("ada", SET, ".ipynb"): attempts[counts][1]}
    assert handed_in(course, "ada") == f"2026-03-0{2 + counts} 10:00:00.000000 UTC"
    assert [data for _, data in kept(course)] == [data for _, data, _ in attempts]


def test_an_older_archive_is_kept_and_said_and_a_newer_one_replaces(course, download):
    run(course, download((f"ada/{NB}", answered("T"), TUESDAY)))
    older = run(course, download((f"ada/{NB}", answered("M"), MONDAY))).outcomes[0]
    assert older.status == "kept"
    assert older.said == (
        "Kept, but the attempt of 2026-03-03 10:00 UTC counts (last one); this one's time is 2026-03-02 10:00 UTC.",
    )
    assert run(course, download((f"ada/{NB}", answered("W"), WEDNESDAY))).outcomes[0].status == "replaced"
    assert len(kept(course)) == 3


def test_the_same_file_in_a_later_download_keeps_its_first_time(course, download):
    """Some platforms write the time of the download into the archive."""
    run(course, download((f"ada/{NB}", answered(), MONDAY)))
    again = run(course, download((f"ada/{NB}", answered(), WEDNESDAY)))
    assert (again.outcomes[0].status, len(kept(course))) == ("already here", 1)
    assert handed_in(course, "ada") == "2026-03-02 10:00:00.000000 UTC"
    run(course, download((f"ada/{NB}", answered(), (2026, 3, 1, 10, 0, 0))))  # an archive that proves it was earlier
    assert handed_in(course, "ada") == "2026-03-01 10:00:00.000000 UTC"


def test_what_is_handed_in_again_after_something_else_is_a_new_attempt(course, download):
    for letter, when in (("A", MONDAY), ("B", TUESDAY), ("A", WEDNESDAY)):
        run(course, download((f"ada/{NB}", answered(letter), when)))
    assert placed(course)["ada", SET, ".ipynb"] == answered("A")
    assert len(kept(course)) == 3
    assert handed_in(course, "ada") == "2026-03-04 10:00:00.000000 UTC"


def test_blackboards_attempts_of_one_download_are_told_apart_by_their_times(course, download):
    paths = [f"PS5_ada01_attempt_2026-03-0{day}-10-00-00_{NB}" for day in (4, 2, 3)]
    report = run(course, download(*((path, answered(path)) for path in paths)))
    assert placed(course) == {("ada", SET, ".ipynb"): answered(paths[0])}
    assert [(one.status, one.file[-50:][:0]) for one in report.outcomes] == [("kept", ""), ("kept", ""), ("placed", "")]
    assert len(kept(course)) == 3
    run(course, download(*((path, answered(path)) for path in paths), name="again.zip"), keep="first")
    assert placed(course) == {("ada", SET, ".ipynb"): answered(paths[1])}


def test_of_two_notebooks_in_one_attempt_the_one_with_answers_is_taken_and_said(course, download):
    report = run(
        course,
        download(
            (f"lovelaceada_3143_1_{NB}", answered("full", how_many=4)),
            (f"lovelaceada_3143_2_{SET}-1.ipynb", answered("empty", how_many=1), WEDNESDAY),
        ),
    )
    assert placed(course) == {("ada", SET, ".ipynb"): answered("full", how_many=4)}
    (said,) = report.outcomes[0].said
    assert said.startswith("One of 2 in this attempt (4 answers are begun in it); not taken: download.zip/lovelace")


def test_of_two_equally_full_the_newer_upload_is_taken(course, download):
    run(
        course,
        download(
            (f"lovelaceada_3143_20_{SET}-1.ipynb", answered("new")), (f"lovelaceada_3143_3_{NB}", answered("old"))
        ),
    )
    assert placed(course) == {("ada", SET, ".ipynb"): answered("new")}


def test_a_newer_python_file_takes_the_notebooks_place_and_the_other_way_round(course, download):
    code = b"def masked_mean(values, mask):\n    return values[mask].mean()\n"
    run(course, download((f"ada/{NB}", answered(), MONDAY)))
    run(course, download(("ada/work.py", code, TUESDAY)))
    assert placed(course) == {("ada", SET, ".py"): code}
    run(course, download((f"ada/{NB}", answered("W"), WEDNESDAY)))
    assert placed(course) == {("ada", SET, ".ipynb"): answered("W")}
    assert len(kept(course)) == 3


# ---- what was there ------------------------------------------------------------------------------------------------


def by_hand(course, data, when, stamped=""):
    folder = course.root / "submitted" / "ada" / SET
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NB).write_bytes(data)
    seconds = datetime(*when, tzinfo=UTC).timestamp()
    os.utime(folder / NB, (seconds, seconds))
    if stamped:
        (folder / "timestamp.txt").write_text(stamped)


def test_a_notebook_that_was_put_there_by_hand_is_kept_before_a_newer_one_takes_its_place(course, download):
    by_hand(course, b"by hand", MONDAY)
    assert run(course, download((f"ada/{NB}", answered(), TUESDAY))).outcomes[0].status == "replaced"
    assert kept(course)[0] == ("2026-03-02T10:00:00+00:00", b"by hand")
    assert placed(course) == {("ada", SET, ".ipynb"): answered()}


def test_an_edit_since_is_kept_and_counts_with_the_time_of_the_handing_in(course, download):
    source = download((f"ada/{NB}", answered(), MONDAY))
    run(course, source)
    by_hand(course, b"repaired", TUESDAY)
    for keep in ("last", "first"):
        assert run(course, source, keep=keep).outcomes[0].status == "already here"
        assert placed(course) == {("ada", SET, ".ipynb"): b"repaired"}
        assert handed_in(course, "ada") == "2026-03-02 10:00:00.000000 UTC"
    assert len(kept(course)) == 2
    run(course, download((f"ada/{NB}", answered("W"), WEDNESDAY)))
    assert placed(course) == {("ada", SET, ".ipynb"): answered("W")}
    assert len(kept(course)) == 3


def test_what_the_exchange_collected_has_the_time_of_its_timestamp(course, download):
    by_hand(course, b"from the exchange", WEDNESDAY, "2026-03-02 09:00:00.000000 UTC")
    run(course, download((f"ada/{NB}", answered(), TUESDAY)))
    assert [time for time, _ in kept(course)] == ["2026-03-02T09:00:00+00:00", "2026-03-03T10:00:00+00:00"]
    assert placed(course) == {("ada", SET, ".ipynb"): answered()}


def stamped(course, text, student="ada"):
    folder = course.root / "submitted" / student / SET
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(text)


def test_a_timestamp_of_another_attempt_gives_way_and_one_of_a_time_that_nobody_knows_is_removed(course, download):
    stamped(course, "2020-01-01 00:00:00 UTC")
    stamped(course, "2020-01-01 00:00:00 UTC", "bob")
    run(course, download((f"ada/{NB}", answered(), TUESDAY)))
    assert handed_in(course, "ada") == "2026-03-03 10:00:00.000000 UTC"
    report = run(course, download((f"bob/{NB}", answered(), (1980, 1, 1, 0, 0, 0))))
    assert not (course.root / "submitted" / "bob" / SET / "timestamp.txt").exists()
    assert report.outcomes[0].said == ("Nobody says when it was handed in: it counts as the oldest and as not late.",)


def test_a_time_that_a_person_wrote_for_an_extension_stays_until_a_newer_attempt_comes(course, download):
    source = download((f"ada/{NB}", answered(), TUESDAY))
    run(course, source)
    stamped(course, "2026-03-01 00:00:00 UTC")
    run(course, source)
    assert handed_in(course, "ada") == "2026-03-01 00:00:00 UTC"
    run(course, download((f"ada/{NB}", answered("M"), MONDAY)))
    assert handed_in(course, "ada") == "2026-03-01 00:00:00 UTC"
    run(course, download((f"ada/{NB}", answered("W"), WEDNESDAY)))
    assert handed_in(course, "ada") == "2026-03-04 10:00:00.000000 UTC"


def test_while_another_command_writes_to_the_course_nothing_is_collected(course, download):
    source = download((f"ada/{NB}", answered()))
    with only_one(course, "run"), pytest.raises(UsageError, match="is in use by `mtl-grade run`"):
        run(course, source)
    assert placed(course) == {}


@pytest.mark.parametrize("what", ["student", "set", "notebook"])
def test_nothing_is_written_through_a_link(course, download, tmp_path, what):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("keep")
    link = {"student": "ada", "set": f"ada/{SET}", "notebook": f"ada/{SET}/{NB}"}[what]
    path = course.root / "submitted" / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(elsewhere / "file" if what == "notebook" else elsewhere)
    report = run(course, download((f"ada/{NB}", answered()), (f"bob/{NB}", answered())))
    assert where(course) >= {("bob", SET)}
    assert "is a link or holds one" in report.refused[0][1]
    assert [path.name for path in elsewhere.iterdir()] == ["file"]
    assert (elsewhere / "file").read_text() == "keep"


# ---- when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "time"),
    [
        (f"PS5_ada01_attempt_2026-03-04-23-05-01_{NB}", "2026-03-04 22:05:01"),
        (f"501-77 - Ada Lovelace - Mar 4, 2026 1105 PM/{NB}", "2026-03-04 22:05:00"),
        (f"501-77 - Ada Lovelace - 4 March 2026 11:05 PM - {NB}", "2026-03-04 22:05:00"),
        (f"501-77 - Ada Lovelace - Mar 4, 2026 1205 AM - {NB}", "2026-03-03 23:05:00"),
        (f"501-77 - Ada Lovelace - 4 mars? 2026 - {NB}", "2026-03-05 21:04:00"),
        (f"inbound/ada+{SET}+2026-03-04 22:05:00 UTC/{NB}", "2026-03-04 22:05:00"),
        (f"inbound/ada+{SET}+2026-03-04 23_05_00/{NB}", "2026-03-04 22:05:00"),
        (f"lovelaceada_3143_207797_{NB}", "2026-03-05 21:04:00"),
    ],
)
def test_the_time_is_the_platforms_on_the_courses_clock_then_the_entrys(course, download, path, time):
    run(course, download((path, answered())), timezone="Europe/Berlin")
    assert handed_in(course, "ada") == f"{time}.000000 UTC"


def test_a_timestamp_beside_the_notebook_is_its_time(course, download):
    stamps = {"ada": "2026-03-01 10:00:00.5 UTC", "bob": "2026-03-01 10:00:00 +0200", "zoe": "no time at all"}
    files = [(f"submitted/{who}/{SET}/timestamp.txt", text) for who, text in stamps.items()]
    run(course, download(*files, *((f"submitted/{who}/{SET}/{NB}", answered(who)) for who in stamps)))
    assert [handed_in(course, who)[:22] for who in stamps] == [
        "2026-03-01 10:00:00.50",
        "2026-03-01 08:00:00.00",
        "2026-03-05 22:04:00.00",
    ]


def test_a_folder_has_its_files_times(course, tmp_path):
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / NB).write_bytes(answered())
    os.utime(tmp_path / "in" / "ada" / NB, (1_772_748_302, 1_772_748_302))
    run(course, tmp_path / "in")
    assert handed_in(course, "ada") == "2026-03-05 22:05:02.000000 UTC"


def test_late_is_kept_and_a_late_that_the_due_date_does_not_know_is_said(course, download):
    dated(course, SET, "2026-03-06 00:00:00.000000")
    source = download(
        (f"lovelaceada_LATE_3143_1_{NB}", answered()), (f"smithbob_LATE_3144_2_{NB}", answered(), (2026, 3, 7, 0, 0, 0))
    )
    report = run(course, source)
    said = {one.student: (one.late, one.said) for one in report.outcomes}
    assert said["ada"] == (
        True,
        ("Canvas says LATE, but 2026-03-05 22:04 is before the due date 2026-03-06 00:00 (UTC).",),
    )
    assert said["bob"] == (True, ())
    assert all(" LATE" in line for line in report.lines() if line.startswith("placed"))
    assert [one["late"] for one in report.to_dict()["placed"]] == [True, True]


def test_who_is_not_late_for_canvas_is_not_made_late_by_the_time_of_the_download(course, download):
    dated(course, SET, "2026-03-01 00:00:00.000000")
    report = run(course, download((f"lovelaceada_3143_1_{NB}", answered()), (f"bob/{NB}", answered("b"))))
    assert handed_in(course, "ada") == "2026-03-01 00:00:00.000000 UTC"
    assert handed_in(course, "bob") == "2026-03-05 22:04:00.000000 UTC"
    assert report.said[0].startswith("Canvas's archive has the time of the download")
    run(course, download((f"lovelaceada_3143_1_{NB}", answered()), when=(2026, 3, 9, 0, 0, 0)))
    assert handed_in(course, "ada") == "2026-03-01 00:00:00.000000 UTC"


def test_a_time_in_the_future_is_said(course, download):
    report = run(course, download((f"ada/{NB}", answered(), (2027, 1, 1, 0, 0, 0))))
    assert report.outcomes[0].said == ("Its time 2027-01-01 00:00 UTC is in the future: a clock was wrong.",)


# ---- what is left out ------------------------------------------------------------------------------------------------


def test_what_programs_and_systems_made_is_left_out_and_counted(course, download):
    report = run(
        course,
        download(
            (f"ada/{NB}", answered()),
            (f"__MACOSX/ada/._{NB}", b"x"),
            (f"ada/._{NB}", b"x"),
            (f"ada/.ipynb_checkpoints/{SET}-checkpoint.ipynb", answered("old", how_many=9)),
            ("ada/.DS_Store", b"x"),
            ("ada/Thumbs.db", b"x"),
            (f"ada/.git/{NB}", b"x"),
            (f"ada/env/lib/python3.11/site-packages/x/{NB}", b"x"),
            (f"ada/.venv/{NB}", b"x"),
            ("ada/notes.txt", b"x"),
            ("README.md", b"x"),
        ),
    )
    assert placed(course) == {("ada", SET, ".ipynb"): answered()}
    assert (report.exit_code, report.refused, sum(report.ignored.values())) == (0, [], 10)


def test_who_handed_in_something_that_is_no_notebook_is_named(course, download):
    report = run(
        course,
        download(
            ("lovelaceada_3143_207797_essay.docx", b"x"),
            ("lovelaceada_3143_207798_notes.pdf", b"x"),
            ("smithbob_3144_text.html", b"x"),
            (f"obrienzoe_3149_3_{NB}", answered()),
            ("obrienzoe_3149_4_notes.pdf", b"x"),
            ("index.html", b"x"),
        ),
    )
    why = "no notebook is among what was handed in"
    assert report.refused == [
        ("download.zip/lovelaceada_3143_207797_essay.docx and 1 more", why),
        ("download.zip/smithbob_3144_text.html", why),
    ]
    assert (where(course), report.exit_code) == ({("zoe", SET)}, 1)
    assert ("ada", SET) in report.missing


def test_a_copy_of_a_whole_course_is_collected_from_submitted_only(course, download):
    files = [(f"course/{folder}/ada/{SET}/{NB}", answered(folder, how_many=9)) for folder in ("autograded", "feedback")]
    run(
        course,
        download((f"course/submitted/ada/{SET}/{NB}", answered()), *files, (f"course/release/{SET}/{NB}", answered())),
    )
    assert placed(course) == {("ada", SET, ".ipynb"): answered()}


def test_odd_entries_are_named_with_their_letters_made_visible_and_the_others_taken(course, tmp_path):
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in (f"../../bob/{NB}", f"/etc/{NB}", f"C:\\bob\\{NB}", f"a\x1b[31m\u202e/../{NB}"):
            file.writestr(name, answered())
        link = zipfile.ZipInfo(f"bob/{NB}")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
        file.writestr(f"zoe/{NB}", b" " * 11 * 2**20)
        file.writestr(f"a\x1b[2J\u202ebc/{NB}", answered("odd"))
        file.writestr(f"ada/{NB}", answered())
    report = run(course, path)
    assert where(course) == {("ada", SET)}
    outside = "a path that leads out of the folder"
    assert report.refused == [
        (f"odd.zip/../../bob/{NB}", outside),
        (f"odd.zip//etc/{NB}", outside),
        (f"odd.zip/C:/bob/{NB}", outside),
        (f"odd.zip/a\\x1b[31m\\u202e/../{NB}", outside),
        (f"odd.zip/bob/{NB}", "a link or a device, not a file"),
        (f"odd.zip/zoe/{NB}", "it would unpack to 1028 times its size"),
    ]
    assert [question.file for question in report.open] == [f"odd.zip/a\\x1b[2J\\u202ebc/{NB}"]
    assert not any(one in line for line in report.lines() for one in "\x1b\u202e")
    assert report.exit_code == 1


def test_two_entries_of_one_name_are_two_notebooks_of_one_attempt(course, download):
    with pytest.warns(UserWarning, match="Duplicate name"):
        source = download((f"ada/{NB}", answered("less", how_many=1)), (f"ada/{NB}", answered("more", how_many=5)))
    run(course, source)
    assert placed(course) == {("ada", SET, ".ipynb"): answered("more", how_many=5)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing.zip", "There is no "),
        ("work.rar", "unpack it and give the folder"),
        ("work.7z", "unpack it and give the folder"),
        ("work.tar.gz", "unpack it and give the folder"),
        ("work.zip", "neither a folder nor a zip archive that can be read: it is no zip archive"),
        ("empty", "holds no files"),
        ("empty.zip", "holds no files"),
    ],
)
def test_a_source_that_is_none_is_one_sentence(course, tmp_path, name, said):
    (tmp_path / "empty").mkdir()
    zipped(tmp_path / "empty.zip")
    if name.startswith("work"):
        (tmp_path / name).write_bytes(b"Rar!")
    with pytest.raises(UsageError, match=said):
        run(course, tmp_path / name)


def test_several_sources_are_one_run_and_single_files_are_sources(course, download, tmp_path):
    (tmp_path / "Ada Lovelace - ps05.ipynb").write_bytes(answered())
    run(course, download((f"bob/{NB}", answered("b"))), tmp_path / "Ada Lovelace - ps05.ipynb")
    assert where(course) == {("ada", SET), ("bob", SET)}
    attempt = json.loads(next(course.private.glob(f"attempts/{SET}/ada/*/attempt.json")).read_text())
    assert (attempt["source"], attempt["original"]) == ("Ada Lovelace - ps05.ipynb", "Ada Lovelace - ps05.ipynb")


# ---- the report ------------------------------------------------------------------------------------------------------


def test_who_handed_in_nothing_is_missing(course, download):
    report = run(course, download((f"ada/{NB}", answered())))
    assert report.missing == [(who, SET) for who in ("bob", "juergen", "john1", "john2", "007", "zoe")]
    assert f"missing: {SET}: bob, juergen, john1, john2, 007, zoe" in list(report.lines())


def test_a_table_of_open_questions_is_safe_and_a_damaged_memory_is_said(course, download):
    run(course, download((f"=HYPERLINK(1)/{NB}", answered()), name="=x.zip"))
    text = (course.root / questions.FILE).read_bytes().decode("utf-8-sig")
    assert "\r\n'=x.zip/=HYPERLINK(1)" in text
    assert table(course)[0].file.startswith("=x.zip/=HYPERLINK(1)")
    (course.private / "matches.json").write_text("{")
    with pytest.raises(UsageError, match=r"matches\.json is damaged"):
        run(course, download((f"ada/{NB}", answered())))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), min_size=1, max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_path_is_each_file_is_placed_for_a_person_of_the_roster_or_named(course, tmp_path, parts):
    path = "/".join([*parts, NB])
    try:
        source = zipped(tmp_path / "any.zip", (path, answered("x")))
    except (ValueError, struct.error):
        return
    shutil.rmtree(course.root / "submitted", ignore_errors=True)
    report = run(course, source)
    ids = {person.id for person in Course.open(course.root).roster}
    assert {student for student, _ in where(course)} <= ids
    assert len(report.outcomes) + len(report.open) + len(report.refused) + sum(report.ignored.values()) == 1
    assert not list(tmp_path.parent.glob(f"*/{NB}"))


# ---- what a student may write into a name ----------------------------------------------------------------------------


FORGED = {
    "Canvas, a Blackboard name": f"lovelaceada_3143_1_x_smi_02_attempt_2026-03-05-23-05-01_{NB}",
    "Canvas, a Moodle name": f"lovelaceada_3143_1_Bob Smith_1202_assignsubmission_file_{NB}",
    "Canvas, an exchange's name": f"lovelaceada_3143_1_x+{SET}+2020-01-01 00_00_00 UTC/{NB}",
    "Canvas, another Canvas name": f"lovelaceada_3143_1_smithbob_3144_2_{NB}",
    "Blackboard, another's": f"PS5_ada01_attempt_2026-03-05-22-04-00_x_smi_02_attempt_2020-03-05-23-05-01_{NB}",
    "Moodle, another's": f"Ada Lovelace_1201_assignsubmission_file/Bob Smith_1202_assignsubmission_file/{NB}",
    "Moodle, flat, another's": f"Ada Lovelace_1201_assignsubmission_file_Bob_1202_assignsubmission_file_{NB}",
}
HONEST = {
    "Canvas": f"obrienzoe_3149_9_{NB}",
    "Blackboard": f"PS5_obr07_attempt_2026-03-05-22-04-00_{NB}",
    "Moodle": f"Zoe OBrien_1207_assignsubmission_file/{NB}",
}


@pytest.mark.parametrize(("form", "path"), FORGED.items(), ids=FORGED.keys())
def test_a_file_that_is_called_like_anothers_download_stays_its_senders(course, download, form, path):
    honest = HONEST[form.partition(",")[0]]
    receipt = "PS5_ada01_attempt_2026-03-05-22-04-00_x_smi_02_attempt_2020-03-05-23-05-01.txt"
    run(course, download((path, answered()), (honest, answered("z")), (receipt, b"Name: Bob Smith (smi_02)\n")))
    assert {who for who, _ in where(course)} - {"zoe"} <= {"ada"}
    if "exchange" not in form:
        assert handed_in(course, "ada") == "2026-03-05 22:04:00.000000 UTC"


@pytest.mark.parametrize(
    "inner",
    [
        f"smithbob_3144_1_{NB}",
        f"submitted/bob/{SET}/{NB}",
        f"bob/{SET}/{NB}",
        f"bob+{SET}+2026-03-05 22:05:00 UTC/{NB}",
    ],
)
@pytest.mark.parametrize(
    "outer", ["ada", "Ada Lovelace", "ada.zip", "ps05-missing-labels-countess", "hw-countess-main"]
)
def test_what_lies_in_ones_own_folder_is_never_anothers(course, download, tmp_path, inner, outer):
    if outer.endswith(".zip"):
        entry = (outer, zipped(tmp_path / "inner.zip", (inner, answered())).read_bytes())
    else:
        entry = (f"{outer}/{inner}", answered())
    report = run(course, download(entry, (f"zoe/{NB}", answered("z"))))
    assert "bob" not in {who for who, _ in where(course)}
    assert ("zoe", SET) in where(course)
    assert ("ada", SET) in where(course) or "fits several people" in report.open[0].why


def test_the_times_in_a_students_own_zip_are_not_believed(course, tmp_path, download):
    early = (2026, 1, 1, 0, 0, 0)
    inner = zipped(tmp_path / "inner.zip", (NB, answered()), when=early).read_bytes()
    run(course, download(("lovelaceada_3143_1_work.zip", inner), ("bob/work.zip", inner), (f"zoe/{NB}", answered())))
    assert {handed_in(course, who) for who in ("ada", "bob", "zoe")} == {"2026-03-05 22:04:00.000000 UTC"}
    (tmp_path / "in" / "juergen").mkdir(parents=True)
    (tmp_path / "in" / "juergen" / "work.zip").write_bytes(inner)
    os.utime(tmp_path / "in" / "juergen" / "work.zip", (1_772_748_302, 1_772_748_302))
    run(course, tmp_path / "in")
    assert handed_in(course, "juergen") == "2026-03-05 22:05:02.000000 UTC"


def test_a_download_in_an_archive_of_ones_own_keeps_its_times(course, tmp_path, download):
    inner = zipped(
        tmp_path / "i.zip", (f"lovelaceada_3143_1_{NB}", answered()), (f"smithbob_3144_2_{NB}", answered("b"))
    )
    run(course, download(("ps05 submissions.zip", inner.read_bytes()), when=(2026, 3, 19, 0, 0, 0)))
    assert {handed_in(course, who) for who in ("ada", "bob")} == {"2026-03-05 22:04:00.000000 UTC"}


@pytest.mark.parametrize("path", [f"ada/{SET}", f"ada/submitted/ada/{SET}", "ada", "lovelaceada_3143_1_work"])
def test_a_timestamp_that_a_student_packed_is_not_believed(course, download, path):
    stamp = (f"{path}/timestamp.txt", b"2020-01-01 00:00:00 UTC")
    run(course, download((f"{path}/{NB}", answered()), stamp, (f"zoe/{NB}", answered())))
    assert handed_in(course, "ada") == "2026-03-05 22:04:00.000000 UTC"


HOSTILE = "a\x1b[2J\x07\u202eb"


@pytest.mark.parametrize(
    "path",
    [
        f"{HOSTILE}_9999_1_{NB}",
        f"{HOSTILE}_3143_1_{NB}",
        f"Group {HOSTILE}_17_assignsubmission_file/{NB}",
        f"{HOSTILE}_17_assignsubmission_file/{NB}",
        f"PS_{HOSTILE}_attempt_2026-03-05-23-05-01_{NB}",
        f"1-2 - {HOSTILE} - Mar 5, 2026 208 PM/{NB}",
        f"{HOSTILE}/{NB}",
        f"ada/{HOSTILE}.ipynb",
        f"ada/{HOSTILE}.pdf",
        f"ada/{HOSTILE}.py",
        f"../{HOSTILE}.ipynb",
        HOSTILE,
    ],
)
def test_no_name_can_move_a_cursor_in_report_table_or_json(course, download, path):
    report = run(course, download((path, answered())))
    text = "\n".join(report.lines()) + (course.root / questions.FILE).read_text() if report.open else ""
    text += json.dumps(report.to_dict(), ensure_ascii=False)
    text += "".join(note.read_text() for note in course.private.glob("attempts/*/*/*/attempt.json"))
    assert not any(one in text for one in "\x1b\x07\u202e")
