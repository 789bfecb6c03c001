"""The page of a printer over time: curves, sums, heaters, cable, camera, upkeep, and its end."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from makerlab.core.clock import utcnow
from makerlab.core.crypto import encrypt
from makerlab.core.health import beat
from makerlab.fleet import upkeep
from makerlab.fleet.camera import cameras
from makerlab.fleet.models import Preheat, Printed, Printer, Sample, UpkeepLine
from makerlab.production.life import life_of
from makerlab.production.states import AttemptState as A
from printers.virtual import VirtualOctoPrint, free_port
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_views_printers import TO_PRINTING, move
from tests.printers.front import front


def address(workshop: Workshop, number: int = 0) -> str:
    return f"/drucker/{workshop.printers[number].id}"


def sample(workshop: Workshop, slot: int, seconds_ago: int, **values: float | None) -> None:
    found = {"tool": 215.0, "tool_target": 215.0, "bed": 60.0, "bed_target": 0.0, "progress": 0.5, **values}
    at = utcnow() - timedelta(seconds=seconds_ago)
    workshop.session.add(Sample(printer_id=workshop.printers[0].id, slot=slot, at=at, **found))


def test_the_curves_have_a_sentence_a_table_and_numbers(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    path = address(workshop)
    sample(workshop, 1, 50, tool=210.4)
    sample(workshop, 2, 40, progress=None)
    sample(workshop, 3, 3600 * 3)
    workshop.session.commit()
    client = sign_in(cast.guel)
    page = client.get(path).text
    assert "Düse zuletzt 215 °C, höchstens 215 °C. Bett zuletzt 60 °C" in page
    assert "Als Tabelle" in page
    found = client.get(f"{path}/verlauf.json").json
    tool, _target, _bed, bed_target, progress = (line["values"] for line in found["lines"])
    assert tool == [210.4, 215.0]
    assert bed_target == [None, None]  # a heater that is off
    assert progress == [50.0, None]
    day = client.get(f"{path}/verlauf.json?zeit=tag").json
    assert len(day["x"]) == 4  # three, and a hole where nobody looked
    assert day["x"] == sorted(day["x"])
    assert client.get(f"{path}?zeit=../../etc").status_code == 200


def test_without_samples_the_page_says_so(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    assert "Noch keine Messwerte" in sign_in(cast.boris).get(address(workshop)).text


def test_sums_are_of_this_printer_only(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.boris), address(workshop)
    for number, (ways, good) in enumerate([((A.REPORTED_DONE,), 2), ((A.FAILED,), 0)]):
        attempt = move(workshop, workshop.start(workshop.order(2), 0), *TO_PRINTING, *ways)
        attempt_id = attempt.id
        workshop.forget()
        form = {"good": str(good), "scrap_reason": "" if good else "warped"}
        assert client.post(f"/laeufe/{attempt_id}/abholen", data=form).status_code == 303, number
        workshop.forget()
    printer = workshop.session.get_one(Printer, workshop.printers[0].id)
    life = life_of(workshop.session, printer)
    assert (life.prints, life.done, life.success, life.good, life.scrap) == (2, 1, 50, 2, 2)
    assert life.grams > 0
    other = life_of(workshop.session, workshop.session.get_one(Printer, workshop.printers[1].id))
    assert (other.prints, other.success, other.grams) == (0, None, 0)
    assert "50 %" in client.get(path).text


def test_an_instructor_preheats_and_switches_off(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.boris), address(workshop)
    assert client.post(f"{path}/vorheizen").status_code == 409  # nobody would switch off
    workshop.forget()
    beat(workshop.session, "work", now=utcnow())
    workshop.session.commit()
    assert "Vorheizen" in client.get(path).text
    assert client.post(f"{path}/vorheizen").status_code == 303
    workshop.forget()
    row = workshop.session.scalars(sa.select(Preheat)).one()
    assert (row.tool, row.bed, row.by_id) == (215, 60, cast.boris.id)
    workshop.forget()
    assert "Heizt vor" in client.get(path).text
    assert client.post(f"{path}/abkuehlen").status_code == 303
    workshop.forget()
    assert workshop.session.scalars(sa.select(Preheat)).one().until <= utcnow()


@pytest.mark.parametrize("name", ["amira", "guel", "emil", "dilek"])
def test_only_instructors_heat_and_connect(
    workshop: Workshop, cast: Cast, sign_in: SignIn, name: str
) -> None:
    client = sign_in(getattr(cast, name))
    for verb in ("vorheizen", "abkuehlen", "verbindung"):
        assert client.post(f"{address(workshop)}/{verb}").status_code == 403


def test_a_printer_is_let_go_only_out_of_service_and_connected_again(
    workshop: Workshop, cast: Cast, sign_in: SignIn, tmp_path: Any
) -> None:
    """On a real OctoPrint."""
    client, path, printer = sign_in(cast.boris), address(workshop), workshop.printers[0]
    with VirtualOctoPrint(tmp_path / "octoprint", free_port()) as octoprint:
        printer.url = octoprint.url
        printer.key_encrypted = encrypt(octoprint.api_key, workshop.settings.printer_key)
        workshop.session.commit()
        assert client.post(f"{path}/verbindung", data={"up": "0"}).status_code == 409
        workshop.forget()
        client.post(f"{path}/ausser-betrieb", data={"reason": "Kabel tauschen"})
        assert client.post(f"{path}/verbindung", data={"up": "0"}).status_code == 303
        assert octoprint.printer_state() == "Closed" or "Offline" in (octoprint.printer_state() or "")
        assert client.post(f"{path}/verbindung", data={"up": "1"}).status_code == 303
        octoprint.wait_ready()
    assert client.post(f"{path}/verbindung", data={"up": "1"}).status_code == 409  # nobody answers


def test_the_picture_of_the_camera_is_ours(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    client, path = sign_in(cast.guel), address(workshop)
    assert client.get(f"{path}/kamera").status_code == 404
    workshop.forget()
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "#336699").save(out, "PNG")
    with front(1) as proxy:
        proxy.pages["/still"] = ("image/png", out.getvalue())
        workshop.printers[0].camera_url = f"http://127.0.0.1:{proxy.server_port}/still"
        workshop.session.commit()
        assert f"{path}/kamera" in client.get(path).text
        answer = client.get(f"{path}/kamera")
        client.get(f"{path}/kamera")
        assert len(proxy.seen) == 1  # kept for a few seconds
    assert answer.content_type == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.data)).size == (960, 720)
    cameras._frames.clear()


def test_upkeep_is_written_down_at_the_printer(workshop: Workshop, cast: Cast, sign_in: SignIn) -> None:
    task = upkeep.add_task(
        workshop.session, name="Achsen ölen", machine="prusa-mk3s", every_hours=200, every_days=None,
        by_id=cast.boris.id, now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    task_id, client, path = task.id, sign_in(cast.boris), address(workshop)
    assert "Wartung fällig" not in client.get("/drucker").text
    workshop.forget()
    workshop.printers[0].sight.printed_s = 201 * 3600.0
    workshop.session.commit()
    assert "Wartung fällig" in client.get("/drucker").text
    assert "Achsen ölen" in client.get(path).text
    assert client.post(f"{path}/wartung", data={"task_id": str(task_id)}).status_code == 303
    assert client.post(f"{path}/wartung", data={"note": "<i>Düse</i> neu"}).status_code == 303
    for form in ({}, {"note": "x" * 201}):
        assert client.post(f"{path}/wartung", data=form).status_code == 422, form
    for wrong in ("999", "x", "9" * 30):
        assert client.post(f"{path}/wartung", data={"task_id": wrong}).status_code == 404
    page = client.get(path).text
    assert "&lt;i&gt;Düse" in page
    assert "Wartung fällig" not in client.get("/drucker").text
    workshop.forget()
    lines = workshop.session.scalars(sa.select(UpkeepLine).where(UpkeepLine.done)).all()
    assert [line.account_id for line in lines] == [cast.boris.id] * 2


def test_a_printer_with_history_is_retired_and_its_history_stays(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    attempt = move(workshop, workshop.start(workshop.order(2)), *TO_PRINTING)
    attempt_id, path, name = attempt.id, address(workshop), workshop.printers[0].name
    emil, boris = sign_in(cast.emil), sign_in(cast.boris)
    workshop.forget()
    assert emil.post(f"{path}/ausmustern").status_code == 409  # a print is open
    workshop.forget()
    move(workshop, workshop.session.get_one(type(attempt), attempt_id), A.REPORTED_DONE)
    workshop.forget()
    boris.post(f"/laeufe/{attempt_id}/abholen", data={"good": "2"})
    assert boris.post(f"{path}/ausmustern").status_code == 403
    assert emil.post(f"{path}/loeschen", data={"name": name}).status_code == 409  # it has printed
    assert emil.post(f"{path}/ausmustern").status_code == 303
    workshop.forget()
    printer = workshop.session.get_one(Printer, workshop.printers[0].id)
    assert (printer.key_encrypted, printer.spool_id) == ("", None)
    assert name not in boris.get("/drucker/stand").text
    assert name in emil.get("/drucker/verwalten").text
    page = emil.get(path).text
    assert "Ausgemustert am" in page
    assert f"/laeufe/{attempt_id}" in page
    workshop.look()
    assert workshop.host().calls == []  # nobody asks it any more
    assert emil.post(f"{path}/zurueckholen").status_code == 303
    assert name in boris.get("/drucker/stand").text


def test_a_printer_that_never_printed_is_deleted_with_all_that_is_its_own(
    workshop: Workshop, cast: Cast, sign_in: SignIn
) -> None:
    printer, emil, path = workshop.printers[1], sign_in(cast.emil), address(workshop, 1)
    id_, name = printer.id, printer.name
    upkeep.add_task(
        workshop.session, name="ölen", printer=printer, every_hours=9, every_days=None, by_id=cast.boris.id,
        now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.add(Printed(printer_id=id_, at=workshop.clock.now, seconds=60, foreign=True))
    workshop.session.commit()
    workshop.look()
    assert emil.post(f"{path}/loeschen", data={"name": "anders"}).status_code == 422
    assert emil.post(f"{path}/loeschen", data={"name": name}).status_code == 303
    workshop.forget()
    assert workshop.session.get(Printer, id_) is None
    assert emil.get(path).status_code == 404
