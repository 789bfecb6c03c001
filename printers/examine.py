"""Tries an address step by step, so that a person learns where it ends and not only that it does."""

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult

from printers.certificate import Certificate, certificate_at
from printers.errors import HostError, NotAllowed, Refused
from printers.host import HostState
from printers.network import Network, allowed, checked_url
from printers.octoprint import OctoPrintHost
from printers.session import HostSession

PATIENCE_S = 4.0  # for each step; somebody waits before the screen
PROBE = "/plugin/appkeys/probe"


class Step(StrEnum):
    """In the order in which they are tried."""

    ADDRESS = "address"
    NAME = "name"
    NETWORK = "network"
    PORT = "port"
    TLS = "tls"
    OCTOPRINT = "octoprint"
    KEY = "key"
    PRINTER = "printer"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a step. `detail`: an address, a version, the printer's state. `error`: why it failed."""

    step: Step
    good: bool
    detail: str = ""
    error: HostError | None = None
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where to look, and what is known already: a key, a certificate that somebody trusted (SHA-256)."""

    url: str
    within: Sequence[Network]
    api_key: str = ""
    certificate: str = ""


def examine(target: Target, *, patience_s: float = PATIENCE_S) -> list[Finding]:
    """The findings up to the first bad one. Without a key it ends with OctoPrint itself. Never raises."""
    findings = []
    for finding in _tried(target, patience_s):
        findings.append(finding)
        if not finding.good:
            break
    return findings


def _tried(target: Target, patience_s: float) -> Iterator[Finding]:
    try:
        parts = checked_url(target.url, target.within)
    except NotAllowed as error:
        yield Finding(Step.ADDRESS, good=False, error=error)
        return
    yield from _way_there(parts, target, patience_s)
    if parts.scheme == "https":
        yield _tls(parts, target, patience_s)
    yield _octoprint(parts, target, patience_s)
    if target.api_key:
        yield from _with_key(target, patience_s)


def _way_there(parts: SplitResult, target: Target, patience_s: float) -> Iterator[Finding]:
    """Name, network and port: what a packet meets before any program answers."""
    name, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        infos = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        yield Finding(Step.NAME, good=False, detail=name)
        return
    found = list(dict.fromkeys(str(info[4][0]) for info in infos))
    yield Finding(Step.NAME, good=True, detail=", ".join(found[:3]))
    good = [text for text in found if allowed(ipaddress.ip_address(text), target.within)]
    yield Finding(Step.NETWORK, good=bool(good), detail=(good or found)[0])
    yield Finding(Step.PORT, good=_open(good[0], port, patience_s), detail=str(port))


def _open(address: str, port: int, patience_s: float) -> bool:
    try:
        socket.create_connection((address, port), timeout=patience_s).close()
    except OSError:
        return False
    return True


def _tls(parts: SplitResult, target: Target, patience_s: float) -> Finding:
    """Good: the certificate that somebody trusted, or without one, what an authority vouches for."""
    try:
        shown = certificate_at(parts, target.within, patience_s=patience_s)
    except HostError as error:
        return Finding(Step.TLS, good=False, error=error)
    good = shown.sha256 == target.certificate if target.certificate else shown.known
    return Finding(Step.TLS, good=good, certificate=shown)


def _octoprint(parts: SplitResult, target: Target, patience_s: float) -> Finding:
    """Without a key its probe for applications answers; where that is switched off, its own refusal does."""
    session = HostSession(parts, "", patience_s, patience_s, target.within, target.certificate)
    with closing(session):
        try:
            answer = session.get(session.origin + PROBE)
            return Finding(Step.OCTOPRINT, good=answer.status_code == 204)
        except Refused as refusal:
            return _by_its_refusal(session, refusal)
        except HostError as error:
            return Finding(Step.OCTOPRINT, good=False, error=error)


def _by_its_refusal(session: HostSession, probed: Refused) -> Finding:
    try:
        session.get(session.origin + "/api/version")
    except Refused as refusal:
        if refusal.status == 403 and refusal.own:
            return Finding(Step.OCTOPRINT, good=True)
    except HostError as error:
        return Finding(Step.OCTOPRINT, good=False, error=error)
    return Finding(Step.OCTOPRINT, good=False, error=probed)


def _with_key(target: Target, patience_s: float) -> Iterator[Finding]:
    texts = [str(network) for network in target.within]
    host = OctoPrintHost(
        target.url, target.api_key, connect_s=patience_s, read_s=patience_s, allowed_networks=texts,
        certificate=target.certificate,
    )  # fmt: skip
    with closing(host):
        try:
            yield Finding(Step.KEY, good=True, detail=host.version().text)
            status = host.status()
        except HostError as error:
            yield Finding(Step.KEY, good=False, error=error)
            return
    connected = status.state not in (HostState.OFFLINE, HostState.ERROR, HostState.CONNECTING)
    yield Finding(Step.PRINTER, good=connected, detail=status.text)
