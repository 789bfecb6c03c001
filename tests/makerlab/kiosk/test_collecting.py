"""Taking a print off: reasons by picture, filament up to where it got, a photo."""

import io

import sqlalchemy as sa
from PIL import Image

from makerlab.core.files import FileStore
from makerlab.production.outcome import AttemptPhoto, ScrapCount
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.kiosk.finger import Finger
from tests.makerlab.kiosk.test_printing import HERE, attempt, done, started
from tests.makerlab.production.conftest import Workshop


def counts(lab: Workshop) -> dict[str, int]:
    lab.forget()
    return {row.reason: row.pieces for row in lab.session.scalars(sa.select(ScrapCount))}


def to_why(finger: Finger, scrap: int) -> Finger:
    finger.open(HERE).tap("Abholen")
    for _ in range(scrap):
        finger.tap("Weniger")
    return finger.tap("Das Bett ist leer")


def test_one_tap_gives_the_reason_for_all_pieces(lab: Workshop, amira: Finger) -> None:
    done(lab, amira, pieces=4)
    to_why(amira, 3).tap("Verzogen")
    assert "3 Stücke drucken wir noch einmal." in amira.words
    assert counts(lab) == {"warped": 3}


def test_pieces_may_have_different_reasons(lab: Workshop, amira: Finger) -> None:
    done(lab, amira, pieces=4)
    to_why(amira, 4).tap("Verschiedene Gründe")
    assert "Warum ist Stück 1 von 4 nicht gut?" in amira.words
    amira.tap("Verzogen")
    assert "Warum ist Stück 2 von 4 nicht gut?" in amira.words
    amira.tap("Anderer Grund").tap("Falsche Farbe")
    assert "Warum ist Stück 3 von 4 nicht gut?" in amira.words
    amira.tap("Alle anderen auch: Falsche Farbe")
    assert counts(lab) == {"warped": 1, "colour": 3}


def test_every_reason_has_a_tile_and_no_screen_more_than_five(lab: Workshop, amira: Finger) -> None:
    done(lab, amira)
    to_why(amira, 1)
    first = amira.words
    assert amira.response.text.count('class="choice"') == 5
    amira.tap("Anderer Grund")
    assert amira.response.text.count('class="choice"') == 4
    words = ["Verzogen", "Spaghetti", "Verschoben", "Fäden", "Nicht fertig", "Beim Abnehmen kaputt"]
    assert all(word in first + amira.words for word in [*words, "Falsche Farbe", "Etwas anderes"])


def test_answers_that_do_not_fit_are_refused(lab: Workshop, amira: Finger) -> None:
    ended = done(lab, amira)
    for reasons, reason in (("warped,warped,warped", ""), ("<b>", ""), ("", "<b>")):
        data = {"attempt": ended.id, "good": 0, "reasons": reasons, "reason": reason}
        assert amira.client.post(f"{HERE}/abholen", data=data).status_code == 422
    assert counts(lab) == {}


def test_a_stopped_print_books_the_grams_up_to_where_it_got_and_says_so(
    lab: Workshop, amira: Finger, boris: Finger
) -> None:
    started(lab, amira)
    lab.host().advance(1.0)
    lab.look()
    lab.host().printer_error("Thermal Runaway")
    lab.look(4)
    ended = attempt(lab)
    assert "Filament verbraucht:" in boris.open(f"/laeufe/{ended.id}").words
    amira.open(HERE).tap("Abholen").tap("Das Bett ist leer").tap("Spaghetti")
    assert "Filament gebucht:" in amira.words
    assert " von 12,5 g" in amira.words
    assert " von 12,5 g" in boris.open(f"/laeufe/{ended.id}").words


def picture(colour: str = "red") -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return {"photo": (io.BytesIO(file.getvalue()), "IMG_1.jpg")}


def test_a_photo_is_kept_once_and_shown_to_instructors(
    lab: Workshop, amira: Finger, boris: Finger, cast: Cast, sign_in: SignIn
) -> None:
    ended = done(lab, amira)
    to_why(amira, 1).tap("Verzogen")
    assert "Foto machen" in amira.words
    for _ in range(2):
        amira.response = amira.client.post(
            f"/kiosk/abgeholt/{ended.id}/foto", data=picture(), follow_redirects=True
        )
        assert "1 Foto ist gespeichert." in amira.words
    lab.forget()
    kept = lab.session.scalars(sa.select(AttemptPhoto)).one()
    assert kept.sha256 in FileStore(lab.settings.files_dir)
    address = f"/laeufe/{ended.id}/fotos/{kept.id}"
    assert address in boris.open(f"/laeufe/{ended.id}").response.text
    seen = boris.client.get(address)
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert boris.client.get(f"/laeufe/{ended.id + 1}/fotos/{kept.id}").status_code == 404
    assert amira.client.get(address).status_code == 403
    assert sign_in(cast.dilek).get(address).status_code == 403


def test_only_who_took_it_off_or_an_instructor_adds_a_photo(
    lab: Workshop, amira: Finger, boris: Finger
) -> None:
    ended = done(lab, amira)
    early = amira.client.post(f"/kiosk/abgeholt/{ended.id}/foto", data=picture())
    assert early.status_code == 404, "nothing is collected yet"
    boris.open(HERE).tap("Abholen").tap("Das Bett ist leer")
    assert "Foto machen" not in amira.open(f"/kiosk/abgeholt/{ended.id}").words
    assert amira.client.post(f"/kiosk/abgeholt/{ended.id}/foto", data=picture()).status_code == 403
    assert boris.client.post(f"/laeufe/{ended.id}/fotos", data=picture("blue")).status_code == 303


def test_what_is_no_photo_is_refused(lab: Workshop, amira: Finger) -> None:
    ended = done(lab, amira)
    amira.open(HERE).tap("Abholen").tap("Das Bett ist leer")
    address = f"/kiosk/abgeholt/{ended.id}/foto"
    assert amira.client.post(address, data={}).status_code == 422
    text = {"photo": (io.BytesIO(b"<html>"), "photo.jpg")}
    assert amira.client.post(address, data=text).status_code == 415
    assert lab.session.scalars(sa.select(AttemptPhoto)).all() == []


def test_an_instructor_counts_the_reasons_at_the_desk(lab: Workshop, amira: Finger, boris: Finger) -> None:
    ended = done(lab, amira, pieces=3)
    data = {"good": 1, "scrap_warped": 1, "scrap_colour": 1, "scrap_stringy": ""}
    assert boris.client.post(f"/laeufe/{ended.id}/abholen", data=data).status_code == 303
    assert counts(lab) == {"warped": 1, "colour": 1}
    assert "1 × Verzogen" in boris.open(f"/laeufe/{ended.id}").words
