"""From a row to a print host: the one place where a printer's key is decrypted."""

from collections.abc import Callable

from makerlab.core.crypto import decrypt
from makerlab.core.settings import Settings
from makerlab.fleet.models import Printer
from printers.host import PrintHost
from printers.octoprint import OctoPrintHost

HostOf = Callable[[Printer], PrintHost]


def open_host(printer: Printer, settings: Settings) -> OctoPrintHost:
    """The print host of `printer`; no request is made here. Raises `printers.NotAllowed` for a bad address."""
    return OctoPrintHost(
        printer.url,
        decrypt(printer.key_encrypted, settings.printer_key),
        allowed_networks=settings.printer_networks.split(","),
    )
