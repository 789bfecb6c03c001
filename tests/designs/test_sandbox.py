"""The sandbox holds its limits and leaves nothing running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from designs import sandbox
from designs.sandbox import Completed

Shell = Callable[..., Completed]
ALIVE_SCRIPT = """
import sys, time, threading
from pathlib import Path
from designs import sandbox
sandbox.run(["/bin/sh", "-c", "echo $$; sleep 60"], cwd=Path(sys.argv[1]), seconds=60,
            memory_mb=256, file_mb=1, on_line=lambda line: print(line, flush=True))
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Run a line of shell in the sandbox, with small limits unless others are given."""

    def run(line: str, **changes: object) -> Completed:
        limits: dict[str, object] = {"seconds": 10, "memory_mb": 256, "file_mb": 1, **changes}
        return sandbox.run(["/bin/sh", "-c", line], cwd=tmp_path, **limits)  # type: ignore[arg-type]

    return run


def _is_running(pid: int) -> bool:
    """Whether the process lives; a zombie that nobody has reaped yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def _wait_until(promise: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not promise() and time.monotonic() < until:
        os.sched_yield()
    return promise()


def test_output_status_and_directory_come_back(shell: Shell, tmp_path: Path) -> None:
    done = shell("pwd; echo oh >&2; exit 3")
    assert (done.returncode, done.stdout, done.stderr, done.ok) == (
        3,
        f"{tmp_path}\n".encode(),
        b"oh\n",
        False,
    )


def test_stdin_is_given(shell: Shell) -> None:
    assert shell("cat", stdin=b"piece").stdout == b"piece"


def test_no_variable_of_ours_is_handed_on(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    assert b"SECRET_KEY" not in shell("env").stdout


def test_each_line_is_told_also_the_last_without_its_end(shell: Shell) -> None:
    lines: list[str] = []
    shell("echo one; printf 'two\\nthr'; printf ee", on_line=lines.append)
    assert lines == ["one", "two", "three"]


def test_deadline_kills_the_whole_group(shell: Shell) -> None:
    done = shell("sleep 60 & echo $!; sleep 60", seconds=0.3)
    assert done.timed_out
    assert not done.cancelled
    assert done.seconds < 5
    assert _wait_until(lambda: not _is_running(int(done.stdout)))


def test_what_a_program_left_behind_is_killed_at_its_end(shell: Shell) -> None:
    done = shell("sleep 60 >/dev/null 2>&1 & echo $!")
    assert done.ok
    assert _wait_until(lambda: not _is_running(int(done.stdout)))


def test_cancelling_stops_it(shell: Shell) -> None:
    lines: list[str] = []
    done = shell("echo begun; sleep 60", on_line=lines.append, cancelled=lambda: bool(lines))
    assert done.cancelled
    assert not done.timed_out


def test_an_error_in_a_callback_leaves_nothing_running(shell: Shell) -> None:
    pids: list[int] = []

    def burst(line: str) -> None:
        pids.append(int(line))
        raise RuntimeError(line)

    with pytest.raises(RuntimeError):
        shell("echo $$; sleep 60", on_line=burst)
    assert _wait_until(lambda: not _is_running(pids[0]))


def test_memory_is_limited(tmp_path: Path) -> None:
    argv = [sys.executable, "-I", "-S", "-c", "x = bytearray(400 << 20)"]
    done = sandbox.run(argv, cwd=tmp_path, seconds=10, memory_mb=256, file_mb=1)
    assert b"MemoryError" in done.stderr


def test_files_are_limited(shell: Shell, tmp_path: Path) -> None:
    done = shell("head -c 3000000 /dev/zero > big; exit $?")
    assert done.returncode == 128 + signal.SIGXFSZ
    assert (tmp_path / "big").stat().st_size == 1 << 20


def test_cpu_time_is_limited(shell: Shell) -> None:
    done = shell("while :; do :; done", cpu_seconds=1)
    assert done.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    assert not done.timed_out


def test_there_is_no_network_where_the_system_allows_that(shell: Shell) -> None:
    interfaces = {
        line.split(b":")[0].strip() for line in shell("tail -n +3 /proc/net/dev").stdout.splitlines()
    }
    assert (interfaces <= {b"lo"}) == sandbox.layers()["no_network"]


def test_endless_output_is_kept_short(shell: Shell) -> None:
    done = shell("head -c 9000000 /dev/zero; echo end")
    assert len(done.stdout) == sandbox.KEPT_OUTPUT
    assert done.stdout.endswith(b"end\n")


def test_a_missing_program_is_127(tmp_path: Path) -> None:
    done = sandbox.run(["/nowhere/slicer"], cwd=tmp_path, seconds=5, memory_mb=256, file_mb=1)
    assert done.returncode == 127
    assert b"No such file" in done.stderr


def test_the_program_dies_with_us(tmp_path: Path) -> None:
    script = [sys.executable, "-c", ALIVE_SCRIPT, str(tmp_path)]
    with subprocess.Popen(script, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as us:
        assert us.stdout is not None
        pid = int(us.stdout.readline())
        assert _is_running(pid)
        us.kill()
    assert _wait_until(lambda: not _is_running(pid))


def test_layers_are_named() -> None:
    assert {"memory", "cpu", "file_size", "no_core", "own_session", "parent_death", "no_network"} <= set(
        sandbox.layers()
    )
    assert sandbox.layers()["own_session"]
