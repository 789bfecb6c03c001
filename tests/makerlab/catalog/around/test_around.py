"""Words, photos, tags, collections and steps of a design change without a new review."""

import io
import re

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from makerlab.catalog.models import Collection, Design, Making, Photo
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import Submit
from tests.makerlab.catalog.wall.test_page import names
from tests.makerlab.conftest import Cast, SignIn

WHERE = {0x8825: {1: "N", 2: (50.0, 46.0, 0.0)}}  # EXIF: the place where a photo was taken


def jpeg(colour: str = "red", size: tuple[int, int] = (60, 40)) -> io.BytesIO:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Kamerawerk"
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    file.seek(0)
    return file


def test_photos_are_ours_ordered_and_on_the_card(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, settings: Settings
) -> None:
    design_id, client = submit("Vase").design_id, sign_in(cast.fatma)
    sent = {"photo": [(jpeg("red"), "a.jpg"), (jpeg("blue"), "b.jpg")]}
    assert client.post(f"/katalog/{design_id}/fotos", data=sent).status_code == 303
    first, second = session.scalars(sa.select(Photo).order_by(Photo.position)).all()
    kept = FileStore(settings.files_dir).path(second.sha256).read_bytes()
    assert b"Kamerawerk" not in kept
    order = {"vor": second.id, f"alt-{second.id}": "Auf dem Fensterbrett"}
    assert client.post(f"/katalog/{design_id}/fotos/ordnen", data=order).status_code == 303
    assert second.sha256 in client.get("/katalog").text
    page = client.get(f"/katalog/{design_id}").text
    assert page.index(second.sha256) < page.index(first.sha256)
    assert 'alt="Auf dem Fensterbrett"' in page
    shown = client.get(f"/bilder/{second.sha256}?w=320")
    assert shown.mimetype == "image/webp"
    assert client.get(f"/bilder/{second.sha256}").mimetype == "image/jpeg"
    assert client.post(f"/katalog/{design_id}/fotos/{second.id}/weg").status_code == 303
    assert session.scalars(sa.select(Photo.sha256)).all() == [first.sha256]


def test_a_photo_goes_forward_past_the_gap_of_a_removed_one(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    path, client = f"/katalog/{submit('Vase').design_id}/fotos", sign_in(cast.fatma)
    client.post(path, data={"photo": [(jpeg(colour), "a.jpg") for colour in ("red", "green", "blue")]})
    in_order = sa.select(Photo.id).order_by(Photo.position)
    first, second, third = session.scalars(in_order).all()
    client.post(f"{path}/{second}/weg")
    client.post(f"{path}/ordnen", data={"vor": third})
    assert session.scalars(in_order).all() == [third, first]


def test_what_is_no_photo_is_refused(cast: Cast, sign_in: SignIn, submit: Submit) -> None:
    path = f"/katalog/{submit().design_id}/fotos"
    client = sign_in(cast.boris)
    assert client.post(path, data={"photo": (io.BytesIO(b"<svg/>"), "a.jpg")}).status_code == 415
    assert client.post(path, data={}).status_code == 422


def test_words_and_collections_change_and_approvals_stay(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision, client = submit("Vase"), sign_in(cast.fatma)
    client.post("/sammlungen/neu", data={"name": "Frühling 2026", "story": ""})
    collection = session.scalars(sa.select(Collection)).one()
    said = {
        "name": "Vase Eins", "story": "Neu.", "partner_id": "0", "tags": "Rot, rot , Blau",
        "collection": [collection.id],
    }  # fmt: skip
    before = revision.fingerprint
    assert client.post(f"/katalog/{revision.design_id}/bearbeiten", data=said).status_code == 303
    session.expire_all()
    assert (revision.design.name, revision.design.tags) == ("Vase Eins", ["Rot", "Blau"])
    assert revision.fingerprint == before
    assert "Vase Eins" in client.get(f"/sammlungen/{collection.id}").text
    assert names(client.get(f"/katalog?sammlung={collection.id}").text) == ["Vase Eins"]
    assert names(client.get("/katalog?q=fruehling").text) == ["Vase Eins"]
    assert "Frühling 2026" in client.get(f"/katalog/{revision.design_id}").text


def test_a_collection_has_its_own_order_and_goes_without_its_objects(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    ids, client = [submit(name).design_id for name in ("A", "B", "C")], sign_in(cast.guel)
    client.post("/sammlungen/neu", data={"name": "Linie", "story": "Drei."})
    path = f"/sammlungen/{session.scalars(sa.select(Collection.id)).one()}"
    number = path.rpartition("/")[2]
    assert (
        client.post(
            "/katalog/auswahl", data={"design": ids, "was": "sammlung", "collection": number}
        ).status_code
        == 303
    )
    assert names(client.get(path).text) == ["A", "B", "C"]
    client.post(f"{path}/ordnen", data={"vor": ids[2]})
    client.post(f"{path}/ordnen", data={"raus": ids[0]})
    assert names(client.get(path).text) == ["C", "B"]
    assert client.post("/sammlungen/neu", data={"name": "linie", "story": ""}).status_code == 409
    assert client.post(f"{path}/weg").status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(Design)) == 3


def test_many_designs_change_at_once(session: Session, cast: Cast, sign_in: SignIn, submit: Submit) -> None:
    ids, client = [submit(name, tags=["Alt"]).design_id for name in ("A", "B", "C")], sign_in(cast.fatma)
    for change in ({"was": "tag", "tag": "Neu"}, {"was": "ohne-tag", "tag": "ALT"}, {"was": "archiv"}):
        sent = {"design": ids[:2], "zurueck_zu": "//böse.example", **change}
        answer = client.post("/katalog/auswahl", data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/katalog")
    session.expire_all()
    designs = session.scalars(sa.select(Design).order_by(Design.id)).unique().all()
    assert [design.tags for design in designs] == [["Neu"], ["Neu"], ["Alt"]]
    assert [design.archived_at is not None for design in designs] == [True, True, False]
    assert names(client.get("/katalog").text) == ["C"]
    client.post("/katalog/auswahl", data={"design": ids, "was": "zurueck"})
    assert len(names(client.get("/katalog").text)) == 3


@pytest.mark.parametrize(
    "sent",
    [
        {"was": "tag", "tag": "x"},
        {"design": 1, "was": "tag"},
        {"design": 1, "was": "sammlung"},
        {"design": 1},
        {"design": 10**20, "was": "archiv"},
        {"design": 1, "was": "sammlung", "collection": 10**20},
    ],
)
def test_a_bulk_change_that_says_too_little_is_refused(
    cast: Cast, sign_in: SignIn, submit: Submit, sent: dict[str, object]
) -> None:
    submit()
    assert sign_in(cast.boris).post("/katalog/auswahl", data=sent).status_code == 422


def test_steps_after_the_print_stand_in_order_with_their_minutes(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    path = f"/katalog/{submit().design_id}"
    client = sign_in(cast.boris)
    for text, minutes in (("Schleifen", 4), ("Fassung einsetzen", 6)):
        sent = {"kind": "assembly", "text": text, "minutes": str(minutes), "photo": (jpeg(), "a.jpg")}
        assert client.post(f"{path}/schritte", data=sent).status_code == 303
    assert (
        client.post(f"{path}/schritte", data={"kind": "finish", "text": "x", "minutes": "-1"}).status_code
        == 422
    )
    last = session.scalars(sa.select(Making).order_by(Making.id.desc())).first()
    assert last is not None
    client.post(f"{path}/schritte/{last.id}")
    page = client.get(path).text
    assert re.search("Fassung einsetzen.*Schleifen.*Zusammen 10 Minuten", page, re.S)
    client.post(f"{path}/schritte/{last.id}", data={"weg": 1})
    assert "Fassung einsetzen" not in client.get(path).text


def test_sales_see_and_do_not_change(cast: Cast, sign_in: SignIn, submit: Submit) -> None:
    path, client = f"/katalog/{submit().design_id}", sign_in(cast.dilek)
    assert client.get("/sammlungen").status_code == 200
    assert "auswahl" not in client.get("/katalog").text
    for page in (f"{path}/bearbeiten", f"{path}/fotos", f"{path}/schritte", "/sammlungen/neu"):
        assert client.get(page).status_code == 403
    assert client.post("/katalog/auswahl", data={"design": 1, "was": "archiv"}).status_code == 403
