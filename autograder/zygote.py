"""The process that runs answers: it imports the heavy libraries once, then forks a worker for each submission.

It holds no check, no seed, no path and no secret. Its only companions are ``channel.py`` and ``lockdown.py``. A worker
answers requests, each bound to its number: run this cell, call this function, run this scenario beside it. What it
says is data.

In a notebook the same :class:`Worker` answers in process, so that both backends treat an answer alike.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import importlib
import io
import json
import linecache
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

if __name__ == "zygote":  # in the sandbox the three files lie side by side, and there is no autograder
    import channel  # type: ignore[import-not-found]
    import lockdown  # type: ignore[import-not-found]
else:
    from autograder import channel, lockdown

ERROR_TAGS = (
    "AssertionError", "AttributeError", "ImportError", "IndexError", "KeyError", "MemoryError", "NameError",
    "NotImplementedError", "OverflowError", "RecursionError", "RuntimeError", "StopIteration", "SyntaxError",
    "TypeError", "ValueError", "ZeroDivisionError",
)  # fmt: skip
MAX_MESSAGE = 2_000
MAX_PRINTED = 20_000
MAX_THREADS = 64
MAX_LEFT = 5_000  # files that a submission may leave behind for us to remove one by one
WATCH_SECONDS = 0.05
MAX_TOGETHER = 2**16  # bytes of answers that travel together, and so items: each takes a byte at least
TOGETHER_SECONDS = 0.02  # how long an answer waits for the next one


# ---- one worker ------------------------------------------------------------------------------------------------


class Worker:
    """Answers requests about one namespace of learner's code.

    Parameters
    ----------
    namespace : dict
        Where the learner's names live.
    transform : callable str -> str, optional
        Turns a notebook cell (magics, shell lines) into plain Python.
    """

    def __init__(self, namespace: dict[str, Any], transform: Any = None) -> None:
        self.namespace = namespace
        self.transform = transform
        self._scenarios: dict[str, dict[str, Any]] = {}

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request: ``{"value": ...}`` or ``{"error": tag, "message": text}``, with what was printed."""
        printed = _Printed()
        operation = {"cell": self._cell, "call": self._call, "scenario": self._scenario}[request["op"]]
        try:
            with self._random_state(), _undisturbed(), _redirected(printed):
                response = {"value": self._outgoing(operation(request))}
        except channel.ChannelError as error:
            response = {"error": "Other", "message": str(error)}
        except SystemExit:
            response = {"error": "Exit", "message": "the code ended the program with sys.exit or quit"}
        except Exception as error:
            response = {"error": _tag(error), "message": _explain(error)}
        return {**response, "printed": printed.getvalue()}

    def _cell(self, request: dict[str, Any]) -> None:
        source, name = request["source"], f"<cell {request['name']}>"
        try:
            code = compile(source, name, "exec", dont_inherit=True)
        except SyntaxError:  # magics and shell lines, or an error of the learner's
            if not self.transform:
                raise
            source = self.transform(source)
            code = compile(source, name, "exec", dont_inherit=True)
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(code, self.namespace)

    def _answer(self, request: dict[str, Any]) -> Any:
        names = request["entries"]
        missing = [name for name in names if name not in self.namespace]
        if missing:
            raise _Missing(f"`{missing[0]}` is not defined")
        if request.get("values"):
            values = tuple(self.namespace[name] for name in names)
            return lambda: values[0] if len(values) == 1 else values
        return self.namespace[names[0]]

    def _call(self, request: dict[str, Any]) -> Any:
        answer, args = self._answer(request), request["args"]
        value = answer(*args)
        return (value, tuple(args)) if request.get("after") else value

    def _scenario(self, request: dict[str, Any]) -> Any:
        answer, source = self._answer(request), request["source"]
        if source not in self._scenarios:
            names: dict[str, Any] = {"__name__": "scenarios"}
            exec(compile(source, "<scenarios>", "exec", dont_inherit=True), names)
            self._scenarios[source] = names
        return self._scenarios[source][request["function"]](answer, *request["args"])

    _outgoing = staticmethod(channel.as_data)

    def _random_state(self) -> contextlib.AbstractContextManager[None]:
        return _same_random_state()


class ForkedWorker(Worker):
    """A worker with a process of its own: nobody's random state is there to be put back, and values leave encoded.

    Each request begins at the same random numbers; keeping the state instead costs more than most answers.
    """

    _outgoing = staticmethod(channel.Encoded.of)  # type: ignore[assignment]

    def answer(self, frame: dict[str, Any], send: Callable[[bytes], None]) -> None:
        """Answer all requests of a frame, in as few frames as neither time nor size forbids."""
        waiting: list[channel.Encoded] = []
        size, since = 0, time.monotonic()

        def flush() -> None:
            nonlocal size, since
            if waiting:
                send(channel.encode({"id": frame["id"], "answers": waiting}))
                waiting.clear()
            size, since = 0, time.monotonic()

        for kind, args in frame["requests"]:
            answer = channel.Encoded.of(self.handle({**frame["kinds"][kind], "args": args}))
            if size + len(answer.payload) > MAX_TOGETHER:
                flush()
            waiting.append(answer)
            size += len(answer.payload)
            if time.monotonic() - since > TOGETHER_SECONDS:
                flush()
        flush()


class _Missing(Exception):
    pass


class _Printed(io.StringIO):
    """Keeps the first characters of what is printed and drops the rest."""

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


@contextlib.contextmanager
def _redirected(printed: _Printed) -> Iterator[None]:
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield


@contextlib.contextmanager
def _same_random_state() -> Iterator[None]:
    """Put back the random state that an answer uses up."""
    torch = sys.modules.get("torch")
    numpy_state = np.random.get_state()  # noqa: NPY002 - the global state is what answers disturb
    torch_state = torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        if torch and torch_state is not None:
            torch.set_rng_state(torch_state)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Put back what an answer may change for those after it: default dtype, gradients, threads, warnings."""
    torch = sys.modules.get("torch")
    if torch:
        before = (torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads())
        torch.set_num_threads(1)  # on a busy machine several wait for each other: ten times slower
    try:
        with warnings.catch_warnings(), np.errstate():
            warnings.simplefilter("ignore")
            yield
    finally:
        if torch:
            torch.set_default_dtype(before[0])
            torch.set_grad_enabled(before[1])
            if torch.get_num_threads() != before[2]:
                torch.set_num_threads(before[2])


def _tag(error: BaseException) -> str:
    if isinstance(error, _Missing):
        return "Missing"
    names = (base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    return next((name for name in names if name in ERROR_TAGS), "Other")


def _explain(error: BaseException) -> str:
    """The exception's text and the learner's line it came from."""
    try:
        text = str(error) if not isinstance(error, KeyError) else ", ".join(map(repr, error.args))
    except Exception:
        text = "(its message could not be read)"
    if _tag(error) == "Other":
        text = f"{type(error).__name__}: {text}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith("<cell") or "ipykernel" in frame.filename:
            text += f" (line {frame.lineno}: `{(frame.line or '').strip()[:120]}`)"
            break
    return text[:MAX_MESSAGE]


def as_live(value: Any) -> Any:
    """Turn :class:`channel.Tensor` into torch tensors, through lists, tuples and dictionaries; copy arrays."""
    if isinstance(value, channel.Tensor):
        return make_tensor(value.array, value.grad)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(as_live(item) for item in value)
    if isinstance(value, dict):
        return {key: as_live(item) for key, item in value.items()}
    return value


def make_tensor(array: np.ndarray, grad: bool) -> Any:
    import torch

    made = torch.from_numpy(np.array(array))
    return made.requires_grad_() if grad else made


# ---- what stands in for the course's own modules beside a submission --------------------------------------------


def inert_module(name: str, names: tuple[str, ...] = ()) -> types.ModuleType:
    """A module whose every attribute is a function that does nothing: feedback belongs to the learner's notebook."""
    module = types.ModuleType(name)
    module.__path__ = []
    for public in names:
        setattr(module, public, _nothing)
    module.__getattr__ = lambda attribute: _refuse_private(name, attribute)  # type: ignore[method-assign]
    return module


def _refuse_private(module: str, attribute: str) -> Any:
    if attribute.startswith("__"):
        raise AttributeError(f"module {module!r} has no attribute {attribute!r}")
    return _nothing


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


class _Shell:
    """Stands in for IPython's shell: magics and shell lines do nothing."""

    def __getattr__(self, name: str) -> Any:
        return _nothing


def fresh_namespace() -> dict[str, Any]:
    """The names that a notebook offers before its first cell."""
    return {
        "__name__": "__main__",
        "__builtins__": __builtins__,
        "get_ipython": _Shell,
        "display": _nothing,
        "input": lambda prompt="": "",
        "exit": sys.exit,
        "quit": sys.exit,
    }


def block(names: list[str]) -> None:
    """Make the library functions that a problem set teaches say so instead of giving the answer away."""
    for dotted in names:
        for module, alias in places_of(dotted):
            setattr(module, alias, _blocked(dotted))


@functools.cache
def places_of(dotted: str) -> tuple[tuple[types.ModuleType, str], ...]:
    """Where a function of the library stands: in its own module, and where another one imported it.

    Asked before forking: a worker that went through all modules would copy the memory in which it counts references.
    """
    module_name, _, name = dotted.rpartition(".")
    taught = getattr(sys.modules.get(module_name), name, None)
    library = [module for key, module in sys.modules.items() if key.partition(".")[0] == "mtl_teach"]
    return tuple(
        (module, alias)
        for module in library
        for alias, value in vars(module).items()
        if taught is not None and value is taught
    )


def _blocked(dotted: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"{dotted} is what this exercise asks you to write: it cannot be used in the answer")

    return refuse


# ---- the zygote ------------------------------------------------------------------------------------------------


WARM = (
    "matplotlib.pyplot",
    "scipy.optimize",
    "scipy.special",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.neighbors",
    "sklearn.preprocessing",
    "sklearn.tree",
    "torch",
)


def warm() -> Any:
    """Import what answers use, also what those libraries import late; give back the cell transformer."""
    import matplotlib

    matplotlib.use("Agg")
    for name in WARM:
        importlib.import_module(name)
    import torch
    from IPython.core.inputtransformer2 import TransformerManager

    import mtl_teach

    torch.set_num_threads(1)
    parameter = torch.zeros(1, requires_grad=True)
    torch.optim.Adam([parameter])
    torch.testing.assert_close(parameter, parameter)
    for module in pkgutil.iter_modules(mtl_teach.__path__):
        if not module.ispkg and not module.name.startswith("__"):
            with contextlib.suppress(Exception):  # an answer that needs it will say what is wrong with it
                importlib.import_module(f"mtl_teach.{module.name}")
    return TransformerManager().transform_cell


def gather_memory() -> int:
    """Have our memory backed by huge pages, so that a fork copies hundreds of entries and not a hundred thousand.

    Halves the time of a submission where the kernel can do it (Linux 6.1 and later); elsewhere nothing happens.

    Returns
    -------
    int
        How many stretches of memory were gathered.
    """
    huge, collapse = 2**21, 25  # bytes; MADV_COLLAPSE
    done = 0
    with contextlib.suppress(OSError), open("/proc/self/maps") as maps:
        advise = ctypes.CDLL(None).madvise
        for place, rights, *_, name in (f"{line.rstrip()} -".split()[:6] for line in maps.readlines()):
            first, last = (int(end, 16) for end in place.split("-"))
            first, last = -(-first // huge) * huge, last // huge * huge
            if rights == "rw-p" and name in ("-", "[heap]") and first < last:
                done += advise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), collapse) == 0
    return done


def threads() -> int:
    """How many threads this process has; 1 where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def serve(control: socket.socket, setup: dict[str, Any]) -> None:
    """Fork a worker for each descriptor that arrives; end it, and wipe its scratch folder, when told to.

    Parameters
    ----------
    control : socket
        Orders come in here, each answered by one line; its end is ours.
    setup : dict
        ``scratch``, the folder in which workers may write; ``isolated``, False where submissions are trusted: no
        layer but another process and its limits; ``outside``, paths that must not be seen from here, forgotten before
        any worker runs.
    """
    transform = warm()
    scratch, isolated, outside = setup["scratch"], setup["isolated"], setup.pop("outside")
    facts = lockdown.surroundings(outside) if isolated else {}
    del outside
    wipe(scratch)  # what the libraries wrote while they were imported
    if isolated:
        lockdown.guard()
    gc.collect()
    gc.freeze()
    gather_memory()
    control.sendall(json.dumps({"ready": True, "facts": facts}).encode())
    del facts
    worker = 0
    while True:
        if worker:
            _watch(control, worker)
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if worker:
            _end(worker)
            wipe(scratch)
            worker = 0
        if not message:
            break
        order = json.loads(message)
        if order["do"] == "fork":
            if threads() != 1:
                raise SystemExit("the zygote has more than one thread: forking now could hang a worker")
            home = tempfile.mkdtemp(dir=scratch)
            for dotted in order["forbidden"]:
                places_of(dotted)
            worker = os.fork()
            if worker == 0:
                control.close()
                _become_worker(descriptors[0], home, order, transform, isolated)
            os.close(descriptors[0])
        control.sendall(json.dumps({"done": order["do"]}).encode())


def _watch(control: socket.socket, process: int) -> None:
    """Wait for an order; meanwhile end a worker of too many threads, since no limit on processes binds user 0."""
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    while not waiting.poll(WATCH_SECONDS * 1000):
        with contextlib.suppress(OSError):
            if len(os.listdir(f"/proc/{process}/task")) > MAX_THREADS:
                os.kill(process, signal.SIGKILL)


def _end(process: int) -> None:
    """End a worker and whatever it started, and wait until nothing of it is left."""
    if os.getpid() == 1:  # alone with it in our namespace: everything else here is its doing
        os.kill(-1, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
    else:
        with contextlib.suppress(OSError):
            os.killpg(process, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def wipe(folder: str) -> None:
    """Empty a folder however deep it is: what lies two levels down is first brought up one.

    Raises
    ------
    SystemExit
        If it holds more than ``MAX_LEFT`` files: the zygote ends, its scratch folder with it, and another starts.
    """
    left = 0
    while entries := list(os.scandir(folder)):
        for entry in entries:
            left += 1
            if left > MAX_LEFT:
                raise SystemExit("a submission left too many files behind")
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                os.rename(inner.path, os.path.join(folder, os.urandom(12).hex()))
            os.rmdir(entry.path)


def _become_worker(descriptor: int, home: str, order: dict[str, Any], transform: Any, isolated: bool) -> None:
    """Give up what must be given up, say so, and answer requests until the stream ends; never return."""
    code = 1
    try:
        os.setsid()
        os.dup2(descriptor, 3)
        os.dup2(0, 1)
        os.dup2(0, 2)
        os.closerange(4, 2**16)
        _limit(order["limits"])
        os.chdir(home)
        os.environ.clear()
        os.environ.update(
            HOME=home, TMPDIR=home, MPLCONFIGDIR=home, OMP_NUM_THREADS="1", LANG="C.UTF-8", PATH="/usr/bin"
        )
        tempfile.tempdir = home
        sys.argv = [""]
        sys.modules["autograder"] = inert_module("autograder")
        sys.modules["mtl_teach.learn"] = inert_module("mtl_teach.learn")
        block(order["forbidden"])
        layers = lockdown.lock(home) if isolated else []
        failed = lockdown.attempts(order["limits"]["memory"]) if order.get("probe") else []
        channel.write_frame(3, channel.encode({"layers": layers, "failed": failed}))
        worker = ForkedWorker(fresh_namespace(), transform)
        while (payload := channel.read_frame(3)) is not None:
            worker.answer(channel.decode(payload, make_tensor), functools.partial(channel.write_frame, 3))
        code = 0
    finally:
        os._exit(code)


def _limit(limits: dict[str, int]) -> None:
    """Bound what the worker may take: bytes of memory beyond ours, bytes a file, seconds of processor, open files."""
    import resource

    for name, value in (
        ("RLIMIT_AS", _memory_in_use() + limits["memory"]),
        ("RLIMIT_FSIZE", limits["file"]),
        ("RLIMIT_CPU", limits["cpu"]),
        ("RLIMIT_NPROC", MAX_THREADS),
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_NOFILE", 64),
        ("RLIMIT_CORE", 0),
    ):
        if hasattr(resource, name):
            highest = resource.getrlimit(getattr(resource, name))[1]
            value = value if highest == resource.RLIM_INFINITY else min(value, highest)
            resource.setrlimit(getattr(resource, name), (value, value))


def _memory_in_use() -> int:
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # a system without /proc, where only trusted submissions run
        return 2**36
