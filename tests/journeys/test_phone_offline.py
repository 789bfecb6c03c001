"""At an event the network goes away: the phone shows what it last knew, and counts are not lost."""

import re

import sqlalchemy as sa
from playwright.sync_api import expect

from makerlab.stock.models import Place, StocktakeCount
from tests.journeys.lab import Lab
from tests.journeys.screen import PHONE, Open


def test_a_count_without_a_network_is_kept_and_sent_later(lab: Lab, window: Open) -> None:
    dilek = window(PHONE, "dilek")
    page = dilek.page
    place = lab.ask(lambda session: session.scalars(sa.select(Place.name).order_by(Place.id.desc())).first())
    dilek.open("/verkauf/inventur")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    dilek.tap(str(place), "button")
    dilek.asks("Zählen:")
    list_url = page.url
    page.reload()  # now the worker stands between, keeps the page and fetches the counts' pages ahead
    page.wait_for_function(KEPT, arg=page.locator("[data-ahead] a").first.get_attribute("href"))

    page.context.set_offline(True)
    page.locator("[data-ahead] a").first.click()
    dilek.asks("Zählen:")
    dilek.sees("Ohne Netz. Stand von")
    page.get_by_role("spinbutton").fill("7")
    dilek.tap("Speichern")
    dilek.sees("Diese Zählungen warten auf das Netz:")
    expect(page).to_have_url(re.compile(re.escape(list_url)))
    dilek.picture("verkauf-ohne-netz")
    assert counted(lab) == []

    page.context.set_offline(False)
    page.wait_for_function("() => !localStorage.getItem('waiting-counts')")
    assert counted(lab) == [7]
    dilek.forgive("ERR_INTERNET_DISCONNECTED")


# Whether the worker keeps the page at this address.
KEPT = "async href => (await caches.has('pages-1')) && !!(await (await caches.open('pages-1')).match(href))"


def counted(lab: Lab) -> list[int]:
    return lab.ask(lambda session: list(session.scalars(sa.select(StocktakeCount.pieces))))
