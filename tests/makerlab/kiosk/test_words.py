"""K7: short sentences, one statement each. Reads what stands in the kiosk's templates and modules."""

import ast
import re
from pathlib import Path

import pytest

from makerlab.production import obstacle_words
from makerlab.production import words as production_words
from makerlab.production.obstacles import HELP, Helper, Obstacle

ROOT = Path(__file__).parents[3]
MOST_WORDS = 10

IN_TEMPLATES = re.compile(r"(?:\b_|ngettext)\(\s*'((?:[^'\\]|\\.)*)'(?:\s*,\s*'((?:[^'\\]|\\.)*)')?")


def in_templates() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "templates/kiosk").glob("*.html")):
        for groups in IN_TEMPLATES.findall(path.read_text()):
            found += [(path.name, text) for text in groups if text]
    return found


def in_modules() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "makerlab/kiosk").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "now_", "ngettext")
            if called and isinstance(node.args[0], ast.Constant):
                found.append((path.name, str(node.args[0].value)))
    return found


def of_production() -> list[tuple[str, str]]:
    shown = [*production_words.ATTEMPT.values(), *production_words.SCRAP.values()]
    shown += [*production_words.ORDER_PROBLEM.values(), *obstacle_words.OBSTACLES.values()]
    shown += [*obstacle_words.DEEDS.values(), *obstacle_words.HELPERS.values(), obstacle_words.GET_SPOOL]
    texts = [text for status in shown for text in (status.word, status.sentence, status.way_out)]
    texts += list(production_words.REASON.values())
    return [("production/words.py", str(text)) for text in texts if str(text)]


def test_the_words_are_found() -> None:
    assert len(in_templates()) > 80
    assert len(in_modules()) > 30


def test_every_obstacle_has_words_a_picture_a_deed_and_who_can_do_it() -> None:
    assert set(obstacle_words.OBSTACLES) == set(obstacle_words.DEEDS) == set(HELP) == set(Obstacle)
    assert set(obstacle_words.HELPERS) == set(Helper)
    assert all(one.icon and str(one.sentence) for one in obstacle_words.OBSTACLES.values())


@pytest.mark.parametrize(("place", "text"), sorted({*in_templates(), *in_modules(), *of_production()}))
def test_a_sentence_has_at_most_ten_words(place: str, text: str) -> None:
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        words = [word for word in sentence.split() if re.search(r"\w", word)]
        assert len(words) <= MOST_WORDS, f"{place}: {sentence}"
