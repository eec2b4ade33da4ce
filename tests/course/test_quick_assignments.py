"""Quick tests as assignments: built from the banks, graded like problem sets, and silent about the right letters."""

import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import api, catalogue, exercises, solution_of
from autograder.authoring import build, gates, notebooks
from autograder.authoring.solutions import NoSolution
from autograder.course_files import course_root
from autograder.desk import run
from autograder.desk.export import export
from autograder.desk.reporting.report import report
from autograder.exercises import UnknownExercise
from autograder.gradebook import marks
from autograder.gradebook.feedback.write import feedback
from autograder.gradebook.release import release
from autograder.grading import key
from autograder.grading.course import Course, CourseError
from autograder.quizzes import assignment, bank, question
from autograder.quizzes.bank import LETTERS
from autograder.render import as_html, as_text
from autograder.results import Verdict
from mtl_teach.learn.lesson import after_check
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.terminal import checking
from mtl_teach.learn.workspace.deliver import update

ROOT = course_root()
NAME = "qt05_missing_labels"
IDS = {number: list(question.names_of(number)) for number in bank.all_quizzes()}

ALL = [name for names in IDS.values() for name in names]

each_quiz = pytest.mark.parametrize("number", bank.all_quizzes())
each_question = pytest.mark.parametrize("name", ALL)


def notebook(number, folder="exercises"):
    name = assignment.assignment_name(bank.load(number))
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", 4)


def cells(number, folder="exercises"):
    return {cell.id: cell for cell in notebook(number, folder).cells}


def of_learner(value, name="quick-05-1"):
    """The one check's result and everything that is shown of it."""
    result = api.run(name, value)
    return result.checks[0], as_text(result) + as_html(result)


# ---- the questions ---------------------------------------------------------------------------------------------


def test_there_are_eleven_quick_tests_of_seven_questions_and_none_is_counted_as_an_exercise():
    assert {number: len(names) for number, names in IDS.items()} == {f"{lesson:02}": 7 for lesson in range(1, 12)}
    assert not set(exercises.all_ids()) & set(ALL)


@each_quiz
def test_the_solution_gets_seven_of_seven(number):
    names: dict = {}
    scores = []
    for cell in notebook(number, "solutions").cells:
        if cell.cell_type == "code" and not cell.id.startswith("check-"):
            exec(cell.source, names)
        elif cell.id.startswith("check-"):
            name = cell.id.removeprefix("check-")
            scores.append(api.run(name, names[catalogue.load(name).entries[0]]).score)
    assert scores == [1.0] * 7


@each_question
def test_the_right_letter_passes_however_it_is_written(name):
    exercise = catalogue.load(name)
    right = exercise.right
    assert exercise.options[LETTERS.index(right)].correct
    for text in (right, right.lower(), f" {right} ", f"({right.lower()})"):
        assert api.run(name, text).passed, text
    assert len(exercise.alternatives) == 3
    assert all(api.run(name, answer()).passed for answer in exercise.alternatives.values())


@each_question
def test_a_wrong_letter_gets_the_explanation_of_its_own_option_and_not_the_right_one(name):
    exercise = catalogue.load(name)
    wrong = [(letter, one) for letter, one in zip(LETTERS, exercise.options) if not one.correct]
    assert list(exercise.misconceptions) == [f"option_{letter}" for letter, _ in wrong]
    for letter, option in wrong:
        result = api.run(name, letter.lower())
        check = result.checks[0]
        assert (check.verdict, check.points, check.misconception) == (Verdict.FAILED, 0.0, f"option_{letter}")
        assert check.message == option.why
        assert check.expected == result.question == ""
        assert check.summary == f"{letter} is not the right option."


def test_the_order_of_the_options_depends_on_the_question_alone():
    letters = [catalogue.load(name).right for name in ALL]
    assert min(letters.count(letter) for letter in "ABCD") >= 8
    assert [catalogue.load(name).options for name in IDS["05"]] == [question.load(name).options for name in IDS["05"]]


@pytest.mark.parametrize("value", ["", "  ", "\n"])
def test_an_empty_answer_is_not_started_and_never_an_error(value):
    result = api.run("quick-05-1", value)
    assert result.not_started
    assert (result.score, result.misconception) == (0.0, "")
    assert "write the letter of your answer between the quotes of `answer_1`" in result.checks[0].summary


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2, "got a number"),
        (True, "got a number"),
        (2.5, "got a number"),
        (["B"], "got a list"),
        (("A", "B"), "got a tuple"),
        ({"total": "B"}, "got an object of type dict"),
        (None, "got None"),
        ("AB", "got the text 'AB'"),
        ("A, B", "got the text 'A, B'"),
        ("E", "got the text 'E'"),
        ("(A", "got the text '(A'"),
        ("2.05", "got the text '2.05'"),
        ("<b>" * 100, "got the text '<b><b><b><b><b><b><b'…"),
        (len, "got an object of type builtin_function_or_method"),
    ],
    ids=str,
)
def test_anything_but_one_letter_is_answered_with_what_was_expected(value, said):
    check, shown = of_learner(value)
    assert "Is it one letter in quotes" in shown
    assert check.summary == f"`answer_1` must be one letter from A to D in quotes; {said}."
    assert (check.verdict, check.misconception) == (Verdict.FAILED, "")
    assert "<b>" not in shown.split("<section")[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [("quick-05-11", "Did you mean `quick-05-1`"), ("quick-55-1", "Did you mean `quick-05-1`")],
)
def test_an_unknown_question_names_the_nearest(name, said):
    with pytest.raises(UnknownExercise, match=re.escape(said)):
        catalogue.load(name)


def test_a_letter_is_never_judged_by_another_question_than_the_notebook_asks():
    asked = cells("05")["check-quick-05-1"].source
    version = bank.load("05").questions[0].version
    assert asked == f'check("quick-05-1-{version}", answer_1)'
    assert catalogue.load(f"quick-05-1-{version}").id == "quick-05-1"
    with pytest.raises(question.OtherQuestion, match="Question 1 of quick test 5 is another one in the installed"):
        api.run("quick-05-1-000000", "A")


@pytest.mark.parametrize(
    ("old", "new", "other"),
    [
        ('why = "Weights times', 'why = "Products of weights times', False),
        ('title = "Missing', 'title = "On missing', False),
        ("What is the total loss?", "What is their total?", True),
        ('value = "w_click * click_loss + w_conv * conv_loss"\nshow', 'value = "2.05"\nshow', True),
        ("0.35, 0.85, 1.0", "0.45, 0.85, 1.0", True),
    ],
    ids=["explanation", "title", "question", "option", "number"],
)
def test_the_version_of_a_question_follows_what_it_asks(tmp_path, old, new, other):
    text = (bank.HERE / "05.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "05.toml").write_text(text.replace(old, new), encoding="utf-8")
    versions = [bank.read(path).questions[0].version for path in (bank.HERE / "05.toml", tmp_path / "05.toml")]
    assert (versions[0] != versions[1]) is other


def forget():
    for cache in (bank.read, bank.versions, bank.mistakes_of, catalogue.load, key.checks_digest):
        cache.cache_clear()


def test_an_edited_bank_is_graded_anew_and_a_reworded_explanation_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(bank, "HERE", tmp_path)
    text = (ROOT / "autograder/quizzes/05.toml").read_text(encoding="utf-8")

    def digest(edited):
        (tmp_path / "05.toml").write_text(edited, encoding="utf-8")
        forget()
        return key.checks_digest(("quick-05-1",))

    try:
        before = digest(text)
        assert digest(text) == before
        assert digest(text.replace('text = "', 'text = "So: ', 1)) != before
        assert digest(text.replace('why = "', 'why = "Well: ') + "\n# no question") == before
    finally:
        monkeypatch.undo()
        forget()


def test_what_works_out_a_right_letter_is_in_the_key(monkeypatch):
    before = key.checks_digest.__wrapped__(("quick-05-1",))
    assert bank.mistakes_of("05") == ("ctr_cvr_total", "masked_mean")
    monkeypatch.setattr(key, "library_digest", lambda: "another library")
    library = key.checks_digest.__wrapped__(("quick-05-1",))
    monkeypatch.setattr(bank, "mistakes_of", lambda number: ("masked_mean",))
    assert len({before, library, key.checks_digest.__wrapped__(("quick-05-1",))}) == 3


@each_quiz
def test_a_version_needs_nothing_worked_out(number):
    names = question.names_of(number)
    assert [question.version_of(name) for name in names] == [one.version for one in bank.load(number).questions]


def test_to_know_whether_a_quick_test_has_to_be_graded_no_library_is_imported():
    script = (
        "import sys; from autograder.grading import key; from autograder.quizzes.question import names_of;"
        "[key.checks_digest(names_of(number)) for number in ('02', '05')];"
        "print([name for name in ('torch', 'sklearn', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


# ---- the notebooks ---------------------------------------------------------------------------------------------


@each_quiz
def test_two_builds_give_the_same_bytes(number):
    path = bank.HERE / f"{number}.toml"
    name = assignment.assignment_name(bank.load(number))
    built = notebooks.as_bytes(notebooks.quick_test(path))
    assert built == notebooks.as_bytes(notebooks.quick_test(path))
    assert built == (ROOT / "solutions" / name / f"{name}.ipynb").read_bytes()  # made by another process


@each_quiz
def test_the_released_notebook_asks_everything_and_answers_nothing(number):
    quiz, found = bank.load(number), cells(number)
    graded = [cell for cell in found.values() if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.id for cell in graded] == [f"check-{name}" for name in IDS[number]]
    assert [cell.metadata.nbgrader.points for cell in graded] == [1.0] * 7
    assert "5 right answers pass" in found["intro"].source
    for place, name in enumerate(IDS[number], 1):
        assert found[name].source == f'answer_{place} = ""'
        assert found[name].metadata.nbgrader.solution
        assert not found[name].metadata.nbgrader.locked
        about = found[f"about-{name}"]
        assert about.metadata.nbgrader.locked
        printed = re.findall(r"^- \*\*([A-E])\.\*\* (.+)$", about.source, re.M)
        options = catalogue.load(name).options
        assert printed == [(letter, assignment.markdown(one.text)) for letter, one in zip(LETTERS, options)]
    text = json.dumps(notebook(number), ensure_ascii=False)
    assert "NotImplementedError" not in text
    assert not [one.id for one in quiz.questions if "_" in one.id and one.id in text]  # such names say too much
    assert not [one.why for question in quiz.questions for one in question.options if one.why in text]


def test_the_untouched_notebook_runs_to_its_end_and_scores_nothing(capsys):
    names: dict = {"display": print}
    points = []
    for cell in notebook("05").cells:
        if cell.id.startswith("check-"):
            points.append(eval(cell.source, names))
        elif cell.cell_type == "code":
            exec(cell.source, names)
    assert points == [0.0] * 7
    assert capsys.readouterr().out.count("Not started yet") == 7


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one quick test."""
    (tmp_path / "autograder/quizzes").mkdir(parents=True)
    shutil.copy(bank.HERE / "05.toml", tmp_path / "autograder/quizzes")
    for folder in ("exercises", "solutions"):
        shutil.copytree(ROOT / folder / NAME, tmp_path / folder / NAME)
    return tmp_path


def edit(path, change):
    data = json.loads(path.read_text(encoding="utf-8"))
    found = {cell["id"]: cell for cell in data["cells"]}
    change(found)
    path.write_text(json.dumps(data), encoding="utf-8")


def test_a_checkout_with_a_quick_test_has_no_problem(checkout):
    assert build.check(checkout) == []
    assert build.build(checkout) == []


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("quick-05-1", 'answer_1 = "C"', "holds an answer"),
        ("intro", "Psst: `answer_1 = ('c')`", "holds an answer"),
        ("intro", "explanation", "explains an option of total"),
    ],
)
def test_a_letter_or_an_explanation_in_what_students_get_is_found(checkout, cell, text, said):
    text = bank.load("05").questions[0].options[1].why if text == "explanation" else text
    edit(checkout / "exercises" / NAME / f"{NAME}.ipynb", lambda found: found[cell].update(source=text))
    assert f"exercises/{NAME}/{NAME}.ipynb: {said}" in gates.leaks(checkout)


def test_a_letter_typed_into_the_stub_differs_from_the_solution(checkout):
    edit(
        checkout / "exercises" / NAME / f"{NAME}.ipynb",
        lambda found: found["quick-05-1"].update(source='answer_1 = "a"'),
    )
    assert gates.stubs_differ(checkout) == [
        f"exercises/{NAME}: the stub of quick-05-1 is not its solution without the answer"
    ]


def test_texts_of_the_bank_mean_themselves_in_markdown():
    assert assignment.markdown("a*b_c $5 <i> [x] `p * q`") == r"a\*b\_c \$5 \<i\> \[x\] `p * q`"


# ---- a class ---------------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path):
    shutil.copytree(ROOT / "solutions" / NAME, tmp_path / "solutions" / NAME)
    return Course.create(tmp_path / "course", "quick", tmp_path / "solutions")


def wrong_option(name):
    """The first wrong option of a question, with its letter."""
    return next((letter, one) for letter, one in zip(LETTERS, catalogue.load(name).options) if not one.correct)


def hand_in(course, student, answers):
    """Hand in the released quick test; ``answers`` gives the source of some answer cells."""
    path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / "exercises" / NAME / f"{NAME}.ipynb", path)
    edit(path, lambda found: [found[name].update(source=text) for name, text in answers.items()])


def comments_of(course, student):
    with Gradebook(course.database) as gradebook:
        handed_in = gradebook.find_submission(NAME, student)
        return {one.cell.name: one.auto_comment or "" for part in handed_in.notebooks for one in part.comments}


@pytest.mark.sandbox
def test_a_class_goes_from_release_to_gradebook_feedback_and_marks(course, tmp_path):
    assert release(course) == [NAME]
    released = (course.root / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in released
    right = {name: f'{catalogue.load(name).entries[0]} = "{catalogue.load(name).right}"' for name in IDS["05"]}
    hand_in(course, "ada", {name: text.lower() for name, text in right.items()})
    letter, option = wrong_option("quick-05-1")
    wrong = {"quick-05-1": f'answer_1 = "{letter}"', "quick-05-7": "answer_7 = 3"}
    hand_in(course, "bob", right | wrong)
    hand_in(course, "cyd", {"quick-05-1": "answer_1 = C", "quick-05-3": "del answer_2"})
    summary = run.run(course)
    assert (summary.graded, summary.written, summary.for_review) == (3, 3, [])
    rows = {row["student"]: (row["score"], row["max_score"]) for row in marks.marks(course)}
    assert rows == {"ada": (7.0, 7.0), "bob": (5.0, 7.0), "cyd": (0.0, 7.0)}
    assert {row["status"] for row in marks.marks(course)} == {"graded"}
    said = comments_of(course, "bob")
    assert option.why in said["quick-05-1"]
    assert "one letter from A to D in quotes; got a number" in said["quick-05-7"]
    lost = comments_of(course, "cyd")
    assert "NameError: name 'C' is not defined" in lost["quick-05-1"]
    assert "Not started yet" in lost["quick-05-4"]
    assert feedback(course) == 3
    page = (course.root / "feedback" / "bob" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert f"{letter} is not the right option." in page
    assert "SOLUTION" not in page
    export(course, "csv", to=tmp_path / "marks.csv")
    assert "bob,,,,5,5,7," in (tmp_path / "marks.csv").read_text()
    questions = report(course).sets[0].questions
    assert [one.exercise for one in questions] == IDS["05"]
    chosen = {option.letter: option for option in questions[0].options}
    assert (chosen[letter].students, chosen[letter].why) == (("bob",), option.why)
    assert [one.letter for one in questions[0].options if one.right] == [catalogue.load("quick-05-1").right]
    assert all(option.text for one in questions for option in one.options)
    again = run.run(course)
    assert (again.graded, again.cached) == (0, 3)


def test_letters_that_stand_for_other_options_than_released_stop_grading(course):
    def swap(found):
        lines = "".join(found["about-quick-05-1"]["source"]).split("\n")
        first, second = (index for index, line in enumerate(lines) if line.startswith(("- **A.**", "- **B.**")))
        lines[first], lines[second] = lines[first][:8] + lines[second][8:], lines[second][:8] + lines[first][8:]
        found["about-quick-05-1"]["source"] = "\n".join(lines)

    hand_in(course, "ada", {})
    assert course.job(course.submission("ada", NAME), ()).assignment.name == NAME
    edit(course.root / "source" / NAME / f"{NAME}.ipynb", swap)
    with pytest.raises(CourseError, match="`quick-05-1` has its options under other letters"):
        Course.open(course.root).job(course.submission("ada", NAME), ())


@pytest.mark.parametrize(
    ("old", "new", "otherwise"),
    [(r"2\.05", "2.050 euros", False), (r"(\*\*B\.\*\*) .*", r"\1 3.75", True), (r"- \*\*D\.\*\* .*", "", True)],
    ids=["worded anew", "moved", "dropped"],
)
def test_only_an_option_that_moved_counts_as_printed_otherwise(old, new, otherwise):
    about = cells("05")["about-quick-05-1"].source
    exercise = catalogue.load("quick-05-1")
    assert not assignment.printed_otherwise(exercise, about)
    edited, count = re.subn(old, new, about)
    assert (count, edited != about) == (1, True)
    assert assignment.printed_otherwise(exercise, edited) is otherwise


# ---- the learner's side ----------------------------------------------------------------------------------------


def test_a_workspace_has_the_interactive_quick_tests_and_not_these(tmp_path):
    work = tmp_path / "work"
    update(work)
    assert not list(work.glob("exercises/qt*"))
    assert list(work.glob("exercises/ps*/*.ipynb"))
    assert list(work.rglob("*uick*est*"))


def test_checking_a_question_saves_no_progress_and_offers_no_solution(tmp_path, monkeypatch):
    monkeypatch.setattr(after_check, "offer", lambda *about: pytest.fail("a quick test has no solution to offer"))
    progress = Progress(tmp_path / "progress.sqlite")
    for letter in "ABCD":
        result = api.run("quick-05-1", letter)
        progress.record_check(result, repr(letter))
        after_check.follow(result, repr(letter))
    assert progress.exercises() == {}
    assert progress.quick_tests() == {}


def test_a_terminal_finds_the_questions_of_a_notebook(tmp_path):
    asked = checking.read_script(ROOT / "exercises" / NAME / f"{NAME}.ipynb").asked
    assert [catalogue.load(name).id for name in asked] == IDS["05"]


def test_hints_and_solutions_of_a_question_lead_back_to_the_lesson():
    assert [hint.startswith("Read lesson 5 once more") for hint in api.hints("quick-05-1", 3)] == [True]
    with pytest.raises(NoSolution, match="mtl-teach quiz 05"):
        solution_of("quick-05-1")
