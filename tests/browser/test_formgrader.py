"""An instructor in nbgrader's formgrader: its buttons grade in our sandbox."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from autograder.gradebook import marks
from tests.autograder.conftest import NAME, course, hand_in, released, released_course, sources, with_answer
from tests.browser.conftest import TOKEN, free_port

__all__ = ["course", "released", "released_course", "sources"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]


@pytest.fixture
def formgrader(course, tmp_path):
    """The address of a formgrader whose course is ours, as `jupyter server` in the course's folder starts it."""
    port = free_port()
    programs = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    env |= {name: str(tmp_path / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    words = ["server", "--no-browser", "--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    words += ["--allow-root", "--ServerApp.open_browser=False"]
    log = tmp_path / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen([programs / "jupyter", *words], cwd=course.root, env=env, stdout=out, stderr=out)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}/formgrader"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address, server, log):
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert server.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < end, log.read_text()[-2000:]
            time.sleep(0.1)


def press(page, student, button):
    """Press one of the buttons in a student's row and wait for nbgrader's word that it is done."""
    row = page.locator("tr").filter(has=page.locator(".student-id", has_text=student))
    row.locator(f".{button} a").click()
    said = page.locator(".modal-body")
    said.wait_for()
    text = said.inner_text()
    page.locator(".modal.in .close, .modal.show .close").first.click()
    page.locator(".modal-backdrop").wait_for(state="detached")
    return row, text


def test_formgraders_buttons_autograde_in_the_sandbox_and_write_feedback(course, released, formgrader, page, shots):
    hand_in(course, "ada", with_answer(released, "right"))
    hand_in(course, "bob", with_answer(released, "exit"))
    page.goto(formgrader.replace("/formgrader", f"/lab?token={TOKEN}"))  # logs in
    page.goto(f"{formgrader}/manage_submissions/{NAME}")
    row, said = press(page, "ada", "autograde")
    assert "Successfully autograded" in said
    assert "9 / 13" in row.locator(".score").inner_text()
    assert "needs manual grading" in row.locator(".status").inner_text()
    row, said = press(page, "bob", "autograde")
    assert "Successfully autograded" in said
    assert "0 / 13" in row.locator(".score").inner_text()
    _, said = press(page, "bob", "generate-feedback")
    assert "Successfully generated feedback" in said
    if shots:
        page.screenshot(path=shots / "formgrader.png")
    assert course.read_record("ada", NAME)["layers"] == list(course.layers())
    written = (course.root / "feedback" / "bob" / NAME / f"{NAME}.html").read_text()
    assert "the code ended its own process" in written
    rows = {mark["student"]: mark["score"] for mark in marks.marks(course)}
    assert rows == {"ada": 9.0, "bob": 0.0}
