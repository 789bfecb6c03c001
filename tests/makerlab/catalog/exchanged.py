"""ZIPs of designs, made by hand."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from tests.makerlab.catalog.conftest import stl


def design_of(name: str, data: bytes, **more: Any) -> dict[str, Any]:
    file = {"sha256": sha_of(data), "file_name": "a.stl", "process": "0.20", "material": "pla"}
    return {"name": name, "revisions": [{"files": [file]}], **more}


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def entry_of(data: bytes) -> str:
    return f"files/{sha_of(data)}.stl"


def manifest(*designs: dict[str, Any]) -> dict[str, Any]:
    when = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    return {"format": "makerlab-catalogue", "version": 1, "exported_at": when, "designs": list(designs)}


def packed(told: object, base: bytes = b"", more: dict[str, bytes] | None = None) -> bytes:
    """A ZIP with this manifest (text as it is), the files of another one, and more."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", told if isinstance(told, str | bytes) else json.dumps(told))
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as given:
                for name in given.namelist():
                    if name != "manifest.json":
                        archive.writestr(name, given.read(name))
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


CUBE = stl(20)
SOUND = manifest(design_of("Würfel", CUBE))
FILES = {entry_of(CUBE): CUBE}
