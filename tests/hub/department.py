"""A department's hub on this machine: its accounts, its exchange, JupyterHub and its proxy; all gone afterwards.

What is installed where, and what an instructor types, is read from the page ``lessons/pages/jupyterhub.md``, with this
place's folders and these accounts' names put in: the page says what was tried, and what is tried is the page.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parents[2]
PYTHON_FOR_OTHERS = ROOT / "tests" / "python_for_others.sh"
PAGE = ROOT / "lessons" / "pages" / "jupyterhub.md"
PROXY = "configurable-http-proxy"
PATIENCE = 300  # seconds, for what takes ten on an idle machine
COURSE, SET = "mtl-2026", "ps05_missing_labels"


def why_not() -> str:
    """Why no hub can be tried on this machine, with the repair; empty where it can."""
    if not sys.platform.startswith("linux") or os.getuid() != 0:
        return "a hub starts servers of other users, so its test runs as root on Linux: sudo .ci/run"
    missing = [name for name in ("useradd", "userdel", "runuser", "setpriv", "node") if not shutil.which(name)]
    if missing:
        return f"there is no {', '.join(missing)}: apt-get install passwd util-linux nodejs npm"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    python = subprocess.run(["sh", PYTHON_FOR_OTHERS, version], capture_output=True, text=True)
    if python.returncode:
        return python.stderr.strip()
    if importlib.util.find_spec("jupyterhub") is None:
        return "there is no JupyterHub: pip install -c constraints.txt -e '.[test,hub]'"
    if _proxy() is None:
        return f"there is no {PROXY}: npm install --prefix build/hub {PROXY}@5.1.0"
    return ""


def _proxy() -> str | None:
    return shutil.which(PROXY, path=os.pathsep.join([str(ROOT / "build/hub/node_modules/.bin"), os.environ["PATH"]]))


def blocks() -> list[str]:
    """What stands in the page between fences, in its order."""
    return re.findall(r"^```\w*\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def block(holding: str) -> str:
    """The first of them that holds a text."""
    return next(one for one in blocks() if holding in one)


class Department:
    """Accounts of two students and an instructor, an environment that they can run, an exchange, and a running hub."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.exchange = place / "exchange"
        mark = secrets.token_hex(4)
        self.accounts = {name: f"mtl-{mark}-{name}" for name in ("ada", "bob", "teach")}
        self.address = f"http://127.0.0.1:{_free_port()}"

    @classmethod
    @contextlib.contextmanager
    def open(cls) -> Iterator[Department]:
        """A department with everything running; its accounts and all they run are gone afterwards."""
        place = Path(tempfile.mkdtemp(prefix="mtl-hub-", dir="/var/tmp"))
        department = cls(place)
        try:
            department._install()
            department._enrol()
            with department._hub():
                yield department
        finally:
            department._close()

    def as_here(self, text: str) -> str:
        """A text of the page with this place's folders and accounts in it."""
        for name, here in (
            ("/opt/mtl", str(self.place / "env")),
            ("/srv/nbgrader/exchange", str(self.exchange)),
            ("grader-mtl", self.accounts["teach"]),
        ):
            text = text.replace(name, here)
        return re.sub(r"\b(ada|bob)\b(?=[\"',])", lambda found: self.accounts[found[0]], text)

    def run(self, name: str, command: str, check: bool = True) -> str:
        """Run a command in somebody's own shell; give back what it printed."""
        account = self.accounts[name]
        environment = {
            "HOME": str(self.place / "home" / name),
            "PATH": f"{self.place / 'env' / 'bin'}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        settings = [f"{key}={value}" for key, value in environment.items()]
        done = subprocess.run(
            ["runuser", "-u", account, "--", "env", "-i", *settings, "sh", "-e", "-c", f"cd ~\n{command}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        assert not check or done.returncode == 0, f"{name}: {command}\n{done.stdout}"
        return done.stdout

    # ---- what there is -----------------------------------------------------------------------------------------

    def _install(self) -> None:
        helper = ROOT / "tests" / "environment_for_others.sh"
        subprocess.run(["sh", helper, self.place, sys.prefix], check=True, timeout=PATIENCE, capture_output=True)
        python = self.place / "env" / "bin" / "python"
        for name, module in (
            ("mtl-grade", "autograder.desk.cli"),
            ("nbgrader", "nbgrader"),
            ("jupyterhub-singleuser", "jupyterhub.singleuser"),
        ):
            program = python.with_name(name)
            program.write_text(f'#!/bin/sh\nexec {python} -m {module} "$@"\n')
            program.chmod(0o755)
        config = self.place / "env" / "etc" / "jupyter" / "nbgrader_config.py"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(self.as_here(block("c.Exchange.root")))
        self.exchange.mkdir()
        self.exchange.chmod(0o777)

    def _enrol(self) -> None:
        (self.place / "home").mkdir()
        for name, account in self.accounts.items():
            home = self.place / "home" / name
            subprocess.run(["useradd", "--create-home", "--home-dir", home, account], check=True, capture_output=True)
            home.chmod(0o700)

    @contextlib.contextmanager
    def _hub(self) -> Iterator[None]:
        folder = self.place / "hub"
        folder.mkdir(mode=0o700)
        config = f"""
# For this test, in place of PAM, OAuth or LTI: whoever knows the name is let in.
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.bind_url = "{self.address}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{_free_port()}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{_free_port()}"
c.ConfigurableHTTPProxy.command = [{_proxy()!r}]
c.Spawner.start_timeout = c.Spawner.http_timeout = {PATIENCE}
"""
        (folder / "jupyterhub_config.py").write_text(self.as_here(block("c.Spawner.cmd")) + config)
        environment = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        with (folder / "log").open("w") as log:
            hub = subprocess.Popen(
                [self.place / "env" / "bin" / "python", "-m", "jupyterhub"],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_for(self._answers, lambda: (folder / "log").read_text()[-3000:])
            yield
        finally:
            started = psutil.Process(hub.pid).children(recursive=True)
            hub.terminate()  # it ends its servers and its proxy
            try:
                hub.wait(timeout=60)
            except subprocess.TimeoutExpired:
                hub.kill()
                hub.wait()
            end(started)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/hub/api", timeout=10).ok
        except requests.ConnectionError:
            return False

    def _close(self) -> None:
        try:
            for account in self.accounts.values():
                uid = subprocess.run(["id", "-u", account], capture_output=True, text=True).stdout.strip()
                if uid:
                    end([one for one in psutil.process_iter() if _uid_of(one) == int(uid)])
                    subprocess.run(["userdel", "--force", "--remove", account], capture_output=True)
            left = [
                one for one in self.accounts.values() if not subprocess.run(["id", one], capture_output=True).returncode
            ]
            assert left == [], f"userdel left {left}"
        finally:
            shutil.rmtree(self.place, ignore_errors=True)


class Visitor:
    """Somebody who has logged in to the hub, which starts their server; :meth:`arrive` waits for it."""

    def __init__(self, department: Department, name: str) -> None:
        self.account, self.address = department.accounts[name], department.address
        with requests.Session() as session:
            session.get(f"{self.address}/hub/login", timeout=PATIENCE)
            form = {"username": self.account, "password": "any", "_xsrf": session.cookies["_xsrf"]}
            said = session.post(f"{self.address}/hub/login", data=form, timeout=PATIENCE)
            assert said.ok, said.text
            xsrf = next(cookie.value for cookie in session.cookies if cookie.name == "_xsrf")
            asked = f"{self.address}/hub/api/users/{self.account}/tokens"
            said = session.post(asked, json={"note": "test"}, headers={"X-XSRFToken": xsrf or ""}, timeout=PATIENCE)
            assert said.status_code == 201, said.text
        self.headers = {"Authorization": f"token {said.json()['token']}"}
        self.hub("POST", "server")

    def arrive(self) -> None:
        wait_for(lambda: self.hub("GET", "").json().get("server"), lambda: self.hub("GET", "").text)

    def hub(self, method: str, path: str) -> requests.Response:
        """Ask the hub about oneself."""
        whole = f"{self.address}/hub/api/users/{self.account}/{path}".rstrip("/")
        return requests.request(method, whole, headers=self.headers, timeout=PATIENCE)

    def ask(self, method: str, path: str, json: Any = None) -> Any:
        """Ask one's own server, through the hub's proxy."""
        whole = f"{self.address}/user/{self.account}/{path}"
        said = requests.request(method, whole, headers=self.headers, json=json, timeout=PATIENCE)
        assert said.ok, f"{method} {path}: {said.status_code} {said.text[:2000]}"
        return said.json()

    def assignments(self, action: str) -> list[dict[str, Any]]:
        """Press a button of the Assignment List: fetch, submit or fetch_feedback."""
        said = self.ask("POST", f"assignments/{action}", {"course_id": COURSE, "assignment_id": SET})
        assert said["success"], said["value"]
        return list(said["value"])

    def put_in(self, answer: str) -> None:
        """Open the problem set, write the answer of `masked_mean` into its cell, and save."""
        path = f"api/contents/{SET}/{SET}.ipynb"
        notebook = self.ask("GET", path)["content"]
        (cell,) = [one for one in notebook["cells"] if _name_of(one) == "masked_mean"]
        cell["source"] = answer
        self.ask("PUT", path, {"type": "notebook", "format": "json", "content": notebook})

    def execute(self, code: str) -> str:
        """Run code in a kernel of one's own server; give back what it printed."""
        kernel = self.ask("POST", "api/kernels", {"name": "python3"})["id"]
        try:
            return asyncio.run(asyncio.wait_for(self._execute(kernel, code), PATIENCE))
        finally:
            requests.delete(
                f"{self.address}/user/{self.account}/api/kernels/{kernel}", headers=self.headers, timeout=PATIENCE
            )

    async def _execute(self, kernel: str, code: str) -> str:
        where = f"ws{self.address.removeprefix('http')}/user/{self.account}/api/kernels/{kernel}/channels"
        channel = await websocket_connect(HTTPRequest(where, headers=self.headers))
        header = {"msg_id": secrets.token_hex(8), "msg_type": "execute_request", "username": "", "session": "test"}
        content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
        await channel.write_message(json.dumps(message))
        said = ""
        while True:
            got = await channel.read_message()
            assert got is not None, f"the kernel hung up after: {said}"
            reply = json.loads(got)
            if reply["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            said += reply["content"].get("text", "") + str(reply["content"].get("data", {}).get("text/plain", ""))
            if reply["msg_type"] == "execute_reply":
                assert reply["content"]["status"] == "ok", reply["content"]
            if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                channel.close()
                return said


def _name_of(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _uid_of(process: psutil.Process) -> int | None:
    try:
        return int(process.uids().real)
    except psutil.Error:
        return None


def wait_for(there: Callable[[], Any], otherwise: Callable[[], str]) -> None:
    """Ask until something is there."""
    limit = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < limit, otherwise()
        time.sleep(0.2)


def end(processes: list[psutil.Process]) -> None:
    """End processes, first politely."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(processes, timeout=30)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=30)
