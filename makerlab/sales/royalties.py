"""The statement of royalties: what a partner's sold pieces owe for a period, on the screen and as a file."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response, render_template, request

from makerlab.catalog.models import Partner, RoyaltyRate
from makerlab.core.access import Role, allow
from makerlab.core.alphabet import by_name
from makerlab.core.database import db
from makerlab.core.language import _
from makerlab.core.tables import Cell, as_csv
from makerlab.core.web import attachment, number_of, settings
from makerlab.sales import royalty, shelf
from makerlab.sales.royalty import Line
from makerlab.sales.views import blueprint

KEEPERS = (Role.LIAISON, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date


@blueprint.get("/partner/abrechnung")
@allow(*KEEPERS)
def royalties() -> str:
    """One partner and one period; without a choice the last whole quarter."""
    partner, period = _partner(), _period(shelf.today())
    found = _lines(partner, period)
    rows = royalty.sums(found)
    return render_template(
        "sales/royalties.html",
        partners=db.session.scalars(sa.select(Partner).order_by(by_name(Partner.name))).all(),
        partner=partner,
        period=period,
        rows=rows,
        sold=sum(row.sold - row.returned for row in rows),
        due=sum(row.due for row in rows),
        open_pieces=sum(row.open for row in rows),
        currency=settings().currency,
    )


@blueprint.get("/partner/abrechnung.csv")
@allow(*KEEPERS)
def royalties_csv() -> Response:
    """Every line of it, for a spreadsheet: semicolons and decimal commas, as they are read here."""
    partner, period = _partner(), _period(shelf.today())
    head = [_("Tag"), _("Verkauft am"), _("Objekt"), _("Farbe")]
    head += [_("Stück"), _("Preis"), _("Vergütung"), _("Fällig")]
    data = as_csv(head, (_row(line) for line in _lines(partner, period)))
    return attachment(
        data, "text/csv", f"verguetung-{partner.id if partner else 0}-{period.first}-{period.last}.csv"
    )


def _row(line: Line) -> list[Cell]:
    return [
        line.day.isoformat(), line.sold_on.isoformat(), line.design, line.colour, line.pieces,
        _money(line.price), _rate(line.rate), _money(line.due),
    ]  # fmt: skip


def _money(cents: int | None) -> str:
    return "" if cents is None else f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _rate(rate: RoyaltyRate | None) -> str:
    if rate is None:
        return ""
    if rate.cents is not None:
        return _money(rate.cents)
    return f"{_money(rate.share_hundredths)} %"


def _lines(partner: Partner | None, period: Period) -> list[Line]:
    if partner is None:
        return []
    zone = ZoneInfo(settings().timezone)
    return royalty.lines(db.session, partner.id, period.first, period.last, zone)


def _partner() -> Partner | None:
    chosen = request.args.get("partner", type=number_of)
    return db.session.get(Partner, chosen) if chosen is not None else None


def _period(today: date) -> Period:
    """What was asked for, where it is a period; else the last whole quarter."""
    first, last = (_day(request.args.get(name, "")) for name in ("von", "bis"))
    if first and last and first <= last:
        return Period(first, last)
    this_quarter = date(today.year, today.month - (today.month - 1) % 3, 1)
    before = this_quarter - timedelta(1)
    return Period(date(before.year, before.month - 2, 1), before)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
