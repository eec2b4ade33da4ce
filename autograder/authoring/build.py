"""Every generated file of a checkout, made one way: two builds give the same bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from autograder.authoring.gates import leaks, stubs_differ
from autograder.authoring.notebooks import as_bytes, assignments, lesson, sources
from autograder.authoring.release import release
from autograder.files import write_atomically


def generate(root: Path, target: Path) -> list[Path]:
    """Write every generated file below ``target``; give back their paths relative to it."""
    made: list[Path] = []
    for path in sources(root):
        relative = path.relative_to(root).with_suffix(".ipynb")
        write_atomically(target / relative, as_bytes(lesson(path)))
        made.append(relative)
    names = []
    for name, notebook in assignments(root).items():
        relative = Path("solutions", name, f"{name}.ipynb")
        write_atomically(target / relative, as_bytes(notebook))
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
            write_atomically(root / path, Path(folder, path).read_bytes())
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
