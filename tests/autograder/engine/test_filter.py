"""What a worker gives up: the seccomp filter read as the kernel reads it, and what is asked of Landlock.

The first table is written from what must not be reached, not from the filter, so that a call let in there is seen.
"""

import ctypes
import functools
import os
import socket
import struct
import subprocess
import sys
from types import SimpleNamespace

import pytest

from autograder.engine.inside import lockdown, system_calls

KILL, ALLOW, EPERM, ENOSYS = 0x80000000, 0x7FFF0000, 0x50001, 0x50026
CONVENTION = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 77

# What must be refused by what it would reach: numbers on x86_64 and aarch64, from the kernel's own tables.
REFUSED = {
    "another process": {
        "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
        "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
        "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
        "setpriority": (141, 140), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
        "sched_setattr": (314, 274), "sched_setaffinity": (203, 122), "ioprio_set": (251, 30),
        "migrate_pages": (256, 238), "move_pages": (279, 239),
    },
    "the network": {
        "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206), "recvfrom": (45, 207),
        "sendmsg": (46, 211), "recvmsg": (47, 212), "shutdown": (48, 210), "bind": (49, 200), "listen": (50, 201),
        "getsockname": (51, 204), "getpeername": (52, 205), "socketpair": (53, 199), "setsockopt": (54, 208),
        "getsockopt": (55, 209), "accept4": (288, 242), "recvmmsg": (299, 243), "sendmmsg": (307, 269),
    },
    "memory and messages shared with others": {
        "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197),
        "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
        "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
        "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183),
        "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
        "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "flock": (73, 32),
        "memfd_create": (319, 279), "mlock": (149, 228), "mlockall": (151, 230), "splice": (275, 76),
    },
    "what others do with files, and the disks of all": {
        "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
        "fanotify_mark": (301, 263), "sync": (162, 81), "syncfs": (306, 267), "sync_file_range": (277, 84),
    },
    "another user": {
        "setuid": (105, 146), "setgid": (106, 144), "setgroups": (116, 159), "capset": (126, 91), "setsid": (112, 157),
        "setpgid": (109, 154),
    },
    "another view of the machine": {
        "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
        "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
        "unshare": (272, 97), "setns": (308, 268), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    },
    "modes, owners and times of files": {
        "mknod": (133, None), "mknodat": (259, 33), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
        "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
        "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
        "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
        "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    },
    "the kernel's rarer corners": {
        "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
        "io_setup": (206, 0), "personality": (135, 92), "modify_ldt": (154, None), "lookup_dcookie": (212, 18),
        "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
        "kexec_load": (246, 104), "kexec_file_load": (320, 294), "nfsservctl": (180, 42),
    },
    "the machine itself": {
        "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
        "iopl": (172, None), "ioperm": (173, None), "syslog": (103, 116), "vhangup": (153, 58),
        "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
        "sethostname": (170, 161), "setdomainname": (171, 162),
    },
}  # fmt: skip
BY_ARGUMENT = {"clone": (56, 220), "kill": (62, 129), "tgkill": (234, 131)}  # refused with arguments of 0
# Of the calls since Linux 5.1: close_range, openat2, faccessat2, epoll_pwait2, futex_waitv, map_shadow_stack,
# futex_wake, futex_wait, futex_requeue, mseal.
NEW = {436, 437, 439, 441, 449, 453, 454, 455, 456, 462}
FIRST_NEW = 424


@functools.cache
def filter_of(machine):
    return lockdown.program(machine, PID)


def verdict(machine, number, *args, convention=None):
    """Run the filter on one call: a small interpreter of the five BPF instructions in use."""
    convention = CONVENTION[machine] if convention is None else convention
    data = struct.pack("=IIQ6Q", number, convention, 0, *args, *[0] * (6 - len(args)))
    code, at, value = filter_of(machine), 0, 0
    while True:
        operation, if_true, if_false, operand = code[at]
        at += 1
        if operation == 0x06:  # return
            return operand
        if operation == 0x20:  # load four bytes
            (value,) = struct.unpack_from("=I", data, operand)
            continue
        holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[operation]
        at += if_true if holds else if_false


both = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


def numbers(table, machine):
    column = ["x86_64", "aarch64"].index(machine)
    return {number[column] for number in table.values() if number[column] is not None}


# ---- which calls -----------------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("what", REFUSED)
def test_every_way_to_what_must_not_be_reached_is_refused(machine, what):
    column = ["x86_64", "aarch64"].index(machine)
    let_through = [
        name
        for name, number in REFUSED[what].items()
        if number[column] is not None and verdict(machine, number[column]) != EPERM
    ]
    assert let_through == []


# Numbers that the kernel's tables leave out: from 335 on, and on aarch64 those of other architectures.
NO_CALLS = {"x86_64": set(range(335, 424)), "aarch64": {*range(244, 260), *range(295, 424)}}


@both
def test_every_call_of_the_kernel_is_in_one_of_the_two_tables(machine):
    column = ["x86_64", "aarch64"].index(machine)
    tables = [system_calls.numbers(table, column) for table in (system_calls.ALLOWED, system_calls.REFUSED)]
    listed = sorted(number for table in tables for number in table.values())
    assert listed == sorted(set(range(FIRST_NEW)) - NO_CALLS[machine])
    assert all(reason.strip() for table in (system_calls.ALLOWED, system_calls.REFUSED) for reason in table)


HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}


@both
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    """Where this machine has them; the sums stand for them where it has not."""
    column = ["x86_64", "aarch64"].index(machine)
    ours = system_calls.numbers(system_calls.ALLOWED | system_calls.REFUSED, column)
    assert sum(ours.values()) == {"x86_64": 55_945, "aarch64": 39_341}[machine]
    if os.path.exists(HEADERS[machine]):
        with open(HEADERS[machine]) as header:
            lines = [line.split()[1:] for line in header if line.startswith("#define __NR") and len(line.split()) > 2]
        given = [(name.replace("3264_", "_"), number) for name, number, *_ in lines if number.isdigit()]
        theirs = {name.removeprefix("__NR_"): number for name, number in given}
        theirs["newfstatat"] = theirs.get("newfstatat", "79")
        assert {name: number for name, number in ours.items() if theirs.get(name) != str(number)} == {}


@both
def test_what_is_in_no_table_or_refused_is_refused_and_calls_of_the_future_do_not_exist(machine):
    column = ["x86_64", "aarch64"].index(machine)
    by_argument = {
        number[column] for number in (*BY_ARGUMENT.values(), (72, 25), (16, 29), (157, 167))
    }  # with arguments of 0
    allowed = set(system_calls.numbers(system_calls.ALLOWED, column).values())
    for number in set(range(FIRST_NEW)) - by_argument:
        assert verdict(machine, number) == (ALLOW if number in allowed else EPERM), number
    later = range(FIRST_NEW, 1024)
    assert {number for number in later if verdict(machine, number) == ALLOW} == NEW
    assert {number for number in later if verdict(machine, number) == ENOSYS} == set(later) - NEW


@both
def test_what_an_answer_lives_on_is_allowed(machine):
    everyday = {"x86_64": (0, 1, 9, 11, 12, 202, 231, 257), "aarch64": (63, 64, 222, 215, 214, 98, 94, 56)}
    assert {verdict(machine, number) for number in everyday[machine]} == {ALLOW}


# ---- which arguments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "x86_64", "aarch64", "args", "expected"),
    [
        ("clone of a thread", 56, 220, (0x10F00,), ALLOW),
        ("clone of a process", 56, 220, (17,), EPERM),
        ("clone of all but a thread", 56, 220, (0xFFFFFFFF & ~0x10000,), EPERM),
        ("clone of a thread in the upper half", 56, 220, (0x10000 << 32,), EPERM),
        ("kill oneself", 62, 129, (PID, 9), ALLOW),
        ("kill process 1", 62, 129, (1, 9), EPERM),
        ("kill one's group", 62, 129, (0, 9), EPERM),
        ("kill one's group by number", 62, 129, (2**32 - PID, 9), EPERM),
        ("kill everybody", 62, 129, (2**32 - 1, 9), EPERM),
        ("kill with a disguised number", 62, 129, (2**32 + 1, 9), EPERM),
        ("abort", 234, 131, (PID, PID, 6), ALLOW),
        ("signal another's thread", 234, 131, (1, 1, 9), EPERM),
        ("own limits", 302, 261, (0, 7), ALLOW),
        ("own limits by number", 302, 261, (PID, 7), ALLOW),
        ("another's limits", 302, 261, (1, 7), EPERM),
        ("a file's flags", 72, 25, (3, 4), ALLOW),
        ("a file's owner of signals", 72, 25, (3, 8), EPERM),
        ("a file's signal", 72, 25, (3, 10), EPERM),
        ("a file's owner of signals, extended", 72, 25, (3, 15), EPERM),
        ("the same, disguised", 72, 25, (3, 2**32 + 15), EPERM),
        ("a lease on a file", 72, 25, (3, 1024), EPERM),
        ("notices about a folder", 72, 25, (3, 1026), EPERM),
        ("a lock on a file", 72, 25, (3, 6), EPERM),
        ("a lock on an open file", 72, 25, (3, 37), EPERM),
        ("a copy of a descriptor", 72, 25, (3, 1030), ALLOW),
        ("a thread's name", 157, 167, (15,), ALLOW),
        ("being looked into", 157, 167, (4, 1), EPERM),
        ("being traced", 157, 167, (0x59616D61, 1), EPERM),
        ("sharing a core", 157, 167, (62, 1), EPERM),
        ("a terminal's size", 16, 29, (1, 0x5413), ALLOW),
        ("typing into a terminal", 16, 29, (0, 0x5412), EPERM),
        ("a socket's owner of signals", 16, 29, (0, 0x8901), EPERM),
        ("a socket's group of signals", 16, 29, (0, 0x8902), EPERM),
        ("clone3", 435, 435, (), ENOSYS),
        ("io_uring", 425, 425, (), ENOSYS),
        ("openat2", 437, 437, (), ALLOW),
    ],
)
@both
def test_a_call_is_judged_by_its_arguments(machine, name, x86_64, aarch64, args, expected):
    number = {"x86_64": x86_64, "aarch64": aarch64}[machine]
    assert verdict(machine, number, *args) == expected, name


@both
def test_of_descriptors_only_what_concerns_them_alone_is_allowed(machine):
    fcntl, ioctl = {"x86_64": (72, 16), "aarch64": (25, 29)}[machine]
    commands = {command for command in range(1100) if verdict(machine, fcntl, 3, command) == ALLOW}
    assert commands == {0, 1, 2, 3, 4, 1030, 1032, 1034}
    commands = {command for command in range(0x10000) if verdict(machine, ioctl, 0, command) == ALLOW}
    assert commands == {0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451}


@both
def test_other_conventions_kill(machine):
    others = {0x40000003, 0x40000028, 0, *CONVENTION.values()} - {CONVENTION[machine]}
    assert {verdict(machine, 0, convention=convention) for convention in others} == {KILL}


def test_the_second_convention_of_x86_64_kills():
    assert {verdict("x86_64", 0x40000000 + number) for number in (0, 1, 521)} == {KILL}
    assert verdict("x86_64", 0x3FFFFFFF) == ENOSYS
    assert verdict("aarch64", 0x40000000) == ENOSYS


@both
def test_the_kernel_can_read_it(machine):
    code = filter_of(machine)
    assert len(code) <= 4096
    for at, (operation, if_true, if_false, operand) in enumerate(code):
        assert 0 <= operand < 2**32
        assert max(if_true, if_false) < 256
        assert at + max(if_true, if_false) < len(code) - (operation != 0x06)


def test_a_machine_without_a_filter_is_refused(monkeypatch):
    monkeypatch.setattr(lockdown.platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="there is no seccomp filter for riscv64"):
        lockdown._seccomp()


# ---- Landlock --------------------------------------------------------------------------------------------------


class Kernel:
    """Notes what is asked of the C library; answers with descriptors of its own."""

    def __init__(self, version=7, refuses=()):
        self.version, self.refuses, self.asked, self.rules = version, refuses, [], {}

    def prctl(self, option, value, pointer, *rest):
        self.asked.append(("prctl", option, value.value))
        return 0

    def syscall(self, number, *args):
        if number in self.refuses:
            ctypes.set_errno(1)
            return -1
        if number == 444 and args[0] is None:
            return self.version
        if number == 444:
            self.asked.append(("rules for", bytes(args[0]), args[1].value))
            return os.open("/dev/null", os.O_RDONLY)
        if number == 445:
            rights, folder = struct.unpack("=Qi", args[2])
            self.rules[os.readlink(f"/proc/self/fd/{folder}")] = rights
            return 0
        self.asked.append(("restrict", number, os.readlink(f"/proc/self/fd/{args[0].value}")))
        return 0


@pytest.fixture
def kernel(monkeypatch):
    def make(*args, **more):
        made = Kernel(*args, **more)
        monkeypatch.setattr(lockdown, "_libc", lambda: made)
        return made

    return make


# from linux/landlock.h
EXECUTE, WRITE, READ, LIST, REMOVE_FOLDER, REMOVE_FILE = 1, 2, 4, 8, 16, 32
MAKE_FOLDER, MAKE_FILE, TRUNCATE = 128, 256, 1 << 14
BIND_OR_CONNECT, SOCKETS_AND_SIGNALS = 1 | 2, 1 | 2


@pytest.mark.parametrize(
    ("version", "rights", "asked"),
    [
        (1, 13, ()),
        (2, 14, ()),
        (3, 15, ()),
        (4, 15, (BIND_OR_CONNECT,)),
        (5, 16, (BIND_OR_CONNECT,)),
        (6, 16, (BIND_OR_CONNECT, SOCKETS_AND_SIGNALS)),
        (7, 16, (BIND_OR_CONNECT, SOCKETS_AND_SIGNALS)),
    ],
)
def test_landlock_governs_all_that_the_kernel_knows_files_the_network_and_signals(
    kernel, tmp_path, version, rights, asked
):
    seen = kernel(version)
    lockdown._landlock(version, str(tmp_path), ("proc",))
    wanted = struct.pack(f"={1 + len(asked)}Q", 2**rights - 1, *asked)
    assert seen.asked == [("rules for", wanted, len(wanted)), ("restrict", 446, "/dev/null")]


def test_landlock_leaves_the_packages_to_be_read_and_the_own_folder_to_be_used(kernel, tmp_path):
    seen = kernel()
    lockdown._landlock(7, str(tmp_path), ("proc", "home"))
    own = READ | LIST | WRITE | REMOVE_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE | TRUNCATE
    assert seen.rules.pop(str(tmp_path)) == own
    assert seen.rules.pop("/dev/null") == READ | WRITE
    assert "/usr" in seen.rules
    assert {"/proc", "/home"} & set(seen.rules) == set()
    for path, rights in seen.rules.items():
        assert rights == (READ | LIST if os.path.isdir(path) else READ), path


def test_landlock_asks_for_no_right_that_an_old_kernel_does_not_know(kernel, tmp_path):
    seen = kernel(1)
    lockdown._landlock(1, str(tmp_path), ("proc",))
    assert not seen.rules[str(tmp_path)] & TRUNCATE


def test_the_layers_are_put_on_in_order_and_named(kernel, tmp_path, monkeypatch):
    seen = kernel(6)
    monkeypatch.setattr(lockdown.platform, "machine", lambda: "x86_64")
    assert lockdown.lock(str(tmp_path)) == ["no new privileges", "landlock 6", "seccomp"]
    assert [step[:2] for step in seen.asked] == [("prctl", 38), seen.asked[1][:2], ("restrict", 446), ("prctl", 22)]
    assert (seen.asked[0][2], seen.asked[-1][2]) == (1, 2)


def test_without_landlock_the_other_layers_are_put_on(kernel, tmp_path, monkeypatch):
    seen = kernel(-1)
    monkeypatch.setattr(lockdown.platform, "machine", lambda: "aarch64")
    assert lockdown.lock(str(tmp_path)) == ["no new privileges", "seccomp"]
    assert [step[1] for step in seen.asked] == [38, 22]


@pytest.mark.parametrize(("refused", "said"), [(444, "Landlock rules"), (445, "a Landlock rule"), (446, "Landlock")])
def test_a_kernel_that_refuses_a_step_is_quoted(kernel, tmp_path, refused, said):
    kernel(refuses=(refused,))
    with pytest.raises(OSError, match=f"{said}: Operation not permitted"):
        lockdown._landlock(7, str(tmp_path), ("proc",))


SCOPED = """
import os, socket, sys
from autograder.engine.inside import lockdown
home, version, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
lockdown._prctl(lockdown.PR_SET_NO_NEW_PRIVS, 1)
lockdown._landlock(version, home, ())
def attempt(action):
    try:
        action()
    except PermissionError:
        return "refused"
    return "reached"
print(attempt(lambda: os.kill(os.getppid(), 0)), attempt(lambda: socket.socket(socket.AF_UNIX).connect("\\0" + name)))
"""


@pytest.mark.sandbox
@pytest.mark.parametrize(("version", "said"), [(5, "reached reached"), (6, "refused refused")])
def test_landlock_keeps_signals_and_sockets_inside(tmp_path, version, said):
    if lockdown.landlock_version() < version:
        pytest.skip(f"this kernel has Landlock {lockdown.landlock_version()}")
    name = f"mtl-teach-{os.getpid()}-{version}"
    with socket.socket(socket.AF_UNIX) as outside:
        outside.bind(f"\0{name}")
        outside.listen()
        command = [sys.executable, "-c", SCOPED, str(tmp_path), str(version), name]
        done = subprocess.run(command, capture_output=True, text=True, cwd=os.getcwd(), check=True)
    assert done.stdout.strip() == said


LOCKED_IN = """
import os, sys
from autograder.engine.inside import lockdown
home, version = sys.argv[1], min(int(sys.argv[2]), lockdown.landlock_version())
lockdown._prctl(lockdown.PR_SET_NO_NEW_PRIVS, 1)
lockdown._landlock(version, home, ("proc",))
open(home + "/own", "w").close()
try:
    os.listdir("/proc")
except PermissionError:
    print("locked in")
"""


@pytest.mark.sandbox
@pytest.mark.parametrize("version", [1, 3, 4, 6])
def test_landlock_asks_older_kernels_only_for_what_they_know(version, tmp_path):
    command = [sys.executable, "-c", LOCKED_IN, str(tmp_path), str(version)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=os.getcwd(), check=False)
    assert ("locked in" in done.stdout) == (lockdown.landlock_version() > 0), done.stderr


# ---- looking around and trying the locks -----------------------------------------------------------------------

GUARDED = """
import ctypes, signal
from autograder.engine.inside import lockdown
before = ctypes.CDLL(None).prctl(3)
lockdown.guard()
print(before, ctypes.CDLL(None).prctl(3), signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
"""


def test_a_guarded_process_cannot_be_looked_into_and_takes_no_interrupt():
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, cwd=os.getcwd(), check=True)
    assert done.stdout.split() == ["1", "0", "True"]


def test_what_is_around_the_zygote_is_told(tmp_path, monkeypatch):
    (tmp_path / "dangling").symlink_to("/nowhere")
    status = (
        "Name:\tpython\nCapInh:\t0000000000000000\nCapEff:\t00000000a80425fb\nCapBnd:\t0000000000000001\nThreads:\t1\n"
    )
    (tmp_path / "status").write_text(status)
    monkeypatch.setattr(lockdown, "open", lambda path: (tmp_path / "status").open(), raising=False)
    monkeypatch.setattr(lockdown.socket, "if_nameindex", lambda: [(1, "lo"), (2, "eth0")])
    monkeypatch.setattr(lockdown, "_writable", lambda folder: folder == "/dev")
    outside = [str(tmp_path), str(tmp_path / "dangling"), str(tmp_path / "gone")]
    assert lockdown.surroundings(outside) == {
        "pid": os.getpid(),
        "namespaces": {
            name: os.readlink(f"/proc/self/ns/{name}") for name in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
        },
        "capabilities": ["CapEff", "CapBnd"],
        "seen": outside[:2],
        "writable": ["/dev"],
        "network": ["eth0"],
    }


def test_the_folders_that_are_tried_are_those_that_a_worker_sees(monkeypatch):
    tried = []
    monkeypatch.setattr(lockdown, "_writable", tried.append)
    lockdown.surroundings([])
    assert tried == ["/", "/dev", "/proc", "/packages", os.path.dirname(os.__file__)]


def test_a_folder_that_can_be_written_is_found_and_left_as_it_was(tmp_path):
    assert lockdown._writable(str(tmp_path))
    assert not lockdown._writable(str(tmp_path / "gone"))
    assert list(tmp_path.iterdir()) == []


UNLOCKED = """
import os, sys
from autograder.engine.inside import lockdown
os.chdir(sys.argv[1])
lockdown.open = lambda path, mode: open("elsewhere" if path == "/beside" else path, mode)
lockdown.landlock_version = lambda: int(sys.argv[2])
os.dup2(0, 200)
print("\\n".join(lockdown.attempts(2**20)))
"""


@pytest.mark.parametrize("version", [0, 7])
def test_every_attempt_that_succeeds_is_named(tmp_path, version):
    """In a process without any lock all of them do."""
    (tmp_path / "home").mkdir()
    command = [sys.executable, "-c", UNLOCKED, str(tmp_path / "home"), str(version)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=os.getcwd(), check=True)
    assert done.stdout.splitlines() == [
        "start a process",
        "start a program",
        "open a socket",
        "signal the zygote",
        "change a file's mode",
        "raise a limit",
        "take a lease on a file",
        "keep memory beside the limit",
        "take too much memory",
        "make a file outside the scratch folders",
        *(["make a file beside its scratch folder", "look at other processes"] if version else []),
        "use the inherited descriptor 200",
    ]
    assert (tmp_path / "home" / "elsewhere").exists()
    assert (tmp_path / "beside").exists() == bool(version)


@pytest.mark.parametrize(
    ("error", "reached"),
    [
        (None, True),
        (FileNotFoundError(), True),
        (PermissionError(), False),
        (ValueError(), False),
        (MemoryError(), False),
    ],
)
def test_an_attempt_is_refused_by_these_errors_alone(error, reached):
    def attempt():
        if error:
            raise error

    assert lockdown._succeeds(attempt) is reached


def test_the_notebooks_backend_needs_no_c_library_of_this_kind():
    """On Windows there is none to be had by this name, and a learner's checks run there too."""
    imports = "from autograder.engine.inside import lockdown"
    script = f"import ctypes, os\nctypes.CDLL = os.fork = None\n{imports}\nprint('imported')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=os.getcwd(), check=True)
    assert done.stdout == "imported\n"


def test_a_kernel_that_refuses_a_setting_is_quoted():
    with pytest.raises(OSError, match=r"prctl 999: Invalid argument"):
        lockdown._prctl(999, 0)


def test_a_kernel_without_landlock_has_version_0(monkeypatch):
    monkeypatch.setattr(lockdown, "_libc", lambda: SimpleNamespace(syscall=lambda *args: -1))
    assert lockdown.landlock_version() == 0
