"""What was handed in, made sense of: one clean notebook, what a person must look at, and what was found on the way.

Nobody gets a zero for a form. What cannot be read, what stands in the wrong kind of cell, what lost its name or lies
under another one is found where that can be done beyond doubt and is said; where it takes a judgement it is given to a
person (*for review*), together with what was found. Everything here works on data of strangers: it takes no longer
than their file is long, runs nothing, and raises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder import catalogue
from autograder.files import NotANotebook, Notebook, as_cell, read_notebook
from autograder.grading.assignment import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_CHARACTERS,
    WORDS_STUB,
    Assignment,
    Written,
    digest,
)
from autograder.grading.record import NOBODY, Job
from autograder.grading.script import as_notebook, comments_of

MAX_OUTSIDE = 20  # texts outside the answers' cells
MAX_TEXT = 4_000  # characters of one of them
FEWEST_WORDS = 4  # of a text that may be an answer
_DEFINITION = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)|(\w+)\s*(?::[^=]*)?=(?!=)")
IN_TEXT = "the answer stands in a text cell: look whether it is one"
FOUND = "the written answer was found outside its own cell: look whether it is one"
NO_NUMBERS = "nobody of this id is on roster.csv, so it was checked with the published numbers: look whose it is"
GONE = "the cell of the written answer is missing: look whether it was answered elsewhere"


def is_script(file: str) -> bool:
    """True for the name of a Python file.

    >>> is_script("ps05.PY"), is_script("ps05.ipynb")
    (True, False)
    """
    return file.lower().endswith(".py")


class Ungradable(Exception):
    """Why a submission cannot be graded; it is marked for review, never given a zero."""


@dataclass(frozen=True)
class ForReview:
    """A part at which a person must look.

    Attributes
    ----------
    cell : str
        The name of the cell that carries the marks: ``check-<exercise>``, or that of a written answer.
    reason : str
    """

    cell: str
    reason: str


@dataclass(frozen=True)
class HandedIn:
    """What was handed in for an assignment, as every later step sees it.

    Attributes
    ----------
    notebook : dict or None
        A valid notebook of format 4.5 without outputs; answers that were found stand in their own cells under their
        own names. None where nothing could be read.
    reason : str
        Why a person must look at the whole; empty where it can be graded.
    review : tuple of ForReview
        The parts at which a person must look.
    said : tuple of str
        What was found elsewhere than it should be, a sentence each, for the instructor and the student.
    outside : tuple of str
        Texts of the student's own outside the answers' cells, where a written answer is missing.
    """

    notebook: Notebook | None = None
    reason: str = ""
    review: tuple[ForReview, ...] = ()
    said: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


def make_sense(data: bytes | None, assignment: Assignment, *, file: str = "", accepted: bool = False) -> HandedIn:
    """Make sense of the bytes that were handed in for an assignment. Never raises over them.

    Parameters
    ----------
    data : bytes or None
        None where nothing was handed in.
    assignment : Assignment
    file : str
        The name of the file; what ends in ``.py`` is a Python file.
    accepted : bool
        True once a person has looked and takes it as it was found: then nothing is left to review but what cannot be
        read.
    """
    if data is None:
        return HandedIn(reason=f"no notebook named {assignment.name}.ipynb was handed in")
    if len(data) > MAX_BYTES:
        return HandedIn(reason=f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    try:
        notebook = as_notebook(data) if is_script(file) else read_notebook(data)
    except NotANotebook as why:
        return HandedIn(reason=str(why))
    if len(notebook["cells"]) > MAX_CELLS:
        return HandedIn(reason=f"the notebook has {len(notebook['cells'])} cells; at most {MAX_CELLS} are read")
    characters = sum(len(cell["source"]) for cell in notebook["cells"])
    if characters > MAX_CHARACTERS:
        return HandedIn(
            reason=f"the notebook's cells hold {characters:,} characters; at most {MAX_CHARACTERS:,} are read"
        )
    sense = _Sense(notebook, assignment, is_script(file), accepted)
    if not accepted and not sense.is_this_set():
        return HandedIn(notebook, reason=sense.which_set())
    sense.find_code()
    sense.find_words()
    return HandedIn(
        notebook, "", tuple(sense.review), tuple(sense.said), tuple(sense.outside) if sense.missing_words else ()
    )


def sense_of(job: Job) -> HandedIn:
    """Make sense of what a job is to grade, with what was said when its file was chosen."""
    if job.reason:
        return HandedIn(reason=job.reason, said=job.said)
    made = make_sense(job.notebook, job.assignment, file=job.file, accepted=job.accepted)
    review = made.review
    if job.numbers_of == NOBODY and not job.accepted:
        review += tuple(ForReview(f"check-{name}", NO_NUMBERS) for name, one in job.exercises.items() if one.published)
    return replace(made, review=review, said=(*job.said, *made.said))


# ---- the code to run ---------------------------------------------------------------------------------------------


def read_cells(data: bytes | None, assignment: Assignment, *, file: str = "") -> list[tuple[str, str]]:
    """The code to run, as (name, source), from the bytes that were handed in.

    Raises
    ------
    Ungradable
        If a person must look at the whole; the message says why.
    """
    handed_in = make_sense(data, assignment, file=file)
    if handed_in.reason or handed_in.notebook is None:
        raise Ungradable(handed_in.reason)
    return code_of(handed_in.notebook, assignment)


def code_of(notebook: Notebook, assignment: Assignment) -> list[tuple[str, str]]:
    """The code to run, as (name, source), of a notebook that :func:`make_sense` gave.

    Locked cells are taken from our source, check cells are left out (they are asked from outside), locked cells that
    were deleted come first, and an answer's cell that is as it was handed out does not undo an answer that stands in a
    cell of the student's own.
    """
    ours = dict(assignment.locked)
    stubs = _idle_stubs(notebook, assignment)
    out: list[tuple[str, str]] = []
    used: set[str] = set()
    for index, cell in enumerate(map(as_cell, notebook["cells"])):
        known = cell.name in assignment.cells
        if cell.kind != "code" or index in stubs or (known and _is_asked_from_outside(cell.name, assignment)):
            continue
        source = ours.pop(cell.name) if cell.name in ours else cell.source
        name = cell.name if known and cell.name not in used else f"cell {index + 1}"
        used.add(name)
        out.append((name, source))
    return [*ours.items(), *out]


def answers_in(notebook: Notebook, assignment: Assignment) -> dict[str, str]:
    """The code that answers each exercise, as it was handed in, of a notebook that :func:`make_sense` gave.

    It is the text of the answer's own cell and of every other cell of the student's that defines one of its names, in
    order. An exercise whose cell is as it was handed out, and that no other cell answers, is not there.
    """
    ours = {name for name, _ in assignment.locked}
    found: dict[str, list[str]] = {}
    for cell in map(as_cell, notebook["cells"]):
        if cell.kind != "code" or cell.name in ours or _is_asked_from_outside(cell.name, assignment):
            continue
        names = _defined("\n".join(line for line in cell.source.split("\n") if line[:1].strip()))
        for exercise in assignment.exercises:
            own = cell.name == exercise
            answers = (
                not _is_stub(cell.source, exercise, assignment) if own else not names.isdisjoint(_entries(exercise))
            )
            if answers:
                found.setdefault(exercise, []).append(cell.source)
    return {exercise: "\n\n".join(sources) for exercise, sources in found.items()}


def _is_asked_from_outside(name: str, assignment: Assignment) -> bool:
    return name.startswith("check-") or any(part.name == name for part in assignment.written)


def _idle_stubs(notebook: Notebook, assignment: Assignment) -> dict[int, str]:
    """The cells that are as they were handed out, though the answer stands in another one: place and exercise."""
    cells = list(map(as_cell, notebook["cells"]))
    untouched = {
        index: cell.name
        for index, cell in enumerate(cells)
        if cell.kind == "code" and cell.name in assignment.exercises and _is_stub(cell.source, cell.name, assignment)
    }
    own = {
        name
        for cell in cells
        if untouched and cell.kind == "code" and cell.name not in assignment.cells
        for name in _defined(cell.source)
    }
    return {index: name for index, name in untouched.items() if own.issuperset(_entries(name))}


def _is_stub(source: str, name: str, assignment: Assignment) -> bool:
    """True for an answer's cell that is empty or as it was handed out."""
    return not source.strip() or digest(source) == digest(dict(assignment.stubs).get(name, ""))


def _entries(exercise: str) -> tuple[str, ...]:
    return catalogue.load(exercise).entries


def _defined(source: str) -> set[str]:
    """The names that lines begin to define: line by line, so that it takes no longer than the text is long."""
    lines = (line for line in source.split("\n") if "=" in line or "def" in line or "class" in line)
    found = (_DEFINITION.match(line.lstrip()) for line in lines)
    return {match[1] or match[2] for match in found if match}


# ---- what was meant ----------------------------------------------------------------------------------------------


class _Sense:
    """One notebook while it is made sense of; its cells are put in order in place."""

    def __init__(self, notebook: Notebook, assignment: Assignment, script: bool, accepted: bool) -> None:
        self._cells: list[dict[str, Any]] = notebook["cells"]
        self._assignment = assignment
        self._script = script
        self._accepted = accepted
        self.review: list[ForReview] = []
        self.said: list[str] = []
        self.outside: list[str] = []
        self.missing_words = False
        self._definitions: dict[str, set[str]] = {}
        self._name_cells()

    def _name_cells(self) -> None:
        """Know each cell by its name in the assignment; a question that lost its name, by its text."""
        known = set(self._assignment.cells)
        self._names = [name if (name := as_cell(cell).name) in known else "" for cell in self._cells]
        prompts = {digest(part.prompt_text): part.prompt for part in self._assignment.written if part.prompt}
        for index, cell in enumerate(self._cells):
            if not self._names[index] and cell["cell_type"] != "code" and prompts:
                name = prompts.get(digest(cell["source"]), "")
                if name and name not in self._names:
                    self._names[index] = name

    def _defined(self, source: str) -> set[str]:
        """The names that a cell defines; each text is searched once."""
        if source not in self._definitions:
            self._definitions[source] = _defined(source)
        return self._definitions[source]

    # -- which problem set

    def is_this_set(self) -> bool:
        """True where a cell of this problem set is in it that not all sets have, or else a function of it."""
        own = set(self._assignment.cells) - set(self._assignment.shared)
        if not own.isdisjoint(self._names):
            return True
        functions = {entry for one in self._assignment.exercises for entry in _entries(one)}
        code = [cell["source"] for cell in self._cells if cell["cell_type"] == "code"]
        return not self._other_sets() and any(not functions.isdisjoint(self._defined(source)) for source in code)

    def which_set(self) -> str:
        """Why this is not the problem set that was asked for, with the name of the one that it seems to be."""
        seen = self._other_sets()
        asked = f"this is not problem set {self._assignment.name}"
        if seen:
            return f"{asked}: by its cells it is {max(sorted(seen), key=seen.__getitem__)}"
        return f"{asked}: none of its cells or functions is in it"

    def _other_sets(self) -> dict[str, int]:
        """How many cells of the course's other problem sets are in it."""
        sets = dict(self._assignment.others)
        names = (as_cell(cell).name for cell in self._cells)
        found = [sets[name] for name in names if name in sets]
        return {name: found.count(name) for name in set(found)}

    # -- code

    def find_code(self) -> None:
        """Bring each answer in code where it is run, wherever it was written."""
        run = [self._is_run(index) for index in range(len(self._cells))]
        defined = {
            name for index, cell in enumerate(self._cells) if run[index] for name in self._defined(cell["source"])
        }
        for exercise in self._assignment.exercises:
            at = self._places(exercise)
            own = next((index for index in at if self._cells[index]["cell_type"] == "code"), None)
            if own is not None and not _is_stub(self._cells[own]["source"], exercise, self._assignment):
                continue
            if not defined.isdisjoint(_entries(exercise)):
                if own is not None:
                    self.said.append(
                        f"The answer to `{exercise}` stands in a cell of its own; it was taken from there."
                    )
                continue
            self._find_answer(exercise, at, own)

    def _is_run(self, index: int) -> bool:
        name, cell = self._names[index], self._cells[index]
        if cell["cell_type"] != "code":
            return False
        if name in self._assignment.exercises:
            return not _is_stub(cell["source"], name, self._assignment)
        return not name or (name not in dict(self._assignment.locked) and not name.startswith("check-"))

    def _places(self, name: str) -> list[int]:
        return [index for index, one in enumerate(self._names) if one == name]

    def _find_answer(self, exercise: str, at: list[int], own: int | None) -> None:
        """An answer that no cell holds which is run: merged into a locked cell, or in a cell of text."""
        entries = set(_entries(exercise))
        for index, cell in enumerate(self._cells):
            if (
                cell["cell_type"] == "code"
                and self._names[index]
                and not entries.isdisjoint(self._defined(cell["source"]))
            ):
                if self._names[index] in self._assignment.exercises:
                    continue
                self._lose_name(index)
                self.said.append(f"The answer to `{exercise}` stands in the same cell as something of the course.")
                return
        stub = {""} | set(map(str.strip, dict(self._assignment.stubs).get(exercise, "").split("\n")))
        texts = [index for index in at if self._cells[index]["cell_type"] != "code"]
        texts += [index for index, name in enumerate(self._names) if not name and index not in texts]
        for index in texts:
            cell = self._cells[index]
            if cell["cell_type"] == "code" or not (index in at or any(name in cell["source"] for name in entries)):
                continue
            code = _without_fence(cell["source"])
            if all(line.strip() in stub for line in code.split("\n") if line):
                continue
            if index in at or not entries.isdisjoint(_defined(code)):
                self._take_code(exercise, index, own, code)
                return

    def _take_code(self, exercise: str, index: int, own: int | None, code: str) -> None:
        target = index if own is None and self._names[index] else own
        if target is None:
            target = index
        cell = self._cells[target]
        cell.pop("attachments", None)
        cell.update(cell_type="code", source=code, outputs=[], execution_count=None)
        self._give_name(target, exercise)
        if self._accepted:
            self.said.append(f"The answer to `{exercise}` stands in a text cell; it was graded as code.")
        else:
            self.review.append(ForReview(f"check-{exercise}", IN_TEXT))

    def _give_name(self, index: int, name: str) -> None:
        self._names[index] = name
        metadata = self._cells[index]["metadata"]
        marks = metadata.get("nbgrader")
        metadata["nbgrader"] = {**(marks if isinstance(marks, dict) else {}), "grade_id": name}

    def _lose_name(self, index: int) -> None:
        """Make a cell one of the student's own."""
        self._names[index] = ""
        cell = self._cells[index]
        cell["metadata"].pop("nbgrader", None)
        cell["id"] = _free("own", {one["id"] for one in self._cells})

    # -- words

    def find_words(self) -> None:
        """Bring each written answer into its own cell, wherever it was written."""
        used: set[int] = set()
        missing: list[tuple[Written, list[int]]] = []
        for part in self._assignment.written:
            at = self._places(part.name)
            texts = [text for index in at if not _is_blank(text := self._cells[index]["source"])]
            if texts:
                self._join(part, at, texts)
                continue
            found = self._near_the_question(part, bool(at))
            used.update(index for index, _ in found)
            if found:
                self._put(part, at, "\n\n".join(text for _, text in found))
                self._ask(part, FOUND, "The written answer `{}` was found outside its own cell.")
            else:
                missing.append((part, at))
        self.missing_words = bool(missing)
        self.outside = [text[:MAX_TEXT] for text in self._own_texts(used)][:MAX_OUTSIDE] if missing else []
        for part, at in missing:
            if self.outside and self._accepted:
                self._put(part, at, "\n\n".join(self.outside))
            if self.outside:
                self._ask(part, FOUND, "The written answer `{}` was taken from the texts outside its cell.")
            elif not at:
                self._ask(part, GONE, "The cell of the written answer `{}` is missing.")

    def _ask(self, part: Written, reason: str, settled: str) -> None:
        if self._accepted:
            self.said.append(settled.format(part.name))
        else:
            self.review.append(ForReview(part.name, reason))

    def _join(self, part: Written, at: list[int], texts: list[str]) -> None:
        """One cell for an answer that was split into several, as text whatever kind of cell it is."""
        kinds = {self._cells[index]["cell_type"] for index in at}
        if len(texts) > 1:
            self.said.append(f"The written answer `{part.name}` stands in {len(texts)} cells; they were put together.")
        elif "code" in kinds:
            self.said.append(f"The written answer `{part.name}` stands in a cell of code; it was read as text.")
        if len(at) > 1 or kinds != {"markdown"}:
            self._put(part, at, "\n\n".join(texts))

    def _put(self, part: Written, at: Sequence[int], text: str) -> None:
        """Write a text into the answer's cell; its copies become the student's own cells, a missing one is added."""
        first = at[0] if at else self._insert(part)
        for index in at[1:]:
            self._lose_name(index)
            if self._cells[index]["cell_type"] == "code":  # words are not run
                self._as_text(index)
        self._as_text(first)
        self._cells[first]["source"] = text
        self._give_name(first, part.name)

    def _as_text(self, index: int) -> None:
        cell = self._cells[index]
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)
        cell["cell_type"] = "markdown"

    def _insert(self, part: Written) -> int:
        """A new cell for an answer, behind its question."""
        index = next((place + 1 for place in self._places(part.prompt)), len(self._cells))
        taken = {cell["id"] for cell in self._cells}
        name = _free(part.name, taken)
        self._cells.insert(index, {"id": name, "cell_type": "markdown", "metadata": {}, "source": ""})
        self._names.insert(index, "")
        return index

    def _near_the_question(self, part: Written, has_cell: bool) -> list[tuple[int, str]]:
        """Texts of the student's own between the question and the next cell of the course, and where they stand."""
        found: list[tuple[int, str]] = []
        rest = [
            (index, text)
            for index, cell in enumerate(self._cells)
            if cell["cell_type"] != "code" and (text := _behind(cell["source"], part))
        ]
        if rest:
            return rest
        begin = next((place + 1 for place in self._places(part.prompt)), len(self._cells))
        for index in range(begin, len(self._cells)):
            name, cell = self._names[index], self._cells[index]
            if name not in ("", part.name) or (part.after and cell["source"].partition("\n")[0] == part.after):
                break
            words = cell["cell_type"] != "code" or (not has_cell and not _looks_like_code(cell["source"]))
            if not name and words and self._is_own_text(cell["source"]):
                found.append((index, cell["source"]))
        return found

    def _is_own_text(self, text: str) -> bool:
        return not _is_blank(text) and len(text.split()) >= FEWEST_WORDS and digest(text) not in self._assignment.texts

    def _own_texts(self, used: set[int]) -> Iterator[str]:
        for index, cell in enumerate(self._cells):
            if cell["cell_type"] != "code":
                text = "" if self._names[index] or index in used else cell["source"]
            else:
                text = comments_of(cell["source"]) if self._script else ""
            if self._is_own_text(text):
                yield text


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first one like it that nobody has."""
    if name not in taken:
        return name
    return next(one for number in range(len(taken) + 1) if (one := f"{name[:50]}-{number}") not in taken)


def _is_blank(text: str) -> bool:
    return text.strip() in ("", WORDS_STUB)


def _looks_like_code(text: str) -> bool:
    first = text.lstrip().partition("\n")[0]
    return bool(_defined(text)) or first.startswith(("import ", "from ", "for ", "%", "!", "@")) or first.endswith(")")


def _behind(text: str, part: Written) -> str:
    """What stands behind a question in the same cell, up to the next cell of the course: two cells were merged."""
    asked = [line.strip() for line in part.prompt_text.split("\n") if line.strip()]
    if not asked or asked[0] not in text:
        return ""
    lines = text.split("\n")
    stripped = [line.strip() for line in lines]
    if asked[0] not in stripped or asked[-1] not in stripped:
        return ""
    begin = stripped.index(asked[-1]) + 1
    end = stripped.index(part.after.strip(), begin) if part.after.strip() in stripped[begin:] else len(lines)
    answer = "\n".join(lines[begin:end]).replace(WORDS_STUB, "").strip()
    return answer if len(answer.split()) >= FEWEST_WORDS else ""


def _without_fence(text: str) -> str:
    """The code of a text cell: what stands in its fences, or all of it."""
    inside: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced:
            inside.append(line)
    return "\n".join(inside) if inside else text


# ---- which file --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """The file of a folder that is graded.

    Attributes
    ----------
    file : str
        Its name; empty where there is none.
    data : bytes or None
    reason : str
        Why there is nothing to read; empty where there is.
    said : tuple of str
        Why it is this file, where it is not simply the one that was asked for.
    """

    file: str = ""
    data: bytes | None = None
    reason: str = ""
    said: tuple[str, ...] = ()


def choose(files: Iterable[Chosen], assignment: Assignment) -> Chosen:
    """The file that is the assignment: the one of its name, else the one that is it by its cells and has answers."""
    asked = f"{assignment.name}.ipynb"
    files = list(files)
    expected = next((one for one in files if one.file == asked), None)
    if expected is not None and len(files) == 1:
        return expected
    answers = {one.file: _answers(one, assignment) for one in files}
    if expected is not None and answers[asked] > 0:
        return expected
    best = max(files, key=lambda one: (answers[one.file], one is expected, not is_script(one.file)), default=None)
    if best is not None and best is not expected and answers[best.file] >= 0:
        more = f", and of {len(files)} files it has the most answers" if len(files) > 1 else ""
        return replace(
            best, said=(f"`{best.file}` was taken as {asked}: it is this problem set by its content{more}.",)
        )
    if expected is not None or len(files) == 1:
        return expected or files[0]
    among = f", and none of the {len(files)} files there is it" if files else ""
    return Chosen(reason=f"no notebook named {asked} was handed in{among}")


def _answers(one: Chosen, assignment: Assignment) -> int:
    """How many answers a file holds; -1 where it is not this problem set."""
    sense = make_sense(one.data, assignment, file=one.file)
    if one.data is None or sense.reason or sense.notebook is None:
        return -1
    cells = list(map(as_cell, sense.notebook["cells"]))
    code_cells = [cell for cell in cells if cell.kind == "code" and not _is_stub(cell.source, cell.name, assignment)]
    defined = {name for cell in code_cells for name in _defined(cell.source)}
    words = {part.name for part in assignment.written}
    code = sum(not defined.isdisjoint(_entries(one)) for one in assignment.exercises)
    return code + sum(cell.name in words and not _is_blank(cell.source) for cell in cells)
