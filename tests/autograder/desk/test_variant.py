"""Personal numbers are handed out as text and as a table, the answers only to whoever asks for them."""

import csv
import io
import json
import sys

import pytest

from autograder.course_files import course_root
from autograder.desk import cli
from autograder.desk.variant import OFF, handouts, table, write_table
from autograder.exercises import load, written
from autograder.grading.course import Course, CourseError
from tests.autograder.by_hand_set import NAME, SET, course_by_hand, right_for


@pytest.fixture
def course(tmp_path):
    return course_by_hand(tmp_path)


@pytest.fixture
def mtl_grade(monkeypatch, capsys):
    def command(*arguments):
        monkeypatch.setattr(cli.out, "_width", 200)
        monkeypatch.setattr(sys, "argv", ["mtl-grade", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code, *capsys.readouterr()

    return command


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_everybody_on_the_roster_gets_the_statement_with_their_own_numbers(course):
    ada, bob = handouts(course, SET)
    assert (ada.id, ada.email, bob.id) == ("ada", "ada@e.org", "bob")
    assert ada.text == load(NAME).for_student("ada").statement != bob.text
    assert ada.answers == {"total_loss": right_for("ada")}
    assert [one.id for one in handouts(course, SET, ["bob"])] == ["bob"]


def test_a_table_holds_no_answers_and_no_formula(course):
    ada, bob = rows_of(table(handouts(course, SET)))
    assert list(ada) == ["id", "first_name", "last_name", "email", "text"]
    assert (ada["id"], ada["text"]) == ("ada", load(NAME).for_student("ada").statement)
    assert bob["first_name"] == "'=Bob"
    assert rows_of(table(handouts(course, SET), answers=True))[0]["total_loss"] == f"{right_for('ada'):g}"


def test_a_table_is_written_for_its_owner_alone(course, tmp_path):
    path = tmp_path / "numbers.csv"
    write_table(path, handouts(course, SET))
    assert path.read_text() == table(handouts(course, SET))
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("assignment", "students", "said"),
    [
        ("ps01", (), f"'ps01' asks nothing with personal numbers; such are in {SET}."),
        (SET, ("eve",), "'eve' is not on "),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(course, assignment, students, said):
    with pytest.raises(CourseError, match=said):
        handouts(course, assignment, students)


def test_without_a_roster_there_is_nobody_to_draw_for(course):
    course.roster_path.write_text("id\n")
    with pytest.raises(CourseError, match="has nobody yet"):
        handouts(course, SET)


def test_the_command_prints_writes_and_says_when_the_numbers_do_not_count_yet(mtl_grade, tmp_path):
    course = course_by_hand(tmp_path, personal=False)
    code, out, err = mtl_grade("variant", SET, "ada", "--course", course.root)
    own = load(NAME).for_student("ada")
    assert code == 0
    assert out.split() == ["ada", *own.statement.split()]
    assert err.split() == OFF.split()
    assert f"total_loss = {right_for('ada'):g}" in mtl_grade("variant", SET, "--course", course.root, "--answers")[1]
    to = tmp_path / "numbers.csv"
    assert mtl_grade("variant", SET, "--course", course.root, "--to", to)[1].startswith(f"Wrote {to} with the numbers")
    assert [row["id"] for row in rows_of(to.read_text())] == ["ada", "bob"]


def test_written_questions_are_handed_out_too_and_count_in_every_course(mtl_grade, tmp_path):
    root = Course.create(tmp_path / "course", "test", course_root() / "solutions").root
    (root / "roster.csv").write_text("id\nada\n")
    code, out, err = mtl_grade("variant", "ps09_trade_offs", "ada", "--course", root, "--answers")
    asked = written.questions()["delivery_weight"]
    assert (code, err) == (0, "")
    assert out.split()[1 : 1 + len(asked.statement("ada").split())] == asked.statement("ada").split()
    assert f"gain of weight 1 = {asked.answers('ada')['gain of weight 1']:g}" in out
    _, out, err = mtl_grade("variant", "ps05_missing_labels", "ada", "--course", root)
    assert out.split()[1:] == [
        *load(NAME).for_student("ada").statement.split(),
        *written.questions()["masked_batch"].statement("ada").split(),
    ]
    assert err.split() == OFF.split()


def test_json_holds_the_answers_only_where_they_were_asked_for(mtl_grade, course):
    code, out, err = mtl_grade("variant", SET, "--course", course.root, "--json")
    assert (code, err) == (0, "")
    assert [set(row) for row in json.loads(out)] == [{"id", "first_name", "last_name", "email", "text"}] * 2
    row, _ = json.loads(mtl_grade("variant", SET, "--course", course.root, "--json", "--answers")[1])
    assert row["answers"] == {"total_loss": pytest.approx(right_for("ada"))}
