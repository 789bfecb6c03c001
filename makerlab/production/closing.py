"""Closing the file of an ended attempt: read how often it was printed, then delete it.

A file that is gone cannot start any more, whatever request is still on its way. What it did before is told by
the host's own count: a print that nobody reckoned with lies on the bed, so the bed is not clear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.actions import declare_bed
from makerlab.fleet.models import Bed
from makerlab.production.models import Attempt
from makerlab.production.states import ENDED, OVER, AttemptState
from printers.host import PrintHost


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of closing one file. `gone` False: it prints. `prints`: how many of its prints had ended."""

    gone: bool
    prints: int


def close(host: PrintHost, name: str) -> Closed:
    """Ask, then delete. Raises HostError. A print that begins in between keeps the file (409)."""
    remote = host.file(name)
    return Closed(host.delete(name), remote.successes + remote.failures if remote else 0)


def to_close(session: Session, printer_id: int) -> Sequence[Attempt]:
    """Attempts of this printer that are over and whose files may still start."""
    over = sa.and_(Attempt.state.in_(OVER | ENDED), Attempt.remote_gone.is_(False))
    return session.scalars(sa.select(Attempt).where(Attempt.printer_id == printer_id, over)).all()


def note_closed(session: Session, attempt_id: int, closed: Closed, *, printing: bool, now: datetime) -> None:
    """Write it down. A print beyond what we know of occupies the bed and goes to a person.

    `printing`: the host said, just before, that it prints this file. OctoPrint also holds on to a file whose
    print has this moment ended: that is no other print, and the next look asks again.
    """
    attempt = session.get_one(Attempt, attempt_id)
    if attempt.remote_gone:
        return  # closed before: this look is late
    attempt.remote_gone = closed.gone
    if closed.prints <= _known_prints(attempt) and not (printing and not closed.gone):
        return
    attempt.conflict = attempt.conflict or "started_again"
    declare_bed(session, attempt.printer, Bed.OCCUPIED, reason="foreign", by_id=None, now=now)


def _known_prints(attempt: Attempt) -> int:
    """One, unless it never started, or a person saw that nothing was printed."""
    nothing = attempt.state is AttemptState.RESOLVED and not attempt.good and not attempt.scrap
    return 0 if attempt.state is AttemptState.RELEASED or nothing else 1
