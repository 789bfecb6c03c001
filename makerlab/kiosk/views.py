"""All pages of the kiosk; importing them puts them on the blueprint."""

from makerlab.kiosk import collecting, entrance, helping, home, ordering, orders, printers, spools, waiting
from makerlab.kiosk.blueprint import blueprint

__all__ = [
    "blueprint",
    "collecting",
    "entrance",
    "helping",
    "home",
    "ordering",
    "orders",
    "printers",
    "spools",
    "waiting",
]
