"""JSON from strangers: whatever can be read becomes plain, valid, bounded data, in time that grows with its length.

Programs on all systems save notebooks, and people open them in other programs. What such a file has too much of (a
byte order mark, text behind the end, a hundred thousand brackets) or wrong (half a character, a number that no
database holds) costs nobody the rest of it.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from typing import Any

MAX_DEPTH = 32  # of what is kept; deeper values become null
PARSED_DEPTH = 100  # of what the parser is given where it could not take all
BIGGEST = 2**63 - 1  # what a database holds
BROKEN = "\N{REPLACEMENT CHARACTER}"
_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
# A text that never ends reaches to the end of the file: no place is looked at twice.
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def text_of(data: bytes) -> str:
    """The text of a file, whatever saved it: UTF-8, UTF-16, UTF-32, or the code page of an old Windows.

    >>> text_of("naïve".encode("cp1252")) == text_of("naïve".encode("utf-16")) == "naïve"
    True
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or json.detect_encoding(data[:4])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    if encoding != "utf-8":
        return text
    broken = text.count(BROKEN)
    # mostly broken: it never was UTF-8; one broken character in many: it was, and one byte was lost
    whole = len(re.findall(r"[^\x00-\x7f]", text)) - broken
    return text if whole >= broken else data.decode("cp1252", "replace")


def loads(data: bytes | str) -> Any:
    """The first JSON value of a file; what follows it does not count.

    Returns
    -------
    plain data
        Texts hold no half characters and no NUL (each is replaced, visibly), numbers are finite and fit a database,
        nothing is nested deeper than :data:`MAX_DEPTH`; what cannot be kept is None.

    Raises
    ------
    ValueError
        If the file does not begin with a JSON value.

    Examples
    --------
    >>> loads(b'\\xef\\xbb\\xbf{"a": [NaN, 1e999, "\\\\ud800"]} and more')
    {'a': [None, None, '�']}
    """
    text = (data if isinstance(data, str) else text_of(data)).lstrip("\ufeff \t\r\n\0")
    parse = json.JSONDecoder(strict=False, parse_int=_number).raw_decode
    try:
        value, _ = parse(text)
    except RecursionError:
        value, _ = parse(_shallow(text))
    return _plain(value, MAX_DEPTH)


def _number(digits: str) -> int | None:
    number = int(digits) if len(digits) < 25 else None
    return number if number is not None and abs(number) <= BIGGEST else None


def _shallow(text: str) -> str:
    """The text with null in place of all that is nested too deeply for the parser."""
    kept: list[str] = []
    depth = start = 0
    for piece in _PIECES.finditer(text):
        mark = piece[0]
        if mark in ("[", "{"):
            depth += 1
            if depth == PARSED_DEPTH + 1:
                kept += [text[start : piece.start()], "null"]
        elif mark in ("]", "}"):
            if depth == PARSED_DEPTH + 1:
                start = piece.end()
            depth -= 1
            if depth <= 0:  # the end of the first value
                break
    if depth <= PARSED_DEPTH:
        kept.append(text[start:])
    return "".join(kept)


def _plain(value: Any, depth: int) -> Any:
    """The value as it can be kept."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, dict)) and depth == 0:
        return None
    if isinstance(value, list):
        return [_plain(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _plain(item, depth - 1) for key, item in value.items()}
    return value


def clean_text(text: str) -> str:
    """Text that can be written as UTF-8 and stored: half a character and NUL are shown as what they are, broken."""
    return text if text.isascii() and "\0" not in text else _NO_TEXT.sub(BROKEN, text)
