"""Blackboard Learn: the gradebook download, comma .csv or tab-separated .xls in UTF-16.

The number behind ``|`` is a column's id: with it a column is updated, without it Blackboard makes a new one. A person
is known by the user name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.desk.platforms.platform import Listed, MarkColumn, Marks, Minimal, Platform, known
from autograder.desk.platforms.sheet import Sheet, harmless, number_as, number_in
from autograder.grading.roster import Person

_COLUMN = re.compile(r"(?P<title>.*?\S)\s*\[[^\]:|]*:\s*(?P<most>[\d.,]+)?(?P<kind>[^\]]*)\]\s*\|\s*(?P<id>\d+)")
_USERNAME = ("Username", "User Name", "Benutzername", "Nom d'utilisateur", "Nombre de usuario")
_LAST = ("Last Name", "Nachname", "Nom", "Nom de famille", "Apellidos")
_FIRST = ("First Name", "Vorname", "Prénom", "Nombre")
_STUDENT_ID = ("Student ID", "Studierenden-ID", "Matrikelnummer", "ID étudiant", "ID de estudiante")


class Blackboard(Platform):
    """A download of the full gradebook or of single columns."""

    name = "blackboard"
    says = "a Blackboard gradebook"

    def recognises(self, sheet: Sheet) -> bool:
        if sheet.column(*_USERNAME) is None or sheet.column(*_LAST) is None:
            return False
        return any("|" in name and _COLUMN.fullmatch(name) for name in sheet.head) or (
            sheet.column(*_STUDENT_ID) is not None and sheet.column("Availability", "Last Access") is not None
        )

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        user, number = sheet.column(*_USERNAME), sheet.column(*_STUDENT_ID)
        found = []
        for row in sheet.body():
            login, sis = sheet.text(row, user), sheet.text(row, number)
            if not (login or sis) or login.endswith("_previewuser"):
                continue
            found.append(
                Listed(
                    row, known([("blackboard", login), ("sis", sis), ("login", login)]),
                    sheet.text(row, sheet.column(*_FIRST)), sheet.text(row, sheet.column(*_LAST)), ids=(sis, login),
                )
            )  # fmt: skip
        return found

    def columns(self, sheet: Sheet) -> list[MarkColumn]:
        matches = ((index, heading, _COLUMN.fullmatch(heading)) for index, heading in enumerate(sheet.head))
        return [
            MarkColumn(index, heading, match["title"], number_in(match["most"] or ""))
            for index, heading, match in matches
            if match and match["most"] and not re.match(r"(weighted )?(running )?total\b", match["title"], re.I)
        ]

    def minimal(self, people: Sequence[Person], titles: Mapping[str, tuple[str, float]], marks: Marks) -> Minimal:
        rows = [["Last Name", "First Name", "Username", "Student ID", *(title for title, _ in titles.values())]]
        for person in people:
            own = (marks.get((person.id, each)) for each in titles)
            user = person.more.get("blackboard", person.login or person.id)
            names = (person.last_name, person.first_name, user, person.more.get("sis", ""))
            rows.append([*map(harmless, names), *("" if mark is None else number_as(mark, ".") for mark in own)])
        notes: tuple[str, ...] = ()
        if new := [title for title, _ in titles.values() if not _COLUMN.fullmatch(title)]:
            notes = (
                f"Blackboard makes a new text column worth 0 points of {', '.join(new)}; "
                "`--like` with its own download fills the right one.",
            )
        sheet = Sheet.new(rows, quoted=True)
        sheet.mark, sheet.ends = b"\xef\xbb\xbf", ["\r\n"] * len(rows)
        return Minimal(sheet, notes)
