"""Stored files that no row names any more go, and what killed processes left lying.

What looks like a SHA-256 anywhere in the database names a file: a column of its own, JSON, the text of a
session. So a feature that begins to keep files has nothing to register here.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from makerlab.core.database import Base, SessionFactory, UtcDateTime, reading
from makerlab.core.files import FileStore
from makerlab.core.logs import log
from makerlab.core.settings import Settings

KEPT = timedelta(days=2)  # between the look that finds a file without a name and the one that removes it

_HASH = re.compile(r"[0-9a-f]{64}")
_NO_HASH = (
    sa.Integer, sa.Numeric, sa.Boolean, sa.Date, sa.DateTime, UtcDateTime, sa.Enum, sa.LargeBinary,
)  # fmt: skip
_ROWS = 500  # read at once

Noted = Mapping[str, datetime]  # SHA-256 → when a look first found that nothing names it


def searched(table: sa.Table) -> list[sa.Column[object]]:
    """The columns of `table` that can hold the 64 digits of a hash."""
    return [column for column in table.columns if _may_hold(column.type)]


def _may_hold(kind: sa.types.TypeEngine[object]) -> bool:
    too_short = isinstance(kind, sa.String) and kind.length is not None and kind.length < 64
    return not too_short and not isinstance(kind, _NO_HASH)


def named(factory: SessionFactory, among: Collection[str], metadata: sa.MetaData = Base.metadata) -> set[str]:
    """Which of the hashes `among` the database names; a short transaction for each table."""
    wanted, found = frozenset(among), set[str]()
    for table in metadata.sorted_tables:
        if columns := [sa.cast(column, sa.Text) for column in searched(table)]:
            with reading(), factory() as session:
                for row in session.execute(sa.select(*columns)).yield_per(_ROWS):
                    found.update(
                        name for text in row if text for name in _HASH.findall(text) if name in wanted
                    )
    return found


def judged(
    nameless: Mapping[str, datetime], noted: Noted, *, now: datetime
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """What goes and what stays noted, of `nameless` files (SHA-256 → when it was stored last).

    Whatever was stored again since it was noted counts anew, and so does a note from a clock that ran ahead.
    """
    since = {
        sha256: noted[sha256] if sha256 in noted and stored_at <= noted[sha256] <= now else now
        for sha256, stored_at in nameless.items()
    }
    gone = {sha256: at for sha256, at in since.items() if now - at >= KEPT}
    return gone, {sha256: at for sha256, at in since.items() if sha256 not in gone}


class SweepRound:
    """The worker's daily look at the files."""

    def __init__(self, factory: SessionFactory, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.factory, self.settings, self.clock = factory, settings, clock
        self.files = FileStore(settings.files_dir)

    def __call__(self) -> None:
        now = self.clock()
        removed = self._sweep_store(now)
        left = [path for path in self._left_lying() if _before(path, now - KEPT) and _remove(path)]
        log.info("files swept", removed=removed, left_lying=len(left))

    def _sweep_store(self, now: datetime) -> int:
        self.files.put_back()
        stored = dict(self.files.stored())
        known = named(self.factory, stored)
        if stored and not known:
            # A new, empty database beside the files of the old one: rather keep them all.
            log.warning("no file is named by the database, none is removed", files=len(stored))
            return 0
        nameless = {sha256: stored[sha256] for sha256 in stored.keys() - known}
        gone, still = judged(nameless, self._noted(), now=now)
        removed = sum(self.files.remove(sha256, stored_before=at) for sha256, at in gone.items())
        self._note(still)
        return removed

    @property
    def _notes(self) -> Path:
        return self.files.root / ".nameless.json"

    def _noted(self) -> Noted:
        try:
            rows = json.loads(self._notes.read_text())
            return {sha256: datetime.fromtimestamp(at, UTC) for sha256, at in rows.items()}
        except (OSError, ValueError):  # none yet, or half of it: counted from now
            return {}

    def _note(self, still: Noted) -> None:
        if self.files.root.is_dir():
            self._notes.write_text(json.dumps({sha256: at.timestamp() for sha256, at in still.items()}))

    def _left_lying(self) -> Iterator[Path]:
        """Temporary files, uploads nobody reads, repaired copies nobody took, light copies of nothing."""
        data = self.settings.data_dir
        for folder, pattern in (("files", ".new-*"), ("layers", ".new-*"), ("pictures", "*/.new-*")):
            yield from (data / folder).glob(pattern)
        for folder in ("quarantine", "repaired"):
            yield from (data / folder).glob("*")
        for path in (data / "pictures").glob("??/*.webp"):
            if path.parent.name + path.stem.partition("-")[0] not in self.files:
                yield path


def _before(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:  # gone meanwhile
        return False


def _remove(path: Path) -> bool:
    try:
        shutil.rmtree(path) if path.is_dir() else os.unlink(path)
    except OSError as error:
        log.warning("could not be swept", path=str(path), exc_info=error)
        return False
    return True
