"""Zip archives read entry by entry, so that one odd entry costs itself and never the others.

Python's own ``zipfile`` gives up the whole archive for one name that is no UTF-8 or one damaged line of the list,
trusts ``bz2`` and ``lzma`` to unpack as much as they like in one step, and reads the list before anybody can ask how
long it is. Here only what platforms write is read: stored and deflated files, with or without zip64. The format is
PKWARE's APPNOTE 6.3; the letters of each ``struct`` below stand in the order of its tables.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

STORED, DEFLATED = 0, 8
MAX_LIST = 64 * 2**20  # bytes of the central directory: half a million entries
MAX_ENTRIES = 500_000
BLOCK = 64 * 1024
MAX_RATIO, RATIO_FROM = 200, 2**20  # a notebook full of one figure is packed to a fiftieth

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_UTF8, _ENCRYPTED = 0x800, 0x1 | 0x40


class BrokenZip(ValueError):
    """The archive, or this entry of it, cannot be read; the message says why."""


@dataclass(frozen=True)
class Member:
    """One line of the archive's list.

    Attributes
    ----------
    name : str
        As it stands there, with ``/`` or ``\\``; what is no text is U+FFFD.
    size, packed : int
        As the archive says; neither is believed.
    local : datetime or None
        The time of the entry as the clock on the wall of whoever packed it.
    utc : datetime or None
        The same with its zone, where the archive has it.
    """

    name: str
    size: int
    packed: int
    method: int
    flags: int
    crc: int
    mode: int
    offset: int
    local: datetime | None
    utc: datetime | None

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(("/", "\\")) and not self.size

    @property
    def refusal(self) -> str:
        """Why it is not unpacked, from the list alone; empty if it may be."""
        if stat.S_IFMT(self.mode) not in (0, stat.S_IFREG):
            return "a link or a device, not a file"
        if self.flags & _ENCRYPTED:
            return "encrypted: a password is needed"
        if self.method not in (STORED, DEFLATED):
            return f"packed by a method that is not read here (number {self.method}); pack it anew as an ordinary zip"
        if self.size > RATIO_FROM and self.size > MAX_RATIO * max(1, self.packed):
            return f"it would unpack to {self.size // max(1, self.packed)} times its size"
        return ""


class Zip:
    """An archive in a file that can be read anywhere.

    Parameters
    ----------
    file : binary file

    Raises
    ------
    BrokenZip
        If it is no zip archive, or has a list too long to be one of a class.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        self._list, self._shift = self._read_list()

    def _read_list(self) -> tuple[bytes, int]:
        """The bytes of the central directory, and by how much all its offsets are off (a program may stand before)."""
        tail_size = min(self._size, 2**16 + _END.size)
        tail = self._at(self._size - tail_size, tail_size)
        where = tail.rfind(b"PK\5\6")
        if where < 0 or len(tail) - where < _END.size:
            raise BrokenZip("it is no zip archive, or its end is missing: download it again")
        end = self._size - tail_size + where
        *_, count, size, offset, _ = _END.unpack_from(tail, where)
        if end >= _LOCATOR.size + _END_64.size:  # zip64: also for more than 65,535 entries
            locator = self._at(end - _LOCATOR.size, _LOCATOR.size)
            record = self._at(end - _LOCATOR.size - _END_64.size, _END_64.size)
            needed = 0xFFFFFFFF in (size, offset) or count == 0xFFFF
            if locator[:4] == b"PK\6\7" and record[:4] == b"PK\6\6":
                *_, wide_size, wide_offset = _END_64.unpack(record)
                if needed or (wide_size, wide_offset) == (size, offset):  # else it is the end of a file's name
                    size, offset = wide_size, wide_offset
                    end -= _LOCATOR.size + _END_64.size
            elif needed:
                raise BrokenZip("the list of its files is damaged: download it again")
        if size > MAX_LIST:
            raise BrokenZip(f"the list of its files has {size >> 20} MiB; at most {MAX_LIST >> 20} are read")
        if size > end:
            raise BrokenZip("the list of its files is damaged: download it again")
        return self._at(end - size, size), end - size - offset

    def _at(self, offset: int, size: int) -> bytes:
        if offset < 0 or offset > self._size:
            raise BrokenZip("it points outside the archive")
        self._file.seek(offset)
        return self._file.read(size)

    def __iter__(self) -> Iterator[Member]:
        """Its entries in the order of the list.

        Raises
        ------
        BrokenZip
            Where the list breaks off; what came before is good.
        """
        at = count = 0
        while at < len(self._list):
            if count >= MAX_ENTRIES:
                raise BrokenZip(f"it lists more than {MAX_ENTRIES} files; the rest is not read")
            head = self._list[at : at + _ENTRY.size]
            if len(head) < _ENTRY.size or head[:4] != b"PK\1\2":
                raise BrokenZip(f"the list of its files is damaged after {count} files: download it again")
            *_, name_size, extra_size, comment_size, _, _, _, _ = _ENTRY.unpack(head)
            name_at = at + _ENTRY.size
            extra_at = name_at + name_size
            at = extra_at + extra_size + comment_size
            yield _member(head, self._list[name_at:extra_at], self._list[extra_at : extra_at + extra_size])
            count += 1

    def chunks(self, member: Member, most: int) -> Iterator[bytes]:
        """What is packed in an entry, in pieces; nothing of it is trusted before the last piece came.

        Parameters
        ----------
        member : Member
        most : int
            More bytes than these are never unpacked.

        Raises
        ------
        BrokenZip
            If it is refused, damaged, larger than it says, or larger than ``most``.
        """
        if member.refusal:
            raise BrokenZip(member.refusal)
        if member.size > most:
            raise BrokenZip(_too_large(member.size, most))
        head = self._at(member.offset + self._shift, _LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
            raise BrokenZip("it is damaged: it does not stand where the archive's list says")
        *_, name_size, extra_size = _LOCAL.unpack(head)
        at = member.offset + self._shift + _LOCAL.size + name_size + extra_size
        crc = size = 0
        for piece in self._unpacked(member, at):
            size += len(piece)
            if size > member.size:
                raise BrokenZip("it is damaged or forged: it unpacks to more than the archive says")
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != member.size or crc != member.crc:
            raise BrokenZip("it is damaged: its check sum does not fit")

    def _unpacked(self, member: Member, at: int) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-15) if member.method == DEFLATED else None
        left = member.packed
        while left > 0:
            packed = self._at(at, min(BLOCK, left))
            if not packed:
                raise BrokenZip("it is damaged: the archive ends in the middle of it")
            at, left = at + len(packed), left - len(packed)
            if unpacker is None:
                yield packed
                continue
            piece = b"more"
            while packed or piece:  # what went in may come out in several pieces
                try:
                    piece = unpacker.decompress(packed, BLOCK)
                except zlib.error:
                    raise BrokenZip("it is damaged: it cannot be unpacked") from None
                packed = unpacker.unconsumed_tail
                yield piece
            if unpacker.eof:
                return

    def read(self, member: Member, most: int) -> bytes:
        """The whole of an entry; see :meth:`chunks`."""
        return b"".join(self.chunks(member, most))


def _too_large(size: int, most: int) -> str:
    return f"{size / 2**20:.0f} MiB; at most {most // 2**20} are read"


def _member(head: bytes, name: bytes, extra: bytes) -> Member:
    _, _, _, flags, method, time, date, crc, packed, size, *_, outside, offset = _ENTRY.unpack(head)
    text = _text(name, bool(flags & _UTF8))
    utc = None
    for kind, data in _extras(extra):
        if kind == 0x0001:  # zip64: only what does not fit stands there, in this order
            wide = list(struct.unpack(f"<{len(data) // 8}Q", data[: len(data) // 8 * 8]))
            size = wide.pop(0) if size == 0xFFFFFFFF and wide else size
            packed = wide.pop(0) if packed == 0xFFFFFFFF and wide else packed
            offset = wide.pop(0) if offset == 0xFFFFFFFF and wide else offset
        elif kind == 0x5455 and len(data) >= 5 and data[0] & 1:  # Info-ZIP: seconds since 1970
            utc = _moment(struct.unpack_from("<l", data, 1)[0])
        elif (
            kind == 0x7075
            and len(data) > 5
            and data[0] == 1
            and struct.unpack_from("<L", data, 1)[0] == zlib.crc32(name)
        ):
            text = _text(data[5:], True)  # Info-ZIP: the name in UTF-8
    return Member(text, size, packed, method, flags, crc, outside >> 16, offset, _wall(date, time), utc)


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size


def _text(name: bytes, utf8: bool) -> str:
    """A name as text: UTF-8 where it can be (macOS does not say so), else the old code page of zip archives."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace") if utf8 else name.decode("cp437")


def _wall(date: int, time: int) -> datetime | None:
    """The entry's time, None where it says only that nobody knew it."""
    try:
        found = datetime(
            1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, min(59, (time & 31) * 2)
        )
    except ValueError:
        return None
    return found if found.year > 1980 else None


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds > 365 * 86_400 else None
