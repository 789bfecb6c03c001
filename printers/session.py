"""The one way our requests go out: bounded in time and size, to the checked address, never twice."""

import socket
import ssl
import time
from collections.abc import Sequence
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from printers.errors import HostError, Refused, Unreachable, Untrusted
from printers.network import Network, addresses

ANSWER_BYTES = 8 * 1024 * 1024  # a list of some 10,000 files; more is not read
PIECE_BYTES = 64 * 1024
SLOW_ANSWER = 3  # an answer may take so many read timeouts in all


class HostSession(requests.Session):
    """A requests.Session for octorest and for us.

    Every request gets the time limits and the path prefix of the host, follows no redirect, uses no
    proxy, .netrc or cookie, and is sent once. Errors come out as `HostError`; a 2xx answer is read.
    Without `api_key` none is sent. `certificate`: SHA-256 of the only one that is trusted there; empty:
    any that a known authority signed for this name.
    """

    def __init__(
        self,
        parts: SplitResult,
        api_key: str,
        connect_s: float,
        read_s: float,
        within: Sequence[Network],
        certificate: str = "",
    ) -> None:
        super().__init__()
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.trust_env = False
        self.verify = not certificate  # the fingerprint says more than an authority
        if api_key:
            self.headers["X-Api-Key"] = api_key
        self.headers["Accept-Encoding"] = "identity"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._prefix = parts.path.rstrip("/")
        self._times = (connect_s, read_s)
        self._certificate = certificate
        for scheme in ("http://", "https://"):
            self.mount(scheme, _CheckedAdapter(within, certificate))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: a 301 would turn a POST into a GET and carry the key to another host."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send once and read the answer. Raises Unreachable, Refused, Untrusted or NotAllowed."""
        request.url = self._with_prefix(request.url or "")
        times = options.get("timeout") or self._times
        options |= {"timeout": times, "allow_redirects": False, "stream": True}
        try:
            response = super().send(request, **options)
            _read(response, time.monotonic() + SLOW_ANSWER * times[1])
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._failure(error) from error
        if not 200 <= response.status_code < 300:
            raise _refusal(response)
        return response

    def _failure(self, error: Exception) -> HostError:
        if _mistrusted(error):
            return Untrusted(changed=bool(self._certificate))
        return Unreachable(_words(error), sent=not _surely_unsent(error))

    def _with_prefix(self, url: str) -> str:
        parts = urlsplit(url)
        return parts._replace(path=self._prefix + parts.path).geturl()


class _CheckedConnection(HTTPConnection):
    """Connects to the very addresses that were checked; name, Host header and certificate stay."""

    within: Sequence[Network] = ()

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        error: Exception | None = None
        try:
            for address in self._addresses(name):
                self._dns_host = address
                try:
                    return super()._new_conn()
                except (NewConnectionError, ConnectTimeoutError) as failed:
                    error = failed
        finally:
            self._dns_host = name
        raise error or NewConnectionError(self, "no address")

    def _addresses(self, name: str) -> list[str]:
        try:
            return addresses(name.strip("[]"), self.port or self.default_port, self.within)
        except socket.gaierror as error:
            raise NameResolutionError(name, self, error) from error


class _CheckedTlsConnection(_CheckedConnection, HTTPSConnection):
    """The same with TLS."""


class _CheckedAdapter(HTTPAdapter):
    """Plugs the checked connections into requests, without any retry."""

    def __init__(self, within: Sequence[Network], certificate: str) -> None:
        self._within = within
        self._certificate = certificate or None
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Called by the base class."""
        options["assert_fingerprint"] = self._certificate  # looked at before a byte of a request leaves
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._within)


def _pools(within: Sequence[Network]) -> dict[str, type[HTTPConnectionPool]]:
    """Pool classes whose connections know the allowed networks: urllib3 passes them no settings of ours."""
    plain = type("Plain", (_CheckedConnection,), {"within": within})
    secure = type("Secure", (_CheckedTlsConnection,), {"within": within})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


def _read(response: requests.Response, deadline: float) -> None:
    """Take in the body, bounded in size and time, and give the connection back."""
    body = bytearray()
    while piece := response.raw.read1(PIECE_BYTES):
        body += piece
        if len(body) > ANSWER_BYTES or time.monotonic() > deadline:
            response.close()
            raise requests.ConnectionError("the answer is too long or takes too long")
    response.raw.release_conn()
    response._content = bytes(body)  # requests has no public way to put in what was read
    response._content_consumed = True


def _cause(error: Exception) -> object:
    """What urllib3 said, under what requests made of it."""
    inner = error.args[0] if error.args else None
    return inner.reason if isinstance(inner, MaxRetryError) else inner


def _surely_unsent(error: Exception) -> bool:
    """No connection, so no byte of the request left. Whatever is not known to be so may have arrived."""
    return isinstance(_cause(error), (NewConnectionError, ConnectTimeoutError))


def _mistrusted(error: Exception) -> bool:
    """The handshake showed a certificate that we do not trust; it ended there."""
    cause = _cause(error)
    if not isinstance(cause, SSLError):
        return False
    why = cause.args[0] if cause.args else None
    return isinstance(why, ssl.SSLCertVerificationError) or "Fingerprints did not match" in str(why)


def _words(error: Exception) -> str:
    """What happened, without the object addresses that urllib3 writes into its messages."""
    if _surely_unsent(error):
        return "no connection to the print host"
    if isinstance(error, requests.Timeout):
        return "the print host did not answer in time"
    return "the connection broke before the answer was complete"


def _refusal(response: requests.Response) -> Refused:
    """OctoPrint's own sentence where it wrote the answer, else the status in words."""
    try:
        said: str | None = str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        said = None  # somebody else's answer, say a proxy's
    reason = said or response.reason or "no reason given"
    return Refused(response.status_code, reason[:300], own=said is not None)
