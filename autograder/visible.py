"""Text of strangers with whatever it hides written out: it then does nothing to a terminal, a table or a log."""

from __future__ import annotations

import re

# Control characters but for line feed and tab; marks of direction and invisible ones but for the two joiners that some
# languages write with; line and paragraph separators; halves of characters; tags. One class: a text is read once.
_HIDDEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]"
)


def clean(text: str) -> str:
    """Text with every control character and direction mark written out, so that it does nothing to a terminal.

    >>> print(clean("a\\x1b[31mred\\u202e b"))
    a\\x1b[31mred\\u202e b
    """
    return _HIDDEN.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def clean_json(text: str) -> str:
    """The same for JSON, where an escape means the character: what is read back is what was written."""
    return _HIDDEN.sub(lambda match: "".join(f"\\u{half:04x}" for half in _halves(ord(match[0]))), text)


def _halves(code: int) -> tuple[int, ...]:
    return (code,) if code < 0x10000 else (0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code - 0x10000 & 0x3FF))
