"""Einfache Sprache keeps to rules that can be counted (kiosk.md K7): short, active, nothing abbreviated."""

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from makerlab.core.language import TRANSLATIONS

LONGEST = 10  # words in one sentence
FIELD = re.compile(r"%\(\w+\)[sd]")
END = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"\w")
SHORTENED = re.compile(
    r"\b(z\. ?B|d\. ?h|u\. ?a|o\. ?ä|i\. ?d\. ?R|etc|ca|inkl|max|min|mind|Min|Tel|Str|vgl|St)\."
    r"|\b(ggf|bzw|usw|evtl|MB|KB|GB|Std|Nr|Stk)\b"
)
PASSIVE = re.compile(r"\b(wird|werden|wurde|wurden|worden)\b", re.IGNORECASE)


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def plain_texts() -> list[str]:
    with (TRANSLATIONS / "de-simple.po").open("rb") as file:
        return [text for message in read_po(file, locale="de") if message.id for text in texts(message)]


def sentences(text: str) -> list[str]:
    return END.split(FIELD.sub("x", text))


def length(sentence: str) -> int:
    """Words; a value put in counts as one, signs such as “–” and “=” as none."""
    return sum(bool(WORD.search(part)) for part in sentence.split())


def test_no_sentence_has_more_than_ten_words() -> None:
    assert [s for text in plain_texts() for s in sentences(text) if length(s) > LONGEST] == []


def test_nothing_is_abbreviated() -> None:
    assert [text for text in plain_texts() if SHORTENED.search(text)] == []


def test_no_sentence_is_in_the_passive() -> None:
    """German builds the passive with “werden”; plain texts do without the word."""
    assert [text for text in plain_texts() if PASSIVE.search(text)] == []


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("Nehmen Sie %(num)s Stück ab. Danke!", 5),
        ("Ja, Bett ist frei – starten", 5),
        ("%(name)s: %(available)s = %(on_hand)s", 3),
    ],
)
def test_words_are_counted_sentence_by_sentence(text: str, longest: int) -> None:
    assert max(length(sentence) for sentence in sentences(text)) == longest


@pytest.mark.parametrize("text", ["Höchstens 5 MB", "Farbe, z. B. Rot", "Stücke bzw. Platten", "ca. 5 Gramm"])
def test_an_abbreviation_is_found(text: str) -> None:
    assert SHORTENED.search(text)
