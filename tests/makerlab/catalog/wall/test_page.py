"""The wall: what the address asks for, what stands beside each filter, what is fetched piece by piece."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from makerlab.catalog.actions import add_partner, judge
from makerlab.catalog.around.editing import archive, change_design
from makerlab.catalog.around.gathering import add_collection, put_in
from makerlab.catalog.models import Design, Photo, Picture
from makerlab.catalog.states import Verdict
from makerlab.catalog.wall.entries import editions
from makerlab.catalog.wall.index import index
from makerlab.catalog.wall.page import A_PAGE
from makerlab.core.database import db
from makerlab.materials.models import Colour
from makerlab.stock.actions import book, product_of, reverse, turn_into, workshop
from makerlab.stock.models import StockReason
from makerlab.stock.rules import RAW
from tests.makerlab.catalog.conftest import Submit
from tests.makerlab.conftest import NOW, Cast, SignIn


def names(page: str) -> list[str]:
    """The cards, in their order."""
    return re.findall(r'class="design-link"[^>]*><bdi>([^<]*)</bdi>', page)


@pytest.fixture
def lab(session: Session, cast: Cast, submit: Submit) -> dict[str, Design]:
    """A vase of a partner in green, approved and on stock; a hook; a bowl in the archive."""
    partner = add_partner(session, name="Büro Übermut", now=NOW)
    green = Colour(name="Moosgrün", hex="#2f6f4f")
    session.add(green)
    vase = submit("Vase Welle", tags=["Wohnen", "Geschenk"], story="Für Straßenblumen.", partner=partner)
    hook = submit("Türhaken", tags=["Wohnen"])
    bowl = submit("Schale Dünung", tags=["Tisch"])
    session.add(Picture(revision_id=vase.id, colour_id=green.id, sha256="c" * 64))
    judge(
        session,
        vase,
        reviewer=cast.boris,
        verdict=Verdict.APPROVED,
        seen_fingerprint=vase.fingerprint,
        now=NOW,
    )
    product = product_of(session, vase.design, green)
    book(session, product, workshop(session), 5, StockReason.PRODUCED, actor_id=cast.boris.id, now=NOW)
    archive(session, bowl.design, by_id=cast.boris.id, now=NOW)
    session.commit()
    return {"vase": vase.design, "hook": hook.design, "bowl": bowl.design}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Türhaken", "Vase Welle"]), ("?q=vsae", ["Vase Welle"]), ("?q=uebermut", ["Vase Welle"]),
        ("?q=moosgrun", ["Vase Welle"]), ("?q=strassenblumen", ["Vase Welle"]),
        ("?q=pla", ["Türhaken", "Vase Welle"]),
        ("?q=tuerhakne", ["Türhaken"]), ("?q=wohnen+vase", ["Vase Welle"]), ("?q=dünung", []),
        ("?q=dünung&archiv=1", ["Schale Dünung"]), ("?tag=Wohnen&ordnung=name", ["Türhaken", "Vase Welle"]),
        ("?tag=Wohnen&tag=Geschenk", ["Vase Welle"]), ("?stand=waiting", ["Türhaken"]),
        ("?bestand=da", ["Vase Welle"]), ("?bestand=leer", ["Türhaken"]),
        ("?groesse=hand&material=pla&stand=approved", ["Vase Welle"]),
        ("?ordnung=gemacht", ["Vase Welle", "Türhaken"]), ("?ordnung=bestand", ["Türhaken", "Vase Welle"]),
        ("?groesse=gross", []),
        ("?partner=x&farbe=99999999999&stand=nie&ordnung=drop", ["Türhaken", "Vase Welle"]),
    ],
)  # fmt: skip
def test_the_address_says_what_is_shown(
    cast: Cast, sign_in: SignIn, lab: dict[str, Design], query: str, found: list[str]
) -> None:
    page = sign_in(cast.dilek).get(f"/katalog{query}").text
    assert sorted(names(page)) == sorted(found)
    if "ordnung" in query:
        assert names(page) == found


def test_each_value_says_how_many_it_would_show(
    session: Session, cast: Cast, sign_in: SignIn, lab: dict[str, Design]
) -> None:
    page = sign_in(cast.dilek).get("/katalog?tag=Geschenk").text
    facet = re.search(r'id="facet-tag".*?</details>', page, re.S)
    assert facet is not None
    counts = dict(re.findall(r'<bdi>(\w+)</bdi><span class="count">(\d+)<', facet[0]))
    assert counts == {"Wohnen": "1", "Geschenk": "1"}  # both must hold
    page = sign_in(cast.dilek).get("/katalog?stand=approved").text
    facet = re.search(r'id="facet-stand".*?</details>', page, re.S)
    assert facet is not None
    assert "Wartet auf Prüfung" in facet[0]  # the other choice stays open


def test_a_chosen_filter_is_a_chip_that_takes_it_away(
    cast: Cast, sign_in: SignIn, lab: dict[str, Design]
) -> None:
    page = sign_in(cast.dilek).get("/katalog?q=vase&tag=Wohnen&stand=approved").text
    chips = re.search(r'<ul class="wall-chips".*?</ul>', page, re.S)
    assert chips is not None
    assert {"/katalog?stand=approved&tag=Wohnen", "/katalog?q=vase&stand=approved"} <= {
        link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', chips[0])
    }


def test_nothing_found_says_what_to_do(cast: Cast, sign_in: SignIn, lab: dict[str, Design]) -> None:
    page = sign_in(cast.dilek).get("/katalog?q=xylophon").text
    assert "Suchen Sie ein kürzeres Wort oder nehmen Sie einen Filter weg." in page
    assert 'href="/katalog"' in page


def test_a_filter_fetches_the_wall_alone_and_the_end_of_a_page_only_more_cards(
    cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    for number in range(A_PAGE + 3):
        submit(f"Vase {number:02}")
    client = sign_in(cast.dilek)
    wall = client.get("/katalog", headers={"HX-Target": "wall"}).text
    assert "<html" not in wall
    assert len(names(wall)) == A_PAGE
    more = re.search(r'hx-get="([^"]*)"', wall)
    assert more is not None
    rest = client.get(more[1].replace("&amp;", "&"), headers={"HX-Target": "wall-more"}).text
    assert "facet" not in rest
    assert 'hx-boost="false"' in wall  # a card leads to its own page, not into the wall
    assert sorted(names(wall) + names(rest)) == [f"Vase {number:02}" for number in range(A_PAGE + 3)]


def test_an_unchanged_wall_is_not_sent_again(cast: Cast, sign_in: SignIn, lab: dict[str, Design]) -> None:
    client, headers = sign_in(cast.dilek), {"HX-Target": "wall"}
    tag = client.get("/katalog", headers=headers).headers["ETag"]
    assert client.get("/katalog", headers={**headers, "If-None-Match": tag}).status_code == 304


def test_whoever_changes_a_design_is_noticed_by_the_next_page(
    session: Session, cast: Cast, sign_in: SignIn, lab: dict[str, Design]
) -> None:
    client, vase = sign_in(cast.dilek), lab["vase"]
    assert names(client.get("/katalog?q=nordwind").text) == []
    change_design(
        session,
        vase,
        name="Vase Nordwind",
        story="",
        partner=vase.partner,
        tags=[],
        by_id=cast.boris.id,
        now=NOW,
    )
    assert names(client.get("/katalog?q=nordwind").text) == ["Vase Nordwind"]
    assert vase.partner is not None
    vase.partner.name = "Atelier Zwölf"
    assert names(client.get("/katalog?q=atelier").text) == ["Vase Nordwind"]
    session.execute(sa.select(Colour)).scalars().one().name = "Tannengrün"
    session.flush()
    assert names(client.get("/katalog?q=tannengruen").text) == ["Vase Nordwind"]


def test_what_is_taken_back_is_noticed_by_nobody(
    app: Flask, session: Session, lab: dict[str, Design]
) -> None:
    before = index().board(session)
    known = editions(session)
    lab["vase"].name = "Anders"
    session.flush()
    session.rollback()
    assert editions(session) == known
    assert index().board(session) is before


def test_pieces_taken_back_were_never_made(
    session: Session, cast: Cast, sign_in: SignIn, lab: dict[str, Design]
) -> None:
    client = sign_in(cast.dilek)
    assert "5 Stück da" in client.get("/katalog").text
    product = product_of(session, lab["hook"], session.scalars(sa.select(Colour)).one())
    place = workshop(session)
    line = book(session, product, place, 9, StockReason.PRODUCED, actor_id=cast.boris.id, now=NOW)
    assert names(client.get("/katalog?ordnung=gemacht").text) == ["Türhaken", "Vase Welle"]
    reverse(session, line, actor_id=cast.boris.id, now=NOW)
    assert names(client.get("/katalog?ordnung=gemacht").text) == ["Vase Welle", "Türhaken"]


def test_parts_that_nobody_assembled_are_no_pieces_yet(
    session: Session, cast: Cast, sign_in: SignIn, lab: dict[str, Design]
) -> None:
    client, colour = sign_in(cast.dilek), session.scalars(sa.select(Colour)).one()
    place, who = workshop(session), {"actor_id": cast.boris.id, "now": NOW}
    foot = product_of(session, lab["vase"], colour, RAW, "Standfuß")
    book(session, foot, place, 9, StockReason.PRODUCED, **who)
    assert "5 Stück da" in client.get("/katalog").text
    assert "Standfuß" in client.get(f"/katalog/{lab['vase'].id}").text
    vase = product_of(session, lab["vase"], colour)
    lines = turn_into(session, {foot: 8}, vase, place, 4, transfer="t" * 32, **who)
    assert "9 Stück da" in client.get("/katalog").text
    reverse(session, lines[0], **who)
    assert "5 Stück da" in client.get("/katalog").text


def queries_of(client: FlaskClient, path: str) -> int:
    """How many statements a page costs once the change before it was read."""
    assert client.get(path).status_code == 200
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_larger_lab_costs_no_more_queries(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, lab: dict[str, Design]
) -> None:
    client, vase, hook = sign_in(cast.guel), lab["vase"], lab["hook"]
    put_in(session, add_collection(session, name="Linie", story="", by_id=cast.guel.id, now=NOW), [vase.id])
    wall = ("/katalog", "/katalog?q=vase&tag=Wohnen", "/sammlungen")
    paths = (*wall, f"/katalog/{vase.id}", "/verkauf?q=vase")
    before = [queries_of(client, path) for path in paths]
    blue = Colour(name="Nachtblau", hex="#203060")
    session.add(blue)
    for number in range(9):
        revision = submit(f"Vase {number}", tags=["Wohnen"])
        product = product_of(session, revision.design, blue)
        book(session, product, workshop(session), 2, StockReason.PRODUCED, actor_id=cast.boris.id, now=NOW)
        session.add(
            Photo(
                design_id=vase.id,
                position=number,
                sha256=f"{number:064}",
                added_by_id=cast.guel.id,
                added_at=NOW,
            )
        )
        collection = add_collection(session, name=f"Linie {number}", story="", by_id=cast.guel.id, now=NOW)
        put_in(session, collection, [vase.id, hook.id, revision.design_id])
    book(
        session, product_of(session, vase, blue), workshop(session), 2, StockReason.PRODUCED,
        actor_id=cast.boris.id, now=NOW,
    )  # fmt: skip
    assert [queries_of(client, path) for path in paths] == before
