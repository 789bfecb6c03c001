"""Pieces so small that a virtual printer makes them in a moment."""

import numpy as np

from designs.mesh import Mesh
from makerlab.demo.objects import PALETTE, PARTNERS, SHOP, WORKSHOP, DemoObject
from makerlab.demo.objects.surfaces import Triangles

_FACES = ((0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7), (0, 1, 5), (0, 5, 4),
          (1, 2, 6), (1, 6, 5), (2, 3, 7), (2, 7, 6), (3, 0, 4), (3, 4, 7))  # fmt: skip


def cuboid(width: float, depth: float, height: float) -> Triangles:
    """Triangles (12, 3, 3) in mm, standing on z = 0."""
    floor = ((0, 0), (width, 0), (width, depth), (0, depth))
    corners = np.array([[x, y, z] for z in (0, height) for x, y in floor])
    return Mesh(corners[np.array(_FACES)].astype(np.float32)).placed().triangles


def cube(edge_mm: float, height_mm: float) -> DemoObject:
    """A catalogue's object of this size, in the colour that the first printer has loaded."""
    return DemoObject(
        key=f"klotz-{edge_mm:g}-{height_mm:g}", name=f"Klotz {edge_mm:g} mal {height_mm:g}",
        story="Ein Klotz.", partner=PARTNERS[0], tags=("Probe",), colours=(PALETTE[0],), price_cents=100,
        stock={WORKSHOP: 0, SHOP: 0}, build=lambda: cuboid(edge_mm, edge_mm, height_mm),
    )  # fmt: skip
