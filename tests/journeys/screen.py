"""Somebody at a screen of the lab: opens, taps, scans and reads; and the pictures for the docs."""

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from makerlab.core.language import catalog
from makerlab.demo.objects import OBJECTS, DemoObject
from makerlab.demo.seed import PASSWORD
from tests.journeys.lab import Lab, quick_objects

KIOSK, DESK, PHONE = (1280, 800), (1280, 800), (390, 844)
PATIENCE_MS = 60_000  # of one expectation, on a machine that does other things too
PICTURES = os.environ.get("MAKERLAB_PICTURES", "")  # where `make pictures` wants them
IN_PICTURES = ("vase-welle", "schale-duenung")
MOST_BYTES = 100_000
QUALITIES = (88, 80, 70, 60, 50, 40, 30)

_kept: set[str] = set()

expect.set_options(timeout=PATIENCE_MS)

# A scanner types faster than this test could across two busy cores, and ends with Enter.
TYPE = """keys => keys.forEach(key => document.body.dispatchEvent(
    new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})))"""


class Screen:
    """One browser window in which one person works. `taps` counts since the last `forget_taps`.

    `language`: whole messages in German are looked for in this language.
    """

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page, self.lab = page, lab
        self.taps, self.language = 0, "de"
        self.troubles: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("request", self._watch)

    def open(self, path: str) -> None:
        self.page.goto(self.lab.address + path)

    def tap(self, words: str, role: str = "") -> None:
        """Tap the button, link or card on which these words stand, beside the frame of the page."""
        self.taps += 1
        self.target(words, role).click()

    def said(self, words: str) -> str:
        """The message as it stands on the screen; a name is the same in all languages."""
        return catalog(self.language).gettext(words)

    def target(self, words: str, role: str = "") -> Locator:
        inside, words = self.page.locator("main, footer, .undo, dialog"), self.said(words)
        if role:
            return inside.get_by_role(role, name=words).first  # type: ignore[arg-type]
        return inside.get_by_role("button", name=words).or_(inside.get_by_role("link", name=words)).first

    def forget_taps(self) -> None:
        self.taps = 0

    def sees(self, words: str | re.Pattern[str]) -> None:
        """The words come to stand on the page, at once or by polling."""
        wanted = self.said(words) if isinstance(words, str) else words
        expect(self.page.locator("body")).to_contain_text(wanted, use_inner_text=True)

    def asks(self, question: str) -> None:
        """The heading of the page."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(self.said(question))

    def forgive(self, status: str) -> None:
        """The browser calls an answer of this status an error, which the person was meant to get."""
        assert any(status in trouble for trouble in self.troubles), self.troubles
        self.troubles = [trouble for trouble in self.troubles if status not in trouble]

    def scan(self, code: str) -> None:
        self.page.evaluate(TYPE, [*code, "Enter"])

    def sign_in(self, email: str) -> None:
        """At the desk or on the phone."""
        self.open("/anmelden")
        self.page.get_by_label("E-Mail-Adresse").fill(email)
        self.page.get_by_label("Passwort").fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="Anmelden").click()
        expect(self.page).not_to_have_url(re.compile("anmelden"))

    def picture(self, name: str, of: Locator | None = None) -> None:
        """Keep a picture for the docs, when somebody wants them: of the top, or around `of`.

        The first of a name stays.
        """
        if PICTURES and name not in _kept:
            _kept.add(name)
            self.page.wait_for_load_state("networkidle")
            self.page.evaluate("scrollTo(0, 0)")
            if of is not None:
                of.evaluate("element => element.scrollIntoView({block: 'center'})")
            save_webp(self.page.screenshot(animations="disabled"), Path(PICTURES) / f"{name}.webp")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.lab.address, "data:", "blob:")):
            self.troubles.append(f"{self.page.url} asks {request.url}")


Open = Callable[..., Screen]  # (size, e-mail) → a window, where somebody is signed in at the desk


@contextmanager
def at(browser: Browser, lab: Lab, size: tuple[int, int], *, axe: bool = False) -> Iterator[Screen]:
    """A window of its own, of this width and height in px. `axe`: a script of ours may be added."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="de-DE", timezone_id="Europe/Berlin",
        bypass_csp=axe, device_scale_factor=1, has_touch=size != DESK, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield Screen(context.new_page(), lab)
    finally:
        context.close()


def shown_objects() -> list[DemoObject]:
    """What the lab's catalogue begins with: two quick ones, and two large ones for pictures."""
    large = [thing for thing in OBJECTS if PICTURES and thing.key in IN_PICTURES]
    return [*quick_objects(), *large]


def card_of(lab: Lab, name: str) -> str:
    """What stands on this person's card, as the seeding printed it."""
    line = next(line for line in lab.seeded.people if name in line)
    return line.rpartition("card ")[2].strip()


def number_of(lab: Lab, name: str) -> str:
    line = next(line for line in lab.seeded.people if name in line)
    return re.findall(r"number (\d+)", line)[0]


def save_webp(png: bytes, path: Path) -> None:
    """In the best quality that stays under MOST_BYTES."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in QUALITIES:
        kept = io.BytesIO()
        picture.save(kept, "WEBP", quality=quality, method=6)
        if kept.tell() <= MOST_BYTES:
            break
    path.write_bytes(kept.getvalue())
