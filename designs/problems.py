"""What was found in a mesh: a code, how bad it is, one sentence, and the figures in it."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`error`: not printable as it is; `warning`: look before printing; `info`: done or guessed for you."""

    code: str
    severity: Severity
    message: str
    values: dict[str, object] = field(default_factory=dict, hash=False)

    def as_row(self) -> dict[str, object]:
        """The form that `--json` prints."""
        return {"code": self.code, "severity": self.severity, "message": self.message, "values": self.values}
