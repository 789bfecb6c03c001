"""In a real browser: whoever walks away is signed out, and Back shows nothing of them."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from makerlab.people.actions import issue_card
from tests.makerlab.conftest import NOW
from tests.makerlab.production.conftest import Workshop

KIOSK = {"width": 1280, "height": 800}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=KIOSK)
    yield context.new_page()
    context.close()


def scan(page: Page, code: str) -> None:
    """A USB scanner types faster than this test could across two busy cores, and ends with Enter."""
    page.evaluate(
        """keys => keys.forEach(key => document.body.dispatchEvent(
             new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})))""",
        [*code, "Enter"],
    )


def test_who_walks_away_is_warned_then_signed_out_and_back_shows_nothing(
    lab: Workshop, address: str, page: Page
) -> None:
    code = issue_card(lab.session, lab.amira, by_id=None, now=NOW)
    lab.session.commit()
    page.clock.install()
    page.goto(f"{address}/kiosk")
    scan(page, code)
    expect(page.get_by_text("Amira")).to_be_visible()
    page.get_by_text("Neuer Auftrag").click()
    page.get_by_text("Untersetzer").click()
    expect(page.get_by_role("heading", name="Welche Farbe?")).to_be_visible()
    page.wait_for_load_state()  # the page's own clock runs from here

    page.clock.fast_forward((lab.settings.kiosk_idle_seconds + 5) * 1000)
    expect(page.get_by_text("Sind Sie noch da?")).to_be_visible()
    page.get_by_text("Weiterarbeiten").click()
    expect(page.get_by_role("heading", name="Welche Farbe?")).to_be_visible()

    page.clock.fast_forward((lab.settings.kiosk_idle_seconds + 5) * 1000)
    expect(page.get_by_text("Sind Sie noch da?")).to_be_visible()
    page.clock.fast_forward(21_000)
    expect(page.get_by_text("Zeigen Sie Ihre Karte.")).to_be_visible()
    for _ in range(3):
        page.go_back()
        expect(page.get_by_text("Zeigen Sie Ihre Karte.")).to_be_visible()
        assert "Amira" not in page.content()


def test_no_screen_of_a_trainee_scrolls_and_all_targets_are_large(
    lab: Workshop, address: str, page: Page
) -> None:
    lab.order(2)
    code = issue_card(lab.session, lab.amira, by_id=None, now=NOW)
    lab.session.commit()
    page.goto(f"{address}/kiosk")
    for path in ("", "/nummer"):
        _fits(page, f"{address}/kiosk{path}")
    page.goto(f"{address}/kiosk")
    scan(page, code)
    expect(page.get_by_text("Amira")).to_be_visible()
    choice = f"/neu/{lab.revision.id}"
    paths = ["/start", "/neu", choice, f"{choice}/{lab.colour.id}", "/auftraege", "/auftrag/1", "/drucker"]
    for path in [*paths, "/drucker/P1", "/drucker/P1/waehlen", "/hilfe", "/auftrag/99"]:
        _fits(page, f"{address}/kiosk{path}")


def _fits(page: Page, url: str) -> None:
    page.goto(url)
    over = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert over <= 0, url
    small = page.evaluate(
        """[...document.querySelectorAll('a, button')]
           .filter(one => one.checkVisibility() && !one.matches('.skip, .design-link'))
           .map(one => [one.innerText, one.getBoundingClientRect()])
           .filter(([, box]) => box.width && (box.width < 64 || box.height < 64)).map(([word]) => word)"""
    )
    assert small == [], url
