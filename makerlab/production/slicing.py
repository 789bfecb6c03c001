"""Slicing with a lease on the row: claim where queued, beat while working, finish only as owner.

A slicing worker may be killed, or frozen and woken after its row was given to another; both do no harm. The
lease needs no clock: whoever looks after the workers sees that `beat` stands still on its own watch.
"""

import hashlib
import secrets
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.errors import DesignError
from designs.gcode import check_gcode, layer_seconds
from designs.profiles import Profiles
from designs.slicer import Sliced, Slicer
from makerlab.core.clock import utcnow
from makerlab.core.database import SessionFactory, reading
from makerlab.core.files import FileStore
from makerlab.core.logs import log
from makerlab.production.models import Slice, SliceState
from makerlab.production.plates import job_of, made_with
from makerlab.production.refining import refine_from_planner, refine_from_slice
from makerlab.production.timing import plate_times

BEAT_SECONDS = 1.0
STILL_SECONDS = 15.0  # a worker without a beat for so long is dead or frozen
MOST_TRIES = 3  # a plate that kills its worker three times is not tried a fourth time


def slice_one(
    factory: SessionFactory, key: str, *, slicer: Slicer, files: FileStore, profiles: Profiles
) -> bool:
    """Slice the row `key` if nobody does; False when there was nothing to do or it was taken away."""
    owner = secrets.token_hex(8)
    inputs = _claim(factory, key, owner)
    if inputs is None:
        return False
    with (
        _Lease(factory, key, owner) as lease,
        tempfile.TemporaryDirectory(prefix="makerlab-slice-") as folder,
    ):
        out = Path(folder) / "plate.gcode"
        try:
            job = job_of(inputs, files, profiles)
            if inputs.get("made_with", "") not in ("", made_with(inputs, profiles)):
                raise DesignError("settings_changed", "The settings changed since this plate was planned.")
            sliced = slicer.slice(job, out, on_progress=lease.progress, cancelled=lease.lost)
            check_gcode(out, job.machine)
        except DesignError as error:
            log.warning("slicing failed", key=key, code=error.code, words=error.message)
            return _finish(factory, key, owner, {"state": SliceState.FAILED, "error": error.code})
        if not _finish(factory, key, owner, _result(out, sliced, files)):
            return False
    with factory.begin() as session:
        refine_from_slice(session, session.get_one(Slice, key), profiles)
    _plan_moves(factory, key, files, profiles)
    return True


def _plan_moves(factory: SessionFactory, key: str, files: FileStore, profiles: Profiles) -> None:
    """The planner's figures, when the plate can be printed already: nobody waits for its compiler."""
    try:
        with reading(), factory() as session:
            slice_ = session.get_one(Slice, key)
        times = plate_times(
            slice_, files, profiles, layer_seconds
        )  # here: the check has brought the compiler
        with factory.begin() as session:
            refine_from_planner(session, session.get_one(Slice, key), times.total_s, profiles)
    except Exception as error:  # noqa: BLE001 (a finer estimate is no reason to lose the worker)
        log.warning("planning of moves failed", key=key, words=str(error)[:300])


def _claim(factory: SessionFactory, key: str, owner: str) -> dict[str, Any] | None:
    """Take the row if it is queued; its inputs, or None when another worker was faster."""
    queued = sa.and_(Slice.key == key, Slice.state == SliceState.QUEUED)
    values = {
        "state": SliceState.RUNNING,
        "owner": owner,
        "beat": 0,
        "progress": 0.0,
        "tries": Slice.tries + 1,
    }
    with factory.begin() as session:
        if session.execute(sa.update(Slice).where(queued).values(values)).rowcount != 1:  # type: ignore[attr-defined]
            return None
        return session.get_one(Slice, key).inputs


def _result(out: Path, sliced: Sliced, files: FileStore) -> dict[str, Any]:
    content = out.read_bytes()
    return {
        "state": SliceState.DONE,
        "error": "",
        "progress": 1.0,
        "gcode_sha256": files.put(out),
        "gcode_sha1": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "gcode_bytes": len(content),
        "time_s": sliced.time_s,
        "filament_mm": sliced.filament_mm,
        "filament_g": sliced.filament_g,
    }


def _finish(factory: SessionFactory, key: str, owner: str, values: dict[str, Any]) -> bool:
    """Write the end only as owner: a worker that was frozen and replaced changes nothing."""
    mine = sa.and_(Slice.key == key, Slice.owner == owner, Slice.state == SliceState.RUNNING)
    with factory.begin() as session:
        update = sa.update(Slice).where(mine).values({**values, "owner": None, "ended_at": utcnow()})
        return session.execute(update).rowcount == 1  # type: ignore[attr-defined,no-any-return]


class _Lease:
    """Raises the row's beat from a thread of its own while the slicer works."""

    def __init__(self, factory: SessionFactory, key: str, owner: str) -> None:
        self.factory, self.key, self.owner = factory, key, owner
        self._share = 0.0
        self._lost = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "_Lease":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def progress(self, share: float) -> None:
        self._share = share

    def lost(self) -> bool:
        """The row is not ours any more, or nobody needs it: the slicer is stopped."""
        return self._lost.is_set()

    def _beat(self) -> None:
        mine = sa.and_(Slice.key == self.key, Slice.owner == self.owner, Slice.state == SliceState.RUNNING)
        while not self._over.wait(BEAT_SECONDS):
            try:
                with self.factory.begin() as session:
                    beat = sa.update(Slice).where(mine).values(beat=Slice.beat + 1, progress=self._share)
                    if session.execute(beat).rowcount != 1:  # type: ignore[attr-defined]
                        self._lost.set()
            except sa.exc.OperationalError:
                log.warning("beat missed", key=self.key)  # the database was busy: the next beat counts


class Reaper:
    """Watches the beats on its own monotonic clock and returns rows of dead workers to the queue."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic
        self._seen: dict[str, tuple[str | None, int, float]] = {}

    def reap(self, session: Session) -> list[str]:
        """Keys that were returned to the queue."""
        running = session.scalars(sa.select(Slice).where(Slice.state == SliceState.RUNNING)).all()
        still = [row for row in running if self._stands_still(row)]
        self._seen = {row.key: self._seen[row.key] for row in running}
        return [row.key for row in still if _return(session, row)]

    def _stands_still(self, row: Slice) -> bool:
        now = self.monotonic()
        owner, beat, since = self._seen.get(row.key, (None, -1, now))
        if (owner, beat) != (row.owner, row.beat):
            self._seen[row.key] = (row.owner, row.beat, now)
            return False
        return now - since >= STILL_SECONDS


def _return(session: Session, row: Slice) -> bool:
    given_up = row.tries >= MOST_TRIES
    values: dict[str, Any] = {"state": SliceState.QUEUED, "owner": None}
    if given_up:
        values = {"state": SliceState.FAILED, "owner": None, "error": "slicer_died"}
    here = sa.and_(Slice.key == row.key, Slice.owner == row.owner, Slice.state == SliceState.RUNNING)
    done = session.execute(sa.update(Slice).where(here).values(values)).rowcount == 1  # type: ignore[attr-defined]
    return done and not given_up
