"""A table in text, read so that single cells can be replaced and all else is written back byte for byte.

Spreadsheets and platforms differ in encoding, byte order mark, separator, quoting and line ends. None of that is
normalised: every cell keeps the characters it had, and only one that is set gets new ones, in the manner of the old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.grading.roster import MAX_BYTES, separator_of
from autograder.results import UsageError

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # byte order marks
# A formula that a cell of text would begin with; a tab or a line end before it does not help.
DANGEROUS = re.compile(r"[\s]*[=+\-@＝＋－＠]|[\t\r]")
NUMBER = re.compile(r"\s*-?\d+(?:[.,]\d+)?\s*%?\s*")
_FORMULA = re.compile(r'\s*="((?:[^"]|"")*)"\s*')
_HINT = re.compile(r"sep=([,;\t|])(?:\r\n|\n|\r)", re.IGNORECASE)


class SheetError(UsageError):
    """What was given is no table that can be read; the message says why in one sentence."""


@dataclass
class Sheet:
    """The rows of a table.

    Attributes
    ----------
    name : str
        What to call it in messages.
    rows : list of list of str
        Every cell exactly as it stands in the file, its quotes included.
    ends : list of str
        The line end of each row; the last one may have none.
    separator, encoding : str
    mark : bytes
        The byte order mark, if any.
    before : str
        A first line ``sep=;``, which tells a spreadsheet the separator and is no row.
    """

    name: str
    rows: list[list[str]]
    ends: list[str]
    separator: str = ","
    encoding: str = "utf-8"
    mark: bytes = b""
    before: str = ""

    @classmethod
    def read(cls, data: bytes, name: str = "the table", separator: str = "") -> Sheet:
        """From the bytes of a file; its separator is found where none is given.

        Raises
        ------
        SheetError
            If these are no text, or a quote is opened and never closed.

        Examples
        --------
        >>> sheet = Sheet.read(b'ID;Grade\\r\\n"007";\\r\\n')
        >>> sheet.value(1, 0)
        '007'
        >>> sheet.put(1, 1, "7,5")
        >>> sheet.data()
        b'ID;Grade\\r\\n"007";7,5\\r\\n'
        """
        if len(data) > MAX_BYTES:
            raise SheetError(f"{name} has {len(data)} bytes; a table of a class has at most {MAX_BYTES}.")
        if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            raise SheetError(f"{name} is a spreadsheet's own file; save it as CSV (UTF-8), or export it as CSV anew.")
        mark, encoding, text = _decoded(data, name)
        if "\0" in text:
            raise SheetError(f"{name} is not a table in text: it holds NUL bytes; export it as CSV (UTF-8).")
        hint = _HINT.match(text)
        before = hint[0] if hint else ""
        separator = separator or (hint[1] if hint else separator_of(text))
        rows, ends = _cells(text[len(before) :], separator, name)
        return cls(name, rows, ends, separator, encoding, mark, before)

    @classmethod
    def new(cls, rows: list[list[str]], name: str = "", *, separator: str = ",", quoted: bool = False) -> Sheet:
        """A table of these values; with ``quoted`` every cell is quoted."""
        made = [[as_cell(value, separator, quoted) for value in row] for row in rows]
        return cls(name, made, ["\n"] * len(rows), separator)

    def data(self) -> bytes:
        """The bytes of the file."""
        text = "".join(self.separator.join(row) + end for row, end in zip(self.rows, self.ends, strict=True))
        return self.mark + (self.before + text).encode(self.encoding)

    def value(self, row: int, column: int | None) -> str:
        """What a cell says, without its quotes; empty where the row has no such cell."""
        if column is None or not 0 <= row < len(self.rows) or column >= len(self.rows[row]):
            return ""
        return value_of(self.rows[row][column])

    def text(self, row: int, column: int | None) -> str:
        """What a person reads in a cell: on one line, trimmed, and ``="007"`` is 007."""
        said = self.value(row, column)
        formula = _FORMULA.fullmatch(said)
        return " ".join((formula[1].replace('""', '"') if formula else said).split())

    def put(self, row: int, column: int, value: str) -> None:
        """Set one cell, quoted as it was, as all of its row and the headings are, or where it has to be.

        A row that is too short is filled up.
        """
        cells = self.rows[row]
        while len(cells) <= column:
            cells.append("")
        quoted = cells[column].startswith('"') or (
            not cells[column] and self.all_quoted(row) and self.all_quoted(self.top)
        )
        cells[column] = as_cell(value, self.separator, quoted)

    def all_quoted(self, row: int) -> bool:
        """True where every cell of a row that holds something is quoted."""
        return all(cell.startswith('"') for cell in self.rows[row] if cell) and any(self.rows[row])

    @property
    def top(self) -> int:
        """The row of the headings: the first one that holds anything."""
        return next((number for number, row in enumerate(self.rows) if any(cell.strip() for cell in row)), 0)

    @property
    def head(self) -> list[str]:
        """The headings, trimmed."""
        return [value_of(cell).strip() for cell in self.rows[self.top]] if self.rows else []

    def column(self, *names: str) -> int | None:
        """The first column whose heading is one of these, whatever their case; None where there is none."""
        wanted = {plain(name) for name in names}
        return next((index for index, name in enumerate(self.head) if plain(name) in wanted), None)

    def body(self) -> Iterator[int]:
        """The numbers of the rows below the headings that hold anything."""
        for number in range(self.top + 1, len(self.rows)):
            if any(value_of(cell).strip() for cell in self.rows[number]):
                yield number

    def line(self, row: int) -> int:
        """The line of the file in which a row begins, as an editor counts."""
        above = self.before + "".join(
            self.separator.join(cells) + end for cells, end in zip(self.rows[:row], self.ends[:row], strict=True)
        )
        return len(re.findall(r"\r\n|\n|\r", above)) + 1

    def decimal(self) -> str:
        """The decimal mark of its numbers; where none has one, a comma beside semicolons, as spreadsheets write."""
        commas = points = 0
        for number in self.body():
            for cell in self.rows[number]:
                said = value_of(cell).strip()
                commas += bool(re.fullmatch(r"-?\d+,\d+", said))
                points += bool(re.fullmatch(r"-?\d+\.\d+", said))
        if commas == points == 0:
            return "," if self.separator == ";" else "."
        return "," if commas > points else "."


def _decoded(data: bytes, name: str) -> tuple[bytes, str, str]:
    """The byte order mark, the encoding and the text, such that encoding it again gives the same bytes."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return mark, encoding, data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as why:
                if mark == MARKS[0][0]:  # an editor's mark before another encoding's bytes
                    return mark, "latin-1", data[len(mark) :].decode("latin-1")
                raise SheetError(f"{name} begins as {encoding} and is none: {why.reason}; export it anew.") from None
    guesses = ["utf-8", "cp1252", "latin-1"]
    if len(data) >= 4 and len(data) % 2 == 0 and data[1:200:2].count(0) > len(data[1:200:2]) // 2:
        guesses.insert(0, "utf-16-le")
    for encoding in guesses:
        try:
            return b"", encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads any bytes")


def _cells(text: str, separator: str, name: str) -> tuple[list[list[str]], list[str]]:
    """The rows as they stand there, and their line ends."""
    stop = re.compile(f"[{re.escape(separator)}\r\n]")
    rows: list[list[str]] = []
    ends: list[str] = []
    row: list[str] = []
    at = 0
    while at < len(text):
        begin = at
        if text[at] == '"':
            at = _closed(text, at, name)
        found = stop.search(text, at)
        at = found.start() if found else len(text)
        row.append(text[begin:at])
        if found and found[0] == separator:
            at += 1
            if at == len(text):
                row.append("")
            continue
        if not found:
            break
        end = "\r\n" if text.startswith("\r\n", at) else text[at]
        rows.append(row)
        ends.append(end)
        row, at = [], at + len(end)
    if row:
        rows.append(row)
        ends.append("")
    return rows, ends


def _closed(text: str, at: int, name: str) -> int:
    """The place behind the quote that closes the one at ``at``."""
    begin = at
    while True:
        at = text.find('"', at + 1)
        if at < 0:
            line = len(re.findall(r"\r\n|\n|\r", text[:begin])) + 1
            raise SheetError(f"{name}, line {line}: a quote is opened and never closed; export the file anew.")
        if text[at + 1 : at + 2] != '"':
            return at + 1
        at += 1


# ---- values ----------------------------------------------------------------------------------------------------


def value_of(cell: str) -> str:
    """What a cell says: without the quotes around it and with those inside it single."""
    if not cell.startswith('"'):
        return cell
    inside, _, rest = cell[1:].replace('""', "\0").partition('"')
    return inside.replace("\0", '"') + rest.replace("\0", '""')


def as_cell(value: str, separator: str, quoted: bool = False) -> str:
    """A value as a cell: quoted where that is asked or needed."""
    if quoted or any(mark in value for mark in (separator, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def harmless(text: str) -> str:
    """Free text that no spreadsheet takes for a formula; a number stays one.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("-3.5"), harmless("Ada")
    ("'=HYPERLINK(1)", '-3.5', 'Ada')
    """
    return f"'{text}" if DANGEROUS.match(text) and not NUMBER.fullmatch(text) else text


def plain(heading: str) -> str:
    """A heading for comparison: lower case, letters and digits of any language only."""
    return re.sub(r"[\W_]+", " ", heading.casefold()).strip()


def number_in(text: str) -> float | None:
    """The number that a cell holds, with either decimal mark; None where it holds none.

    Examples
    --------
    >>> number_in("1.234,5"), number_in("7,50"), number_in("EX"), number_in("")
    (1234.5, 7.5, None, None)
    """
    said = text.strip().replace("\u00a0", "").replace(" ", "")
    if "," in said and "." in said:
        thousands = min(",.", key=said.rfind)
        said = said.replace(thousands, "")
    said = said.replace(",", ".")
    return float(said) if re.fullmatch(r"-?\d+(?:\.\d+)?", said) else None


def number_as(value: float, decimal: str, places: int | None = None) -> str:
    """A mark as a cell: with so many decimals, or with as few of two as it needs."""
    said = f"{round(value, 2) + 0.0:.{2 if places is None else places}f}"
    if places is None:
        said = said.rstrip("0").rstrip(".")
    return said.replace(".", decimal)
