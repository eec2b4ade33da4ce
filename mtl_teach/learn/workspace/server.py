"""Start JupyterLab on a workspace, for this computer only."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from autograder.files import write_json
from mtl_teach.learn.workspace.places import FOLDER

# the instructor's buttons ("Validate", "Create Assignment") and what serves them mean nothing to a learner
PAGE = {"disabledExtensions": {"@jupyter/nbgrader": True}}
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")
SERVER = {
    "ServerApp": {"jpserver_extensions": {f"nbgrader.server_extensions.{name}": False for name in NBGRADER}},
    # a saved notebook shows no control that needs a kernel
    "ContentsManager": {"pre_save_hook": "mtl_teach.learn.workspace.saving.before_saving"},
}
HOST = "127.0.0.1"
PORT = 8888
SETTINGS = {
    # a cell that is run before the kernel is there waits for it instead of asking which one
    # and a long line goes on below instead of beyond the edge: on a phone, or enlarged, that is most of them
    "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True, "codeCellConfig": {"lineWrap": True}},
    # ask nobody on the network for news or updates
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


class ServerError(RuntimeError):
    """JupyterLab cannot be started; the message says why and what to do."""


def check_port(port: int, workspace: Path) -> None:
    """Raise if another program uses the port.

    Raises
    ------
    ServerError
        With the command that takes a port that is free.
    """
    with socket.socket() as probe:
        if sys.platform != "win32":  # there the option would allow two servers on one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            again = shlex.join(["mtl-teach", "start", str(workspace), "--port", str(free_port())])
            raise ServerError(f"Port {port} is taken by another program; run: {again}") from error


def running(workspace: Path) -> str:
    """The address of the server that already runs on this workspace and answers; empty where there is none."""
    for file in Path(jupyter_runtime_dir()).glob("jpserver-*.json"):
        try:
            info = json.loads(file.read_text(encoding="utf-8"))
            folder, port, token = Path(info["root_dir"]), int(info["port"]), str(info["token"])
        except (OSError, ValueError, KeyError, TypeError):  # it has just ended, or is another program's
            continue
        if folder.resolve() == workspace.resolve() and answers(port, token):
            return address(port, token)
    return ""


def answers(port: int, token: str) -> bool:
    """True once a server answers there, and takes the token for its own."""
    with contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=5)) as server:  # no proxy between
        try:
            server.request("GET", "/api/status", headers={"Authorization": f"token {token}"})
            return server.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def address(port: int, token: str) -> str:
    """Where the home page of a workspace is."""
    return f"http://{HOST}:{port}/lab/tree/index.ipynb?token={token}"


def free_port() -> int:
    """A port of this computer that no program uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def command(workspace: Path, port: int, browser: bool) -> list[str]:
    """The command line of the server."""
    import zmq

    options = {
        "ip": HOST,
        "port": port,
        "port_retries": 0,
        "root_dir": str(workspace),
        "open_browser": browser,
        "answer_yes": True,
        "log_level": "ERROR",
        "allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,  # in a container
    }
    words = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    words += ["--LabApp.log_level=ERROR", "--LabApp.default_url=/lab/tree/index.ipynb"]
    if zmq.has("curve"):  # else a kernel warns that others on this computer might listen
        words.append("--KernelManager.transport_encryption=auto")
    return [sys.executable, "-m", "jupyterlab", *words]


def environment(workspace: Path, token: str) -> dict[str, str]:
    """The environment of the server: its token, out of sight of a list of processes, and our default settings."""
    folder = workspace / FOLDER / "jupyter"
    write_json(folder / "labconfig" / "default_setting_overrides.json", SETTINGS)
    write_json(folder / "labconfig" / "page_config.json", PAGE)
    write_json(folder / "jupyter_server_config.json", SERVER)
    paths = [str(folder), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH", "")])]
    # The lessons' tensors are small: on several threads torch spends its time waiting for itself.
    threads = {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
    first = {"PYTHONSTARTUP": str(Path(__file__).with_name("kernel_start.py"))}
    if "PYTHONSTARTUP" in os.environ:
        first["MTL_PYTHONSTARTUP"] = os.environ["PYTHONSTARTUP"]
    jupyter = {"JUPYTER_TOKEN": token, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    # `mtl-teach` is found in JupyterLab's terminal too, whether or not the environment was activated before
    programs = {"PATH": os.pathsep.join(filter(None, [sysconfig.get_path("scripts"), os.environ.get("PATH", "")]))}
    return {**os.environ, **programs, **threads, **first, **jupyter}


def serve(workspace: Path, port: int, browser: bool) -> int:
    """Run JupyterLab until it is stopped, or lead back to the one that already runs on this workspace.

    The address is printed when the server answers. Ctrl+C, and whatever else ends this process politely, ends the
    server too.

    Returns
    -------
    int
        Its exit code.

    Raises
    ------
    ServerError
        If the port is taken by another program.
    """
    if there := running(workspace):
        print(f"This workspace is open already: {there}", flush=True)
        if browser:
            webbrowser.open_new_tab(there)
        return 0
    check_port(port, workspace)
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    environ = environment(workspace, token)
    print("Starting JupyterLab ...", flush=True)
    process = subprocess.Popen(command(workspace, port, browser), env=environ, cwd=workspace)
    with ended_together(process):
        while process.poll() is None and not answers(port, token):
            time.sleep(0.1)
        if process.poll() is None:
            print(f"JupyterLab: {address(port, token)}")
            print("Stop it with Ctrl+C; everything is saved in the workspace.", flush=True)
        return process.wait()
    return 0


@contextlib.contextmanager
def ended_together(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Whatever ends this process while it waits ends another one too; being stopped is no failure.

    Ctrl+C in a terminal reaches both; `kill`, and a terminal that is closed, only this one.
    """

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
