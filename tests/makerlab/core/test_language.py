from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, session

from makerlab.core import language
from makerlab.core.language import gettext, lazy, ngettext

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n{plural}\n{messages}\n'

Speak = Callable[[str, str], str]


@pytest.fixture
def speak(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speak]:
    """Three small catalogues; returns a function that says a word in a language."""
    plural = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
    entries = {
        "de-simple": 'msgid "Spule"\nmsgstr "Rolle"\n\nmsgid "Bett"\nmsgstr "Platte"\n',
        "en": 'msgid "Spule"\nmsgstr "spool"\n\nmsgid "%(num)s Stück"\nmsgid_plural "%(num)s Stücke"\n'
        'msgstr[0] "%(num)s piece"\nmsgstr[1] "%(num)s pieces"\n',
    }
    for code, messages in entries.items():
        (tmp_path / f"{code}.po").write_text(PO.format(plural=plural, messages=messages))
    monkeypatch.setattr(language, "TRANSLATIONS", tmp_path)
    language.catalog.cache_clear()

    def say(code: str, word: str) -> str:
        with app.app_context(), app.test_request_context("/"):
            session["language"] = code
            return gettext(word)

    yield say
    language.catalog.cache_clear()


@pytest.mark.parametrize(
    ("code", "word", "said"),
    [
        ("de", "Spule", "Spule"),
        ("de-simple", "Spule", "Rolle"),
        ("en", "Spule", "spool"),
        ("en", "Bett", "Platte"),  # not in English: plain German before German
        ("en", "Düse", "Düse"),  # nowhere: the German of the source
        ("ar", "Spule", "Spule"),  # no catalogue at all
        ("xx", "Spule", "Spule"),  # no such language: the lab's
    ],
)
def test_a_missing_word_falls_back_to_plain_german_then_german(
    speak: Speak, code: str, word: str, said: str
) -> None:
    assert speak(code, word) == said


@pytest.mark.usefixtures("speak")
def test_numbers_choose_their_form(app: Flask) -> None:
    with app.app_context(), app.test_request_context("/"):
        session["language"] = "en"
        assert ngettext("%(num)s Stück", "%(num)s Stücke", 1) == "1 piece"
        assert ngettext("%(num)s Stück", "%(num)s Stücke", 3) == "3 pieces"


@pytest.mark.usefixtures("speak")
def test_lazy_words_are_said_in_the_language_of_the_reader(app: Flask) -> None:
    word = lazy("Spule")
    for code, said in (("de", "Spule"), ("en", "spool")):
        with app.app_context(), app.test_request_context("/"):
            session["language"] = code
            assert str(word) == said


def test_pages_say_their_language_and_direction(app: Flask) -> None:
    client = app.test_client()
    client.post("/language", data={"language": "ar", "next": "/anmelden"})
    page = client.get("/anmelden").text
    assert '<html lang="ar" dir="rtl"' in page
    assert "app.rtl.css" in page
