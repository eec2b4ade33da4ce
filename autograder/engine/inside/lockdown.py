"""What a worker gives up for good before it runs a stranger's code: privileges, files, system calls.

Landlock leaves it its own scratch folder and the packages, a seccomp filter the system calls that an answer lives on
(:mod:`.system_calls` gives the reason for each). Both hold for every thread and cannot be taken off.
Standard library only: inside the sandbox this file lies beside ``zygote.py``.

References
----------
Linux manual: ``seccomp(2)``, ``landlock(7)``, ``prctl(2)``; classic BPF: ``linux/filter.h``.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import platform
import signal
import socket
import struct
from collections.abc import Callable, Sequence
from functools import cache, partial

from . import system_calls

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38


@cache
def _libc() -> ctypes.CDLL:
    """The C library; asked for when it is needed, since this file is also imported where there is none of the kind."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _prctl(option: int, value: int, pointer: object = None) -> None:
    _checked(_libc().prctl(option, ctypes.c_ulong(value), pointer, None, None), f"prctl {option}")


def guard() -> None:
    """Make this process unreadable through ``/proc`` and ptrace, and deaf to interrupts; children inherit it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(PR_SET_DUMPABLE, 0)


def lock(home: str, hidden: Sequence[str] = ("proc",)) -> list[str]:
    """Give up everything but reading the packages and using ``home``; name the layers that are on.

    Raises
    ------
    OSError
        If the kernel refuses: nothing of a submission may run then.
    """
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    layers = ["no new privileges"]
    if version := landlock_version():
        _landlock(version, home, hidden)
        layers.append(f"landlock {version}")
    _seccomp()
    return [*layers, "seccomp"]


# ---- Landlock: which files ------------------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_REMOVE_FOLDER, _REMOVE_FILE, _MAKE_FOLDER, _MAKE_FILE, _TRUNCATE = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 14
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # version -> how many rights it knows; 16 from 5 on
_TCP, _SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals


def landlock_version() -> int:
    """The version of Landlock in this kernel, 0 where there is none."""
    version: int = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(0, version)


def _landlock(version: int, home: str, hidden: Sequence[str]) -> None:
    known = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    rights = struct.pack("=QQQ", known, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = _checked(
        _libc().syscall(_CREATE_RULESET, rights, ctypes.c_size_t(len(rights)), ctypes.c_uint32(0)), "Landlock rules"
    )
    for name in sorted(set(os.listdir("/")) - set(hidden)):
        _allow(rules, f"/{name}", _READ | _LIST)
    _allow(rules, "/dev/null", _READ | _WRITE)
    own = _READ | _LIST | _WRITE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE | _TRUNCATE
    _allow(rules, home, own & known)
    _checked(_libc().syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0)), "Landlock")
    os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights if os.path.isdir(path) else rights & ~_LIST, folder)
    done = _libc().syscall(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(1), rule, ctypes.c_uint32(0))
    _checked(done, "a Landlock rule")
    os.close(folder)


# ---- seccomp: which system calls ------------------------------------------------------------------------------

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
_CLONE_THREAD = 0x10000
# Of these three only what is named here. Left out of fcntl: leases and notices, by which a reader outside waits or is
# watched, locks that somebody outside would meet, owners and signals, by which a file signals another process, the size
# of a pipe. Left out of prctl: being looked into, whatever concerns other processes.
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1034)  # F_DUPFD, _GETFD, _SETFD, _GETFL, _SETFL, _DUPFD_CLOEXEC, sizes and seals
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, how large; bytes waiting; FIO(N)CLEX
_PRCTL = (3, 15, 16, 21, 39, 0x53564D41)  # PR_GET_DUMPABLE, names, PR_GET_SECCOMP, _NO_NEW_PRIVS, PR_SET_VMA
Code = list[tuple[int, int, int, int]]


def program(machine: str, pid: int) -> Code:
    """The filter as classic BPF: (code, jump if true, jump if false, operand).

    Parameters
    ----------
    machine : str
        ``"x86_64"`` or ``"aarch64"``; calls by any other convention kill the process.
    pid : int
        The only process that may be signalled or limited: the worker itself.
    """
    column, convention = _MACHINES[machine]
    code: Code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, convention), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":  # the x32 convention shares the number space
        code += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    thread_only: Code = [(_ANY_BIT, 0, 1, _CLONE_THREAD), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    by_argument = {
        "clone": [(_LOAD, 0, 0, 16), *thread_only],
        "kill": _argument(0, [pid]),
        "tgkill": _argument(0, [pid]),
        "prlimit64": _argument(0, [0, pid]),
        "fcntl": _argument(1, _FCNTL),
        "ioctl": _argument(1, _IOCTL),
        "prctl": _argument(0, _PRCTL),
    }
    allowed = system_calls.numbers(system_calls.ALLOWED, column) | system_calls.ALLOWED_NEW
    for name, number in allowed.items():
        code += _when(number, by_argument.get(name, [(_RETURN, 0, 0, _ALLOW)]))
    return [*code, (_AT_LEAST, 0, 1, system_calls.FIRST_NEW), (_RETURN, 0, 0, _UNKNOWN), (_RETURN, 0, 0, _REFUSE)]


def _when(number: int, body: Code) -> Code:
    return [(_EQUAL, 0, len(body), number), *body]


def _argument(index: int, allowed: Sequence[int]) -> Code:
    """Decide by the low half of an argument: the kernel reads these as 32-bit numbers itself."""
    choices = [step for value in allowed for step in _when(value, [(_RETURN, 0, 0, _ALLOW)])]
    return [(_LOAD, 0, 0, 16 + 8 * index), *choices, (_RETURN, 0, 0, _REFUSE)]


def _seccomp() -> None:
    if platform.machine() not in _MACHINES:
        raise OSError(errno.ENOSYS, f"there is no seccomp filter for {platform.machine()}")
    code = program(platform.machine(), os.getpid())
    steps = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in code))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(code), ctypes.addressof(steps)))
    _prctl(PR_SET_SECCOMP, 2, header)


# ---- trying the locks -----------------------------------------------------------------------------------------


def surroundings(outside: Sequence[str]) -> dict[str, object]:
    """What the zygote finds around itself before any submission runs: the facts that prove the outer layers.

    Parameters
    ----------
    outside : sequence of str
        Paths that exist outside and must not be seen here.
    """
    with open("/proc/self/status") as status:
        lines = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    folders = ("/", "/dev", "/proc", "/packages", os.path.dirname(os.__file__))
    return {
        "pid": os.getpid(),
        "namespaces": namespaces(),
        "capabilities": [name for name in lines if name.startswith("Cap") and int(lines[name], 16)],
        "seen": [path for path in outside if os.path.lexists(path)],
        "writable": [path for path in folders if _writable(path)],
        "network": [name for _, name in socket.if_nameindex() if name != "lo"],
    }


def namespaces() -> dict[str, str]:
    """The identity of each namespace that this process lives in."""
    names = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
    return {name: os.readlink(f"/proc/self/ns/{name}") for name in names}


def _writable(folder: str) -> bool:
    path = os.path.join(folder, "written-by-a-probe")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    except OSError:
        return False
    os.unlink(path)
    return True


def attempts(memory: int) -> list[str]:
    """Try, in a locked worker, what must fail; name what did not."""
    import resource

    def raise_a_limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    tries: dict[str, Callable[[], object]] = {
        "start a process": _fork,
        "start a program": lambda: os.execve("/nowhere", ["nowhere"], {}),
        "open a socket": socket.socket,
        "signal the zygote": lambda: os.kill(os.getppid(), 0),
        "change a file's mode": lambda: os.chmod(".", 0o700),
        "raise a limit": raise_a_limit,
        "take a lease on a file": _lease,
        "keep memory beside the limit": lambda: os.memfd_create("beside"),
        "take too much memory": lambda: mmap.mmap(-1, memory + 2**28).close(),
        "make a file outside the scratch folders": lambda: open("/beside", "w").close(),
    }
    if landlock_version():
        tries["make a file beside its scratch folder"] = lambda: open("../beside", "w").close()
        tries["look at other processes"] = lambda: os.listdir("/proc")
    tries |= {f"use the inherited descriptor {number}": partial(os.fstat, number) for number in range(4, 256)}
    return [name for name, attempt in tries.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except FileNotFoundError:  # the call itself was let through
        return True
    except (OSError, ValueError, MemoryError):
        return False
    return True


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    with contextlib.suppress(OSError):
        os.waitpid(child, 0)


def _lease() -> None:
    import fcntl

    descriptor = os.open(os.__file__, os.O_RDONLY)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    finally:
        os.close(descriptor)
