"""The printer inside `FakeHost`: files, one job and a clock that moves only when told."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from printers.errors import Refused
from printers.host import HostState, HostStatus, RemoteFile

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
CHANGE_S = 0.1  # how long starting, pausing, resuming, cancelling and finishing take
LINE_S = 0.001  # a line without a dwell
COLD = 21.0  # °C in the room
_DWELL = re.compile(rb"^\s*G4\s+([PS])(\d+(?:\.\d+)?)", re.MULTILINE)


@dataclass
class StoredFile:
    """A file and the record of its prints."""

    content: bytes
    successes: int = 0
    failures: int = 0
    last_success: bool | None = None
    last_date: datetime | None = None

    def print_s(self) -> float:
        """Seconds a print takes: the dwells (G4) in it and a millisecond a line."""
        dwells = sum(float(n) * (0.001 if unit == b"P" else 1.0) for unit, n in _DWELL.findall(self.content))
        return dwells + LINE_S * (self.content.count(b"\n") + 1)


class FakeMachine:
    """Behaves like OctoPrint with one printer; its answers depend on nothing but what it was told."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}
        self.starts: list[str] = []  # every print that really began, in order
        self.state = HostState.OPERATIONAL
        self.error: str | None = None
        self.selected: str | None = None
        self.done_s: float | None = None  # seconds of the job done; None: selected, not begun
        self.now_s = 0.0
        self.silent = False
        self.ignored_starts = 0  # so many starts are answered well and lead to nothing
        self.temperatures: dict[str, tuple[float | None, float | None]] = {
            "tool0": (COLD, 0.0),
            "bed": (COLD, 0.0),
        }
        self._change_left_s = 0.0

    # what requests do

    def store(self, name: str, content: bytes) -> None:
        """Keep a new file; 409 where one of that name is."""
        if name in self.files:
            raise Refused(409, "File already exists and noOverwrite was set")
        self.files[name] = StoredFile(content)

    def look_up(self, name: str) -> RemoteFile | None:
        """The file as the host describes it."""
        kept = self.files.get(name)
        if kept is None:
            return None
        sha1 = hashlib.sha1(kept.content, usedforsecurity=False).hexdigest()
        return RemoteFile(
            name, len(kept.content), sha1, kept.successes, kept.failures, kept.last_success, kept.last_date
        )

    def start(self, name: str) -> None:
        """Select and print; 404 without the file, 409 while busy or offline."""
        if name not in self.files:
            raise Refused(404, "Not found")
        if self.state is not HostState.OPERATIONAL:
            raise Refused(409, "Printer is already printing, cannot select a new file")
        if self.ignored_starts:
            self.ignored_starts -= 1
            return
        self.selected, self.done_s = name, 0.0
        self.starts.append(name)
        self._change_to(HostState.STARTING)

    def pause(self) -> None:
        """Does nothing when it already pauses."""
        self._needs_job()
        if self.state in (HostState.STARTING, HostState.PRINTING):
            self._change_to(HostState.PAUSING)

    def resume(self) -> None:
        """Does nothing when it already prints."""
        self._needs_job()
        if self.state is HostState.PAUSED:
            self._change_to(HostState.RESUMING)

    def cancel(self) -> None:
        """Ends the job, which counts as a failure."""
        self._needs_job()
        self._change_to(HostState.CANCELLING)

    def heat(self, tool: float, bed: float) -> None:
        """Set both targets; they are reached at once."""
        self._needs_printer()
        for part, target in (("tool0", tool), ("bed", bed)):
            self.temperatures[part] = (max(target, COLD), target)

    def connect(self) -> None:
        """Does nothing when it is connected already."""
        if self.state in (HostState.OFFLINE, HostState.ERROR):
            self.state, self.error = HostState.OPERATIONAL, None

    def disconnect(self) -> None:
        """What prints fails."""
        if self.state.busy:
            self._record(success=False)
        self.state, self.selected, self.done_s = HostState.OFFLINE, None, None

    def remove(self, name: str) -> bool:
        """False while it is being printed; a file that is not there is gone."""
        if self.state.busy and self.selected == name:
            return False
        self.files.pop(name, None)
        if self.selected == name:
            self.selected, self.done_s = None, None
        return True

    def status(self) -> HostStatus:
        """What the host shows now."""
        job = self.files.get(self.selected or "")
        size, total = (len(job.content), job.print_s()) if job else (None, 0.0)
        begun = job is not None and self.done_s is not None
        share = min((self.done_s or 0.0) / total, 1.0) if begun else None
        return HostStatus(
            state=self.state,
            text=self.state.value.capitalize(),
            file=self.selected,
            file_pos=round(share * size) if share is not None and size is not None else None,
            file_size=size,
            progress=share,
            elapsed_s=self.done_s,
            left_s=total - (self.done_s or 0.0) if begun else None,
            temperatures=dict(self.temperatures),
            error=self.error,
        )

    # what happens at the printer

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        left = seconds
        while left > 1e-9:
            spent = self._spend(left)
            self.now_s += spent
            left -= spent

    def fail(self, error: str) -> None:
        """The printer reports an error or is gone: the job fails, the reason stays on the screen."""
        if self.state.busy:
            self._record(success=False)
        self.state, self.error, self.selected, self.done_s = HostState.ERROR, error, None, None

    def reboot(self) -> None:
        """The host's computer died and came back: it looks idle, and no failure is recorded."""
        self.state, self.error, self.selected, self.done_s = HostState.OPERATIONAL, None, None, None
        self.silent = False

    def _needs_printer(self) -> None:
        if self.state in (HostState.OFFLINE, HostState.ERROR):
            raise Refused(409, "Printer is not operational")

    def _needs_job(self) -> None:
        if not self.state.busy:
            raise Refused(409, "Printer is neither printing nor paused")

    def _change_to(self, state: HostState) -> None:
        self.state, self._change_left_s = state, CHANGE_S

    def _spend(self, seconds: float) -> float:
        after = self._after_change().get(self.state)
        if self.silent:
            return seconds
        if after is not None:
            return self._wait_for_change(seconds, after)
        return self._print(seconds) if self.state is HostState.PRINTING else seconds

    def _after_change(self) -> dict[HostState, Callable[[], None]]:
        return {
            HostState.STARTING: lambda: self._change_to(HostState.PRINTING),
            HostState.PAUSING: lambda: self._change_to(HostState.PAUSED),
            HostState.RESUMING: lambda: self._change_to(HostState.PRINTING),
            HostState.CANCELLING: lambda: self._end(success=False),
            HostState.FINISHING: lambda: self._end(success=True),
        }

    def _wait_for_change(self, seconds: float, after: Callable[[], None]) -> float:
        spent = min(seconds, self._change_left_s)
        self._change_left_s -= spent
        if self._change_left_s <= 1e-9:
            after()
        return spent

    def _print(self, seconds: float) -> float:
        total = self.files[self.selected or ""].print_s()
        done = self.done_s or 0.0
        spent = min(seconds, total - done)
        self.done_s = done + spent
        if self.done_s >= total - 1e-9:
            self._change_to(HostState.FINISHING)
        return spent

    def _end(self, *, success: bool) -> None:
        self._record(success=success)
        self.state = HostState.OPERATIONAL
        if not success:
            self.done_s = None

    def _record(self, *, success: bool) -> None:
        kept = self.files[self.selected or ""]
        kept.successes += success
        kept.failures += not success
        kept.last_success, kept.last_date = success, EPOCH + timedelta(seconds=self.now_s)
