"""Estimates of a revision on each machine: from the mesh at once, later from better sources."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from designs.errors import DesignError
from designs.estimate import Estimate as Guess
from designs.estimate import estimate
from designs.profiles import Machine, Profiles
from designs.read import read
from makerlab.catalog import words
from makerlab.catalog.models import Estimate, Part, Revision, Source
from makerlab.catalog.printing import PrintSettings, settings_sha256
from makerlab.core.errors import Invalid
from makerlab.core.language import _

SUREST_FIRST = (Source.RUNS, Source.PLANNER, Source.SLICER, Source.MESH)


@dataclass(frozen=True, slots=True)
class Figures:
    """Time in seconds with its range, filament in mm and g, cost in cents; and what they were made with."""

    time_s: float
    time_low_s: float
    time_high_s: float
    filament_mm: float
    filament_g: float
    cost_cents: int
    settings_sha256: str = ""  # see catalog.printing


def from_mesh(
    mesh: Path, fleet: Sequence[Machine], chosen: PrintSettings, profiles: Profiles
) -> dict[str, Figures]:
    """The first estimate of one piece for each machine, by key, from our own clean mesh. Raises Invalid."""
    process, material = chosen.profiles(profiles)
    try:
        piece = read(mesh, kind="stl")
        found = {one.key: estimate(piece, one, process, material, chosen.supports) for one in fleet}
    except DesignError as error:
        raise words.refusal(error) from error
    made_with = {one.key: settings_sha256(one, process, material, supports=chosen.supports) for one in fleet}
    return {key: figures(one, made_with[key]) for key, one in found.items()}


def figures(one: Guess, made_with: str) -> Figures:
    """What `designs` estimated, as it is kept; `made_with` is the hash of `catalog.printing`."""
    return Figures(
        time_s=one.time_s, time_low_s=one.time_low_s, time_high_s=one.time_high_s,
        filament_mm=one.filament_mm, filament_g=one.filament_g, cost_cents=round(one.cost * 100),
        settings_sha256=made_with,
    )  # fmt: skip


def add_estimates(revision: Revision, found: dict[str, Figures]) -> None:
    """Rows of the estimates from the mesh, for a revision that is new."""
    revision.estimates.extend(
        Estimate(machine=machine, source=Source.MESH, **asdict(one)) for machine, one in found.items()
    )


def refine(
    session: Session, file: Revision | Part, machine: str, source: Source, *, time_s: float,
    filament_mm: float, filament_g: float, cost_cents: int, spread: float, made_with: str = "",
) -> None:  # fmt: skip
    """Keep what a better source says of one piece on a machine, in place of what the same source said before.

    Of a further part the figures alone are kept, without their source: the last one counts.
    `spread` is the half width of the range as a share of the time: 0.05 for ±5 %. `made_with` is the hash of
    `catalog.printing` over the profiles that were used. Raises Invalid.
    """
    if not (0 <= spread < 1 and time_s >= 0 and filament_mm >= 0 and filament_g >= 0):
        raise Invalid(_("Diese Schätzung kann nicht stimmen."))
    found = Figures(
        time_s, time_s * (1 - spread), time_s * (1 + spread), filament_mm, filament_g, cost_cents, made_with
    )
    if isinstance(file, Part):
        file.estimates = {**file.estimates, machine: asdict(found)}
    else:
        _keep(session, file, machine, source, found)
    session.flush()


def _keep(session: Session, revision: Revision, machine: str, source: Source, found: Figures) -> None:
    wanted = sa.select(Estimate).where(
        Estimate.revision_id == revision.id, Estimate.machine == machine, Estimate.source == source
    )
    row = session.scalar(wanted)
    if row is None:
        new = Estimate(revision_id=revision.id, machine=machine, source=source, **asdict(found))
        row = _added(session, new) or session.scalars(wanted).one()
        session.expire(revision, ["estimates"])
    for name, value in asdict(found).items():
        setattr(row, name, value)


def _added(session: Session, row: Estimate) -> Estimate | None:
    """The new row; None where another process added it at the same moment."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def best_estimate(file: Revision | Part, machine: str) -> Estimate | None:
    """The estimate from the surest source there is for this machine: runs, planner, slicer, mesh."""
    return next((one for one in best_estimates(file) if one.machine == machine), None)


def best_estimates(file: Revision | Part) -> list[Estimate]:
    """The best one for each machine there is an estimate for, the quickest machine first."""
    best: dict[str, Estimate] = {}
    for one in sorted(_known(file), key=lambda one: SUREST_FIRST.index(one.source)):
        best.setdefault(one.machine, one)
    return sorted(best.values(), key=lambda one: (one.time_s, one.machine))


def _known(file: Revision | Part) -> Sequence[Estimate]:
    """Those of a further part stand in its row, without their source."""
    if isinstance(file, Revision):
        return file.estimates
    return [Estimate(machine=key, source=Source.MESH, **found) for key, found in file.estimates.items()]
