"""Moodle: numbers that hold for one assignment, headings in the site's language, and an import that skips silently."""

import pytest

from autograder.desk.platforms.moodle import MoodleGradebook, MoodleWorksheet, participant
from autograder.desk.platforms.sheet import Sheet
from autograder.grading.roster import Person
from tests.autograder.desk.platforms.files import MOODLE_GRADEBOOK, worksheet
from tests.autograder.desk.platforms.importers import into_moodle_gradebook, into_moodle_worksheet

languages = pytest.mark.parametrize("language", ["en", "de", "fr"])
SERVER = {"1201": None, "1202": None, "1203": None}


@languages
def test_a_worksheet_gives_numbers_under_its_assignment(language):
    people = MoodleWorksheet().people(Sheet.read(worksheet(language)), "ps05")
    assert [one.keys for one in people] == [
        {"moodle:ps05": "1201", "sis": "S1001"},
        {"moodle:ps05": "1202", "sis": "00712"},
        {"moodle:ps05": "1203", "sis": "S1003"},
    ]
    assert [(one.first_name, one.last_name, one.email) for one in people][1] == ("Jürgen", "Müller", "jm@u.edu")


@languages
def test_moodle_takes_a_filled_worksheet_and_nothing_else_changed(language):
    moodle, sheet = MoodleWorksheet(), Sheet.read(worksheet(language, grades={"00712": "12.50"}))
    (column,) = moodle.columns(sheet)
    assert moodle.fill(sheet, 1, column, 51.5)
    assert not moodle.fill(sheet, 2, column, 12.5)
    assert moodle.most(sheet, 1, column) == 60.0
    assert sheet.data() == worksheet(language, grades={"S1001": "51.50", "00712": "12.50"})
    server = {**SERVER, "1202": 12.5}
    assert into_moodle_worksheet(sheet.data(), server, language) == {"1201": 51.5, "1202": 12.5, "1203": None}


@languages
def test_a_locked_grade_is_said(language):
    moodle, sheet = MoodleWorksheet(), Sheet.read(worksheet(language, locked=("S1001",)))
    (column,) = moodle.columns(sheet)
    assert "is locked there" in moodle.refuses(sheet, 1, column)
    assert moodle.refuses(sheet, 2, column) == ""


def test_a_worksheet_that_is_graded_in_words_takes_no_points():
    sheet = Sheet.read(worksheet("de").replace(b"Bestwertung", b"Skala"))
    assert MoodleWorksheet().recognises(sheet)
    assert MoodleWorksheet().columns(sheet) == []


def test_moodle_would_skip_what_is_above_its_maximum_or_locked_without_a_word():
    data = worksheet(grades={"S1001": "61.00", "00712": "5.00", "S1003": "7.00"})
    assert into_moodle_worksheet(data, SERVER, locked=("1202",)) == {"1201": None, "1202": None, "1203": 7.0}


@pytest.mark.parametrize(
    ("said", "number"), [("Participant 1201", "1201"), ("Teilnehmer/in1201", "1201"), ("1201", "1201"), ("x 1 2", "")]
)
def test_a_participant_is_a_number_behind_a_word(said, number):
    assert participant(said) == number


def test_the_gradebooks_export_has_people_and_real_marks():
    sheet = Sheet.read(MOODLE_GRADEBOOK)
    gradebook = MoodleGradebook()
    assert [(one.id, one.email) for one in gradebook.people(sheet)] == [("S1001", "ada@u.edu"), ("00712", "jm@u.edu")]
    (column,) = gradebook.columns(sheet)
    assert column.title == "Problem set 5"
    assert gradebook.fill(sheet, 1, column, 51.5)
    assert sheet.data() == MOODLE_GRADEBOOK.replace(b"ada@u.edu,-", b"ada@u.edu,51.50")


def test_the_gradebooks_export_may_be_german_or_french():
    german = 'Vorname,Nachname,ID-Nummer,E-Mail-Adresse,"Aufgabe: Übungsblatt 5 (Punkte)","Kurs gesamt (%)"\n'
    french = 'Prénom,"Nom de famille","Numéro d\'identification","Adresse de courriel","Devoir: Feuille 5 (Brut)"\n'
    for head, title in ((german, "Übungsblatt 5"), (french, "Feuille 5")):
        sheet = Sheet.read((head + "Ada,Lovelace,S1,a@u.edu,\n").encode())
        assert MoodleGradebook().recognises(sheet)
        assert [column.title for column in MoodleGradebook().columns(sheet)] == [title]
        assert MoodleGradebook().people(sheet)[0].keys == {"sis": "S1"}


def test_moodles_gradebook_takes_the_least_form():
    people = [Person("ada", "Ada", "Lovelace", "ada@u.edu"), Person("jm", email="jm@u.edu", more={"sis": "00712"})]
    titles = {"ps05": ("Problem set 5", 60.0), "ps06": ("Problem set 6", 30.0)}
    made = MoodleWorksheet().minimal(people, titles, {("ada", "ps05"): 51.5, ("jm", "ps06"): 0.0})
    assert into_moodle_gradebook(made.sheet.data(), "Problem set 5", "Email address") == {"ada@u.edu": 51.5}
    assert into_moodle_gradebook(made.sheet.data(), "Problem set 6", "ID number") == {"00712": 0.0}
    assert "can no longer be edited in the assignment" in made.notes[0]


def test_with_one_assignments_numbers_the_least_form_is_a_worksheet():
    people = [Person("ada", "Ada", "Lovelace", more={"moodle:ps05": "1201"}), Person("jm")]
    made = MoodleWorksheet().minimal(people, {"ps05": ("Problem set 5", 60.0)}, {("ada", "ps05"): 51.5})
    assert into_moodle_worksheet(made.sheet.data(), SERVER) == {"1201": 51.5, "1202": None, "1203": None}
    assert "1 of 2 people have no participant number" in made.notes[1]
