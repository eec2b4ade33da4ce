"""What a path says, in the way of each learning platform: who, what, when, late or not, which attempt.

The forms are those of the platforms' own sources and manuals. A form is looked for in every part of a path, so that a
folder around everything changes nothing; where a path has none of them, its folders and the file's name are clues to a
person and no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from autograder.desk.collecting.contents import SetNames

NOTEBOOK = re.compile(r".*\.ipynb(?:\.txt|\.json)?", re.IGNORECASE | re.DOTALL)  # browsers add the second ending
STAMP = "timestamp.txt"

_I = re.IGNORECASE | re.DOTALL
_CANVAS = re.compile(r"(?P<who>[^_]+)_(?:(?P<late>late)_)?(?P<user>\d+)_(?P<file>\d+)_(?P<name>.+)", _I)
_CANVAS_TEXT = re.compile(r"(?P<who>[^_]+)_(?:(?P<late>late)_)?(?P<user>\d+)_(?P<name>(?:text|link)\.html?)", _I)
_CANVAS_ANON = re.compile(r"(?:(?P<late>late)_)?anon_(?:late_)?(?P<who>[^_]+)_(?P<file>\d+)_(?P<name>.+)", _I)
_MOODLE = re.compile(r"(?P<who>[^_]+)_(?:(?P<number>\d+)_)?assignsubmission_[a-z]+(?:_(?P<name>.*))?", _I)
_BLACKBOARD = re.compile(r"(?P<who>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<name>.+)|(?P<receipt>\.txt)|)", _I)
_BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-(?P<unit>\d+) ?- (?P<who>.+?) - (?P<time>[^-]*?\b\d{4}\b[^-]*?)(?: ?- ?(?P<name>.+))?", _I
)
_EXCHANGE = re.compile(
    r"(?P<who>[^+]+)\+(?P<set>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d[:_-]\d\d[:_-]\d\d[^+]*)(?:\+[\w-]+)?", _I
)
_COPY = re.compile(
    r"[ _-]*\(\d+\)$|[ _-]*(?:copy|kopie)[ _-]?(?:\(?\d+\)?)?$|-\d{1,2}$|"
    r"-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    re.IGNORECASE,
)
_COPY_OF = re.compile(r"^(?:(?:copy|kopie|copie|copia) (?:of|von|de|di) )+", re.IGNORECASE)
_PACKED = re.compile(r"(?:-(?:main|master))?(?:\.zip)?$", re.IGNORECASE)
_GROUP = re.compile(r"(?:default group|group|gruppe|groupe|grupo|gruppo|team|equipe|équipe)\b.*", re.IGNORECASE)
_BLIND = {
    "participant", "participante", "participant(e)", "teilnehmer", "teilnehmerin", "teilnehmer in", "teilnehmer/in",
    "deelnemer", "partecipante", "uczestnik", "deltaker", "deltagare", "deltager", "osallistuja", "účastník",
    "résztvevő", "учасник", "участник", "参加者", "参与者", "참가자",
}  # fmt: skip

# Folders that say where a file lay and not whose it is; words around a problem set's name in a file's.
_PLACES = {"submitted", "downloaded", "archive", "extracted", "inbound", "submissions", "attachments", "anhänge", ""}
_WORDS = {
    "a", "the", "my", "our", "new", "final", "finished", "done", "solved", "solution", "solutions", "submission",
    "submitted", "answer", "answers", "draft", "version", "v", "rev", "copy", "of", "problem", "set", "sets",
    "quick", "test", "assignment", "homework", "hw", "exercise", "exercises", "notebook", "lab", "week", "mtl",
    "main", "master", "loesung", "lösung", "abgabe", "aufgabe",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COURSE_FOLDERS = {"autograded", "feedback", "source", "release"}


@dataclass(frozen=True)
class Key:
    """One clue to whose a file is.

    ``kind`` is ``canvas``, ``canvas name``, ``canvas anonymous``, ``moodle``, ``brightspace``, ``blackboard``,
    ``login``, ``name``, ``group``, ``github``, ``repository``, ``student`` (a folder that stands for a person),
    ``folder`` (one that may), ``stem`` (a file's name, which is somebody's only where the roster has them) or
    ``around`` (a folder that everything lies in).
    """

    kind: str
    value: str


@dataclass(frozen=True)
class Where:
    """What a path says.

    Attributes
    ----------
    platform : str
    keys : tuple of Key
        Whose it may be, the surest first.
    name : str
        The file's own name.
    hints : tuple of str
        What may name the problem set, the most telling first.
    local, utc : datetime or None
        When it was handed in, on the course's clock or with its zone.
    late : bool
        The platform says so.
    attempt : str
        What distinguishes this attempt from others of the same person in the same download.
    order : int
        Among files of one attempt a larger one is newer.
    namesakes : bool
        The same name stands before another number in this download: two people of one name.
    slot : tuple of str
        What names the assignment that the platform collected, whatever was handed in for it.
    outer : tuple of str
        Folders around the part that names the person; they must not name another.
    depth : int
        How many parts of the path stand before what is a student's own: a zip from there on is theirs too.
    exchanged : bool
        It lies as nbgrader's own programs put it, so that a ``timestamp.txt`` beside it is theirs.
    """

    platform: str
    keys: tuple[Key, ...]
    name: str
    hints: tuple[str, ...] = ()
    local: datetime | None = None
    utc: datetime | None = None
    late: bool = False
    attempt: str = ""
    order: int = 0
    namesakes: bool = False
    slot: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    depth: int = 0
    exchanged: bool = False


def is_notebook(name: str) -> bool:
    return bool(NOTEBOOK.fullmatch(name))


def is_python(name: str) -> bool:
    return name.casefold().endswith(".py")


def is_receipt(name: str) -> bool:
    """True for the text file that Blackboard adds to every attempt."""
    match = _BLACKBOARD.fullmatch(name)
    return bool(match and match["receipt"])


@dataclass
class Layouts:
    """Reads the paths of one download, each in the light of all.

    Parameters
    ----------
    source : str
        The archive's or folder's own name.
    paths : collection of str
        All that somebody may have handed in.
    sets : SetNames
    receipts : dict of str to str
        The text of Blackboard's receipts, by their path.
    """

    source: str
    paths: Collection[str]
    sets: SetNames
    receipts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def root(self) -> tuple[str, ...]:
        """The folders that everything lies in."""
        folders = [tuple(path.split("/")[:-1]) for path in self.paths]
        if not folders:
            return ()
        first, last = min(folders), max(folders)
        same = [a == b for a, b in zip(first, last, strict=False)]
        return first[: same.index(False) if False in same else len(same)]

    @cached_property
    def _numbers_of(self) -> dict[tuple[str, str], set[str]]:
        """The numbers that stand after each name, in each folder: a platform numbers anew in every assignment."""
        numbers: dict[tuple[str, str], set[str]] = {}
        for path in self.paths:
            parts = path.split("/")
            for at, part in enumerate(parts):
                match = _MOODLE.fullmatch(part) or _BRIGHTSPACE.fullmatch(part)
                if match:
                    number = match.groupdict().get("number") or match.groupdict().get("user") or ""
                    numbers.setdefault(("/".join(parts[:at]), match["who"].casefold()), set()).add(number)
                    break
        return numbers

    def _is_blind(self, folder: str, who: str) -> bool:
        """True for the word that stands in place of a name: a known one, or a single word before several numbers."""
        who = who.casefold()
        return who in _BLIND or (len(self._numbers_of.get((folder, who), ())) > 2 and " " not in who)

    def _has_namesakes(self, folder: str, who: str) -> bool:
        return len(self._numbers_of.get((folder, who.casefold()), ())) > 1

    @cached_property
    def _courses(self) -> set[str]:
        """The folders that are copies of a course's, of which only ``submitted`` was handed in."""
        folders = (path.rpartition("/")[0] for path in self.paths)
        return {f"/{one}/".partition("/submitted/")[0] for one in folders if "/submitted/" in f"/{one}/"}

    def elsewhere(self, path: str) -> bool:
        """True for what lies in a course's other folders, beside ``submitted``."""
        folder = f"/{path.rpartition('/')[0]}/"
        if "/submitted/" in folder:
            return False
        return any(folder.startswith(f"{course}/{one}/") for course in self._courses for one in _COURSE_FOLDERS)

    def read(self, path: str) -> Where:
        """What one path says; a form of a platform first, else its folders and its name."""
        parts = path.split("/")
        for at, part in enumerate(parts):
            found = self._form(part, "/".join(parts[:at]))
            if found:
                around = [found.name, *reversed(parts), self.source]
                return replace(
                    found,
                    name=found.name if at == len(parts) - 1 else parts[-1],
                    hints=(found.name if at == len(parts) - 1 else parts[-1], *found.hints, *around),
                    slot=(*found.hints, *around[1:]),
                    outer=tuple(parts[:at]),
                    depth=at,
                )
        return self._plain(parts)

    def _form(self, part: str, folder: str) -> Where | None:
        """One part of a path in a platform's form.

        The end of it is often the student's own name for a file, which may look like another platform's: the form
        that most of the download has goes first, then the one that begins earlier.
        """
        forms = [
            (found, at)
            for found, at in (
                (self._exchange(part), part.find("+")),
                (self._moodle(part, folder), part.find("_assignsubmission")),
                (self._blackboard(part, folder), part.find("_attempt_")),
                (self._brightspace(part, folder), part.find(" - ")),
                _canvas(part),
            )
            if found
        ]
        if len(forms) == 1:
            return forms[0][0]
        return max(forms, key=lambda form: (self._votes[form[0].platform], -form[1]))[0] if forms else None

    @cached_property
    def _votes(self) -> Counter[str]:
        """How many paths of the download have each platform's form."""
        votes: Counter[str] = Counter()
        for path in self.paths:
            for part in path.split("/"):
                tried = (
                    self._exchange(part),
                    self._moodle(part, ""),
                    self._blackboard(part, ""),
                    self._brightspace(part, ""),
                    _canvas(part)[0],
                )
                found = [where.platform for where in tried if where]
                votes.update(found)
                if found:
                    break
        return votes

    # ---- platforms ---------------------------------------------------------------------------------------------

    def _moodle(self, part: str, folder: str) -> Where | None:
        match = _MOODLE.fullmatch(part)
        if not match:
            return None
        who = match["who"].strip()
        keys = [Key("moodle", match["number"])] if match["number"] else []
        if _GROUP.fullmatch(who):
            keys = [*keys, Key("group", who)]
        elif not self._is_blind(folder, match["who"]):
            keys = [*keys, Key("name", who)]
        namesakes = self._has_namesakes(folder, match["who"])
        return Where("Moodle", tuple(keys), match["name"] or part, namesakes=namesakes)

    def _blackboard(self, part: str, folder: str) -> Where | None:
        match = _BLACKBOARD.fullmatch(part)
        if not match:
            return None
        before = f"{folder}/" if folder else ""
        receipt = self.receipts.get(f"{before}{match['who']}_attempt_{match['time']}.txt", "")
        login, name = _receipt(receipt)
        keys = [Key("login", login), Key("name", name)] if login else [Key("blackboard", match["who"])]
        return Where(
            "Blackboard",
            tuple(key for key in keys if key.value),
            match["name"] or part,
            (match["who"],),
            local=_numbers(match["time"]),
            attempt=match["time"],
        )

    def _brightspace(self, part: str, folder: str) -> Where | None:
        match = _BRIGHTSPACE.fullmatch(part)
        if not match:
            return None
        keys = (Key("brightspace", match["user"]), Key("name", match["who"]))
        return Where(
            "Brightspace",
            keys,
            match["name"] or part,
            local=_english(match["time"]),
            attempt=match["time"].strip(),
            namesakes=self._has_namesakes(folder, match["who"]),
        )

    def _exchange(self, part: str) -> Where | None:
        match = _EXCHANGE.fullmatch(part)
        if not match:
            return None
        local, utc = stamp(match["time"])
        return Where(
            "nbgrader's exchange",
            (Key("student", match["who"]),),
            part,
            (match["set"],),
            local,
            utc,
            attempt=match["time"],
        )

    # ---- folders and names -------------------------------------------------------------------------------------

    def _plain(self, parts: list[str]) -> Where:
        name, folders = parts[-1], [plain_folder(part) for part in parts[:-1]]
        stem = plain_stem(name)
        keys: list[Key] = []
        platform = "folders"
        own = [part for part in folders[len(self.root) :] if part.casefold() not in _PLACES]
        around = [part for part in folders[: len(self.root)] if part.casefold() not in _PLACES]
        for at in range(len(folders) - 1, 0, -1):
            above = folders[at - 1]
            if self._is_set(folders[at]) and above.casefold() not in _PLACES and not self._is_set(above):
                keys.append(Key("student", above))
                platform = "nbgrader's folders"
                break
        for part in folders:
            user = self.sets.after(part)
            if user and not self._is_set(part) and not _only_words(user):
                keys.append(Key("github", user))
                platform = "GitHub"
        who = self._who_of(stem)
        folder = [part for part in own if not self._is_set(part) and not self.sets.after(part)]
        if not folder and not who:
            folder = [part for part in around if not self._is_set(part)][-1:]
        keys += [Key("folder", self._who_of(_COPY_OF.sub("", part)) or part) for part in folder]
        if who:
            keys.append(Key("folder", who))
        if not self.sets.named(stem) and not _only_words(stem):
            keys.append(Key("stem", stem))
        if not keys:
            keys.append(Key("stem", plain_stem(plain_folder(self.source))))
        keys += [Key("repository", part) for part in folders if "-" in part]
        keys += [Key("around", part) for part in around if not self._is_set(part)]
        hints = (stem, *reversed(folders), self.source)
        submitted = "submitted" in (*self.root, parts[0], plain_folder(self.source))
        return Where(
            platform,
            tuple(dict.fromkeys(keys)),
            name,
            hints,
            outer=tuple(folders),
            depth=len(self.root) if len(self.paths) > 1 else 0,
            exchanged=platform == "nbgrader's folders" and submitted,
        )

    def _is_set(self, folder: str) -> bool:
        """True for a folder that is called like a problem set, or like a copy of one."""
        return self.sets.is_only(folder) or self.sets.is_only(plain_stem(folder))

    def _who_of(self, stem: str) -> str:
        """Whom the name of a file names beside the problem set; empty for nobody."""
        pieces = [piece.strip() for piece in stem.split(" - ")]
        if len(pieces) > 1:
            others = [piece for piece in pieces if not self.sets.named(piece)]
            if others and not _only_words(others[0]):
                return others[0]
        rest = self.sets.without(stem)
        rest = re.sub(r"[ _]+", " ", rest).strip() if rest and " " in rest else rest
        return "" if not rest or _only_words(rest) else rest


def _canvas(part: str) -> tuple[Where | None, int]:
    """Canvas's form, and where the student's own name for the file begins."""
    match = _CANVAS_ANON.fullmatch(part)
    if match:
        keys: tuple[Key, ...] = (Key("canvas anonymous", match["who"]),)
    else:
        match = _CANVAS.fullmatch(part) or _CANVAS_TEXT.fullmatch(part)
        if not match:
            return None, 0
        keys = (Key("canvas", match["user"]), Key("canvas name", match["who"]))
    order = match.groupdict().get("file") or "0"
    late = bool(match["late"]) or part.casefold().startswith("anon_late_")
    return Where("Canvas", keys, match["name"], late=late, order=int(order[:18])), match.start("name")


def _receipt(text: str) -> tuple[str, str]:
    """Login and name in the first line of a receipt, ``Name: Ada Lovelace (ada01)``; empty where it has none."""
    line = text.lstrip().partition("\n")[0].strip()
    if not (line.startswith("Name:") and line.endswith(")")):
        return "", ""
    name, _, login = line.removeprefix("Name:")[:-1].rpartition("(")
    return login.strip(), name.strip()


def plain_folder(name: str) -> str:
    """A folder's name, or a zip's without its ending, and without the branch that GitHub adds.

    >>> plain_folder("ps05-ada-main.ZIP")
    'ps05-ada'
    """
    return _PACKED.sub("", name)


def plain_stem(name: str) -> str:
    """A file's name without its ending and the marks of copies.

    >>> plain_stem("Copy of ps05 (1)-Copy1.IPYNB")
    'ps05'
    """
    stem = re.sub(r"\.(?:ipynb(?:\.txt|\.json)?|py)$", "", name, flags=re.IGNORECASE)
    stem = _COPY_OF.sub("", stem)
    while (shorter := _COPY.sub("", stem)) and shorter != stem:
        stem = shorter
    return stem


def _only_words(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return all(word in _WORDS for word in words)


# ---- times -------------------------------------------------------------------------------------------------------


def _numbers(text: str) -> datetime | None:
    """Year, month, day, hour, minute and second, whatever stands between them."""
    numbers: Iterable[int] = map(int, re.findall(r"\d+", text)[:6])
    try:
        return datetime(*numbers)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        return None


def _english(text: str) -> datetime | None:
    """Brightspace's "Mar 5, 2026 1105 PM", with or without the colon, day or month first.

    >>> _english("Mar 5, 2026 208 PM")
    datetime.datetime(2026, 3, 5, 14, 8)
    """
    found = re.search(r"(\d{1,2})[:.]?(\d\d)(?:[:.]\d\d)? ?([ap])?\.?m?\.?\s*$", text, re.IGNORECASE)
    month = next((at for at, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", text, re.IGNORECASE)), 0)
    year, day = re.search(r"\b(\d{4})\b", text), re.search(r"\b(\d{1,2})\b", text)
    if not (found and month and year and day) or found.start() < year.end():
        return None
    hour, minute = int(found[1]), int(found[2])
    if found[3]:
        hour = hour % 12 + (12 if found[3].casefold() == "p" else 0)
    try:
        return datetime(int(year[1]), month, int(day[1]), hour, minute)
    except ValueError:
        return None


def stamp(text: str) -> tuple[datetime | None, datetime | None]:
    """A time as nbgrader writes it: (on the course's clock, None) or (None, with its zone).

    >>> stamp("2026-03-05 22:05:00.5 UTC")[1].isoformat()
    '2026-03-05T22:05:00.500000+00:00'
    """
    text = text.strip()[:60]
    match = re.match(
        r"(\d{4}-\d\d-\d\d)[ T](\d\d)[:_-](\d\d)[:_-](\d\d)(?:\.(\d{1,6})\d*)? ?(UTC|GMT|Z|[+-]\d\d:?\d\d)?", text
    )
    if not match:
        return None, None
    zone = match[6] or ""
    zone = "+0000" if zone in ("UTC", "GMT", "Z") else zone.replace(":", "")
    plain = f"{match[1]} {match[2]}:{match[3]}:{match[4]}.{match[5] or '0'}"
    try:
        if zone:
            return None, datetime.strptime(f"{plain} {zone}", "%Y-%m-%d %H:%M:%S.%f %z").astimezone(UTC)
        return datetime.strptime(plain, "%Y-%m-%d %H:%M:%S.%f"), None
    except (ValueError, OverflowError):
        return None, None
