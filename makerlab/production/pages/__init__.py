"""The desk's pages of printers and production: wall, printer, runs, orders, condition of the house."""

from makerlab.production.pages import (
    acting,
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
    wall,
)
from makerlab.production.pages.frame import blueprint

VIEWS = (
    acting, caring, collecting, condition, curves, layers, of_design, orders, placing, printers, runs, wall,
)  # fmt: skip

__all__ = ["VIEWS", "blueprint"]
