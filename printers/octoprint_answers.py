"""OctoPrint's JSON, read into the words of the port. Functions of plain values; a wrong shape raises."""

import math
from datetime import UTC, datetime
from typing import Any

from printers.host import HostState, HostStatus, HostVersion, RemoteFile

# By the beginning of OctoPrint's own words, the longer beginning first.
_STATES = (
    ("Operational", HostState.OPERATIONAL),
    ("Starting", HostState.STARTING),
    ("Printing", HostState.PRINTING),
    ("Sending", HostState.PRINTING),
    ("Transferring", HostState.PRINTING),
    ("Pausing", HostState.PAUSING),
    ("Paused", HostState.PAUSED),
    ("Resuming", HostState.RESUMING),
    ("Cancelling", HostState.CANCELLING),
    ("Finishing", HostState.FINISHING),
    ("Opening", HostState.CONNECTING),
    ("Detecting", HostState.CONNECTING),
    ("Connecting", HostState.CONNECTING),
    ("Offline after error", HostState.ERROR),
    ("Offline (Error", HostState.ERROR),
    ("Offline", HostState.OFFLINE),
    ("Error", HostState.ERROR),
)


LONGEST_PATH = 300  # characters; ours are much shorter


def read_state(text: str) -> HostState:
    """The state behind OctoPrint's words; UNKNOWN for words of a version we have not met."""
    return next((state for words, state in _STATES if text.startswith(words)), HostState.UNKNOWN)


def read_status(job: Any, temperatures: dict[str, tuple[float | None, float | None]]) -> HostStatus:
    """`GET /api/job`. The share done comes from the position: `completion` follows M73 in 2.0."""
    file, progress = job["job"]["file"], job["progress"]
    position, size = progress.get("filepos"), file.get("size")
    return HostStatus(
        state=read_state(job["state"]),
        text=_plain(job["state"]),
        file=_selected(file),
        file_pos=position,
        file_size=size,
        progress=_share(position, size, progress.get("completion")),
        elapsed_s=progress.get("printTime"),
        left_s=progress.get("printTimeLeft"),
        temperatures=temperatures,
        error=_plain(job.get("error") or "") or None,
    )


def read_temperatures(printer: Any) -> dict[str, tuple[float | None, float | None]]:
    """`GET /api/printer`: °C as (actual, target) for each tool, bed and chamber."""
    found = printer.get("temperature", {})
    return {
        _plain(part): (_degrees(values.get("actual")), _degrees(values.get("target")))
        for part, values in found.items()
        if isinstance(values, dict) and _degrees(values.get("actual")) is not None
    }


def _degrees(value: Any) -> float | None:
    """None for what a broken thermistor may give: not a number."""
    return value if isinstance(value, int | float) and math.isfinite(value) else None


def _plain(text: object) -> str:
    """What a host says is kept in databases, and they take no NUL and no half character."""
    return str(text).encode(errors="replace").decode().replace("\0", "")


def read_file(name: str, info: Any) -> RemoteFile | None:
    """`GET /api/files/local/NAME`; None where the name is a folder's."""
    if info["type"] == "folder":
        return None
    prints = info.get("prints") or {}
    last = prints.get("last") or {}
    date = last.get("date")
    return RemoteFile(
        name=name,
        size=int(info["size"]),
        sha1=info.get("hash"),
        successes=int(prints.get("success", 0)),
        failures=int(prints.get("failure", 0)),
        last_success=last.get("success"),
        last_date=datetime.fromtimestamp(date, UTC) if date is not None else None,
        filament_mm=_filament(info.get("gcodeAnalysis")),
    )


def _filament(analysis: Any) -> float | None:
    """Millimetres over all tools, where OctoPrint has read the file (it does so when the printer rests)."""
    tools = (analysis or {}).get("filament") or {}
    lengths = [tool["length"] for tool in tools.values() if isinstance(tool, dict) and tool.get("length")]
    return float(sum(lengths)) if lengths else None


def read_version(version: Any) -> HostVersion:
    """`GET /api/version`."""
    return HostVersion(server=str(version["server"]), api=str(version["api"]), text=str(version["text"]))


def _selected(file: Any) -> str | None:
    path = _plain(file.get("path") or "")[:LONGEST_PATH]
    if path and file.get("origin") == "sdcard":
        return f"sdcard:{path}"
    return path or None


def _share(position: int | None, size: int | None, completion: float | None) -> float | None:
    if position is not None and size:
        return min(position / size, 1.0)
    return completion / 100 if completion is not None else None
