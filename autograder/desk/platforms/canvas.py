"""Canvas: the gradebook export, which it imports again.

Rules from Canvas's own importer: an assignment is known by the number in ``Title (88123)``, a student by ``ID``, else
by the SIS ids; a blank cell changes nothing; ``EX`` excuses; columns of totals and rows of points are not students'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.desk.platforms.platform import Listed, MarkColumn, Marks, Minimal, Platform, known, last_first
from autograder.desk.platforms.sheet import Sheet, harmless, number_as, number_in
from autograder.grading.roster import Person

_ASSIGNMENT = re.compile(r"(?P<title>.*\S)\s*\((?P<number>\d+)\)")
_TOTAL = re.compile(r"(unposted\s+)?(current|final)\s+(score|points|grade)|override\s+(score|grade|status)", re.I)
_OWN = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account")
_TEST_LOGIN = re.compile(r"[0-9a-f]{40}")  # that of the test student, whatever it is called there
_POINTS = "Points Possible"


class Canvas(Platform):
    """A gradebook export, with or without hidden assignments, custom columns and totals."""

    name = "canvas"
    says = "a Canvas gradebook export"
    places = 2

    def recognises(self, sheet: Sheet) -> bool:
        named = sheet.column("Student") is not None or sheet.column("LastName") is not None
        numbered = any(_ASSIGNMENT.fullmatch(name) for name in sheet.head)
        return (
            named
            and all(sheet.column(name) is not None for name in ("ID", "Section"))
            and (
                numbered
                or sheet.column("SIS Login ID", "SIS User ID", "Integration ID") is not None
                or self._points_row(sheet) is not None
            )
        )

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        student, last, first = (sheet.column(name) for name in ("Student", "LastName", "FirstName"))
        number, sis, login = (sheet.column(name) for name in ("ID", "SIS User ID", "SIS Login ID"))
        found = []
        for row in sheet.body():
            name = sheet.text(row, student)
            keys = known((key, sheet.text(row, at)) for key, at in (("canvas", number), ("sis", sis), ("login", login)))
            if _POINTS in sheet.value(row, 0) or not (keys or name) or self._only_postings(sheet, row):
                continue
            names = (sheet.text(row, first), sheet.text(row, last)) if student is None else last_first(name)
            user = keys.get("login", "")
            if names == ("Test", "Student") or ("sis" not in keys and _TEST_LOGIN.fullmatch(user)):
                continue
            found.append(
                Listed(
                    row, keys, *names, email=user if "@" in user else "", ids=(keys.get("sis", ""), user),
                    more=known([("section", sheet.text(row, sheet.column("Section")))]),
                )
            )  # fmt: skip
        return found

    def columns(self, sheet: Sheet) -> list[MarkColumn]:
        points = self._points_row(sheet)
        section = sheet.column("Section")
        found = []
        for index, heading in enumerate(sheet.head):
            given = sheet.value(points, index) if points is not None else ""
            if index <= (section or 0) or heading in _OWN or re.search(r"read\s+only", given, re.I):
                continue
            match = _ASSIGNMENT.fullmatch(heading)
            if number_in(given) is None and (match is None or _TOTAL.search(heading)):
                continue  # a total, or a column of the instructor's own
            found.append(MarkColumn(index, heading, match["title"] if match else heading, number_in(given)))
        return found

    def refuses(self, sheet: Sheet, row: int, column: MarkColumn) -> str:
        said = sheet.text(row, column.index)
        if said.upper() == "EX":
            return "is excused there (EX), which a mark would undo"
        return "is not assigned this there (N/A)" if said.upper() == "N/A" else ""

    def minimal(self, people: Sequence[Person], titles: Mapping[str, tuple[str, float]], marks: Marks) -> Minimal:
        rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(title for title, _ in titles.values())]]
        most = [number_as(points, ".", 2) for _, points in titles.values()]
        rows.append([f"    {_POINTS}", "", "", "", "", *most])
        unknown = 0
        for person in people:
            name = ", ".join(filter(None, (person.last_name, person.first_name))) or person.id
            ids = [person.more.get("canvas", ""), person.more.get("sis", ""), person.login]
            if not any(ids):
                unknown, ids = unknown + 1, ["", "", person.id]
            own = (marks.get((person.id, each)) for each in titles)
            cells = ["" if mark is None else number_as(mark, ".", 2) for mark in own]
            rows.append([harmless(name), *map(harmless, ids), "", *cells])
        notes = []
        if new := [title for title, _ in titles.values() if not _ASSIGNMENT.fullmatch(title)]:
            notes.append(
                f"Canvas makes a new assignment of {', '.join(new)} unless one has exactly that title; "
                "`--like` with its own gradebook export fills the right column."
            )
        if unknown:
            notes.append(
                f"{unknown} of {len(people)} people have no Canvas id, SIS id or login in roster.csv: their id is "
                "given as the login."
            )
        return Minimal(Sheet.new(rows), tuple(notes))

    @staticmethod
    def _points_row(sheet: Sheet) -> int | None:
        return next((row for row in sheet.body() if _POINTS in sheet.value(row, 0)), None)

    @staticmethod
    def _only_postings(sheet: Sheet, row: int) -> bool:
        """A row that says nothing but which assignments are hidden."""
        said = {sheet.text(row, index) for index in range(len(sheet.rows[row]))} - {""}
        return said <= {"Manual Posting", "Muted"}
