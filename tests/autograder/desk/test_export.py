"""``mtl-grade export``: our cells alone change, on the right person, and what is not known is asked."""

import csv
import json

import pytest

from autograder.desk import export as exporting
from autograder.desk.export import KEYS, Choice, assignments_in, export, heading_of, pair, rows_of
from autograder.grading.course import Course
from autograder.grading.roster import Person, Roster
from autograder.results import UsageError
from tests.autograder.conftest import NAME
from tests.autograder.desk.platforms.files import (
    BLACKBOARD_CSV,
    BRIGHTSPACE,
    CANVAS,
    MOODLE_GRADEBOOK,
    worksheet,
)
from tests.autograder.desk.platforms.importers import (
    into_blackboard,
    into_brightspace,
    into_canvas,
    into_moodle_gradebook,
    into_moodle_worksheet,
)

SETS = {"ps05_masks": 60.0, "qt05_masks": 7.0, "ps06_clicks": 30.0}
CLASS = (
    Person("S1001", "Ada", "Lovelace", "ada@u.edu", "ada01", {"canvas": "3143", f"moodle:{NAME}": "1201"}),
    Person("00712", "Jürgen", "Müller", "jm@u.edu", "mul02", {"canvas": "3144", f"moodle:{NAME}": "1202"}),
    Person("S1003", "Eve", "=Evil", "", "", {"canvas": "3145", f"moodle:{NAME}": "1203"}),
    Person("S1004", "John", "Smith"),
)


def row(student, assignment, score, status="graded"):
    most = SETS[assignment]
    return {
        "student": student, "assignment": assignment, "score": score, "max_score": most, "raw_score": score,
        "late_penalty": 0.0, "status": status, "something": "else",
    }  # fmt: skip


@pytest.fixture
def class_(course, monkeypatch):
    """Four people, three assignments, and marks that the test may change."""
    intro = "# Problem set 5"
    original = (course.root / "source" / NAME / f"{NAME}.ipynb").read_text()
    titles = {NAME: "Problem set 5: masks", "qt05_masks": "Quick test 5: masks", "ps06_clicks": "Problem set 6: clicks"}
    for name, title in titles.items():
        folder = course.root / "source" / name
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.ipynb").write_text(original.replace(intro, f"# {title}"))
    Roster.of(CLASS).write(course.roster_path)
    course = Course.open(course.root)
    course.given = [
        row("S1001", NAME, 51.5),
        row("00712", NAME, None, "needs marking"),
        row("S1003", NAME, 12.25),
        row("S1004", NAME, None, "not handed in"),
        row("S1001", "qt05_masks", 5.0),
    ]

    def marks(course, students=(), assignments=()):
        kept = [one for one in course.given if not assignments or one["assignment"] in assignments]
        return [one for one in kept if not students or one["student"] in students]

    monkeypatch.setattr(exporting, "marks", marks)
    return course


@pytest.fixture
def filled(class_, tmp_path):
    """Fill a platform's file; give back what was said and the bytes."""

    def command(form, data, **more):
        like = tmp_path / "like.csv"
        like.write_bytes(data if isinstance(data, bytes) else data.encode())
        done = export(class_, form, Choice(**more), like)
        return done, done.path.read_bytes()

    return command


def lines(done):
    return [list(one) for one in csv.reader(done.path.read_text().splitlines())]


# ---- rows ------------------------------------------------------------------------------------------------------


def test_as_json_there_is_one_row_a_submission_with_exactly_these_keys(class_):
    rows = rows_of(class_, Choice())
    assert {tuple(one) for one in rows} == {KEYS}
    assert [(one["student"], one["score"], one["status"]) for one in rows][:2] == [
        ("S1001", 51.5, "graded"),
        ("00712", None, "needs marking"),
    ]
    chosen = rows_of(class_, Choice(assignments=("qt05_masks",), students=("S1001",)))
    assert [one["score"] for one in chosen] == [5.0]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(assignments=("ps99",)), "--assignment must be one of .*got 'ps99'"),
        (Choice(students=("nobody",)), "--student must be the id of somebody in roster.csv; got 'nobody'"),
    ],
)
def test_nobodys_marks_are_refused(class_, choice, said):
    with pytest.raises(UsageError, match=said):
        rows_of(class_, choice)


def test_the_real_gradebook_gives_these_keys(course):
    assert rows_of(course, Choice()) == []


# ---- our own table ---------------------------------------------------------------------------------------------


def test_the_table_has_a_row_a_student_and_a_column_an_assignment(class_):
    done = export(class_, "csv")
    assert done.path == class_.root / "marks.csv"
    assert lines(done) == [
        ["student", "first_name", "last_name", "email", NAME, "qt05_masks",
         "points", "of", "percent", "quick_tests_passed", "quick_tests", "waiting", "dropped"],
        ["S1001", "Ada", "Lovelace", "ada@u.edu", "51.5", "5", "56.5", "67", "84.33", "1", "1", "0", ""],
        ["00712", "Jürgen", "Müller", "jm@u.edu", "", "not handed in", "", "", "", "0", "0", "1", ""],
        ["S1003", "Eve", "'=Evil", "", "12.25", "not handed in", "12.25", "60", "20.42", "0", "0", "0", ""],
        ["S1004", "John", "Smith", "", "not handed in", "not handed in", "0", "60", "0", "0", "0", "0", ""],
    ]  # fmt: skip
    assert done.path.stat().st_mode & 0o077 == 0
    assert done.lines("csv", None) == [f"4 rows in {done.path}"]


def test_the_table_follows_the_courses_weights(class_):
    with (class_.root / "nbgrader_config.py").open("a") as config:
        config.write('c.MtlGrade.weights = {"qt": 1}\n')
    assert lines(export(class_, "csv"))[1][8] == "71.43"


def test_the_table_can_be_of_one_student_and_assignment(class_):
    table = lines(export(class_, "csv", Choice(assignments=(NAME,), students=("S1003",))))
    assert [one[:5] for one in table] == [
        ["student", "first_name", "last_name", "email", NAME],
        ["S1003", "Eve", "'=Evil", "", "12.25"],
    ]


def test_the_table_can_have_a_column_for_each_exercise(class_, monkeypatch):
    cells = {("S1001", NAME): {"why-masking": None, "masked_mean": 9.0, "an_old_one": 1.5}}
    monkeypatch.setattr(exporting, "cell_marks", lambda course, names: cells)
    table = lines(export(class_, "csv", Choice(assignments=(NAME,), by_exercise=True)))
    assert table[0][4:8] == [NAME, f"{NAME}: masked_mean", f"{NAME}: why-masking", f"{NAME}: an_old_one"]
    assert table[1][4:8] == ["51.5", "9", "", "1.5"]


def test_a_part_of_the_marks_is_never_written_over_all_of_them(class_):
    export(class_, "csv")
    whole = (class_.root / "marks.csv").read_bytes()
    for choice, name in [
        (Choice(assignments=(NAME,)), f"marks_{NAME}.csv"),
        (Choice(assignments=(NAME, "qt05_masks")), f"marks_{NAME}_qt05_masks.csv"),
        (Choice(students=("S1001",)), "marks_S1001.csv"),
        (Choice(assignments=(NAME,), students=("S1001",)), f"marks_{NAME}_S1001.csv"),
    ]:
        assert export(class_, "csv", choice).path.name == name
    assert (class_.root / "marks.csv").read_bytes() == whole
    assert export(class_, "canvas", Choice(assignments=(NAME,))).path.name == f"marks-canvas_{NAME}.csv"


def test_many_names_give_a_file_that_a_disk_takes_and_other_names_another_one(class_):
    names = [f"{number:07}" for number in range(60)]
    class_.given += [row(name, NAME, 1.0) for name in names]
    Roster.of([Person(name) for name in names]).write(class_.roster_path)
    paths = [export(class_, "csv", Choice(students=tuple(chosen))).path for chosen in (names, names[:-1])]
    assert paths[0] != paths[1]
    assert all(len(path.name) < 200 for path in paths)


def test_it_is_said_which_assignments_a_file_no_longer_holds(class_, tmp_path):
    to = tmp_path / "mine.csv"
    assert export(class_, "csv", to=to).notes == []
    done = export(class_, "csv", Choice(assignments=(NAME,)), to=to)
    assert done.notes == ["mine.csv held qt05_masks too; the new one does not."]
    assert done.notes[0] in done.lines("csv", None)
    assert export(class_, "csv", Choice(assignments=(NAME,)), to=to).notes == []
    to.write_bytes(b"\x00")
    assert export(class_, "csv", to=to).notes == []


def test_who_has_marks_and_no_row_in_the_roster_is_there_too(class_):
    Roster.of(CLASS[:1]).write(class_.roster_path)
    assert [one[0] for one in lines(export(class_, "csv"))] == ["student", "S1001", "00712", "S1003", "S1004"]


# ---- filling ---------------------------------------------------------------------------------------------------

CANVAS_IDS = {str(number): str(number) for number in (3143, 3144, 3145, 3146, 3147, 3999)}


def test_a_canvas_export_gets_our_cells_and_keeps_every_other_byte(filled):
    done, data = filled("canvas", CANVAS.replace("EX,", ",", 1))
    wanted = CANVAS.replace("EX,", "12.25,", 1).replace("Section A,,5.00", "Section A,51.50,5.00")
    assert data == wanted.encode()
    assert (done.filled, done.unchanged, done.path.name) == (2, 1, "marks-canvas.csv")
    assert done.columns == {"Problem set 5 (88123)": NAME, "Quick test 5 (88124)": "qt05_masks"}
    given = into_canvas(data, {"88123": "", "88124": ""}, {"id": CANVAS_IDS, "sis": {}, "login": {}})
    assert given["3143", "88123"] == 51.5
    assert given["3145", "88123"] == 12.25


def test_what_waits_or_is_excused_keeps_what_stands_there_and_is_said(filled):
    done, data = filled("canvas", CANVAS)
    assert b"EX" in data and b"12.00" in data  # noqa: PT018
    assert "S1003 (Eve =Evil) is excused there (EX), which a mark would undo; left as it is." in done.notes
    assert "00712 (Jürgen Müller-Lüdenscheidt): needs marking; the cell keeps 12.00, which was there." in done.notes
    assert "Not in roster.csv, left as they are: John Smith." in done.notes


def test_what_is_decided_by_nobody_stays_blank(class_, filled):
    class_.given = [row("S1001", NAME, None, "for review"), row("00712", NAME, None, "not handed in")]
    done, data = filled("canvas", CANVAS)
    assert data == CANVAS.encode()
    assert "1 left blank until a person decides: `mtl-grade status` names them." in done.lines("canvas", done.path)


def test_a_german_canvas_export_keeps_semicolons_and_commas(filled):
    text = (
        '\ufeffStudent;ID;Section;Problem set 5 (88123)\r\n    Points Possible;;;60,00\r\n"Lovelace, Ada";3143;A;\r\n'
    )
    _, data = filled("canvas", text)
    assert data == text.replace("A;\r\n", "A;51,50\r\n").encode()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_worksheet_gets_its_grades_by_participant_number(filled, language):
    _, data = filled("moodle", worksheet(language), assignments=(NAME,))
    assert data == worksheet(language, grades={"S1001": "51.50", "S1003": "12.25"})
    server = {"1201": None, "1202": None, "1203": None}
    assert into_moodle_worksheet(data, server, language) == {"1201": 51.5, "1202": None, "1203": 12.25}


def test_a_worksheet_is_known_by_its_numbers(filled):
    done, _ = filled("moodle", worksheet())
    assert (done.filled, done.path.name) == (2, f"marks-moodle_{NAME}.csv")  # the next set's worksheet is another file


@pytest.mark.parametrize(
    ("data", "more", "said"),
    [
        (
            worksheet(),
            {"assignments": ("ps06_clicks",)},
            f"participant numbers are those of {NAME}, not of ps06_clicks",
        ),
        (
            worksheet(first=1),
            {"assignments": (NAME,)},
            f"not those that roster.csv has for {NAME}; take that assignment's",
        ),
        (worksheet(first=1), {}, "does not say of which assignment; give --assignment"),
        (worksheet(), {"assignments": (NAME, "ps06_clicks")}, "which is of one assignment: give one --assignment"),
    ],
)
def test_another_assignments_worksheet_is_refused(filled, data, more, said):
    with pytest.raises(UsageError, match=said):
        filled("moodle", data, **more)


def test_what_moodle_would_skip_without_a_word_is_said(class_, filled):
    class_.given[0] = row("S1001", NAME, 60.5)
    done, data = filled("moodle", worksheet(locked=("S1003",)))
    assert data == worksheet(locked=("S1003",))
    assert "S1001 (Ada Lovelace) has 60.5 of 60 points; the platform would skip or cut it; left as it is." in done.notes
    assert any("S1003 (Eve Evil) is locked there" in note for note in done.notes)
    assert any("not in like.csv: S1004" in note for note in done.notes)


def test_moodles_gradebook_blackboard_and_brightspace_are_filled(filled):
    _, data = filled("moodle", MOODLE_GRADEBOOK, assignments=(NAME,))
    assert into_moodle_gradebook(data.replace(b",-,", b",,"), "Assignment: Problem set 5 (Real)", "ID number") == {
        "S1001": 51.5
    }
    _, data = filled("blackboard", BLACKBOARD_CSV, assignments=(NAME,))
    assert into_blackboard(data, {"534280", "534283"}) == {("ada01", "534283"): 51.5}
    _, data = filled("brightspace", BRIGHTSPACE, assignments=(NAME,))
    assert into_brightspace(data, {"Problem set 5": 60.0}) == {
        ("ada01", "Problem set 5"): 51.5,
        ("mul02", "Problem set 5"): 12.5,
    }


def test_another_number_of_points_is_refused_or_scaled(filled):
    text = CANVAS.replace("60.00", "100.00")
    with pytest.raises(UsageError, match=r"counts 100 points and ps05_masks has 60; set .* or scale with --scale"):
        filled("canvas", text)
    done, data = filled("canvas", text, scale=True)
    assert b"Section A,85.83,5.00" in data
    assert "ps05_masks: scaled from 60 points to 100." in done.notes


# ---- which column ----------------------------------------------------------------------------------------------

TITLES = {
    "ps05_masks": "Problem set 5: missing labels",
    "qt05_masks": "Quick test 5: missing labels",
    "ps15_more": "Problem set 15: more",
    "hw3_extra": "Extra",
}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("ps05_masks", {"ps05_masks"}),
        ("Week 6: PS05 masks (late)", {"ps05_masks"}),
        ("Problem set 5", {"ps05_masks"}),
        ("Problem Set 05 - Missing Labels", {"ps05_masks"}),
        ("PS5", {"ps05_masks"}),
        ("Übungsblatt 5", {"ps05_masks"}),
        ("Problem set 15", {"ps15_more"}),
        ("Quick test 5", {"qt05_masks"}),
        ("QT 5", {"qt05_masks"}),
        ("Missing labels", {"ps05_masks", "qt05_masks"}),
        ("Quiz: missing labels", {"qt05_masks"}),
        ("Problem set 15: missing labels", {"ps05_masks", "ps15_more"}),
        ("HW 3", {"hw3_extra"}),
        ("Attendance", set()),
        ("Week 5", set()),
        ("5", set()),
    ],
)
def test_a_title_names_an_assignment_by_name_number_or_words(title, names):
    assert assignments_in(title, TITLES) == names


def test_between_two_columns_nobody_guesses_and_the_answer_is_remembered(class_, filled):
    text = CANVAS.replace("Quick test 5 (88124)", "Problem set 5 again (88124)").replace("7.00", "60.00")
    with pytest.raises(UsageError, match=r"ps05_masks can be 'Problem set 5 \(88123\)' or 'Problem set 5 again"):
        filled("canvas", text)
    assert not (class_.private / "columns.json").exists()
    done, data = filled("canvas", text, columns={"Problem set 5 again (88124)": NAME})
    assert b"Section A,,51.50" in data
    assert json.loads((class_.private / "columns.json").read_text()) == {
        "canvas": {"Problem set 5 again (88124)": NAME}
    }
    assert filled("canvas", text)[1] == data
    assert "qt05_masks has no column in like.csv; nothing of it is filled in." in done.notes


def test_a_column_can_be_told_to_be_none_of_ours(filled):
    text = CANVAS.replace("Quick test 5 (88124)", "Problem set 5 again (88124)").replace("7.00", "60.00")
    _, data = filled("canvas", text, columns={"Problem set 5 again (88124)": "-"}, assignments=(NAME,))
    assert b"Section A,51.50,5.00" in data


def test_a_title_that_fits_two_assignments_is_asked(filled):
    with pytest.raises(UsageError, match=r"'Masks \(88123\)' can be ps05_masks or qt05_masks"):
        filled("canvas", CANVAS.replace("Problem set 5 (88123)", "Masks (88123)"))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"Nothing": NAME}, "has no single column 'Nothing'; it has Problem set 5"),
        ({"Problem set 5": "ps99"}, "'ps99' is no assignment"),
    ],
)
def test_a_column_that_is_told_wrongly_is_refused(filled, columns, said):
    with pytest.raises(UsageError, match=said):
        filled("canvas", CANVAS, columns=columns)


def test_a_file_without_our_columns_is_refused(filled):
    text = CANVAS.replace("Problem set 5 (88123)", "Essay (1)").replace("Quick test 5 (88124)", "Talk (2)")
    with pytest.raises(UsageError, match=r"no column is known to be .*; it has Essay \(1\), Talk \(2\); say which"):
        filled("canvas", text)
    with pytest.raises(UsageError, match="without a column for points"):
        filled("blackboard", '"Last Name","Username","Student ID","Availability"\n"L","ada01","S1001","Yes"\n')


def test_an_option_for_a_column_is_a_title_and_a_name():
    assert pair("Sets = all (1)=ps05") == ("Sets = all (1)", "ps05")
    for wrong in ("ps05", "=ps05", "T="):
        with pytest.raises(UsageError, match='--column must be "TITLE=SET"'):
            pair(wrong)


# ---- which row -------------------------------------------------------------------------------------------------


def test_a_file_that_a_spreadsheet_saved_is_matched_where_only_one_person_fits(filled):
    head = "OrgDefinedId;Username;Problem set 5 Points Grade <Numeric MaxPoints:60>;End-of-Line Indicator\n"
    text = f"{head}712;;;#\nS1003;;;#\n"
    done, data = filled("brightspace", text, assignments=(NAME,))
    assert data == text.replace("S1003;;;", "S1003;;12,25;").encode()
    assert any("a spreadsheet changed the id in like.csv; taken as 00712" in note for note in done.notes)


def test_a_rounded_id_that_fits_two_people_is_refused(class_, filled):
    Roster.of([Person("120001"), Person("120002")]).write(class_.roster_path)
    class_.given = [row("120001", NAME, 1.0), row("120002", NAME, 2.0)]
    text = "OrgDefinedId,Problem set 5 Points Grade <Numeric MaxPoints:60>,End-of-Line Indicator\n#{},,#\n"
    with pytest.raises(UsageError, match=r"changed the id of 1.2E\+05, which can be 120001 or 120002; export the file"):
        filled("brightspace", text.format("1.2E+05"))
    assert b"1.20002E+05,2,#" in filled("brightspace", text.format("1.20002E+05"))[1]


def test_names_alone_match_nobody(class_, filled):
    text = 'Student,ID,Section,Problem set 5 (88123)\n    Points Possible,,,60\n"Lovelace, Ada",9,A,\n'
    with pytest.raises(UsageError, match=r"nobody of its 1 people is in roster\.csv; read it first: `mtl-grade roster"):
        filled("canvas", text)


def test_two_rows_of_one_person_are_refused(filled):
    with pytest.raises(UsageError, match="S1001 has two rows"):
        filled("canvas", CANVAS.replace(",3147,", ",3143,"))


def test_one_row_of_two_people_is_refused(class_, filled):
    Roster.of([Person("x", more={"canvas": "3143"}), Person("y", more={"canvas": "3143"})]).write(class_.roster_path)
    with pytest.raises(UsageError, match=r"Ada Lovelace is more than one person of roster\.csv: x, y"):
        filled("canvas", CANVAS)


def test_the_platforms_own_number_counts_before_a_login(class_, filled):
    swapped = [Person("x", login="ada01", more={"canvas": "3144"}), Person("y", login="mul02", more={"canvas": "3143"})]
    Roster.of(swapped).write(class_.roster_path)
    class_.given = [row("y", NAME, 7.0)]
    assert b"S1001,ada01,Section A,7.00" in filled("canvas", CANVAS)[1]


# ---- without a model -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["canvas", "moodle", "blackboard", "brightspace"])
def test_without_a_model_the_least_form_is_written(class_, form):
    done = export(class_, form)
    assert done.path == class_.root / f"marks-{form}.csv"
    text = done.path.read_text("utf-8-sig")
    assert "51.5" in text and "Problem set 5: masks" in text  # noqa: PT018
    assert (done.rows, done.filled) == (4, 3)
    assert done.notes


def test_a_remembered_column_is_used_without_a_model(class_, filled):
    filled("canvas", CANVAS)
    done = export(class_, "canvas")
    given = into_canvas(
        done.path.read_bytes().replace(b'"Smith, John",', b'"Smith, John",3146'),
        {"88123": "", "88124": ""}, {"id": CANVAS_IDS, "sis": {}, "login": {}},
    )  # fmt: skip
    assert given == {("3143", "88123"): 51.5, ("3145", "88123"): 12.25, ("3143", "88124"): 5.0}


def test_an_assignment_is_called_as_its_notebook_calls_it(class_):
    assert heading_of(class_, NAME) == "Problem set 5: masks"
    assert heading_of(class_, "ps99") == "ps99"


def test_without_marks_no_platform_gets_a_file(class_):
    class_.given = []
    with pytest.raises(UsageError, match="has no marks to export yet; `mtl-grade run"):
        export(class_, "canvas")
    assert [one[0] for one in lines(export(class_, "csv"))] == ["student", "S1001", "00712", "S1003", "S1004"]


# ---- wrong use -------------------------------------------------------------------------------------------------


def test_a_format_that_is_not_that_of_the_file_is_refused(filled):
    with pytest.raises(UsageError, match="is a Canvas gradebook export, not a file of moodle; give --format canvas"):
        filled("moodle", CANVAS)


def test_a_file_whose_headings_were_changed_is_refused_with_them(filled):
    with pytest.raises(
        UsageError, match=r"headings of an export of moodle, it reads as a plain list of students; .*Punkte"
    ):
        filled("moodle", worksheet("de").decode().replace(";Bewertung;", ";Punkte;"))


@pytest.mark.parametrize(
    ("form", "choice", "like", "said"),
    [
        ("excel", Choice(), None, "--format must be one of csv, canvas, moodle, blackboard, brightspace; got 'excel'"),
        ("csv", Choice(), "x.csv", "--like fills a platform's own file"),
        ("canvas", Choice(by_exercise=True), None, "--by-exercise is for --format csv"),
    ],
)
def test_wrong_use_is_a_sentence(class_, tmp_path, form, choice, like, said):
    with pytest.raises(UsageError, match=said):
        export(class_, form, choice, tmp_path / like if like else None)


def test_the_platforms_file_is_never_overwritten(class_, tmp_path):
    like = tmp_path / "like.csv"
    like.write_text(CANVAS, newline="")
    with pytest.raises(UsageError, match="is the platform's own file; give another name with --to"):
        export(class_, "canvas", Choice(), like, like)
    assert like.read_bytes() == CANVAS.encode()


def test_what_was_done_is_said(filled):
    done, _ = filled("canvas", CANVAS)
    said = done.lines("canvas", done.path)
    assert said[0] == f"1 marks of 4 people, 1 were there already: {done.path}"
    assert "ps05_masks in 'Problem set 5 (88123)'" in said
