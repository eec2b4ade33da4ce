"""What the checker takes, whatever answers send: measured in a process of its own."""

import subprocess
import sys

import pytest

from tests.attacks.conftest import ROOT

pytestmark = [pytest.mark.attack, pytest.mark.slow]

MOST = 600  # MiB
GRADING = """
import sys
from tests.attacks.conftest import GENEROUS, Grader, light_zygote
from autograder.engine.inside import channel
with light_zygote(GENEROUS) as zygote:
    graded = Grader(zygote).grade(sys.stdin.read())
assert graded.score <= 1.0, graded.summaries
assert not graded.result.needs_review
with open("/proc/self/status") as status:  # of this program alone: `ru_maxrss` begins with that of whoever started it
    print(next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024)
"""
ANSWERS = {
    "nothing": "None",
    "entries of a byte": "np.zeros(2**21, 'i1')",
    "a frame of numbers": "np.zeros(2**21 - 64)",
    "many empty lists": "[[]] * 190_000",
    "many empty dictionaries": "[{}] * 190_000",
    "many arrays of one number": "[np.zeros((), '?')] * 180_000",
    "long texts": "['x' * 2**20] * 15",
    "a list of numbers": "[1.5] * 190_000",
    "lists of lists": "[[1.5] * 400] * 400",
}


def checker_after(source):
    command = [sys.executable, "-c", GRADING]
    done = subprocess.run(command, input=source, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.parametrize("what", ANSWERS)
def test_a_checker_stays_below_its_bound_whatever_it_is_answered(what):
    answer = f"import numpy as np\ndef masked_mean(values, mask):\n    return {ANSWERS[what]}"
    assert checker_after(answer) < MOST


def test_a_checker_stays_below_its_bound_where_a_worker_writes_its_own_frames():
    """As many answers as were asked for, each as large as a frame may be, at once and without being asked again."""
    source = """
import numpy as np, sys
def masked_mean(values, mask):
    frame = sys._getframe(0)
    while not isinstance(frame.f_locals.get("frame"), dict):
        frame = frame.f_back
    import os, struct
    number, count = frame.f_locals["frame"]["id"], len(frame.f_locals["frame"]["requests"])
    lists = b"L" + struct.pack(">I", 190_000) + b"M\\0\\0\\0\\0" * 190_000
    key = lambda text: b"S" + struct.pack(">I", len(text)) + text
    one = b"M\\0\\0\\0\\1" + key(b"value") + lists
    written = number.to_bytes((number.bit_length() + 8) // 8, "big", signed=True)
    head = b"M\\0\\0\\0\\2" + key(b"id") + b"I" + bytes([len(written)]) + written + key(b"answers") + b"L\\0\\0\\0\\1"
    for _ in range(count):
        payload = struct.pack(">I", len(head + one)) + head + one
        while payload:
            payload = payload[os.write(3, payload):]
    os._exit(0)
"""
    assert checker_after(source) < MOST
