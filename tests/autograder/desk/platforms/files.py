"""Files as the platforms write them, of a small class with all that is awkward about names and ids."""

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Problem set 5 (88123),Quick test 5 (88124),"
    "Assignments Current Score,Assignments Final Score,Final Score,Unposted Final Score\r\n"
    ",,,,,Manual Posting,,,,,\r\n"
    "    Points Possible,,,,,60.00,7.00,(read only),(read only),(read only),(read only)\r\n"
    '"Lovelace, Ada",3143,S1001,ada01,Section A,,5.00,71.40,71.40,71.40,71.40\r\n'
    '"Müller-Lüdenscheidt, Jürgen",3144,00712,mul02,"Section A and Section B",12.00,,,,,\r\n'
    '"=""=Evil, Eve""",3145,S1003,eve@u.edu,Section A,EX,,,,,\r\n'
    '"Smith, John",3146,S1004,smi04,Section A,,,,,,\r\n'
    '"Smith, John",3147,S1005,smi05,Section B,,,,,,\r\n'
    '"Student, Test",3999,,a1b2c3d4,Section A,,,,,,\r\n'
)
PEOPLE = {"S1001": "Ada", "00712": "Jürgen", "S1003": "Eve", "S1004": "John", "S1005": "John"}

HEADS = {
    "en": (
        'Identifier,"Full name","Email address","ID number",Status,Grade,"Maximum grade","Grade can be changed",'
        '"Last modified (submission)","Last modified (grade)","Feedback comments"'
    ),
    "de": (
        'ID,"Vollständiger Name",E-Mail-Adresse,ID-Nummer,Status,Bewertung,Bestwertung,'
        '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)",'
        '"Feedback als Kommentar"'
    ),
    "fr": (
        'Identifiant,"Nom complet","Adresse de courriel","Numéro d\'identification",Statut,Note,"Note maximale",'
        '"La note peut être modifiée","Dernière modification (travail remis)","Dernière modification (note)",'
        '"Feedback par commentaires"'
    ),
}
_WORDS = {
    "en": ("Participant ", "Yes", "No", ".", ","),
    "de": ("Teilnehmer/in", "Ja", "Nein", ",", ";"),
    "fr": ("Participant", "Oui", "Non", ",", ";"),
}


def worksheet(language="en", first=1201, maximum="60.00", locked=(), grades=None):
    """A Moodle grading worksheet of Ada, Jürgen and Eve; German and French with semicolons and decimal commas."""
    word, yes, no, decimal, separator = _WORDS[language]
    rows = [HEADS[language].replace(",", separator)]
    people = [
        ("Ada Lovelace", "ada@u.edu", "S1001"),
        ("Jürgen Müller", "jm@u.edu", "00712"),
        ("Eve Evil", "eve@u.edu", "S1003"),
    ]
    for at, (name, email, sis) in enumerate(people):
        said = (grades or {}).get(sis, "").replace(".", decimal)
        cells = [
            f'"{word}{first + at}"', f'"{name}"', email, sis, '"Submitted for grading - "', said,
            maximum.replace(".", decimal), no if sis in locked else yes,
            '"Thursday, 5 March 2026, 11:05 PM"', '"-"', "",
        ]  # fmt: skip
        rows.append(separator.join(cells))
    return ("\ufeff" + "\n".join(rows) + "\n").encode()


MOODLE_GRADEBOOK = (
    '"First name",Surname,"ID number",Institution,Department,"Email address","Assignment: Problem set 5 (Real)",'
    '"Assignment: Problem set 5 (Feedback)","Course total (Real)","Last downloaded from this course"\n'
    "Ada,Lovelace,S1001,,,ada@u.edu,-,,-,1772700000\n"
    "Jürgen,Müller,00712,,,jm@u.edu,-,,-,1772700000\n"
).encode()

BLACKBOARD = (
    '\ufeff"Last Name","First Name","Username","Student ID","Last Access","Availability",'
    '"Weighted Total [Total Pts: up to 100 Percentage] |534280","Problem set 5 [Total Pts: 60 Score] |534283"\r\n'
    '"Lovelace","Ada","ada01","S1001","2026-03-05 11:05:00","Yes","",""\r\n'
    '"Müller","Jürgen","mul02","00712","2026-03-05 11:05:00","Yes","",""\r\n'
    '"User","Preview","jdoe_previewuser","","","Yes","",""\r\n'
)
BLACKBOARD_CSV = BLACKBOARD.encode()
BLACKBOARD_XLS = BLACKBOARD.replace(",", "\t").encode("utf-16-le")

BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,"
    "Problem set 5 Points Grade <Numeric MaxPoints:60 Weight:10 Category:Sets CategoryWeight:50>,"
    "Calculated Final Grade Numerator,End-of-Line Indicator\r\n"
    "#S1001,#ada01,Lovelace,Ada,ada@u.edu,,,#\r\n"
    "#00712,#mul02,Müller,Jürgen,jm@u.edu,12.5,,#\r\n"
).encode()

NBGRADER = b"id,first_name,last_name,email,lms_user_id\nada01,Ada,Lovelace,ada@u.edu,3143\n007,Bo,Bond,,\n"
NBGRADER_PRINTED = (
    b"There are 2 students in the database:\n"
    b"ada01 (Lovelace, Ada) -- ada@u.edu, 3143\nmul02 (None, None) -- None, None\n"
)
PLAIN = (
    "\ufeffE-Mail;Nachname;Matrikelnummer;Vorname;Gruppe\r\nada@u.edu;Lovelace;0012;Ada;A\r\n;Müller;0013;Jürgen;\r\n"
)
EVERY = {
    "canvas": CANVAS.encode(),
    "canvas with a mark": b"\xef\xbb\xbf" + CANVAS.encode(),
    "moodle": worksheet(),
    "moodle de": worksheet("de"),
    "moodle fr": worksheet("fr"),
    "moodle gradebook": MOODLE_GRADEBOOK,
    "blackboard": BLACKBOARD_CSV,
    "blackboard xls": BLACKBOARD_XLS,
    "brightspace": BRIGHTSPACE,
    "nbgrader": NBGRADER,
    "nbgrader printed": NBGRADER_PRINTED,
    "plain": PLAIN.encode(),
    "plain cp1252": PLAIN[1:].encode("cp1252"),
}
