"""People at the kiosk, by HTTP and nothing else: they do what its pages offer, and again after a death."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests

from makerlab.demo.seed import PIN

# The web server was killed, perhaps in the middle of an answer: look again.
AWAY = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
UPSET = 500


@dataclass
class Form:
    action: str
    values: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(known.get("action", "")))
        elif tag == "a":
            self.links.append(known.get("href", ""))
        elif tag == "input" and self.forms and "name" in known:
            self.forms[-1].values[known["name"]] = known.get("value", "")

    def form(self, ending: str) -> Form | None:
        return next((one for one in self.forms if one.action.split("?")[0].endswith(ending)), None)

    def link(self, part: str) -> str | None:
        return next((one for one in self.links if part in one), None)


class Kiosk:
    """Somebody signed in by number and PIN, at the kiosk of the lab at `address`.

    `patience` is called between two tries while the web is away; it raises when that lasts too long.
    """

    def __init__(self, address: str, number: str, patience: Callable[[], None]) -> None:
        self.address, self.number, self.patience = address, number, patience
        self.browser = requests.Session()
        self.browser.trust_env = False

    def order(self, revision_id: int, colour_id: int, pieces: int) -> None:
        """One order. Its form is sent again until it is answered, as a browser does on a reload."""
        path = f"/kiosk/neu/{revision_id}/{colour_id}"
        form = self._until(lambda: self.page(path).form(path))
        form.values["pieces"] = str(pieces)
        self._until(lambda: self.send(form))

    def serve(self, code: str) -> str:
        """What one person does at one printer: start, collect, or nothing. The last words of the path."""
        page = self.page(f"/kiosk/drucker/{code}")
        if form := page.form("/starten"):
            self.send(form)
            return "start"
        if page.form("/nichts"):  # offers to collect, too: what is true only a look at the bed tells
            return "unclear"
        link = page.link("/abholen?attempt=")
        return self.collect(link) if link else ""

    def collect(self, link: str) -> str:
        """Take off what lies there; the page proposes how many are good."""
        form = self.page(link).form("/abholen")
        return "collect" if form and self.send(form) else ""

    def page(self, path: str) -> Page:
        """A page, signed in. Raises what stands in AWAY."""
        page = self._get(path)
        if page.address.rstrip("/").endswith("/kiosk"):
            self._sign_in()
            page = self._get(path)
        return page

    def send(self, form: Form) -> bool:
        """Whether the web took it; a refusal is told by the next page. Raises what stands in AWAY."""
        answer = self.browser.post(self.address + form.action, form.values, timeout=15)
        assert answer.status_code < UPSET, (form, answer.status_code, answer.text[-500:])
        return answer.ok

    def _sign_in(self) -> None:
        for path, name, value in (("nummer", "number", self.number), ("pin", "pin", PIN)):
            form = self._get(f"/kiosk/{path}").form(f"/kiosk/{path}")
            assert form, path
            self.send(Form(form.action, {**form.values, name: value}))

    def _get(self, path: str) -> Page:
        answer = self.browser.get(self.address + path, timeout=15)
        assert answer.status_code < UPSET, (path, answer.status_code, answer.text[-500:])
        return Page(answer.url.split("?")[0], answer.text)

    def _until(self, step: Callable[[], object]) -> Form:
        while True:
            try:
                if done := step():
                    return done  # type: ignore[return-value]
            except AWAY:
                pass
            self.patience()
