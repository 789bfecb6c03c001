"""`makerlab work`: dispatch, watch, planning and the calendar's jobs; one leader."""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from designs.profiles import Profiles, load
from designs.slicer import find_slicer
from makerlab import models  # noqa: F401  all tables, for their foreign keys
from makerlab.catalog.estimating import EstimateRound
from makerlab.catalog.exchange.importing import ImportRound
from makerlab.catalog.picturing import PictureRound
from makerlab.catalog.renewing import PresentProfiles
from makerlab.catalog.shaping import ShapeRound
from makerlab.core.beats import EVERY_S, say_alive
from makerlab.core.clock import utcnow
from makerlab.core.database import make_engine, make_session_factory
from makerlab.core.files import FileStore
from makerlab.core.leader import leadership
from makerlab.core.logs import init_logs, log
from makerlab.core.sessions import sweep
from makerlab.core.settings import Settings
from makerlab.core.sweeping import SweepRound
from makerlab.fleet.hosts import Hosts
from makerlab.fleet.queries import machines_of
from makerlab.notices.actions import sweep as sweep_notices
from makerlab.notices.sending import SendRound
from makerlab.production.dispatch import Dispatch
from makerlab.production.learning import refine_from_runs
from makerlab.production.queue import make_queue, slice_task
from makerlab.production.telling import TellRound
from makerlab.production.watch import Watch
from makerlab.production.work import DispatchRound, PlanRound, Rounds
from makerlab.sales.telling import ScarceRound

WAIT_FOR_LEAD_SECONDS = 2.0
SOON = timedelta(minutes=10)


def work(settings: Settings) -> None:
    """Until told to stop."""
    init_logs("work")
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    lead(settings, stop)


def lead(settings: Settings, stop: threading.Event) -> None:
    """Wait for the lead, then work."""
    engine = make_engine(settings)
    while not stop.is_set():
        with leadership(settings, engine) as leads:
            if leads:
                log.info("leading")
                _lead(settings, engine, stop)
                return
        stop.wait(WAIT_FOR_LEAD_SECONDS)


def _lead(settings: Settings, engine: Any, stop: threading.Event) -> None:
    factory = make_session_factory(engine)
    profiles = PresentProfiles(factory, lambda: load(settings.profiles_dir), utcnow)
    profiles()
    watch, rounds = _rounds(settings, factory, profiles)
    rounds.append(Rounds("beat", EVERY_S, lambda: say_alive(engine, "work")))
    calendar = _calendar(settings, factory, profiles)
    for one in rounds:
        one.start()
    calendar.start()
    stop.wait()
    calendar.shutdown(wait=False)
    for one in rounds:
        one.stop()
    watch.close()


def _rounds(settings: Settings, factory: Any, profiles: PresentProfiles) -> tuple[Watch, list[Rounds]]:
    files = FileStore(settings.files_dir)
    host_of = Hosts(settings)
    watch = Watch(
        factory, host_of, every_s=settings.poll_seconds, silent_s=settings.silent_seconds, clock=utcnow
    )
    hint = slice_task(make_queue(settings), lambda _key: None)
    plan = PlanRound(
        factory,
        files,
        profiles(),
        lambda: find_slicer(settings.slicer or None).version,
        hint,
        utcnow,
    )

    def plan_by_present_profiles() -> None:
        plan.profiles = profiles()
        plan()

    sending = SendRound(
        factory, key=settings.channel_key, address=settings.address, timezone=settings.timezone, clock=utcnow
    )
    rounds = [
        Rounds("watch", 0.1, watch.tick),
        Rounds("dispatch", 0.05, DispatchRound(factory, Dispatch(factory, host_of, files, utcnow))),
        Rounds("plan", 0.3, plan_by_present_profiles),
        Rounds("pictures", 2.0, PictureRound(factory, files)),
        Rounds("shapes", 5.0, ShapeRound(factory, files)),
        Rounds("estimates", 2.0, EstimateRound(factory, files, profiles, machines_of)),
        Rounds("imports", 1.0, ImportRound(factory, settings, profiles, machines_of, utcnow)),
        Rounds("tell", 5.0, TellRound(factory, settings.timezone, utcnow)),
        Rounds("scarce", 30.0, ScarceRound(factory, utcnow)),
        Rounds("notices", 2.0, sending),
    ]
    return watch, rounds


def _calendar(settings: Settings, factory: Any, profiles: Callable[[], Profiles]) -> BackgroundScheduler:
    """What hangs on the calendar and may run late."""
    calendar = BackgroundScheduler(timezone="UTC")

    def sweep_sessions() -> None:
        with factory.begin() as session:
            sweep(session, utcnow())

    def sweep_old_notices() -> None:
        with factory.begin() as session:
            sweep_notices(session, now=utcnow())

    def learn_from_runs() -> None:
        present = profiles()
        with factory.begin() as session:
            refine_from_runs(session, present)

    calendar.add_job(learn_from_runs, "interval", minutes=2, coalesce=True, max_instances=1)
    calendar.add_job(sweep_old_notices, "interval", hours=1, coalesce=True, max_instances=1)
    calendar.add_job(sweep_sessions, "interval", hours=1, coalesce=True, max_instances=1)
    # Soon after the start, too: a lab that is switched off at night never works for a whole day.
    soon = utcnow() + SOON
    sweep_files = SweepRound(factory, settings, utcnow)
    calendar.add_job(sweep_files, "interval", days=1, next_run_time=soon, misfire_grace_time=None)
    return calendar
