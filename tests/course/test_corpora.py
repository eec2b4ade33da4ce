"""Answers that were written from the problem sets' text alone, by hands that made no check.

``corpora/<name>/<exercise>--right|wrong--<slug>.py``: the first line says what is wrong with it, or in which style it
is right. ``names.toml`` holds, for each wrong answer that gets a name, the names that a reader found true of it.
Those in ``tables`` use pandas, which the course does without: right answers all the same. Those in ``odd`` are wrong in
ways that hardly anybody is: near misses of known mistakes, and two mistakes in one formula. There silence will do.
"""

import functools
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import exercises
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import PUBLISHED_SEED, mark, run_checks
from autograder.results import Verdict

pytestmark = pytest.mark.matrix

CORPORA = Path(__file__).parent / "corpora"
NAMED = 0.85  # of the wrong answers of a corpus
UNUSUAL = "odd"


@dataclass(frozen=True)
class Written:
    """One answer of a corpus."""

    corpus: str
    exercise: str
    kind: str
    slug: str

    @property
    def path(self) -> Path:
        return CORPORA / self.corpus / f"{self.exercise}--{self.kind}--{self.slug}.py"

    def student(self):
        exercise, namespace = exercises.load(self.exercise), {"__name__": "__main__"}
        exec(compile(self.path.read_text(encoding="utf-8"), str(self.path), "exec", dont_inherit=True), namespace)
        return LocalAnswer(exercise, tuple(namespace[name] for name in exercise.entries))

    def result(self, seed=PUBLISHED_SEED):
        return run_checks(exercises.load(self.exercise), self.student(), seed)

    def gets_full_marks(self, seed):
        """Without the words: a secret seed's failures are looked at once more with the published one for these."""
        checks = mark(exercises.load(self.exercise), self.student(), seed).checks
        return all(check.verdict is Verdict.PASSED for check in checks)


def written(kind):
    paths = sorted(CORPORA.glob(f"*/*--{kind}--*.py"))
    return [Written(path.parent.name, *path.stem.split("--")) for path in paths]


def each(kind):
    params = [
        pytest.param(one, id=f"{one.corpus}-{one.exercise}-{one.slug}", marks=together(one.corpus))
        for one in written(kind)
    ]
    return pytest.mark.parametrize("answer", params)


def together(corpus):
    """One worker of ``pytest -n 2 --dist loadgroup`` has a whole corpus, so that each answer is named once."""
    return pytest.mark.xdist_group(f"corpus {corpus}")


@functools.cache
def names_of(answer):
    return run_once(answer).misconceptions


@functools.cache
def run_once(answer):
    return answer.result()


@functools.cache
def found_true():
    return tomllib.loads((CORPORA / "names.toml").read_text(encoding="utf-8"))


@each("right")
def test_a_right_answer_gets_full_marks(answer):
    for result in (answer.result(), answer.result(b"a secret")):
        assert result.passed, [(check.id, check.summary) for check in result.checks]


@each("wrong")
def test_a_wrong_answer_loses_marks_with_every_seed_and_gets_only_names_that_are_true(answer):
    assert not run_once(answer).passed
    assert not any(map(answer.gets_full_marks, (b"a secret", b"another")))
    allowed = found_true().get(answer.corpus, {}).get(f"{answer.exercise}--{answer.slug}", [])
    assert set(names_of(answer)) <= set(allowed)


ORDINARY = sorted({one.corpus for one in written("wrong")} - {UNUSUAL})


@pytest.mark.parametrize("corpus", [pytest.param(one, marks=together(one)) for one in ORDINARY])
def test_most_wrong_answers_get_a_name(corpus):
    named = Counter(bool(names_of(one)) for one in written("wrong") if one.corpus == corpus)
    assert named[True] >= NAMED * named.total(), named
