"""Which addresses we speak to: a printer's address is typed by a person and must not lead elsewhere."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, urlsplit

from printers.errors import NotAllowed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PRIVATE_NETWORKS = ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

# Where clouds keep the keys of the machine, outside the link-local range that is refused anyway.
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """`192.168.4.0/24` and the like, parsed; ValueError names the one that is none."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def allowed(address: Address, within: Sequence[Network]) -> bool:
    """Inside one of the networks and never link-local, multicast, unspecified or a metadata service."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return allowed(mapped, within)
    if address.is_link_local or address.is_multicast or address.is_unspecified or address in _METADATA:
        return False
    return any(address in network for network in within)


def checked_url(url: str, within: Sequence[Network]) -> SplitResult:
    """The parts of an http(s) address without user, query or fragment; NotAllowed otherwise.

    No network is used: a name is checked when it is connected to, an address of digits already here.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed(f"not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise NotAllowed("the address of a print host begins with http:// or https://")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise NotAllowed("the address of a print host has no user, question mark or hash sign")
    _check_literal(host, within)
    return parts


def addresses(host: str, port: int, within: Sequence[Network]) -> list[str]:
    """What a name stands for now, only what is allowed; NotAllowed when nothing is.

    Raises socket.gaierror where the name is unknown. Connect to these, not to the name again: a
    second look-up could answer differently.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    good = [text for text in dict.fromkeys(found) if allowed(ipaddress.ip_address(text), within)]
    if not good:
        raise NotAllowed(f"{host} is {', '.join(found)}, outside the networks of the printers")
    return good


def _check_literal(host: str, within: Sequence[Network]) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return  # a name
    if not allowed(address, within):
        raise NotAllowed(f"{host} is outside the networks of the printers")
