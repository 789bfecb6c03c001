"""Every word of every screen is there in every language."""

import re
import string

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from makerlab.core.language import LANGUAGES, TRANSLATIONS
from tools.words import LOCALES, collected

FIELD = re.compile(r"%\((\w+)\)[sd]")
NAMES = sorted(LOCALES)


@pytest.fixture(scope="module")
def words() -> Catalog:
    return collected()


def catalog(code: str) -> Catalog:
    with (TRANSLATIONS / f"{code}.po").open("rb") as file:
        return read_po(file, locale=LOCALES[code])


def parts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_language_but_german_has_a_file() -> None:
    assert set(LOCALES) == set(LANGUAGES) - {"de"}


@pytest.mark.parametrize("code", NAMES)
def test_no_word_is_missing(words: Catalog, code: str) -> None:
    there = catalog(code)
    missing = [m.id for m in words if m.id and not (there.get(m.id) and all(parts(there.get(m.id))))]
    assert missing == []


@pytest.mark.parametrize("code", NAMES)
def test_no_word_is_left_over(words: Catalog, code: str) -> None:
    assert [m.id for m in catalog(code) if m.id and words.get(m.id) is None] == []


@pytest.mark.parametrize("code", NAMES)
def test_translations_use_the_values_of_the_original_and_no_others(code: str) -> None:
    wrong = [m.id for m in catalog(code) if m.id and not _same_fields(m)]
    assert wrong == []


def _same_fields(message: Message) -> bool:
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = {field for text in originals for field in FIELD.findall(text)}
    return all(set(FIELD.findall(text)) <= allowed for text in parts(message)) and all(
        "%" not in FIELD.sub("", text).replace("%%", "").replace(" %", "") or "%" in "".join(originals)
        for text in parts(message)
    )


def test_arabic_is_written_in_arabic() -> None:
    latin = [m.id for m in catalog("ar") if m.id and _only_latin(parts(m))]
    assert latin == []


def _only_latin(texts: list[str]) -> bool:
    """Words, not names: a translation that has Latin letters but no Arabic one was forgotten."""
    text = FIELD.sub("", "".join(texts))
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 12 and all(letter in string.ascii_letters + "äöüÄÖÜß" for letter in letters)
