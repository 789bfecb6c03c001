"""One printer on the desk: what it does, its spool, its bed, its service and its history."""

from typing import Any

import sqlalchemy as sa
from flask import Response, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload

from designs.profiles import load
from makerlab.catalog.models import Revision
from makerlab.core.access import allow
from makerlab.core.database import db
from makerlab.core.web import not_modified, settings
from makerlab.fleet import words as fleet_words
from makerlab.fleet.models import BedDeclaration, Printer
from makerlab.materials.labels import qr_svg
from makerlab.materials.models import Spool
from makerlab.materials.queries import grams_left
from makerlab.production import words
from makerlab.production.foreign import to_adopt
from makerlab.production.learning import printer_factor
from makerlab.production.models import Attempt, AttemptEvent, AttemptStep, Order, Plate, Step
from makerlab.production.pages import board
from makerlab.production.pages.curves import curves_of, span_of
from makerlab.production.pages.frame import (
    ID,
    WATCHERS,
    blueprint,
    found,
    lab_now,
    page_of,
    picture_url,
)
from makerlab.production.pages.lifetime import lifetime_of
from makerlab.production.pages.saying import material_name, saying
from makerlab.production.pages.words import NEEDS, STEPS
from makerlab.production.queries import attempt_on
from makerlab.production.states import AT_PRINTER, BEFORE_START, ENDED, OVER, AttemptState
from makerlab.production.survey import survey

PRINTER = f"/drucker/<{ID}:printer_id>"
PAGE = 20  # attempts of a printer's history


@blueprint.get(PRINTER)
@allow(*WATCHERS)
def printer(printer_id: int) -> str:
    found_ = found(Printer, printer_id)
    number = page_of(request.args)
    runs, pages = history(printer_id, number)
    spools = spools_to_load(found_)
    return render_template(
        "production/printer.html", printer=found_, live=_live(found_), history=runs, page=number, pages=pages,
        page_url=lambda page: url_for(".printer", printer_id=printer_id, seite=page),
        spools=spools, grams=grams_left(db.session, [spool.id for spool in spools]),
        said=last_declaration(printer_id), beds=fleet_words.BED, loaded_g=loaded_grams(found_),
        pace=printer_factor(db.session, printer_id, load(settings().profiles_dir)),
        by_hand=to_adopt(db.session, printer_id, most=10),
        active=has_active(printer_id), step_states=_steps_of_attempts(runs), **page_words(),
        **lifetime_of(found_), **curves_of(found_, span_of(request.args)),
    )  # fmt: skip


def has_active(printer_id: int) -> bool:
    """A print of ours is under way or waits to be collected."""
    open_ = sa.and_(Attempt.printer_id == printer_id, Attempt.state.not_in(ENDED))
    return db.session.scalar(sa.select(Attempt.id).where(open_)) is not None


def loaded_grams(printer: Printer) -> float:
    """What is left on the spool that is in."""
    spool = printer.spool
    return grams_left(db.session, [spool.id])[spool.id] if spool else 0.0


@blueprint.get(f"{PRINTER}/stand")
@allow(*WATCHERS)
def printer_now(printer_id: int) -> Response:
    """The part that is asked for every two seconds."""
    return not_modified(_live(found(Printer, printer_id)))


def _live(printer: Printer) -> str:
    floor = survey(db.session, now=lab_now(), also_id=printer.id)
    card, attempt = board.card_of(floor, printer.id), attempt_on(db.session, printer.id)
    return render_template(
        "production/_printer_now.html", card=card, printer=printer, sight=printer.sight, attempt=attempt,
        events=events_of(attempt) if attempt else [], picture=picture_url(card.picture),
        **saying(floor.colours),
        can_steer=attempt is not None and attempt.state in AT_PRINTER | BEFORE_START,
        running=attempt is not None and attempt.state is AttemptState.PRINTING,
        paused=attempt is not None and attempt.state is AttemptState.PAUSED,
        to_collect=attempt is not None and attempt.state in OVER | {AttemptState.UNKNOWN},
        sight_state=fleet_words.sight(printer.sight.state if printer.sight else "unseen"),
        alarm=fleet_words.alarm(printer.sight.alarm) if printer.sight and printer.sight.alarm else None,
        bed=fleet_words.BED[printer.bed], **page_words(),
    )  # fmt: skip


def page_words() -> dict[str, Any]:
    """The words that the templates of printers and attempts look up."""
    return {
        "steps": STEPS, "needs": NEEDS, "reason": words.reason, "attempt_state": words.attempt,
        "scrap_words": words.SCRAP, "bed_reason": fleet_words.bed_reason, "material_name": material_name,
        "machine_name": machine_name,
    }  # fmt: skip


def machine_name(key: str) -> str:
    """The name of a printer model; its key when the profile is gone."""
    machine = load(settings().profiles_dir).machines.get(key)
    return machine.name if machine else key


def events_of(attempt: Attempt) -> list[AttemptEvent]:
    """What happened to it, in order."""
    return list(
        db.session.scalars(
            sa.select(AttemptEvent).where(AttemptEvent.attempt_id == attempt.id).order_by(AttemptEvent.id)
        )
    )


def history(printer_id: int, number: int) -> tuple[list[Attempt], int]:
    """One page of ended attempts, newest first, and how many pages there are."""
    ended = sa.and_(Attempt.printer_id == printer_id, Attempt.state.in_(ENDED))
    count = db.session.scalar(sa.select(sa.func.count(Attempt.id)).where(ended)) or 0
    query = (
        sa.select(Attempt).where(ended).order_by(Attempt.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    )
    to_design = joinedload(Attempt.plate).joinedload(Plate.order).joinedload(Order.revision)
    query = query.options(
        to_design.joinedload(Revision.design), selectinload(Attempt.steps).joinedload(AttemptStep.account)
    )
    return list(db.session.scalars(query)), max(1, -(-count // PAGE))


def _steps_of_attempts(attempts: list[Attempt]) -> dict[int, dict[str, str]]:
    """attempt_id → who started and who removed it."""
    return {
        attempt.id: {
            "started": board.person_of(attempt, Step.STARTED),
            "removed": board.person_of(attempt, Step.REMOVED),
        }
        for attempt in attempts
    }


def last_declaration(printer_id: int) -> BedDeclaration | None:
    """Who said last how the bed is."""
    query = sa.select(BedDeclaration).where(BedDeclaration.printer_id == printer_id)
    return db.session.scalar(
        query.order_by(BedDeclaration.id.desc()).limit(1).options(joinedload(BedDeclaration.account))
    )


def spools_to_load(printer: Printer) -> list[Spool]:
    """Spools in no printer that are not empty."""
    elsewhere = sa.exists().where(Printer.spool_id == Spool.id)
    query = (
        sa.select(Spool).where(~elsewhere, Spool.emptied_at.is_(None)).order_by(Spool.id.desc()).limit(200)
    )
    return list(db.session.scalars(query))


@blueprint.get(f"{PRINTER}/etikett")
@allow(*WATCHERS)
def label(printer_id: int) -> str:
    """The QR label: the kiosk's scanner opens the printer's page with it."""
    printer = found(Printer, printer_id)
    return render_template(
        "fleet/labels.html", printers=[printer], qr_svg=qr_svg, machine_name=machine_name,
        back=url_for(".printer", printer_id=printer_id),
    )  # fmt: skip
