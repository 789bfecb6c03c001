"""Equipment of printers, needs of designs, hours of sites: who may change them, and what they do."""

from typing import Any

import pytest
import sqlalchemy as sa

from makerlab.fleet.models import SiteHours
from makerlab.production.obstacles import Obstacle
from makerlab.production.survey import obstacles_at, survey
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop, workshop

__all__ = ["workshop"]

WEEK = {f"from{day}": "08:00" for day in range(5)} | {f"to{day}": "16:00" for day in range(5)}


def waiting_for(lab: Workshop) -> list[Obstacle]:
    """What stands between the only plate and the first printer, for Amira."""
    plate, printer = survey(lab.session, now=lab.clock.now).plates[0], lab.printers[0]
    account = lab.amira.id
    return obstacles_at(lab.session, plate.id, printer.id, account_id=account, now=lab.clock.now)


@pytest.mark.parametrize("name", ["amira", "boris", "guel"])
def test_only_the_administrator_equips_and_sets_hours(
    workshop: Workshop, cast: Cast, sign_in: SignIn, name: str
) -> None:
    client, printer = sign_in(getattr(cast, name)), workshop.printers[0]
    for path in (f"{printer.id}/ausstattung", "zeiten"):
        assert client.get(f"/drucker/verwalten/{path}").status_code == 403
    assert client.post(f"/drucker/verwalten/zeiten/{printer.site_id}", data=WEEK).status_code == 403


def test_another_nozzle_stops_all_starts_there(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    workshop.order()
    client, path = sign_in(cast.emil), f"/drucker/verwalten/{workshop.printers[0].id}/ausstattung"
    assert client.post(path, data={"nozzle": "0,6"}).status_code == 303
    assert Obstacle.OTHER_NOZZLE in waiting_for(workshop)
    assert "0,6" in client.get(path).text
    assert client.post(path, data={"nozzle": "0.4"}).status_code == 303  # the one of its model
    assert Obstacle.OTHER_NOZZLE not in waiting_for(workshop)
    for wrong in ("dick", "7", "-1"):
        assert client.post(path, data={"nozzle": wrong}).status_code == 422


def test_a_design_may_ask_for_what_only_some_printers_have(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    workshop.order()
    needs = f"/drucker/verwalten/objekte/{workshop.revision.design_id}"
    second = workshop.printers[1].id
    sign_in(cast.emil).post(f"/drucker/verwalten/{second}/ausstattung", data={"tags": "Gehäuse , Kamera,,"})
    client = sign_in(cast.boris)
    assert "Gehäuse" in client.get(needs).text
    assert client.post(needs, data={"tag": ["Gehäuse"]}).status_code == 303
    assert Obstacle.TAG_MISSING in waiting_for(workshop)
    floor = survey(workshop.session, now=workshop.clock.now)
    nearest = floor.waits(floor.plates[0])[0]
    assert (nearest.printer.id, nearest.startable) == (second, True)


def test_outside_the_hours_nothing_starts(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    workshop.order()
    client, site_id = sign_in(cast.emil), workshop.printers[0].site_id
    assert client.post(f"/drucker/verwalten/zeiten/{site_id}", data=WEEK).status_code == 303
    assert Obstacle.CLOSED not in waiting_for(workshop)  # Monday, 9:00
    workshop.clock.jump(days=5)
    assert Obstacle.CLOSED in waiting_for(workshop)
    assert client.post(f"/drucker/verwalten/zeiten/{site_id}", data={}).status_code == 303
    assert workshop.session.scalar(sa.select(sa.func.count(SiteHours.site_id))) == 0
    assert Obstacle.CLOSED not in waiting_for(workshop)


@pytest.mark.parametrize("wrong", [{"from0": "08:00"}, {"from0": "16:00", "to0": "08:00"}])
def test_hours_that_cannot_be_are_shown_again(
    workshop: Workshop, cast: Cast, sign_in: SignIn, wrong: dict[str, Any]
) -> None:
    answer = sign_in(cast.emil).post(
        f"/drucker/verwalten/zeiten/{workshop.printers[0].site_id}", data=WEEK | {"to0": ""} | wrong
    )
    assert answer.status_code == 422
    assert "Jeder Tag braucht Anfang und Ende" in answer.text
    assert workshop.session.scalar(sa.select(sa.func.count(SiteHours.site_id))) == 0
