"""From a row to a print host: the one place where a printer's key is decrypted."""

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
    )
