"""A name reaches every equal answer, its pages and comments alone, and moves no mark."""

import copy
import json
import shutil

import pytest
from nbgrader.api import Gradebook

from autograder.desk import run as desk
from autograder.desk.clusters import clusters
from autograder.desk.naming import as_misconception, give_name
from autograder.exercises import UnknownExercise
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.feedback.write import page_path, write_pages
from autograder.gradebook.marks import marks
from autograder.grading.course import Course, CourseError
from autograder.grading.names import FILE, MAX_MESSAGE, MAX_TITLE, Names, shape_of_answer
from autograder.results import Cause, UsageError, Verdict
from tests.autograder.by_hand import FULL, checked, graded, record, result
from tests.autograder.conftest import ANSWERS, NAME, hand_in, with_answer

LIKE, OTHER, NOBODY = "a" * 12, "b" * 12, "abcdef012345"
TOLD = "You keep what is <b>hidden</b>: look at `mask`."
SHOWN = "You keep what is &lt;b&gt;hidden&lt;/b&gt;: look at <code>mask</code>."


def wrong(fingerprint):
    told = {"sentence": "It is the mean.", "summary": "It is not.", "cause": Cause.WRONG}
    return result(checked(Verdict.FAILED, most=9.0, points=3.0, **told), fingerprint=fingerprint)


@pytest.fixture(scope="module")
def named_course(tmp_path_factory, released_course, sources):
    """Ada and Bob do the same, Cleo something else, Dan is right; all have their pages."""
    course = Course.open(shutil.copytree(released_course, tmp_path_factory.mktemp("named") / "course"))
    released = json.loads((sources / "exercises" / NAME / f"{NAME}.ipynb").read_text())
    for student, answer, said in (
        ("ada", "wrong", wrong(LIKE)),
        ("bob", ANSWERS["wrong"] + "  # mine", wrong(LIKE)),
        ("cleo", "wrong", wrong(OTHER)),
        ("dan", "right", FULL),
    ):
        graded(course, student, with_answer(copy.deepcopy(released), answer), said)
    write_gradebook(course)
    write_pages(course)
    return course.root


@pytest.fixture
def class_(tmp_path, named_course):
    return Course.open(shutil.copytree(named_course, tmp_path / "course"))


def pages(course):
    return {student: page_path(course, student, NAME).read_text() for student in ("ada", "bob", "cleo", "dan")}


def comments(course):
    with Gradebook(course.database) as gradebook:
        found = [gradebook.find_submission_notebook(NAME, NAME, who) for who in ("ada", "bob", "cleo", "dan")]
        return {
            one.student.id: next(comment.auto_comment for comment in one.comments if comment.name == "masked_mean")
            for one in found
        }


def changed(before, after):
    return [student for student in before if before[student] != after[student]]


def test_exactly_those_pages_and_comments_say_it_and_no_mark_moves(class_):
    pages_before, comments_before, marks_before = pages(class_), comments(class_), list(marks(class_))
    done = give_name(class_, "masked_mean", LIKE, TOLD)
    assert done.students == [("ada", NAME), ("bob", NAME)]
    assert (done.comments, done.pages.made, done.replaced) == (2, [("ada", NAME), ("bob", NAME)], None)
    assert changed(pages_before, pages(class_)) == changed(comments_before, comments(class_)) == ["ada", "bob"]
    assert list(marks(class_)) == marks_before
    assert f"Your tutor says:</strong> {SHOWN}" in pages(class_)["ada"]
    assert comments(class_)["ada"].splitlines() == [f"Your tutor says: {TOLD}", *comments_before["ada"].splitlines()]


def test_afterwards_there_is_nothing_to_grade_or_to_enter_and_no_page_is_due(class_):
    give_name(class_, "masked_mean", LIKE, TOLD)
    for one in class_.submissions():
        made = record(class_, one.student, FULL)
        assert class_.current_record(one)["key"] == made["key"]
    assert write_gradebook(class_).written == 0
    assert write_pages(class_).made == []


def test_a_run_enters_what_was_written_into_the_file_by_hand(class_):
    (class_.root / FILE).write_text(f'[wrong.masked_mean.{OTHER}]\nmessage = "By hand."\n')
    assert write_gradebook(class_).written == 1
    assert comments(class_)["cleo"].startswith("Your tutor says: By hand.\n")
    assert write_pages(class_).made == [("cleo", NAME)]
    (class_.root / FILE).unlink()
    assert write_gradebook(class_).written == 1
    assert "By hand." not in comments(class_)["cleo"]
    assert write_pages(class_).made == [("cleo", NAME)]


def test_what_is_due_for_another_reason_is_left_to_a_run(class_):
    better = {**record(class_, "ada", wrong(LIKE)), "key": "another"}
    better["exercises"]["masked_mean"]["checks"][0]["points"] = 9.0
    class_.write_record(better)
    before = list(marks(class_))
    done = give_name(class_, "masked_mean", LIKE, TOLD)
    assert (done.comments, done.pages.made, done.pages.not_entered) == (1, [("bob", NAME)], [("ada", NAME)])
    assert list(marks(class_)) == before
    assert "1 not in the gradebook yet: `mtl-grade run` enters them." in list(done.lines())
    assert write_gradebook(class_).written == 1
    assert comments(class_)["ada"].startswith("Your tutor says")


def test_nobody_gets_a_first_page_by_a_name(class_):
    page_path(class_, "ada", NAME).unlink()
    done = give_name(class_, "masked_mean", LIKE, TOLD)
    assert (done.pages.made, done.pages.without) == ([("bob", NAME)], [("ada", NAME)])
    assert not page_path(class_, "ada", NAME).exists()
    assert "1 answer without a feedback page yet: `mtl-grade feedback` makes it." in list(done.lines())


def test_a_page_that_was_edited_by_hand_is_kept_and_said(class_):
    path = page_path(class_, "ada", NAME)
    path.write_text(path.read_text().replace("</main>", "<p>See me.</p></main>"))
    done = give_name(class_, "masked_mean", LIKE, TOLD)
    assert done.pages.edited == [("ada", NAME)]
    assert any(line.startswith(f"kept: ada {NAME} was edited by hand") for line in done.lines())


def test_a_second_name_replaces_the_first_and_says_what_that_was(class_):
    give_name(class_, "masked_mean", LIKE, "The old one.", "Old")
    done = give_name(class_, "masked_mean", LIKE, "The new one.")
    assert "Before it was: The old one." in list(done.lines())
    assert "The old one." not in pages(class_)["ada"]
    assert (done.to_dict()["replaced"], done.name.title) == ("The old one.", "The new one")
    again = give_name(class_, "masked_mean", LIKE)
    assert (again.name.message, again.pages.made, again.comments) == ("The new one.", [], 0)
    assert not any("Before" in line for line in again.lines())


def test_a_comment_on_right_answers_is_shown_without_a_mark(class_):
    shape = shape_of_answer("masked_mean", ANSWERS["right"])
    before, marks_before = pages(class_), list(marks(class_))
    done = give_name(class_, "masked_mean", shape, "Right, and `mean` says it.", right=True)
    assert done.students == done.pages.made == [("dan", NAME)]
    assert changed(before, pages(class_)) == ["dan"]
    assert list(marks(class_)) == marks_before
    assert "Your tutor says:</strong> Right, and <code>mean</code> says it." in pages(class_)["dan"]
    assert comments(class_)["dan"] == "Your tutor says: Right, and `mean` says it."
    assert write_gradebook(class_).written == 0


def test_a_fingerprint_that_nobody_has_now_is_kept_with_a_word(class_):
    done = give_name(class_, "masked_mean", NOBODY, TOLD)
    (said,) = done.said
    assert said == "Nobody's answer has this fingerprint now; it is kept for whoever hands one in."
    assert Names.read(class_).of("masked_mean", NOBODY) is not None
    (near,) = give_name(class_, "masked_mean", LIKE[:-1] + "b", TOLD).said
    assert near.endswith(f"hands one in. Did you mean `{LIKE}`?")
    assert list(done.lines())[-1] == said


@pytest.mark.parametrize(
    ("exercise", "fingerprint", "options", "error", "why"),
    [
        ("masked_meen", LIKE, {}, UnknownExercise, "no exercise `masked_meen`. Did you mean `masked_mean`"),
        (
            "masked_mean",
            "aaaa",
            {},
            UsageError,
            f"`aaaa` is no fingerprint of .* have: {LIKE}, {OTHER}",
        ),
        ("masked_mean", "a" * 11, {}, UsageError, f"is no fingerprint of `masked_mean`. Did you mean `{LIKE}`"),
        ("delta_m", "x", {}, UsageError, "`x` is no fingerprint of `delta_m`. It has no wrong answers with one"),
        ("masked_mean", LIKE, {"right": True}, UsageError, "is the fingerprint of wrong answers: leave --right out"),
        ("masked_mean", LIKE, {"message": " \n"}, UsageError, "Say what students are to be told"),
        (
            "masked_mean",
            LIKE,
            {"message": "a" * (MAX_MESSAGE + 1)},
            UsageError,
            "message has 1,001 characters",
        ),
        ("masked_mean", LIKE, {"title": "a" * (MAX_TITLE + 1)}, UsageError, "title has 81 characters; at most 80"),
    ],
)
def test_what_cannot_be_named_is_one_sentence_that_names_what_there_is(
    class_, exercise, fingerprint, options, error, why
):
    with pytest.raises(error, match=why):
        give_name(class_, exercise, fingerprint, **{"message": TOLD, **options})
    assert not (class_.root / FILE).exists()


def test_the_shape_of_right_answers_needs_to_be_said_so(class_):
    with pytest.raises(UsageError, match="is the fingerprint of right answers: add --right"):
        give_name(class_, "masked_mean", shape_of_answer("masked_mean", ANSWERS["right"]), TOLD)


def test_a_damaged_file_of_names_stops_before_anything_is_written(class_):
    (class_.root / FILE).write_text("[")
    before = pages(class_)
    for command in (
        lambda: give_name(class_, "masked_mean", LIKE, TOLD),
        lambda: write_gradebook(class_),
        lambda: write_pages(class_),
    ):
        with pytest.raises(CourseError, match=r"names\.toml cannot be read"):
            command()
    assert pages(class_) == before
    assert (class_.root / FILE).read_text() == "["


# ---- as a misconception ------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path):
    root = tmp_path / "checkout"
    (root / "autograder/exercises/masked_mean").mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "autograder/exercises/masked_mean/misconceptions.py").write_text("X = 1\n")
    return root


def test_a_name_becomes_the_beginning_of_a_misconception(class_, checkout):
    give_name(class_, "masked_mean", LIKE, TOLD)
    path = as_misconception(class_, "masked_mean", LIKE, "keeps_the_hidden", checkout)
    text = path.read_text()
    assert "# Seen in a class: 2 answers behaved like this (fingerprint aaaaaaaaaaaa).\n" in text
    assert '#     caught_by="test_value",\n' in text
    assert "# def keeps_the_hidden(values, mask):\n" in text


def test_what_nobody_has_is_no_misconception(class_, checkout):
    give_name(class_, "masked_mean", NOBODY, TOLD)
    with pytest.raises(UsageError, match=f"Nobody's answer to `masked_mean` has the fingerprint `{NOBODY}`"):
        as_misconception(class_, "masked_mean", NOBODY, "keeps_the_hidden", checkout)


# ---- with everything in it ---------------------------------------------------------------------------------------

ONE_MORE = """def masked_mean(values, mask):
    return values[mask].sum() / mask.sum().clamp(min=1) + 1
"""
ONE_MORE_OTHERWISE = """def masked_mean(numbers, known):
    kept = torch.where(known, numbers, torch.zeros_like(numbers))
    count = max(int(known.sum()), 1)
    return 1.0 + kept.sum() / count
"""
TWICE = ONE_MORE.replace("+ 1", "* 2")


@pytest.mark.sandbox
@pytest.mark.slow
def test_two_codes_that_do_the_same_are_one_group_and_a_name_for_it_changes_nothing_but_their_pages(course, released):
    answers = {"ada": ONE_MORE, "bob": ONE_MORE_OTHERWISE, "cleo": TWICE, "dan": "right"}
    for student, answer in answers.items():
        hand_in(course, student, with_answer(copy.deepcopy(released), answer))
    assert desk.run(course).graded == 4
    write_pages(course)
    alike, alone = clusters(course)
    assert (alike.students, alone.students) == (("ada", "bob"), ("cleo",))
    assert (alike.representative, alike.check.verdict) == (ONE_MORE.strip(), Verdict.FAILED)
    before, comments_before, marks_before = pages(course), comments(course), list(marks(course))
    done = give_name(course, "masked_mean", alike.fingerprint, TOLD)
    assert done.pages.made == done.students == [("ada", NAME), ("bob", NAME)]
    assert changed(before, pages(course)) == changed(comments_before, comments(course)) == ["ada", "bob"]
    assert list(marks(course)) == marks_before
    summary = desk.run(course)
    assert (summary.graded, summary.cached, summary.written) == (0, 4, 0)
    assert write_pages(course).made == []
