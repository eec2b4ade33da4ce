"""The border between the checker and an answer: whatever bytes come, only data gets through, and in time."""

import contextlib
import math
import os
import socket
import struct
import threading
import time
from collections import OrderedDict, namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.engine.inside import channel
from autograder.engine.inside.channel import MAX_FRAME, ChannelError, Encoded, Opaque, Tensor, as_data, decode, encode
from autograder.testing import CheckFailure, assert_close, to_array
from autograder.words import text_of

TAGS = b"NTFIDSOLUMAXG"
LONG = 600.0  # seconds in which everything that comes has come, on the busiest machine
SHORT = 0.05  # seconds to wait for what never comes

plain = st.none() | st.booleans() | st.integers(-(2**900), 2**900) | st.floats() | st.text(max_size=20)
dtypes = st.sampled_from(channel.DTYPES)
some_array = dtypes.flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_side=4)))
keys = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=5)
values = st.recursive(
    plain | some_array | some_array.map(Tensor) | st.text(max_size=5).map(Opaque),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)
likely = st.lists(
    st.sampled_from([bytes([tag]) for tag in TAGS])
    | st.integers(0, 9).map(lambda number: struct.pack(">I", number))
    | st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0", b"\1", b"\x0b\x03"])
    | st.binary(max_size=9),
    max_size=30,
).map(b"".join)


class Number(float):
    pass


class Whole(int):
    pass


class Word(str):
    __slots__ = ()


class Row(list):
    pass


class Table(dict):
    pass


Pair = namedtuple("Pair", "first second")


DERIVED = [
    pytest.param(Number(1.5), 1.5, id="float"),
    pytest.param(np.float64(1.5), 1.5, id="NumPy's float, which is Python's"),
    pytest.param(Whole(3), 3, id="int"),
    pytest.param(Word("a"), "a", id="str"),
    pytest.param(Row([Whole(1), True]), [1, True], id="list"),
    pytest.param(Pair(1, None), (1, None), id="named tuple"),
    pytest.param(Table(a=Number(2.0)), {"a": 2.0}, id="dict"),
    pytest.param(OrderedDict(a=False), {"a": False}, id="ordered dict"),
    pytest.param(np.arange(3.0)[::-1], np.array([2.0, 1.0, 0.0]), id="array backwards"),
    pytest.param(np.arange(3, dtype=">i4"), np.arange(3, dtype="<i4"), id="array of the other byte order"),
    pytest.param(torch.tensor([True]).view(1, 1), Tensor(np.array([[True]])), id="tensor"),
    pytest.param(
        torch.arange(6.0).view(2, 3).T, Tensor(np.arange(6, dtype="f4").reshape(2, 3).T.copy()), id="transposed"
    ),
    pytest.param(torch.ones(1, dtype=torch.bfloat16), Tensor(np.ones(1, "f4")), id="tensor of half the digits"),
    pytest.param(torch.tensor([1 + 2j]).conj().imag, Tensor(np.array([-2.0], "f4")), id="tensor not yet worked out"),
]


def same(one, other):
    """Equal values of equal types; NaN equals NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, Tensor):
        return one.grad == other.grad and same(one.array, other.array)
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    return one == other


# ---- values and payloads ---------------------------------------------------------------------------------------


@given(values)
def test_what_goes_in_comes_out(value):
    assert same(as_data(value), value)


@pytest.mark.parametrize(("value", "crossed"), DERIVED)
def test_what_is_derived_from_data_crosses_as_that_data(value, crossed):
    assert same(as_data(value), crossed)


@given(st.binary(max_size=200) | likely)
@settings(max_examples=1000)
def test_no_bytes_make_decode_do_anything_but_answer_or_refuse(payload):
    try:
        value = decode(payload)
    except ChannelError:
        return
    assert isinstance(text_of(value), str)


@given(values, st.data())
@settings(max_examples=300)
def test_a_damaged_payload_is_read_or_refused(value, data):
    payload = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        value = decode(bytes(payload))
    except ChannelError:
        return
    assert isinstance(text_of(value), str)


@given(values, st.sampled_from([np.float64(2.5), np.array([1.0, np.nan]), np.array([[True]]), np.array([3])]))
@settings(max_examples=300)
def test_whatever_an_answer_returns_a_comparison_passes_or_fails_but_never_raises(value, expected):
    failure = None
    try:
        assert_close(value, expected)
    except CheckFailure as caught:
        failure = caught
    if failure is None:
        assert to_array(value).shape == expected.shape
    else:
        assert isinstance(text_of(failure.got), str)
        assert failure.summary


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        pytest.param(b"", "frame cut short", id="nothing"),
        pytest.param(b"Z", "unknown tag", id="a tag that does not exist"),
        pytest.param(b"NN", "bytes left over", id="two values"),
        pytest.param(b"I\x00", "integer out of range", id="an integer of no bytes"),
        pytest.param(b"I\xff" + b"1" * 255, "integer out of range", id="an integer of 255 bytes"),
        pytest.param(b"L\xff\xff\xff\xff", "points beyond", id="four billion items promised"),
        pytest.param(b"L\0\0\0\1" * 40 + b"N", "too deep", id="a deep nest"),
        pytest.param(b"A\x99\x00", "unknown array type", id="an unknown dtype"),
        pytest.param(b"A\x00\x11" + b"\0" * 68, "unknown array type", id="seventeen dimensions"),
        pytest.param(b"A\x00\x01\x00\x00\x00\x01\x02", "something else than 0 and 1", id="a boolean of 2"),
        pytest.param(
            b"A\x0b\x03" + struct.pack(">III", 0, 2**32 - 1, 2**32 - 1), "too large", id="zero times huge sides"
        ),
        pytest.param(b"A\x0b\x02" + struct.pack(">II", 2**31, 2**31), "too large", id="an array beyond any memory"),
        pytest.param(b"M\0\0\0\1I\x09\x01" + b"\0" * 8 + b"N", "a key is out of range", id="a key that can collide"),
    ],
)
def test_a_broken_payload_is_refused(payload, why):
    with pytest.raises(ChannelError, match=why):
        decode(payload)


def test_a_pickle_is_not_data():
    import pickle

    with pytest.raises(ChannelError, match="unknown tag"):
        decode(pickle.dumps(print))


def test_a_type_name_is_only_text():
    assert as_data(os) == Opaque("module")
    assert decode(b"O\0\0\0\x09os.system") == Opaque("os.system")


def test_keys_that_could_collide_are_refused_at_the_first_on_both_sides():
    """Python's hashes of whole numbers repeat after 2**61 - 1: many such keys would make a dictionary crawl."""
    prime, count = 2**61 - 1, 50_000
    reader = channel._Reader(b"M" + struct.pack(">I", count) + collisions(prime, count), Tensor)
    with pytest.raises(ChannelError, match="a key is out of range"):
        reader.value(0)
    assert reader.at < 200
    with pytest.raises(ChannelError, match="a key is out of range"):
        encode({number * prime: None for number in range(10)})


def collisions(prime, count):
    return b"".join(encode(number * prime) + b"N" for number in range(count))


@pytest.mark.parametrize(
    ("key", "allowed"), [(2**63 - 1, True), (2**63, False), (-(2**63), True), (-(2**63) - 1, False)]
)
def test_keys_are_bounded_exactly(key, allowed):
    payload = b"M" + struct.pack(">I", 1) + encode(key) + b"N"
    for cross in (lambda: decode(payload), lambda: as_data({key: None})):
        if allowed:
            assert cross() == {key: None}
        else:
            with pytest.raises(ChannelError, match="a key is out of range"):
                cross()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param(np.zeros(MAX_FRAME // 8 + 1), "too large", id="an array larger than a frame"),
        pytest.param(np.broadcast_to(np.zeros(1), (10**6, 10**6)), "too large", id="a broadcast array"),
        pytest.param([0] * 200_001, "too large", id="too many items"),
        pytest.param(["x" * 2**20] * 17, "too large", id="too much text"),
    ],
)
def test_a_value_too_large_is_refused_before_it_is_built(value, why):
    with pytest.raises(ChannelError, match=f"output {why}"):
        encode(value)


def test_a_list_that_holds_itself_is_too_deep():
    endless = []
    endless.append(endless)
    with pytest.raises(ChannelError, match="output too deep"):
        encode(endless)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (object(), Opaque("object")),
        ((number for number in range(3)), Opaque("generator")),
        ({1, 2}, Opaque("set")),
        (np.array(["text"]), Opaque("array of <U4")),
        (torch.zeros(2, dtype=torch.complex64), Opaque("array of complex64")),
        (torch.zeros(2).to_sparse(), Opaque("tensor of torch.float32")),
        (10**1000, Opaque("int")),
    ],
    ids=["object", "generator", "set", "text array", "complex tensor", "sparse tensor", "huge integer"],
)
def test_what_is_not_data_crosses_as_the_name_of_its_type(value, seen):
    assert as_data(value) == seen


@pytest.mark.parametrize(
    ("value", "crossed"),
    [
        pytest.param(Fraction(5, 2), 2.5, id="fraction"),
        pytest.param(Decimal("0.1"), 0.1, id="decimal"),
        pytest.param(Decimal("inf"), math.inf, id="infinite decimal"),
        pytest.param(np.longdouble("0.5"), np.array(0.5), id="number with more digits"),
        pytest.param(np.array([0.5, 2.0], np.longdouble), np.array([0.5, 2.0]), id="array with more digits"),
        pytest.param(np.array([Fraction(1, 2), 2, 0.25], object), np.array([0.5, 2.0, 0.25]), id="array of objects"),
        pytest.param([Fraction(1, 4)], [0.25], id="list of fractions"),
    ],
)
def test_a_real_number_of_any_type_crosses_as_a_number(value, crossed):
    assert same(as_data(value), crossed)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        pytest.param(Fraction(10**400), Opaque("Fraction"), id="larger than a float"),
        pytest.param(Decimal("sNaN"), Opaque("Decimal"), id="a NaN that signals"),
        pytest.param(np.array([Fraction(10**400)]), Opaque("array of object"), id="larger than a float, in an array"),
        pytest.param(np.array(["0.5"], object), Opaque("array of object"), id="digits as text"),
    ],
)
def test_what_no_float_can_be_crosses_as_the_name_of_its_type(value, seen):
    assert as_data(value) == seen


def test_a_tensor_keeps_its_dtype_and_shape():
    crossed = as_data(torch.arange(6, dtype=torch.float32).reshape(2, 3))
    assert crossed.array.dtype == np.float32
    assert crossed.array.shape == (2, 3)


def test_a_half_precision_tensor_crosses_as_numbers():
    assert as_data(torch.ones(2, dtype=torch.bfloat16)).array.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.array([1.0, -2.5], ">f8"), id="big-endian"),
        pytest.param(np.array([1, 2], ">i4"), id="big-endian integers"),
        pytest.param(np.arange(6.0).reshape(2, 3).T, id="transposed"),
        pytest.param(np.arange(6)[::2], id="every second"),
        pytest.param(np.array(7, ">u2"), id="a number"),
        pytest.param(np.asfortranarray(np.ones((2, 3), np.float32)), id="by columns"),
        pytest.param(np.zeros((2, 0, 3)), id="empty"),
    ],
)
def test_an_array_of_any_layout_crosses_as_its_values(array):
    crossed = as_data(array)
    assert crossed.tolist() == array.tolist()
    assert (crossed.shape, crossed.dtype) == (array.shape, array.dtype.newbyteorder("<"))


def test_an_array_that_crossed_can_be_written_to_and_is_a_copy():
    array = np.ones(2)
    crossed = as_data(array)
    crossed[0] = 5.0
    assert (crossed.tolist(), array.tolist()) == ([5.0, 1.0], [1.0, 1.0])


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (np.array(["2020"], "M8[D]"), Opaque("array of datetime64[D]")),
        (np.array([(1, 2)], "i4,i4"), Opaque("array of [('f0', '<i4'), ('f1', '<i4')]")),
        (np.array([None]), Opaque("array of object")),
        (2**1023 - 1, 2**1023 - 1),
        (-(2**1023), Opaque("int")),
        (2**1023, Opaque("int")),
        ("\ud800", "?"),
        (b"bytes", Opaque("bytes")),
        (np.float64(2.5), 2.5),
        (np.True_, np.True_),
        (1j, Opaque("complex")),
        ({(1, 2): 3}, {"'tuple'": 3}),
        ({np.float64(1.0): 3}, {1.0: 3}),
        ("é" * 3, "é" * 3),
    ],
    ids=repr,
)
def test_at_the_edge_of_what_is_data(value, seen):
    assert as_data(value) == seen


def test_sixteen_dimensions_are_data_and_seventeen_are_not():
    assert as_data(np.ones((1,) * 16)).shape == (1,) * 16
    assert as_data(np.ones((1,) * 17)) == Opaque("array of float64")


def test_long_texts_are_cut_and_long_names_of_types_too():
    assert as_data("x" * (2**20 + 5)) == "x" * 2**20
    assert as_data(Opaque("x" * 300)) == Opaque("x" * 200)


def nested(levels):
    value = None
    for _ in range(levels):
        value = [value]
    return value


def test_a_value_may_be_nested_32_times():
    assert as_data(nested(32)) == nested(32)
    with pytest.raises(ChannelError, match="output too deep: nested more than 32 times"):
        encode(nested(33))


def test_a_frame_may_put_three_levels_around_the_deepest_value():
    frame = {"id": 1, "answers": [{"value": Encoded.of(nested(32))}]}
    assert as_data(frame) == {"id": 1, "answers": [{"value": nested(32)}]}
    assert decode(b"L\0\0\0\1" * 35 + b"N") == nested(35)
    with pytest.raises(ChannelError, match="frame too deep or too long"):
        decode(b"L\0\0\0\1" * 36 + b"N")


def test_a_value_may_hold_200_000_items_itself_counted():
    assert len(as_data([None] * 199_999)) == 199_999
    with pytest.raises(ChannelError, match="more than 200000 items"):
        encode([None] * 200_000)
    with pytest.raises(ChannelError, match="frame too deep or too long"):
        decode(b"L" + struct.pack(">I", 200_000) + b"N" * 200_000)


def test_a_payload_may_have_sixteen_mebibytes():
    head = 1 + 2 + 4  # the tag, the dtype and the number of dimensions, one side
    assert MAX_FRAME == 2**24
    full = [np.zeros(2**20), np.zeros(2**20 - 3, "f8"), "x" * (24 - 2 * head - 5 - 5)]
    assert len(encode(full)) == MAX_FRAME
    with pytest.raises(ChannelError, match="output too large: more than 16 MiB"):
        encode([*full, None])


def test_arrays_may_have_two_million_entries_together_however_small_these_are():
    """As numbers to compare each takes eight bytes."""
    half = np.zeros(2**20, "?")
    assert len(as_data([half, half])) == 2
    with pytest.raises(ChannelError, match="output too large: more than 2,097,152 entries of arrays"):
        encode([half, half, np.zeros(1, "?")])
    payload = encode([half])
    with pytest.raises(ChannelError, match="an array is too large"):
        decode(b"L" + struct.pack(">I", 3) + 3 * payload.removeprefix(b"L" + struct.pack(">I", 1)))


@pytest.mark.parametrize("cut", [0, 1])
def test_the_items_of_a_payload_are_counted_also_where_it_is_broken(cut):
    counted, payload = [], encode([None, {"a": 1}])
    with pytest.raises(ChannelError) if cut else contextlib.nullcontext():
        decode(payload[: len(payload) - cut], count=counted.append)
    assert counted == [5]


def test_a_tensor_crosses_without_its_history_and_as_it_reads():
    leaf = torch.tensor([1.0, 2.0], requires_grad=True)
    assert not as_data(leaf * 2).grad
    assert as_data(leaf * 2).array.tolist() == [2.0, 4.0]
    negated = torch.tensor([1 + 2j]).conj().imag
    assert negated.is_neg()
    assert as_data(negated).array.tolist() == [-2.0]
    assert as_data(torch.tensor(3)).array == 3


def test_a_tensor_is_made_on_arrival_and_told_whether_it_records_gradients():
    made = []
    payload = encode([Tensor(np.ones(1)), Tensor(np.zeros(2), grad=True)])
    assert decode(payload, lambda array, grad: made.append((array.tolist(), grad)) or len(made)) == [1, 2]
    assert made == [([1.0], False), ([0.0, 0.0], True)]


def test_what_is_encoded_already_is_put_in_as_it_is():
    assert decode(encode({"value": Encoded.of((1, [2.5]))})) == {"value": (1, [2.5])}
    assert Encoded.of("x").payload == encode("x")


# ---- frames and deadlines --------------------------------------------------------------------------------------


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def within(seconds):
    return time.monotonic() + seconds


@given(st.binary(max_size=3000))
@settings(max_examples=30)
def test_a_frame_arrives_as_it_was_sent(payload):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel.write_frame(ours.fileno(), payload)
        assert channel.read_frame(theirs.fileno()) == payload


def test_a_large_frame_arrives_in_pieces(pair):
    payload, got = os.urandom(2**21), []
    reader = threading.Thread(target=lambda: got.append(channel.read_frame(pair[1].fileno())))
    reader.start()
    channel.write_frame(pair[0].fileno(), payload, within(LONG))
    reader.join(LONG)
    assert got == [payload]


def test_the_end_of_the_stream_is_none(pair):
    pair[1].close()
    assert channel.read_frame(pair[0].fileno(), within(LONG)) is None


@pytest.mark.parametrize("sent", [b"\0\0", struct.pack(">I", 9) + b"four", struct.pack(">I", 9)])
def test_a_frame_cut_short_is_an_error(pair, sent):
    pair[1].sendall(sent)
    pair[1].close()
    with pytest.raises(ChannelError, match="cut short"):
        channel.read_frame(pair[0].fileno(), within(LONG))


def test_a_frame_that_promises_too_much_is_refused_at_its_head(pair):
    pair[1].sendall(struct.pack(">I", MAX_FRAME + 1))
    with pytest.raises(ChannelError, match="output too large"):
        channel.read_frame(pair[0].fileno(), within(LONG))


def test_a_frame_too_long_is_not_sent(pair):
    with pytest.raises(ChannelError, match="output too large"):
        channel.write_frame(pair[0].fileno(), bytes(MAX_FRAME + 1), within(LONG))


def test_a_frame_of_exactly_the_most_is_waited_for_and_sent(pair):
    pair[1].sendall(struct.pack(">I", MAX_FRAME))
    with pytest.raises(TimeoutError):
        channel.read_frame(pair[0].fileno(), within(SHORT))
    with pytest.raises(TimeoutError):
        channel.write_frame(pair[0].fileno(), bytes(MAX_FRAME), within(SHORT))


def test_frames_come_one_after_the_other_an_empty_one_too(pair):
    for payload in (b"first", b"", b"third"):
        channel.write_frame(pair[1].fileno(), payload)
    assert [channel.read_frame(pair[0].fileno(), within(LONG)) for _ in range(3)] == [b"first", b"", b"third"]


def test_a_reader_that_went_away_is_the_end_of_the_stream(pair):
    pair[0].sendall(b"never read")
    pair[1].close()  # with bytes unread: the connection is reset
    assert channel.read_frame(pair[0].fileno(), within(LONG)) is None


def test_a_deadline_that_passed_is_met_even_where_something_came(pair):
    pair[1].sendall(struct.pack(">I", 1) + b"x")
    with pytest.raises(TimeoutError, match="the time limit passed"):
        channel.read_frame(pair[0].fileno(), within(-1.0))


def test_silence_meets_the_deadline(pair):
    with pytest.raises(TimeoutError, match="the time limit passed"):
        channel.read_frame(pair[0].fileno(), within(SHORT))


def test_a_frame_that_drips_byte_by_byte_meets_the_deadline(pair):
    """One deadline for the whole frame: a byte now and then buys no more time."""
    done = threading.Event()

    def drip():
        pair[1].sendall(struct.pack(">I", 1000))
        while not done.wait(0.01):
            pair[1].sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        with pytest.raises(TimeoutError, match="the time limit passed"):
            channel.read_frame(pair[0].fileno(), within(0.2))
    finally:
        done.set()
        dripping.join()


def test_a_reader_that_does_not_read_meets_the_deadline(pair):
    with pytest.raises(TimeoutError, match="the time limit passed"):
        channel.write_frame(pair[0].fileno(), bytes(2**22), within(SHORT))
