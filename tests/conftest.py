"""What some tests need of the machine, and what is said where it is missing.

A test marked ``browser`` needs Chromium, one marked ``offline`` a namespace without a network, one marked
``read_only`` a namespace in which a folder can be mounted, one marked ``sandbox`` or ``attack`` the layers that isolate
a submission, one marked ``hub`` root on Linux and JupyterHub with its proxy, one marked ``book`` the built book, one
marked ``lite`` JupyterLite and a release of Pyodide, which ``MTL_PYODIDE`` names.
Where they are missing those tests are NOT RUN, the summary says so with the repair, and under ``MTL_REQUIRE_ALL=1``
that is a failure.
"""

import functools
import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import hypothesis
import pytest

# How long one example takes says something of the machine; what it may draw must not depend on how busy that is.
hypothesis.settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any-machine")

MARKS = ("browser", "offline", "read_only", "sandbox", "attack", "hub", "book", "lite")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@functools.cache
def missing(mark: str) -> str:
    """Why tests of this mark cannot run here, with the repair; empty where they can."""
    if mark == "browser" and not any(map(shutil.which, CHROMIUM)):
        return "there is no Chromium: apt-get install chromium"
    if mark == "offline" and subprocess.run([*without_network(), "true"], capture_output=True).returncode:
        return "there is no namespace without a network: apt-get install bubblewrap, and allow user namespaces"
    if mark == "read_only":
        with tempfile.TemporaryDirectory() as folder:
            if not read_only(folder, "true"):
                return (
                    "no folder can be mounted read-only here: apt-get install util-linux, and allow user namespaces or "
                    "run as root"
                )
    if mark in ("sandbox", "attack"):
        from autograder.engine.sandbox import Sandbox, SandboxError

        try:
            with Sandbox() as zygote:
                os.close(zygote.fork([]))
        except SandboxError as error:
            return str(error)
    if mark == "book" and not (Path(os.environ.get("MTL_SITE", "")) / "index.html").is_file():
        return "MTL_SITE names no built book: make site, then MTL_SITE=build/site"
    if mark == "lite" and importlib.util.find_spec("jupyterlite_core") is None:
        return "JupyterLite is not installed: pip install -c constraints.txt -e '.[lite]'"
    if mark == "lite" and not Path(os.environ.get("MTL_PYODIDE") or "no release").exists():
        return "MTL_PYODIDE names no release of Pyodide, an archive or a folder; `mtl-grade lite --help` says which one"
    if mark == "hub":
        from tests.hub.department import why_not

        return why_not()
    return ""


def without_network() -> list[str]:
    """The beginning of a command line that runs the rest without any network but the loopback device."""
    from autograder.engine.bubblewrap import find

    program = find()
    return ["false"] if program is None else [program, "--unshare-net", "--die-with-parent", "--dev-bind", "/", "/"]


def read_only(folder: object, *words: str) -> list[str]:
    """The command line that runs a program in a folder that is mounted read-only; empty where that is impossible."""
    script = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && cd {0} && exec {1}"
    for namespace in (["unshare", "-rm"], ["unshare", "-m"]):  # as anybody; as root where user namespaces are off
        lines = [
            [*namespace, "sh", "-c", script.format(shlex.quote(str(folder)), shlex.join(program))]
            for program in (["true"], words)
        ]
        if shutil.which("unshare") and not subprocess.run(lines[0], capture_output=True).returncode:
            return lines[1]
    return []


@pytest.hookimpl(trylast=True)  # what the command line leaves out need not be here
def pytest_collection_modifyitems(config, items):
    kept, left = [], []
    for item in items:
        why = next(
            (why for mark in MARKS if item.get_closest_marker(mark) and (why := missing(mark))),
            "",
        )
        (left if why else kept).append(item)
        if why:
            config.stash.setdefault(NOT_RUN, {})[why] = config.stash.setdefault(NOT_RUN, {}).get(why, 0) + 1
    if left and os.environ.get("MTL_REQUIRE_ALL") == "1":
        raise pytest.UsageError(
            "; ".join(f"{count} tests cannot run: {why}" for why, count in config.stash[NOT_RUN].items())
        )
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def pytest_collection_finish(session):
    # Versions of pytest and pytest-xdist that do not fit spread a group over all workers without a word, and each then
    # sets up what one should: a class of 60, the questions of an exercise.
    if not session.config.getoption("loadgroup", False):
        return
    alone = [item.nodeid for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
    if alone:
        raise pytest.UsageError(
            f"pytest-xdist does not keep groups together with this pytest: {alone[0]} has no group."
        )


def pytest_terminal_summary(terminalreporter, config):
    for why, count in config.stash.get(NOT_RUN, {}).items():
        terminalreporter.write_line(f"NOT RUN: {count} tests, because {why}", yellow=True)


NOT_RUN = pytest.StashKey[dict]()
