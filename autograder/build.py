"""From text sources to notebooks and exercises, one way.

``lessons/*.py`` and ``solutions/ps*.py`` (py:percent) and the quick tests' banks are the only edited files. A lesson
becomes a notebook without outputs. A problem set or a quick test becomes nbgrader's source notebook, and nbgrader's
own ``generate_assignment`` turns that into the student's version. Two builds give the same bytes.
"""

from __future__ import annotations

import ast
import contextlib
import io
import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from autograder import catalogue, exercises
from autograder.quizzes import assignment, bank
from autograder.quizzes.question import is_quick
from autograder.results import UsageError

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = re.compile(r"^(\s*)raise NotImplementedError\(.*\)$")
SCHEMA = 3


class BuildError(UsageError):
    """A source that cannot be built, or a generated file that is not what its source says."""


# ---- sources to notebooks --------------------------------------------------------------------------------------


def read_source(path: Path) -> nbformat.NotebookNode:
    """A py:percent file as a notebook with stable cell ids and no outputs."""
    return _notebook(path.read_text(encoding="utf-8"), path.stem)


def _notebook(text: str, stem: str) -> nbformat.NotebookNode:
    notebook = jupytext.reads(text, ".py")
    if notebook.cells and notebook.cells[0].cell_type == "raw":
        notebook.cells.pop(0)  # the header's own keys
    slug = stem.replace("_", "-")
    for index, cell in enumerate(notebook.cells):
        cell["id"] = cell.metadata.get("grade_id") or f"{slug[:50]}-{index}"
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = nbformat.NotebookNode(kernelspec=dict(KERNEL), language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def problem_set(path: Path) -> nbformat.NotebookNode:
    """A problem set's source as an nbgrader source notebook: short tags become nbgrader's metadata.

    Raises
    ------
    BuildError
        If a tag or an exercise is unknown, or a ``grade_id`` is missing or stands twice.
    """
    return _gradable(read_source(path), path.name)


def quick_test(path: Path) -> nbformat.NotebookNode:
    """A quick test's bank as an nbgrader source notebook, written like a problem set."""
    quiz = bank.read(path)
    return _gradable(_notebook(assignment.source(quiz), assignment.assignment_name(quiz)), path.name)


def _gradable(notebook: nbformat.NotebookNode, file: str) -> nbformat.NotebookNode:
    seen: set[str] = set()
    for cell in notebook.cells:
        tags, grade_id = cell.metadata.pop("tags", []), cell.metadata.pop("grade_id", None)
        if not tags:
            continue
        if len(tags) > 1 or not grade_id or not re.fullmatch(r"[a-zA-Z0-9_\-]+", grade_id) or grade_id in seen:
            raise BuildError(
                f"{file}: the cell {grade_id!r} needs one tag of ours and a grade_id of its own; got {tags}."
            )
        seen.add(grade_id)
        kind = _nbgrader_metadata(tags[0], grade_id, cell.cell_type, file)
        if kind:
            cell.metadata["nbgrader"] = {"grade_id": grade_id, "schema_version": SCHEMA, **kind}
        if tags[0] == "locked":
            cell.metadata.update(deletable=False, editable=False)
    return notebook


def _nbgrader_metadata(tag: str, grade_id: str, cell_type: str, file: str) -> dict[str, Any]:
    base = {"grade": False, "solution": False, "locked": False, "task": False, "cell_type": cell_type}
    if tag == "examples":
        return {}
    if tag == "locked":
        return {**base, "locked": True}
    if tag == "answer":
        return {**base, "solution": True}
    if tag == "check":
        points = catalogue.load(grade_id.removeprefix("check-")).max_score
        return {**base, "grade": True, "locked": True, "points": points}
    if tag.startswith("manual:"):
        return {**base, "grade": True, "solution": True, "points": float(tag.removeprefix("manual:"))}
    raise BuildError(f"{file}: unknown tag {tag!r}; expected locked, answer, examples, check or manual:POINTS.")


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """A notebook as the bytes that are written; nbformat sorts the keys, so that two builds are the same."""
    nbformat.validate(notebook)
    return (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode()


# ---- the student's version -------------------------------------------------------------------------------------


class NameTheStub(ClearSolutions):
    """nbgrader's ``ClearSolutions``, except that a stub says which function is still to be written.

    A question of a quick test needs none: above its solution stand the empty quotes for the letter.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "this cell")
        if is_quick(name):
            self.code_stub = {"python": ""}
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
            cell.source = cell.source.rstrip()
            return cell, resources
        self.code_stub = {"python": f'raise NotImplementedError("{name} is not written yet")'}
        return super().preprocess_cell(cell, resources, cell_index)


RELEASE = [  # nbgrader's own steps from source to student's version, but for the stub that names itself
    "nbgrader.preprocessors.LockCells",
    "autograder.build.NameTheStub",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]


def release(sources: Path, target: Path, names: list[str]) -> None:
    """Run nbgrader's ``generate_assignment`` on source notebooks, without a gradebook.

    Parameters
    ----------
    sources, target : Path
        Folders that hold and receive ``<name>/<name>.ipynb``.
    names : list of str
        Problem sets and quick tests.
    """
    config = Config()
    config.CourseDirectory.root = str(target.parent)
    config.CourseDirectory.source_directory = str(sources)
    config.CourseDirectory.release_directory = str(target)
    config.GenerateAssignment.no_database = True
    config.GenerateAssignment.force = True
    config.GenerateAssignment.preprocessors = [step for step in RELEASE if not step.endswith("SaveCells")]
    for name in names:
        config.CourseDirectory.assignment_id = name
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        converter.log.setLevel(logging.ERROR)
        converter.start()
        path = target / name / f"{name}.ipynb"
        path.write_bytes(as_bytes(nbformat.read(path, 4)))


# ---- the whole build -------------------------------------------------------------------------------------------


def sources(root: Path) -> list[Path]:
    """The text sources of lessons and projects."""
    return sorted([*root.glob("lessons/[0-9]*.py"), *root.glob("lessons/projects/[pP][0-9]*.py")])


def problem_sets(root: Path) -> list[Path]:
    """The text sources of the problem sets."""
    return sorted(root.glob("solutions/ps[0-9]*.py"))


def quick_tests(root: Path) -> list[Path]:
    """The banks of the quick tests."""
    return sorted(root.glob("autograder/quizzes/[0-9]*.toml"))


def assignments(root: Path) -> dict[str, nbformat.NotebookNode]:
    """Every source notebook by its assignment's name: problem sets, then quick tests."""
    made = {path.stem: problem_set(path) for path in problem_sets(root)}
    return made | {assignment.assignment_name(bank.read(path)): quick_test(path) for path in quick_tests(root)}


def generate(root: Path, target: Path) -> list[Path]:
    """Write every generated file below ``target``; give back their paths relative to it."""
    made: list[Path] = []
    for path in sources(root):
        relative = path.relative_to(root).with_suffix(".ipynb")
        _write(target / relative, as_bytes(read_source(path)))
        made.append(relative)
    names = []
    for name, notebook in assignments(root).items():
        relative = Path("solutions", name, f"{name}.ipynb")
        _write(target / relative, as_bytes(notebook))
        names.append(name)
        made += [relative, Path("exercises", name, f"{name}.ipynb")]
    release(target / "solutions", target / "exercises", names)
    return made


def build(root: Path) -> list[Path]:
    """Generate everything into the checkout, replacing only what changed; give back what changed."""
    with tempfile.TemporaryDirectory() as folder:
        made = generate(root, Path(folder))
        changed = [path for path in made if not _same(Path(folder, path), root / path)]
        for path in changed:
            _write(root / path, Path(folder, path).read_bytes())
    return changed


def check(root: Path) -> list[str]:
    """What is wrong with the generated files: stale, edited by hand, stray or leaking an answer."""
    with tempfile.TemporaryDirectory() as folder:
        made = generate(root, Path(folder))
        problems = [
            f"{path}: not what its source builds; run `mtl-grade build`"
            for path in made
            if not _same(Path(folder, path), root / path)
        ]
    known = set(made)
    for pattern in ("lessons/**/*.ipynb", "solutions/*/*", "exercises/*/*"):
        problems += [
            f"{path.relative_to(root)}: has no source; delete it"
            for path in sorted(root.glob(pattern))
            if path.is_file() and path.relative_to(root) not in known and ".ipynb_checkpoints" not in path.parts
        ]
    return problems + leaks(root) + stubs_differ(root)


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


# ---- what a student must not find ------------------------------------------------------------------------------


def leaks(root: Path) -> list[str]:
    """Answers that stand in what students get, compared as syntax trees without names and docstrings."""
    answers: dict[str, str] = {}
    for notebook in assignments(root).values():
        for cell in notebook.cells:
            if cell.cell_type == "code" and BEGIN in cell.source:
                answers |= {tree: f"solution of {name}" for name, tree in _bodies(cell.source)}
    for exercise in exercises.all_exercises():
        text = (exercises.HERE / exercise.id / "misconceptions.py").read_text(encoding="utf-8")
        answers |= {tree: f"misconception {name} of {exercise.id}" for name, tree in _bodies(text)}
    problems = []
    for path in sorted(root.glob("exercises/*/*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if BEGIN in cell.source or END in cell.source:
                problems.append(f"{path.relative_to(root)}: a solution's marks stand in cell {cell.id}")
            if cell.cell_type == "code":
                found = (answers[tree] for _, tree in _bodies(cell.source) if tree in answers)
                problems += [f"{path.relative_to(root)}: holds the {what}" for what in found]
    return problems + list(_quick_leaks(root))


def _quick_leaks(root: Path) -> Iterator[str]:
    """Letters and explanations that stand in a released quick test."""
    for quiz in map(bank.read, quick_tests(root)):
        name = assignment.assignment_name(quiz)
        path = root / "exercises" / name / f"{name}.ipynb"
        text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells) if path.exists() else ""
        if re.search(r"\banswer_\d\s*=\s*[\"'(\[]*[A-Za-z]", text):
            yield f"{path.relative_to(root)}: holds an answer"
        for question in quiz.questions:
            if any(one in text for option in question.options for one in (option.why, assignment.markdown(option.why))):
                yield f"{path.relative_to(root)}: explains an option of {question.id}"


def _bodies(source: str) -> Iterator[tuple[str, str]]:
    """The functions of more than two statements in a source: their names and their normalised bodies."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if sum(isinstance(inner, ast.stmt) for one in body for inner in ast.walk(one)) > 2:
                yield node.name, _normalised(body)


def _normalised(body: list[ast.stmt]) -> str:
    names: dict[str, str] = {}
    copy = ast.parse(ast.unparse(ast.Module(body=body, type_ignores=[])))
    for node in ast.walk(copy):
        if isinstance(node, ast.Name):
            node.id = names.setdefault(node.id, f"n{len(names)}")
    return ast.dump(copy)


def stubs_differ(root: Path) -> list[str]:
    """Released cells that differ from their solution outside the marked region."""
    problems = []
    for name, notebook in assignments(root).items():
        released = root / "exercises" / name / f"{name}.ipynb"
        if not released.exists():
            continue
        stubs = {cell.id: cell.source for cell in nbformat.read(released, 4).cells}
        for cell in notebook.cells:
            if cell.cell_type == "code" and BEGIN in cell.source:
                want = re.sub(rf"{BEGIN}.*?{END}", "", cell.source, flags=re.S)
                have = "\n".join(line for line in stubs.get(cell["id"], "").split("\n") if not STUB.match(line))
                if "".join(want.split()) != "".join(have.split()):
                    problems.append(
                        f"exercises/{name}: the stub of {cell['id']} is not its solution without the answer"
                    )
    return problems


# ---- the solutions themselves ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Solved:
    """What the checks say about one assignment's own solutions."""

    name: str
    wrong: tuple[str, ...]


def run_solutions(root: Path) -> list[Solved]:
    """Run every assignment's source from top to bottom; every check must give full marks."""
    out = []
    for name, notebook in assignments(root).items():
        wrong: list[str] = []
        namespace: dict[str, Any] = {"__name__": "__main__", "display": lambda *args, **kwargs: None}
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                if cell["id"].startswith("check-"):
                    points = eval(cell.source, namespace)
                    most = catalogue.load(cell["id"].removeprefix("check-")).max_score
                    if float(points) != most:
                        wrong.append(f"{cell['id']}: {points} of {most} points")
                else:
                    exec(compile(cell.source, f"<{cell['id']}>", "exec"), namespace)
        out.append(Solved(name, tuple(wrong)))
    return out
