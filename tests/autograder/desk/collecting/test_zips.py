"""Archives as ``zipfile`` writes them are read alike; what is broken, forged or hidden costs its own entry only."""

import contextlib
import hashlib
import io
import stat
import struct
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.collecting import zips
from autograder.desk.collecting.zips import BrokenZip, Zip

MOST = 10 * 2**20


def packed(*entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, (2026, 3, 5, 23, 5, 2))
            info.compress_type = method
            archive.writestr(info, data)
    return bytearray(file.getvalue())


def read(data):
    """Everything that can be read, by name, and why the rest cannot."""
    archive = Zip(io.BytesIO(data))
    found = {}
    try:
        for member in archive:
            try:
                found[member.name] = archive.read(member, MOST)
            except BrokenZip as why:
                found[member.name] = str(why)
    except BrokenZip as why:
        found["…"] = str(why)
    return found


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), st.binary(max_size=3000)
    ),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    st.binary(max_size=50).filter(lambda data: b"PK" not in data),  # zipfile takes that for a part of the archive
)
def test_what_zipfile_writes_is_read_alike_also_behind_a_program(files, method, before):
    data = bytes(before) + bytes(packed(*files.items(), method=method))
    with zipfile.ZipFile(io.BytesIO(data)) as theirs:
        expected = {info.filename: theirs.read(info) for info in theirs.infolist()}
    archive = Zip(io.BytesIO(data))
    assert {one.name.split("\0")[0]: archive.read(one, MOST) for one in archive} == expected


@given(st.binary(max_size=2000), st.integers(0, 1999), st.integers(0, 255))
def test_any_bytes_are_an_archive_or_a_sentence(data, at, byte):
    damaged = packed(("a.ipynb", data), ("b.ipynb", b"{}" * 100))
    damaged[at % len(damaged)] = byte
    for one in (bytes(data), bytes(data) + b"PK\5\6" + bytes(data[:30]), damaged):
        with contextlib.suppress(BrokenZip):  # nothing else may come out
            assert all(isinstance(name, str) for name in read(one))


@pytest.mark.parametrize("name", ["PK\6\7" + "a" * 16, "PK\6\6" + "a" * 52 + "PK\6\7" + "a" * 16])
def test_a_file_may_be_called_like_a_part_of_the_archive(name):
    """In the last place, where a large archive says where its list lies."""
    assert read(packed(("ada.ipynb", b"{}"), (name, b"x"))) == {"ada.ipynb": b"{}", name: b"x"}


def test_large_archives_with_wide_numbers_are_read():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, archive.open("a.ipynb", "w", force_zip64=True) as entry:
        entry.write(b"{}")
    assert read(file.getvalue()) == {"a.ipynb": b"{}"}
    data = packed(("a.ipynb", b"{}"))
    end = data.rfind(b"PK\5\6")
    size, offset = struct.unpack_from("<2L", data, end + 12)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    struct.pack_into("<2L", data, end + 12, 0xFFFFFFFF, 0xFFFFFFFF)
    assert read(data[:end] + wide + locator + data[end:]) == {"a.ipynb": b"{}"}


# ---- one odd entry ------------------------------------------------------------------------------------------------


def with_list(data, name, **fields):
    """The archive with some numbers of one entry changed in its list."""
    places = {"flags": ("<H", 8), "method": ("<H", 10), "crc": ("<L", 16), "packed": ("<L", 20), "size": ("<L", 24)}
    places["offset"] = ("<L", 42)
    at = data.rfind(name.encode()) - 46
    assert data[at : at + 4] == b"PK\1\2"
    for field, value in fields.items():
        form, where = places[field]
        struct.pack_into(form, data, at + where, value)
    return data


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"flags": 1}, "encrypted"),
        ({"flags": 0x41}, "encrypted"),
        ({"method": 9}, "method that is not read here (number 9)"),
        ({"method": 12}, "method that is not read here (number 12)"),
        ({"method": 14}, "method that is not read here (number 14)"),
        ({"crc": 1}, "check sum"),
        ({"size": 5}, "more than the archive says"),
        ({"size": 500}, "check sum"),
        ({"size": 2**31}, "it would unpack to"),
        ({"packed": 3}, "check sum"),
        ({"offset": 7}, "does not stand where"),
        ({"offset": 2**31}, "outside the archive"),
    ],
    ids=str,
)
def test_an_odd_entry_is_refused_by_name_and_the_others_are_read(fields, why):
    data = packed(("odd.ipynb", b'{"cells": []}' * 20), ("good.ipynb", b"{}"))
    found = read(with_list(data, "odd.ipynb", **fields))
    assert found["good.ipynb"] == b"{}"
    assert why in found["odd.ipynb"]


@pytest.mark.parametrize("size", [zips.BLOCK - 1, zips.BLOCK, zips.BLOCK + 1, 10 * zips.BLOCK + 7])
@pytest.mark.parametrize("seed", [b"a", b"abcdefghijklmnopqrstuvwxyz" * 40], ids=["one letter", "many"])
def test_a_file_of_any_length_comes_out_whole(size, seed):
    data = (seed + hashlib.sha256(seed).digest() * 30) * (size // len(seed) + 1)
    data = data[:size]
    assert read(packed(("a.ipynb", data), method=zipfile.ZIP_STORED)) == {"a.ipynb": data}
    assert read(packed(("a.ipynb", data))) == {"a.ipynb": data}


def test_damaged_packing_is_named():
    data = packed(("odd.ipynb", bytes(range(256)) * 20), ("good.ipynb", b"{}"))
    data[45:55] = b"\xff" * 10
    found = read(data)
    assert found["good.ipynb"] == b"{}"
    assert found["odd.ipynb"].startswith("it is damaged")


def test_a_bomb_is_refused_by_its_ratio_and_a_forged_one_is_cut_while_it_unpacks():
    bomb = b" " * (9 * 2**20)
    assert "times its size" in read(packed(("bomb.ipynb", bomb)))["bomb.ipynb"]
    forged = with_list(packed(("bomb.ipynb", bomb)), "bomb.ipynb", size=1000)
    archive = Zip(io.BytesIO(forged))
    pieces = []
    with pytest.raises(BrokenZip, match="more than the archive says"):
        pieces.extend(archive.chunks(next(iter(archive)), MOST))
    assert sum(map(len, pieces)) <= 1000 + zips.BLOCK


def test_nothing_larger_than_asked_for_is_unpacked():
    archive = Zip(io.BytesIO(packed(("a.ipynb", bytes(3000)))))
    member = next(iter(archive))
    assert len(archive.read(member, 3000)) == 3000
    with pytest.raises(BrokenZip, match="at most 0 are read"):
        archive.read(member, 2999)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    entry = zipfile.ZipInfo("odd.ipynb")
    entry.external_attr = (kind | 0o644) << 16
    assert read(packed((entry, "/etc/passwd")))["odd.ipynb"] == "a link or a device, not a file"


# ---- the list ----------------------------------------------------------------------------------------------------


def test_where_the_list_breaks_off_what_came_before_is_read():
    data = packed(("a.ipynb", b"1"), ("b.ipynb", b"2"), ("c.ipynb", b"3"))
    at = data.rfind(b"b.ipynb") - 46
    data[at : at + 2] = b"XX"
    assert read(data) == {"a.ipynb": b"1", "…": "the list of its files is damaged after 1 files: download it again"}


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip at all", b"PK\5\6", bytes(packed(("a", b"")))[:-5]])
def test_what_is_no_archive_is_said(data):
    with pytest.raises(BrokenZip, match="no zip archive, or its end is missing"):
        Zip(io.BytesIO(data))


def test_a_list_that_is_longer_than_the_archive_or_than_any_class_is_refused(monkeypatch):
    data = packed(("a.ipynb", b"{}"))
    end = data.rfind(b"PK\5\6")
    struct.pack_into("<L", data, end + 12, 10_000)
    with pytest.raises(BrokenZip, match="damaged"):
        Zip(io.BytesIO(data))
    monkeypatch.setattr(zips, "MAX_LIST", 10)
    with pytest.raises(BrokenZip, match="at most 0 are read"):
        Zip(io.BytesIO(packed(("a.ipynb", b"{}"))))


def test_more_entries_than_anybody_has_end_the_list(monkeypatch):
    monkeypatch.setattr(zips, "MAX_ENTRIES", 2)
    found = read(packed(*((f"{number}.ipynb", b"{}") for number in range(4))))
    assert list(found) == ["0.ipynb", "1.ipynb", "…"]
    assert found["…"] == "it lists more than 2 files; the rest is not read"


# ---- names and times -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "utf8", "name"),
    [
        ("Jürgen".encode(), True, "Jürgen"),
        ("Jürgen".encode(), False, "Jürgen"),  # macOS does not say that it is UTF-8
        ("Jürgen".encode("cp437"), False, "Jürgen"),
        (b"J\xfcrgen", True, "J\ufffdrgen"),  # zipfile gives up the whole archive
    ],
)
def test_names_are_read_in_the_encodings_that_programs_use(raw, utf8, name):
    data = packed(("J" * len(raw), b"{}"), ("good.ipynb", b"[]"))
    data = data.replace(b"J" * len(raw), raw)
    at = data.rfind(raw) - 46
    struct.pack_into("<H", data, at + 8, 0x800 if utf8 else 0)
    assert read(data) == {name: b"{}", "good.ipynb": b"[]"}


def test_a_unicode_name_beside_the_old_one_is_taken_if_it_belongs_to_it():
    entry = zipfile.ZipInfo("old.ipynb")
    name = "neu-ü.ipynb".encode()
    for crc, expected in ((zlib.crc32(b"old.ipynb"), "neu-ü.ipynb"), (1, "old.ipynb")):
        entry.extra = struct.pack("<HHBL", 0x7075, len(name) + 5, 1, crc) + name
        assert list(read(packed((entry, b"{}")))) == [expected]


def test_an_entry_has_the_time_on_its_clock_or_with_its_zone_or_none():
    entry = zipfile.ZipInfo("b", (2026, 3, 5, 23, 5, 2))
    entry.extra = struct.pack("<HHBl", 0x5455, 5, 1, 1_772_748_302)
    times = [
        (one.local, one.utc) for one in Zip(io.BytesIO(packed(("a", b""), (entry, b""), (zipfile.ZipInfo("c"), b""))))
    ]
    wall = datetime(2026, 3, 5, 23, 5, 2)
    assert times == [(wall, None), (wall, datetime(2026, 3, 5, 22, 5, 2, tzinfo=UTC)), (None, None)]


def test_a_time_that_is_none_is_none():
    data = packed(("a", b""))
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<2H", data, at + 12, 0xFFFF, 0xFFFF)
    assert [one.local for one in Zip(io.BytesIO(data))] == [None]
