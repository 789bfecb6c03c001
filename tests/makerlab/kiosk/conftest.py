"""The kiosk in the small workshop of the tests of production, where time stands still."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from makerlab.catalog.models import Estimate, Source
from makerlab.people.actions import issue_card, set_pin
from makerlab.people.models import Account
from tests.makerlab.conftest import NOW, PIN, Cast, SignIn
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.production.conftest import Workshop, lamp, workshop

__all__ = ["lamp", "workshop"]

ShowCard = Callable[[Account], Finger]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def lab(workshop: Workshop) -> Workshop:
    """The workshop, with an estimate for its coaster: 50 to 70 minutes and 12.5 g a piece."""
    workshop.session.add(
        Estimate(
            revision_id=workshop.revision.id, machine="prusa-mk3s", source=Source.MESH, time_s=3600,
            time_low_s=3000, time_high_s=4200, filament_mm=4000, filament_g=12.5, cost_cents=40,
        )
    )  # fmt: skip
    workshop.session.commit()
    return workshop


@pytest.fixture
def amira(lab: Workshop, sign_in: SignIn) -> Finger:
    """The trainee, signed in."""
    return Finger(sign_in(lab.amira))


@pytest.fixture
def boris(lab: Workshop, sign_in: SignIn) -> Finger:
    """The instructor, signed in."""
    return Finger(sign_in(lab.boris))


@pytest.fixture
def show_card(app: Flask, session: Session, cast: Cast) -> ShowCard:
    """A kiosk at which this person just showed their card."""

    def scanned(account: Account) -> Finger:
        code = issue_card(session, account, by_id=None, now=NOW)
        session.commit()
        finger = Finger(app.test_client())
        finger.response = finger.client.post("/kiosk/scannen", data={"code": code}, follow_redirects=True)
        return finger

    return scanned


@pytest.fixture
def pin(session: Session, cast: Cast) -> str:
    """Amira's PIN."""
    set_pin(session, cast.amira, PIN, by_id=None, now=NOW)
    session.commit()
    return PIN
