"""The virtual OctoPrint as a process: it starts without a network and never outlives us."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from printers import Unreachable, octoprint_home
from printers.octoprint import OctoPrintHost
from printers.octoprint_home import default_home, install
from printers.tether import tethered
from printers.virtual import VirtualOctoPrint, free_port

PATIENCE_S = 20.0
CHILD = """
import sys, time
from pathlib import Path
from printers.virtual import VirtualOctoPrint
octoprint = VirtualOctoPrint(Path(sys.argv[1]), int(sys.argv[2]))
octoprint.start()
print(octoprint.pid, flush=True)
octoprint.wait_ready()
print("ready", flush=True)
octoprint.wait_end()
"""


def gone(pid: int) -> bool:
    """No such process, or one that only waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait(condition) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def basedir(octoprint, tmp_path):
    """User and key of the shared OctoPrint, so that no time goes into making others."""
    for name in ("users.yaml", "lab.key"):
        shutil.copy(octoprint.basedir / name, tmp_path / name)
    return tmp_path


def test_installing_again_needs_neither_installer_nor_time(octoprint, monkeypatch):
    monkeypatch.setattr(octoprint_home, "_build", lambda home: pytest.fail("built again"))
    assert install(default_home()).exists()


def test_a_broken_installation_is_no_installation(tmp_path, monkeypatch):
    def break_off(command):
        raise RuntimeError("no network")

    monkeypatch.setattr(octoprint_home, "_run", break_off)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no network"):
            install(tmp_path / "home")


def test_an_installer_that_fails_tells_why():
    with pytest.raises(RuntimeError, match="nothing of that name"):
        octoprint_home._run([sys.executable, "-c", "import sys; sys.exit('nothing of that name')"])


def test_the_key_is_long_and_nobody_elses(octoprint):
    assert len(octoprint.api_key) == 32
    assert octoprint.key_file.stat().st_mode & 0o077 == 0


def test_killed_with_us_by_minus_9(octoprint, basedir):
    command = [sys.executable, "-c", CHILD, str(basedir), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as parent:
        pid = int(parent.stdout.readline())
        assert parent.stdout.readline() == "ready\n"
        assert "octoprint" in Path(f"/proc/{pid}/cmdline").read_text()
        parent.kill()
    wait(lambda: gone(pid))


def test_a_child_whose_parent_died_too_early_does_not_begin():
    command = tethered([sys.executable, "-c", "print('began')"])
    command[command.index(str(os.getpid()))] = "1"  # as if we had died and init had taken it over
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stdout == ""


def test_on_a_port_that_is_taken_it_does_not_pretend_to_be_the_other_one(octoprint, basedir):
    taken = VirtualOctoPrint(basedir, octoprint.port)
    with pytest.raises(RuntimeError, match="taken"):
        taken.start()
    assert not taken.alive


def test_one_that_never_gets_ready_says_why_and_leaves_nothing(basedir, monkeypatch):
    broken = VirtualOctoPrint(basedir, free_port())
    monkeypatch.setattr("printers.virtual.config", lambda _: "serial: [this is no configuration")
    with pytest.raises(RuntimeError, match="not ready"):
        broken.__enter__()
    assert not broken.alive


def test_stopped_and_run_again_from_the_command_line_it_has_its_files(basedir, short):
    with VirtualOctoPrint(basedir, free_port()) as first:
        OctoPrintHost(first.url, first.api_key).upload("makerlab/a.gcode", short)
        pid = first.pid
    assert gone(pid)
    port = free_port()
    command = [sys.executable, "-m", "printers", "virtual", "--port", str(port), "--dir", str(basedir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout.readline().startswith(f"http://127.0.0.1:{port}")
        second = OctoPrintHost(f"http://127.0.0.1:{port}", first.api_key)
        assert second.files() == ["makerlab/a.gcode"]
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_S) == 0
    with pytest.raises(Unreachable, match="no connection"):
        second.version()
