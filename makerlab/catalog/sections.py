"""What features above the catalogue know of a design stands on its page: they say here how to show it."""

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design

_SECTIONS = "catalog.sections"

Section = Callable[[Session, Design], str]


def register_section(app: Flask, order: int, section: Section) -> None:
    """`section` gives HTML, or nothing to say; the lower the order, the higher on the page."""
    app.extensions.setdefault(_SECTIONS, []).append((order, section))


def sections(session: Session, design: Design) -> list[Markup]:
    """All of them for one design, from the top."""
    known: list[tuple[int, Section]] = current_app.extensions.get(_SECTIONS, [])
    said = [section(session, design) for _order, section in sorted(known, key=lambda one: one[0])]
    return [Markup(html) for html in said if html.strip()]  # noqa: S704 (rendered by our own templates)
