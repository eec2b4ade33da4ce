"""The learner's whole way on a computer without any network: only the loopback device, inside a namespace."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.conftest import without_network
from tests.learn.conftest import RIGHT, WRONG

pytestmark = [pytest.mark.offline, pytest.mark.slow]

ALONE = """
import errno, socket
assert [name for _, name in socket.if_nameindex()] == ["lo"]
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except OSError as error:
    assert error.errno == errno.ENETUNREACH, error
else:
    raise SystemExit("there is a network")
"""

KERNEL = f"""
import sys
from jupyter_client.manager import start_new_kernel

def say(code):
    said = []
    client.execute_interactive(code, timeout=120, output_hook=lambda message: said.append(str(message["content"])))
    return " ".join(said)

manager, client = start_new_kernel(cwd=sys.argv[1], startup_timeout=120)
try:
    say("import torch\\nfrom autograder import check, examples\\nfrom mtl_teach.learn import quiz")
    assert "divides by batch size" in say({WRONG!r} + "\\ncheck('masked_mean', masked_mean)")
    assert "9 of 9 points" in say({RIGHT!r} + "\\ncheck('masked_mean', masked_mean)")
    assert "No examples yet" in say("examples('masked_mean')")
    assert "Quick test 05" in say("quiz('05')")
    assert "Mean of the observed entries (passed)" in say("from mtl_teach.learn.home import home; home()")
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""

SERVER = """
import subprocess, sys, time, urllib.error, urllib.request
from pathlib import Path
from mtl_teach.learn.workspace import server
port = server.free_port()
running = subprocess.Popen(
    server.command(Path(sys.argv[1]), port, False), env=server.environment(Path(sys.argv[1]), "token")
)
def page():
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/lab/tree/index.ipynb?token=token", timeout=60) as answer:
            return answer.read().decode()
    except urllib.error.URLError as error:
        assert isinstance(error.reason, ConnectionError), error
        return ""
try:
    while not (text := page()):
        assert running.poll() is None
        time.sleep(0.1)
    assert "JupyterLab" in text
finally:
    running.terminate()
    running.wait()
"""


@pytest.fixture
def alone(tmp_path):
    """Run a program of Python without a network; give back what it printed."""

    def run(*words: str, cwd=tmp_path, answers: str = "", code: int = 0) -> str:
        done = subprocess.run(
            [*without_network(), sys.executable, *words],
            cwd=cwd,
            input=answers,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", "IPYTHONDIR": str(tmp_path / "i")},
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


def test_workspace_kernel_checks_hints_quick_test_and_home_page_need_no_network(alone, tmp_path):
    alone("-c", ALONE)
    root = tmp_path / "mtl-course"
    alone("-c", "import sys; from mtl_teach.learn.workspace.deliver import update; update(sys.argv[1])", str(root))
    alone("-c", SERVER, str(root))
    alone("-c", KERNEL, str(root))
    command = ("-m", "mtl_teach.learn.terminal.cli")
    assert "Hint 1 of 3: where to look" in alone(*command, "hint", "masked_mean", cwd=root)
    assert "right" in alone(*command, "quiz", "05", "--seed", "1", cwd=root, answers="a\n" * 7, code=1)
    assert "Nothing is begun" in alone(*command, "check", cwd=root)
    assert "✓ passed masked_mean" in alone(*command, "status", cwd=root)
    row = Progress(root / PROGRESS).exercise("masked_mean")
    assert (row["attempts"], row["hints"]) == (2, 1)
    assert Progress(root / PROGRESS).quick_tests()["05"]["attempts"] == 1
