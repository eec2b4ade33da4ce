"""What a worker gives up for good before it runs a stranger's code: privileges, files, system calls.

Landlock leaves it its own scratch folder and the packages, a seccomp filter refuses the system calls that reach
another process, the network or the kernel's rarer corners. Both hold for every thread and cannot be taken off.
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

# Refused outright: name, number on x86_64, number on aarch64.
DENIED = """
fork 57 -  vfork 58 -  execve 59 221  execveat 322 281
socket 41 198  socketpair 53 199  connect 42 203  bind 49 200  listen 50 201  accept 43 202  accept4 288 242
sendto 44 206  recvfrom 45 207  sendmsg 46 211  recvmsg 47 212  sendmmsg 307 269  recvmmsg 299 243
shutdown 48 210  getsockname 51 204  getpeername 52 205  setsockopt 54 208  getsockopt 55 209
ptrace 101 117  process_vm_readv 310 270  process_vm_writev 311 271  kcmp 312 272
tkill 200 130  rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240
shmget 29 194  shmat 30 196  shmctl 31 195  shmdt 67 197  semget 64 190  semop 65 193  semctl 66 191
semtimedop 220 192  msgget 68 186  msgsnd 69 189  msgrcv 70 188  msgctl 71 187
mq_open 240 180  mq_unlink 241 181  mq_timedsend 242 182  mq_timedreceive 243 183  mq_notify 244 184
mq_getsetattr 245 185  keyctl 250 219  add_key 248 217  request_key 249 218
mount 165 40  umount2 166 39  pivot_root 155 41  chroot 161 51  unshare 272 97  setns 308 268
bpf 321 280  perf_event_open 298 241  userfaultfd 323 282  fanotify_init 300 262
name_to_handle_at 303 264  open_by_handle_at 304 265  mknod 133 -  mknodat 259 33
chmod 90 -  fchmod 91 52  fchmodat 268 53  chown 92 -  fchown 93 55  lchown 94 -  fchownat 260 54
setxattr 188 5  lsetxattr 189 6  fsetxattr 190 7  removexattr 197 14  lremovexattr 198 15  fremovexattr 199 16
utime 132 -  utimes 235 -  futimesat 261 -  utimensat 280 88
setpriority 141 140  sched_setparam 142 118  sched_setscheduler 144 119  sched_setattr 314 274
sched_setaffinity 203 122  ioprio_set 251 30  migrate_pages 256 238  move_pages 279 239
init_module 175 105  finit_module 313 273  delete_module 176 106  kexec_load 246 104  kexec_file_load 320 294
reboot 169 142  swapon 167 224  swapoff 168 225  acct 163 89  quotactl 179 60  nfsservctl 180 42
lookup_dcookie 212 18  iopl 172 -  ioperm 173 -  modify_ldt 154 -  syslog 103 116  settimeofday 164 170
clock_settime 227 112  clock_adjtime 305 266  adjtimex 159 171  sethostname 170 161  setdomainname 171 162
vhangup 153 58  personality 135 92  io_setup 206 0
"""

# Of the calls added since Linux 5.1 (424 on, the same numbers everywhere) only these exist for a worker; the others,
# clone3 among them, answer "no such call", and the C library falls back to the older one.
FIRST_NEW = 424
KNOWN_NEW = {
    "close_range": 436, "openat2": 437, "faccessat2": 439, "epoll_pwait2": 441, "landlock_create_ruleset": 444,
    "landlock_add_rule": 445, "landlock_restrict_self": 446, "futex_waitv": 449, "map_shadow_stack": 453,
    "futex_wake": 454, "futex_wait": 455, "futex_requeue": 456, "mseal": 462,
}  # fmt: skip
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
_CLONE_THREAD = 0x10000
_FCNTL_REFUSED = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: a file that signals another process
_IOCTL_REFUSED = (0x5412, 0x8901, 0x8902)  # TIOCSTI types into a terminal, FIOSETOWN and SIOCSPGRP as above
Code = list[tuple[int, int, int, int]]


def denied(machine: str) -> dict[str, int]:
    """The refused system calls of one machine type, by name.

    >>> denied("x86_64")["fork"], "fork" in denied("aarch64")
    (57, False)
    """
    words, column = DENIED.split(), _MACHINES[machine][0]
    rows = zip(words[::3], zip(words[1::3], words[2::3]))
    return {name: int(numbers[column]) for name, numbers in rows if numbers[column] != "-"}


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
    for number in denied(machine).values():
        code += _when(number, [(_RETURN, 0, 0, _REFUSE)])
    thread_only: Code = [(_ANY_BIT, 0, 1, _CLONE_THREAD), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    special = {
        (56, 220): [(_LOAD, 0, 0, 16), *thread_only],  # clone
        (62, 129): _argument(0, {pid: _ALLOW}, _REFUSE),  # kill
        (234, 131): _argument(0, {pid: _ALLOW}, _REFUSE),  # tgkill
        (302, 261): _argument(0, {0: _ALLOW, pid: _ALLOW}, _REFUSE),  # prlimit64
        (72, 25): _argument(1, dict.fromkeys(_FCNTL_REFUSED, _REFUSE), _ALLOW),
        (16, 29): _argument(1, dict.fromkeys(_IOCTL_REFUSED, _REFUSE), _ALLOW),
    }
    for numbers, body in special.items():
        code += _when(numbers[column], body)
    known = [step for number in KNOWN_NEW.values() for step in _when(number, [(_RETURN, 0, 0, _ALLOW)])]
    return [
        *code,
        (_AT_LEAST, 0, len(known) + 1, FIRST_NEW),
        *known,
        (_RETURN, 0, 0, _UNKNOWN),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _when(number: int, body: Code) -> Code:
    return [(_EQUAL, 0, len(body), number), *body]


def _argument(index: int, answers: dict[int, int], otherwise: int) -> Code:
    """Decide by the low half of an argument: the kernel reads these as 32-bit numbers itself."""
    choices = [step for value, answer in answers.items() for step in _when(value, [(_RETURN, 0, 0, answer)])]
    return [(_LOAD, 0, 0, 16 + 8 * index), *choices, (_RETURN, 0, 0, otherwise)]


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
