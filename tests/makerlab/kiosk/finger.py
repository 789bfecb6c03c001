"""A finger at the kiosk: it sees the words on the screen, taps them, and counts its taps."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"input", "img", "br", "meta", "link", "use", "hr", "path", "rect", "circle"}


@dataclass
class Target:
    """Something to tap: a link, or a button with the form that it sends."""

    tag: str
    attrs: dict[str, str]
    form: dict[str, str] | None
    words: str = ""


class Screen(HTMLParser):
    """The links, buttons and forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[Target] = []
        self.forms: list[tuple[dict[str, str], dict[str, str]]] = []  # attributes, fields
        self.text = ""
        self._form: tuple[dict[str, str], dict[str, str]] | None = None
        self._open: list[Target] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = (values, {})
            self.forms.append(self._form)
        elif tag == "input" and self._form is not None and "name" in values:
            self._form[1][values["name"]] = values.get("value", "")
        elif tag in ("a", "button"):
            self._open.append(Target(tag, values, self._form[0] if self._form else None))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif self._open and self._open[-1].tag == tag:
            self.targets.append(self._open.pop())

    def handle_data(self, data: str) -> None:
        self.text += data
        for target in self._open:
            target.words += data

    def form_of(self, target: Target) -> tuple[dict[str, str], dict[str, str]]:
        wanted = target.attrs.get("form")
        return next(
            form for form in self.forms if (form[0].get("id") == wanted if wanted else form[0] is target.form)
        )


@dataclass
class Finger:
    client: FlaskClient
    taps: int = 0
    response: TestResponse = field(init=False)

    def open(self, path: str) -> "Finger":
        """Not a tap: what the kiosk shows by itself."""
        self.response = self.client.get(path, follow_redirects=True)
        return self

    def tap(self, words: str) -> "Finger":
        """Tap the link or button on which these words stand."""
        self.taps += 1
        screen = self.screen
        target = next((one for one in screen.targets if words in " ".join(one.words.split())), None)
        assert target is not None, f"nothing says {words!r} on {self.path}: {self.words}"
        if target.tag == "a":
            return self.open(target.attrs["href"])
        attrs, fields = screen.form_of(target)
        data: dict[str, Any] = dict(fields)
        if "name" in target.attrs:
            data[target.attrs["name"]] = target.attrs.get("value", "")
        self.response = self.client.post(attrs["action"], data=data, follow_redirects=True)
        return self

    @property
    def screen(self) -> Screen:
        return Screen(self.response.text)

    @property
    def words(self) -> str:
        return " ".join(self.screen.text.split())

    @property
    def path(self) -> str:
        return self.response.request.path
