"""Brings a claimed attempt to its printer: upload, verify, start once. See docs/operators.md.

Between the steps the database transaction is closed: each intent is committed before the printer hears of it,
so that a worker killed anywhere finds out what it was about to do. The start is sent by whoever moves the row
from `verified` to `start_sent`, and by nobody ever again.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.database import SessionFactory, reading
from makerlab.core.files import FileStore
from makerlab.core.logs import log
from makerlab.fleet.actions import declare_bed
from makerlab.fleet.hosts import NO_HOST, HostOf
from makerlab.fleet.models import Bed
from makerlab.production.attempts import change, release
from makerlab.production.closing import close, note_closed, to_close
from makerlab.production.models import Attempt, Slice
from makerlab.production.plates import take_order
from makerlab.production.states import BEFORE_START, AttemptState, Wish
from printers.errors import HostError, Refused
from printers.host import HostState, PrintHost, RemoteFile

# A person said that the bed is clear this long ago at most. An older claim (the worker was away, or the clock
# jumped) is released: nothing starts on a word that may not be true any more.
FRESH = timedelta(minutes=3)

# Longer between two steps: we were killed or frozen, and ask again what we knew.
AWAY_S = 1.0


def unfinished(session: Session) -> list[int]:
    """Attempts that have not been started yet."""
    query = sa.select(Attempt.id).where(Attempt.state.in_(BEFORE_START)).order_by(Attempt.id)
    return list(session.scalars(query))


class Dispatch:
    """Takes attempts from `claimed` to `printing`, `unknown` or `released`. Safe to call twice at once."""

    def __init__(
        self, factory: SessionFactory, host_of: HostOf, files: FileStore, clock: Callable[[], datetime]
    ) -> None:
        self.factory, self.host_of, self.files, self.clock = factory, host_of, files, clock

    def run(self, attempt_id: int) -> None:
        """All steps of one attempt that are still to do."""
        steps = {
            AttemptState.CLAIMED: self._begin,
            AttemptState.UPLOADING: self._upload,
            AttemptState.VERIFIED: self._start,
        }
        with reading(), self.factory() as session:
            attempt = session.get_one(Attempt, attempt_id)
            printer = attempt.printer
        try:
            host = self.host_of(printer)
        except NO_HOST as error:
            if attempt.state in steps:
                self._release(attempt, "unreachable", str(error))
            return
        last = float("-inf")
        while step := steps.get(attempt.state):
            before = attempt.state
            attempt = step(attempt, host, time.monotonic() - last > AWAY_S)
            last = time.monotonic()
            if attempt.state is before:
                return  # somebody else works on it

    def _begin(self, attempt: Attempt, host: PrintHost, _away: bool) -> Attempt:
        if self.clock() - attempt.claimed_at > FRESH or attempt.claimed_at - self.clock() > FRESH:
            return self._release(attempt, "too_old")
        if attempt.wish == Wish.CANCEL:
            return self._release(attempt, "asked")
        if why := self._not_idle(host) or self._not_closed(attempt, host):
            return self._release(attempt, *why)
        return self._change(attempt, AttemptState.UPLOADING)

    def _not_closed(self, attempt: Attempt, host: PrintHost) -> tuple[str, str] | None:
        """Close what was printed here before, so that no start that is still on its way meets ours."""
        with reading(), self.factory() as session:
            before = [(one.id, one.remote_name) for one in to_close(session, attempt.printer_id)]
        for attempt_id, name in before:
            try:
                closed = close(host, name)
            except HostError as error:
                return "unreachable", str(error)
            with self.factory.begin() as session:
                note_closed(session, attempt_id, closed, printing=False, now=self.clock())
            if not closed.gone:
                return "printer_busy", ""  # the host holds the file of the print before
        return None

    def _upload(self, attempt: Attempt, host: PrintHost, away: bool) -> Attempt:
        """Upload unless the file is there whole, from before we were killed; never trust a half one.

        The name is new: unless we were away, nobody can have sent it.
        """
        with reading(), self.factory() as session:
            slice_ = session.get_one(Attempt, attempt.id).plate.slice
        try:
            remote = host.file(attempt.remote_name) if away else None
            if remote is None:
                self._send(attempt, host, slice_)
                remote = host.file(attempt.remote_name)
        except (HostError, OSError) as error:  # OSError: our own file cannot be read
            return self._release(attempt, "upload_failed", str(error))
        if not _whole(remote, slice_):
            return self._release(attempt, "upload_broken")
        return self._change(attempt, AttemptState.VERIFIED)

    def _send(self, attempt: Attempt, host: PrintHost, slice_: Slice) -> None:
        path = self.files.path(slice_.gcode_sha256 or "")
        try:
            host.upload(attempt.remote_name, path)
        except HostError as error:
            # An upload starts nothing: whether it arrived is seen by asking for the file.
            log.info("upload unclear", attempt=attempt.id, words=str(error))
            sent_by_another = isinstance(error, Refused) and error.status == 409  # a second worker of ours
            if error.surely_not_done and not sent_by_another:
                raise

    def _start(self, attempt: Attempt, host: PrintHost, away: bool) -> Attempt:
        stale = abs(self.clock() - attempt.claimed_at) > FRESH
        if stale or attempt.wish == Wish.CANCEL:
            return self._release(attempt, "too_old" if stale else "asked")
        if why := self._not_idle(host) or (away and self._not_as_uploaded(attempt, host)):
            return self._release(attempt, *why)
        attempt, mine = self._commit_to_start(attempt)
        return self._send_start(attempt, host) if mine else attempt

    def _not_as_uploaded(self, attempt: Attempt, host: PrintHost) -> tuple[str, str] | None:
        """We may have been away since the upload: the file is there, whole, and nobody printed it by hand."""
        try:
            remote = host.file(attempt.remote_name)
        except HostError as error:
            return "unreachable", str(error)
        with reading(), self.factory() as session:
            slice_ = session.get_one(Attempt, attempt.id).plate.slice
        if not _whole(remote, slice_):
            return "upload_broken", ""
        return ("started_again", "") if remote and remote.successes + remote.failures else None

    def _commit_to_start(self, attempt: Attempt) -> tuple[Attempt, bool]:
        """Occupy the bed and become the one who starts, in one transaction; False: not us."""
        now = self.clock()
        with self.factory.begin() as session:
            attempt = session.get_one(Attempt, attempt.id)
            if attempt.state is not AttemptState.VERIFIED:
                return attempt, False
            if attempt.wish == Wish.CANCEL:  # asked while we spoke with the printer
                release(session, attempt, "asked", now=now)
                return attempt, False
            take_order(session, attempt.plate.order)
            if attempt.plate.order.held or attempt.printer.held:  # since the person chose it
                release(session, attempt, "held", now=now)
                return attempt, False
            if not declare_bed(session, attempt.printer, Bed.OCCUPIED, reason="start", by_id=None, now=now):
                # A start by hand was seen since the person looked at the bed.
                release(session, attempt, "bed_not_clear", now=now)
                return attempt, False
            return attempt, change(session, attempt, AttemptState.START_SENT, now=now)

    def _send_start(self, attempt: Attempt, host: PrintHost) -> Attempt:
        """The one request. Whatever is not an explicit no leaves the truth to watch or to a person."""
        try:
            host.start(attempt.remote_name)
        except HostError as error:
            if not error.surely_not_done:
                return self._change(attempt, AttemptState.UNKNOWN, "no_answer_to_start", str(error))
            return self._not_started(attempt, error)
        return self._read_back(attempt, host)

    def _not_started(self, attempt: Attempt, error: HostError) -> Attempt:
        """Surely not by us: the bed is as the person left it, unless somebody else may have started."""
        with self.factory.begin() as session:
            attempt = session.get_one(Attempt, attempt.id)
            printer, now = attempt.printer, self.clock()
            if not release(session, attempt, "start_refused", now=now, detail=str(error)):
                return attempt
            busy = isinstance(error, Refused) and error.status == 409
            if not busy and not (printer.sight and printer.sight.foreign):
                declare_bed(session, printer, Bed.CLEAR, reason="not_started", by_id=None, now=now)
        return attempt

    def _read_back(self, attempt: Attempt, host: PrintHost) -> Attempt:
        """A 204 does not mean that *this* file prints. Not seen yet: watch goes on looking."""
        try:
            status = host.status()
        except HostError:
            return attempt
        if status.prints(attempt.remote_name):
            return self._change(attempt, AttemptState.PRINTING)
        return attempt

    def _not_idle(self, host: PrintHost) -> tuple[str, str] | None:
        try:
            status = host.status()
        except HostError as error:
            return ("refused" if isinstance(error, Refused) else "unreachable"), str(error)
        return None if status.state is HostState.OPERATIONAL else ("printer_busy", status.text)

    def _change(self, attempt: Attempt, to: AttemptState, reason: str = "", detail: str = "") -> Attempt:
        with self.factory.begin() as session:
            fresh = session.get_one(Attempt, attempt.id)
            if fresh.state is attempt.state:
                change(session, fresh, to, now=self.clock(), reason=reason, detail=detail)
            session.flush()
            session.refresh(fresh)
            return fresh

    def _release(self, attempt: Attempt, reason: str, detail: str = "") -> Attempt:
        with self.factory.begin() as session:
            fresh = session.get_one(Attempt, attempt.id)
            if fresh.state is attempt.state:
                release(session, fresh, reason, now=self.clock(), detail=detail)
            session.refresh(fresh)
            log.info("attempt released", attempt=fresh.id, reason=reason)
            return fresh


def _whole(remote: RemoteFile | None, slice_: Slice) -> bool:
    """The size always, the SHA-1 where the host gives one."""
    if remote is None or remote.size != slice_.gcode_bytes:
        return False
    return remote.sha1 is None or remote.sha1 == slice_.gcode_sha1
