"""nbgrader: the student list that ``nbgrader db student import`` reads, what its list command prints, and its marks."""

from __future__ import annotations

import re

from autograder.desk.platforms.platform import Listed, Platform, known
from autograder.desk.platforms.sheet import Sheet

_PRINTED = re.compile(r"(?P<id>\S+) \((?P<last>.*?), (?P<first>.*)\) -- (?P<email>\S+), (?P<lms>\S+)")


class NbgraderStudents(Platform):
    """``id,first_name,last_name,email,lms_user_id``, or nbgrader's own export of marks."""

    name = "nbgrader"
    says = "an nbgrader student list"

    def recognises(self, sheet: Sheet) -> bool:
        listed = sheet.column("id") is not None and sheet.column("lms_user_id") is not None
        marks = all(sheet.column(name) is not None for name in ("assignment", "student_id", "raw_score"))
        return listed or marks

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        found: dict[str, Listed] = {}
        number = sheet.column("id", "student_id")
        for row in sheet.body():
            names = (sheet.text(row, sheet.column("first_name")), sheet.text(row, sheet.column("last_name")))
            own = known([("lms_user_id", sheet.text(row, sheet.column("lms_user_id")))])
            one = Listed(row, own, *names, email=sheet.text(row, sheet.column("email")), ids=(sheet.text(row, number),))
            marks = sheet.column("raw_score") is not None  # a row for each problem set of a student
            if marks and one.ids[0] in found:
                continue
            found[one.ids[0] if marks else str(row)] = one
        return list(found.values())


class NbgraderPrinted(Platform):
    """What ``nbgrader db student list`` prints."""

    name = "nbgrader"
    says = "nbgrader's printed list of students"

    def recognises(self, sheet: Sheet) -> bool:
        return bool(re.match(r"There are \d+ students in the database", sheet.rows[0][0] if sheet.rows else ""))

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        found = []
        for row in sheet.body():
            match = _PRINTED.fullmatch(sheet.separator.join(sheet.rows[row]).strip())
            if match:
                said = {key: "" if value == "None" else value for key, value in match.groupdict().items()}
                own = known([("lms_user_id", said["lms"])])
                found.append(Listed(row, own, said["first"], said["last"], email=said["email"], ids=(said["id"],)))
        return found
