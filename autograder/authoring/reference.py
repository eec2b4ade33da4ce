"""The reference: a page for each public module, which says of every name what it does and which lessons use it.

What a name does is in its docstring, which Sphinx reads; here is found which names there are, from the sources alone.
"""

from __future__ import annotations

import ast
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring import notebooks

FOLDER = "reference"
# Beside every module and package of the library itself: the doors to what is not library.
DOORS: tuple[str, ...] = ("mtl_teach.learn", "mtl_teach.learn.projects.milestones", "mtl_teach.learn.projects.online")
DOORS += ("autograder", "autograder.testing")


@dataclass(frozen=True)
class Name:
    """A public name: how it is imported, where it is defined, and by which statement."""

    dotted: str
    source: str
    node: ast.stmt

    @property
    def short(self) -> str:
        return self.dotted.rpartition(".")[2]


def pages(root: Path) -> dict[str, str]:
    """A page for each module, and the page that lists them."""
    used = used_in(root)
    made = {f"{FOLDER}/{module}.md": page(root, module, used) for module in modules(root)}
    return made | {f"{FOLDER}.md": contents(root)}


def modules(root: Path) -> list[str]:
    """The modules that have a page."""
    paths = sorted([*root.glob("mtl_teach/[a-z]*.py"), *(path.parent for path in root.glob("mtl_teach/*/__init__.py"))])
    library = [f"mtl_teach.{path.stem}" for path in paths if not path.stem.startswith("_") and path.stem != "learn"]
    return [*library, *DOORS]


def contents(root: Path) -> str:
    """The page that lists the others, each with what its module says of itself first."""
    rows = [f"- [{module}]({FOLDER}/{module}.md): {_first_sentence(root, module)}" for module in modules(root)]
    tree = "\n".join(["```{toctree}", ":hidden:", "", *(f"{FOLDER}/{module}" for module in modules(root)), "```"])
    return "\n\n".join([
        "# Reference",
        "Every public name of the library and of the grader: what it takes, gives back and raises, an example, and the "
        "lessons that use it. `from mtl_teach.losses import masked_loss` is how a name is imported.",
        "\n".join(rows),
        tree,
    ]) + "\n"  # fmt: skip


def page(root: Path, module: str, used: dict[str, list[str]]) -> str:
    """What a module says of itself, then every name of it; last its files that give it no name, each as a section."""
    public = names(root, module)
    lines = [f".. automodule:: {module}", "   :no-members:", ""]
    for name in public:
        lines += _entry(name, used)
    parts = [f"# {module}", _restructured(lines)]
    for method in _files_apart(root, module, public):
        lines = [f".. automodule:: {method}", "   :no-members:", ""]
        for name in names(root, method):
            lines += _entry(name, used)
        parts += [f"## {method.rpartition('.')[2]}", _restructured(lines)]
    return "\n\n".join(parts) + "\n"


def _restructured(lines: list[str]) -> str:
    return "\n".join(["```{eval-rst}", *lines, "```"])


def _entry(name: Name, used: dict[str, list[str]]) -> list[str]:
    lessons = ", ".join(f":doc:`/{lesson}`" for lesson in used.get(name.dotted, ()))
    text = [f"   Used in {lessons}.", ""] if lessons else []
    if isinstance(name.node, ast.ClassDef):
        members = ", ".join(_methods(name.node))
        return [f".. autoclass:: {name.dotted}", *([f"   :members: {members}"] if members else []), "", *text]
    if isinstance(name.node, ast.FunctionDef):
        return [f".. autofunction:: {name.dotted}", "", *text]
    whole = "   :module:"  # the name has its module, which Sphinx would put before it once more
    return [f".. py:data:: {name.dotted}", whole, "", *(f"   {line}" for line in _said_below(name)), "", *text]


def _methods(node: ast.ClassDef) -> list[str]:
    functions = (part for part in node.body if isinstance(part, ast.FunctionDef) and ast.get_docstring(part))
    return [one.name for one in functions if not one.name.startswith("_")]


def _said_below(name: Name) -> list[str]:
    """The string below a constant, which says what it is."""
    body = _parsed(name.source).body
    below = [after for node, after in itertools.pairwise(body) if node.lineno == name.node.lineno]
    said = getattr(getattr(below[0], "value", None), "value", "") if below else ""
    return said.splitlines() if isinstance(said, str) else []


# ---- which names there are -------------------------------------------------------------------------------------


def names(root: Path, module: str) -> list[Name]:
    """The public names of a module: those of its ``__all__``, else its functions and classes without an underscore."""
    tree = _tree(root, module)
    if (listed := _listed(tree)) is not None:
        return [_found(root, module, name, f"{module}.{name}") for name in listed]
    own = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return [_found(root, module, one.name, f"{module}.{one.name}") for one in own if not one.name.startswith("_")]


def _found(root: Path, module: str, name: str, dotted: str) -> Name:
    """Where a name is defined, however often it was handed on."""
    if module == "autograder":
        module = "autograder.api"  # its door imports a name when it is asked for
    for node in _tree(root, module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return Name(dotted, _text(root, module), node)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            return Name(dotted, _text(root, module), node)
        if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == name for one in node.names):
            return _found(root, node.module or "", name, dotted)
    raise LookupError(f"{module} has no {name}, which {dotted} is.")


def _files_apart(root: Path, module: str, public: list[Name]) -> Iterator[str]:
    """The files of a package of the library that define none of its names, such as each method of `gradients`."""
    folder = root.joinpath(*module.split("."))
    if not folder.is_dir() or module in DOORS:
        return
    sources = {name.source for name in public}
    for path in sorted(folder.glob("[a-z]*.py")):
        if path.read_text(encoding="utf-8") not in sources:
            yield f"{module}.{path.stem}"


def _listed(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return None


def _first_sentence(root: Path, module: str) -> str:
    text = " ".join((ast.get_docstring(_tree(root, module)) or "").partition("\n\n")[0].split())
    return re.sub(r"``(.+?)``", r"`\1`", re.split(r"(?<=\.) ", text)[0])


def _tree(root: Path, module: str) -> ast.Module:
    return _parsed(_text(root, module))


@functools.cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _text(root: Path, module: str) -> str:
    path = root.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8")


# ---- where they are used ---------------------------------------------------------------------------------------


def used_in(root: Path) -> dict[str, list[str]]:
    """The lessons and projects that import a name, by the name's dotted form and each lesson's place in the book."""
    found: dict[str, list[str]] = {}
    for path in notebooks.sources(root):
        lesson = path.relative_to(root / "lessons").with_suffix("").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("mtl_teach", "autograder")):
                for name in node.names:
                    there = found.setdefault(f"{node.module}.{name.name}", [])
                    there += [lesson] if lesson not in there else []
    return found
