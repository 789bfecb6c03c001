"""`makerlab demo`: starts everything, keeps it going, ends everything, keeps the data."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from makerlab.demo.seed import PASSWORD
from printers.tether import tethered
from printers.virtual import free_port
from tests.journeys.floor import CSRF
from tests.postgres import NewDatabase

PATIENCE_S = 240.0


class Demo:
    """One run of the command; `output` is what a person would read."""

    def __init__(self, folder: Path, port: int, database_url: str) -> None:
        self.folder, self.port = folder, port
        self.log = folder.with_suffix(".log")
        # Relative, as `make demo` says it; the demo's children get it whole.
        self.directories = (os.path.relpath(folder), str(folder))
        environment = {
            **os.environ, "MAKERLAB_DATA_DIR": self.directories[0], "MAKERLAB_PORT": str(port),
            "MAKERLAB_DATABASE_URL": database_url,
        }  # fmt: skip
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                tethered([sys.executable, "-m", "makerlab", "demo", "--objects", "1"]),
                env=environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def interrupt(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def running(self) -> dict[int, str]:
        """Every process that was started with this demo's data directory, however it is related to us."""
        marks = {f"MAKERLAB_DATA_DIR={directory}".encode() for directory in self.directories}
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and marks & set((entry / "environ").read_bytes().split(b"\0")):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # it ended while we looked
        return found

    def wait_until_alone(self) -> None:
        deadline = time.monotonic() + 20
        while self.running():
            assert time.monotonic() < deadline, self.running()
            time.sleep(0.1)

    def pid_of(self, name: str) -> int:
        return next(pid for pid, words in self.running().items() if f"-m makerlab {name}" in words)

    def shows_a_picture(self) -> bool:
        """Somebody of sales signs in and sees what the first object looks like."""
        address, phone = f"http://127.0.0.1:{self.port}", requests.Session()
        phone.trust_env = False
        token = CSRF.findall(phone.get(f"{address}/anmelden", timeout=10).text)[0]
        form = {"email": "dilek@makerlab.example", "password": PASSWORD, "csrf_token": token}
        phone.post(f"{address}/anmelden", form, timeout=10)
        pictures = re.findall(r'src="(/bilder/\S+)"', phone.get(f"{address}/verkauf", timeout=30).text)
        answer = phone.get(address + pictures[0], timeout=30)
        return (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/anmelden", timeout=10) as answer:
            return bool(answer.status == 200)


@contextmanager
def demo(folder: Path, port: int, database_url: str) -> Iterator[Demo]:
    run = Demo(folder, port, database_url)
    try:
        run.wait_for("Ctrl-C ends everything")
        yield run
    finally:
        run.process.kill()
        run.process.wait()


def test_a_demo_comes_up_survives_killed_children_keeps_its_data_and_leaves_nothing_running(
    tmp_path: Path, new_database: NewDatabase
) -> None:
    folder, port, database_url = tmp_path / "data", free_port(), new_database()
    with demo(folder, port, database_url) as first:
        assert first.answers()
        assert first.shows_a_picture()
        sign_ins = re.findall(r"^  (trainee|instructor|sales|administrator) ", first.output, re.MULTILINE)
        assert set(sign_ins) == {"trainee", "instructor", "sales", "administrator"}
        os.kill(first.pid_of("work"), signal.SIGKILL)
        first.wait_for("“work” ended; starting it again.")
        assert first.interrupt() == 0
        assert first.running() == {}
        numbers = re.findall(r"number (\d+)", first.output)
    began = time.monotonic()
    with demo(folder, port, database_url) as second:
        assert time.monotonic() - began < PATIENCE_S
        assert re.findall(r"number (\d+)", second.output) == numbers
        assert "Making the objects" not in second.output
        second.process.kill()
        second.wait_until_alone()


def test_a_demo_refuses_the_directory_of_a_real_lab(tmp_path: Path) -> None:
    (tmp_path / "makerlab.sqlite").write_text("somebody's lab")
    environment = {**os.environ, "MAKERLAB_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "makerlab", "demo", "--reset"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "real lab" in done.stderr
    assert (tmp_path / "makerlab.sqlite").read_text() == "somebody's lab"
