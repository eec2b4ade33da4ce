"""Moodle: an assignment's grading worksheet, and the gradebook's export.

The worksheet names people by a participant number that holds for its assignment alone. Importing it skips without a
word what is blank, unchanged, locked, above the maximum or older than the grade on the server: here all that is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.desk.platforms.platform import Listed, MarkColumn, Marks, Minimal, Platform, known, last_first
from autograder.desk.platforms.sheet import Sheet, harmless, number_as, number_in, plain
from autograder.grading.roster import Person

_IDENTIFIER = ("Identifier", "ID", "Identifiant", "Identificador", "Identificativo", "Identificatie")
_GRADE = ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Cijfer")
_MAXIMUM = ("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima", "Valutazione massima")
_SCALE = ("Scale", "Skala", "Barème", "Escala", "Scala")
_LOCK = (
    "Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
    "La note peut être changée", "La calificación puede ser cambiada",
)  # fmt: skip
_CHANGED = (
    "Last modified (grade)", "Zuletzt geändert (Bewertung)", "Dernière modification (note)",
    "Última modificación (calificación)", "Ultima modifica (valutazione)",
)  # fmt: skip
_FULL_NAME = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Nome completo", "Name", "Nom")
_EMAIL = (
    "Email address", "E-Mail-Adresse", "E-Mail", "Email", "Adresse de courriel", "Adresse e-mail", "Courriel",
    "Dirección de correo", "Dirección Email", "Indirizzo email",
)  # fmt: skip
_ID_NUMBER = ("ID number", "ID-Nummer", "Numéro d'identification", "Número de ID", "Codice identificativo")
_USERNAME = ("Username", "Anmeldename", "Benutzername", "Nom d'utilisateur", "Nombre de usuario")
_FIRST = ("First name", "Vorname", "Prénom", "Nombre")
_LAST = ("Surname", "Last name", "Nachname", "Nom", "Nom de famille", "Apellido(s)")
_NUMBER = re.compile(r"\D*?(\d+)")  # "Participant 1201", "Teilnehmer/in1201"
_NO = {"no", "nein", "non"}
_ITEM = re.compile(r"(?P<kind>[^:]{1,40}):\s*(?P<title>.*\S)\s*\((?P<what>[^()]+)\)")
_REAL = {"real", "punkte", "brut", "brute", "valeur", "reale", "note", "points"}


class MoodleWorksheet(Platform):
    """An assignment's grading worksheet; its headings may be English, German, French, Spanish, Italian or Dutch."""

    name = "moodle"
    says = "a Moodle grading worksheet"
    one_assignment = True
    places = 2

    def recognises(self, sheet: Sheet) -> bool:
        return all(sheet.column(*names) is not None for names in (_IDENTIFIER, _GRADE, _CHANGED))

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        found = []
        at = {key: sheet.column(*names) for key, names in (("sis", _ID_NUMBER), ("login", _USERNAME))}
        for row in sheet.body():
            number = participant(sheet.text(row, sheet.column(*_IDENTIFIER)))
            if not number:
                continue
            own = known((key, sheet.text(row, index)) for key, index in at.items())
            name = sheet.text(row, sheet.column(*_FULL_NAME))
            first, last = last_first(name)
            found.append(
                Listed(
                    row, {f"moodle:{assignment}": number} | own, first, last,
                    email=sheet.text(row, sheet.column(*_EMAIL)), ids=(own.get("sis", ""), own.get("login", "")),
                )
            )  # fmt: skip
        return found

    def columns(self, sheet: Sheet) -> list[MarkColumn]:
        index = sheet.column(*_GRADE)
        if sheet.column(*_MAXIMUM) is None and sheet.column(*_SCALE) is not None:
            return []  # graded in words
        return [] if index is None else [MarkColumn(index, sheet.head[index], "")]

    def most(self, sheet: Sheet, row: int, column: MarkColumn) -> float | None:
        return number_in(sheet.value(row, sheet.column(*_MAXIMUM)))

    def refuses(self, sheet: Sheet, row: int, column: MarkColumn) -> str:
        if sheet.text(row, sheet.column(*_LOCK)).casefold() in _NO:
            return "is locked there (the grade cannot be changed), so Moodle would skip it without a word"
        return ""

    def minimal(self, people: Sequence[Person], titles: Mapping[str, tuple[str, float]], marks: Marks) -> Minimal:
        """A worksheet where there is one problem set with participant numbers, else a table for the gradebook."""
        if len(titles) == 1 and any(f"moodle:{next(iter(titles))}" in person.more for person in people):
            return self._worksheet(people, *next(iter(titles.items())), marks)
        rows = [["First name", "Surname", "ID number", "Username", "Email address"]]
        rows[0] += [title for title, _ in titles.values()]
        for person in people:
            own = (marks.get((person.id, each)) for each in titles)
            cells = ["" if mark is None else number_as(mark, ".", 2) for mark in own]
            names = (person.first_name, person.last_name, person.more.get("sis", person.id), person.login, person.email)
            rows.append([*map(harmless, names), *cells])
        note = (
            "This is for Grades > Import > CSV file; map the student by e-mail address or ID number. Grades imported "
            "there can no longer be edited in the assignment; `--like` with its grading worksheet avoids that."
        )
        return Minimal(Sheet.new(rows), (note,))

    def _worksheet(self, people: Sequence[Person], name: str, title: tuple[str, float], marks: Marks) -> Minimal:
        rows = [["Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)"]]
        without = 0
        for person in people:
            number, mark = person.more.get(f"moodle:{name}", ""), marks.get((person.id, name))
            without += not number
            if number:
                cell = "" if mark is None else number_as(mark, ".", 2)
                rows.append([f"Participant {number}", harmless(person.name), cell, number_as(title[1], ".", 2), "-"])
        notes = ["Tick `allow updating records that have been modified more recently` when a grade is there already."]
        if without:
            notes.append(f"{without} of {len(people)} people have no participant number for {name} and are left out.")
        return Minimal(Sheet.new(rows), tuple(notes))


class MoodleGradebook(Platform):
    """The gradebook's export as plain text, which Grades > Import > CSV takes with its columns mapped by hand."""

    name = "moodle"
    says = "a Moodle gradebook export"
    places = 2

    def recognises(self, sheet: Sheet) -> bool:
        people = sheet.column(*_FIRST) is not None and sheet.column(*_LAST) is not None
        return people and (
            any(_ITEM.fullmatch(name) for name in sheet.head)
            or any(plain(name).startswith(_DOWNLOADED) for name in sheet.head)
        )

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        at = {"sis": sheet.column(*_ID_NUMBER), "login": sheet.column(*_USERNAME)}
        found = []
        for row in sheet.body():
            own = known((key, sheet.text(row, index)) for key, index in at.items())
            names = (sheet.text(row, sheet.column(*_FIRST)), sheet.text(row, sheet.column(*_LAST)))
            email = sheet.text(row, sheet.column(*_EMAIL))
            if own or any(names) or email:
                found.append(Listed(row, own, *names, email=email, ids=(own.get("sis", ""), own.get("login", ""))))
        return found

    def columns(self, sheet: Sheet) -> list[MarkColumn]:
        matches = ((index, heading, _ITEM.fullmatch(heading)) for index, heading in enumerate(sheet.head))
        return [
            MarkColumn(index, heading, match["title"])
            for index, heading, match in matches
            if match and plain(match["what"]) in _REAL
        ]


_DOWNLOADED = ("last downloaded from", "zuletzt von diesem kurs", "dernier téléchargement")


def participant(identifier: str) -> str:
    """The number in "Participant 1201", in whatever language; empty where there is none.

    Examples
    --------
    >>> participant("Teilnehmer/in1201"), participant("Participant 1201"), participant("Ada")
    ('1201', '1201', '')
    """
    match = _NUMBER.fullmatch(identifier)
    return match[1] if match else ""
