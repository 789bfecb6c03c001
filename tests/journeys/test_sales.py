"""Sales find a piece in spite of a slip of the finger, promise it, count a place and print labels."""

import re

from makerlab.stock import balances
from makerlab.stock.models import Product, Stocktake
from tests.journeys.lab import Lab
from tests.journeys.screen import PHONE, Open


def test_find_promise_count_and_label(lab: Lab, window: Open) -> None:
    dilek = window(PHONE, "dilek")
    page = dilek.page
    name = lab.ask(lambda session: session.get_one(Product, 1).design.name)
    dilek.open("/verkauf")
    page.get_by_role("searchbox").fill(_slipped(name))
    page.keyboard.press("Enter")
    page.locator("main a", has_text=name).first.click()
    dilek.asks(name)

    dilek.tap("Versprechen")
    page.get_by_role("button", name="Mehr").click()
    page.get_by_label("Für wen?").fill("Café Lichtblick")
    dilek.tap("Versprechen", "button")
    dilek.sees("Café Lichtblick")
    dilek.open("/verkauf/versprochen")
    dilek.sees("Café Lichtblick")
    dilek.picture("verkauf-versprochen")

    dilek.open("/verkauf/inventur")
    dilek.tap("Werkstatt", "button")
    dilek.asks("Zählen:")
    number = int(page.url.rstrip("/").rpartition("/")[2])
    codes = lab.ask(lambda session: _codes(session, number))
    for times in (1, 2):
        dilek.scan(codes[0])
        dilek.sees(f"Gezählt: {times}")
    dilek.picture("verkauf-inventur")
    dilek.tap("Fertig gezählt")
    for choice in page.locator("select").all():
        choice.select_option("unknown")
    dilek.picture("verkauf-unterschiede")
    dilek.tap("Abschließen und buchen")
    dilek.sees("Der Bestand stimmt jetzt.")
    assert lab.ask(balances.differences) == {}

    code = lab.ask(lambda session: session.get_one(Product, 1).code)
    dilek.open(f"/verkauf/{code}/etiketten")
    dilek.picture("verkauf-etiketten")
    address = page.locator("form#labels").get_attribute("action")
    pdf = page.request.get(f"{lab.address}{address}?n=3&blatt=62x29")
    assert pdf.headers["content-type"] == "application/pdf"
    assert len(re.findall(rb"/Type /Page\b", pdf.body())) == 3


def _slipped(name: str) -> str:
    """The name's first word with two letters swapped."""
    word = name.split(maxsplit=1)[0]
    return word[:1] + word[2] + word[1] + word[3:]


def _codes(session: object, stocktake_id: int) -> list[str]:
    """Of the products that lie at the place of a stocktake, or of any."""
    place_id = session.get_one(Stocktake, stocktake_id).place_id  # type: ignore[attr-defined]
    held = balances.of_place(session, place_id) or {1: 0}  # type: ignore[arg-type]
    return [session.get_one(Product, product_id).code for product_id in held]  # type: ignore[attr-defined]
