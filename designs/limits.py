"""What we accept at most. Our own limits decide, not a parser's luck."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file; lengths in millimetres."""

    file_bytes: int = 200 * MEBIBYTE
    triangles: int = 5_000_000
    unpacked_bytes: int = 512 * MEBIBYTE
    ratio: int = 100  # unpacked to packed, of an archive's entry of a mebibyte or more
    archive_entries: int = 2_000
    xml_depth: int = 32
    component_depth: int = 32
    component_copies: int = 100_000
    line_bytes: int = 32 * MEBIBYTE  # of an ASCII file, without one complete facet
    furthest_mm: float = 1e6  # of any coordinate from the origin: beyond, float32 is coarser than a nozzle
    smallest_mm: float = 1e-3  # of the longest edge of the bounding box


LIMITS = Limits()
