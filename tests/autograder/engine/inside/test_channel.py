"""The border between the checker and an answer: whatever bytes come, only data gets through, and in time."""

import math
import os
import socket
import struct
import threading
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.engine.inside import channel
from autograder.engine.inside.channel import MAX_FRAME, ChannelError, Opaque, Tensor, as_data, decode, encode
from autograder.testing import CheckFailure, assert_close
from autograder.words import text_of

TAGS = b"NTFIDSOLUMAXG"

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


@given(st.binary(max_size=200) | likely)
@settings(max_examples=1000, deadline=1000)
def test_no_bytes_make_decode_do_anything_but_answer_or_refuse(payload):
    try:
        value = decode(payload)
    except ChannelError:
        return
    assert isinstance(text_of(value), str)


@given(values, st.data())
@settings(max_examples=300, deadline=1000)
def test_a_damaged_payload_is_read_or_refused(value, data):
    payload = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(payload))
    except ChannelError:
        return


@given(values, st.sampled_from([np.float64(2.5), np.array([1.0, np.nan]), np.array([[True]]), np.array([3])]))
@settings(max_examples=300, deadline=1000)
def test_whatever_an_answer_returns_a_comparison_passes_or_fails_but_never_raises(value, expected):
    shown = "right"
    try:
        assert_close(value, expected)
    except CheckFailure as failure:
        shown = text_of(failure.got) + failure.summary
    assert shown


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


def test_many_colliding_keys_do_not_slow_the_checker_down():
    prime = 2**61 - 1
    payload = b"M" + struct.pack(">I", 50_000)
    payload += b"".join(encode(number * prime) + b"N" for number in range(50_000))
    started = time.monotonic()
    with pytest.raises(ChannelError, match="a key is out of range"):
        decode(payload)
    assert time.monotonic() - started < 1


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


def test_a_tensor_keeps_its_dtype_and_shape():
    crossed = as_data(torch.arange(6, dtype=torch.float32).reshape(2, 3))
    assert crossed.array.dtype == np.float32
    assert crossed.array.shape == (2, 3)


def test_a_half_precision_tensor_crosses_as_numbers():
    assert as_data(torch.ones(2, dtype=torch.bfloat16)).array.tolist() == [1.0, 1.0]


# ---- frames and deadlines --------------------------------------------------------------------------------------


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def in_a_while(seconds=0.2):
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
    channel.write_frame(pair[0].fileno(), payload, in_a_while(5))
    reader.join()
    assert got == [payload]


def test_the_end_of_the_stream_is_none(pair):
    pair[1].close()
    assert channel.read_frame(pair[0].fileno(), in_a_while()) is None


@pytest.mark.parametrize("sent", [b"\0\0", struct.pack(">I", 9) + b"four", struct.pack(">I", 9)])
def test_a_frame_cut_short_is_an_error(pair, sent):
    pair[1].sendall(sent)
    pair[1].close()
    with pytest.raises(ChannelError, match="cut short"):
        channel.read_frame(pair[0].fileno(), in_a_while())


def test_a_frame_that_promises_too_much_is_refused_at_its_head(pair):
    pair[1].sendall(struct.pack(">I", MAX_FRAME + 1))
    with pytest.raises(ChannelError, match="output too large"):
        channel.read_frame(pair[0].fileno(), in_a_while())


def test_a_frame_too_long_is_not_sent(pair):
    with pytest.raises(ChannelError, match="output too large"):
        channel.write_frame(pair[0].fileno(), bytes(MAX_FRAME + 1), in_a_while())


def assert_in_time(call):
    started = time.monotonic()
    with pytest.raises(TimeoutError, match="the time limit passed"):
        call()
    assert time.monotonic() - started < 1


def test_silence_meets_the_deadline(pair):
    assert_in_time(lambda: channel.read_frame(pair[0].fileno(), in_a_while()))


def test_a_frame_that_drips_byte_by_byte_meets_the_deadline(pair):
    done = threading.Event()

    def drip():
        pair[1].sendall(struct.pack(">I", 1000))
        while not done.wait(0.01):
            pair[1].sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    assert_in_time(lambda: channel.read_frame(pair[0].fileno(), in_a_while()))
    done.set()
    dripping.join()


def test_a_reader_that_does_not_read_meets_the_deadline(pair):
    assert_in_time(lambda: channel.write_frame(pair[0].fileno(), bytes(2**22), in_a_while()))
