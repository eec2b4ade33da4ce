"""``mtl-grade roster``: merge a platform's list of people into ``roster.csv``.

A person of a file and a row of the roster are the same where an id, a platform's own number, a login or an e-mail
address says so, never by the name alone: equal names are a question. As long as there is one, nothing is written.
What an instructor edits in ``roster.csv`` stays: only what a file says *anew* changes a name or an address.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.desk.platforms.platform import ROUNDED, Listed, Platform, plain_name
from autograder.desk.platforms.registry import read_table
from autograder.desk.platforms.sheet import Sheet, SheetError
from autograder.files import PRIVATE, write_atomically
from autograder.grading.course import Course
from autograder.grading.roster import OWN_COLUMNS, STUDENT, Person, Roster
from autograder.results import UsageError

_SAYS = ("first_name", "last_name", "email")
_OWN_LISTS = ("csv", "nbgrader")  # what an instructor writes, so that it outweighs what was known


@dataclass(frozen=True)
class Doubt:
    """Something that a person has to decide.

    Attributes
    ----------
    where : str
        File and line.
    what : str
        One sentence.
    accepting : str
        What ``--accept`` does.
    """

    where: str
    what: str
    accepting: str

    @property
    def sentence(self) -> str:
        """What is doubtful, with its full stop or question mark."""
        return self.what if self.what.endswith("?") else f"{self.what}."


@dataclass
class Merged:
    """What a merge did, or would do."""

    files: list[dict[str, Any]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    written: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def lines(self, accept: bool = False) -> list[str]:
        """For people."""
        out = [f"{one['file']}: {one['is']}, {one['people']} people" for one in self.files]
        would = "would be " if self.doubtful and not accept else ""
        out += [f"{would}added: {who}" for who in self.added]
        out += [f"{would}changed: {who}: {', '.join(what)}" for who, what in self.changed.items()]
        out += [f"unchanged: {len(self.unchanged)}"]
        out += [f"kept: {what}" for what in self.kept]
        out += [f"kept: {what}" for what in self.missing]
        if accept:
            return [*out, *(f"accepted: {one.where}: {one.sentence} Now {one.accepting}." for one in self.doubtful)]
        out += [f"doubtful: {one.where}: {one.sentence} With --accept {one.accepting}." for one in self.doubtful]
        if self.doubtful:
            count = f"{len(self.doubtful)} doubt" + "s" * (len(self.doubtful) > 1)
            out.append(f"Nothing is written: settle the {count} in the file or in roster.csv, or add --accept.")
        return out


@dataclass(frozen=True)
class Overview:
    """The class as ``roster.csv`` has it now, and the folders of ``submitted/`` that are nobody's in it."""

    roster: Roster
    strangers: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        people = [{key: getattr(person, key) for key in OWN_COLUMNS} | dict(person.more) for person in self.roster]
        return {"people": people, "strangers": list(self.strangers)}

    def lines(self) -> list[str]:
        """For people."""
        if not len(self.roster):
            if self.strangers:
                return [f"roster.csv is empty: the {len(self.strangers)} folders of submitted/ are taken as the class."]
            return ["roster.csv is empty: `mtl-grade roster FILE` reads a platform's list of people."]
        said = []
        for person in self.roster:
            more = [f"{key} {value}" for key, value in person.more.items()]
            known = [person.name if person.name != person.id else "", person.email, person.login, *more]
            said.append(f"{person.id}  {', '.join(filter(None, known))}".rstrip())
        said.append(f"{len(self.roster)} people in roster.csv")
        return said + [f"not in roster.csv: submitted/{name}" for name in self.strangers]


def merge(course: Course, paths: Iterable[Path], assignment: str = "", accept: bool = False) -> Merged:
    """Merge files into the course's roster; with an open doubt nothing is written, unless it is accepted.

    Parameters
    ----------
    course : Course
    paths : iterable of Path
    assignment : str, optional
        The problem set of a Moodle grading worksheet, whose numbers hold for no other.
    accept : bool
        Do what each doubt says of accepting it.

    Raises
    ------
    UsageError
        If a file is no list of people, or a worksheet comes without its problem set.
    """
    if assignment and assignment not in course.assignments:
        raise UsageError(f"--assignment must be one of {', '.join(course.assignments)}; got {assignment!r}.")
    before = Roster.read(course.roster_path)
    seen = _Seen.of(course)
    done = Merged()
    class_ = _Class(before, seen, done)
    for path in paths:
        sheet, platform = read_table(path)
        if platform.one_assignment and not assignment:
            raise UsageError(
                f"{path} is {platform.says}, whose participant numbers hold for one assignment alone; say which with "
                f"--assignment, for example --assignment {next(iter(course.assignments), 'ps01')}."
            )
        people = platform.people(sheet, assignment)
        if not people:
            raise SheetError(f"{path} is {platform.says} in which nobody stands; export it anew.")
        done.files.append({"file": str(path), "is": platform.says, "people": len(people)})
        class_.take(_File(path.name, sheet, platform, assignment, people))
    done.unchanged = [
        person.id
        for person in class_.people
        if person.id in class_.met and person.id not in {*done.added, *done.changed}
    ]
    if done.doubtful and not accept:
        return done
    after = Roster.of(class_.people, before.columns)
    if after != before:
        after.write(course.roster_path)
        done.written = True
    seen.write()
    return done


def overview(course: Course) -> Overview:
    """Who is in the class now."""
    roster = Roster.read(course.roster_path)
    strangers = {one.student for one in course.submissions() if roster.get(one.student) is None}
    return Overview(roster, tuple(sorted(strangers)))


# ---- merging ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    name: str
    sheet: Sheet
    platform: Platform
    assignment: str
    people: Sequence[Listed]

    def line(self, one: Listed) -> str:
        return f"{self.name}, line {self.sheet.line(one.row)}"


class _Class:
    """The people while files are merged into them, as if every doubt were accepted."""

    def __init__(self, roster: Roster, seen: _Seen, done: Merged) -> None:
        self.people = list(roster.people)
        self.seen = seen
        self.done = done
        self.met: set[str] = set()
        self.shared: set[str] = set()  # addresses that two rows of the present file have: they say nothing

    def take(self, file: _File) -> None:
        """Merge one file."""
        hits = {one.row: self._hits(one) for one in file.people}
        if self.people and not any(hits.values()) and file.platform.name not in _OWN_LISTS:
            self._doubt(
                file.name, f"nobody of these {len(file.people)} people is in roster.csv: is it another course's file?",
                "they are added to the class",
            )  # fmt: skip
        self._other_worksheet(file)
        self.shared.clear()
        names = Counter(plain_name(one.called) for one in file.people)
        left = self._doubled(file)
        for one in file.people:
            if one.row in left:
                continue
            person = self._match(file, one, names)
            if person is None:
                self._add(file, one)
            else:
                self._update(file, one, person)
        self._gone(file)

    def _gone(self, file: _File) -> None:
        """Say who was in this platform's files and is not in this one; they stay."""
        columns = {key for one in file.people for key in one.keys} - {"login", "sis", "github"}
        for person in self.people:
            if person.id not in self.met and any(person.more.get(key) for key in columns):
                self.done.missing.append(f"{person.id} ({person.name}) is not in {file.name} any more")

    def _doubt(self, where: str, what: str, accepting: str) -> None:
        self.done.doubtful.append(Doubt(where, what, accepting))

    def _doubled(self, file: _File) -> set[int]:
        """The rows that are left out, because one above them has the same number; says which numbers stand twice."""
        left: set[int] = set()
        first: dict[tuple[str, str], Listed] = {}
        for one in file.people:
            said: set[int] = set()
            pairs = [*one.keys.items(), *(("id", each) for each in one.ids[:1]), ("email", one.email)]
            for key, value in pairs:
                other = first.setdefault((key, value.casefold()), one)
                if not value or other is one or other.row in said:
                    continue
                said.add(other.row)
                if replace(one, row=0) == replace(other, row=0):
                    left.add(one.row)
                    continue
                above = file.sheet.line(other.row)
                if key == "email":
                    self.shared.add(value.casefold())
                if key == "email" and self._are_two(one, other):
                    continue
                if key == "email":
                    what = f"{one.called} has the e-mail address of {other.called} in line {above}, {value}"
                    self._doubt(file.line(one), what, "both are taken as two people")
                else:
                    left.add(one.row)
                    what = f"the {_called(key)} {value} of {one.called} is that of {other.called} in line {above} too"
                    self._doubt(file.line(one), what, "the first of the two lines counts and this one is left out")
        return left

    def _are_two(self, one: Listed, other: Listed) -> bool:
        """True where the class has both already, each by an id of their own."""
        hits = [next(((key, who[0].id) for key, who in self._hits(each).items()), ("", "")) for each in (one, other)]
        return all(key not in ("", "email") for key, _ in hits) and hits[0][1] != hits[1][1]

    def _other_worksheet(self, file: _File) -> None:
        """Ask where a worksheet's numbers are those of another problem set."""
        if not file.platform.one_assignment:
            return
        own = f"moodle:{file.assignment}"
        numbers = {one.keys.get(own, "") for one in file.people}
        others = {column for person in self.people for column in person.more if column.startswith("moodle:")} - {own}
        for column in sorted(others):
            if numbers & {person.more.get(column) for person in self.people}:
                what = (
                    f"its participant numbers are those of {column.removeprefix('moodle:')}, not of {file.assignment}"
                )
                self._doubt(file.name, what, f"they are kept as those of {file.assignment}")

    def _hits(self, one: Listed) -> dict[str, list[Person]]:
        """Who of the class this can be, by what says so; the strongest first."""
        found: dict[str, list[Person]] = {}
        ids = {each.casefold() for each in one.ids if each}
        email = one.email.casefold()
        for person in self.people:
            if person.id.casefold() in ids:
                found.setdefault("id", []).append(person)
            for key, value in one.keys.items():
                if value and value.casefold() == _known(person, key).casefold():
                    found.setdefault(key, []).append(person)
            if email and email not in self.shared and email == person.email.casefold():
                found.setdefault("email", []).append(person)
        order = ["id", *(key for key in one.keys if key != "login"), "login", "email"]
        return {key: found[key] for key in order if key in found}

    def _match(self, file: _File, one: Listed, names: Mapping[str, int]) -> Person | None:
        """The person of the class, or None for a new one; asks where that is not certain."""
        hits = self._hits(one)
        if hits:
            first = next(iter(hits.values()))
            person = next((each for each in first if all(each in others for others in hits.values())), first[0])
            if not all(person in others for others in hits.values()):
                by = "; ".join(f"by {_called(key)} {who[0].id} ({who[0].name})" for key, who in hits.items())
                what = f"{one.called} is more than one person of roster.csv: {by}"
                self._doubt(file.line(one), what, f"{person.id} is taken")
            return person
        shorter = [person for person in self.people if _same_but_zeros(one, person)]
        if len(shorter) == 1:
            what = f"{one.called} has the id of {shorter[0].id} ({shorter[0].name}) without its zeros in front"
            self._doubt(file.line(one), what, f"the line is taken as {shorter[0].id}")
            return shorter[0]
        name = plain_name(one.first_name, one.last_name)
        same = [person for person in self.people if name and plain_name(person.first_name, person.last_name) == name]
        if not same:
            return None
        other = same[0]
        other_id = _differ(one, other) or (bool(one.id) and file.platform.name in _OWN_LISTS)
        if len(same) == names.get(plain_name(one.called), 1) == 1 and not other_id:
            what = f"{one.called} has the name of {other.id} in roster.csv, and no id or e-mail address says who it is"
            self._doubt(file.line(one), what, f"they are one person, {other.id}")
            return other
        what = f"{one.called} has the name of {other.id} in roster.csv and other ids: two people of one name?"
        self._doubt(file.line(one), what, "they are two people")
        return None

    def _add(self, file: _File, one: Listed) -> None:
        who = one.id
        if not who:
            spare = (one.email, *(value for key, value in one.keys.items() if not key.startswith("moodle:")))
            who = next((each for each in spare if STUDENT.fullmatch(each) and not ROUNDED.fullmatch(each)), "")
            broken = next((each for each in one.ids if ROUNDED.fullmatch(each)), "")
            what = f"{one.called} has no id that roster.csv can have"
            if broken:
                what = f"the id {broken} of {one.called} was rounded by a spreadsheet; export the file anew"
            elif spoilt := next(filter(None, one.ids), ""):
                what = f"the id {spoilt!r} of {one.called} has characters that a folder's name cannot have"
            if not who or any(person.id.casefold() == who.casefold() for person in self.people):
                self._doubt(file.line(one), what, "they are left out; give them a row in roster.csv by hand")
                return
            self._doubt(file.line(one), what, f"the id becomes {who}")
        keys = dict(one.keys)
        person = Person(
            who, one.first_name, one.last_name, one.email, keys.pop("login", ""), more=dict(one.more) | keys
        )
        self.people.append(person)
        self.met.add(who)
        self.done.added.append(who)
        self.seen.note(file.platform, who, _sayings(one))

    def _update(self, file: _File, one: Listed, person: Person) -> None:
        said: list[str] = []
        fields: dict[str, str] = {}
        more = dict(person.more)
        for key, value in one.keys.items():
            held = _known(person, key)
            if held.casefold() == value.casefold() or (held.lstrip("0") == value and value):
                continue
            if held:
                what = f"the {_called(key)} of {person.id} ({person.name}) is {held} and would become {value}"
                self._doubt(file.line(one), what, f"it becomes {value}")
            said.append(f"{key} {value}" if not held else f"{key} {held} -> {value}")
            if key == "login":
                fields[key] = value
            else:
                more[key] = value
        last = self.seen.last(file.platform, person.id)
        for key, value in _sayings(one).items():
            held = _known(person, key)
            if not value or value.casefold() == held.casefold() or value == last.get(key):
                continue
            news = key in last or file.platform.name in _OWN_LISTS
            if key in _SAYS[:2] and plain_name(one.called) == plain_name(person.name):
                continue  # the same name, divided in another way
            if held and not news:
                self.done.kept.append(f"{person.id}: {key} {held} is kept; {file.name} says {value}")
                continue
            said.append(f"{key} {value}" if not held else f"{key} {held} -> {value}")
            if key in _SAYS:
                fields[key] = value
            else:
                more[key] = value
        self.seen.note(file.platform, person.id, _sayings(one))
        self.met.add(person.id)
        if said:
            self.people[self.people.index(person)] = replace(person, **fields, more=more)
            if person.id not in self.done.added:
                self.done.changed.setdefault(person.id, []).extend(said)


def _known(person: Person, key: str) -> str:
    """What the roster says of a person in a column."""
    return str(getattr(person, key)) if key in (*_SAYS, "login") else person.more.get(key, "")


def _sayings(one: Listed) -> dict[str, str]:
    """What a file says that is no identity: names, address, other columns."""
    return {key: str(getattr(one, key)) for key in _SAYS} | dict(one.more)


def _differ(one: Listed, person: Person) -> bool:
    """True where both have a number of one kind, and not the same: they are not one person."""
    return any(value and _known(person, key) for key, value in [*one.keys.items(), ("email", one.email)])


def _same_but_zeros(one: Listed, person: Person) -> bool:
    """True where a spreadsheet made the file's id of this person's, by dropping the zeros in front."""
    held = {each for each in (person.id, person.more.get("sis", "")) if each.startswith("0") and each.isdigit()}
    return any(each.lstrip("0") in one.ids for each in held)


def _called(key: str) -> str:
    names = {
        "id": "id", "canvas": "Canvas id", "sis": "SIS id", "login": "login", "email": "e-mail address",
        "blackboard": "Blackboard user name",
    }  # fmt: skip
    if key.startswith("moodle:"):
        return f"Moodle participant number for {key.removeprefix('moodle:')}"
    return names.get(key, key)


class _Seen:
    """What each kind of file said last of each person, so that the same file again undoes no edit of the roster."""

    def __init__(self, path: Path, said: dict[str, dict[str, dict[str, str]]]) -> None:
        self.path, self.said = path, said

    @classmethod
    def of(cls, course: Course) -> _Seen:
        path = course.private / "roster-said.json"
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = {}
        return cls(
            path,
            {key: table for key, table in said.items() if isinstance(table, dict)} if isinstance(said, dict) else {},
        )

    def last(self, platform: Platform, student: str) -> dict[str, str]:
        return self.said.get(platform.says, {}).get(student, {})

    def note(self, platform: Platform, student: str, sayings: dict[str, str]) -> None:
        self.said.setdefault(platform.says, {})[student] = sayings

    def write(self) -> None:
        write_atomically(self.path, json.dumps(self.said, ensure_ascii=False).encode(), mode=PRIVATE)
