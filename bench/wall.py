"""What the wall and the kiosk cost the server, with 200 printers and 500 plates that wait.

Server time of a request from its arrival to the last byte, by Flask's test client: no network, no browser.
Between two polls a dozen prints went on by a per cent, as in two seconds of such a lab; a poll that finds
nothing new is measured beside that.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.table import Line
from bench.wall_lab import fill
from makerlab.app import create_app
from makerlab.cli.serve import settle
from makerlab.core.database import db
from makerlab.core.settings import Settings
from makerlab.people.models import Account
from makerlab.production.models import Attempt

PRINTERS, PLATES, TIMES = 200, 500, 40
GOAL_S = 0.050
# What is asked for every two or three seconds, and by whom.
PAGES = {
    "wall, poll": ("Boris", "/drucker/stand"),
    "big wall, poll": ("Boris", "/drucker/wand/stand"),
    "a printer's page, poll": ("Boris", "/drucker/1/stand"),
    "kiosk, first page": ("Amira", "/kiosk/start"),
    "kiosk, printers, poll": ("Amira", "/kiosk/drucker/jetzt"),
    "kiosk, a printer": ("Amira", "/kiosk/drucker/P2"),
}
POLLED = ("wall, poll", "big wall, poll")


def main() -> list[Line]:
    with lab(PRINTERS, PLATES) as app:
        return [line for name in PAGES for line in _lines(app, name)]


@contextmanager
def lab(printers: int, plates: int) -> Iterator[Flask]:
    """The application on such a lab, warmed up."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        fill(settings, printers=printers, plates=plates)
        app = create_app(settings)
        settle()
        with app.app_context():
            yield app
            db.session.rollback()
            db.engine.dispose()


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which this person is signed in."""
    client = app.test_client()
    person = db.session.scalars(sa.select(Account).where(Account.name.startswith(name))).one()
    identity = person.fs_uniquifier
    db.session.rollback()
    with client.session_transaction() as stored:
        stored.update({"_user_id": identity, "_fresh": True, "fs_cc": "set"})
    return client


def _lines(app: Flask, name: str) -> list[Line]:
    who, path = PAGES[name]
    client = signed_in(app, who)
    page_s = p95(client, path)
    size = len(client.get(path).data)
    said = f"{page_s * 1000:.0f} ms, {size / 1024:.0f} kB"
    lines = [Line(name, f"≤ {GOAL_S * 1000:.0f} ms p95", said, met=page_s <= GOAL_S)]
    return [*lines, _nothing_new(client, name, path, page_s)] if name in POLLED else lines


def _nothing_new(client: FlaskClient, name: str, path: str, page_s: float) -> Line:
    headers = {"If-None-Match": client.get(path).headers["ETag"]}
    known_s, again = p95(client, path, headers), client.get(path, headers=headers)
    said = f"{known_s * 1000:.0f} ms, {len(again.data)} bytes"
    return Line(
        f"{name}, nothing new", "304, less than the page", said,
        f"{page_s * 1000:.0f} ms", f"{known_s / page_s:.2f}",
        met=again.status_code == 304 and not again.data and known_s < page_s,
    )  # fmt: skip


def prints_go_on(moving: int = 12) -> None:
    """What watch writes down in two seconds."""
    ids = db.session.scalars(sa.select(Attempt.id).order_by(Attempt.progress).limit(moving)).all()
    further = sa.update(Attempt).where(Attempt.id.in_(ids)).values(progress=Attempt.progress + 0.01)
    db.session.execute(further)
    db.session.commit()


def p95(client: FlaskClient, path: str, headers: dict[str, str] | None = None, times: int = TIMES) -> float:
    """Seconds of CPU at the 95th percentile: another program on the same cores changes it little."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        client.get(path, headers=headers)
        taken.append(time.process_time() - began)
        if not headers:
            prints_go_on()
    return sorted(taken)[int(times * 0.95) - 1]
