"""Run a program that reads a stranger's file: with limits, alone, and killed with all that it started.

Layers, each set by `designs/launcher.py` before the program begins: address space, CPU time, size of any
file, no core dump, no new privileges, no network (where the system lets us unshare it), SIGKILL when the
thread that called `run` dies. From here: a session of its own that is killed as a group, an environment of
five variables, all descriptors closed, a deadline by the monotonic clock. `layers()` says which of them
this system has.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launcher.py")
KEPT_OUTPUT = 1 << 20  # bytes kept of each stream: its end, where programs say why they stop
TICK_S = 0.05  # how often deadline, `cancelled` and the end of the child are looked at


@dataclass(frozen=True, slots=True)
class Completed:
    """How a program ended. `returncode` is -N after signal N; 127 when it could not be started."""

    returncode: int
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    cancelled: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.returncode == 0 and not self.timed_out and not self.cancelled


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    seconds: float,
    memory_mb: int,
    file_mb: int,
    stdin: bytes | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    cpu_seconds: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Run `argv` (argv[0] an absolute path) in the directory `cwd`, which should be empty and its own.

    `on_line` gets each line of stdout as it comes; `cancelled` is asked about twenty times a second. When
    it says yes, or after `seconds`, the whole group is killed; so it is when either of them raises, and at
    the end. `cpu_seconds` defaults to `seconds` on every core. Call it from a thread that outlives the
    program.
    """
    cores = os.cpu_count() or 1
    limits = _limits(cpu_seconds or int(seconds * cores) + 1, memory_mb, file_mb)
    with tempfile.TemporaryFile() as given:
        given.write(stdin or b"")
        given.seek(0)
        child = _start([limits, *argv], cwd, given, {**environment(cwd), **(env or {})})
        return _Watch(child, seconds, on_line, cancelled).to_the_end()


def environment(cwd: Path) -> dict[str, str]:
    """The whole environment that a program gets; nothing of ours, so no secret leaves that way."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(cwd),
        "TMPDIR": str(cwd),
        "OPENBLAS_NUM_THREADS": "1",  # each of its threads would reserve address space
    }


@cache
def layers() -> dict[str, bool]:
    """Which layers hold on this system, by name; tried once, in a process that then ends."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as nothing:
        child = _start([_limits(60, 512, 16)], Path(folder), nothing, environment(Path(folder)))
        probe = _Watch(child, 10, None, None).to_the_end()
    held: dict[str, bool] = json.loads(probe.stdout) if probe.ok else {}
    return held


def _limits(cpu_seconds: int, memory_mb: int, file_mb: int) -> str:
    return json.dumps(
        {"cpu_seconds": cpu_seconds, "memory_mb": memory_mb, "file_mb": file_mb, "parent": os.getpid()}
    )


def _start(
    words: Sequence[str], cwd: Path, stdin: IO[bytes], env: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(LAUNCHER), *words],
        cwd=cwd,
        env=env,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


@dataclass(slots=True)
class _Watch:
    """One running child, its deadline and what it has said so far."""

    child: subprocess.Popen[bytes]
    seconds: float
    on_line: Callable[[str], None] | None
    cancelled: Callable[[], bool] | None
    began: float = field(default_factory=time.monotonic)
    said: dict[str, bytearray] = field(default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()})
    line: bytearray = field(default_factory=bytearray)

    def to_the_end(self) -> Completed:
        """Wait for the end by itself, the deadline or the wish to stop; leave no process behind."""
        stopped = False
        with self.child, selectors.DefaultSelector() as selector:
            try:
                self._listen_to(selector)
                while not self._ended() and not stopped:
                    self._read(selector, TICK_S)
                    stopped = self._late() or self._unwanted()
            finally:
                self._kill_group()
            self._drain(selector)
        return self._completed(stopped)

    def _listen_to(self, selector: selectors.BaseSelector) -> None:
        for name, pipe in (("stdout", self.child.stdout), ("stderr", self.child.stderr)):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_READ, name)

    def _read(self, selector: selectors.BaseSelector, wait_s: float) -> bool:
        """Take what is there; whether there was anything."""
        if not selector.get_map():
            time.sleep(wait_s)
            return False
        events = selector.select(wait_s)
        for key, _ in events:
            chunk = os.read(key.fd, 1 << 16)
            if not chunk:
                selector.unregister(key.fileobj)
            self._keep(key.data, chunk)
        return bool(events)

    def _drain(self, selector: selectors.BaseSelector) -> None:
        """What is still in the pipes; bounded, as a process that left our session may hold them open."""
        until = time.monotonic() + 1
        while selector.get_map() and time.monotonic() < until and self._read(selector, 0):
            pass
        if self.line:
            self._tell(b"")

    def _keep(self, name: str, chunk: bytes) -> None:
        kept = self.said[name]
        kept += chunk
        if len(kept) > 2 * KEPT_OUTPUT:
            del kept[:-KEPT_OUTPUT]
        if name == "stdout" and self.on_line is not None:
            self._tell_lines(chunk)

    def _tell_lines(self, chunk: bytes) -> None:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            self._tell(piece)
        self.line += rest[: max(0, KEPT_OUTPUT - len(self.line))]

    def _tell(self, piece: bytes) -> None:
        line = bytes(self.line) + piece
        self.line.clear()
        if self.on_line is not None:
            self.on_line(line.decode("utf-8", "replace").rstrip("\r"))

    def _ended(self) -> bool:
        """Whether the child is a zombie: not yet reaped, so its group id cannot be another's when we kill
        it.
        """
        return os.waitid(os.P_PID, self.child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _late(self) -> bool:
        return time.monotonic() - self.began > self.seconds

    def _unwanted(self) -> bool:
        return self.cancelled is not None and self.cancelled()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)

    def _completed(self, stopped: bool) -> Completed:
        timed_out = stopped and self._late()
        return Completed(
            returncode=self.child.returncode,
            stdout=bytes(self.said["stdout"][-KEPT_OUTPUT:]),
            stderr=bytes(self.said["stderr"][-KEPT_OUTPUT:]),
            seconds=time.monotonic() - self.began,
            timed_out=timed_out,
            cancelled=stopped and not timed_out,
        )
