"""What finished prints teach: a factor for each machine and process, and for each printer."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from designs.profiles import Profiles
from designs.profiles.cost import cost_eur
from makerlab.catalog.estimates import refine
from makerlab.catalog.models import Estimate, Revision, Source
from makerlab.catalog.queries import offered
from makerlab.production.made import PROCESS, with_file
from makerlab.production.measured import MOST_RUNS, Factor, Run, factor, working_s
from makerlab.production.models import Attempt, AttemptEvent, Order, Plate, Slice
from makerlab.production.states import AttemptState

Process = tuple[str, str]  # keys of machine and process
LOOKED_AT = 2 * MOST_RUNS  # of each machine and process: some of them are not to be believed
PLANNED = (Source.PLANNER, Source.SLICER)  # what a factor may be laid on, the surer one first


def factors(session: Session, profiles: Profiles) -> dict[Process, Factor]:
    """(machine, process) → the factor over all printers of that model, where there are runs enough."""
    runs: dict[Process, list[Run]] = {}
    for attempt, process, planned_s in _newest(session, sa.true()):
        key = (attempt.plate.machine, process)
        runs.setdefault(key, []).extend(_run(attempt, planned_s, profiles))
    found = {key: factor(of_key) for key, of_key in runs.items()}
    return {key: one for key, one in found.items() if one is not None}


def printer_factor(session: Session, printer_id: int, profiles: Profiles) -> Factor | None:
    """The factor of one printer over all processes; None while there are too few runs."""
    rows = _newest(session, Attempt.printer_id == printer_id)
    newest = sorted(rows, key=lambda row: -row[0].id)
    return factor([run for row in newest for run in _run(row[0], row[2], profiles)])


def _newest(session: Session, which: sa.ColumnElement[bool]) -> Sequence[tuple[Attempt, str, float]]:
    """The newest finished prints of each machine and process, newest first: attempt, process, slicer's s."""
    kind = (Plate.machine, PROCESS)
    age = sa.func.row_number().over(partition_by=kind, order_by=Attempt.id.desc()).label("age")
    query = (
        sa.select(Attempt.id, PROCESS, Slice.time_s, age)
        .join(Plate, Attempt.plate_id == Plate.id)
        .join(Slice, Plate.slice_key == Slice.key)
        .join(Order, Plate.order_id == Order.id)
        .where(which, _done(), Slice.time_s > 0)
    )
    ours = with_file(query).subquery()
    newest = (
        sa.select(Attempt, ours.c.process, ours.c.time_s)
        .join(ours, ours.c.id == Attempt.id)
        .where(ours.c.age <= LOOKED_AT)
        .order_by(Attempt.id.desc())
        .options(selectinload(Attempt.events), joinedload(Attempt.plate))
    )
    return [(attempt, process, time_s) for attempt, process, time_s in session.execute(newest)]


def _done() -> sa.ColumnElement[bool]:
    """Reported done by its host, and nothing that contradicts it."""
    said = sa.exists().where(
        AttemptEvent.attempt_id == Attempt.id, AttemptEvent.to_state == AttemptState.REPORTED_DONE
    )
    return sa.and_(
        said, Attempt.conflict == "", Attempt.started_at.is_not(None), Attempt.ended_at.is_not(None)
    )


def _run(attempt: Attempt, planned_s: float, profiles: Profiles) -> list[Run]:
    """One run, or none where its time is not known. What no slicer counts (heating, homing) is added."""
    machine = profiles.machines.get(attempt.plate.machine)
    if machine is None or attempt.started_at is None or attempt.ended_at is None:
        return []
    changes = [(event.to_state, event.at) for event in attempt.events]
    measured_s = working_s(attempt.started_at, attempt.ended_at, changes)
    return [] if measured_s is None else [Run(planned_s + machine.start_s, measured_s)]


def refine_from_runs(session: Session, profiles: Profiles) -> None:
    """Estimates from measured runs for the approved revisions that were sliced for such a machine."""
    found = factors(session, profiles)
    if not found:
        return
    here = {one.revision_id for one in offered(session)}
    for planned in _planned(session, {machine for machine, _process in found}):
        one = found.get((planned.machine, planned.revision.process))
        if one and planned.revision_id in here:
            _refine(session, planned.revision, planned, one, profiles)


def _planned(session: Session, machines: Collection[str]) -> Sequence[Estimate]:
    """The planner's estimates for these machines, the slicer's where there is none."""
    query = (
        sa.select(Estimate)
        .where(Estimate.machine.in_(machines), Estimate.source.in_(PLANNED))
        .options(joinedload(Estimate.revision).options(defer(Revision.report), defer(Revision.shape)))
    )
    best: dict[tuple[int, str], Estimate] = {}
    for row in session.scalars(query):
        key = (row.revision_id, row.machine)
        if key not in best or row.source is PLANNED[0]:
            best[key] = row
    return list(best.values())


def _refine(
    session: Session, revision: Revision, planned: Estimate, measured: Factor, profiles: Profiles
) -> None:
    material = profiles.materials.get(revision.material)
    if material is None:
        return
    machine, seconds = profiles.machine(planned.machine), planned.time_s * measured.value
    refine(
        session, revision, machine.key, Source.RUNS, time_s=seconds, spread=measured.spread,
        filament_mm=planned.filament_mm, filament_g=planned.filament_g,
        cost_cents=round(100 * cost_eur(machine, material, grams=planned.filament_g, seconds=seconds)),
        made_with=planned.settings_sha256,
    )  # fmt: skip
