"""`mtl-teach start` serves the workspace to this computer alone, and ends when it is told to."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from jupyter_client.blocking import BlockingKernelClient

from mtl_teach.learn.workspace.server import free_port
from tests.learn.conftest import PROBLEM_SET


@pytest.mark.slow
def test_start_prints_an_address_that_opens_the_home_page_and_stops_with_ctrl_c(tmp_path):
    port = free_port()
    words = ["start", "course", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "mtl_teach.learn.terminal.cli", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
        | {"JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")},
        start_new_session=True,  # so that Ctrl+C reaches the command and the server, and not these tests
    )
    try:
        url = next(found[1] for line in process.stdout if (found := re.match(r"JupyterLab: (http\S+)", line)))
        assert next(process.stdout).startswith("Stop it with Ctrl+C")
        assert url.startswith(f"http://127.0.0.1:{port}/lab/tree/index.ipynb?token=")
        page = url.replace("/lab/tree/", "/api/contents/")
        assert eventually(page) == 200
        assert eventually(page.split("?")[0]) == 403
        kernel = ask(url, "kernels", b"{}")["id"]
        client = BlockingKernelClient(connection_file=str(tmp_path / "runtime" / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        client.stop_channels()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 0
        said = process.stdout.read()  # nothing from there makes a learner wonder
        assert not [name for name in ("LabApp", "NbGrader", "without encryption") if name in said], said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()
    assert (tmp_path / "course" / PROBLEM_SET).exists()


def ask(url: str, what: str, send: bytes | None = None) -> dict:
    """What the server's interface answers; with something to send, make one."""
    base, token = url.split("/lab/")[0], url.split("token=")[1]
    wanted = urllib.request.Request(f"{base}/api/{what}", send, {"Authorization": f"token {token}"})
    with urllib.request.urlopen(wanted, timeout=60) as answer:
        return json.load(answer)


def eventually(url: str) -> int:
    """The status of a page once the server answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
