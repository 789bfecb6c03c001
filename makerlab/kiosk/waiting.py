"""“Warum startet es nicht?”: what an order waits for at each printer, and what would start it."""

import sqlalchemy as sa
from flask import render_template

from makerlab.core.access import allow
from makerlab.core.database import db
from makerlab.kiosk.blueprint import PEOPLE, blueprint, me
from makerlab.kiosk.orders import order_of
from makerlab.production import words
from makerlab.production.models import Order
from makerlab.production.obstacles import foremost
from makerlab.production.pages.frame import lab_now
from makerlab.production.pages.saying import saying
from makerlab.production.queries import ALL_OPEN
from makerlab.production.survey import person_of, survey

SHOWN = 4  # printers: as many as fit on the smallest screen, the nearest to a start first


@blueprint.get("/auftrag/<int:order_id>/warum")
@allow(*PEOPLE)
def why_waiting(order_id: int) -> str:
    """Of the plate that is nearest to a start."""
    order, now = order_of(order_id), lab_now()
    floor = survey(db.session, now=now, which=sa.and_(ALL_OPEN, Order.id == order.id))
    person = person_of(db.session, me().id, now=now)
    waits = [[wait for wait in floor.waits(plate, person) if wait.fits] for plate in floor.plates]
    rows = min(filter(None, waits), key=lambda one: one[0].distance, default=[])
    return render_template(
        "kiosk/waiting.html", order=order, first=rows[0] if rows else None, rows=rows[:SHOWN],
        more=len(rows) - SHOWN, obstacle=words.obstacle, foremost=foremost, **saying(floor.colours),
    )  # fmt: skip
