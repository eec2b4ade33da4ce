"""Whose a file is: a row of the roster that exactly one clue fits, what was answered before, or an open question."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.desk.collecting.layouts import Key, Where, plain_folder
from autograder.grading.roster import STUDENT, Person, Roster

MAX_SUGGESTIONS = 5
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_WEAK = ("name:", "path:")  # what was answered for these holds only where the roster says nothing
# Clues that can be an id where the roster is still empty.
_IDS = ("student", "github", "login", "blackboard", "folder")

NOBODY = "roster.csv has no rows"  # how each question begins that no row could answer


@dataclass(frozen=True)
class Match:
    """Whose a file is.

    Attributes
    ----------
    students : tuple of str
        Ids; several for a group, none where it is a question.
    why : str
        Why it is a question.
    suggestions : tuple of str
        Ids of those who may be meant, the likeliest first.
    said : str
        What the instructor should know of a match.
    """

    students: tuple[str, ...] = ()
    why: str = ""
    suggestions: tuple[str, ...] = ()
    said: str = ""


def words_of(name: str) -> tuple[str, ...]:
    """The parts of a name without accents, case and order.

    >>> words_of("Müller-Lüdenscheidt, Jürgen") == words_of("jurgen muller ludenscheidt")
    True
    """
    return _words(_folded(name))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)


def _words(folded: str) -> tuple[str, ...]:
    bare = re.sub("[\u0300-\u036f'’`´]", "", unicodedata.normalize("NFKD", folded))
    return tuple(sorted(re.findall(r"[^\W_]+", bare)))


def _forms(name: str) -> set[tuple[str, ...]]:
    """A name's parts, with ``ü`` as ``u`` and as ``ue``."""
    folded = _folded(name)
    return {_words(folded), _words(folded.translate(_UMLAUTS))} - {()}


def _squashed(name: str) -> str:
    return "".join(words_of(name))


class Matcher:
    """Finds whose a file is.

    Parameters
    ----------
    roster : Roster
    remembered : mapping of str to tuple of str
        Students by the keys of what was answered before.
    known : collection of str
        Ids that have a folder already, for a roster that is still empty.
    """

    def __init__(self, roster: Roster, remembered: Mapping[str, Sequence[str]], known: Collection[str] = ()) -> None:
        self.roster = roster
        self.remembered = remembered
        self._known = {student.casefold(): student for student in known}
        self._by: dict[str, dict[str, set[str]]] = {}
        self._names: dict[tuple[str, ...], set[str]] = {}
        self._words = [(person.id, words_of(f"{person.first_name} {person.last_name}")) for person in roster]
        for person in roster:
            fields = {"id": person.id, "login": person.login, "email": person.email, **person.more}
            for column, value in fields.items():
                if value:
                    self._by.setdefault(column.casefold(), {}).setdefault(_same(value), set()).add(person.id)
            for form in _forms(f"{person.first_name} {person.last_name}"):
                self._names.setdefault(form, set()).add(person.id)

    # ---- one file ----------------------------------------------------------------------------------------------

    def find(self, where: Where, assignment: str, sha256: str = "") -> Match:
        """Whose the file at ``where`` is; ``assignment`` is the problem set that it belongs to."""
        keys = [f"file:{sha256}", *self.keys_to_remember(where, assignment, sha256)]
        sure = self._remembered(key for key in keys if not key.startswith(_WEAK))
        if sure:
            return Match(sure)
        found = self._by_roster(where, assignment) if len(self.roster) else self._without_a_roster(where)
        others = {student for part in where.outer for student in self._others(part, found.students)}
        if others and found.students:  # what a student packed may look like another's download
            found = Match(why="its path fits several people", suggestions=_some([*found.students, *sorted(others)]))
        weak = () if found.students else self._remembered(key for key in keys if key.startswith(_WEAK))
        return Match(weak) if weak else found

    def _others(self, part: str, students: Collection[str]) -> set[str]:
        """Whom a folder names, if that is none of these students."""
        part = plain_folder(part)
        people = self._person(part) or self._repository(part)
        return set() if people & set(students) else people

    def _by_roster(self, where: Where, assignment: str) -> Match:
        by_kind = {key.kind: key.value for key in reversed(where.keys)}
        if "group" in by_kind:
            group = by_kind["group"]
            return Match(why=f"handed in by a group ({group}): fill in everybody in it, as in `ada;bob`")
        if where.platform == "Canvas":
            return self._canvas(by_kind)
        if where.platform in ("Moodle", "Brightspace"):
            return self._numbered(where, by_kind, assignment)
        if where.platform == "Blackboard":
            return self._blackboard(by_kind)
        return self._clues(where.keys)

    def keys_to_remember(self, where: Where, assignment: str, sha256: str) -> tuple[str, ...]:
        """Under what an answer is remembered for the term: what names the same person next time, and nobody else."""
        by_kind = {key.kind: key.value for key in reversed(where.keys)}
        if "canvas" in by_kind:
            return (f"canvas:{by_kind['canvas']}:{by_kind.get('canvas name', '').casefold()}",)
        if "canvas anonymous" in by_kind:
            return (f"canvas anonymous:{by_kind['canvas anonymous']}",)
        keys = []
        if "moodle" in by_kind:
            keys.append(f"moodle:{assignment}:{by_kind['moodle']}")
        if "brightspace" in by_kind:
            keys.append(f"brightspace:{by_kind['brightspace']}")
        if "group" in by_kind and "moodle" not in by_kind:
            keys.append(f"group:{assignment}:{_same(by_kind['group'])}")
        if "blackboard" in by_kind:
            keys.append(f"blackboard:{_same(by_kind['blackboard'])}")
        for kind in ("student", "login", "github"):
            if by_kind.get(kind) and not keys:
                keys.append(f"{kind}:{_same(by_kind[kind])}")
        name = by_kind.get("name", "")
        if name and not where.namesakes and not self._named(name):
            keys.append(f"name:{' '.join(words_of(name))}")
        clues = [key.value for key in where.keys if key.kind == "folder"]
        if clues and not keys and not any(self._person(clue) for clue in clues):
            keys.append(f"path:{'/'.join(map(_same, clues))}")
        return tuple(keys) or (f"file:{sha256}",)

    def is_like(self, where: Where, students: Collection[str]) -> bool:
        """True where the path's clues look like one of these people: no mere `section A` that many files lie in."""
        clues = [key.value for key in where.keys if key.kind == "folder"]
        return any("@" in clue or set(students) & set(self._like(clue)) for clue in clues)

    def _remembered(self, keys: Iterable[str]) -> tuple[str, ...]:
        for key in keys:
            students = tuple(self.remembered.get(key, ()))
            if students == ("-",) or (students and all(map(self.is_somebody, students))):
                return students
        return ()

    def is_somebody(self, student: str) -> bool:
        """True for an id of the roster, or any that can be one while the roster is empty."""
        return bool(self._by.get("id", {}).get(_same(student)) if len(self.roster) else STUDENT.fullmatch(student))

    def answer(self, text: str) -> tuple[tuple[str, ...], str]:
        """What somebody filled in as ids, and what is wrong with it; ``-`` for a file that is nobody's.

        An id may have lost its leading zeros in a spreadsheet, and a login, e-mail or name of one person will do.
        """
        students = []
        for part in filter(None, (part.strip() for part in re.split(r"[;,|]|\s&\s", text))):
            if part == "-":
                return ("-",), ""
            if not len(self.roster):
                if not STUDENT.fullmatch(part):
                    return (), f"`{part}` cannot be an id"
                students.append(self._known.get(part.casefold(), part))
                continue
            found = self._person(part) or self._without_zeros(part)
            if len(found) != 1:
                return (), f"`{part}` fits {len(found) or 'nobody'} on the roster"
            students.append(min(found))
        return tuple(dict.fromkeys(students)), ""

    # ---- by platform -------------------------------------------------------------------------------------------

    def _canvas(self, keys: Mapping[str, str]) -> Match:
        if "canvas anonymous" in keys:
            return Match(why="an anonymous download of Canvas: it names nobody")
        number, name = keys["canvas"], keys.get("canvas name", "")
        found = self._by.get("canvas", {}).get(_same(number), set())
        if len(found) > 1:
            return Match(
                why=f"Canvas's id {number} stands at {len(found)} people of the roster", suggestions=_some(found)
            )
        if not found:
            why = f"Canvas's id {number} ({name}) is nobody's on the roster: add the gradebook export with `roster`"
            return Match(why=why, suggestions=self._like(name))
        person = self._people(found)[0]
        if not self._fits_squashed(person, name):
            why = f"Canvas's id {number} is {person.name}'s, but the file says {name!r}: a group, or another's?"
            return Match(why=why, suggestions=_some([person.id, *self._like(name)]))
        return Match((person.id,))

    def _numbered(self, where: Where, keys: Mapping[str, str], assignment: str) -> Match:
        platform = where.platform
        column = f"moodle:{assignment}" if platform == "Moodle" else "brightspace"
        number, name = keys.get("moodle", keys.get("brightspace", "")), keys.get("name", "")
        found = self._by.get(column.casefold(), {}).get(_same(number), set()) if number else set()
        named = self._named(name)
        what = f"{platform}'s number {number}"
        if len(found) > 1:
            return Match(why=f"{what} stands at {len(found)} people of the roster", suggestions=_some(found))
        if found:
            person = self._people(found)[0]
            if name and person.id not in named and (named or not self._shares_a_word(person, name)):
                why = f"{what} is {person.name}'s, but the file says {name!r}: a worksheet of another assignment?"
                return Match(why=why, suggestions=_some([person.id, *named]))
            return Match((person.id,))
        if len(named) == 1 and not where.namesakes:
            return Match((min(named),))
        if named and where.namesakes:
            return Match(why=f"{name!r} stands before several numbers: people of one name", suggestions=_some(named))
        if not name:
            return Match(why=f"{what} is nobody's on the roster and the download has no names: add its worksheet")
        return self._unnamed(name, named)

    def _blackboard(self, keys: Mapping[str, str]) -> Match:
        if "login" in keys:
            found = self._account(keys["login"])
            named = self._named(keys.get("name", ""))
            if len(found) == 1:
                return Match((min(found),))
            if not found and len(named) == 1:
                return Match((min(named),))
            return Match(why=f"the login {keys['login']!r} fits nobody", suggestions=_some(found | named))
        words = keys["blackboard"].split("_")
        for at in range(1, len(words)):  # the longest end that is somebody: assignments and logins may have `_`
            found = self._account("_".join(words[at:]))
            if len(found) == 1:
                return Match((min(found),))
        return Match(why=f"no login of the roster ends {keys['blackboard']!r}", suggestions=self._like(words[-1]))

    def _clues(self, keys: Iterable[Key]) -> Match:
        """Folders and names: those that stand for a person first, then everything that may."""
        keys = list(keys)
        for key in keys:
            if key.kind in ("student", "github"):
                meant = self._meant(key)
                if len(meant) == 1:
                    return Match((min(meant),))
                if meant:
                    return self._unnamed(key.value, meant)
        for tier in (keys, [key for key in keys if key.kind == "around"]):
            found: set[str] = set()
            doubtful: set[str] = set()
            for key in tier:
                here = self._meant(key)
                if key.kind != "around" or tier is not keys:
                    (found if len(here) == 1 else doubtful).update(here)
            if len(found) == 1 and not doubtful - found:
                return Match((found.pop(),))
            if len(found) > 1:
                return Match(why="its path fits several people", suggestions=_some(found))
            if found or doubtful:
                break
        value = next((key.value for key in keys if key.kind not in ("repository", "around")), "")
        return self._unnamed(value, found | doubtful)

    def _repository(self, name: str) -> set[str]:
        """Whose account a repository's name ends with; the longest one, since an account may have hyphens."""
        ends: dict[int, set[str]] = {}
        for user, students in self._by.get("github", {}).items():
            if _same(name).endswith(f"-{user}"):
                ends.setdefault(len(user), set()).update(students)
        return ends[max(ends)] if ends else set()

    def _without_a_roster(self, where: Where) -> Match:
        """The id that a layout has of itself; names and platforms' numbers are nobody's yet."""
        keys = [key for key in where.keys if key.kind in _IDS]
        if not keys or where.platform in ("Canvas", "Moodle", "Brightspace"):
            return Match(why=f"{NOBODY} and the path has no id")
        value = keys[0].value if keys[0].kind != "blackboard" else keys[0].value.rpartition("_")[2]
        weak = {key.value for key in keys if key.kind == "folder"}
        if keys[0].kind == "folder" and len(weak) > 1:
            return Match(why=f"{NOBODY} and the path names several: " + ", ".join(sorted(weak)))
        if not STUDENT.fullmatch(value):
            return Match(why=f"{NOBODY} and {value!r} cannot be an id")
        return Match((self._known.get(value.casefold(), value),), said="roster.csv is empty: taken from the path")

    # ---- people ------------------------------------------------------------------------------------------------

    def _people(self, students: Iterable[str]) -> list[Person]:
        return [person for person in self.roster if person.id in set(students)]

    def _meant(self, key: Key) -> set[str]:
        """Whom one clue means; an account that is called like somebody's id is not theirs who have another one."""
        if key.kind == "repository":
            return self._repository(key.value)
        if key.kind != "github":
            return self._person(key.value)
        accounts = self._by.get("github", {})
        with_another = set().union(*accounts.values())
        return accounts.get(_same(key.value)) or self._person(key.value) - with_another

    def _account(self, value: str) -> set[str]:
        """Who has this login, id or platform's login."""
        for column in ("login", "id", "blackboard", "sis"):
            found = self._by.get(column, {}).get(_same(value), set())
            if found:
                return found
        return set()

    def _person(self, value: str) -> set[str]:
        """Whom a clue of unknown kind names: the first of id, login, e-mail, other accounts and name that it fits."""
        for column in ("id", "login", "email", "github", "blackboard", "sis", "canvas"):
            found = self._by.get(column, {}).get(_same(value), set())
            if found:
                return found
        return self._named(value)

    def _named(self, name: str) -> set[str]:
        return set().union(*(self._names.get(form, set()) for form in _forms(name)))

    def _without_zeros(self, value: str) -> set[str]:
        if not value.isdecimal():
            return set()
        return {person.id for person in self.roster if person.id.isdecimal() and int(person.id) == int(value)}

    def _fits_squashed(self, person: Person, squashed: str) -> bool:
        """Whether Canvas's name without blanks can be this person's; a row without a name is not doubted."""
        forms = _forms(f"{person.first_name} {person.last_name}")
        plain = {_squashed(squashed), "".join(_words(_folded(squashed).translate(_UMLAUTS)))}
        return not forms or any(len(word) > 1 and word in text for form in forms for word in form for text in plain)

    def _shares_a_word(self, person: Person, name: str) -> bool:
        mine = {word for form in _forms(f"{person.first_name} {person.last_name}") for word in form}
        return not mine or any(mine & set(form) for form in _forms(name))

    def _like(self, text: str) -> tuple[str, ...]:
        """Who may be meant by a text that is nobody's name: parts in common, else nearly the same letters."""
        wanted, squashed = set(words_of(text)), _squashed(text)
        scores = []
        for student, words in self._words:
            inside = sum(len(word) for word in words if len(word) > 1 and (word in wanted or word in squashed))
            near = 0.0 if inside else _letters_in_common("".join(words), squashed)
            score = inside / max(1, len("".join(words))) or (near if near > 0.75 else 0)
            if score:
                scores.append((-score, student))
        return _some(student for _, student in sorted(scores))

    def _unnamed(self, value: str, found: Collection[str]) -> Match:
        if not value:
            return Match(why="its path names nobody")
        if len(found) > 1:
            return Match(why=f"{value!r} fits {len(found)} people of the roster", suggestions=_some(sorted(found)))
        return Match(why=f"{value!r} is nobody on the roster", suggestions=_some([*found, *self._like(value)]))


def _letters_in_common(one: str, other: str) -> float:
    """2 of the letters in common over all letters: 1 for the same, whatever their order."""
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / max(1, len(one) + len(other))


def _same(value: str) -> str:
    """A login, e-mail or number as it is compared; an address is the same however it is written."""
    return unicodedata.normalize("NFC", value.strip().lstrip("#")).casefold()


def _some(students: Iterable[str]) -> tuple[str, ...]:
    students = students if not isinstance(students, (set, frozenset)) else sorted(students)
    return tuple(dict.fromkeys(students))[:MAX_SUGGESTIONS]
