"""Asks a printer a question through OctoPrint and listens to what it says.

OctoPrint's API sends commands but tells no answers; those come over its push socket only. Of that we speak
the plainest dialect, requests that wait for the next message (SockJS, "xhr"), so that addresses, certificates
and limits are those of every other request.
"""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

from printers.errors import Refused, Unreachable
from printers.session import HostSession

DONE = "ok"
LISTEN_S = 8.0


def ask_printer(session: HostSession, command: str, *, patience_s: float = LISTEN_S) -> list[str]:
    """The printer's lines from the echo of `command` to its "ok", at most those of `patience_s`.

    `session` carries a key. Empty when the firmware stays silent. Raises HostError; 409 while it prints.
    """
    origin = session.origin
    channel = f"{origin}/sockjs/000/{secrets.token_hex(8)}"
    _open(session, channel, _ticket(session))
    session.post(origin + "/api/printer/command", json={"command": command})
    return list(_answer(_heard(session, channel, patience_s), command))


def _ticket(session: HostSession) -> str:
    """Who we are, for the socket: it takes a session of OctoPrint's, not a key."""
    said = _json(session.post(session.origin + "/api/login", json={"passive": True}).text)
    try:
        return f"{said['name']}:{said['session']}"
    except (KeyError, TypeError) as error:
        raise Unreachable("what answers there is not OctoPrint", sent=True) from error


def _open(session: HostSession, channel: str, ticket: str) -> None:
    if session.post(channel + "/xhr").text.strip() != "o":
        raise Unreachable("its push socket did not open", sent=True)
    session.post(channel + "/xhr_send", data=json.dumps([json.dumps({"auth": ticket})]))


def _heard(session: HostSession, channel: str, patience_s: float) -> Iterator[str]:
    """Lines of the terminal as they come, `Send: …` and `Recv: …`; ends after `patience_s`."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            frame = session.post(channel + "/xhr").text.strip()
        except (Refused, Unreachable):  # it was closed, or nothing more is said
            return
        if frame.startswith("a"):
            for message in _json(frame[1:]) or ():
                yield from _logs(message)


def _logs(message: Any) -> list[str]:
    current = message.get("current") if isinstance(message, dict) else None
    logs = current.get("logs") if isinstance(current, dict) else None
    return [str(line) for line in logs] if isinstance(logs, list) else []


def _answer(lines: Iterator[str], command: str) -> Iterator[str]:
    """What was received between our command and the next "ok"."""
    asked = False
    for line in lines:
        kind, _, words = line.partition(": ")
        if kind == "Send":
            asked = asked or command in words
        elif asked and kind == "Recv":
            if words.strip().startswith(DONE):
                return
            yield words[:200]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unreachable("what answers there is not OctoPrint", sent=True) from error
