"""A lamp is a shade and four feet: an order for each part, one stock for each, and lamps from both."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import load
from makerlab.catalog.arranging import add_agreement, add_partner
from makerlab.catalog.models import Estimate, Part, Source
from makerlab.core.errors import Conflict, Invalid
from makerlab.materials.models import Colour
from makerlab.production.agreed import ordered
from makerlab.production.holding import is_failing
from makerlab.production.lots import lots_for
from makerlab.production.models import Copy, CopyState, Held, Order, Priority
from makerlab.production.ordering import change_order, place_pieces, set_of, undo_order
from makerlab.production.plates import lay_out, put_on_plates
from makerlab.production.ready import grams_by_material, ready
from makerlab.sales.queries import pictures
from makerlab.stock.actions import book, known_product, made_product, product_of
from makerlab.stock.actions import workshop as shelf
from makerlab.stock.assembling import assemble, is_assembled, supply
from makerlab.stock.items import add_item, set_ingredient
from makerlab.stock.models import Product, StockReason
from makerlab.stock.queries import on_hand
from makerlab.stock.rules import RAW
from tests.makerlab.production.conftest import FIGURES, Workshop


def order(workshop: Workshop, pieces: int = 3, *colours: Colour | None, form: str = "lamps-1") -> Order:
    placed = place_pieces(
        workshop.session, revision=workshop.revision, colours=colours or [workshop.colour] * 2, pieces=pieces,
        by=workshop.amira, form_token=form, now=workshop.clock.now, first_piece=lambda copies, part: False,
    )  # fmt: skip
    workshop.session.commit()
    return placed


def test_each_part_has_its_own_order_and_the_same_form_twice_makes_them_once(
    workshop: Workshop, lamp: Part
) -> None:
    first = order(workshop)
    assert order(workshop) is first
    both = set_of(workshop.session, first)
    assert [(one.name, one.pieces, one.file) for one in both] == [
        ("Untersetzer · Schirm", 3, workshop.revision),
        ("Untersetzer · Fuß", 12, lamp),
    ]
    assert [(one.product.finish, one.product.name) for one in both] == [
        (RAW, "Untersetzer · Schirm"),
        (RAW, "Untersetzer · Fuß"),
    ]
    assert list(set_of(workshop.session, both[1])) == list(both)
    whole = known_product(workshop.session, workshop.revision.design_id, workshop.colour.id)
    assert whole is not None
    assert is_assembled(workshop.session, whole)


def test_a_part_alone_may_be_printed_in_its_own_colour(workshop: Workshop, lamp: Part) -> None:
    white = Colour(name="Weiß", hex="#ffffff")
    workshop.session.add(white)
    workshop.session.flush()
    only = order(workshop, 2, None, white)
    assert [(one.part, one.pieces, one.product.colour) for one in set_of(workshop.session, only)] == [
        (lamp, 8, white)
    ]
    with pytest.raises(Invalid, match="mindestens ein Teil"):
        order(workshop, 2, None, None, form="lamps-2")


def test_of_no_part_more_is_ordered_than_an_order_may_hold(workshop: Workshop, lamp: Part) -> None:
    with pytest.raises(Invalid, match="1 bis 125"):
        order(workshop, 126)
    assert workshop.session.scalar(sa.select(sa.func.count(Order.id))) == 0


def test_a_plate_holds_copies_of_the_parts_own_file(workshop: Workshop, lamp: Part) -> None:
    profiles, feet = load(None), set_of(workshop.session, order(workshop))[1]
    layout = lay_out(workshop.session, feet, files=workshop.files, profiles=profiles)
    plates = put_on_plates(
        workshop.session, feet, layout, files=workshop.files, profiles=profiles, slicer_version="1",
        now=workshop.clock.now,
    )  # fmt: skip
    assert sum(plate.pieces for plate in plates) == 12
    assert {plate.slice.inputs["mesh_sha256"] for plate in plates} == {lamp.mesh_sha256}
    assert lots_for(workshop.session, feet)[0].lot == "L1"


def test_the_day_and_the_way_back_are_those_of_all_parts(workshop: Workshop, lamp: Part) -> None:
    first, second = set_of(workshop.session, order(workshop))
    day = workshop.clock.now.date()
    change_order(
        workshop.session, second, priority=Priority.NORMAL, due_on=day, by=workshop.amira,
        now=workshop.clock.now,
    )  # fmt: skip
    assert (first.due_on, second.due_on) == (day, day)
    undo_order(workshop.session, first, by=workshop.amira, now=workshop.clock.now, seconds=10)
    states = workshop.session.scalars(sa.select(Copy.state).distinct()).all()
    assert states == [CopyState.GIVEN_UP]


def test_once_a_part_prints_nothing_of_the_pieces_is_taken_back(workshop: Workshop, lamp: Part) -> None:
    first, second = set_of(workshop.session, order(workshop))
    workshop.plate(second)
    workshop.start(second)
    with pytest.raises(Conflict, match="läuft schon"):
        undo_order(workshop.session, first, by=workshop.amira, now=workshop.clock.now, seconds=10)
    assert {copy.state for copy in first.copies} == {CopyState.OPEN}


def test_feet_that_keep_failing_hold_no_shade(workshop: Workshop, lamp: Part) -> None:
    _shades, second = set_of(workshop.session, order(workshop))
    second.held = Held.FAILING
    workshop.session.flush()
    revision_id = workshop.revision.id
    assert is_failing(workshop.session, revision_id, lamp.id)
    assert not is_failing(workshop.session, revision_id)
    assert order(workshop, 1, form="lamps-2").held == Held.NOT


def test_an_agreement_counts_lamps_not_feet(workshop: Workshop, lamp: Part) -> None:
    partner = add_partner(workshop.session, name="Studio", now=workshop.clock.now)
    workshop.revision.design.partner = partner
    agreement = add_agreement(
        workshop.session, partner, pieces=20, starts_on=workshop.clock.now.date(), now=workshop.clock.now
    )
    workshop.revision.part_count = 2
    order(workshop, 3)  # six shades, twelve feet
    order(workshop, 5, None, workshop.colour, form="lamps-2")  # spare feet
    assert ordered(workshop.session, [agreement]) == {agreement.id: 3}


def test_what_is_needed_and_when_it_is_ready_counts_every_part(workshop: Workshop, lamp: Part) -> None:
    session, revision = workshop.session, workshop.revision
    assert ready(session, revision, 1, colour_id=workshop.colour.id, machines=load(None).machines) is None
    session.add(Estimate(revision_id=revision.id, machine="prusa-mk3s", source=Source.MESH, **FIGURES))
    session.flush()
    session.expire(revision, ["estimates"])
    assert grams_by_material(revision, 2) == {"pla": 2 * 3.0 + 8 * 3.0}
    whole = ready(session, revision, 1, colour_id=workshop.colour.id, machines=load(None).machines)
    lamp.count = 1
    alone = ready(session, revision, 1, colour_id=workshop.colour.id, machines=load(None).machines)
    assert whole is not None
    assert alone is not None
    assert whole.low_s > alone.low_s


def test_a_single_part_that_needs_bought_ones_comes_from_the_printer_unfinished(workshop: Workshop) -> None:
    session, design = workshop.session, workshop.revision.design
    whole = made_product(session, workshop.revision, workshop.colour)
    assert (whole.finish, is_assembled(session, whole)) == ("", False)
    socket = add_item(session, name="Fassung", supplier="", order_code="", price_cents=90, low_level=None)
    set_ingredient(session, design, socket, 1, by_id=workshop.boris.id, now=workshop.clock.now)
    raw = made_product(session, workshop.revision, workshop.colour)
    assert (raw.finish, raw.part, is_assembled(session, whole)) == (RAW, "", True)


def test_a_part_is_shown_as_what_it_is(workshop: Workshop, lamp: Part) -> None:
    shades, feet = (one.product for one in set_of(workshop.session, order(workshop)))
    shown = pictures(workshop.session, [shades, feet])
    assert shown == {shades.id: workshop.revision.picture_sha256, feet.id: lamp.picture_sha256}


def lay(workshop: Workshop, made: Product, pieces: int) -> None:
    book(
        workshop.session, made, shelf(workshop.session), pieces, StockReason.PRODUCED,
        actor_id=workshop.amira.id, now=workshop.clock.now,
    )  # fmt: skip


def test_lamps_are_assembled_from_their_parts_and_taken_apart_again(workshop: Workshop, lamp: Part) -> None:
    session, place = workshop.session, shelf(workshop.session)
    shades, feet = (one.product for one in set_of(session, order(workshop)))
    whole = product(session, workshop)
    lay(workshop, shades, 3)
    lay(workshop, feet, 9)
    assert supply(session, whole, place).most == 2
    for _twice in range(2):  # the same form sent twice
        assemble(
            session, whole, place, 2, actor_id=workshop.amira.id, now=workshop.clock.now, transfer="t" * 32
        )
    held = on_hand(session, [shades.id, feet.id, whole.id])
    assert [held[one.id, place.id] for one in (shades, feet, whole)] == [1, 1, 2]


def test_a_foot_of_another_colour_is_taken_where_a_person_says_so(workshop: Workshop, lamp: Part) -> None:
    session, place = workshop.session, shelf(workshop.session)
    white = Colour(name="Weiß", hex="#ffffff")
    session.add(white)
    session.flush()
    shades, red = (one.product for one in set_of(session, order(workshop)))
    feet = order(workshop, 1, None, white, form="lamps-2").product
    whole = product(session, workshop)
    for made, pieces in ((shades, 2), (red, 4), (feet, 8)):
        lay(workshop, made, pieces)
    there = supply(session, whole, place)
    assert [(one.product.id, one.pieces) for one in there.printed[1].there] == [(red.id, 4), (feet.id, 8)]
    assert (there.most, there.most_of_any) == (1, 2)
    who = {"actor_id": workshop.amira.id, "now": workshop.clock.now}
    assemble(session, whole, place, 2, transfer="t" * 32, chosen={"Fuß": feet.id}, **who)
    held = on_hand(session, [shades.id, red.id, feet.id, whole.id])
    assert [held.get((one.id, place.id), 0) for one in (shades, red, feet, whole)] == [0, 4, 0, 2]
    with pytest.raises(Conflict, match="Von einem Teil"):
        assemble(session, whole, place, 1, transfer="u" * 32, **who)


def product(session: Session, workshop: Workshop) -> Product:
    return product_of(session, workshop.revision.design, workshop.colour)
