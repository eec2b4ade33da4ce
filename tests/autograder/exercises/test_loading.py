"""One folder an exercise: read whole, in the order in which it is written, and by its name or not at all."""

import itertools
import subprocess
import sys

import numpy as np
import pytest

from autograder import catalogue, exercises
from autograder.exercises import UnknownExercise, all_exercises, all_ids, load
from autograder.quizzes import question
from autograder.results import UsageError

NUMBERS = itertools.count()
META = '''
title = "By hand"
lesson = "05_missing_labels"
entries = ["first", "second"]
signature = "first(values)"
difficulty = 3
minutes = 12
{more}
[arguments]
values = "tensor of float32"
mask = "as given"
[hints]
concept = """
  The concept.
"""
pseudo_code = "a plan"
nudge = " A nudge. "
'''
CHECKS = '''
from autograder.testing import depends, fail, points, probe
from autograder.testing import assert_close as test_borrowed


@points(2.5)
def test_zebra(student, rng):
    """It is
       striped."""


@depends("test_zebra", "test_other")
def test_ant(student, rng):
    """It is small."""


def test_silent(student, rng):
    pass


def helper(student, rng):
    """No check."""


test_number = 3


def probes(rng):
    yield probe(float(rng.random()))
    yield probe(2.0)
'''
WRONG = """
from autograder.testing import misconception


def helper(values):
    return 0


@misconception("Wrong.", caught_by="test_ant", conceptual=True)
def zero(values):
    return helper(values)


@misconception("Also wrong.", caught_by="test_zebra")
def one(values):
    return 1
"""
RIGHT = """
from autograder.testing import alternative


@alternative("a loop")
def loop(values):
    return 2


def helper(values):
    return 2
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Room for exercises beside the real ones."""
    monkeypatch.setattr(exercises, "HERE", tmp_path)
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(tmp_path)])
    forget()
    yield tmp_path
    forget()


def forget():
    all_ids.cache_clear()
    load.cache_clear()
    for name in [name for name in sys.modules if name.startswith("autograder.exercises.written_")]:
        del sys.modules[name]


def write(folder, more="", name=""):
    name = name or f"written_{next(NUMBERS)}"
    (folder / name).mkdir()
    texts = {
        "exercise.toml": META.format(more=more),
        f"test_{name}.py": CHECKS,
        "misconceptions.py": WRONG,
        "alternatives.py": RIGHT,
    }
    for file, text in texts.items():
        (folder / name / file).write_text(text, encoding="utf-8")
    all_ids.cache_clear()
    return name


def test_everything_in_its_file_is_read(folder):
    more = 'section = "The idea"\nvalues = true\nforbidden = ["mtl_teach.losses.masked_loss"]\n'
    more += '[questions]\ntest_zebra = "Why?"'
    one = load(write(folder, more))
    assert (one.title, one.lesson, one.section) == ("By hand", "05_missing_labels", "The idea")
    assert (one.entries, one.signature, one.values) == (("first", "second"), "first(values)", True)
    assert (one.difficulty, one.minutes) == (3, 12)
    assert one.arguments == (("values", "tensor of float32"), ("mask", "as given"))
    assert one.hints == ("A nudge.", "The concept.", "a plan")
    assert (one.questions, one.forbidden) == ({"test_zebra": "Why?"}, ("mtl_teach.losses.masked_loss",))


def test_what_may_be_left_out_is_empty(folder):
    name = write(folder)
    file = folder / name / "exercise.toml"
    text = file.read_text(encoding="utf-8")
    before, _, rest = text.partition("[arguments]")
    file.write_text(before + rest[rest.index("[hints]") :], encoding="utf-8")
    one = load(name)
    assert (one.section, one.values, one.questions, one.forbidden, one.arguments) == ("", False, {}, (), ())
    assert (one.order, len(one.hints)) == (None, 3)


ORDER = """
[order]
lines = '''
if first:
    return 1

return 2
'''
wrong = '''
    return first
return 3
'''
"""


def test_the_lines_of_the_last_hint_keep_their_own_indentation_and_stand_below_the_signature(folder):
    name = write(folder)
    file = folder / name / "exercise.toml"
    file.write_text(file.read_text(encoding="utf-8") + ORDER, encoding="utf-8")
    one = load(name)
    assert one.hints == ("A nudge.", "The concept.")
    assert one.order.lines == ("if first:", "    return 1", "return 2")
    assert one.order.wrong == ("    return first", "return 3")
    assert one.order.source(one.order.lines) == ("def first(values):\n    if first:\n        return 1\n    return 2\n")


def test_a_frame_says_where_the_lines_go(folder):
    name = write(folder)
    file = folder / name / "exercise.toml"
    frame = 'frame = """\nclass A:\n    def of(self):\n        {lines}\n\nfirst = A()\n"""\n'
    file.write_text(file.read_text(encoding="utf-8") + ORDER + frame, encoding="utf-8")
    source = load(name).order.source(["a = 1", "return a"])
    assert source == "class A:\n    def of(self):\n        a = 1\n        return a\n\nfirst = A()\n"


def test_its_checks_are_its_own_functions_in_the_order_in_which_they_are_written(folder):
    one = load(write(folder))
    assert [(check.id, check.sentence, check.points, check.depends) for check in one.checks] == [
        ("test_zebra", "It is striped.", 2.5, ()),
        ("test_ant", "It is small.", 1.0, ("test_zebra", "test_other")),
        ("test_silent", "", 1.0, ()),
    ]
    assert one.max_score == 4.5
    assert one.checks[0].function.__name__ == "test_zebra"


def test_its_probes_are_always_the_same(folder):
    one = load(write(folder))
    drawn = np.random.default_rng(20180601).random()
    assert [probe.args for probe in one.probes()] == [probe.args for probe in one.probes()] == [(drawn,), (2.0,)]


def test_a_whole_outcome_is_a_behaviour(folder):
    outcome = object()
    assert load(write(folder)).behaviour(outcome) is outcome


def test_its_answers_are_those_that_are_marked(folder):
    one = load(write(folder))
    assert {name: answer.conceptual for name, answer in one.misconceptions.items()} == {"zero": True, "one": False}
    assert {name: answer.style for name, answer in one.alternatives.items()} == {"loop": "a loop"}


def test_an_exercise_is_read_once(folder):
    name = write(folder)
    assert load(name) is load(name)
    assert load(name).checks is load(name).checks


def test_every_folder_with_an_exercise_is_one_in_alphabetical_order(folder):
    names = [write(folder, name=name) for name in ("written_z", "written_a")]
    (folder / "no_exercise").mkdir()
    (folder / "exercise.toml").write_text("")
    all_ids.cache_clear()
    assert all_ids() == tuple(sorted(names))
    assert [one.id for one in all_exercises()] == sorted(names)


def test_an_unknown_name_is_told_the_nearest_or_all():
    assert issubclass(UnknownExercise, UsageError)
    assert str(UnknownExercise("masked_meen")) == "There is no exercise `masked_meen`. Did you mean `masked_mean`?"
    text = str(UnknownExercise("zzz"))
    assert text.startswith("There is no exercise `zzz`. There are: SharedTrunk, cgc_mix, ctr_cvr_loss, ")
    assert str(UnknownExercise("b", ("a", "c"))) == "There is no exercise `b`. There are: a, c."
    with pytest.raises(LookupError, match="There is no exercise `masked_meen`"):
        load("masked_meen")


def test_questions_of_quick_tests_go_by_their_prefix():
    assert question.is_quick("quick-05-1")
    assert not question.is_quick("quick")
    assert not question.is_quick("my-quick-05-1")


def test_folders_hold_exercises_and_the_catalogue_questions_too():
    assert catalogue.load("masked_mean") == load("masked_mean")
    assert catalogue.load("quick-05-1") == question.load("quick-05-1")
    with pytest.raises(UnknownExercise, match="There is no exercise `quick-05-1`"):
        load("quick-05-1")


def test_judging_an_answer_waits_for_no_large_library_that_one_known_answer_uses():
    """Such an answer imports it where it uses it: else the first check in a notebook takes a second longer."""
    code = (
        "import sys; from autograder.exercises import all_exercises\n"
        "for one in all_exercises():\n    one.prepare()\n"
        "    assert not {'sklearn', 'pandas', 'matplotlib', 'sympy'} & set(sys.modules), one.id"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
