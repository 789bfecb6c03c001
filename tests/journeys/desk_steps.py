"""What people do at the desk and on the phone, step by step, and what they see."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.screen import Screen

REASON, NEXT_STEP = "Der Kopf ist zu spitz.", "Bitte den Kopf mit wenigstens 1 mm abrunden."


def upload(screen: Screen, path: Path, name: str) -> None:
    """Hand a new design in."""
    screen.open("/katalog")
    screen.tap("Neues Objekt")
    screen.page.get_by_label(re.compile("^Name")).fill(name)
    screen.page.get_by_label(re.compile("^Geschichte")).fill(
        "Eine Figur für das Brett im Nachbarschaftshaus."
    )
    screen.page.get_by_label(re.compile("^Wer hat es entworfen")).select_option("Büro Lousberg")
    screen.page.locator("input[type=file]").set_input_files(path)
    screen.picture("hochladen")
    screen.tap("Hochladen", "button")


def see_what_was_uploaded(boris: Screen, path: Path, name: str) -> None:
    """Picture, size, problems, and an estimate of time, filament and cost, at once."""
    upload(boris, path, name)
    boris.sees("Ihre Datei ist da. Jetzt prüft sie jemand anders.")
    boris.sees("10 × 10 × 12 mm")
    boris.sees("Die Form ist geschlossen und druckbar.")
    boris.sees(re.compile(r"Zeit\s*\d+(–\d+)? min"))
    boris.sees(re.compile(r"Kosten\s*\d+,\d\d\s€"))
    boris.sees(re.compile(r"Filament\s*\d+(,\d)? g"))
    boris.sees("Aus der Form geschätzt")
    poster = boris.page.locator(".viewer-poster")
    assert poster.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    boris.picture("objekt-hochgeladen")


def nobody_approves_their_own(boris: Screen) -> None:
    """The button is closed, and whoever gets around that is refused by the server."""
    boris.tap("Prüfen", "link")
    boris.sees("Das haben Sie selbst hochgeladen. Jemand anders muss es prüfen.")
    approve = boris.page.get_by_role("button", name="Freigeben")
    expect(approve).to_be_disabled()
    boris.page.evaluate("document.querySelectorAll('main :disabled').forEach(one => (one.disabled = false))")
    _tick_all(boris)
    approve.click()
    boris.sees("Niemand gibt die eigene Arbeit frei.")
    boris.forgive("403")


def send_back_with_a_reason(carla: Screen, name: str) -> None:
    carla.open("/pruefen")
    carla.tap(name)
    carla.picture("pruefen")
    carla.page.get_by_text("In eigenen Worten zurückgeben").click()
    carla.page.get_by_label("Grund", exact=True).fill(REASON)
    carla.page.get_by_label("Nächster Schritt").fill(NEXT_STEP)
    carla.tap("Zurückgeben", "button")
    carla.sees("Das Objekt ist zurückgegeben.")


def upload_a_new_revision(boris: Screen, path: Path, name: str) -> None:
    """Whoever handed it in reads why, and what to do next."""
    boris.open("/katalog")
    boris.sees("Diese Objekte warten auf Ihre neue Fassung.")
    boris.sees(REASON)
    boris.picture("zurueckgegeben")
    boris.tap(name)
    boris.sees(NEXT_STEP)
    boris.tap("Neue Fassung")
    boris.page.locator("input[type=file]").set_input_files(path)
    boris.tap("Hochladen", "button")
    boris.sees("Fassung 2")


def approve(carla: Screen, name: str) -> None:
    carla.open("/pruefen")
    carla.tap(name)
    carla.sees("Fassung 2")
    _tick_all(carla)
    carla.tap("Freigeben", "button")
    carla.sees("Das Objekt ist freigegeben.")


def find_by_phone(dilek: Screen, name: str, *, good: int, coming: int) -> None:
    """On hand, reserved, in production, and where."""
    dilek.open("/verkauf")
    dilek.page.get_by_role("searchbox").fill(name)
    dilek.page.get_by_role("searchbox").press("Enter")
    dilek.sees("1 Treffer")
    dilek.sees(f"{good} da")
    dilek.sees(f"{coming} kommen")
    dilek.tap(name)
    figures = dilek.page.locator(".stats")
    for word, pieces in (("Da", good), ("Verfügbar", good), ("Versprochen", 0), ("In Arbeit", coming)):
        expect(figures).to_contain_text(
            re.compile(rf"{pieces}\s*{word}|{word}\s*{pieces}"), use_inner_text=True
        )
    dilek.sees(re.compile(rf"Wo\?\s*Werkstatt\s*{good} Stück"))
    dilek.picture("verkauf-produkt", figures)


def _tick_all(screen: Screen) -> None:
    for answer in screen.page.get_by_label("Ja", exact=True).all():
        answer.check()
