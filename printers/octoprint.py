"""OctoPrint as a print host, through octorest, whose gaps are filled by requests of our own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from octorest import OctoRest  # type: ignore[import-untyped]

from printers.camera import read_camera
from printers.errors import Refused, Unreachable
from printers.firmware import FirmwareLimits, read_limits
from printers.host import (
    Command,
    HostStatus,
    HostVersion,
    PrintHost,
    RemoteFile,
    checked_name,
    checked_new_name,
)
from printers.multipart import FileForm
from printers.network import PRIVATE_NETWORKS, checked_url, networks
from printers.octoprint_answers import read_file, read_status, read_temperatures, read_version
from printers.session import HostSession
from printers.terminal import ask_printer

FILES = "/api/files/local"


class OctoPrintHost(PrintHost):
    """`PrintHost` for one OctoPrint. Building it asks the network nothing; it may be used by many threads.

    url: http(s), with a path prefix where a proxy wants one. api_key: of a user or an application.
    connect_s, read_s: seconds to wait for a connection, and for each piece of an answer; upload_s:
    for the answer to an upload, which OctoPrint hashes first. allowed_networks: CIDR texts outside of
    which nothing is sent; certificate: see `HostSession`. Raises NotAllowed, ValueError for a bad network.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        connect_s: float = 3.0,
        read_s: float = 10.0,
        upload_s: float = 120.0,
        allowed_networks: Iterable[str] = PRIVATE_NETWORKS,
        certificate: str = "",
    ) -> None:
        within = networks(allowed_networks)
        self._upload_times = (connect_s, upload_s)
        self._session = HostSession(checked_url(url, within), api_key, connect_s, read_s, within, certificate)
        self._origin = self._session.origin
        self._base = url.rstrip("/")
        # Given a key, the client would call the network now; the session sends the key.
        self._client = OctoRest(url=self._origin, session=self._session)

    def version(self) -> HostVersion:
        """What answers there: a test of address and key."""
        with _octoprint_answers():
            return read_version(self._client.get_version())

    def status(self) -> HostStatus:
        """See `PrintHost`. Two requests while the printer is connected, else one."""
        with _octoprint_answers():
            return read_status(self._client.job_info(), self._temperatures())

    def upload(self, name: str, file: Path) -> None:
        """See `PrintHost`. octorest would drop the folder and hold the file in memory."""
        path = PurePosixPath(checked_new_name(name))
        fields = {"noOverwrite": "true", "select": "false", "print": "false"}
        if path.parent.name:
            fields["path"] = str(path.parent)
        form = FileForm(fields, path.name, file)
        self._session.post(self._origin + FILES, data=form, headers=form.headers, timeout=self._upload_times)

    def file(self, name: str) -> RemoteFile | None:
        """See `PrintHost`."""
        checked_name(name)
        with _octoprint_answers():
            try:
                return self._file(name)
            except Refused as refusal:
                if _no_such_file(refusal):
                    return None
                if refusal.status != 500:
                    raise
            # OctoPrint 1.11 answers 500 for a file in a folder that is not there, as before the first upload.
            return self._file(name) if name in self.files() else None

    def _file(self, name: str) -> RemoteFile | None:
        return read_file(name, self._client.files_info("local", _quoted(name)))

    def start(self, name: str) -> None:
        """See `PrintHost`."""
        self._client.select(f"local/{_quoted(name)}", print=True)

    def command(self, command: Command) -> None:
        """See `PrintHost`."""
        orders: dict[Command, Callable[[], Any]] = {
            Command.PAUSE: self._client.pause,
            Command.RESUME: self._client.resume,
            Command.CANCEL: self._client.cancel,
        }
        orders[command]()

    def heat(self, tool: float, bed: float) -> None:
        """See `PrintHost`."""
        self._client.tool_target({"tool0": tool})
        self._client.bed_target(bed)

    def link(self, *, up: bool) -> None:
        """See `PrintHost`."""
        command = {"command": "connect" if up else "disconnect"}
        self._session.post(self._origin + "/api/connection", json=command)

    def delete(self, name: str) -> bool:
        """See `PrintHost`. What is not there (404) is gone as well."""
        try:
            self._client.delete(f"local/{_quoted(name)}")
        except Refused as refusal:
            if refusal.status == 409:
                return False
            if not _no_such_file(refusal):
                raise
        return True

    def limits(self) -> FirmwareLimits:
        """What the printer's firmware allows, by M503; empty where it does not say. 409 while it prints."""
        if self._client.job_info()["state"] != "Operational":
            raise Refused(409, "the printer is busy or not connected")
        return read_limits(ask_printer(self._session, "M503"))

    def camera(self) -> str:
        """The address of a still picture that OctoPrint is set up with, or empty."""
        with _octoprint_answers():
            settings = self._session.get(self._origin + "/api/settings").json()
            return read_camera(settings.get("webcam") or {}, self._base)

    def files(self) -> list[str]:
        """The names of all G-code files on the host, folders walked through."""
        with _octoprint_answers():
            return sorted(_names(self._client.files("local", recursive=True)["files"]))

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()

    def _temperatures(self) -> dict[str, tuple[float | None, float | None]]:
        try:
            return read_temperatures(self._client.printer(exclude=["sd", "state"]))
        except Refused as refusal:
            if refusal.status == 409:  # no printer connected
                return {}
            raise


def _quoted(name: str) -> str:
    """octorest puts names into URLs as they are; `#`, `%` and `?` would end or change them."""
    return quote(checked_name(name))


def _no_such_file(refusal: Refused) -> bool:
    return refusal.status == 404 and refusal.own


def _names(entries: Iterable[Any]) -> Iterator[str]:
    for entry in entries:
        if entry["type"] == "folder":
            yield from _names(entry.get("children", []))
        elif entry["type"] == "machinecode":
            yield str(entry["path"])


@contextmanager
def _octoprint_answers() -> Iterator[None]:
    """An answer that is no JSON or has another shape is as good as none."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreachable("what answers there is not OctoPrint", sent=True) from error
