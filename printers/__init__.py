"""Print hosts: OctoPrint behind a port of eight methods, a fake of it, and a virtual one to try things on."""

from printers.errors import HostError, NotAllowed, Refused, Unreachable, Untrusted
from printers.host import Command, HostState, HostStatus, HostVersion, PrintHost, RemoteFile

__all__ = [
    "Command",
    "HostError",
    "HostState",
    "HostStatus",
    "HostVersion",
    "NotAllowed",
    "PrintHost",
    "Refused",
    "RemoteFile",
    "Unreachable",
    "Untrusted",
]
