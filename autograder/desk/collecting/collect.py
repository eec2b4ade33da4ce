"""The road from a download to ``submitted/``: read everything, decide what it is and whose, keep, place, report.

Nothing is written before a whole source was read, and each attempt is written so that a stop in the middle loses
nothing: the same command again finds what is there and goes on.
"""

from __future__ import annotations

import functools
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.desk.collecting import questions
from autograder.desk.collecting.archive import Entry, nobodys, visible, walk
from autograder.desk.collecting.attempts import Attempt, Attempts, CannotPlace
from autograder.desk.collecting.best import Points
from autograder.desk.collecting.contents import Content, Known, SetNames
from autograder.desk.collecting.layouts import (
    STAMP,
    Layouts,
    Where,
    is_notebook,
    is_python,
    is_receipt,
)
from autograder.desk.collecting.matching import Match, Matcher
from autograder.desk.collecting.questions import Question, Remembered
from autograder.desk.collecting.report import Outcome, Report
from autograder.desk.collecting.settings import Settings, due_dates
from autograder.desk.collecting.zips import BrokenZip
from autograder.grading.assignment import MAX_BYTES
from autograder.grading.course import Course
from autograder.grading.lock import only_one
from autograder.grading.times import time_of
from autograder.results import UsageError

MAX_TEXT = 64 * 1024  # of a receipt or a timestamp.txt
NOT_GRADED = "files that are neither notebooks nor define an exercise"
COURSE_FOLDERS = "files of a course's other folders"
SUPERSEDED = "Kept, but a newer one of the same download counts."
TOO_SOON = timedelta(hours=26)  # ahead of this machine's clock: further than any time zone


@dataclass
class Found:
    """One notebook or Python file of a source.

    ``time_from`` says where ``time`` comes from; ``said`` collects what the instructor should know of it.
    """

    source: str
    path: str
    shown: str
    sha256: str
    bytes_at: Path
    where: Where
    content: Content
    python: bool
    time: datetime | None
    time_from: str
    assignment: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, datetime, int, str]:
        """Of two in one attempt the higher one is taken: more answers, else newer."""
        return (self.content.answered, self.time or datetime.min.replace(tzinfo=UTC), self.where.order, self.path)


@dataclass
class _Source:
    """What was read of one download."""

    name: str
    files: list[tuple[Entry, str, Path]] = field(default_factory=list)  # entry, sha256, where its bytes are
    texts: dict[str, str] = field(default_factory=dict)  # receipts and timestamps by path
    others: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def collect(
    course: Course,
    sources: Sequence[Path],
    assignment: str = "",
    keep: str = "",
    match: Path | None = None,
    timezone: str = "",
    now: datetime | None = None,
) -> Report:
    """Place everything in ``sources`` that is somebody's answer, and ask about the rest.

    Parameters
    ----------
    course : Course
    sources : sequence of Path
        Zip archives, folders or single files.
    assignment : str, optional
        The problem set, where neither contents nor names say it.
    keep : {"last", "first", "best"}, optional
        Which attempt counts; by default what the course's configuration says, else the last. The best is found by
        grading all attempts of whoever has several.
    match : Path, optional
        Answers to open questions; by default ``open-questions.csv`` in the course's folder.
    timezone : str, optional
        Of the platform's times, such as "Europe/Berlin"; by default the configuration's, else this machine's.
    now : datetime, optional
        This machine's time, for tests.

    Raises
    ------
    UsageError
        If a source cannot be read at all or holds nothing, an argument is none of those that there are, or another
        command is writing to the course's folder.
    """
    if assignment and assignment not in course.assignments:
        raise UsageError(f"--assignment must be one of {', '.join(course.assignments)}; got {assignment!r}.")
    if match is not None and not match.is_file():
        raise UsageError(
            f"There is no {match}; --match is a table of answers with the columns file, student, assignment."
        )
    settings = Settings.of(course.root / "nbgrader_config.py", keep, timezone)
    with tempfile.TemporaryDirectory(prefix="mtl-grade-collect-") as spool:
        read = [_read(source, Path(spool)) for source in sources]
        with only_one(course, "collect"):
            return _Road(course, settings, assignment, match, now or datetime.now(UTC)).go(read)


# ---- reading -----------------------------------------------------------------------------------------------------


def _read(source: Path, spool: Path) -> _Source:
    """Everything of one source, its bytes in a temporary folder under their own sum."""
    found = _Source(source.name or source.resolve().name)
    any_at_all = False
    for entry in walk(source):
        any_at_all = True
        name = entry.name
        text = is_receipt(name) or name == STAMP
        if entry.refused:
            found.refused.append((entry.path, entry.refused))
        elif not (text or is_notebook(name) or is_python(name)):
            found.others.append(entry.path)
        else:
            try:
                data = entry.read()
            except BrokenZip as why:
                found.refused.append((entry.path, str(why)))
                continue
            except OSError as error:
                found.refused.append((entry.path, f"it cannot be read ({error.strerror})"))
                continue
            if text:
                found.texts[entry.path] = data[:MAX_TEXT].decode("utf-8-sig", "replace")
            elif len(data) > MAX_BYTES:
                found.refused.append((entry.path, f"more than {MAX_BYTES // 2**20} MiB"))
            else:
                sha256 = hashlib.sha256(data).hexdigest()
                if not (spool / sha256).exists():
                    (spool / sha256).write_bytes(data)
                found.files.append((entry, sha256, spool / sha256))
    if not any_at_all:
        raise UsageError(f"{source} holds no files.")
    return found


# ---- the road ----------------------------------------------------------------------------------------------------


class _Road:
    def __init__(self, course: Course, settings: Settings, assignment: str, match: Path | None, now: datetime) -> None:
        self.course, self.settings, self.assignment, self.now = course, settings, assignment, now
        self.report = Report(settings.keep)
        self.points = Points(course) if settings.keep == "best" else None
        self.sets = SetNames(course.assignments)
        self.known = Known.of(course.assignments, course.root / "release")
        self.table = course.root / questions.FILE
        self.memory = course.private / "matches.json"
        self.remembered = Remembered.read(self.memory)
        had = sorted({submission.student for submission in course.submissions()})
        self.matcher = Matcher(course.roster, self.remembered.students, had)
        self.rows = questions.read(self.table)
        self.answers = _Answers([*self.rows, *(questions.read(match) if match else [])])
        self.asked: dict[str, Question] = {}
        self.met: set[str] = set()
        self.believed: set[str] = set()  # ids that no roster knows
        self.due = due_dates(course.root)

    def go(self, sources: Iterable[_Source]) -> Report:
        attempts: dict[tuple[str, ...], list[Found]] = {}
        involved = {self.assignment} - {""}
        for number, source in enumerate(sources):
            for found, students in self._decided(source):
                involved.add(found.assignment)
                for student in students:
                    group = (student, found.assignment, str(number), found.where.attempt)
                    attempts.setdefault(group, []).append(found)
        for (student, name, *_), files in sorted(attempts.items(), key=lambda one: _when(one[1])):
            self._place(student, name, files)
        self._missing(sorted(involved))
        if self.believed:
            self.report.said.append(f"roster.csv has no rows: {len(self.believed)} ids are taken from the paths.")
        self._write_questions()
        return self.report

    # ---- what and whose ----------------------------------------------------------------------------------------

    def _decided(self, source: _Source) -> Iterator[tuple[Found, tuple[str, ...]]]:
        paths = [entry.path for entry, _, _ in source.files] + list(source.texts) + source.others
        receipts = {path: text for path, text in source.texts.items() if is_receipt(path.rpartition("/")[2])}
        layouts = Layouts(source.name, paths, self.sets, receipts)
        files = list(self._identified(source, layouts))
        slots = self._slots(files)
        open_keys = self._shared_keys(files, slots)
        used = set()
        for found in files:
            self.met.add(found.shown)
            named = self._which(found)
            used.add(_owner(found.where))
            slot = slots.get(_container(found), found.assignment) or found.assignment
            match = self._whose(found, slot, open_keys)
            if match.students == ("-",):
                self.report.ignored["files that were answered with `-`"] += 1
                continue
            if not match.students or not found.assignment:
                why = "; ".join(filter(None, (match.why if not match.students else "", named)))
                self._ask(found, match, why)
                continue
            self.believed |= set(match.students) if match.said else set()
            yield found, match.students
        self._others(source, layouts, used)

    def _identified(self, source: _Source, layouts: Layouts) -> Iterator[Found]:
        for entry, sha256, bytes_at in source.files:
            if layouts.elsewhere(entry.path):
                self.report.ignored[COURSE_FOLDERS] += 1
                continue
            data = bytes_at.read_bytes()
            python = is_python(entry.name)
            content = self.known.python(data) if python else self.known.notebook(data)
            if python and not content.assignment:
                source.others.append(entry.path)
                continue
            where = layouts.read(entry.path)
            time, time_from = self._time(entry, where, source)
            shown = visible(f"{source.name}/{entry.path}" if entry.path != source.name else entry.path)
            yield Found(source.name, entry.path, shown, sha256, bytes_at, where, content, python, time, time_from)

    def _time(self, entry: Entry, where: Where, source: _Source) -> tuple[datetime | None, str]:
        """When a file was handed in, UTC, and who says so; never the time of collecting."""
        time = where.utc or self.settings.utc(where.local)
        if time:
            return time, "platform"
        if where.exchanged:
            folder = entry.path.rpartition("/")[0]
            time = time_of(source.texts.get(f"{folder}/{STAMP}" if folder else STAMP, ""))
            if time:
                return time, STAMP
        # Inside a zip that a student packed the times are the student's; the zip's own is the download's.
        local, utc = next(((local, utc) for at, local, utc in entry.zips if at > where.depth), (entry.local, entry.utc))
        time = utc or self.settings.utc(local)
        return (time, "archive") if time else (None, "")

    def _which(self, found: Found) -> str:
        """Decide the problem set: by content, else by what was answered, names and --assignment; why it is open."""
        said = found.said
        answered = self.answers.assignment(found.shown) or self.remembered.assignments.get(found.sha256, "")
        by_name = next(filter(None, map(self.sets.named, found.where.hints)), "")
        outside = self.assignment or by_name
        content = found.content
        if content.assignment:
            found.assignment = content.assignment
            if self.assignment and self.assignment != content.assignment:
                said.append(f"It is {content.assignment} by what stands in it, not {self.assignment} (--assignment).")
            elif by_name and by_name != content.assignment:
                said.append(f"It is {content.assignment} by what stands in it, though its name says {by_name}.")
            if not found.python and not content.answered:
                said.append("Nothing in it differs from what was handed out.")
            return ""
        if answered in self.course.assignments:
            found.assignment = answered
            self.remembered.assignments[found.sha256] = answered
            return ""
        if not outside:
            wrong = f"`{answered}` is no problem set of this course; " if answered else ""
            return f"{wrong}no known problem set: {content.why}"
        found.assignment = outside
        because = content.why if content.readable else f"it cannot be read ({content.why})"
        said.append(f"Taken for {outside} by name: {because}.")
        return ""

    def _slots(self, files: Iterable[Found]) -> dict[str, str]:
        """Which assignment's numbers a Moodle download has: that of the download, not of each file in it."""
        votes: dict[str, Counter[str]] = {}
        named: dict[str, str] = {}
        for found in files:
            if found.where.platform == "Moodle":
                container = _container(found)
                said = self.assignment or next(filter(None, map(self.sets.named, found.where.slot)), "")
                named.setdefault(container, said)
                votes.setdefault(container, Counter())[found.content.assignment] += 1
        return {one: named[one] or votes[one].most_common(1)[0][0] for one in votes}

    def _shared_keys(self, files: Iterable[Found], slots: dict[str, str]) -> set[str]:
        """Keys under which several files for one problem set lie: an answer for one of them is not one for all."""
        seen: Counter[tuple[str, str]] = Counter()
        for found in files:
            slot = slots.get(_container(found), found.content.assignment)
            for key in self.matcher.keys_to_remember(found.where, slot, found.sha256):
                if key.startswith("path:"):
                    seen[key, found.content.assignment] += 1
        return {key for (key, _), count in seen.items() if count > 1}

    def _whose(self, found: Found, slot: str, shared: set[str]) -> Match:
        match = self.matcher.find(found.where, slot, found.sha256)
        text = self.answers.student(found.shown)
        if match.students or not text:
            return match
        students, wrong = self.matcher.answer(text)
        if wrong:
            return replace(match, why=f"the answer {wrong}; {match.why}")
        if students:
            keys = self.matcher.keys_to_remember(found.where, slot, found.sha256)
            path = any(key.startswith("path:") for key in keys)
            if students == ("-",) or (path and (set(keys) & shared or not self.matcher.is_like(found.where, students))):
                keys = (f"file:{found.sha256}",)
            self.remembered.students.update({key: list(students) for key in keys})
        return Match(students) if students else match

    def _ask(self, found: Found, match: Match, why: str) -> None:
        names = {person.id: person.name for person in self.course.roster}
        likely = [one if names.get(one, one) == one else f"{one} ({names[one]})" for one in match.suggestions]
        question = Question(found.shown, ";".join(match.students), found.assignment, visible(why), ", ".join(likely))
        self.asked[found.shown] = question
        self.report.open.append(question)

    # ---- keeping and placing -----------------------------------------------------------------------------------

    def _place(self, student: str, name: str, files: list[Found]) -> None:
        notebooks = [found for found in files if not found.python]
        ranked = sorted(notebooks or files, key=lambda found: found.rank)
        taken, said = ranked[-1], list(ranked[-1].said)
        rest = list(dict.fromkeys(found.shown for found in ranked[:-1] if found.sha256 != taken.sha256))
        if rest:
            begun = f"{taken.content.answered} answers are begun in it"
            said.append(f"One of {len(rest) + 1} in this attempt ({begun}); not taken: {', '.join(rest)}.")
        late = any(found.where.late for found in files)
        attempt = Attempt(
            file=f"{name}{'.py' if taken.python else '.ipynb'}",
            sha256=taken.sha256,
            time=taken.time,
            time_from=taken.time_from,
            late=late,
            source=visible(taken.source),
            original=visible(taken.path),
            platform=taken.where.platform,
        )
        attempt = self._checked(attempt, name, said)
        points = functools.partial(self.points.of, student, name) if self.points else None
        kept, data = Attempts(self.course, student, name), taken.bytes_at.read_bytes()
        try:
            placed = kept.add(attempt, data, self.settings.keep, points)
        except CannotPlace as why:
            self.report.refused.append((taken.shown, str(why)))
            return
        if placed.status == "kept":
            of = f"{placed.counts.time:%Y-%m-%d %H:%M} UTC" if placed.counts.time else "a time that is not known"
            mine = f"{attempt.time:%Y-%m-%d %H:%M} UTC" if attempt.time else "not known"
            said.append(f"Kept, but the attempt of {of} counts ({self.settings.keep} one); this one's time is {mine}.")
        time = placed.time.isoformat() if placed.time else None
        status = placed.status
        if status == "replaced":  # one of this very run stands there for a moment only
            for at, earlier in enumerate(self.report.outcomes):
                if (earlier.student, earlier.assignment) == (student, name) and earlier.status in (
                    "placed",
                    "replaced",
                ):
                    status = earlier.status
                    self.report.outcomes[at] = replace(earlier, status="kept", said=(*earlier.said, SUPERSEDED))
        sentences = tuple(map(visible, said))
        outcome = Outcome(student, name, status, taken.shown, time, placed.counts.late, sentences)
        self.report.outcomes.append(outcome)

    def _checked(self, attempt: Attempt, name: str, said: list[str]) -> Attempt:
        """Compare an attempt's time with the clock and the due date."""
        time, due = attempt.time, self.due.get(name)
        if time is None:
            said.append("Nobody says when it was handed in: it counts as the oldest and as not late.")
            return attempt
        if time > self.now + TOO_SOON:
            said.append(f"Its time {time:%Y-%m-%d %H:%M} UTC is in the future: a clock was wrong.")
        if due is None:
            return attempt
        if attempt.late and time <= due:
            said.append(
                f"{attempt.platform} says LATE, but {time:%Y-%m-%d %H:%M} is before the due date "
                f"{due:%Y-%m-%d %H:%M} (UTC)."
            )
        if attempt.platform == "Canvas" and not attempt.late and time > due:
            sentence = (
                "Canvas's archive has the time of the download for some files: what it does not call LATE is entered "
                "as handed in at the due date at the latest."
            )
            self.report.said += [] if sentence in self.report.said else [sentence]
            return replace(attempt, not_after=due)
        return attempt

    # ---- the rest ----------------------------------------------------------------------------------------------

    def _others(self, source: _Source, layouts: Layouts, used: set[tuple[str, ...]]) -> None:
        """Files that nothing can be graded in: named where they are all that somebody handed in."""
        for path, why in source.refused:
            shown = visible(f"{source.name}/{path}")
            name = path.rpartition("/")[2]
            if nobodys(path) or nobodys(path.removesuffix("/…") + "/x") or why == nobodys("venv/x"):
                self.report.ignored[why] += 1
            elif (
                is_notebook(name)
                or is_python(name)
                or name.casefold().endswith(".zip")
                or "." not in name
                or "…" in name
            ):
                self.report.refused.append((shown, why))
            else:
                self.report.ignored[NOT_GRADED] += 1
        alone: dict[tuple[str, ...], list[str]] = {}
        for path in source.others:
            if layouts.elsewhere(path):
                self.report.ignored[COURSE_FOLDERS] += 1
                continue
            where = layouts.read(path)
            owner = _owner(where)
            own_folder = where.platform != "folders" or (len(owner) > 1 and owner[1] != "stem" and "/" in path)
            if owner in used or not own_folder:
                self.report.ignored[NOT_GRADED] += 1
            else:
                alone.setdefault(owner, []).append(path)
        for paths in alone.values():
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            shown = visible(f"{source.name}/{paths[0]}{more}")
            self.report.refused.append((shown, "no notebook is among what was handed in"))

    def _missing(self, involved: Iterable[str]) -> None:
        for name in involved:
            for person in self.course.roster:
                folder = self.course.submission(person.id, name).folder
                if not any((folder / f"{name}{ending}").is_file() for ending in (".ipynb", ".py")):
                    self.report.missing.append((person.id, name))

    def _write_questions(self) -> None:
        """The open questions, and the rows of other downloads as they are."""
        others = [row for row in self.rows if not self.answers.is_met(row, self.met)]
        questions.write(self.table, dict.fromkeys([*self.asked.values(), *others]))
        if self.remembered.students or self.remembered.assignments:
            self.remembered.write(self.memory)


class _Answers:
    """What was filled in, by file: exactly, or without what a spreadsheet may have changed in the name."""

    def __init__(self, rows: Iterable[Question]) -> None:
        self._rows: dict[str, Question] = {}
        labels: dict[str, set[str]] = {}
        for row in rows:
            if row.file not in self._rows or row.student or row.assignment:
                self._rows[row.file] = row
            labels.setdefault(questions.label(row.file), set()).add(row.file)
        self._labels = {label: files.pop() for label, files in labels.items() if label and len(files) == 1}

    def _row(self, file: str) -> Question | None:
        return self._rows.get(file) or self._rows.get(self._labels.get(questions.label(file), ""))

    def student(self, file: str) -> str:
        row = self._row(file)
        return row.student if row else ""

    def assignment(self, file: str) -> str:
        row = self._row(file)
        return row.assignment if row else ""

    def is_met(self, row: Question, met: set[str]) -> bool:
        return row.file in met or any(self._row(file) is row for file in met)


def _owner(where: Where) -> tuple[str, ...]:
    """Whose a file is as its path says it, before anybody asked the roster."""
    key = where.keys[0] if where.keys else None
    return (where.platform, key.kind, key.value) if key else (where.platform,)


def _container(found: Found) -> str:
    """The folder of a Moodle download that a file lies in."""
    parts = found.path.split("/")
    at = next((at for at, part in enumerate(parts) if "assignsubmission" in part), 0)
    return "/".join(parts[:at])


def _when(files: Iterable[Found]) -> datetime:
    return max(found.time or datetime.min.replace(tzinfo=UTC) for found in files)
