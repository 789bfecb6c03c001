"""The machines at hand for an order: printers that could take it now, and how many of them have filament."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import Machine
from makerlab.catalog.estimates import best_estimates
from makerlab.catalog.models import Part, Revision
from makerlab.fleet.models import Printer
from makerlab.materials.models import Spool
from makerlab.materials.queries import grams_left
from makerlab.production.models import Attempt
from makerlab.production.queries import active_attempts
from makerlab.production.rules import seconds_left
from makerlab.production.spreading import Model
from makerlab.production.states import RUNNING

CHANGE_S = 300.0  # to change a spool
UNKNOWN_PIECE_S = 3600.0  # nobody estimated it yet


def printers_at_hand(
    session: Session, file: Revision | Part, machines: Mapping[str, Machine], site_id: int | None,
    needs: Collection[str],
) -> list[Printer]:  # fmt: skip
    """Printers in service, not held, at the site, with the tags that the design `needs`, that the file fits.

    Silent ones only when no other is left. Without a site: everywhere.
    """
    usable = [Printer.out_of_service == "", Printer.held == "", Printer.retired_at.is_(None)]
    if site_id is not None:
        usable.append(Printer.site_id == site_id)
    found = [
        one
        for one in session.scalars(sa.select(Printer).where(*usable).order_by(Printer.id)).unique()
        if one.machine in machines and fits(file, machines[one.machine])
        # a plate is sliced for the nozzle of the model
        if one.nozzle_mm is None and set(needs) <= set(one.tags)
    ]
    return [one for one in found if not (one.sight and one.sight.alarm == "silent")] or found


def fits(file: Revision | Part, machine: Machine) -> bool:
    """Whether one piece stands on the bed, turned or not."""
    bed, foot = sorted(machine.bed_mm), sorted((file.width_mm, file.depth_mm))
    return foot[0] <= bed[0] and foot[1] <= bed[1] and file.height_mm <= machine.height_mm


def spools_for(
    session: Session, file: Revision | Part, colour_id: int | None, lot: str
) -> dict[Spool, float]:
    """Spools of the right material with something left, and the grams; where given, of colour and lot."""
    wanted = [
        Spool.material == file.material, Spool.emptied_at.is_(None),
        *([Spool.colour_id == colour_id] if colour_id is not None else []),
        *([Spool.lot == lot] if lot else []),
    ]  # fmt: skip
    found = session.scalars(sa.select(Spool).where(*wanted).order_by(Spool.id)).unique().all()
    left = grams_left(session, [spool.id for spool in found])
    return {spool: left[spool.id] for spool in found if left[spool.id] > 0}


def models_at_hand(
    session: Session, file: Revision | Part, *, colour_id: int, lot: str, machines: Mapping[str, Machine],
    capacity: Callable[[Machine], int], seconds: Callable[[str], float], site_id: int | None,
    needs: Collection[str],
) -> list[Model]:  # fmt: skip
    """The machine models that may share an order, each with the printers that could work on it at once.

    No more printers than one lot has spools. `seconds`: of one piece on a machine model.
    """
    spools = spools_for(session, file, colour_id, lot)
    attempts, ids = active_attempts(session), {spool.id for spool in spools}
    free: list[tuple[float, Printer]] = []
    for one in printers_at_hand(session, file, machines, site_id, needs):
        change = 0.0 if one.spool_id in ids else CHANGE_S
        free.append((free_in_s(one, attempts.get(one.id)) + change, one))
    free = sorted(free, key=lambda pair: (pair[0], pair[1].id))[: _side_by_side(spools)]
    by_model: dict[str, list[float]] = defaultdict(list)
    for begin, one in free:
        by_model[one.machine].append(begin)
    return [
        Model(key, capacity(machines[key]), tuple(begins), seconds(key), machines[key].start_s)
        for key, begins in sorted(by_model.items())
    ]


def _side_by_side(spools: Iterable[Spool]) -> int:
    """How many printers can print from one lot at once; at least one, filament may still be bought."""
    return max(Counter(spool.lot for spool in spools).values(), default=1)


def piece_seconds(file: Revision | Part) -> Callable[[str], float]:
    """Machine model → seconds of one piece; the slowest known where nobody estimated it."""
    known = {one.machine: one.time_s for one in best_estimates(file)}
    unknown = max(known.values(), default=UNKNOWN_PIECE_S)
    return lambda key: known.get(key, unknown)


def free_in_s(printer: Printer, attempt: Attempt | None) -> float:
    """Seconds until the printer could begin something; a foreign print and ours counted."""
    if attempt is None:
        foreign = printer.sight and printer.sight.foreign
        return (printer.sight.left_s or 0.0) if foreign else 0.0
    return left_s(attempt) or 0.0


def left_s(attempt: Attempt) -> float | None:
    """Seconds until a print is done; None where nothing runs or nobody knows."""
    if attempt.state not in RUNNING:
        return None
    sight = attempt.printer.sight
    said = sight.left_s if sight and sight.file == attempt.remote_name else None
    return seconds_left(said, attempt.plate.slice.time_s, attempt.progress)
