"""roster.csv: what people and spreadsheets make of it is read, and what names nobody is refused in a sentence."""

import pytest

from autograder.grading.roster import Person, Roster, RosterError, separator_of, text_of


def read(tmp_path, data):
    path = tmp_path / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return Roster.read(path)


def test_a_roster_that_is_not_there_is_empty(tmp_path):
    assert len(Roster.read(tmp_path / "roster.csv")) == 0


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_columns_are_found_by_name_in_any_order_encoding_and_separator(tmp_path, separator, encoding):
    rows = [["Last_Name", "ID", "canvas", "first_name"], ["Müller", "007", "3144", "Jürgen"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    (person,) = read(tmp_path, text.encode(encoding))
    assert person == Person("007", "Jürgen", "Müller", more={"canvas": "3144"})
    assert person.name == "Jürgen Müller"


def test_blank_lines_and_cells_are_nobody(tmp_path):
    roster = read(tmp_path, "id,first_name\n\nada,Ada\n,\n")
    assert [person.id for person in roster] == ["ada"]
    assert roster.get("ada").first_name == "Ada"
    assert roster.get("bob") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,email\nAda,a@u.edu\n", "needs a column `id`"),
        ("id,first_name\nada,Ada\nADA,Ada\n", "line 3: the id 'ADA' stands in line 2 too"),
        ("id,first_name\n,Ada\n", "line 2: an id is .* got nothing"),
        ("id\n../x\n", r"line 2: an id is .* got '../x'"),
        ("id\n*\n", "line 2: an id is"),
        ("id,email,email\nada,a,b\n", "the column 'email' twice"),
        ("id\n\0\n", "NUL bytes"),
    ],
)
def test_what_names_nobody_is_refused_with_its_line(tmp_path, text, said):
    with pytest.raises(RosterError, match=said):
        read(tmp_path, text)


def test_writing_keeps_columns_and_what_is_unknown(tmp_path):
    text = "last_name,id,note,moodle:ps01,first_name,email,login\nLovelace,0ada,sits in front,1201,Ada,,\n"
    roster = read(tmp_path, text)
    roster.write(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text() == text
    assert (tmp_path / "again.csv").stat().st_mode & 0o077 == 0


def test_a_roster_of_people_has_a_column_for_everything_known(tmp_path):
    roster = Roster.of([Person("a", more={"canvas": "1"}), Person("b", more={"sis": "2"})])
    assert roster.columns == ("id", "first_name", "last_name", "email", "login", "canvas", "sis")
    roster.write(tmp_path / "r.csv")
    assert Roster.read(tmp_path / "r.csv").people == roster.people


def test_the_separator_is_looked_for_outside_quotes():
    assert separator_of('"a;b;c;d",e\n') == ","
    assert separator_of("alone\n") == ","


def test_bytes_that_are_no_utf_8_are_read_as_a_spreadsheet_saves_them():
    assert text_of("Jürgen".encode("cp1252")) == "Jürgen"
    assert text_of(b"\x81") == "\x81"


def test_what_people_call_themselves_is_no_formula_and_hides_nothing(tmp_path):
    path = tmp_path / "roster.csv"
    names = ("=HYPERLINK(1)", "+1", "-x", "@SUM(1)", "'t Hooft", "\x1b[31mred\u202e", "Zoë")
    Roster.of(Person(f"p{number}", name) for number, name in enumerate(names)).write(path)
    assert not any(line.split(",")[1][0] in "=+-@\x1b" for line in path.read_text().splitlines()[1:])
    read = [person.first_name for person in Roster.read(path)]
    assert read == [*names[:5], "\\x1b[31mred\\u202e", "Zoë"]
    Roster.read(path).write(tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == path.read_bytes()
