"""The layers of a plate: who sees them, what the slider gets, what happens with large or missing files."""

import gzip
from pathlib import Path

import pytest
import sqlalchemy as sa

from designs.gcode import drawing
from makerlab.production import looking
from makerlab.production.models import Plate
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.production.conftest import Workshop
from tests.makerlab.production.test_refining import sliced, waiting_slice


@pytest.fixture
def plate(workshop: Workshop, tmp_path: Path) -> Plate:
    """A plate of two coasters of 4 mm, sliced."""
    sliced(workshop, waiting_slice(workshop, tmp_path))
    return workshop.session.scalars(sa.select(Plate)).one()


@pytest.mark.parametrize(
    ("name", "status"),
    [("amira", 403), ("dilek", 403), ("guel", 403), ("emil", 403), ("boris", 200), ("fatma", 200)],
)
def test_only_those_who_may_have_the_file_see_its_lines(
    plate: Plate, cast: Cast, sign_in: SignIn, name: str, status: int
) -> None:
    client, address = sign_in(getattr(cast, name)), f"/platten/{plate.id}/schichten"
    assert [client.get(address + end).status_code for end in ("", ".gcode", ".json")] == [status] * 3


def test_the_slider_has_one_step_for_each_layer_with_its_height_and_seconds(
    plate: Plate, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.boris)
    page = client.get(f"/platten/{plate.id}/schichten").text
    assert 'min="1" max="20"' in page
    answer = client.get(f"/platten/{plate.id}/schichten.json")
    layers = answer.json["layers"]
    assert [layer["number"] for layer in layers] == list(range(1, 21))
    assert (layers[0]["z"], layers[-1]["z"]) == (0.2, 4.0)
    assert all(layer["s"] > 0 for layer in layers)
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_lines_come_compressed_and_hold_no_command_but_moves(
    plate: Plate, cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.boris).get(f"/platten/{plate.id}/schichten.gcode")
    assert answer.headers["Content-Encoding"] == "gzip"
    lines = gzip.decompress(answer.data).decode().splitlines()
    assert {line[:2] for line in lines} == {"G0", "G1", "T0"}


def test_the_page_says_when_a_large_file_is_thinned(
    plate: Plate, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "drawing", lambda path: drawing.drawing(path, most_bytes=1000))
    client = sign_in(cast.boris)
    page = client.get(f"/platten/{plate.id}/schichten").text
    every = client.get(f"/platten/{plate.id}/schichten.json").json["every"]
    assert every > 1
    assert f"Sie sehen jede {every}. Schicht." in page


def test_a_plate_whose_file_is_gone_says_so(
    workshop: Workshop, plate: Plate, cast: Cast, sign_in: SignIn
) -> None:
    workshop.files.path(plate.slice.gcode_sha256 or "").unlink()
    answer = sign_in(cast.boris).get(f"/platten/{plate.id}/schichten")
    assert answer.status_code == 404
    assert "Diese Platte ist noch nicht vorbereitet." in answer.text


def test_the_order_leads_to_the_layers_of_its_plates(plate: Plate, cast: Cast, sign_in: SignIn) -> None:
    address = f"/platten/{plate.id}/schichten"
    assert address in sign_in(cast.boris).get(f"/auftraege/{plate.order_id}").text
    assert address not in sign_in(cast.guel).get(f"/auftraege/{plate.order_id}").text


def test_seconds_of_the_legend_are_those_of_the_file() -> None:
    found = looking.seconds_by_kind(
        {"External perimeter": 5.0, "Overhang perimeter": 1.0, "Travel": 2.0, "X": 3.0}
    )
    assert found == {"outer": 6.0, "other": 3.0, "moves": 2.0}
