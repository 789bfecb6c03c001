"""Ties a child process to ours, so that it dies with us even when we are killed with -9."""

import sys
from collections.abc import Sequence
from os import getpid

# Runs in the child, before the real program takes its place (exec keeps the setting). Not a
# preexec_fn: that runs between fork and exec, where a program with threads may hang.
_TIE = """
import ctypes, os, signal, sys
try:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
except (AttributeError, OSError):
    pass  # not Linux: only an orderly end takes the child along
if os.getppid() != int(sys.argv[1]):
    sys.exit("the parent died before the child began")
os.execv(sys.argv[2], sys.argv[2:])
"""


def tethered(command: Sequence[str]) -> list[str]:
    """The command, tied to the thread that starts it: start it from one that lives long enough."""
    return [sys.executable, "-I", "-S", "-c", _TIE, str(getpid()), *command]
