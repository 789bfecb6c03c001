"""What the kiosk's pages show, read with a number of queries that does not grow with the lab."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from makerlab.catalog.models import Revision
from makerlab.catalog.queries import Offered, approved_one, files_of
from makerlab.catalog.wall.index import index
from makerlab.core.access import Role
from makerlab.core.alphabet import alphabetical, by_name
from makerlab.fleet.models import Printer
from makerlab.kiosk.models import Draft, HelpCall
from makerlab.materials.models import Colour, Spool
from makerlab.materials.queries import milligrams_left
from makerlab.people.models import Account
from makerlab.production.models import Attempt, Order
from makerlab.production.queries import WANTS_PIECES


@dataclass(frozen=True, slots=True)
class InColour:
    """A colour that a material is there in. `loaded`: in a printer already."""

    colour: Colour
    grams: float
    loaded: bool


def colours_for(session: Session, revision: Revision) -> list[InColour]:
    """Colours in which there is filament for all parts: those in a printer first, then by name."""
    first, *others = (_colours_of(session, material) for material in materials_of(revision))
    both = [one for one in first.values() if all(one.colour.id in other for other in others)]
    found = [
        InColour(one.colour, one.grams, one.loaded and all(other[one.colour.id].loaded for other in others))
        for one in both
    ]
    return sorted(found, key=lambda one: (not one.loaded, alphabetical(one.colour.name)))


def materials_of(revision: Revision) -> list[str]:
    """That of its own file first."""
    return list(dict.fromkeys(file.material for file in files_of(revision)))


def grams_there(session: Session, material: str, colour_id: int) -> float:
    """Filament of this material and colour in the lab."""
    found = _colours_of(session, material).get(colour_id)
    return found.grams if found else 0.0


def _colours_of(session: Session, material: str) -> dict[int, InColour]:
    """Colour → what is there of it."""
    spools = session.scalars(
        sa.select(Spool).where(Spool.material == material, Spool.emptied_at.is_(None))
    ).all()
    left = milligrams_left(session, [spool.id for spool in spools])
    in_printers = set(session.scalars(sa.select(Printer.spool_id).where(Printer.spool_id.is_not(None))))
    found: dict[int, InColour] = {}
    for spool in spools:
        if left[spool.id] <= 0:
            continue
        before = found.get(spool.colour_id)
        found[spool.colour_id] = InColour(
            spool.colour,
            (before.grams if before else 0.0) + left[spool.id] / 1000,
            bool(before and before.loaded) or spool.id in in_printers,
        )
    return found


def objects(session: Session) -> list[Offered]:
    """What may be ordered: approved, and of materials that are in the lab in one colour."""
    query = sa.select(Spool.material, Spool.colour_id).where(Spool.emptied_at.is_(None)).distinct()
    colours: dict[str, set[int]] = {}
    for material, colour_id in session.execute(query):
        colours.setdefault(material, set()).add(colour_id)
    there = index().offered(session)
    possible = {
        materials
        for materials in {one.materials for one in there}
        if set.intersection(*(colours.get(material, set()) for material in materials))
    }
    return [one for one in there if one.materials in possible]


def draft_of(session: Session, account_id: int) -> Draft | None:
    """What this person had chosen, as long as it can still be ordered."""
    draft = session.get(Draft, account_id)
    return draft if draft and approved_one(session, draft.choice.get("revision", 0)) else None


def orders_of(session: Session, account_id: int, *, most: int = 60) -> list[Order]:
    """A person's orders that were not taken back: those with something to do first, then the newest."""
    query = (
        sa.select(Order)
        .where(Order.placed_by_id == account_id, Order.cancelled_at.is_(None))
        .order_by(WANTS_PIECES.desc(), Order.id.desc())
        .limit(most)
        .options(*whole_order())
    )
    return list(session.scalars(query))


def open_orders(session: Session, account_id: int) -> int:
    """How many orders of a person are not done."""
    mine = (Order.placed_by_id == account_id, Order.cancelled_at.is_(None), WANTS_PIECES)
    return session.scalar(sa.select(sa.func.count(Order.id)).where(*mine)) or 0


def whole_order() -> tuple[ORMOption, ...]:
    """What a picture and a name of an order need."""
    return (
        joinedload(Order.revision).joinedload(Revision.design),
        joinedload(Order.revision).selectinload(Revision.pictures),
        joinedload(Order.product),
    )


def printer_by_code(session: Session, code: str) -> Printer | None:
    return session.scalars(sa.select(Printer).where(Printer.code == code)).unique().one_or_none()


def last_attempt(session: Session, printer_id: int) -> Attempt | None:
    """The newest attempt on a printer, ended or not."""
    query = sa.select(Attempt).where(Attempt.printer_id == printer_id).order_by(Attempt.id.desc()).limit(1)
    return session.scalar(query.options(selectinload(Attempt.steps)))


def instructors(session: Session, *, most: int = 3) -> list[str]:
    """Names of people who may decide: to be called when a trainee is alone with a question."""
    query = sa.select(Account.name).where(Account.active, Account.roles.any(name=Role.INSTRUCTOR.value))
    return list(session.scalars(query.order_by(by_name(Account.name)).limit(most)))


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody waits for help. `name` is empty when nobody was signed in."""

    id: int
    name: str
    page: str
    called_at: datetime


def open_calls(session: Session) -> list[Call]:
    """Calls that nobody answered yet, the oldest first."""
    query = (
        sa.select(HelpCall, Account.name)
        .outerjoin(Account, Account.id == HelpCall.account_id)
        .where(HelpCall.answered_at.is_(None))
        .order_by(HelpCall.id)
    )
    return [Call(call.id, name or "", call.page, call.called_at) for call, name in session.execute(query)]


def my_call(session: Session, account_id: int | None) -> HelpCall | None:
    """The call of this person that nobody answered yet."""
    mine = sa.select(HelpCall).where(HelpCall.account_id.is_not_distinct_from(account_id))
    return session.scalar(mine.where(HelpCall.answered_at.is_(None)).order_by(HelpCall.id).limit(1))
