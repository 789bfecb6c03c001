"""The port: what the lab asks of whatever speaks to a printer."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Protocol


class HostState(StrEnum):
    """What the host says about its printer."""

    OPERATIONAL = "operational"
    STARTING = "starting"
    PRINTING = "printing"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESUMING = "resuming"
    CANCELLING = "cancelling"
    FINISHING = "finishing"
    CONNECTING = "connecting"
    OFFLINE = "offline"
    ERROR = "error"
    UNKNOWN = "unknown"

    @property
    def busy(self) -> bool:
        """A print is under way: it moves, waits or is being ended."""
        return self in _BUSY


_BUSY = frozenset(
    {
        HostState.STARTING,
        HostState.PRINTING,
        HostState.PAUSING,
        HostState.PAUSED,
        HostState.RESUMING,
        HostState.CANCELLING,
        HostState.FINISHING,
    }
)


class Command(StrEnum):
    """What a person may ask of a running print."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class HostStatus:
    """One look at a host. `file` is the *selected* file: it prints only while `state.busy`.

    Sizes in bytes, times in seconds, temperatures in °C as (actual, target), `progress` 0 to 1 by
    position in the file. A file on the printer's own card is named `sdcard:NAME`.
    """

    state: HostState
    text: str
    file: str | None = None
    file_pos: int | None = None
    file_size: int | None = None
    progress: float | None = None
    elapsed_s: float | None = None
    left_s: float | None = None
    temperatures: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    error: str | None = None

    def prints(self, name: str) -> bool:
        """True when this very file is being printed now."""
        return self.state.busy and self.file == name


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the host, and the host's own count of how its prints ended.

    `sha1` is of the content, where the host gives one; `last_date` is by the host's clock; `filament_mm` is
    the host's own reading of the whole file.
    """

    name: str
    size: int
    sha1: str | None = None
    successes: int = 0
    failures: int = 0
    last_success: bool | None = None
    last_date: datetime | None = None
    filament_mm: float | None = None


@dataclass(frozen=True, slots=True)
class HostVersion:
    """What answers: shown when a person tests a connection."""

    server: str
    api: str
    text: str


class PrintHost(Protocol):
    """Eight questions and orders. Every method may raise `HostError`; none repeats a request.

    Names are relative paths such as `makerlab/o12-p3-a1-1a2b3c4d.gcode` (see `checked_name`).
    """

    def status(self) -> HostStatus:
        """How host and printer are doing."""

    def upload(self, name: str, file: Path) -> None:
        """Store a file, making its folder; never overwrites (409), never starts anything."""

    def file(self, name: str) -> RemoteFile | None:
        """What the host knows of a file, None when it surely has none of that name."""

    def start(self, name: str) -> None:
        """Exactly one request to select and print. No error does not prove that this file prints."""

    def command(self, command: Command) -> None:
        """Pause, resume or cancel what prints now; 409 when nothing does."""

    def heat(self, tool: float, bed: float) -> None:
        """Targets of the first nozzle and the bed in °C, 0: off; 409 when no printer is connected.

        Also obeyed while it prints: whoever calls must know that it does not.
        """

    def link(self, *, up: bool) -> None:
        """Connect the host to its printer, or let go of it, which ends what prints there."""

    def delete(self, name: str) -> bool:
        """True: gone, it cannot start any more. False: it is being printed (409)."""


GCODE_ENDINGS = (".gcode", ".gco", ".g")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def checked_name(name: str) -> str:
    """The name itself, or ValueError: relative, no `..`, no hidden part, a G-code ending.

    Hosts delete whole folders by the same request, so a name that is no file's must not get there.
    """
    parts = name.split("/")
    if not name.isprintable() or "\\" in name or any(not part or part.startswith(".") for part in parts):
        raise ValueError(f"not a name for a file on a print host: {name!r}")
    if PurePosixPath(name).suffix.lower() not in GCODE_ENDINGS:
        raise ValueError(f"not the name of a G-code file: {name!r}")
    return name


def checked_new_name(name: str) -> str:
    """The same for a file we upload: plain ASCII besides, or ValueError.

    OctoPrint stores `a?b.gcode` as `ab.gcode` without a word, so that the file is not where we look.
    """
    if not _PLAIN.fullmatch(name):
        raise ValueError(f"only letters, digits, dot, dash and underscore in a new name: {name!r}")
    return checked_name(name)
