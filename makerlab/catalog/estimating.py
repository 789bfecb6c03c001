"""The worker's round that estimates what was uploaded before a printer came or a profile changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from designs.aside import Printed, estimates
from designs.profiles import Machine, Profiles
from makerlab.catalog.estimates import Figures, figures
from makerlab.catalog.models import Estimate, Part, Review, Revision, Source
from makerlab.catalog.printing import PrintSettings, machines_of, settings_sha256
from makerlab.catalog.states import Verdict
from makerlab.core.database import SessionFactory, reading
from makerlab.core.errors import Invalid
from makerlab.core.files import FileStore
from makerlab.core.logs import log


@dataclass(frozen=True, slots=True)
class Way:
    """One way to print, and the hash that its estimates carry."""

    chosen: PrintSettings
    printed: Printed
    made_with: str


@dataclass(frozen=True, slots=True)
class Task:
    """A revision (or a part of one) and the ways that it has no estimate for."""

    revision_id: int  # of a part: the part's
    mesh_sha256: str
    ways: tuple[Way, ...]
    part: bool = False

    @property
    def broken_as(self) -> int:
        """Parts below nothing: their numbers are not those of revisions."""
        return -self.revision_id if self.part else self.revision_id


class EstimateRound:
    """Each turn one revision on all machines that it lacks, the newest first, in the limited child."""

    def __init__(
        self,
        factory: SessionFactory,
        files: FileStore,
        profiles: Callable[[], Profiles],
        machines: Callable[[Session], Iterable[str]],
    ) -> None:
        self.factory, self.files, self.profiles, self.machines = factory, files, profiles, machines
        self._broken: set[tuple[int, str]] = set()  # tried again when the worker starts again
        self._parts_done: object = None

    def __call__(self) -> bool:
        """Whether there was something to do."""
        known = self.profiles()
        with reading(), self.factory() as session:
            ways = list(_ways(session, known, self.machines(session)))
            old = session.scalar(sa.select(Estimate.id).where(Estimate.settings_sha256 == "").limit(1))
            task = _next(session, ways, self._broken) if old is None else None
        if old is not None:
            with self.factory.begin() as session:
                _adopt(session, ways)
            return True
        if task is not None:
            self._do(task)
            return True
        return self._next_part(known)

    def _next_part(self, known: Profiles) -> bool:
        """A further file of a revision; all are looked at again when profiles, machines or files change."""
        with reading(), self.factory() as session:
            machines = tuple(sorted(set(self.machines(session))))
            newest = session.scalar(sa.select(sa.func.max(Part.id)))
            if (known, machines, newest) == self._parts_done:
                return False
            task = _lacking_part(session, machines_of(known, machines), known, self._broken)
        if task is None:
            self._parts_done = (known, machines, newest)
            return False
        self._do(task)
        return True

    def _do(self, task: Task) -> None:
        mesh, keep = self.files.path(task.mesh_sha256), _keep_part if task.part else _keep
        try:
            found = estimates(mesh, [way.printed for way in task.ways])  # seconds, with no transaction open
            by_way = {way: figures(one, way.made_with) for way, one in zip(task.ways, found, strict=True)}
            with self.factory.begin() as session:
                keep(session, task.revision_id, by_way)
        except IntegrityError:  # by another process meanwhile: the same figures
            log.info("estimate was there", revision=task.revision_id)
        except Exception as error:  # noqa: BLE001 (one broken file must not keep the others waiting)
            self._broken |= {(task.broken_as, way.made_with) for way in task.ways}
            log.error("estimate failed", revision=task.revision_id, exc_info=error)


def _ways(session: Session, known: Profiles, machines: Iterable[str]) -> Iterator[Way]:
    """Every way that some revision could be printed on the machines of the lab."""
    fleet = machines_of(known, sorted(set(machines)))
    chosen = sa.select(Revision.process, Revision.material, Revision.supports).distinct()
    for row in session.execute(chosen.order_by(*chosen.selected_columns)):
        yield from _on_each(PrintSettings(*row), fleet, known)


def _on_each(chosen: PrintSettings, fleet: list[Machine], known: Profiles) -> Iterator[Way]:
    try:
        process, material = chosen.profiles(known)
    except Invalid:  # the lab has that profile no longer
        return
    for machine in fleet:
        made_with = settings_sha256(machine, process, material, supports=chosen.supports)
        yield Way(chosen, Printed(machine, process, material, chosen.supports), made_with)


def _adopt(session: Session, ways: list[Way]) -> None:
    """Estimates from before their settings were kept count as made with those of today."""
    for way in ways:
        here = sa.select(Revision.id).where(*_chosen(way.chosen))
        session.execute(
            sa.update(Estimate)
            .where(
                Estimate.settings_sha256 == "",
                Estimate.machine == way.printed.machine.key,
                Estimate.revision_id.in_(here),
            )
            .values(settings_sha256=way.made_with)
        )
    gone = sa.update(Estimate).where(Estimate.settings_sha256 == "")  # of machines that nobody has
    session.execute(gone.values(settings_sha256="unknown"))


def _next(session: Session, ways: list[Way], broken: set[tuple[int, str]]) -> Task | None:
    """The newest revision that lacks an estimate it could have, with all that it lacks."""
    lacking: dict[int, list[Way]] = {}
    meshes: dict[int, str] = {}
    for way in ways:
        for id_, mesh in session.execute(_without(way).limit(len(broken) + 1)):
            if (id_, way.made_with) not in broken:
                lacking.setdefault(id_, []).append(way)
                meshes[id_] = mesh
                break
    if not lacking:
        return None
    newest = max(lacking)
    return Task(newest, meshes[newest], tuple(lacking[newest]))


def _without(way: Way) -> sa.Select[int, str]:
    """Revisions in use that have no estimate of this way: the newest of a design, and approved ones."""
    there = sa.exists().where(
        Estimate.revision_id == Revision.id,
        Estimate.machine == way.printed.machine.key,
        Estimate.settings_sha256 == way.made_with,
    )
    newest = sa.select(sa.func.max(Revision.id)).group_by(Revision.design_id)
    approved = sa.exists().where(
        Review.revision_id == Revision.id,
        Review.verdict == Verdict.APPROVED,
        Review.fingerprint == Revision.fingerprint,
    )
    return (
        sa.select(Revision.id, Revision.mesh_sha256)
        .where(*_chosen(way.chosen), ~there, Revision.id.in_(newest) | approved)
        .order_by(Revision.id.desc())
    )


def _lacking_part(
    session: Session, fleet: list[Machine], known: Profiles, broken: set[tuple[int, str]]
) -> Task | None:
    columns = (Part.id, Part.mesh_sha256, Part.estimates, Part.process, Part.material, Part.supports)
    for id_, mesh, there, *keys in session.execute(sa.select(*columns).order_by(Part.id.desc())):
        ways = tuple(
            way
            for way in _on_each(PrintSettings(*keys), fleet, known)
            if there.get(way.printed.machine.key, {}).get("settings_sha256") != way.made_with
            and (-id_, way.made_with) not in broken
        )
        if ways:
            return Task(id_, mesh, ways, part=True)
    return None


def _keep_part(session: Session, part_id: int, found: dict[Way, Figures]) -> None:
    part = session.get_one(Part, part_id)
    new = {way.printed.machine.key: asdict(one) for way, one in found.items()}
    part.estimates = {**part.estimates, **new}


def _chosen(chosen: PrintSettings) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Revision.process == chosen.process,
        Revision.material == chosen.material,
        Revision.supports.is_(chosen.supports),
    )


def _keep(session: Session, revision_id: int, found: dict[Way, Figures]) -> None:
    """The new figures, in place of all that was made with other settings, by whatever source."""
    for way, one in found.items():
        machine = way.printed.machine.key
        session.execute(
            sa.delete(Estimate).where(
                Estimate.revision_id == revision_id,
                Estimate.machine == machine,
                Estimate.settings_sha256 != one.settings_sha256,
            )
        )
        session.add(Estimate(revision_id=revision_id, machine=machine, source=Source.MESH, **asdict(one)))
