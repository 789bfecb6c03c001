"""A key from OctoPrint itself: an application asks, a person confirms there, and nobody copies anything.

OctoPrint forgets a request that nobody asks after for 5 s, so `answer` has to be asked more often.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import requests

from printers.errors import Refused, Unreachable
from printers.network import PRIVATE_NETWORKS, checked_url, networks
from printers.session import HostSession

REQUEST = "/plugin/appkeys/request"
_TOKEN = re.compile(r"[0-9A-Za-z_-]{8,128}")


class Pending(StrEnum):
    """An answer that is no key."""

    WAITING = "waiting"
    GONE = "gone"  # refused by the person, or forgotten: OctoPrint does not say which


class KeyDesk:
    """Where one OctoPrint hands out keys. Raises NotAllowed for a bad address."""

    def __init__(
        self,
        url: str,
        *,
        patience_s: float = 4.0,
        allowed_networks: Iterable[str] = PRIVATE_NETWORKS,
        certificate: str = "",
    ) -> None:
        within = networks(allowed_networks)
        self._url = url.rstrip("/")
        self._session = HostSession(checked_url(url, within), "", patience_s, patience_s, within, certificate)

    def ask(self, app: str, user: str = "") -> str:
        """Ask for a key for `app`, in the name of `user` where given: the token of this request."""
        body = {"app": app, **({"user": user} if user else {})}
        answer = _json(self._session.post(self._session.origin + REQUEST, json=body))
        return _checked(str(answer.get("app_token", "")))

    def page(self, token: str) -> str:
        """Where a person signs in to OctoPrint and confirms."""
        return f"{self._url}/plugin/appkeys/auth/{_checked(token)}"

    def answer(self, token: str) -> str | Pending:
        """The key once it is granted."""
        try:
            said = self._session.get(f"{self._session.origin}{REQUEST}/{_checked(token)}")
        except Refused as refusal:
            if refusal.status == 404:
                return Pending.GONE
            raise
        if said.status_code == 202:
            return Pending.WAITING
        return _checked(str(_json(said).get("api_key", "")))

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()


def _checked(text: str) -> str:
    """Tokens and keys are put into addresses and headers: only what such a thing can be."""
    if not _TOKEN.fullmatch(text):
        raise Unreachable("what answers there is not OctoPrint", sent=True)
    return text


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        read = response.json()
    except ValueError as error:
        raise Unreachable("what answers there is not OctoPrint", sent=True) from error
    return read if isinstance(read, dict) else {}
