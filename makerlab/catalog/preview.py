"""The stored preview mesh as binary STL, which the 3D view reads. The format stands in `designs.preview`."""

import numpy as np

from designs.mesh import STL_HEADER, STL_RECORD, unit_normals
from designs.preview import HEAD


def as_stl(preview: bytes) -> bytes:
    """Binary STL of a preview that `designs.preview` made."""
    _magic, corners, triangles, x, y, z, step = HEAD.unpack_from(preview)
    places = np.frombuffer(preview, "<u2", 3 * corners, HEAD.size).reshape(-1, 3)
    start = HEAD.size + -(-6 * corners // 4) * 4
    faces = np.frombuffer(preview, "<u4", 3 * triangles, start).reshape(-1, 3)
    points = places.astype(np.float32) * np.float32(step) + np.array([x, y, z], np.float32)
    records = np.zeros(triangles, STL_RECORD)
    records["corners"] = points[faces]
    records["normal"] = unit_normals(points[faces])
    return STL_HEADER + np.uint32(triangles).tobytes() + records.tobytes()
