"""Figures of designs that only features above the catalogue know: they say here how to ask for them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

_MEASURES = "catalog.measures"


@dataclass(frozen=True, slots=True)
class Measured:
    """design → figure; a design that is not in it has 0. The stamp changes when any figure does."""

    stamp: Hashable
    of: Mapping[int, int]


Measure = Callable[[Session], Measured]


def register_measure(app: Flask, name: str, measure: Measure) -> None:
    """`stock` (pieces on hand) or `made` (good pieces so far). Asked on every page: it must be quick."""
    app.extensions.setdefault(_MEASURES, {})[name] = measure


def measures(session: Session) -> dict[str, Measured]:
    """All that anybody knows, now."""
    known: dict[str, Measure] = current_app.extensions.get(_MEASURES, {})
    return {name: measure(session) for name, measure in known.items()}
