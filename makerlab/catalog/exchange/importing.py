"""The worker's round that imports: file by file through the same intake as uploads, then all rows at once.

Killed in between, an import begins again: files lie under their hashes, and rows come last.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload

from designs.profiles import DEFAULT_MACHINE, Profiles
from makerlab.catalog.exchange.adding import Ready, add_all
from makerlab.catalog.exchange.comparing import here
from makerlab.catalog.exchange.manifest import File, Manifest, pictures_of
from makerlab.catalog.exchange.models import ImportJob, ImportState
from makerlab.catalog.exchange.receiving import entry_of, read_manifest
from makerlab.catalog.exchange.rules import Fate, Outcome, outcomes
from makerlab.catalog.intake import take_in
from makerlab.catalog.printing import PrintSettings
from makerlab.core.audit import record
from makerlab.core.database import SessionFactory, reading
from makerlab.core.errors import Conflict, MakerlabError
from makerlab.core.files import FileStore
from makerlab.core.language import _, speaking
from makerlab.core.logs import log
from makerlab.core.photos import take_photo
from makerlab.core.settings import Settings
from makerlab.people.models import Account

WANTED = (ImportState.WAITING, ImportState.RUNNING)  # running: by a worker that died


class ImportRound:
    """Each turn one import, the oldest first, told in the language of whoever asked for it."""

    def __init__(
        self,
        factory: SessionFactory,
        settings: Settings,
        profiles: Callable[[], Profiles],
        machines: Callable[[Session], Iterable[str]],
        clock: Callable[[], datetime],
    ) -> None:
        self.factory, self.settings, self.profiles = factory, settings, profiles
        self.machines, self.clock = machines, clock

    def __call__(self) -> bool:
        """Whether there was something to do."""
        with reading(), self.factory() as session:
            job = session.scalars(_oldest()).first()
        if job is None:
            return False
        with speaking(job.by.language):
            try:
                self._import(job)
            except MakerlabError as error:
                self._fail(job, f"{error.message} {error.way_out}".strip())
            except SQLAlchemyError:
                raise  # the database comes back, and the import begins again
            except Exception as error:  # noqa: BLE001 (one broken import must not keep the others waiting)
                log.error("import failed", job=job.id, exc_info=error)
                self._fail(job, _("Der Import ging nicht. Die Verwaltung findet den Grund im Protokoll."))
        return True

    def _import(self, job: ImportJob) -> None:
        path = FileStore(self.settings.files_dir).path(job.sha256)
        manifest = read_manifest(path)
        with reading(), self.factory() as session:
            found = compared(session, manifest, self.profiles())
            machines = sorted(set(self.machines(session))) or [DEFAULT_MACHINE]
        tasks = list(_tasks(manifest, found))
        self._note(job, state=ImportState.RUNNING, total=len(tasks), done=0)
        ready = Ready()
        for number, task in enumerate(tasks, 1):
            self._read(path, task, ready, machines)  # a second or more, with no transaction open
            self._note(job, done=number)
        self._add(job, manifest, found, ready)

    def _read(self, path: Path, task: File | str, ready: Ready, machines: Sequence[str]) -> None:
        if isinstance(task, str):
            with entry_of(path, task) as stream:
                ready.pictures[task] = take_photo(stream, self.settings).sha256
            return
        chosen = PrintSettings(task.process, task.material, task.supports)
        with entry_of(path, task.entry) as stream:
            ready.meshes[task.task] = take_in(
                stream, task.file_name, chosen, settings=self.settings, machines=machines
            )

    def _add(self, job: ImportJob, manifest: Manifest, found: Sequence[Outcome], ready: Ready) -> None:
        """All of it or nothing; what came into the catalogue meanwhile is left out."""
        with self.factory.begin() as session:
            there = {
                one.place for one in compared(session, manifest, self.profiles()) if one.fate is Fate.THERE
            }
            coming = [one for one in found if one.place not in there]
            by, now = session.get_one(Account, job.by_id), self.clock()
            added = add_all(session, manifest, coming, ready, by=by, now=now)
            record(session, "catalogue.imported", f"import_job:{job.id}", actor_id=by.id, now=now)
            session.execute(_of(job).values(state=ImportState.DONE, designs=len(added), ended_at=now))

    def _note(self, job: ImportJob, **values: Any) -> None:
        with self.factory.begin() as session:
            session.execute(_of(job).values(**values))

    def _fail(self, job: ImportJob, sentence: str) -> None:
        self._note(job, state=ImportState.FAILED, problem=sentence, ended_at=self.clock())


def compared(session: Session, manifest: Manifest, profiles: Profiles) -> list[Outcome]:
    """What would become of each design, as this transaction sees the lab."""
    return outcomes(manifest, here(session, manifest, profiles))


def refuse_unknown(found: Iterable[Outcome]) -> None:
    """Raises Conflict when a design cannot come, or none would: it is all or nothing."""
    if any(one.fate is Fate.REFUSED for one in found):
        raise Conflict(
            _("Ein Objekt passt noch nicht in diese Werkstatt."), way_out=_("Die Vorschau sagt, was fehlt.")
        )
    if not any(one.comes for one in found):
        raise Conflict(_("Alle diese Objekte sind schon da."))


def _tasks(manifest: Manifest, found: Sequence[Outcome]) -> Iterator[File | str]:
    """Meshes, then entries of pictures, each once. Raises Conflict."""
    refuse_unknown(found)
    coming = [one for one in found if one.comes]
    files = [file for one in coming for revision in one.revisions for file in revision.files]
    yield from {file.task: file for file in files}.values()
    covers = [one.picture.entry for one in manifest.collections if one.picture]
    yield from dict.fromkeys([*(entry for one in coming for entry in pictures_of(one.design)), *covers])


def _oldest() -> sa.Select[ImportJob]:
    query = sa.select(ImportJob).where(ImportJob.state.in_(WANTED)).order_by(ImportJob.id).limit(1)
    return query.options(joinedload(ImportJob.by))


def _of(job: ImportJob) -> sa.Update:
    return sa.update(ImportJob).where(ImportJob.id == job.id)
