"""`mtl-teach start` serves the workspace to this computer alone, and ends when it is told to."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from mtl_teach.learn.server import _free_port
from tests.learn.conftest import PROBLEM_SET


@pytest.mark.slow
def test_start_prints_an_address_that_opens_the_home_page_and_stops_with_ctrl_c(tmp_path):
    port = _free_port()
    words = ["start", "course", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "mtl_teach.learn.cli", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "JUPYTER_CONFIG_DIR": str(tmp_path / "config")},
        start_new_session=True,  # so that Ctrl+C reaches the command and the server, and not these tests
    )
    try:
        url = next(found[1] for line in process.stdout if (found := re.match(r"JupyterLab: (http\S+)", line)))
        assert url.startswith(f"http://127.0.0.1:{port}/lab/tree/index.ipynb?token=")
        page = url.replace("/lab/tree/", "/api/contents/")
        assert eventually(page) == 200
        assert eventually(page.split("?")[0]) == 403
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()
    assert (tmp_path / "course" / PROBLEM_SET).exists()


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
