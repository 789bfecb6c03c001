"""Become another program, with limits: `python -I -S launcher.py JSON PROGRAM ARGUMENT…` (only JSON: a
probe).

`designs.sandbox` starts this file by its path. The limits are set here, between our start and `execve`, and
not in a `preexec_fn`: that would run Python between fork and exec of a process with threads, where a lock
that another thread held stays held for ever. A layer that the system refuses is left out; the probe prints
which hold.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
EXIT_NOT_STARTED = 127


def main() -> None:
    """Apply the limits of argv[1]; then run the program, or print the layers that hold."""
    limits = json.loads(sys.argv[1])
    held = {name: apply() for name, apply in layers(limits).items()}
    if os.getppid() != limits["parent"]:
        sys.exit(EXIT_NOT_STARTED)  # the parent died before the parent-death signal was set
    if len(sys.argv) == 2:
        sys.stdout.write(json.dumps(held))
        return
    _restore_signals()
    try:
        os.execve(sys.argv[2], sys.argv[2:], dict(os.environ))  # noqa: S606 - no shell is meant
    except OSError as error:
        sys.stderr.write(f"{sys.argv[2]}: {error.strerror}\n")
        sys.exit(EXIT_NOT_STARTED)


def layers(limits: dict[str, int]) -> dict[str, Callable[[], bool]]:
    """Each layer by name; calling it sets it for this process and says whether it holds."""
    mebibyte = 1 << 20
    return {
        "own_session": lambda: os.getsid(0) == os.getpid(),
        "parent_death": lambda: _prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
        "no_new_privileges": lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1),
        "no_network": _leave_network,
        "no_core": lambda: _limit(resource.RLIMIT_CORE, 0),
        "cpu": lambda: _limit(resource.RLIMIT_CPU, limits["cpu_seconds"], limits["cpu_seconds"] + 1),
        "file_size": lambda: _limit(resource.RLIMIT_FSIZE, limits["file_mb"] * mebibyte),
        "memory": lambda: _limit(resource.RLIMIT_AS, limits["memory_mb"] * mebibyte),
    }


def _limit(which: int, soft: int, hard: int | None = None) -> bool:
    try:
        resource.setrlimit(which, (soft, soft if hard is None else hard))
    except (OSError, ValueError):
        return False
    return True


def _prctl(option: int, value: int) -> bool:
    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def _leave_network() -> bool:
    """An empty network namespace; who is not root gets one by way of a user namespace."""
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        return True
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    return _keep_identity(user, group)


def _keep_identity(user: int, group: int) -> bool:
    """Map our own ids into the new user namespace; without that, writing a file fails with EOVERFLOW."""
    try:
        for name, words in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(words)
    except OSError:
        return False
    return True


def _restore_signals() -> None:
    """Python ignores these, and what is ignored stays ignored across exec."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    main()
