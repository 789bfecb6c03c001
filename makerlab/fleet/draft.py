"""A printer that is being added: what is known of it so far, kept in the session of who adds it."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flask import session

from makerlab.fleet.connection import Trial

PLACE = "printer_draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """`key_encrypted` as in the table; `token` of a request for a key; `firmware` and `camera` as found."""

    url: str
    certificate: str = ""
    key_encrypted: str = ""
    token: str = ""
    user: str = ""
    camera: str = ""
    firmware: dict[str, Any] | None = None
    trials: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tried(self) -> list[Trial]:
        """What came of the last try."""
        return [Trial(**one) for one in self.trials]

    def kept(self, **changes: Any) -> "Draft":
        """Changed, and kept for the next page. `tried` takes trials as they are."""
        if "tried" in changes:
            changes["trials"] = [asdict(one) for one in changes.pop("tried")]
        changed = replace(self, **changes)
        session[PLACE] = asdict(changed)
        return changed


def draft() -> Draft | None:
    """What this person has begun, or none."""
    return Draft(**session[PLACE]) if PLACE in session else None


def drop() -> None:
    """It is added, or begun anew."""
    session.pop(PLACE, None)
