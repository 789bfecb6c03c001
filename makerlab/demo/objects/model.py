"""What the demo's catalogue knows about an object, and the colours and partners its objects share.

All partners are invented; likeness to a real studio would be chance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from makerlab.demo.objects.surfaces import Triangles

Build = Callable[..., Triangles]


@dataclass(frozen=True, slots=True)
class Colour:
    """A filament colour: its German name and its hex value."""

    name: str
    hex: str


@dataclass(frozen=True, slots=True)
class DemoPartner:
    """An invented designer or studio, with one German sentence about it."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class DemoPart:
    """A further part: `count` of it belong to one piece."""

    name: str
    count: int
    build: Build


@dataclass(frozen=True, slots=True)
class DemoObject:
    """One design of the demo's catalogue; the words are German, as a designer would hand them in.

    `build` gives triangles (n, 3, 3) in mm and takes the parameters of its module. `process` and `material`
    are keys of the profiles of `designs`. `stock` counts pieces by place, each in the first of the `colours`.
    `own_name` is what the first part is called beside `parts`.
    """

    key: str
    name: str
    story: str
    partner: DemoPartner
    tags: tuple[str, ...]
    colours: tuple[Colour, ...]
    price_cents: int
    stock: Mapping[str, int]
    build: Build
    process: str = "0.20"
    material: str = "pla"
    hint: str = ""
    own_name: str = ""
    parts: tuple[DemoPart, ...] = ()


WORKSHOP, SHOP = "workshop", "shop"

TERRACOTTA = Colour("Terrakotta", "#C4694A")
SAGE = Colour("Salbei", "#9CAF94")
IVORY = Colour("Elfenbein", "#EFE6D2")
NIGHT = Colour("Nachtblau", "#34497A")
MUSTARD = Colour("Senf", "#D3A13A")
ROSE = Colour("Altrosa", "#CFA09B")
GRAPHITE = Colour("Graphit", "#55585D")
PALETTE = (TERRACOTTA, SAGE, IVORY, NIGHT, MUSTARD, ROSE, GRAPHITE)

PONT = DemoPartner("Studio Pontstraße", "Zwei Keramikerinnen, die Gefäße heute zuerst am Rechner drehen.")
FRANKENBERG = DemoPartner(
    "Atelier Frankenberg", "Leuchten und Räume, entworfen in einem Hinterhof im Viertel."
)
WURM = DemoPartner("Wurmtal Gestaltung", "Ruhige Dinge für Küche und Garten, nach Formen aus dem Wurmtal.")
REHM = DemoPartner("Werkraum Rehmviertel", "Ein Kollektiv, das aus Mustern Gegenstände macht.")
LOUSBERG = DemoPartner("Büro Lousberg", "Produktgestaltung für Schreibtisch, Flur und alles dazwischen.")
PARTNERS = (PONT, FRANKENBERG, WURM, REHM, LOUSBERG)
