"""The desk's pages of printers and production: wall, printer, runs, orders, condition of the house."""

from makerlab.production import needed
from makerlab.production.pages import (
    acting,
    by_hand,
    caring,
    collecting,
    condition,
    curves,
    layers,
    of_design,
    orders,
    placing,
    printers,
    runs,
    series,
    wall,
)
from makerlab.production.pages.frame import blueprint

VIEWS = (
    acting,
    by_hand,
    caring,
    collecting,
    condition,
    curves,
    layers,
    of_design,
    orders,
    placing,
    printers,
    runs,
    series,
    wall,
)

__all__ = ["VIEWS", "blueprint", "needed"]
