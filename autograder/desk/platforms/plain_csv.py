"""Any other list of people: a table whose columns are found by their names, in any order.

GitHub Classroom's and Classroom 50's student lists are such tables.
"""

from __future__ import annotations

from autograder.desk.platforms.platform import Listed, Platform, known, last_first
from autograder.desk.platforms.sheet import Sheet, plain

# column of the roster: the headings it is known by, compared by `plain`
_NAMES = {
    "id": (
        "id", "student_id", "student number", "student no", "Matrikelnummer", "Matrikel-Nr", "Matrikel", "Matr.-Nr.",
        "Numéro d'étudiant", "N° étudiant", "roster_identifier", "identifier",
    ),
    "first_name": ("first_name", "firstname", "given name", "Vorname", "Prénom", "forename"),
    "last_name": (
        "last_name", "lastname", "surname", "family name", "Nachname", "Familienname", "Nom", "Nom de famille",
    ),
    "name": ("name", "full name", "student", "student name", "Vollständiger Name", "Nom complet"),
    "email": ("email", "e-mail", "mail", "email address", "E-Mail-Adresse", "Adresse de courriel", "courriel"),
    "login": ("login", "username", "user name", "user", "login id", "Benutzername", "Kennung", "Nom d'utilisateur"),
    "sis": ("sis", "sis user id", "sis id", "id number", "ID-Nummer", "OrgDefinedId"),
    "canvas": ("canvas", "canvas id", "canvas user id"),
    "github": ("github", "github_username", "github login"),
}  # fmt: skip
KNOWN = {plain(name): key for key, names in _NAMES.items() for name in names}


class PlainCsv(Platform):
    """A table with a column that identifies people: an id, a login or an e-mail address."""

    name = "csv"
    says = "a plain list of students"

    def recognises(self, sheet: Sheet) -> bool:
        keys = {KNOWN.get(plain(name)) for name in sheet.head}
        return bool(keys & {"id", "login", "email", "sis"})

    def people(self, sheet: Sheet, assignment: str = "") -> list[Listed]:
        at: dict[str, int] = {}
        extra: dict[str, int] = {}
        for index, heading in enumerate(sheet.head):
            key = KNOWN.get(plain(heading))
            if key and key not in at:
                at[key] = index
            elif heading and heading not in extra:
                extra[heading] = index
        found = []
        for row in sheet.body():
            said = {key: sheet.text(row, index) for key, index in at.items()}
            first, last = last_first(said.get("name", ""))
            names = (said.get("first_name") or first, said.get("last_name") or last)
            keys = known((key, said.get(key, "")) for key in ("sis", "canvas", "github", "login"))
            ids = tuple(said[key] for key in ("id", "sis", "login") if said.get(key))
            more = known((heading, sheet.text(row, index)) for heading, index in extra.items())
            found.append(Listed(row, keys, *names, email=said.get("email", ""), ids=ids, more=more))
        return found
