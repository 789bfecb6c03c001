"""From a row to a print host: the one place where a printer's key is decrypted."""

import threading
from collections.abc import Callable

from cryptography.fernet import InvalidToken

from makerlab.core.crypto import decrypt
from makerlab.core.settings import Settings
from makerlab.fleet.models import Printer
from printers.errors import HostError
from printers.host import PrintHost
from printers.octoprint import OctoPrintHost

HostOf = Callable[[Printer], PrintHost]

# What `open_host` may raise: a bad address, or a key that was encrypted under another key file.
NO_HOST = (HostError, ValueError, InvalidToken)


def open_host(printer: Printer, settings: Settings) -> OctoPrintHost:
    """The print host of `printer`; no request is made here. Raises what stands in `NO_HOST`."""
    return OctoPrintHost(
        printer.url,
        decrypt(printer.key_encrypted, settings.printer_key),
        allowed_networks=settings.printer_networks.split(","),
        certificate=printer.certificate,
    )


class Hosts:
    """A `HostOf` that keeps each printer's host and its connection, until its address or key changes.

    Used by many threads. A request that is under way on a host that is given up ends as it would have.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: dict[int, tuple[tuple[str, str, str], OctoPrintHost]] = {}
        self._lock = threading.Lock()

    def __call__(self, printer: Printer) -> OctoPrintHost:
        """Raises what stands in `NO_HOST`."""
        way = (printer.url, printer.key_encrypted, printer.certificate)
        with self._lock:
            known = self._open.get(printer.id)
            if known and known[0] == way:
                return known[1]
            host = open_host(printer, self._settings)
            self._open[printer.id] = (way, host)
        if known:
            known[1].close()
        return host
