"""A print host in memory, with faults on request; it passes the same contract tests as OctoPrint."""

import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from printers.errors import Refused, Unreachable
from printers.fake_machine import FakeMachine
from printers.host import (
    Command,
    HostState,
    HostStatus,
    HostVersion,
    PrintHost,
    RemoteFile,
    checked_name,
    checked_new_name,
)

T = TypeVar("T")


class Fault(StrEnum):
    """How a request can go wrong."""

    UNREACHABLE = "unreachable"  # nothing is sent
    REQUEST_LOST = "request lost"  # sent, never carried out, no answer (also an upload cut short)
    ANSWER_LOST = "answer lost"  # sent, carried out, no answer
    BUSY = "busy"  # 409
    REFUSED = "refused"  # 403
    DISK_FULL = "disk full"  # 500; of an upload the first half is kept


_ANSWERS = {Fault.BUSY: 409, Fault.REFUSED: 403, Fault.DISK_FULL: 500}
VERBS = frozenset({"status", "upload", "file", "start", "command", "heat", "link", "delete", "version"})


class FakeHost(PrintHost):
    """`PrintHost` without a network. Time passes only by `advance`; the same calls give the same answers.

    `machine` is the printer behind it, for a test to look at (`machine.starts`) or to break.
    """

    def __init__(self) -> None:
        self.machine = FakeMachine()
        self._one_at_a_time = threading.RLock()
        self.calls: list[str] = []  # every verb asked for, also those that failed
        self._faults: dict[str, list[Fault]] = {}
        self._alive = True
        self._plugged = True
        self._frozen = False
        self._backlog: list[Callable[[], object]] = []

    # the port

    def status(self) -> HostStatus:
        """See `PrintHost`."""
        return self._ask("status", self.machine.status)

    def version(self) -> HostVersion:
        """A made-up version."""
        return self._ask("version", lambda: HostVersion("0", "0.1", "FakeHost"))

    def upload(self, name: str, file: Path) -> None:
        """See `PrintHost`."""
        checked_new_name(name)
        content = file.read_bytes()
        half = content[: len(content) // 2]
        store = self.machine.store
        self._ask("upload", lambda: store(name, content), write=True, disk_full=lambda: store(name, half))

    def file(self, name: str) -> RemoteFile | None:
        """See `PrintHost`."""
        checked_name(name)
        return self._ask("file", lambda: self.machine.look_up(name))

    def start(self, name: str) -> None:
        """See `PrintHost`."""
        checked_name(name)
        self._ask("start", lambda: self.machine.start(name), write=True)

    def command(self, command: Command) -> None:
        """See `PrintHost`."""
        act = {
            Command.PAUSE: self.machine.pause,
            Command.RESUME: self.machine.resume,
            Command.CANCEL: self.machine.cancel,
        }[command]
        self._ask("command", act, write=True)

    def heat(self, tool: float, bed: float) -> None:
        """See `PrintHost`."""
        self._ask("heat", lambda: self.machine.heat(tool, bed), write=True)

    def link(self, *, up: bool) -> None:
        """See `PrintHost`."""
        self._ask("link", self.machine.connect if up else self.machine.disconnect, write=True)

    def delete(self, name: str) -> bool:
        """See `PrintHost`."""
        checked_name(name)
        return self._ask("delete", lambda: self.machine.remove(name), write=True)

    # what a test does to it

    def advance(self, seconds: float) -> None:
        """Let time pass at the printer."""
        if self._alive and not self._frozen:
            self.machine.advance(seconds)

    def fail(self, verb: str, fault: Fault, times: int = 1) -> None:
        """The next `times` requests of this verb go wrong so."""
        if verb not in VERBS:
            raise ValueError(f"no verb of a print host: {verb}")
        self._faults.setdefault(verb, []).extend([fault] * times)

    def unplug(self) -> None:
        """The network is gone: connections fail, the print goes on; until `plug`."""
        self._plugged = False

    def plug(self) -> None:
        """The network is back."""
        self._plugged = True

    def die(self) -> None:
        """The host's computer loses power: connections are refused until `come_back`."""
        self._alive = False

    def come_back(self) -> None:
        """Power again: it looks idle, whatever was on the bed."""
        self._alive, self._frozen, self._backlog = True, False, []
        self.machine.reboot()

    def freeze(self) -> None:
        """The host stops (SIGSTOP): requests arrive and wait, nobody answers."""
        self._frozen = True

    def thaw(self) -> None:
        """It goes on and first carries out what arrived meanwhile."""
        self._frozen = False
        for act in self._backlog:
            _without_refusal(act)
        self._backlog = []

    def go_silent(self) -> None:
        """The firmware says nothing more: "printing" without progress."""
        self.machine.silent = True

    def printer_error(self, text: str) -> None:
        """The firmware stops with an error, or the cable is out."""
        self.machine.fail(text)

    def reconnect(self) -> None:
        """Somebody repaired it and pressed "connect"."""
        self.machine.state, self.machine.error, self.machine.silent = HostState.OPERATIONAL, None, False

    def print_by_hand(self, name: str, content: bytes = b"G4 S60\n") -> None:
        """Somebody starts a print at the printer itself, of a new file or one that is there."""
        if name not in self.machine.files:
            self.machine.store(name, content)
        self.machine.start(name)

    def _ask(
        self,
        verb: str,
        act: Callable[[], T],
        *,
        write: bool = False,
        disk_full: Callable[[], None] | None = None,
    ) -> T:
        with self._one_at_a_time:  # as OctoPrint: two workers may ask at once
            return self._answer(verb, act, write, disk_full)

    def _answer(
        self, verb: str, act: Callable[[], T], write: bool, disk_full: Callable[[], None] | None
    ) -> T:
        self.calls.append(verb)
        queue = self._faults.get(verb)
        fault = queue.pop(0) if queue else None
        if not (self._alive and self._plugged) or fault is Fault.UNREACHABLE:
            raise Unreachable("connection refused", sent=False)
        if self._frozen or fault is Fault.REQUEST_LOST:
            if self._frozen and write:
                self._backlog.append(act)
            raise Unreachable("no answer in time", sent=True)
        if fault is Fault.DISK_FULL and disk_full:
            _without_refusal(disk_full)
        if fault in _ANSWERS:
            raise Refused(_ANSWERS[fault], fault.value)
        if fault is Fault.ANSWER_LOST:
            _without_refusal(act)
            raise Unreachable("no answer in time", sent=True)
        return act()


def _without_refusal(act: Callable[[], object]) -> None:
    """Carry out; nobody is there to hear a refusal."""
    try:
        act()
    except Refused:
        return
