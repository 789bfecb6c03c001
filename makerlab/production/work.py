"""The worker's rounds: watch, dispatch, plan, reap. Each in a thread of its own, on a monotonic clock.

They do not hang on the wall clock: a clock set back by a day must not stop the watching for a day.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from designs.errors import DesignError
from designs.profiles import Profiles
from makerlab.core.database import SessionFactory, reading
from makerlab.core.files import FileStore
from makerlab.core.logs import log
from makerlab.production.dispatch import Dispatch, unfinished
from makerlab.production.models import Order
from makerlab.production.plates import Layout, lay_out, orders_to_plan, put_on_plates, waiting_slices
from makerlab.production.replanning import outdated, stranded, take_off
from makerlab.production.slicing import Reaper

AGAIN_SECONDS = 30.0  # a queue may lose a task: what still waits is hinted at again


class Rounds:
    """A thread that does `work` every `every_s` seconds until stopped; an error is logged, never the end."""

    def __init__(self, name: str, every_s: float, work: Callable[[], object]) -> None:
        self.name, self.every_s, self.work = name, every_s, work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.wait(self.every_s):
            try:
                self.work()
            except SQLAlchemyError as error:
                log.warning("database not to be had", round=self.name, words=str(error)[:300])
            except Exception as error:  # noqa: BLE001 (the lab goes on; the log says what broke)
                log.error("round failed", round=self.name, exc_info=error)


class DispatchRound:
    """Hands each attempt that waits to be started to a thread, once at a time."""

    def __init__(self, factory: SessionFactory, dispatch: Dispatch, threads: int = 8) -> None:
        self.factory, self.dispatch = factory, dispatch
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="dispatch")
        self._under_way: dict[int, Future[None]] = {}

    def __call__(self) -> None:
        for attempt_id in [id_ for id_, future in self._under_way.items() if future.done()]:
            if error := self._under_way.pop(attempt_id).exception():
                log.error("dispatch failed", attempt=attempt_id, exc_info=error)
        with reading(), self.factory() as session:
            ids = unfinished(session)
        for attempt_id in ids:
            if attempt_id not in self._under_way:
                self._under_way[attempt_id] = self.pool.submit(self.dispatch.run, attempt_id)


class PlanRound:
    """Puts open copies on plates, hints waiting slices to the queue, returns those of dead workers."""

    def __init__(
        self,
        factory: SessionFactory,
        files: FileStore,
        profiles: Profiles,
        slicer_version: Callable[[], str],
        hint: Callable[[str], object],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.factory, self.files, self.profiles = factory, files, profiles
        self.slicer_version, self.hint, self.clock, self.monotonic = slicer_version, hint, clock, monotonic
        self.reaper = Reaper(monotonic)
        self._hinted: dict[str, float] = {}
        self._tried = monotonic()
        self._rescued_by: Profiles | None = None

    def __call__(self) -> None:
        self._plan()
        self._reap()
        self._hint()

    def _plan(self) -> None:
        """Each order by itself: one that breaks the planning is logged and holds up no other."""
        again = self._try_again()
        if again or self.profiles is not self._rescued_by:
            self._rescue()
        with reading(), self.factory() as session:
            ids = [order.id for order in orders_to_plan(session, again=again)]
        if not ids:
            return
        try:
            version, problem = self.slicer_version(), ""
        except DesignError as error:
            version, problem = "", error.code
        for order_id in ids:
            try:
                self._plan_one(order_id, version, problem)
            except OperationalError:
                raise  # the database is not to be had: for no order
            except Exception as error:  # noqa: BLE001 (the lab goes on; the log says what broke)
                log.error("planning failed", order=order_id, exc_info=error)

    def _rescue(self) -> None:
        """Plan anew what stands on plates for a machine model that is gone, or for settings of the past."""
        with reading(), self.factory() as session:
            found = (stranded(session, self.profiles.machines), outdated(session, self.profiles))
        for order_id, plate_ids in [*found[0].items(), *found[1].items()]:
            with self.factory.begin() as session:
                take_off(session, session.get_one(Order, order_id), plate_ids)
        self._rescued_by = self.profiles

    def _try_again(self) -> bool:
        """Now and then also orders whose problem may have gone away."""
        due = self.monotonic() - self._tried >= AGAIN_SECONDS
        if due:
            self._tried = self.monotonic()
        return due

    def _plan_one(self, order_id: int, version: str, problem: str) -> None:
        """Arrange first, with no lock held, then write."""
        with reading(), self.factory() as session:
            order = session.get_one(Order, order_id)
            layout = lay_out(session, order, files=self.files, profiles=self.profiles)
        if problem:
            layout = Layout(layout.copy_ids, problem=problem)
        with self.factory.begin() as session:
            put_on_plates(
                session, session.get_one(Order, order_id), layout, files=self.files, profiles=self.profiles,
                slicer_version=version, now=self.clock(),
            )  # fmt: skip

    def _reap(self) -> None:
        with self.factory.begin() as session:
            for key in self.reaper.reap(session):
                self._hinted.pop(key, None)

    def _hint(self) -> None:
        now = self.monotonic()
        with reading(), self.factory() as session:
            keys = waiting_slices(session)
        self._hinted = {key: at for key, at in self._hinted.items() if key in keys}
        for key in keys:
            if now - self._hinted.get(key, -AGAIN_SECONDS) >= AGAIN_SECONDS:
                self.hint(key)
                self._hinted[key] = now
