"""Brightspace (D2L): the grades export, which it imports again.

``OrgDefinedId`` and ``Username`` carry a leading ``#``, every row ends with an end-of-line indicator, and only ``<item>
Points Grade`` columns take numbers. A grade above the maximum is capped there without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.desk.platforms.platform import Listed, MarkColumn, Marks, Minimal, Platform, known
from autograder.desk.platforms.sheet import Sheet, harmless, number_as, number_in
from autograder.grading.roster import Person

_ITEM = re.compile(r"(?P<title>.*\S)\s+Points Grade(?:\s*<(?P<about>[^>]*)>)?", re.IGNORECASE)
_MOST = re.compile(r"MaxPoints:\s*([\d.,]+)", re.IGNORECASE)
_END = "End-of-Line Indicator"


class Brightspace(Platform):
    """An export of grades with points."""

    name = "brightspace"
    says = "a Brightspace grades export"

    def recognises(self, sheet: Sheet) -> bool:
        known_by = sheet.column("OrgDefinedId") is not None or sheet.column("Username") is not None
        return known_by and sheet.column(_END) is not None

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        found = []
        for row in sheet.body():
            sis, login = (
                sheet.text(row, sheet.column(name)).removeprefix("#").strip() for name in ("OrgDefinedId", "Username")
            )
            if not (sis or login):
                continue
            names = (sheet.text(row, sheet.column("First Name")), sheet.text(row, sheet.column("Last Name")))
            email = sheet.text(row, sheet.column("Email"))
            found.append(Listed(row, known([("sis", sis), ("login", login)]), *names, email=email, ids=(sis, login)))
        return found

    def columns(self, sheet: Sheet) -> list[MarkColumn]:
        found = []
        for index, heading in enumerate(sheet.head):
            match = _ITEM.fullmatch(heading)
            if match and not re.match(r"(calculated |adjusted )?final\b", match["title"], re.IGNORECASE):
                most = _MOST.search(match["about"] or "")
                found.append(MarkColumn(index, heading, match["title"], number_in(most[1]) if most else None))
        return found

    def minimal(self, people: Sequence[Person], titles: Mapping[str, tuple[str, float]], marks: Marks) -> Minimal:
        heads = [title if _ITEM.fullmatch(title) else f"{title} Points Grade" for title, _ in titles.values()]
        rows = [["OrgDefinedId", "Username", *heads, _END]]
        for person in people:
            own = (marks.get((person.id, each)) for each in titles)
            ids = [f"#{person.more.get('sis', person.id)}", f"#{person.login}" if person.login else ""]
            rows.append([*map(harmless, ids), *("" if mark is None else number_as(mark, ".") for mark in own), "#"])
        notes = ("Brightspace matches people by OrgDefinedId or Username, and asks before it makes a new grade item.",)
        return Minimal(Sheet.new(rows), notes)
