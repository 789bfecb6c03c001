"""A still picture of a printer: where OctoPrint says that one is, and fetching it with all limits."""

import ipaddress
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from printers.errors import NotAllowed, Unreachable
from printers.network import Network, checked_url
from printers.session import HostSession

KINDS = ("image/jpeg", "image/png")


def read_camera(webcam: Mapping[str, Any], base: str) -> str:
    """The address of a still picture, from the `webcam` part of OctoPrint's settings; empty without one.

    `base` is OctoPrint's own address. Many set-ups name 127.0.0.1, which is right for OctoPrint only; the
    stream beside it is meant for browsers, and the same program gives the still picture.
    """
    still, stream = _addresses(webcam)
    if still and not (_loopback(urljoin(base + "/", still)) and not _loopback(base)):
        return urljoin(base + "/", still)
    if "action=stream" in stream:
        return urljoin(base + "/", stream).replace("action=stream", "action=snapshot")
    return ""


def _addresses(webcam: Mapping[str, Any]) -> tuple[str, str]:
    """Of the still picture and of the stream, each maybe empty: OctoPrint 1.8 and later ones."""
    cameras = [one for one in webcam.get("webcams") or () if isinstance(one, dict)]
    compat = [one["compat"] for one in cameras if isinstance(one.get("compat"), dict)]
    still = [webcam.get("snapshotUrl"), *(one.get("snapshot") for one in compat)]
    stream = [webcam.get("streamUrl"), *(one.get("stream") for one in compat)]
    return _first(still), _first(stream)


def _first(found: Sequence[Any]) -> str:
    return next((one for one in found if isinstance(one, str) and one), "")


def _loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name


def checked_camera(url: str, within: Sequence[Network]) -> SplitResult:
    """The parts of the address of a picture: of a print host's, maybe with a query. Raises NotAllowed."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise NotAllowed(f"not an address: {error}") from error
    checked_url(parts._replace(query="").geturl(), within)
    return parts


def fetch_still(
    url: str, within: Sequence[Network], *, certificate: str = "", patience_s: float = 1.5
) -> bytes:
    """The bytes of a JPEG or PNG, no key sent, nobody followed elsewhere. Raises HostError.

    Takes at most `patience_s` to connect and three times as long to answer; 8 MB at most.
    """
    parts = checked_camera(url, within)
    apart = parts._replace(path="", query="")
    with closing(HostSession(apart, "", patience_s, patience_s, within, certificate)) as session:
        answer = session.get(url)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise Unreachable("what answers there is no picture", sent=True)
    return answer.content
