"""Real servers, JupyterLab and Notebook 7, on a fresh workspace of the real course; a headless Chromium drives them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtl_teach.learn.workspace import server
from mtl_teach.learn.workspace.deliver import update

TOKEN = "for-the-tests"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Where the same is done in both: in JupyterLab in every run, in Notebook 7 at night.
PROGRAMS = ("lab", pytest.param("notebook7", marks=pytest.mark.nightly))
SECONDS = 60_000  # for what a busy machine may take: a kernel to start, torch to be imported


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """JupyterLab or Notebook 7 on a workspace; it can be stopped and started again."""

    def __init__(self, workspace: Path, program: str = "jupyterlab") -> None:
        self.workspace = workspace
        self.program = program
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, path: str) -> str:
        """Where a notebook opens."""
        pages = {"jupyterlab": f"lab/tree/{path}?reset&", "notebook": f"notebooks/{path}?"}
        return f"{self.url}/{pages[self.program]}token={TOKEN}"

    def start(self) -> None:
        env = server.environment(self.workspace, TOKEN)
        state = self.workspace.parent / "jupyter"
        # neither the settings nor the trust of whoever runs the tests
        env |= {name: str(state / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_WORKSPACES_DIR")}
        env |= {"JUPYTER_DATA_DIR": str(state / "data"), "JUPYTERLAB_SETTINGS_DIR": str(state / "settings")}
        env |= {"OMP_NUM_THREADS": "1", "IPYTHONDIR": str(state / "ipython")}
        words = server.command(self.workspace, self.port, browser=False)
        self.process = subprocess.Popen(
            [self.program if word == "jupyterlab" else word for word in words],
            env=env,
            cwd=self.workspace,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, f"{self.program} stopped"
            assert time.monotonic() < end, f"{self.program} did not start within a minute"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)  # a kernel that is just starting is waited for first
            except subprocess.TimeoutExpired:  # now and then Jupyter waits for it without an end
                self.process.kill()
                self.process.wait()
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab as `mtl-teach start` starts it."""
    workspace = tmp_path_factory.mktemp("browser") / "mtl-course"
    update(workspace)
    running = Lab(workspace)
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def notebook7(lab: Lab) -> Iterator[Lab]:
    """Notebook 7 beside JupyterLab, on the same workspace."""
    running = Lab(lab.workspace, "notebook")
    running.start()
    try:
        yield running
    finally:
        running.stop()


def program() -> str:
    """Where Chromium is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium) -> Iterator:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SECONDS)
    yield context.new_page()
    context.close()


class Notebook:
    """One open notebook, driven as a learner does."""

    def __init__(self, lab: Lab, page, path: str) -> None:
        self.page = page
        page.goto(lab.address(path))
        self.panel = page.locator(f'.jp-NotebookPanel[id="{self._id(path)}"]')
        self.panel.locator(".jp-Cell").first.wait_for()
        self.panel.locator(".jp-KernelName", has_text="Python 3").wait_for()
        self.panel.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()

    def _id(self, path: str) -> str:
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").first
        panel.wait_for()
        return panel.get_attribute("id")

    def cell(self, text: str):
        """The code cell whose source holds a text."""
        return self.panel.locator(".jp-CodeCell").filter(has=self.page.locator(".cm-content", has_text=text)).first

    def type(self, text: str, source: str) -> None:
        """Replace the source of a cell by typing over it."""
        editor = self.cell(text).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, text: str):
        """Run a cell with Shift+Enter; give it back when it has come to its end."""
        cell = self.cell(text)
        editor = cell.locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        prompt = cell.locator(".jp-InputPrompt").element_handle()
        prompt.evaluate("node => { node.textContent = '' }")  # a number from an earlier kernel says nothing
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function("node => /\\[\\d+\\]/.test(node.innerText)", arg=prompt)
        return cell

    def says(self, text: str) -> None:
        """Wait until the notebook shows a text."""
        self.panel.filter(has_text=text).wait_for()

    def save(self) -> None:
        """Save with Ctrl+S; the server has it when this comes back."""
        with self.page.expect_response(lambda one: one.request.method == "PUT" and "/api/contents/" in one.url):
            self.page.keyboard.press("Control+s")


@pytest.fixture
def shots() -> Path | None:
    """Where to leave screenshots to look at: the folder that MTL_SCREENSHOTS names, if any."""
    folder = os.environ.get("MTL_SCREENSHOTS")
    return Path(folder) if folder else None


def a_page_that_notes(chromium: Any, width: int, scheme: str) -> Iterator[Any]:
    """A page so wide and in this colour scheme; what it asks for and says is in its ``noted``."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.set_default_timeout(SECONDS)
    page = context.new_page()
    page.noted = []
    page.on("request", lambda one: page.noted.append(one.url))
    page.on("console", lambda one: page.noted.append(one.text))
    page.on("pageerror", lambda one: page.noted.append(str(one)))
    page.on("dialog", lambda one: page.noted.append(one.message))
    page.name = f"{width}-{scheme}"
    yield page
    context.close()
