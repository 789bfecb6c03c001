"""Docs say what is there."""

import re
from pathlib import Path

import pytest

from makerlab.core.settings import Settings
from makerlab.production.obstacle_words import OBSTACLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
ROW = re.compile(r"^\| `MAKERLAB_(\w+)` \| (?:`([^`]*)`)? ?\| (.*) \|$", re.MULTILINE)


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    listed = {name.lower(): (default, words) for name, default, words in ROW.findall(README)}
    fields = Settings.model_fields
    there = {name: (_plain(field.default), field.description) for name, field in fields.items()}
    assert listed == there


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_readme_fits_on_two_screens_and_begins_with_the_two_commands() -> None:
    assert len(README.splitlines()) <= 100
    first = re.findall(r"^make \w+", README, re.MULTILINE)
    assert first[:2] == ["make demo", "make test"]


LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("doc", PAGES, ids=lambda doc: doc.name)
def test_links_between_docs_lead_somewhere(doc: Path) -> None:
    missing = [link for link in LINK.findall(doc.read_text()) if not (doc.parent / link).exists()]
    assert missing == []


PICTURE = re.compile(r"pictures/[\w-]+\.webp")
KEPT = {f"pictures/{path.name}": path.stat().st_size for path in (ROOT / "docs" / "pictures").glob("*.webp")}


def test_pictures_are_light_and_each_stands_in_a_page() -> None:
    shown = {name for page in PAGES for name in PICTURE.findall(page.read_text())}
    assert set(KEPT) == shown
    assert max(KEPT.values()) <= 100_000  # bytes
    assert sum(KEPT.values()) < 2_000_000


@pytest.mark.parametrize("reader", ["trainee", "instructor"])
def test_whatever_can_be_in_the_way_of_a_start_is_explained_to_who_reads_it(reader: str) -> None:
    page = (ROOT / "docs" / f"{reader}.md").read_text().lower()
    assert [str(one.word) for one in OBSTACLES.values() if str(one.word).lower() not in page] == []
