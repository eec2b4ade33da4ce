"""Records into nbgrader's gradebook: through its own tables, without its converters, a transaction a submission."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import html
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import nbformat
from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, LimitOutput
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from autograder.files import PRIVATE, Notebook, read_notebook, write_atomically
from autograder.gradebook.backup import count_run, give_back, keep_copy, secure
from autograder.gradebook.cells import SourceCells, checksum_of, inject, judge, repair
from autograder.gradebook.entered import Entry, Source, apply, digest, entries, note, zero_in
from autograder.gradebook.given import given_back
from autograder.gradebook.marks import Mark, mark_of
from autograder.gradebook.penalties import Penalties, seconds_late
from autograder.gradebook.people import class_of, enter_people
from autograder.gradebook.release import config_of, gradebook_of, release
from autograder.grading.course import Course, CourseError, Submission
from autograder.grading.intake import sense_of
from autograder.grading.names import Names
from autograder.grading.record import GRADED, GRADER_ERROR, results_of
from autograder.results import UsageError

Wanted = Callable[[Submission], bool]


@dataclass(frozen=True)
class Change:
    """A mark that moves.

    Attributes
    ----------
    student, assignment : str
    before, after : float or None
        What counts; None while a person has to decide, or where nothing was there.
    why : str
    given_back : bool
        Whether the student has been told another mark.
    """

    student: str
    assignment: str
    before: float | None
    after: float | None
    why: str
    given_back: bool = False


@dataclass
class Entered:
    """What entering the records did, or would do.

    Attributes
    ----------
    written : int
        Submissions entered.
    changes : list of Change
        Marks that moved, first ones not among them.
    held : list of Change
        Marks that were given back and would move: left as they are until somebody says yes.
    said : list of str
        What else has to be told.
    """

    written: int = 0
    changes: list[Change] = field(default_factory=list)
    held: list[Change] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def write_gradebook(course: Course, wanted: Wanted | None = None, *, yes: bool = False, dry: bool = False) -> Entered:
    """Enter every record that the gradebook does not have yet, and what policies and decisions change.

    Parameters
    ----------
    course : Course
    wanted : callable, optional
        Which submissions; by default all.
    yes : bool
        Change marks that were already given back, too.
    dry : bool
        Only say what would change.

    Raises
    ------
    CourseError
        If another program holds the gradebook, or there is no room: nothing is lost, the next run enters what is
        missing.
    """
    with _in_a_sentence(course):
        secured = secure(course)
        out = Entered(said=[secured.said] if secured.said else [])
        submissions = [one for one in course.submissions() if one.assignment in course.assignments]
        names = sorted({submission.assignment for submission in submissions})
        _released(course, names)
        with gradebook_of(course) as gradebook:
            gradebook.db().expire_on_commit = False
            people = class_of(course)
            if not len(course.roster) and len(people):
                out.said.append(
                    f"{course.roster_path} has no rows: the {len(people)} folders of submitted/ are taken as the "
                    "class; `mtl-grade roster` fills it from your platform's list."
                )
            enter_people(gradebook, people)
            desk = _Desk(course, gradebook, out, yes=yes, dry=dry)
            desk.follow_points(names)
            for submission in submissions:
                if people.get(submission.student) and (wanted is None or wanted(submission)):
                    desk.enter_safely(submission)
            desk.renew_penalties(wanted)
            if secured.by_hand and not dry:
                give_back(gradebook, secured.by_hand)
            if not dry and (out.written or out.changes):
                count_run(course, gradebook)
        if not dry and (out.written or out.changes):
            keep_copy(course)
    return out


def renew_comments(course: Course, submissions: Iterable[Submission]) -> Entered:
    """Tell the gradebook what the course now says of answers that it has as they are.

    No mark moves: what is due for any other reason is left to :func:`write_gradebook`.
    """
    out = Entered()
    with _in_a_sentence(course):
        secure(course)
        with gradebook_of(course) as gradebook:
            gradebook.db().expire_on_commit = False
            desk = _Desk(course, gradebook, out, yes=False, dry=False)
            desk.take_points()
            for submission in submissions:
                desk.enter_safely(submission, comments_only=True)
    return out


@contextlib.contextmanager
def _in_a_sentence(course: Course) -> Iterator[None]:
    path = course.gradebook_path
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error):
            raise CourseError(
                f"{path} is locked by another program: close it and run again, the records are kept."
            ) from None
        if "full" in str(error):
            raise CourseError(f"{path}: the disk is full; make room and run again, the records are kept.") from None
        raise
    except DatabaseError as error:
        raise CourseError(f"{path} cannot be read ({error.orig}); run again, it is brought back.") from None


def _released(course: Course, names: list[str]) -> None:
    """Tell the gradebook of those of these assignments that it does not know yet."""
    with gradebook_of(course) as gradebook:
        known = {one.name for one in gradebook.assignments if one.notebooks}
    if missing := [name for name in names if name not in known]:
        release(course, missing)


@functools.cache
def _points_at(path: str, stamp: int, size: int) -> dict[str, float]:
    found = {}
    with open(path, "rb") as file:
        notebook = read_notebook(file.read())
    for cell in notebook["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader", {})
        if marks.get("grade") or marks.get("task"):
            found[str(marks.get("grade_id"))] = float(marks.get("points", 0))
    return found


def _points_in_source(course: Course, name: str) -> dict[str, float]:
    path = course.root / "source" / name / f"{name}.ipynb"
    stat = os.stat(path)
    return _points_at(str(path), stat.st_mtime_ns, stat.st_size)


class _Desk:
    """One pass over a class's records with an open gradebook."""

    def __init__(self, course: Course, gradebook: Gradebook, out: Entered, *, yes: bool, dry: bool) -> None:
        self._course, self._gradebook, self._out = course, gradebook, out
        self._yes, self._dry = yes, dry
        self._noted = entries(gradebook)
        self._names = Names.read(course)
        self._given = given_back(course)
        self._penalties = Penalties(course)
        config = config_of(course)
        self._steps = (ClearOutput(config=config),)
        self._last = (LimitOutput(config=config), CheckCellMetadata(config=config))
        self._assignments = {one.name: one for one in gradebook.assignments if one.notebooks}
        self._ours: dict[str, SourceCells] = {}

    def take_points(self) -> None:
        """Take the cells' points as the gradebook has them."""
        self._ours = {name: SourceCells.of(*one.notebooks) for name, one in self._assignments.items()}

    def follow_points(self, names: list[str]) -> None:
        """Take up points that were changed in ``source/``: every mark keeps its share of them.

        Raises
        ------
        CourseError
            If the cells themselves are others than those that were released.
        """
        for name in names:
            (notebook,) = self._assignments[name].notebooks
            had, now = SourceCells.of(notebook).points, _points_in_source(self._course, name)
            if set(now) != set(had):
                cells = ", ".join(sorted(set(now) ^ set(had)))
                raise CourseError(
                    f"source/{name} has other graded cells than what was released ({cells}): put the cells back, or "
                    f"release it again with `nbgrader generate_assignment {name} --force` in {self._course.root}."
                )
            moved = [cell for cell in now if now[cell] != had[cell]]
            if moved:
                sources = {cell.name: cell for cell in notebook.source_cells}
                for cell in (*notebook.grade_cells, *notebook.task_cells):
                    cell.max_score = now[cell.name]
                ours = SourceCells.of(notebook)
                for one in moved:
                    sources[one].checksum = checksum_of(ours, one)
                said = ", ".join(f"{one} {had[one]:g} -> {now[one]:g}" for one in moved)
                self._out.said.append(f"{name}: points changed in source/ ({said}); marks keep their share.")
            self._ours[name] = SourceCells.of(notebook)
        if self._dry:
            self._gradebook.db.rollback()
        else:
            self._gradebook.db.commit()

    # ---- one submission

    def enter_safely(self, submission: Submission, *, comments_only: bool = False) -> None:
        """Enter one submission; what goes wrong with it alone is said, and everybody else is entered."""
        try:
            self.enter(submission, comments_only=comments_only)
        except (UsageError, OSError, SQLAlchemyError):
            raise
        except Exception as error:
            self._gradebook.db.rollback()
            which = f"{submission.student} {submission.assignment}"
            self._out.said.append(f"{which} could not be entered, everybody else was: {type(error).__name__}: {error}")

    def enter(self, submission: Submission, *, comments_only: bool = False) -> None:
        """Enter one submission's record where the gradebook has not exactly this.

        With ``comments_only`` that is left undone where it lacks anything but what the course says of the answers.
        """
        course = self._course
        record = course.read_record(submission.student, submission.assignment)
        if record is None:
            return
        key = (submission.student, submission.assignment)
        entry = self._noted.get(key, Entry())
        decision = course.decision(*key)
        source = self._source(submission, record, decision)
        if entry.source == source:
            return
        job = course.job(submission, ())
        clean = sense_of(job).notebook
        source = replace(source, notebook=hashlib.sha256(job.notebook or b"").hexdigest()[:16])
        if comments_only and (
            entry.source is None or vars(entry.source) != vars(replace(source, told=entry.source.told))
        ):
            return
        handed_in = self._handed_in(submission)
        before = None if handed_in is None else self._mark(handed_in)
        handed_in = self._with_all_cells(handed_in, submission)
        handed_in.timestamp = submission.handed_in_at and submission.handed_in_at.replace(tzinfo=None)  # nbgrader: UTC
        nb = self._marked(submission, clean, record)
        judgement = judge(nb, record, zero_in(decision), self._names.about(course, record))
        (notebook,) = handed_in.notebooks
        apply(notebook, judgement, entry.bases)
        self._gradebook.db.flush()
        if not comments_only:
            self._set_penalty(handed_in)
        after = self._mark(handed_in)
        change = self._change(key, before, after, _why(entry.source, source))
        if self._dry or self._is_held(change):
            self._gradebook.db.rollback()
            return
        self._write(submission, nb)
        note(self._gradebook, *key, None if record["status"] == GRADER_ERROR else source, judgement)
        self._gradebook.db.commit()
        self._out.written += 1

    def _source(self, submission: Submission, record: dict[str, Any], decision: dict[str, str] | None) -> Source:
        told = {name: one.message for name, one in self._names.about(self._course, record).items()}
        return Source(
            key=record["key"],
            timestamp=submission.timestamp,
            decision=json.dumps(decision, sort_keys=True) if decision else "",
            points=digest(self._ours[submission.assignment].points),
            review=record["status"] != GRADED or bool(record["review"]) or _failed_by_itself(record),
            told=digest(told) if told else "",
        )

    def _handed_in(self, submission: Submission) -> Any:
        """nbgrader's row of a submission; None where there is none."""
        query = select(SubmittedAssignment).where(
            SubmittedAssignment.assignment_id == self._assignments[submission.assignment].id,
            SubmittedAssignment.student_id == submission.student,
        )
        return self._gradebook.db.execute(query).scalar_one_or_none()

    def _with_all_cells(self, handed_in: Any, submission: Submission) -> Any:
        """The row with a grade and a comment for every cell; made where there is none."""
        db, assignment = self._gradebook.db, self._assignments[submission.assignment]
        with db.no_autoflush:  # what is looked up meanwhile would write a row that is made by half
            if handed_in is None:
                handed_in = SubmittedAssignment(assignment=assignment, student=db.get(Student, submission.student))
            have = {one.notebook_id: one for one in handed_in.notebooks}
            for notebook in assignment.notebooks:
                made = have.get(notebook.id) or SubmittedNotebook(notebook=notebook, assignment=handed_in)
                grades = {grade.cell_id for grade in made.grades}
                comments = {comment.cell_id for comment in made.comments}
                for cell in (*notebook.grade_cells, *notebook.task_cells):
                    if cell.id not in grades:
                        made.grades.append(Grade(cell=cell))
                for cell in (*notebook.solution_cells, *notebook.task_cells):
                    if cell.id not in comments:
                        made.comments.append(Comment(cell=cell))
            db.add(handed_in)  # last: what was hung on it meanwhile goes with it
        return handed_in

    def _marked(self, submission: Submission, notebook: Notebook | None, record: dict[str, Any]) -> Any:
        """The notebook as formgrader shows it: put right, with what the checks said."""
        nb = nbformat.v4.new_notebook() if notebook is None else nbformat.from_dict(notebook)
        repair(nb, self._ours[submission.assignment])
        if notebook is None:
            why = html.escape(f"This could not be read: {record['reason']}.")
            nb.cells.insert(0, nbformat.v4.new_markdown_cell(why, id="could-not-be-read"))
        for step in self._steps:
            nb, _ = step.preprocess(nb, {})
        inject(nb, record)
        for step in self._last:
            nb, _ = step.preprocess(nb, {})
        return nb

    def _write(self, submission: Submission, nb: Any) -> None:
        folder = self._course.root / "autograded" / submission.student / submission.assignment
        data = nbformat.writes(nb, version=4).encode("utf-8", "replace")
        write_atomically(folder / f"{submission.assignment}.ipynb", data, mode=PRIVATE)
        if submission.timestamp:
            write_atomically(folder / "timestamp.txt", submission.timestamp.encode("utf-8", "replace"), mode=PRIVATE)
        else:
            (folder / "timestamp.txt").unlink(missing_ok=True)

    # ---- marks

    def _mark(self, handed_in: Any) -> Mark:
        grades = [grade for notebook in handed_in.notebooks for grade in notebook.grades]
        mark = mark_of(grades)
        return Mark(mark.raw, mark.waits, sum(one.late_submission_penalty or 0.0 for one in handed_in.notebooks))

    def _set_penalty(self, handed_in: Any) -> bool:
        """Take off what being late costs now; True where that is another penalty than before."""
        late = seconds_late(handed_in.timestamp, handed_in.assignment.duedate, handed_in.extension)
        moved = False
        for notebook in handed_in.notebooks:
            penalty = self._penalties.of(handed_in.student_id, mark_of(notebook.grades).raw, late)
            moved = moved or (notebook.late_submission_penalty or 0.0) != (penalty or 0.0)
            notebook.late_submission_penalty = penalty
        return moved

    def renew_penalties(self, wanted: Wanted | None) -> None:
        """Let a due date, an extension or a policy that changed since take effect on what is entered already."""
        query = select(SubmittedAssignment).where(SubmittedAssignment.timestamp.is_not(None))
        for handed_in in self._gradebook.db.execute(query).scalars().all():
            key = (handed_in.student_id, handed_in.assignment.name)
            if wanted is not None and not wanted(self._course.submission(*key)):
                continue
            before = self._mark(handed_in)
            if not self._set_penalty(handed_in):
                continue
            change = self._change(key, before, self._mark(handed_in), "due date, extension or policy")
            if self._dry or self._is_held(change):
                self._gradebook.db.rollback()
            else:
                self._gradebook.db.commit()

    def _change(self, key: tuple[str, str], before: Mark | None, after: Mark, why: str) -> Change | None:
        """The change of a mark, if it is one; a first mark is none."""
        old, new = before.score if before else None, after.score
        told = self._given.get(key)
        if before is None or (old == new and before.waits == after.waits):
            return None
        change = Change(*key, old, new, why, told is not None and told != new)
        held = change.given_back and not self._yes
        if self._dry or not held:
            self._out.changes.append(change)
        return change

    def _is_held(self, change: Change | None) -> bool:
        held = change is not None and change.given_back and not self._yes
        if held and not self._dry:
            self._out.held.append(change)  # type: ignore[arg-type]
        return held


def _failed_by_itself(record: dict[str, Any]) -> bool:
    return any(result.needs_review for result in results_of(record).values())


def _why(before: Source | None, after: Source) -> str:
    """What is another than when the mark was entered, in a few words."""
    if before is None:
        return "first time"
    reasons = {
        "new attempt": before.notebook != after.notebook,
        "other time of handing in": before.timestamp != after.timestamp,
        "decision": before.decision != after.decision,
        "points of cells": before.points != after.points,
    }
    said = [reason for reason, is_so in reasons.items() if is_so]
    if not said and before.key != after.key:
        said = ["checks, limits or versions"]
    return ", ".join(said) or "entered again"
