"""What can go wrong between us and a print host.

    HostError                    the question got no good answer
    ├── Unreachable(sent=…)      no answer at all, or none that OctoPrint could have written
    │     sent=False             surely no byte of the request reached the host
    │     sent=True              it may have arrived: the outcome of a write is unknown
    ├── Refused(status, reason)  an answer, and it says no (HTTP status)
    ├── NotAllowed               we did not ask: the address is not one we may speak to
    └── Untrusted(changed=…)     we did not ask: the certificate there is not one that we trust
          changed=True           another one than the certificate that a person trusted for this host

For whoever starts prints only one thing counts, and `surely_not_done` says it: whether the host
certainly did nothing. A write that is not `surely_not_done` is never repeated by itself.
"""


class HostError(Exception):
    """A print host gave no good answer."""

    @property
    def surely_not_done(self) -> bool:
        """True when the host certainly did not carry out the request."""
        return False


class Unreachable(HostError):
    """No answer came, or not one of a print host."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent

    @property
    def surely_not_done(self) -> bool:
        return not self.sent


class Refused(HostError):
    """The host answered no. 409 means busy or offline, 403 a wrong key, 404 no such file.

    `own` is False where a proxy in between seems to have written the answer: its 404 says nothing
    about the files of the host.
    """

    def __init__(self, status: int, reason: str, *, own: bool = True) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason
        self.own = own

    @property
    def surely_not_done(self) -> bool:
        """Only a 4xx is a verdict; behind a 3xx or 5xx (a proxy, a full disk) work may have been done."""
        return 400 <= self.status < 500


class NotAllowed(HostError):
    """The address is no http(s) address of an allowed network; nothing was sent."""

    @property
    def surely_not_done(self) -> bool:
        return True


class Untrusted(HostError):
    """Who answers there cannot show the right certificate; nothing was sent."""

    def __init__(self, *, changed: bool) -> None:
        super().__init__("another certificate than the trusted one" if changed else "an unknown certificate")
        self.changed = changed

    @property
    def surely_not_done(self) -> bool:
        return True
