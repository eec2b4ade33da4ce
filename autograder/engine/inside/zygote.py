"""The process that runs answers: it imports the heavy libraries once, then forks a worker for each submission.

It holds no check, no seed, no path and no secret. Its only companions are the other files of this folder. A worker
answers requests, each bound to its number; what it says is data.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import importlib
import importlib.machinery
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from . import channel, lockdown, proxies
from .worker import Worker, fresh_namespace, inert_module, make_tensor

MAX_THREADS = 64
MAX_FILES = 5_000  # files that a worker may have at a time: the size of the scratch folder does not bound empty ones
MAX_LEFT = 200_000  # files that we remove one by one: what a worker can make before it is seen, and a good deal more
WATCH_SECONDS = 0.05
MAX_TOGETHER = 2**16  # bytes of answers that travel together, and so items: each takes a byte at least
TOGETHER_SECONDS = 0.02  # how long an answer waits for the next one


class ForkedWorker(Worker):
    """A worker with a process of its own: nobody's random state is there to be put back, and values leave encoded.

    Each request begins at the same random numbers. NumPy takes longer to say its state than most answers take, so what
    it holds is looked at where it lies, and put back only where an answer has drawn from it.
    """

    _outgoing = staticmethod(channel.Encoded.of)

    def __init__(self, namespace: dict[str, Any], transform: Any = None) -> None:
        super().__init__(namespace, transform)
        self._numpy, self._words = np.random.get_state(), _words()  # noqa: NPY002 - the one that answers use
        self._torch: Any = None

    @contextlib.contextmanager
    def _random_state(self) -> Iterator[None]:
        torch = sys.modules.get("torch")
        if torch and self._torch is None:
            self._torch = torch.get_rng_state()
        try:
            yield
        finally:
            if _words() != self._words:
                np.random.set_state(self._numpy)  # noqa: NPY002
            if torch:
                torch.set_rng_state(self._torch)

    def answer(
        self, frame: dict[str, Any], send: Callable[[bytes], None], receive: Callable[[], bytes | None] = bytes
    ) -> None:
        """Answer all requests of a frame, in as few frames as neither time nor size forbids."""
        waiting: list[channel.Encoded] = []
        size, since = 0, time.monotonic()

        def flush(**call: Any) -> None:
            nonlocal size, since
            if waiting or call:
                send(channel.encode({"id": frame["id"], **({"answers": waiting} if waiting else {}), **call}))
                waiting.clear()
            size, since = 0, time.monotonic()

        def reach(message: dict[str, Any]) -> dict[str, Any]:
            flush(**message)  # with what is answered: a call belongs to the first request that is not
            answer: dict[str, Any] = channel.decode(receive() or b"", make_tensor)
            return answer

        self.reach = reach
        for kind, args in frame["requests"]:
            answer = channel.Encoded.of(self.handle({**frame["kinds"][kind], "args": args}))
            if size + len(answer.payload) > MAX_TOGETHER:
                flush()
            waiting.append(answer)
            size += len(answer.payload)
            if time.monotonic() - since > TOGETHER_SECONDS:
                flush()
        flush()


def _words() -> bytes:
    """The 624 numbers from which NumPy draws next, and the place among them."""
    generator = np.random.mtrand._rand._bit_generator
    return ctypes.string_at(generator.ctypes.state_address, 625 * 4)


def block(names: Iterable[str]) -> None:
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


class BlockLater(importlib.machinery.SourceFileLoader):
    """Imports a module of the library that was not there before the fork, and blocks in it what is forbidden."""

    forbidden: tuple[str, ...] = ()

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> Any:
        """As a finder: of the library's modules alone."""
        spec = importlib.machinery.PathFinder.find_spec(name, path) if name.startswith("mtl_teach.") else None
        if spec is not None and spec.origin is not None:
            spec.loader = cls(name, spec.origin)
        return spec

    def exec_module(self, module: types.ModuleType) -> None:
        super().exec_module(module)
        places_of.cache_clear()
        block(self.forbidden)


@functools.cache
def _blocked(dotted: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"{dotted} is what this exercise asks you to write: it cannot be used in the answer")

    return refuse


# ---- the zygote ------------------------------------------------------------------------------------------------


LIBRARIES = {  # what answers use, by the name under which it is asked for, and what is imported then
    "scipy": ("scipy.optimize", "scipy.special"),
    "sklearn": (
        "sklearn.dummy",
        "sklearn.linear_model",
        "sklearn.metrics",
        "sklearn.model_selection",
        "sklearn.neighbors",
        "sklearn.preprocessing",
        "sklearn.tree",
    ),
    "matplotlib": ("matplotlib.pyplot",),
    "torch": ("torch",),
    "torch.optim": ("torch",),  # and what it imports late: as much again
    "mtl_teach": ("torch",),
}


NO_METHODS = ("learn", "data", "figures", "_course")  # of mtl_teach: nothing there is ever blocked in an answer


def warm(names: Iterable[str] = tuple(LIBRARIES)) -> Any:
    """Import some of :data:`LIBRARIES`, also what those import late; give back the cell transformer."""
    from IPython.core.inputtransformer2 import TransformerManager

    for name in (known for known in LIBRARIES if known in names):
        for module in LIBRARIES[name]:
            importlib.import_module(module)
        if name == "matplotlib":
            sys.modules["matplotlib"].use("Agg")
        elif name == "torch":
            sys.modules["torch"].set_num_threads(1)
            proxies.crossing()
        elif name == "torch.optim":
            _use_once(sys.modules["torch"])
        elif name == "mtl_teach":
            _import_methods()
    places_of.cache_clear()
    _words()  # NumPy prepares it at the first time
    return TransformerManager().transform_cell


def _use_once(torch: Any) -> None:
    parameter = torch.zeros(1, requires_grad=True)
    torch.optim.Adam([parameter])
    torch.testing.assert_close(parameter, parameter)


def _import_methods() -> None:
    import mtl_teach

    for module in pkgutil.iter_modules(mtl_teach.__path__):
        if module.name not in NO_METHODS:
            with contextlib.suppress(Exception):  # an answer that needs it will say what is wrong with it
                importlib.import_module(f"mtl_teach.{module.name}")


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


def files(folder: str) -> int:
    """How many files and folders a file system of ours holds; 0 where it does not tell, or none is given."""
    if not folder:
        return 0
    found = os.statvfs(folder)
    return found.f_files - found.f_ffree


def serve(control: socket.socket, setup: dict[str, Any]) -> None:
    """Fork a worker for each descriptor that arrives; end it, and wipe its scratch folder, when told to.

    Parameters
    ----------
    control : socket
        Orders come in here, each answered by one line; its end is ours.
    setup : dict
        ``scratch``, the folder in which workers may write; ``isolated``, False where submissions are trusted: no
        layer but another process and its limits; ``outside``, paths that must not be seen from here, forgotten before
        any worker runs; ``libraries``, what to import.
    """
    transform = warm(setup["libraries"])
    scratch, isolated, outside = setup["scratch"], setup["isolated"], setup.pop("outside")
    facts = lockdown.surroundings(outside) if isolated else {}
    del outside
    wipe(scratch)  # what the libraries wrote while they were imported
    if isolated:
        lockdown.guard()
    _settle()
    control.sendall(json.dumps({"ready": True, "facts": facts}).encode())
    del facts
    worker = 0
    while True:
        if worker:
            _watch(control, worker, scratch if isolated else "")
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if worker:
            _end(worker)
            wipe(scratch)
            worker = 0
        if not message:
            break
        order = json.loads(message)
        if order["do"] == "warm":
            warm(order["libraries"])
            wipe(scratch)
            _settle()
        elif order["do"] == "fork":
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


def _settle() -> None:
    """Put what was imported where a fork shares it."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gather_memory()


def _watch(control: socket.socket, process: int, scratch: str) -> None:
    """Wait for an order; meanwhile end a worker of too many threads or files, since no limit of the kernel's binds it.

    The one on processes does not bind user 0, and files are not counted at all. `scratch` is empty where it is shared.
    """
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    while not waiting.poll(WATCH_SECONDS * 1000):
        with contextlib.suppress(OSError):
            if len(os.listdir(f"/proc/{process}/task")) > MAX_THREADS or files(scratch) > MAX_FILES:
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
        BlockLater.forbidden = tuple(order["forbidden"])
        sys.meta_path.insert(0, BlockLater)
        layers = lockdown.lock(home) if isolated else []
        failed = lockdown.attempts(order["limits"]["memory"]) if order.get("probe") else []
        channel.write_frame(3, channel.encode({"layers": layers, "failed": failed}))
        worker = ForkedWorker(fresh_namespace(), transform)
        while (payload := channel.read_frame(3)) is not None:
            worker.answer(
                channel.decode(payload, make_tensor),
                functools.partial(channel.write_frame, 3),
                functools.partial(channel.read_frame, 3),
            )
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
