"""The template of a misconception: nothing but comments, and all that an author needs to go on."""

import ast
from pathlib import Path

import pytest

from autograder import exercises
from autograder.authoring.new_mistake import Mistake, append, file_for
from autograder.results import UsageError
from autograder.testing import Misconception

SOURCE = "def masked_mean(v, m):\n    'Mine, Ada.'\n    # Ada\n    return v.sum() / 2\n"
MISTAKE = Mistake("halves_it", 'You halve it: "why"?\nLook.', "test_value", SOURCE, "Seen in a class: 3 answers.")


@pytest.fixture
def checkout(tmp_path):
    for name in ("masked_mean", "source_exercise_1"):
        folder = tmp_path / "autograder" / "exercises" / name
        folder.mkdir(parents=True)
        ours = Path(exercises.HERE) / name / "misconceptions.py"
        (folder / "misconceptions.py").write_bytes(ours.read_bytes())
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def appended(old, new):
    assert new.startswith(old)
    return new[len(old) :].strip()


def uncommented(template):
    """The template as an author has it once the signs of a comment are taken away; its four lines of words stay."""
    lines = [line.removeprefix("#").removeprefix(" ") for line in template.split("\n")]
    return "\n".join(lines[4:])


def test_what_the_file_does_stays_as_it_was(checkout):
    path = file_for("masked_mean", MISTAKE.id, checkout)
    old = path.read_text()
    assert append("masked_mean", MISTAKE, checkout) == path
    assert ast.dump(ast.parse(path.read_text())) == ast.dump(ast.parse(old))
    assert all(line.startswith("#") for line in appended(old, path.read_text()).split("\n"))


def test_without_its_signs_it_is_a_misconception_under_its_own_name_and_without_anybodys(checkout):
    path = file_for("masked_mean", MISTAKE.id, checkout)
    old = path.read_text()
    append("masked_mean", MISTAKE, checkout)
    code = uncommented(appended(old, path.read_text()))
    assert "Ada" not in code
    space = {}
    exec("from autograder.testing import misconception\n" + code, space)
    made = space["halves_it"]
    assert isinstance(made, Misconception)
    assert (made.message, made.caught_by) == (MISTAKE.message, "test_value")


@pytest.mark.parametrize(
    "source",
    [
        "def two(): return 2\n@str\n@abs\ndef masked_mean(v, m):\n    return -two()\nthree = 3\n",
        "def masked_mean(v, m): return 7\n\ndef masked_mean(v, m):\n    return '2'",
        "def other(v, m): return '2'\nmasked_mean = other",
        "masked_mean = lambda v, m: '2'",
    ],
)
def test_the_words_stand_at_the_function_itself_wherever_that_is(checkout, source):
    path = file_for("masked_mean", MISTAKE.id, checkout)
    old = path.read_text()
    append("masked_mean", Mistake("halves_it", "Two.", "test_value", source, "Seen."), checkout)
    space = {"abs": lambda function: lambda *args: abs(function(*args)), "str": lambda f: lambda *args: str(f(*args))}
    exec("from autograder.testing import misconception\n" + uncommented(appended(old, path.read_text())), space)
    assert [name for name, value in space.items() if isinstance(value, Misconception)] == ["halves_it"]
    assert space["halves_it"](1, 2) == "2"


def test_variables_become_a_function_of_the_numbers(checkout):
    one = exercises.load("source_exercise_1")
    source = "\n".join(f"{name} = {at}  # mine" for at, name in enumerate(one.entries))
    path = file_for(one.id, MISTAKE.id, checkout)
    old = path.read_text()
    append(one.id, Mistake("counts_up", "You count.", one.checks[0].id, source, "Seen."), checkout)
    code = uncommented(appended(old, path.read_text()))
    space = {}
    exec("from autograder.testing import misconception\n" + code, space)
    assert space["counts_up"](**one.numbers) in (0, tuple(range(len(one.entries))))


@pytest.mark.parametrize("source", ["def masked_mean(:\n\x1b[31m\r\nimport os\x0cimport os\u2028import os", "", "\n"])
def test_no_code_of_a_stranger_leaves_its_comment(checkout, source):
    path = file_for("masked_mean", MISTAKE.id, checkout)
    old = path.read_text()
    append("masked_mean", Mistake("odd_code", "Odd.", "test_value", source, "Seen."), checkout)
    new = path.read_text()
    assert ast.dump(ast.parse(new)) == ast.dump(ast.parse(old))
    assert all(line.startswith("#") for line in appended(old, new).splitlines())


@pytest.mark.parametrize(
    ("exercise", "id", "why"),
    [
        ("masked_meen", "halves_it", "Did you mean `masked_mean`"),
        ("quick-05-1", "halves_it", "is a question of a quick test"),
        ("delta_m", "halves_it", "A misconception is written in a checkout of the course; there is no"),
        ("masked_mean", "Halves it", "lower-case words joined by underscores, at most 60 characters"),
        ("masked_mean", "import", "lower-case words joined by underscores"),
        ("masked_mean", "multiplies_by_the_mask", "`multiplies_by_the_mask` is taken in"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(checkout, exercise, id, why):
    with pytest.raises(UsageError, match=why):
        file_for(exercise, id, checkout)


def test_an_installed_package_has_nowhere_to_write_it(checkout):
    (checkout / "pyproject.toml").unlink()
    with pytest.raises(UsageError, match="in a checkout"):
        append("masked_mean", MISTAKE, checkout)
