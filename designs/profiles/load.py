"""Reads the profiles that come with the library and those a lab adds in a directory of its own.

The directory has the same three folders: `machines/`, `processes/`, `materials/`, one TOML file a profile,
named by its key. A lab's file wins over ours of the same key. `based_on = "KEY"` takes everything from
another profile of the same folder, and the file only says what differs.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from designs.errors import Refused
from designs.profiles.model import Machine, Material, Process
from designs.profiles.schema import build

HERE = Path(__file__).parent
FOLDERS = ("machines", "processes", "materials")
DEFAULT_MACHINE, DEFAULT_PROCESS, DEFAULT_MATERIAL = "prusa-mk3s", "0.20", "pla"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Profiles:
    """All machines, processes and materials by key."""

    machines: Mapping[str, Machine]
    processes: Mapping[str, Process]
    materials: Mapping[str, Material]

    def machine(self, key: str = DEFAULT_MACHINE) -> Machine:
        """Raises `Refused("unknown_machine")` with the keys there are."""
        return _pick(self.machines, key, "machine")

    def process(self, key: str = DEFAULT_PROCESS) -> Process:
        """Raises `Refused("unknown_process")` with the keys there are."""
        return _pick(self.processes, key, "process")

    def material(self, key: str = DEFAULT_MATERIAL) -> Material:
        """Raises `Refused("unknown_material")` with the keys there are."""
        return _pick(self.materials, key, "material")


_sound: dict[Path | None, Profiles] = {}  # what was read last without a fault


def load(extra: Path | None = None) -> Profiles:
    """Our profiles and those under `extra`, read again when a file there changed: then it is another object.

    Raises `Refused("profile_invalid")`; but a file that becomes faulty while we run leaves what was read
    before (`load_strictly` says what is wrong with it).
    """
    try:
        found = load_strictly(extra)
    except Refused:
        if extra in _sound:
            return _sound[extra]
        raise
    _sound[extra] = found
    return found


def load_strictly(extra: Path | None = None) -> Profiles:
    """The same from the files as they are now. Raises `Refused("profile_invalid")`."""
    return _loaded(extra, tuple(_stamps(extra)))


def _stamps(extra: Path | None) -> Iterator[tuple[str, int, int, int]]:
    """What tells a changed file: its name, number, time and size."""
    for folder in FOLDERS if extra else ():
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(f"{extra}/{folder}") as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name.endswith(".toml"):
                    known = entry.stat()
                    yield f"{folder}/{entry.name}", known.st_ino, known.st_mtime_ns, known.st_size


@lru_cache(maxsize=32)
def _loaded(extra: Path | None, _stamp: tuple[tuple[str, int, int, int], ...]) -> Profiles:
    return Profiles(
        machines=_kind(Machine, "machines", extra),
        processes=_kind(Process, "processes", extra),
        materials=_kind(Material, "materials", extra),
    )


def _pick(profiles: Mapping[str, T], key: str, kind: str) -> T:
    if key not in profiles:
        known = ", ".join(sorted(profiles))
        raise Refused(f"unknown_{kind}", f"There is no {kind} “{key}”. There are: {known}.", key=key)
    return profiles[key]


def _kind(kind: type[T], folder: str, extra: Path | None) -> dict[str, T]:
    tables: dict[str, dict[str, Any]] = {}
    for root in (HERE, extra):
        if root is not None:
            for path in sorted((root / folder).glob("*.toml")):
                tables[path.stem] = _read(path)
    return {key: build(kind, {"key": key} | _complete(tables, key, ()), f"{key}.toml") for key in tables}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"The profile {path.name} cannot be read as TOML: {error}."
        raise Refused("profile_invalid", message, file=path.name) from error


def _complete(tables: dict[str, dict[str, Any]], key: str, seen: tuple[str, ...]) -> dict[str, Any]:
    table = dict(tables[key])
    base = table.pop("based_on", None)
    if base is None:
        return table
    if base not in tables or base in (*seen, key):
        message = f"The profile {key}.toml is based on “{base}”, which does not exist or is based on it."
        raise Refused("profile_invalid", message, file=f"{key}.toml", entry="based_on")
    return _merged(_complete(tables, base, (*seen, key)), table)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    tables = {name for name, value in over.items() if _tables(base.get(name), value)}
    return base | over | {name: _merged(base[name], over[name]) for name in tables}


def _tables(first: object, second: object) -> bool:
    return isinstance(first, dict) and isinstance(second, dict)
