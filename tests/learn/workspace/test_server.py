"""`mtl-teach start` serves the workspace to this computer alone, and ends when it is told to."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from jupyter_client.blocking import BlockingKernelClient

from mtl_teach.learn.workspace import kernel_start, server
from mtl_teach.learn.workspace.server import ServerError, free_port
from tests.learn.conftest import PROBLEM_SET, read

# ---- what is started -------------------------------------------------------------------------------------------


def options(words):
    """The options of a command line by name."""
    return dict(word.removeprefix("--").split("=", 1) for word in words[3:])


def test_the_server_listens_on_this_computer_only_and_opens_the_home_page(workspace, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    words = server.command(workspace, 9123, browser=False)
    assert words[:3] == [sys.executable, "-m", "jupyterlab"]
    assert options(words) == {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": "9123",
        "ServerApp.port_retries": "0",
        "ServerApp.root_dir": str(workspace),
        "ServerApp.open_browser": "False",
        "ServerApp.answer_yes": "True",
        "ServerApp.log_level": "ERROR",
        "ServerApp.allow_root": "False",
        "LabApp.log_level": "ERROR",
        "LabApp.default_url": "/lab/tree/index.ipynb",
        "KernelManager.transport_encryption": "auto",
    }
    assert options(server.command(workspace, 9123, browser=True))["ServerApp.open_browser"] == "True"


def test_only_root_is_allowed_as_root(workspace, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert options(server.command(workspace, 1, False))["ServerApp.allow_root"] == "True"
    monkeypatch.delattr(os, "geteuid")  # as on Windows
    assert options(server.command(workspace, 1, False))["ServerApp.allow_root"] == "False"


def test_where_nothing_can_be_encrypted_kernels_start_all_the_same(workspace, monkeypatch):
    asked = []
    monkeypatch.setattr("zmq.has", lambda name: asked.append(name) or False)
    assert not any("encryption" in word for word in server.command(workspace, 9123, browser=False))
    assert asked == ["curve"]


@pytest.fixture
def plain(monkeypatch):
    """An environment in which nothing of Jupyter's or Python's is set."""
    for name in ("JUPYTER_TOKEN", "JUPYTER_CONFIG_PATH", "OMP_NUM_THREADS", "PYTHONSTARTUP", "MTL_PYTHONSTARTUP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"one{os.pathsep}two")
    monkeypatch.setenv("OF_THE_LEARNER", "kept")


def test_the_servers_environment_has_its_token_our_settings_and_what_the_learner_set(workspace, plain):
    environ = server.environment(workspace, "secret-token")
    ours = {name: environ[name] for name in environ if os.environ.get(name) != environ[name]}
    assert ours == {
        "JUPYTER_TOKEN": "secret-token",
        "JUPYTER_CONFIG_PATH": str(workspace / ".mtl-teach" / "jupyter"),
        "OMP_NUM_THREADS": "1",
        "PYTHONSTARTUP": kernel_start.__file__,
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), "one", "two"]),
    }
    assert environ["OF_THE_LEARNER"] == "kept"
    assert not any("secret-token" in word for word in server.command(workspace, 9123, browser=False))


def test_what_the_learner_set_for_jupyter_and_python_stays_in_force(workspace, plain, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "own")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("PYTHONSTARTUP", "own.py")
    environ = server.environment(workspace, "t")
    assert environ["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(workspace / ".mtl-teach" / "jupyter"), "own"])
    assert environ["OMP_NUM_THREADS"] == "3"
    assert (environ["PYTHONSTARTUP"], environ["MTL_PYTHONSTARTUP"]) == (kernel_start.__file__, "own.py")


def test_the_settings_say_how_jupyterlab_is_for_a_learner(workspace):
    server.environment(workspace, "t")
    folder = workspace / ".mtl-teach" / "jupyter"
    assert read(folder / "labconfig" / "default_setting_overrides.json") == {
        "@jupyterlab/notebook-extension:tracker": {
            "autoStartDefaultKernel": True,
            "codeCellConfig": {"lineWrap": True},
        },
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    assert read(folder / "labconfig" / "page_config.json") == {"disabledExtensions": {"@jupyter/nbgrader": True}}
    assert read(folder / "jupyter_server_config.json") == {
        "ServerApp": {
            "jpserver_extensions": {
                "nbgrader.server_extensions.formgrader": False,
                "nbgrader.server_extensions.validate_assignment": False,
                "nbgrader.server_extensions.assignment_list": False,
                "nbgrader.server_extensions.course_list": False,
            }
        },
        "ContentsManager": {"pre_save_hook": "mtl_teach.learn.workspace.saving.before_saving"},
    }


@pytest.fixture
def taken():
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_said_with_the_command_for_this_workspace_and_one_that_is_free(taken):
    with pytest.raises(ServerError) as refused:
        server.check_port(taken, Path("my course"))
    said = re.fullmatch(
        rf"Port {taken} is taken by another program; run: mtl-teach start 'my course' --port (\d+)", str(refused.value)
    )
    server.check_port(int(said[1]), Path("my course"))


@pytest.mark.skipif(os.name == "nt", reason="there the option means something else")
def test_a_port_on_which_a_server_has_just_ended_is_free():
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server does
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            listening.accept()[0].close()  # its end of the connection lingers
            client.recv(1)
    server.check_port(port, Path())


class Process:
    """A server that ends as it is told: with an exit code, or interrupted before that.

    Parameters
    ----------
    ends : sequence of int and exception class
    early : bool
        True where it ends before it answers.
    """

    def __init__(self, ends, early):
        self.ends, self.early, self.told = list(ends), early, False

    def poll(self):
        return self.ends[0] if self.early else None

    def terminate(self):
        self.told = True

    def wait(self):
        end = self.ends.pop(0)
        if isinstance(end, type):
            raise end
        return end


@pytest.fixture
def served(workspace, plain, monkeypatch, capsys):
    """Serve the workspace with a server that ends in a given way; give back the exit code and what was printed."""

    def run(*ends, browser=False, early=False):
        started, process, asked = [], Process(ends, early), []
        monkeypatch.setattr(
            server.subprocess, "Popen", lambda words, env, cwd: started.append((words, env, cwd)) or process
        )
        monkeypatch.setattr(server, "answers", lambda port, token: asked.append(port) or len(asked) == 3)
        monkeypatch.setattr(server.time, "sleep", lambda seconds: None)
        port = free_port()
        code = server.serve(workspace, port, browser)
        ((words, environ, folder),) = started
        assert words == server.command(workspace, port, browser)
        assert folder == workspace
        assert process.ends == []  # it was waited for until its end
        assert process.told == (KeyboardInterrupt in ends)
        return code, capsys.readouterr().out.replace(str(port), "PORT"), environ

    return run


def test_serving_prints_the_address_with_its_token_and_ends_as_the_server_does(served):
    code, out, environ = served(4)
    token = environ["JUPYTER_TOKEN"]
    assert code == 4
    assert out.splitlines() == [
        "Starting JupyterLab ...",
        f"JupyterLab: http://127.0.0.1:PORT/lab/tree/index.ipynb?token={token}",
        "Stop it with Ctrl+C; everything is saved in the workspace.",
    ]
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert served(0)[2]["JUPYTER_TOKEN"] != token


def test_a_server_that_ends_before_it_answers_gets_no_address(served):
    code, out, _ = served(1, early=True)
    assert (code, out) == (1, "Starting JupyterLab ...\n")


def test_ctrl_c_ends_the_server_and_is_no_failure(served):
    before = signal.getsignal(signal.SIGTERM)
    assert served(KeyboardInterrupt, 1, browser=True)[0] == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_token_that_the_learner_chose_is_taken(served, monkeypatch):
    monkeypatch.setenv("JUPYTER_TOKEN", "mine")
    code, out, environ = served(0)
    assert (code, environ["JUPYTER_TOKEN"]) == (0, "mine")
    assert out.splitlines()[1].endswith("?token=mine")


def test_nothing_is_started_or_written_where_the_port_is_taken(workspace, taken, monkeypatch, capsys):
    monkeypatch.setattr(server.subprocess, "Popen", lambda *args, **rest: 1 / 0)
    with pytest.raises(ServerError, match="is taken"):
        server.serve(workspace, taken, False)
    assert capsys.readouterr().out == ""
    assert not (workspace / ".mtl-teach" / "jupyter").exists()


@pytest.fixture
def noted(workspace, tmp_path, monkeypatch):
    """What servers note of themselves; give back a function that writes such a note."""
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    there = {"root_dir": str(workspace), "port": 8899, "token": "secret"}
    return lambda name, **changed: (runtime / name).write_text(json.dumps(there | changed), encoding="utf-8")


@pytest.mark.parametrize("browser", [True, False])
def test_a_workspace_that_is_open_already_leads_back_to_its_server(workspace, noted, monkeypatch, capsys, browser):
    noted("jpserver-1.json")
    opened = []
    monkeypatch.setattr(server, "answers", lambda port, token: (port, token) == (8899, "secret"))
    monkeypatch.setattr(server.webbrowser, "open_new_tab", opened.append)
    assert server.serve(workspace, 8888, browser) == 0
    url = "http://127.0.0.1:8899/lab/tree/index.ipynb?token=secret"
    assert capsys.readouterr().out == f"This workspace is open already: {url}\n"
    assert opened == [url] * browser


def test_another_folders_server_and_a_damaged_note_are_passed_over(workspace, noted, tmp_path, monkeypatch):
    noted("jpserver-1.json", root_dir=str(tmp_path))
    noted("jpserver-2.json", port=None)
    noted("nbserver-3.json")
    (tmp_path / "runtime" / "jpserver-4.json").write_text("{", encoding="utf-8")
    monkeypatch.setattr(server, "answers", lambda port, token: True)
    assert server.running(workspace) == ""


def test_a_server_that_has_ended_without_a_word_is_not_taken_for_one_that_runs(workspace, noted):
    noted("jpserver-1.json", port=free_port())
    assert server.running(workspace) == ""


# ---- a real one ------------------------------------------------------------------------------------------------


def ctrl_c(process):
    """What a terminal does: it reaches the command and the server."""
    os.killpg(process.pid, signal.SIGINT)


def killed(process):
    """What `kill` does: it reaches the command alone."""
    process.terminate()


@pytest.mark.slow
@pytest.mark.parametrize("end", [ctrl_c, killed])
def test_start_prints_an_address_that_opens_the_home_page_and_takes_the_server_with_it_when_it_ends(tmp_path, end):
    port = free_port()
    words = ["start", "course", "--no-browser", "--port", str(port)]
    command = [sys.executable, "-m", "mtl_teach.learn.terminal.cli"]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    env["JUPYTER_RUNTIME_DIR"] = str(tmp_path / "runtime")
    process = subprocess.Popen(
        [*command, *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=env,
        start_new_session=True,  # so that Ctrl+C reaches the command and the server, and not these tests
        # A shell starts what runs in its background deaf to Ctrl+C, and these tests may run there.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        url = next(found[1] for line in process.stdout if (found := re.match(r"JupyterLab: (http\S+)", line)))
        assert next(process.stdout).startswith("Stop it with Ctrl+C")
        assert url.startswith(f"http://127.0.0.1:{port}/lab/tree/index.ipynb?token=")
        page = url.replace("/lab/tree/", "/api/contents/")
        assert status_of(page) == 200  # at once: it was printed when the server answered
        assert status_of(page.split("?")[0]) == 403
        again = subprocess.run([*command, *words], capture_output=True, text=True, timeout=300, cwd=tmp_path, env=env)
        assert (again.returncode, again.stdout.splitlines()[-1]) == (0, f"This workspace is open already: {url}")
        kernel = ask(url, "kernels", b"{}")["id"]
        client = BlockingKernelClient(connection_file=str(tmp_path / "runtime" / f"kernel-{kernel}.json"))
        client.load_connection_file()
        client.start_channels()
        client.kernel_info(reply=True, timeout=300)  # without a look at its heartbeat, which a busy machine delays
        client.stop_channels()
        end(process)
        said, _ = process.communicate(timeout=300)  # read while it ends: a full pipe would keep it waiting
        assert process.returncode == 0
        with pytest.raises(urllib.error.URLError, match="refused"):
            status_of(page)
        # nothing of what it says makes a learner wonder
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


def status_of(url: str) -> int:
    """The status of a page."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
