"""At an event the network goes away: the phone shows what it last knew, and counts are not lost."""

import re

import sqlalchemy as sa
from playwright.sync_api import expect

from makerlab.core.sessions import WebSession
from makerlab.people.models import Account
from makerlab.stock.models import Place, StocktakeCount
from tests.journeys.lab import Lab
from tests.journeys.screen import PHONE, Open, Screen


def test_a_count_without_a_network_is_kept_and_sent_later(lab: Lab, window: Open) -> None:
    dilek = window(PHONE, "dilek")
    page = dilek.page
    list_url = begin(dilek, lab)
    count_offline(dilek, 7)
    expect(page).to_have_url(re.compile(re.escape(list_url)))
    dilek.picture("verkauf-ohne-netz")
    assert counted(lab) == []

    page.context.set_offline(False)
    page.wait_for_function(NONE_WAITS)
    assert counted(lab) == ["Dilek: 7"]
    dilek.forgive("ERR_INTERNET_DISCONNECTED")


def test_what_one_person_counted_is_never_sent_by_the_next_on_the_same_phone(lab: Lab, window: Open) -> None:
    phone = window(PHONE, "dilek")
    page = phone.page
    list_url = begin(phone, lab)
    count_offline(phone, 8)
    with lab.write() as session:  # the session ends while the phone is without a network
        session.execute(sa.delete(WebSession))
    page.context.set_offline(False)

    phone.open("/verkauf")  # asked to sign in
    phone.sees("Hier warten Zählungen einer Person, die nicht angemeldet ist.")
    page.wait_for_function(NOTHING_KEPT)
    phone.sign_in("guel@makerlab.example")
    page.goto(list_url)
    phone.sees("Hier warten Zählungen einer Person, die nicht angemeldet ist.")
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.reload()
    phone.sees("Hier warten Zählungen einer Person, die nicht angemeldet ist.")
    assert "Gül: 8" not in counted(lab)

    phone.tap("Abmelden")
    expect(page).to_have_url(re.compile("/anmelden"))
    phone.sign_in("dilek@makerlab.example")
    page.goto(list_url)
    page.wait_for_function(NONE_WAITS)
    assert "Dilek: 8" in counted(lab)
    phone.forgive("ERR_INTERNET_DISCONNECTED")


def test_signing_out_deletes_what_was_kept_and_says_which_counts_still_wait(lab: Lab, window: Open) -> None:
    phone = window(PHONE, "dilek")
    page = phone.page
    page.add_init_script(BAD_NETWORK)
    list_url = begin(phone, lab)
    page.evaluate("sessionStorage.setItem('bad-network', '1')")
    page.locator("[data-ahead] a").first.click()
    phone.asks("Zählen:")
    page.get_by_role("spinbutton").fill("9")
    phone.tap("Speichern")
    expect(page).to_have_url(list_url)
    phone.sees("Diese Zählungen warten auf das Netz:")

    phone.tap("Abmelden")
    phone.sees("Sie gehen erst hinaus, wenn Sie sich hier wieder anmelden.")
    phone.tap("Trotzdem abmelden")
    expect(page).to_have_url(re.compile("/anmelden"))
    phone.sees("Hier warten Zählungen einer Person, die nicht angemeldet ist.")
    page.wait_for_function(NOTHING_KEPT)

    page.evaluate("sessionStorage.removeItem('bad-network')")
    phone.sign_in("dilek@makerlab.example")
    page.goto(list_url)
    page.wait_for_function(NONE_WAITS)
    assert "Dilek: 9" in counted(lab)


def begin(phone: Screen, lab: Lab) -> str:
    """Open the list of a stocktake and wait until the phone keeps the pages to count on; its address."""
    place = lab.ask(lambda session: session.scalars(sa.select(Place.name).order_by(Place.id.desc())).first())
    phone.open("/verkauf/inventur")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.tap(str(place), "button")
    phone.asks("Zählen:")
    phone.page.reload()  # now the worker stands between, keeps the page and fetches the counts' pages ahead
    phone.page.wait_for_function(KEPT, arg=phone.page.locator("[data-ahead] a").first.get_attribute("href"))
    return phone.page.url


def count_offline(phone: Screen, pieces: int) -> None:
    page = phone.page
    page.context.set_offline(True)
    page.locator("[data-ahead] a").first.click()
    phone.asks("Zählen:")
    phone.sees("Ohne Netz. Stand von")
    page.get_by_role("spinbutton").fill(str(pieces))
    phone.tap("Speichern")
    phone.sees("Diese Zählungen warten auf das Netz:")


# Whether the worker keeps the page at this address.
KEPT = "async href => (await caches.has('pages-1')) && !!(await (await caches.open('pages-1')).match(href))"
NOTHING_KEPT = "async () => (await caches.keys()).length === 0"
NONE_WAITS = "() => !localStorage.getItem('waiting-counts')"

# Pages come through, what is fetched for the counts does not.
BAD_NETWORK = """(() => {
    const real = window.fetch;
    const broken = (url) => sessionStorage.getItem('bad-network') && String(url).includes('/inventur/');
    window.fetch = (url, options) =>
        broken(url) ? Promise.reject(new TypeError('no network')) : real(url, options);
})()"""


def counted(lab: Lab) -> list[str]:
    """Who counted how many, in this order."""
    query = sa.select(Account.name, StocktakeCount.pieces).join_from(
        StocktakeCount, Account, Account.id == StocktakeCount.account_id
    )
    rows = lab.ask(lambda session: session.execute(query.order_by(StocktakeCount.id)).all())
    return [f"{name.split()[0]}: {pieces}" for name, pieces in rows]
