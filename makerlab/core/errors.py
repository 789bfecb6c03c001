"""Errors that people read. The words of an exception are what the person sees; one handler knows HTTP.

MakerlabError
├── Invalid        422  the content is wrong
├── WrongKind      415  not a file that we read
├── TooLarge       413
├── Conflict       409  somebody was faster, or the state does not allow it
├── Forbidden      403  not with this role
├── NotFound       404  not there, or not yours
├── TooOften       429
└── NoSpace        507
"""


class MakerlabError(Exception):
    """A refusal: one plain, translated sentence with a way out."""

    status = 500

    def __init__(self, message: str, *, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return self.message


class Invalid(MakerlabError):
    status = 422


class WrongKind(MakerlabError):
    status = 415


class TooLarge(MakerlabError):
    status = 413


class Conflict(MakerlabError):
    status = 409


class Forbidden(MakerlabError):
    status = 403


class NotFound(MakerlabError):
    status = 404


class TooOften(MakerlabError):
    status = 429


class NoSpace(MakerlabError):
    status = 507
