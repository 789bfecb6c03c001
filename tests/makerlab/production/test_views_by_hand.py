"""An instructor adopts a print by hand at the desk."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from makerlab.fleet.models import Bed
from makerlab.production.outcome import ForeignPrint
from makerlab.production.pages import by_hand as page
from makerlab.stock.models import StockMovement
from printers.errors import Unreachable
from printers.fake import FakeHost
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_foreign import by_hand, rows


@pytest.fixture
def boris(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.boris)


@pytest.fixture(autouse=True)
def host(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The print hosts are fakes here too."""
    monkeypatch.setattr(FakeHost, "close", lambda _host: None, raising=False)
    monkeypatch.setattr(page, "open_host", lambda printer, _settings: workshop.host_of(printer))


def form(workshop: Workshop, **more: Any) -> dict[str, Any]:
    return {
        "started_by_id": workshop.amira.id, "revision_id": workshop.revision.id, "order_id": "",
        "colour_id": workshop.colour.id, "good": "2", "scrap": "1", "grams": "12,4", **more,
    }  # fmt: skip


def test_the_whole_way_from_the_printers_page_to_the_persons_prints(
    workshop: Workshop, boris: FlaskClient
) -> None:
    row = by_hand(workshop)
    printer_id, address = row.printer_id, f"/drucker/von-hand/{row.id}"
    assert address in boris.get(f"/drucker/{printer_id}").text
    assert address in boris.get("/drucker/von-hand").text
    assert "vase.gcode" in boris.get(address).text
    done = boris.post(address, data=form(workshop, bed_clear="1"), follow_redirects=True)
    assert "Der Druck ist aufgenommen." in done.text
    assert rows(workshop)[0].milligrams == 12_400
    assert workshop.session.scalars(sa.select(StockMovement.pieces)).all() == [2]
    assert workshop.printers[0].bed is Bed.CLEAR
    runs = boris.get(f"/personen/{workshop.amira.id}/laeufe").text
    assert "Von Hand gestartet" in runs
    assert "vase.gcode" in runs
    again = boris.post(address, data=form(workshop))
    assert again.status_code == 409
    assert "schon aufgenommen" in boris.get(address).text


def test_the_bed_stays_occupied_unless_somebody_looked(workshop: Workshop, boris: FlaskClient) -> None:
    row = by_hand(workshop)
    boris.post(f"/drucker/von-hand/{row.id}", data=form(workshop))
    workshop.forget()
    assert workshop.printers[0].bed is Bed.OCCUPIED


def test_grams_are_proposed_from_what_the_host_read(
    workshop: Workshop, boris: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = by_hand(workshop)
    remote = workshop.host().file("vase.gcode")
    assert remote is not None

    class Reads:
        closed = False

        def file(self, _name: str) -> Any:
            return type(remote)(remote.name, remote.size, filament_mm=4000.0)

        def close(self) -> None:
            Reads.closed = True

    monkeypatch.setattr(page, "open_host", lambda *_: Reads())
    row.progress = 1.0
    workshop.session.commit()
    assert 'value="11,9"' in boris.get(f"/drucker/von-hand/{row.id}").text
    assert Reads.closed, "no connection is left open"


def test_a_host_that_is_away_proposes_nothing(
    workshop: Workshop, boris: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = by_hand(workshop)

    def away(*_: object) -> None:
        raise Unreachable("off", sent=False)

    monkeypatch.setattr(page, "open_host", away)
    assert boris.get(f"/drucker/von-hand/{row.id}").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"started_by_id": ""}, {"started_by_id": "99"}, {"good": "-1"}, {"good": ""}, {"good": "1e3"},
        {"scrap": "x"}, {"grams": ""}, {"grams": "nan"}, {"grams": "1e5"}, {"grams": "99999"},
        {"revision_id": "99"}, {"colour_id": ""}, {"order_id": "2147483648"}, {"revision_id": "1;2"},
        {"revision_id": "9" * 5000},
    ],
    ids=lambda wrong: str(wrong)[:40],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_booked(
    workshop: Workshop, boris: FlaskClient, wrong: dict[str, str]
) -> None:
    row = by_hand(workshop)
    answer = boris.post(f"/drucker/von-hand/{row.id}", data=form(workshop, **wrong))
    assert answer.status_code == 422
    assert "Druck aufnehmen" in answer.text, "what was typed stays"
    workshop.forget()
    assert workshop.session.scalars(sa.select(StockMovement)).all() == []
    assert workshop.session.scalars(sa.select(ForeignPrint.adopted_at)).all() == [None]


def test_who_may(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    row = by_hand(workshop)
    address = f"/drucker/von-hand/{row.id}"
    for person, sees in ((cast.guel, 200), (cast.emil, 200), (cast.amira, 403), (cast.dilek, 403)):
        client = sign_in(person)
        assert client.get("/drucker/von-hand").status_code == sees
        assert client.get(address).status_code == 403
        assert client.post(address, data=form(workshop)).status_code == 403
