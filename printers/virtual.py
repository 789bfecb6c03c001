"""A real OctoPrint with its virtual printer, as a child process: for the demo and the tests."""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from printers.octoprint_home import default_home, install
from printers.tether import tethered
from printers.virtual_config import FAST_MOVES, config

POLL_S = 0.05
USER = "lab"


class VirtualOctoPrint:
    """One OctoPrint on 127.0.0.1 with files, user and key in `basedir`, which outlive the process.

    `fast` makes moves take no time (a 20 mm cube prints in 2 to 3 s); dwells (G4) stay real time.
    `camera`: address of a still picture that its settings shall name.
    """

    def __init__(
        self, basedir: Path, port: int, *, fast: bool = True, home: Path | None = None, camera: str = ""
    ) -> None:
        self.basedir = basedir
        self.port = port
        self.fast = fast
        self.camera = camera
        self.home = home or default_home()
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def api_key(self) -> str:
        """The key of the user, 32 characters; made at the first `prepare`."""
        return self.key_file.read_text().strip()

    @property
    def key_file(self) -> Path:
        """Where the key stands, readable by us only."""
        return self.basedir / "lab.key"

    @property
    def pid(self) -> int:
        """The process id of OctoPrint itself."""
        return self._running().pid

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process is not None and self._process.poll() is None

    def prepare(self) -> None:
        """Write configuration, user and key; what is there already is kept, except the configuration."""
        self.basedir.mkdir(parents=True, exist_ok=True)
        (self.basedir / "config.yaml").write_text(config(self.camera))
        scripts = self.basedir / "scripts" / "gcode"
        scripts.mkdir(parents=True, exist_ok=True)
        (scripts / "afterPrinterConnected").write_text(FAST_MOVES if self.fast else "")
        if not self.key_file.exists():
            self._add_user()

    def start(self) -> None:
        """Start the process; it dies with ours. Call it from a thread that lives as long as it shall.

        Raises RuntimeError when the port is taken or OctoPrint cannot be installed.
        """
        if self.alive:
            return
        _check_free(self.port)
        self.prepare()
        serve = ["serve", "--host", "127.0.0.1", "--port", str(self.port)]
        if os.geteuid() == 0:
            serve.append("--iknowwhatimdoing")
        with (self.basedir / "output.log").open("ab") as output:
            self._process = subprocess.Popen(
                tethered(self._octoprint(*serve)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Wait until the virtual printer is connected; RuntimeError with the last output otherwise."""
        deadline = time.monotonic() + timeout_s
        while self.printer_state() != "Operational":
            if not self.alive or time.monotonic() > deadline:
                raise RuntimeError(f"OctoPrint in {self.basedir} is not ready:\n{self._last_output()}")
            time.sleep(POLL_S)

    def wait_end(self) -> None:
        """Wait until the process ends by itself."""
        self._running().wait()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End it in good order, by force after `timeout_s`."""
        if self.alive:
            self._signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._running().wait(timeout_s)
        self.kill()

    def kill(self) -> None:
        """End it as a power cut would (kill -9), with all its children."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stop it in mid motion (SIGSTOP): connections are accepted, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def gcode(self, *lines: str) -> None:
        """Send lines to the printer, such as `!!DEBUG:go_awol`."""
        self._call("POST", "/api/printer/command", {"commands": list(lines)})

    def connect_printer(self) -> None:
        """Press "connect", as somebody would after repairing a fault."""
        self._call("POST", "/api/connection", {"command": "connect"})

    def printer_state(self) -> str | None:
        """OctoPrint's word for the state, None while it does not answer."""
        try:
            return str(self._call("GET", "/api/connection")["current"]["state"])
        except (
            OSError,
            HTTPException,
            ValueError,
            KeyError,
        ):  # while it starts, it even answers without HTTP
            return None

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except BaseException:  # nobody else would end it now
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _octoprint(self, *arguments: str) -> list[str]:
        return [str(install(self.home)), "--basedir", str(self.basedir), *arguments]

    def _add_user(self) -> None:
        add = self._octoprint("user", "add", "--password", secrets.token_urlsafe(16), "--admin", USER)
        subprocess.run(add, check=True, capture_output=True, timeout=60)
        users, key = self.basedir / "users.yaml", secrets.token_hex(16)
        users.write_text(users.read_text().replace("apikey: null", f"apikey: {key}"))
        self.key_file.touch(mode=0o600)
        self.key_file.write_text(key + "\n")

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            raise RuntimeError("OctoPrint was not started")
        return self._process

    def _signal(self, number: int) -> None:
        """To the whole group: OctoPrint starts helpers of its own."""
        try:
            os.killpg(self._running().pid, number)
        except ProcessLookupError:
            return

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"X-Api-Key": self.api_key, "Content-Type": "application/json"}
        content = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, content, headers, method=method)  # noqa: S310  own URL
        with _no_proxy().open(request, timeout=5) as answer:
            return json.loads(answer.read() or b"null")

    def _last_output(self) -> str:
        log = self.basedir / "output.log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else "(no output)"


def _no_proxy() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _check_free(port: int) -> None:
    """RuntimeError where somebody listens already, whose answers would be taken for ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise RuntimeError(f"port {port} is taken by another program") from error


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
