"""The name under which a sliced plate is kept: the same plate is never sliced twice."""

import hashlib
import json
from dataclasses import asdict

from designs.slicer.port import Placement, SliceJob

LAYOUT = 1  # raise it when our own plate or settings text changes, so that older results do not count


def slice_key(mesh_sha256: str, job: SliceJob, slicer_version: str) -> str:
    """SHA-256 (hex) over mesh, placements to 1 µm, settings and slicer.

    Where the mesh file lies does not count. The order of the placements does: it is the order in which
    the copies are printed.
    """
    everything = {
        "layout": LAYOUT,
        "mesh": mesh_sha256.lower(),
        "placements": [_rounded(placement) for placement in job.placements],
        "machine": asdict(job.machine),
        "process": asdict(job.process),
        "material": asdict(job.material),
        "supports": job.supports,
        "slicer": slicer_version,
    }
    canonical = json.dumps(everything, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _rounded(placement: Placement) -> list[float]:
    """Adding 0.0 makes the two zeros one."""
    values = placement.x_mm, placement.y_mm, placement.angle_deg % 360
    return [round(value, 3) + 0.0 for value in values]
