"""Trying whether an OctoPrint answers at an address with a key, and saying so in plain words."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken

from makerlab.core.crypto import decrypt
from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.core.settings import Settings
from makerlab.fleet import rules, words
from makerlab.fleet.actions import check_address
from printers.errors import HostError
from printers.octoprint import OctoPrintHost

PATIENCE_S = 5.0  # somebody waits before the screen


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a test, as a sentence to show."""

    good: bool
    text: str


def try_connection(
    url: str,
    api_key: str,
    stored: tuple[str, str] | None,
    settings: Settings,
    host_at: Callable[..., Any] = OctoPrintHost,
) -> Answer:
    """Ask for the version at `url`. `stored`: address and encrypted key of the printer, where there is one.

    The stored key is used only at the address it was typed for. Never raises for what a host answers.
    """
    url = rules.tidy_address(url)
    try:
        check_address(url, settings)
        key = api_key.strip() or _stored_key(url, stored, settings)
        with closing(
            host_at(url, key, read_s=PATIENCE_S, allowed_networks=settings.printer_networks.split(","))
        ) as host:
            version = host.version()
    except Invalid as error:
        return Answer(False, f"{error.message} {error.way_out}".strip())
    except HostError as error:
        return Answer(False, words.trouble(error))
    return Answer(True, _("Verbunden mit %(server)s.", server=rules.tidy(version.text)[:60]))


def _stored_key(url: str, stored: tuple[str, str] | None, settings: Settings) -> str:
    if stored is None or rules.origin(stored[0]) != rules.origin(url):
        raise Invalid(_("Der Schlüssel von OctoPrint fehlt."))
    try:
        return decrypt(stored[1], settings.printer_key)
    except InvalidToken as error:
        raise Invalid(
            _("Der gespeicherte Schlüssel ist nicht lesbar."), way_out=_("Geben Sie ihn noch einmal ein.")
        ) from error
