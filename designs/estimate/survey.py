"""Everything the geometry says about a piece, before constants and machine: what the fit starts from, too."""

from dataclasses import dataclass

from designs.estimate.regions import Regions, regions
from designs.estimate.sections import Floats, cut
from designs.estimate.skirt import skirt_lengths
from designs.estimate.walls import Close, Walls, look, walls
from designs.mesh import Mesh
from designs.profiles.model import Process

PIXELS = 12_000_000  # of all layers together; more are more exact and slower


@dataclass(frozen=True, slots=True)
class Survey:
    """Area of every layer in mm² and its skirt in mm (layers,), the layers looked at closely, walls, regions."""

    areas: Floats
    close: Close
    walls: Walls
    regions: Regions
    skirt: Floats


def survey(mesh: Mesh, process: Process, pixels: float = PIXELS) -> Survey:
    """Cut the piece and measure its layers; a mesh that is inside out is turned."""
    sections = cut(mesh.placed().triangles, process.first_layer_mm, process.layer_mm)
    areas = sections.areas()
    if areas.sum() < 0:
        sections, areas = sections.reversed(), -areas
    close = look(sections)
    around = walls(close, sections.outlines(), areas, process)
    return Survey(areas, close, around, regions(sections, process, pixels), skirt_lengths(sections, process))
