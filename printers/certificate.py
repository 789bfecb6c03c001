"""The certificate that a host shows: for a person to look at before it is trusted for good."""

import hashlib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult

from cryptography import x509

from printers.errors import Unreachable
from printers.network import Network, addresses

TLS_PORT = 443


@dataclass(frozen=True, slots=True)
class Certificate:
    """`sha256` in hex; `known`: an authority that this computer trusts signed it for this name."""

    sha256: str
    subject: str
    valid_until: datetime
    known: bool

    @property
    def fingerprint(self) -> str:
        """The SHA-256 as people compare it: pairs with colons."""
        digits = self.sha256.upper()
        return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def certificate_at(parts: SplitResult, within: Sequence[Network], *, patience_s: float) -> Certificate:
    """Shake hands and hang up; no request is sent. Raises Unreachable, NotAllowed."""
    try:
        raw, known = _shaken(parts, within, patience_s, ssl.create_default_context()), True
    except ssl.SSLCertVerificationError:
        raw, known = _unverified(parts, within, patience_s), False
    except OSError as error:
        raise Unreachable("no TLS there", sent=False) from error
    return _read(raw, known=known)


def _unverified(parts: SplitResult, within: Sequence[Network], patience_s: float) -> bytes:
    """Only to look at: nothing is sent to whom nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        return _shaken(parts, within, patience_s, context)
    except OSError as error:
        raise Unreachable("no TLS there", sent=False) from error


def _shaken(
    parts: SplitResult, within: Sequence[Network], patience_s: float, context: ssl.SSLContext
) -> bytes:
    name, port = parts.hostname or "", parts.port or TLS_PORT
    address = addresses(name, port, within)[0]
    with (
        socket.create_connection((address, port), timeout=patience_s) as plain,
        context.wrap_socket(plain, server_hostname=name) as secure,
    ):
        return secure.getpeercert(binary_form=True) or b""


def _read(raw: bytes, *, known: bool) -> Certificate:
    try:
        read = x509.load_der_x509_certificate(raw)
        subject, until = read.subject.rfc4514_string(), read.not_valid_after_utc
    except ValueError as error:
        raise Unreachable("a certificate that nobody can read", sent=False) from error
    return Certificate(hashlib.sha256(raw).hexdigest(), subject[:120], until, known)
