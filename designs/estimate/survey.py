"""Everything the geometry says about a piece, before constants and machine: what the fit starts from, too."""

from dataclasses import dataclass

from designs.estimate.bitplanes import rasterise
from designs.estimate.regions import Regions, pixel_size, regions
from designs.estimate.sections import Floats, cut
from designs.estimate.skirt import skirt_lengths
from designs.estimate.supports import Supports, no_supports, supports
from designs.estimate.walls import Close, Walls, look, walls
from designs.mesh import Mesh
from designs.profiles.model import Process

PIXELS = 28_000_000  # of all layers together; more are more exact and slower


@dataclass(frozen=True, slots=True)
class Survey:
    """Area of every layer in mm² and its skirt in mm (layers,), the layers looked at closely, walls, fill."""

    areas: Floats
    close: Close
    walls: Walls
    regions: Regions
    skirt: Floats
    supports: Supports


def survey(mesh: Mesh, process: Process, wanted: bool = False, pixels: float = PIXELS) -> Survey:
    """Cut the piece and measure its layers; a mesh that is inside out is turned. Supports where `wanted`."""
    sections = cut(mesh.placed().triangles, process.first_layer_mm, process.layer_mm)
    areas = sections.areas()
    if areas.sum() < 0:
        sections, areas = sections.reversed(), -areas
    close = look(sections)
    around = walls(close, sections.outlines(), areas, process)
    pixel = pixel_size(sections, pixels)
    layer = rasterise(sections, pixel, overlapping=close.bodies_overlap)
    return Survey(
        areas,
        close,
        around,
        regions(layer, process, pixel),
        skirt_lengths(sections, process),
        supports(layer, process, pixel) if wanted else no_supports(sections.layers),
    )
