"""The slicing queue: huey on a SQLite file or Redis. A task is only a hint; the truth is the slice's row."""

from collections.abc import Callable

from huey import Huey, RedisHuey, SqliteHuey

from makerlab.core.settings import Settings


def make_queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("makerlab", url=settings.redis_url, results=False)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # huey uses the system's SQLite, which may have the WAL-reset bug: no WAL there.
    return SqliteHuey(
        "makerlab", filename=str(settings.data_dir / "queue.sqlite"), results=False, journal_mode="delete"
    )


def slice_task(queue: Huey, slice_key: Callable[[str], None]) -> Callable[[str], object]:
    """Register the one task of the queue; calling what comes back enqueues a key."""

    def slice_plate(key: str) -> None:
        slice_key(key)

    task: Callable[[str], object] = queue.task(name="slice_plate")(slice_plate)
    return task
