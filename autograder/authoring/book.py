"""The text of the web book: what lies in the checkout, and the pages that are made of it. Sphinx builds from there.

Problem sets come from the released notebooks, quick tests from their banks (``book_quick_tests``), misconceptions from
the exercises' folders, by running them; no page is made of a solution.
"""

from __future__ import annotations

import functools
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder import exercises
from autograder.authoring import book_quick_tests, documents, reference
from autograder.authoring.kept import Ingredients, Kept
from autograder.authoring.lite import links
from autograder.exercises import Exercise, written
from autograder.files import Cell, cells_of, read_notebook, write_atomically
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from autograder.quizzes import bank
from autograder.results import CheckResult, UsageError
from autograder.testing import Misconception

MAP, SHOWN_FIRST, EDITION = "parts/map.md", "parts/picture.md", "parts/edition.md"
SETS, TESTS, GALLERY = "problem_sets", "quick_tests", "misconceptions"
FROM_LESSONS = ("*.ipynb", "projects/*.ipynb", "pages/*.md")
TO_ANSWER = "YOUR ANSWER HERE"
# A paragraph with such words tells what to do in the notebook; a page that is read says something else in its place.
HOW_TO_ANSWER = ("button under a check", "text cell", "`examples` cell", "`check(...)`")
OWN_NUMBERS = "between the quotes"
TO_READ = (
    "This page is to read. To answer, open the set in your workspace ([start here](../start.md)): there each answer is "
    "checked as soon as you want it, with a hint at a time where you are stuck."
)
AS_EXAMPLE = "Everybody answers with numbers of their own, which the set's notebook gives. They look like these:"
HINTS = ("First hint: where to look", "Second hint: the concept")  # the third gives the lines of a solution
# What a project's board prints while nothing is filled in: a stage that waits, and the sum of them.
NOT_BEGUN = re.compile(r"(\[  \] .+\n(?: {5}.+\n)*)*(0 of \d+ milestones usable\..*\n?(?: {5}.*\n?)*)?")
SPELLED = {"f1": "F1", "nan": "NaN", "relu": "ReLU"}
LONGEST = 300  # characters of one input; a longer one shows nothing at a glance
SVG = r"docs/[\w.-]+\.svg"
PICTURE = re.compile(rf'<source [^>]*srcset="(?P<narrow>{SVG})">\n<img src="(?P<wide>{SVG})" alt="(?P<words>[^"]*)">')
STEP = re.compile(r"\| (\w) \| \[(\d+)\. ([^]]+)\]\(\.\./(\w+)\.ipynb\) \| (\d+) \| (.+) \|")


def write(
    root: Path,
    target: Path,
    outputs: Mapping[str, bytes] | None = None,
    kept: Kept | None = None,
    *,
    with_edition: bool = False,
) -> list[Path]:
    """Put everything that Sphinx builds the book from into a folder, and nothing else.

    What has not changed keeps its date, so that Sphinx builds only the rest.

    Parameters
    ----------
    root, target : Path
    outputs : mapping of str to bytes, optional
        Lessons with their outputs, by their place in the book; others stand there without.
    kept : Kept, optional
        Where pages are kept that take long to make.
    with_edition : bool
        True where the browser edition will lie in the book: exercises that work there are linked to it.

    Returns
    -------
    list of Path
        What was written or removed, relative to ``target``.

    Raises
    ------
    UsageError
        If something else lies in the folder, which is not to be removed.
    """
    if target.exists() and not (target / MAP).is_file() and any(target.iterdir()):
        raise UsageError(f"Something else than the book's text lies in {target}: name a new folder.")
    made = pages(root, kept or Kept(None), with_edition)
    want = _gathered(root, outputs or {}) | {name: text.encode() for name, text in made.items()}
    have = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    changed = []
    for name in sorted(have - set(want)):
        (target / name).unlink()
        changed.append(Path(name))
    for name, data in want.items():
        if name not in have or (target / name).read_bytes() != data:
            write_atomically(target / name, data)
            changed.append(Path(name))
    return changed


def _gathered(root: Path, outputs: Mapping[str, bytes]) -> dict[str, bytes]:
    """What is taken as it is, by its place in the book; lessons with their outputs, where these are known."""
    own = {
        path.relative_to(root / "docs" / "book").as_posix(): path
        for path in (root / "docs" / "book").rglob("*")
        if path.is_file()
    }
    texts = {
        path.relative_to(root / "lessons").as_posix(): path
        for pattern in FROM_LESSONS
        for path in sorted(root.glob(f"lessons/{pattern}"))
    }
    found = own | texts
    if picture := PICTURE.search(_readme(root)):
        found |= {Path(picture[name]).name: root / picture[name] for name in ("wide", "narrow")}
    gathered = {name: outputs.get(name) or path.read_bytes() for name, path in found.items()}
    gathered |= {f"{name}.ipynb": with_ways_on(name, gathered[f"{name}.ipynb"]) for name in _practised(root)}
    return gathered | {
        name: as_scaffold(name, data) for name, data in gathered.items() if re.fullmatch(r"projects/.*\.ipynb", name)
    }


def _practised(root: Path) -> list[str]:
    """The lessons that have a problem set."""
    return [path.parent.name.removeprefix("ps") for path in _released(root)]


def _released(root: Path) -> list[Path]:
    return sorted(root.glob("exercises/ps[0-9]*/ps[0-9]*.ipynb"))


def with_ways_on(name: str, notebook: bytes) -> bytes:
    """A lesson whose problem set is a link where it is named, and that ends with links to what practises it."""
    number = int(name[:2])
    named = re.compile(rf"\bproblem set {number}\b(?: \(`ps{name}`\))?")
    links = (
        f"[problem set {number}]({SETS}/ps{name}.md) · [quick test {number}]({TESTS}/{name[:2]}.md) · "
        f"[what people get wrong]({GALLERY}/{name}.md)"
    )
    data = json.loads(notebook)
    for cell in data["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"] = named.sub(f"[problem set {number}]({SETS}/ps{name}.md)", text)
    data["cells"].append({"cell_type": "markdown", "id": "ways-on", "metadata": {}, "source": f"**Practise:** {links}"})
    return _as_notebook(data)


def as_scaffold(name: str, notebook: bytes) -> bytes:
    """A project that says below its title what it is, without the outputs of stages that wait for the learner."""
    data = json.loads(notebook)
    title, rest = "".join(data["cells"][0]["source"]).split("\n", 1)
    said = (
        f"*This page is the project as you open it, before anything is filled in: the notebook `lessons/{name}` of "
        "your workspace ([start here](../start.md)). The outputs of stages that wait for you are left out.*"
    )
    data["cells"][0]["source"] = f"{title}\n\n{said}\n{rest}"
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [one for one in cell["outputs"] if not _waits(one)]
    return _as_notebook(data)


def _waits(output: dict[str, Any]) -> bool:
    """True for an output that only says that nothing is filled in."""
    return output["output_type"] == "stream" and NOT_BEGUN.fullmatch("".join(output["text"])) is not None


def _as_notebook(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def pages(root: Path, kept: Kept, with_edition: bool = False) -> dict[str, str]:
    """Every page that is made, by its place in the book."""
    made = {f"{SETS}/{path.stem}.md": problem_set(path, with_edition) for path in _released(root)}
    made |= documents.pages(root) | reference.pages(root)
    made |= {MAP: learning_map(root), SHOWN_FIRST: picture(root), EDITION: edition() if with_edition else ""}
    made_of = Ingredients(root)
    for name, source, make in _slow(root):
        made[f"{name}.md"] = kept.text(name.replace("/", "_"), made_of.of_page(source.read_bytes()), make)
    return made


def _slow(root: Path) -> Iterator[tuple[str, Path, Callable[[], str]]]:
    """The pages for which exercises are imported or run: name, source, and what makes each."""
    for path in _released(root):
        yield f"{GALLERY}/{path.stem.removeprefix('ps')}", path, functools.partial(gallery, path)
    for number in bank.all_quizzes():
        path = root / f"autograder/quizzes/{number}.toml"
        yield f"{TESTS}/{number}", path, functools.partial(_quick_test, number)


def _quick_test(number: str) -> str:
    return book_quick_tests.page(bank.load(number))


# ---- problem sets ----------------------------------------------------------------------------------------------


def problem_set(path: Path, with_edition: bool = False) -> str:
    """A released problem set as a page to read: what is asked, with hints that open, and no cell to answer in."""
    lines = []
    for cell in cells_of(read_notebook(path.read_bytes())):
        if cell.kind != "markdown" or cell.source.strip() == TO_ANSWER:
            continue
        lines.append(_to_read(cell, path.stem))
        if exercise := _asked_in(cell):
            lines += [_help(exercise), *_where_to_solve(exercise, path.stem, with_edition)]
    return "\n\n".join(lines) + "\n"


def _to_read(cell: Cell, name: str) -> str:
    """A cell's text; in the place of what is to be done in the notebook stands what a reader gets from it."""
    paragraphs: list[str] = []
    for paragraph in cell.source.split("\n\n"):
        if OWN_NUMBERS in paragraph:
            paragraphs += [AS_EXAMPLE, _numbers(cell.id, name)]
        elif not any(words in paragraph for words in HOW_TO_ANSWER):
            paragraphs.append(paragraph)
        elif TO_READ not in paragraphs:
            paragraphs.append(TO_READ)
    return "\n\n".join(paragraphs)


def _numbers(cell: str, name: str) -> str:
    """What a written question is about, with the published numbers."""
    (question,) = (one for one in written.questions().values() if (one.assignment, f"given-{one.cell}") == (name, cell))
    return question.statement()


def _where_to_solve(exercise: Exercise, name: str, with_edition: bool) -> Iterator[str]:
    """The way to the exercise in the browser edition; for one that does not run there, how to install the course."""
    if exercise.needs_torch:
        yield f"It needs PyTorch; to solve it, install the course: {links.INSTALL}."
    elif with_edition:
        there = links.address(f"exercises/{name}/{name}.ipynb", f"about-{exercise.id}")
        yield f'<a href="../{links.FOLDER}/{there}">Try it here, in your browser</a>: nothing is installed.'


def _asked_in(cell: Cell) -> Exercise | None:
    """The exercise whose statement a cell is, if it is one."""
    name = cell.id.removeprefix("about-")
    return exercises.load(name) if name != cell.id and name in exercises.all_ids() else None


def _help(exercise: Exercise) -> str:
    """What stands below a statement: where to read, two hints, and what others get wrong."""
    wrong = f"[What people get wrong here](../{GALLERY}/{exercise.lesson}.md), to read once you have tried."
    return "\n\n".join([*map(_folded, HINTS, exercise.hints), f"{_read_first(exercise)} {wrong}"])


def _read_first(exercise: Exercise) -> str:
    """The lesson that an exercise belongs to, and the section that explains its idea."""
    lesson = f"../{exercise.lesson}.ipynb"
    section = f", [“{exercise.section}”]({lesson}#{slug(exercise.section)})" if exercise.section else ""
    return f"Read first: [lesson {int(exercise.lesson[:2])}]({lesson}){section}."


def slug(heading: str) -> str:
    """The anchor that Sphinx, with MyST, gives a heading.

    >>> slug("Values go back, errors go back differently")
    'values-go-back-errors-go-back-differently'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower().replace(" ", "-"))


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


# ---- misconceptions --------------------------------------------------------------------------------------------


def gallery(path: Path) -> str:
    """The misunderstandings that a released set's exercises know: what is said, and the input that gives them away."""
    cells = cells_of(read_notebook(path.read_bytes()))
    some = [exercise for cell in cells if (exercise := _asked_in(cell))]
    count = sum(len(_understood_wrong(exercise)) for exercise in some)
    title = cells[0].source.splitlines()[0].replace("Problem set", "Misconceptions")
    lines = [
        title,
        f"{count} ways to misunderstand {len(some)} exercises of [this problem set](../{SETS}/{path.stem}.md).",
    ]
    for exercise in some:
        lines += [f"## {exercise.title}", f"`{exercise.signature}`", _read_first(exercise)]
        lines += _misunderstood(exercise)
    return "\n\n".join(lines) + "\n"


def _understood_wrong(exercise: Exercise) -> Mapping[str, Misconception]:
    return {name: one for name, one in exercise.misconceptions.items() if one.conceptual}


def _misunderstood(exercise: Exercise) -> Iterator[str]:
    """An exercise's misconceptions, below what is asked, which is said once for all that a check tells by it."""
    by_sentence: dict[str, list[str]] = {"": []}  # first those that no check's sentence belongs to
    for name, wrong in _understood_wrong(exercise).items():
        check = _failed(exercise, name, wrong)
        shown = _shown(exercise, name, wrong, check)
        by_sentence.setdefault(check.sentence if check else "", []).append("\n\n".join(shown))
    for sentence, shown_below in by_sentence.items():
        yield from [f"*What is asked:* {sentence}"] if sentence else []
        yield from shown_below


def _failed(exercise: Exercise, name: str, wrong: Misconception) -> CheckResult | None:
    """The check that tells a misconception, if there is one that may be shown."""
    if exercise.published:
        return None  # its one input is the statement's own, whose result is the answer
    result = run_checks(exercise, LocalAnswer.of(exercise, wrong.members[0]))
    return next((check for check in result.checks if check.misconception == name), None)


def _shown(exercise: Exercise, name: str, wrong: Misconception, check: CheckResult | None) -> Iterator[str]:
    """One misconception: its name and what the tutor says, and the input that gives it away."""
    yield f"({anchor(exercise.id, name)})="
    yield f"**{headline(name)}.** {wrong.members[0].message}"
    if check and (rows := _rows(check)):
        yield f"```text\n{rows}\n```"


def headline(name: str) -> str:
    """A misconception's name in words.

    >>> headline("best_f1_among_the_good")
    'Best F1 among the good'
    """
    words = name.replace("_", " ").capitalize()
    return re.sub(r"\b(?:f1|nan|relu)\b", lambda found: SPELLED[found[0].lower()], words, flags=re.IGNORECASE)


def anchor(exercise: str, name: str) -> str:
    """Where a misconception stands on its page.

    >>> anchor("pareto_mask", "equal_points_dominate")
    'pareto-mask-equal-points-dominate'
    """
    return f"{exercise}-{name}".lower().replace("_", "-")


def _rows(check: CheckResult) -> str:
    """The input, what comes back for it and what should, one below the other; empty where one of them is long."""
    rows = {**(check.inputs or {}), "expected": check.expected, "got": check.got}
    rows = {name: text for name, text in rows.items() if text}
    if not check.inputs or max(map(len, rows.values())) > LONGEST:
        return ""
    width = max(map(len, rows)) + 2
    return "\n".join(f"{f'{name}:':<{width}}{_hanging(text, width)}" for name, text in rows.items())


def _hanging(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


# ---- the first page --------------------------------------------------------------------------------------------


def learning_map(root: Path) -> str:
    """The way through the course: each lesson with what one leaves with, its exercises and its misconceptions."""
    rows = STEP.findall((root / "lessons/pages/learning_path.md").read_text(encoding="utf-8"))
    steps = []
    for part, number, title, name, minutes, leaves_with in rows:
        more = [f"Part {part}, {minutes} minutes"]
        if (root / "exercises" / f"ps{name}").is_dir():
            more.append(f"[problem set](/{SETS}/ps{name}.md)")
            more.append(f"[quick test](/{TESTS}/{name[:2]}.md)")
            more.append(f"[misconceptions](/{GALLERY}/{name}.md)")
        lines = (f"**[{title}](/{name}.ipynb)**", leaves_with, " · ".join(more))
        steps.append(f"{f'{number}.':<4}" + "\\\n    ".join(lines))
    return "\n".join(steps) + "\n"


def picture(root: Path) -> str:
    """The README's picture of a named misconception, wide and for a phone, with its description."""
    found = PICTURE.search(_readme(root))
    if not found:
        return ""
    words = html.unescape(found["words"])
    return "\n".join(f"![{words}](/{Path(found[name]).name}){{.{name}}}" for name in ("wide", "narrow")) + "\n"


def edition() -> str:
    """How to begin in the browser edition, seen from a page beside the first one."""
    home = f"{links.FOLDER}/{links.address('index.ipynb')}"
    return (
        f'Or install nothing: <a href="{home}">the browser edition</a> has most exercises, the quick tests and the '
        "predictions of the lessons, and keeps your progress in the browser.\n"
    )


def _readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")
