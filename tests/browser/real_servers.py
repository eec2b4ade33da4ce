"""Servers and browsers that a test starts itself, where it cannot ask for fixtures."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.conftest import FLAGS, TOKEN, free_port
from tests.conftest import CHROMIUM


@contextlib.contextmanager
def formgrader_of(course: Path, state: Path) -> Iterator[str]:
    """The address of a formgrader whose course is this, as `jupyter server` in the course's folder starts it."""
    port = free_port()
    state.mkdir(parents=True, exist_ok=True)
    programs = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    env |= {name: str(state / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    words = ["server", "--no-browser", "--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    words += ["--allow-root", "--ServerApp.open_browser=False"]
    log = state / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen([programs / "jupyter", *words], cwd=course, env=env, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}/formgrader"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers, as long as it lives."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert server.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < end, log.read_text()[-2000:]
            time.sleep(0.1)


@contextlib.contextmanager
def chromium(play: Any) -> Iterator[Any]:
    """The machine's Chromium, without a window."""
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    browser = play.chromium.launch(executable_path=program, args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()
