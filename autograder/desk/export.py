"""``mtl-grade export``: marks into the platform's own file, or into a table of the class.

With a file that the platform wrote only the cells of our assignments change. Which column is which problem set, and
which row is whom, is known or it is asked: never guessed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.desk.platforms.platform import ROUNDED, Listed, MarkColumn, Platform
from autograder.desk.platforms.registry import FORMATS as PLATFORM_FORMATS
from autograder.desk.platforms.registry import platform_of, read_table
from autograder.desk.platforms.sheet import Sheet, harmless, number_as, plain
from autograder.desk.totals import NOT_HANDED_IN, Policy, Total, prefix_of, total_of
from autograder.files import PRIVATE, NotANotebook, cells_of, read_notebook, write_atomically
from autograder.gradebook.by_exercise import cell_marks
from autograder.gradebook.given import note_given
from autograder.gradebook.marks import marks
from autograder.gradebook.release import config_of
from autograder.grading.course import Course
from autograder.grading.roster import Person, Roster
from autograder.results import UsageError, typed

FORMATS = ("csv", *PLATFORM_FORMATS)
KEYS = ("student", "assignment", "score", "max_score", "raw_score", "late_penalty", "status")
GRADED = "graded"
MAX_STEM = 120  # characters of a file's name before its ending
NOT_OURS = "-"  # what `--column "TITLE=-"` says of a column that is no assignment of this course
_KINDS = {
    "ps": r"(?:problem\s*set|problem\s*sheet|ps|p\s*set|übungsblatt|aufgabenblatt|feuille)",
    "qt": r"(?:quick\s*test|qt|quiz)",
}


@dataclass
class Exported:
    """What was written where, and what to know before it is imported.

    ``worksheet`` is the assignment of a platform's file that is of a single one.
    """

    path: Path
    rows: int = 0
    filled: int = 0
    unchanged: int = 0
    waiting: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    worksheet: tuple[str, ...] = ()

    def lines(self, form: str, like: Path | None) -> list[str]:
        """What to tell the instructor."""
        if form == "csv":
            nobody = [] if self.rows else ["Nobody is in the class yet: `mtl-grade roster FILE` reads who is."]
            return [f"{self.rows} row{'s' * (self.rows != 1)} in {self.path}", *nobody, *self.notes]
        kept = f", {self.unchanged} were there already" if like is not None else ""
        columns = [f"{name} in {heading!r}" for heading, name in self.columns.items()]
        blank = [f"{self.waiting} left blank until a person decides: `mtl-grade status` names them."]
        first = f"{self.filled} marks of {self.rows} people{kept}: {self.path}"
        return [first, *columns, *(blank if self.waiting else []), *self.notes]


@dataclass(frozen=True)
class Choice:
    """What to export.

    Attributes
    ----------
    assignments, students : collection of str
        Only these; by default all.
    by_exercise : bool
        A column for each exercise; only in our own table.
    columns : Mapping of str to str
        Problem set by heading, where the heading does not say it.
    scale : bool
        Scale marks where the platform counts another number of points.
    """

    assignments: Collection[str] = ()
    students: Collection[str] = ()
    by_exercise: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    scale: bool = False


def rows_of(course: Course, choice: Choice) -> list[dict[str, Any]]:
    """One row a submission, with exactly ``KEYS``.

    Raises
    ------
    UsageError
        If an assignment or a student is nobody's.
    """
    _check(course, choice)
    rows = marks(course, choice.students, choice.assignments)
    decided = ({**row, "score": row["score"] if row["status"] == GRADED else None} for row in rows)
    return [{key: row[key] for key in KEYS} for row in decided]


def export(
    course: Course, form: str, choice: Choice = Choice(), like: Path | None = None, to: Path | None = None
) -> Exported:
    """Write the marks in one format; give back what was written.

    Parameters
    ----------
    course : Course
    form : str
        One of ``FORMATS``.
    choice : Choice
    like : Path, optional
        A file that the platform wrote; only the cells of our assignments change.
    to : Path, optional
        The file to write; by default one in the course's folder that is named for what was chosen.

    Raises
    ------
    UsageError
        If the file is another platform's or another assignment's, or a column cannot be told.
    """
    if form not in FORMATS:
        raise UsageError(f"--format must be one of {', '.join(FORMATS)}; got {form!r}.")
    if form == "csv" and like is not None:
        raise UsageError("--like fills a platform's own file: give --format canvas, moodle, blackboard or brightspace.")
    if choice.by_exercise and form != "csv":
        raise UsageError("--by-exercise is for --format csv: a platform has one column for an assignment.")
    rows = rows_of(course, choice)
    if form == "csv":
        sheet, done = _table(course, rows, choice)
        done.path = to or course.root / f"{_stem('marks', choice)}.csv"
    elif like is None:
        sheet, done = _minimal(course, rows, form)
        done.path = to or course.root / f"{_stem(f'marks-{form}', choice)}.csv"
    else:
        sheet, done = _filled(course, rows, form, like, choice)
        of = replace(choice, assignments=choice.assignments or done.worksheet)
        done.path = to or course.root / f"{_stem(f'marks-{form}', of)}{like.suffix or '.csv'}"
        if done.path.exists() and like.exists() and done.path.samefile(like):
            raise UsageError(f"{like} is the platform's own file; give another name with --to.")
    done.notes += _lost(course, done.path, sheet)
    if rows and not len(Roster.read(course.roster_path)):
        folders = len({row["student"] for row in rows})
        done.notes.insert(0, f"roster.csv is empty: the {folders} folders of submitted/ are taken as the class.")
    done.waiting = sum(row["score"] is None and row["status"] != NOT_HANDED_IN for row in rows)
    write_atomically(done.path, sheet.data(), mode=PRIVATE)
    note_given(course, rows)
    return done


def _stem(stem: str, choice: Choice) -> str:
    """The name of a file of this choice, so that a part of the marks is never written over all of them."""
    name = "_".join([stem, *choice.assignments, *choice.students])
    return name if len(name) <= MAX_STEM else f"{name[:MAX_STEM]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _lost(course: Course, path: Path, new: Sheet) -> list[str]:
    """What to say of assignments that stand in the file that is written over, and not in what is written."""
    if not path.is_file():
        return []
    try:
        before = Sheet.read(path.read_bytes())
    except (OSError, UsageError):
        return []  # no table of marks
    told = {heading for table in _remembered(course).values() for heading in table}
    ours = {*course.assignments, *(heading_of(course, name) for name in course.assignments), *told}
    lost = [heading for heading in before.head if heading in ours and heading not in new.head]
    return [f"{path.name} held {', '.join(lost)} too; the new one does not."] if lost else []


def pair(option: str) -> tuple[str, str]:
    """Heading and assignment of ``--column "TITLE=SET"``.

    Raises
    ------
    UsageError
        If it has no ``=``.
    """
    heading, sign, name = option.rpartition("=")
    if not sign or not heading.strip() or not name.strip():
        raise UsageError(f'--column must be "TITLE=SET", for example "Problem set 5 (88123)=ps05"; got {option!r}.')
    return heading.strip(), name.strip()


def _check(course: Course, choice: Choice) -> None:
    for name in choice.assignments:
        if name not in course.assignments:
            raise UsageError(f"--assignment must be one of {', '.join(course.assignments)}; got {name!r}.")
    if choice.students:
        there = {person.id for person in _people(course)} | {row["student"] for row in marks(course)}
        for who in choice.students:
            if who not in there:
                raise UsageError(f"--student must be the id of somebody in roster.csv; got {who!r}.")


def _people(course: Course, rows: Sequence[Mapping[str, Any]] = ()) -> list[Person]:
    """The class in the roster's order, and whoever else has marks."""
    people = {person.id: person for person in Roster.read(course.roster_path)}
    for row in rows:
        people.setdefault(row["student"], Person(row["student"]))
    return list(people.values())


# ---- our own table ---------------------------------------------------------------------------------------------


def _table(course: Course, rows: list[dict[str, Any]], choice: Choice) -> tuple[Sheet, Exported]:
    """One row a student: names, a column an assignment, totals."""
    names = list(dict.fromkeys(row["assignment"] for row in rows))
    by_student: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_student.setdefault(row["student"], {})[row["assignment"]] = row
    cells = cell_marks(course, names) if choice.by_exercise else {}
    exercises = {name: _exercises(course, name, cells) if choice.by_exercise else [] for name in names}
    policy = Policy.of(config_of(course))
    head = ["student", "first_name", "last_name", "email"]
    for name in names:
        head += [name, *(f"{name}: {each}" for each in exercises[name])]
    out = [[*head, "points", "of", "percent", "quick_tests_passed", "quick_tests", "waiting", "dropped"]]
    for person in _people(course, rows):
        own = by_student.get(person.id)
        if own is None and choice.students:
            continue
        line = [harmless(text) for text in (person.id, person.first_name, person.last_name, person.email)]
        for name in names:
            line.append(_cell((own or {}).get(name)))
            found = cells.get((person.id, name), {})
            line += ["" if found.get(each) is None else number_as(found[each] or 0.0, ".") for each in exercises[name]]
        out.append([*line, *_totals(total_of(list((own or {}).values()), policy))])
    return Sheet.new(out), Exported(Path(), rows=len(out) - 1, columns={name: name for name in names})


def _exercises(course: Course, name: str, cells: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[str]:
    """The graded cells of an assignment in its own order."""
    there = {each for (_, assignment), found in cells.items() if assignment == name for each in found}
    order = (
        [each.removeprefix("check-") for each in course.assignments[name].cells] if name in course.assignments else []
    )
    return [each for each in dict.fromkeys([*order, *sorted(there)]) if each in there]


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None or row["status"] == NOT_HANDED_IN:
        return NOT_HANDED_IN
    return "" if row["score"] is None else number_as(row["score"], ".")


def _totals(total: Total) -> list[str]:
    waits = bool(total.waiting)
    return [
        "" if waits else number_as(total.points, "."),
        "" if waits else number_as(total.most, "."),
        "" if total.percent is None else number_as(total.percent, "."),
        str(total.passed),
        str(total.tests),
        str(total.waiting),
        " ".join(total.dropped),
    ]


# ---- a platform's file without a model -------------------------------------------------------------------------


def _minimal(course: Course, rows: list[dict[str, Any]], form: str) -> tuple[Sheet, Exported]:
    _some(course, rows)
    remembered = {name: heading for heading, name in _remembered(course).get(form, {}).items()}
    titles = {
        row["assignment"]: (
            remembered.get(row["assignment"]) or heading_of(course, row["assignment"]),
            float(row["max_score"]),
        )
        for row in rows
    }
    scores = {(row["student"], row["assignment"]): float(row["score"]) for row in rows if row["score"] is not None}
    here = {row["student"] for row in rows}
    people = [person for person in _people(course, rows) if person.id in here]
    made = platform_of(form).minimal(people, titles, scores)
    columns = {title: name for name, (title, _) in titles.items()}
    done = Exported(Path(), rows=len(people), filled=len(scores), columns=columns, notes=list(made.notes))
    return made.sheet, done


def heading_of(course: Course, assignment: str) -> str:
    """What an assignment's own notebook calls it, else its name."""
    path = course.root / "source" / assignment / f"{assignment}.ipynb"
    try:
        cells = cells_of(read_notebook(path.read_bytes()))
    except (OSError, NotANotebook):
        return assignment
    lines = (line for cell in cells if cell.kind == "markdown" for line in cell.source.splitlines())
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), assignment)


# ---- filling the platform's own file ---------------------------------------------------------------------------


def _filled(
    course: Course, rows: list[dict[str, Any]], form: str, like: Path, choice: Choice
) -> tuple[Sheet, Exported]:
    sheet, platform = read_table(like)
    if platform.name not in PLATFORM_FORMATS:
        raise UsageError(
            f"{like} does not have the headings of an export of {form}, it reads as {platform.says}; export it anew "
            f"and change no heading; it has {', '.join(sheet.head)[:200]}."
        )
    if platform.name != form:
        raise UsageError(f"{like} is {platform.says}, not a file of {form}; give --format {platform.name}.")
    columns = platform.columns(sheet)
    if not columns:
        raise UsageError(
            f"{like} is {platform.says} without a column for points; let the assignment be graded in points, and "
            "export the file anew."
        )
    if not platform.one_assignment:
        _some(course, rows)
    wanted = list(choice.assignments) or list(dict.fromkeys(row["assignment"] for row in rows))
    done = Exported(Path(like))
    if sheet.encoding in ("cp1252", "latin-1") and form != "blackboard":
        done.notes.append(f"{like.name} is not UTF-8: a spreadsheet saved it; the platform may refuse its letters.")
    if platform.one_assignment:
        placed = {_worksheet_of(course, sheet, platform, like, choice): columns[0]}
        done.worksheet = tuple(placed)
    else:
        placed = _placed(course, form, columns, wanted, choice, like)
        done.columns = {column.heading: name for name, column in placed.items()}
        for name in wanted:
            if name not in placed:
                done.notes.append(f"{name} has no column in {like.name}; nothing of it is filled in.")
    _some(course, rows)
    people = platform.people(sheet, next(iter(placed)))
    who = _rows_of_people(course, people, like, done)
    by_key = {(row["student"], row["assignment"]): row for row in rows}
    for name, column in placed.items():
        for listed in people:
            student = who.get(listed.row)
            row = by_key.get((student, name)) if student else None
            if row is not None:
                _fill(sheet, platform, listed, column, row, choice, done)
        gone = [row["student"] for row in rows if row["assignment"] == name and row["student"] not in who.values()]
        if gone:
            done.notes.append(f"{name}: not in {like.name}: {', '.join(sorted(gone))}.")
    done.rows = len(who)
    done.notes = list(dict.fromkeys(done.notes))
    return sheet, done


def _fill(
    sheet: Sheet, platform: Platform, listed: Listed, column: MarkColumn, row: Mapping[str, Any], choice: Choice,
    done: Exported,
) -> None:  # fmt: skip
    """One mark into one cell, or a note why not."""
    score, ours = row["score"], float(row["max_score"])
    there = sheet.text(listed.row, column.index)
    who = f"{row['student']} ({listed.called})"
    if score is None:
        if there:
            done.notes.append(f"{who}: {row['status']}; the cell keeps {there}, which was there.")
        return
    theirs = platform.most(sheet, listed.row, column)
    if theirs is not None and abs(theirs - ours) > 0.005:
        if not choice.scale:
            raise UsageError(
                f"{column.heading}: {sheet.name} counts {theirs:g} points and {row['assignment']} has {ours:g}; set "
                "the platform's points to ours, or scale with --scale."
            )
        done.notes.append(f"{row['assignment']}: scaled from {ours:g} points to {theirs:g}.")
        score = score * theirs / ours if ours else 0.0
    if why := platform.refuses(sheet, listed.row, column):
        done.notes.append(f"{who} {why}; left as it is.")
        return
    if theirs is not None and score > theirs + 0.005:
        done.notes.append(
            f"{who} has {score:g} of {theirs:g} points; the platform would skip or cut it; left as it is."
        )
        return
    if platform.fill(sheet, listed.row, column, float(score)):
        done.filled += 1
    else:
        done.unchanged += 1


def _some(course: Course, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        raise UsageError(f"{course.root} has no marks to export yet; {typed('run', course.root)} grades what came in.")


# ---- which column is which assignment --------------------------------------------------------------------------


def _remembered(course: Course) -> dict[str, dict[str, str]]:
    """Assignment by heading, by platform, as it was told or found before."""
    try:
        found = json.loads((course.private / "columns.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {form: table for form, table in found.items() if isinstance(table, dict)}


def _placed(
    course: Course, form: str, columns: Sequence[MarkColumn], wanted: Sequence[str], choice: Choice, like: Path
) -> dict[str, MarkColumn]:
    """The column of each assignment; what cannot be told is asked, and the answer kept."""
    remembered = _remembered(course)
    told = dict(remembered.get(form, {}))
    headings = {column.heading for column in columns}
    for heading, name in choice.columns.items():
        full = [each.heading for each in columns if heading in (each.heading, each.title)]
        if len(full) != 1:
            raise UsageError(
                f"--column: {like} has no single column {heading!r}; it has {', '.join(sorted(headings))}."
            )
        if name != NOT_OURS and name not in course.assignments:
            raise UsageError(
                f"--column {heading!r}: {name!r} is no assignment; it has {', '.join(course.assignments)}."
            )
        told = {key: value for key, value in told.items() if value != name or name == NOT_OURS} | {full[0]: name}
    titles = {name: heading_of(course, name) for name in course.assignments}
    placed: dict[str, list[MarkColumn]] = {}
    open_: list[str] = []
    for column in columns:
        if column.heading in told:
            names = {told[column.heading]}
        else:
            names = assignments_in(column.title, titles) - set(told.values())
        if len(names) > 1 and names & set(wanted):
            open_.append(f"{column.heading!r} can be {' or '.join(sorted(names))}")
        elif len(names) == 1:
            placed.setdefault(names.pop(), []).append(column)
    for name in wanted:
        if len(placed.get(name, ())) > 1:
            both = " or ".join(repr(column.heading) for column in placed[name])
            open_.append(f"{name} can be {both}")
    if open_:
        raise UsageError(
            f'{like}: {"; ".join(open_)}: say which with --column "TITLE=SET", or "TITLE={NOT_OURS}" for none of ours.'
        )
    found = {name: placed[name][0] for name in wanted if name in placed}
    if not found:
        raise UsageError(
            f"{like}: no column is known to be {' or '.join(wanted) or 'an assignment with marks'}; it has "
            f'{", ".join(column.heading for column in columns)}; say which with --column "TITLE=SET".'
        )
    new = told | {column.heading: name for name, column in found.items()}
    if new != remembered.get(form, {}):
        data = json.dumps(remembered | {form: new}, ensure_ascii=False, indent=1)
        write_atomically(course.private / "columns.json", data.encode(), mode=PRIVATE)
    return found


def assignments_in(title: str, titles: Mapping[str, str]) -> set[str]:
    """The assignments that a column's title can mean, by name, by number or by words.

    Parameters
    ----------
    title : str
    titles : Mapping of str to str
        The course's assignments with their own titles.

    Examples
    --------
    >>> titles = {"ps05_missing_labels": "Problem set 5: missing labels", "qt05_missing_labels": "Quick test 5"}
    >>> assignments_in("Problem set 5", titles), sorted(assignments_in("Missing labels", titles))
    ({'ps05_missing_labels'}, ['ps05_missing_labels', 'qt05_missing_labels'])
    """
    said = plain(title)
    exact = {name for name, own in titles.items() if said in (plain(name), plain(own))}
    if exact:
        return exact
    named = {name for name in titles if re.search(rf"\b{re.escape(plain(name))}\b", said)}
    if named:
        return named
    found: set[str] = set()
    kinds = {kind for kind, words in _KINDS.items() if re.search(rf"\b{words}(?:\b|(?=\d))", said)}
    for name, own in titles.items():
        kind = prefix_of(name)
        if kinds and kind not in kinds:
            continue
        number = re.match(r"[a-z]+0*(\d+)", name.casefold())
        words = _KINDS.get(kind, re.escape(kind))
        if number and kind and re.search(rf"\b{words}\s*(?:nr\s*|no\s*)?0*{number[1]}\b", said):
            found.add(name)
        rest = plain(re.sub(r"^[a-z]+\d+_?", "", name.casefold()))
        subject = plain(own.partition(":")[2])
        if any(len(text) > 3 and re.search(rf"\b{re.escape(text)}\b", said) for text in (rest, subject)):
            found.add(name)
    return found


def _worksheet_of(course: Course, sheet: Sheet, platform: Platform, like: Path, choice: Choice) -> str:
    """The assignment of a worksheet, known by its participant numbers where the roster has them.

    Raises
    ------
    UsageError
        If it is not told, or the numbers are not that assignment's.
    """
    numbers = {one.keys.get("moodle:", "") for one in platform.people(sheet)} - {""}
    roster = Roster.read(course.roster_path)
    held = {
        name: {number for person in roster if (number := person.more.get(f"moodle:{name}", ""))}
        for name in course.assignments
    }
    fits = [name for name, known in held.items() if known & numbers]
    if len(choice.assignments) > 1:
        raise UsageError(f"{like} is {platform.says}, which is of one assignment: give one --assignment.")
    name = next(iter(choice.assignments), fits[0] if len(fits) == 1 else "")
    if not name:
        raise UsageError(f"{like} is {platform.says}, which does not say of which assignment; give --assignment.")
    other = [each for each in fits if each != name]
    if other:
        raise UsageError(
            f"{like}: its participant numbers are those of {other[0]}, not of {name}; nothing was filled in."
        )
    if held[name] and not held[name] & numbers:
        raise UsageError(
            f"{like}: its participant numbers are not those that roster.csv has for {name}; take that assignment's "
            f"worksheet, or read this one with {typed('roster', like, '--assignment', name, '--course', course.root)}."
        )
    return name


# ---- which row is whom -----------------------------------------------------------------------------------------


def _rows_of_people(course: Course, people: Sequence[Listed], like: Path, done: Exported) -> dict[int, str]:
    """The student of each row, by ids and never by name; a row that is nobody's is said and left as it is."""
    roster = Roster.read(course.roster_path)
    exact: dict[int, list[str]] = {one.row: _exactly(one, roster) for one in people}
    taken = {who[0] for who in exact.values() if len(who) == 1}
    found: dict[int, str] = {}
    nobody: list[str] = []
    for one in people:
        who = exact[one.row]
        if not who:
            loose = [person.id for person in roster if person.id not in taken and _loosely(one, person)]
            rivals = [each for each in people if not exact[each.row] and each is not one]
            alone = len(loose) == 1 and not any(_loosely(each, _get(roster, loose[0])) for each in rivals)
            who = loose if alone else []
            if alone:
                done.notes.append(f"{one.called}: a spreadsheet changed the id in {like.name}; taken as {loose[0]}.")
            elif loose:
                raise UsageError(
                    f"{like}: a spreadsheet changed the id of {one.called}, which can be {' or '.join(loose)}; export "
                    "the file anew and do not open it in a spreadsheet."
                )
        if len(who) > 1:
            raise UsageError(f"{like}: {one.called} is more than one person of roster.csv: {', '.join(who)}.")
        if who:
            if who[0] in found.values():
                raise UsageError(f"{like}: {who[0]} has two rows; export the file anew.")
            found[one.row] = who[0]
        else:
            nobody.append(one.called)
    if not found:
        raise UsageError(
            f"{like}: nobody of its {len(people)} people is in roster.csv; read it first: "
            f"{typed('roster', like, '--course', course.root)}."
        )
    if nobody:
        done.notes.append(f"Not in roster.csv, left as they are: {', '.join(nobody)}.")
    return found


def _get(roster: Roster, student: str) -> Person:
    person = roster.get(student)
    assert person is not None
    return person


def _exactly(one: Listed, roster: Roster) -> list[str]:
    """Who has this row's platform number; failing that its id, its login or its address, in this order."""
    own = {key: value for key, value in one.keys.items() if key != "login" and value}
    by_number = [person.id for person in roster if any(person.more.get(key) == value for key, value in own.items())]
    ids = {each.casefold() for each in one.ids if each}
    login = one.keys.get("login", "").casefold()
    return (
        by_number
        or [person.id for person in roster if person.id.casefold() in ids]
        or [person.id for person in roster if login and login == person.login.casefold()]
        or [person.id for person in roster if one.email and one.email.casefold() == person.email.casefold()]
    )


def _loosely(one: Listed, person: Person) -> bool:
    """True where a spreadsheet can have made the file's numbers of this person's."""
    pairs = [(value, person.more.get(key, "")) for key, value in one.keys.items()]
    pairs += [(each, person.id) for each in one.ids] + [(one.keys.get("login", ""), person.login)]
    return any(_respelt(said, held) for said, held in pairs)


def _respelt(said: str, held: str) -> bool:
    """True where ``said`` is what a spreadsheet shows of the number ``held``.

    Examples
    --------
    >>> _respelt("7", "007"), _respelt("1,2E+05", "123456"), _respelt("S7", "S007")
    (True, True, False)
    """
    if not said or not held.isdigit():
        return False
    if ROUNDED.fullmatch(said):
        digits = len(re.sub(r"\D", "", said.upper().partition("E")[0])) - 1
        return f"{float(held):.{digits}E}" == f"{float(said.replace(',', '.')):.{digits}E}"
    return re.sub(r"[.,]0+$", "", said).lstrip("0") == held.lstrip("0")
