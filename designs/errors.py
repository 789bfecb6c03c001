"""What `designs` refuses, and why.

    DesignError
    ├── Refused         the input is not accepted; the person can do something about it
    ├── SlicerMissing   no slicer on this machine
    └── SlicerFailed    the slicer crashed, hung, refused, or was stopped

`code` and `values` are for whoever translates; `message` is the same in plain English, with a way out.
"""


class DesignError(Exception):
    """A sentence for a person: `code` names it, `values` are the figures and names that stand in it."""

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.values: dict[str, object] = values

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, self.message, self.values))


class Refused(DesignError):
    """The input is not accepted: wrong kind, wrong content or beyond a limit."""


class SlicerMissing(DesignError):
    """No slicer was found on this machine."""


class SlicerFailed(DesignError):
    """The slicer ran and left no usable result."""


def _rebuild(kind: type[DesignError], code: str, message: str, values: dict[str, object]) -> DesignError:
    """Pickle calls this; the default would lose `values`."""
    return kind(code, message, **values)
