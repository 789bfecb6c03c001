"""Visitors see what was chosen for them, and nothing else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from makerlab.catalog.models import Photo
from makerlab.core.database import db
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.sales.actions import show
from tests.makerlab.conftest import NOW, Cast, SignIn
from tests.makerlab.sales.conftest import Shop, make_revision


@pytest.fixture
def visitor(app: Flask, shop: Shop) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def staff(sign_in: SignIn, cast: Cast, shop: Shop) -> FlaskClient:
    return sign_in(cast.dilek)


def test_only_chosen_objects_are_seen_and_no_person(
    visitor: FlaskClient, staff: FlaskClient, cast: Cast, shop: Shop
) -> None:
    there = f"/schau/{shop.vase.design_id}"
    assert "Vase Welle" not in visitor.get("/schau").text
    assert visitor.get(there).status_code == 404
    staff.post(f"/katalog/{shop.vase.design_id}/schau")
    assert "Vase Welle" in visitor.get("/schau").text
    page = visitor.get(there).text
    for words in ("Vase Welle", "Studio Nordlicht", "Moosgrün", "12,50"):
        assert words in page
    for person in (cast.amira, cast.boris, cast.dilek):
        assert person.name not in page
    staff.post(f"/katalog/{shop.vase.design_id}/schau")
    assert visitor.get(there).status_code == 404


def test_a_label_leads_staff_to_figures_and_visitors_to_the_story(
    visitor: FlaskClient, staff: FlaskClient, shop: Shop, cast: Cast, session: Session
) -> None:
    label = f"/p/{shop.vase.code}"
    assert (
        visitor.get(label).headers["Location"].endswith(f"/verkauf/{shop.vase.code}")
    )  # and there to sign in
    show(session, shop.vase.design, by_id=cast.dilek.id, now=NOW)
    session.commit()
    assert visitor.get(label).headers["Location"] == f"/schau/{shop.vase.design_id}"
    assert staff.get(label).headers["Location"] == f"/verkauf/{shop.vase.code}"


def test_pictures_of_other_objects_stay_inside(
    visitor: FlaskClient, settings: Settings, shop: Shop, cast: Cast, session: Session
) -> None:
    sha256 = FileStore(settings.files_dir).put_bytes(b"\xff\xd8 a photo")
    for design_id in (shop.hook.design_id,):
        session.add(
            Photo(design_id=design_id, position=0, sha256=sha256, added_by_id=cast.boris.id, added_at=NOW)
        )
    show(session, shop.vase.design, by_id=cast.dilek.id, now=NOW)
    session.commit()
    assert visitor.get(f"/schau/bilder/{sha256}").status_code == 404
    show(session, shop.hook.design, by_id=cast.dilek.id, now=NOW)
    session.commit()
    assert visitor.get(f"/schau/bilder/{sha256}").status_code == 200
    assert visitor.get(f"/bilder/{sha256}").status_code != 200


def test_more_objects_take_no_more_queries(
    app: Flask, visitor: FlaskClient, shop: Shop, cast: Cast, session: Session
) -> None:
    def queries() -> int:
        told: list[str] = []
        with app.app_context():
            listen = ("before_cursor_execute", lambda *args: told.append(args[2]))
            event.listen(db.engine, *listen)
            visitor.get("/schau")
            event.remove(db.engine, *listen)
        return len(told)

    make_revision(session, shop.hook.design, 1, cast.boris.id, approved=True)
    show(session, shop.vase.design, by_id=cast.dilek.id, now=NOW)
    session.commit()
    for _warm in range(2):
        queries()
    one = queries()
    show(session, shop.hook.design, by_id=cast.dilek.id, now=NOW)
    session.commit()
    assert queries() == one
