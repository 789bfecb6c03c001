"""Temperatures and progress over time: two rings for each printer, so that a day costs the same every day.

The fine ring holds an hour in steps of 10 s, the coarse one a day in steps of 2 min. A slot is written over
when its turn comes again; nothing is ever swept. Slots hang on the wall clock: what is older than a day, as
after a clock that jumped, is not shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.fleet.models import Sample
from printers.host import HostStatus

FINE_S, FINE_SLOTS = 10, 360
COARSE_S, COARSE_SLOTS = 120, 720
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOST = FINE_SLOTS + COARSE_SLOTS

Slots = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """What one look showed, to be kept in `slots`."""

    printer_id: int
    slots: Slots
    at: datetime
    status: HostStatus


def slots_at(now: datetime, before: datetime | None) -> Slots:
    """The slots that begin between the last sample and now: none, the fine one, or the coarse one too."""
    seconds = int(now.timestamp())
    then = int(before.timestamp()) if before else None
    found = []
    if then is None or then // FINE_S != seconds // FINE_S:
        found.append(seconds // FINE_S % FINE_SLOTS)
    if then is None or then // COARSE_S != seconds // COARSE_S:
        found.append(FINE_SLOTS + seconds // COARSE_S % COARSE_SLOTS)
    return tuple(found)


def keep(session: Session, moments: Iterable[Moment]) -> None:
    """Write all of them, over what stood in their slots: two statements, however many printers."""
    rows = [_row(moment, slot) for moment in moments for slot in moment.slots]
    if not rows:
        return
    places = [(row["printer_id"], row["slot"]) for row in rows]
    session.execute(sa.delete(Sample).where(sa.tuple_(Sample.printer_id, Sample.slot).in_(places)))
    session.execute(sa.insert(Sample), rows)


def _row(moment: Moment, slot: int) -> dict[str, object]:
    found = moment.status.temperatures
    tool, tool_target = found.get("tool0", (None, None))
    bed, bed_target = found.get("bed", (None, None))
    return {
        "printer_id": moment.printer_id, "slot": slot, "at": moment.at, "tool": tool,
        "tool_target": tool_target, "bed": bed, "bed_target": bed_target,
        "progress": moment.status.progress if moment.status.state.busy else None,
    }  # fmt: skip


def of_printer(session: Session, printer_id: int, *, now: datetime, span: timedelta) -> Sequence[Sample]:
    """The last `span` (HOUR or DAY), oldest first; finer where there is finer."""
    since = now - min(span, DAY)
    query = sa.select(Sample).where(Sample.printer_id == printer_id, Sample.at > since, Sample.at <= now)
    rows = sorted(session.scalars(query), key=lambda sample: (sample.at, sample.slot))
    return list({row.at: row for row in rows}.values())
