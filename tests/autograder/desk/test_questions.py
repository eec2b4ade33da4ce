import stat
import sys
from dataclasses import replace

import pytest

from autograder.desk import questions
from autograder.desk.banks.blackboard_text import BlackboardText
from autograder.desk.questions import write
from autograder.quizzes import bank as quick_tests
from autograder.results import UsageError
from tests.autograder.desk.banks.made import quiz
from tests.autograder.desk.banks.readers import from_blackboard, from_gift


@pytest.fixture
def banks(monkeypatch, tmp_path):
    """Two quick tests, of which the second has a question that plain text cannot hold."""
    made = {
        "05": quiz(("One?", "a", "b")),
        "06": quiz(("Two?", "$x$", "x"), ("Three?", "a", "b"), number="06", title="Clicks"),
    }
    monkeypatch.setattr(quick_tests, "all_quizzes", lambda: tuple(made))
    monkeypatch.setattr(quick_tests, "load", lambda name: made[quick_tests.quiz_id(name)])
    monkeypatch.chdir(tmp_path)
    return made


def test_all_quick_tests_go_into_one_file_of_the_current_folder(banks, tmp_path):
    done = write((), "gift")
    assert done.lines()[:2] == [
        "3 questions of 2 quick tests: quick-tests-gift.txt",
        "Moodle: Question bank > Import > GIFT format. Each quick test becomes a category.",
    ]
    read = from_gift((tmp_path / "quick-tests-gift.txt").read_bytes())
    assert [(title, len(found)) for title, found in read] == [
        ("Quick test 5: Missing labels", 1),
        ("Quick test 6: Clicks", 2),
    ]


def test_a_quick_test_is_named_as_everywhere_and_comes_once(banks, tmp_path):
    done = write(("5", "05_missing_labels"), "moodle")
    assert (done.path.name, done.quizzes, done.questions) == ("qt05-moodle.xml", ("qt05",), 1)
    assert done.lines()[0] == "1 question of 1 quick test: qt05-moodle.xml"


def test_a_question_that_the_format_cannot_hold_is_named_and_the_rest_is_written(banks, tmp_path):
    done = write((), "blackboard", tmp_path / "new" / "q.txt")
    assert done.lines()[0] == "Left out: qt06.1 id 0: two of its options read the same as plain text."
    assert f"2 questions of 2 quick tests: {done.path}" in done.lines()
    assert BlackboardText.lacks in done.lines()
    ((_, read),) = from_blackboard(done.path.read_bytes())
    assert [question["text"] for question in read] == ["One?", "Three?"]
    assert done.to_dict()["left_out"] == [
        {"question": "qt06.1 id 0", "why": "two of its options read the same as plain text"}
    ]


def test_where_nothing_can_be_held_no_file_is_made(banks, tmp_path):
    banks["06"] = replace(banks["06"], questions=banks["06"].questions[:1])
    done = write(("06",), "blackboard")
    assert done.lines()[-1] == "Nothing is left to write into qt06-blackboard.txt."
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_says_something_else_is_written_over_only_when_told(banks, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("my notes")
    with pytest.raises(UsageError, match=r"mine\.txt is there and says something else: --again writes over it, --to"):
        write((), "gift", path)
    assert path.read_text() == "my notes"
    assert not write((), "gift", path, again=True).unchanged
    assert len(from_gift(path.read_bytes())) == 2
    before = path.stat().st_mtime_ns
    assert write((), "gift", path).unchanged
    assert path.stat().st_mtime_ns == before


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_file_with_the_answers_is_its_owners_alone(banks):
    assert stat.S_IMODE(write((), "gift").path.stat().st_mode) == 0o600


def test_wrong_use_is_told_in_a_sentence(banks, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="There is no quick test `77`; there are: 05, 06"):
        write(("77",), "gift")
    with pytest.raises(UsageError, match="--format must be one of moodle"):
        write((), "aiken")
    with pytest.raises(UsageError, match=r"--to must be the name of a file; .* is a folder"):
        write((), "gift", tmp_path)

    def broken(name):
        raise quick_tests.QuizError("06.toml: question 2 (x): exactly one option is correct; got 0.")

    monkeypatch.setattr(questions.quick_tests, "load", broken)
    with pytest.raises(UsageError, match=r"^06\.toml: question 2"):
        write((), "gift")
