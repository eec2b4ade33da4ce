"""What each platform takes from a file, written from its own rules and from nothing of ours.

Each gives the marks that would be in the platform's gradebook afterwards, by what the platform knows people by.
"""

import csv
import io
import re


def table(data):
    """The rows of a file as a platform reads them; a semicolon is found in the first three lines."""
    if data[:2] == b"\xff\xfe":
        text, separator = data.decode("utf-16"), "\t"
    else:
        text = data.decode("utf-8-sig")
        top = "".join(text.splitlines(keepends=True)[:3])
        separator = ";" if top.count(";") > top.count(",") else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def number(text):
    """A grade with either decimal mark and thousands, or with a per cent sign."""
    said = text.strip().rstrip("%")
    if re.fullmatch(r"-?[\d.]+,\d+", said):
        said = said.replace(".", "").replace(",", ".")
    return float(said.replace(",", ""))


def into_canvas(data, assignments, students):
    """Canvas's gradebook import.

    ``assignments`` are titles by number; ``students`` are Canvas ids by each of ``id``, ``sis`` and ``login``. Gives
    marks by (Canvas id, assignment number); what would make a new assignment or user is refused.
    """
    rows = table(data)
    head = rows[0]
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert len(head) >= 4
    assert any("Section" in name for name in head[:8]), "no Section among the columns of the student"
    sis = 2 if head[2] == "SIS User ID" else None
    login = next((at for at in (2, 3) if head[at] == "SIS Login ID"), None)
    section = max(at for at, name in enumerate(head[:8]) if "Section" in name)
    points = next((row for row in rows[1:4] if "Points Possible" in row[0]), [""] * len(head))
    columns = {}
    for at in range(section + 1, len(head)):
        if re.search(r"read\s+only", points[at]) or re.search(
            r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade)", head[at]
        ):
            continue
        found = re.fullmatch(r".*\((\d+)\)", head[at])
        known = {title: key for key, title in assignments.items()}
        key = found[1] if found else known.get(head[at])
        assert key in assignments, f"{head[at]} would become a new assignment"
        columns[at] = key
    marks = {}
    for row in rows[1:]:
        if "Points Possible" in row[0] or set(filter(str.strip, row)) <= {"Muted", "Manual Posting"}:
            continue
        who = row[1] if row[1] in students["id"].values() else ""
        who = who or (sis and students["sis"].get(row[sis])) or (login and students["login"].get(row[login]))
        assert who, f"{row[0]} would become a new user"
        for at, key in columns.items():
            if row[at].strip() not in ("", "-"):
                marks[who, key] = "EX" if row[at] == "EX" else round(number(row[at]), 2)
    return marks


MOODLE = {
    "en": (
        "Identifier",
        "Grade",
        "Maximum grade",
        "Grade can be changed",
        "Last modified (grade)",
        "Participant ",
        "No",
    ),
    "de": (
        *("ID", "Bewertung", "Bestwertung", "Bewertung kann geändert werden", "Zuletzt geändert (Bewertung)"),
        *("Teilnehmer/in", "Nein"),
    ),
    "fr": (
        *("Identifiant", "Note", "Note maximale", "La note peut être modifiée", "Dernière modification (note)"),
        *("Participant", "Non"),
    ),
}


def into_moodle_worksheet(data, on_the_server, language="en", maximum=60.0, locked=()):
    """Moodle's import of a grading worksheet: grades by participant number, after its silent skips."""
    identifier, grade, _, _, changed, word, _ = MOODLE[language]
    rows = table(data)
    head = rows[0]
    assert {identifier, grade, changed} <= set(head), f"a heading is missing among {head}"
    after = dict(on_the_server)
    for row in rows[1:]:
        who = row[head.index(identifier)].replace(word, "").strip()
        said = row[head.index(grade)].strip()
        if who not in on_the_server or not said:
            continue
        value = number(said) if language != "en" else float(said)
        if not 0 <= value <= maximum or who in locked or value == on_the_server[who]:
            continue
        after[who] = value
    return after


def into_moodle_gradebook(data, title, by):
    """Grades > Import > CSV, the student mapped by the column ``by`` and the grade by ``title``."""
    rows = table(data)
    head = rows[0]
    grades = {}
    for row in rows[1:]:
        who = row[head.index(by)]
        assert who not in grades, "one row a user"
        if row[head.index(title)].strip():
            grades[who] = number(row[head.index(title)])
    return grades


def into_blackboard(data, columns):
    """Blackboard's upload: marks by (user name, column id); a column without an id would be a new text column."""
    rows = table(data)
    head = rows[0]
    marks = {}
    for at, name in enumerate(head):
        found = re.search(r"\|(\d+)$", name)
        if not found:
            continue
        assert found[1] in columns, f"{name} is no column"
        for row in rows[1:]:
            if row[at].strip():
                marks[row[head.index("Username")], found[1]] = number(row[at])
    return marks


def into_brightspace(data, items):
    """Brightspace's import: marks by (user name, item), capped at the item's maximum as it does."""
    rows = table(data)
    head = rows[0]
    assert head[-1] == "End-of-Line Indicator"
    assert {"OrgDefinedId", "Username"} & set(head)
    marks = {}
    for row in rows[1:]:
        assert (len(row), row[-1]) == (len(head), "#"), f"no end of line in {row}"
        who = row[head.index("Username")]
        for at, name in enumerate(head):
            found = re.match(r"(.+) Points Grade", name)
            if found and row[at].strip():
                assert found[1] in items, f"{found[1]} is no grade item"
                marks[who.removeprefix("#"), found[1]] = min(number(row[at]), items[found[1]])
    return marks


# ---- feedback archives -----------------------------------------------------------------------------------------


def canvas_takes(names):
    """The (user, attachment) to which each re-uploaded file goes: the first two numbers between underscores."""
    taken = {}
    for name in names:
        if name.startswith("._") or name.startswith("link"):
            continue
        numbers = [part for part in name.split("_") if re.fullmatch(r"\d+", part)]
        if len(numbers) >= 2:
            taken[name] = tuple(numbers[:2])
    return taken


def moodle_takes(names):
    """The participant and the file's name of each feedback file."""
    taken = {}
    for name in names:
        folder, _, rest = name.partition("/")
        parts = folder.split("_", 4)
        ours = len(parts) >= 4 and parts[1].isdigit() and parts[2:4] == ["assignsubmission", "file"]
        if ours and not rest.startswith((".", "~")):
            taken[name] = (parts[1], rest)
    return taken
