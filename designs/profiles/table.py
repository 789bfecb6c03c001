"""Profiles as plain tables and as TOML, and their entries one by one: what a form or a file is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from designs.profiles.model import Machine, Material, Process, Range, Text

KINDS: dict[str, type] = {"machines": Machine, "processes": Process, "materials": Material}
Profile = Machine | Process | Material
Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a profile: `path` is its names from the outside in, with its number in a list of several.

    `kind` is number, whole, flag, choice, name or script; `unit` belongs to numbers.
    """

    path: tuple[str, ...]
    kind: str
    low: float = 0
    high: float = 0
    unit: str = ""
    choices: tuple[str, ...] = ()
    longest: int = 0
    optional: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.path)


def entries(kind: type) -> list[Entry]:
    """All values of a machine, process or material in their order, without its key."""
    return [entry for entry in _of(kind, (), False) if entry.path != ("key",)]


def _of(kind: type, path: tuple[str, ...], optional: bool) -> Iterator[Entry]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        yield from _entry(hints[field.name], (*path, field.name), optional)


def _entry(hint: Any, path: tuple[str, ...], optional: bool) -> Iterator[Entry]:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is UnionType or type(None) in inside:
        yield from _entry(next(one for one in inside if one is not type(None)), path, True)
    elif origin is tuple:
        for number, one in enumerate(inside):
            yield from _entry(one, (*path, str(number)), optional)
    elif isinstance(hint, type) and is_dataclass(hint):
        yield from _of(hint, path, optional)
    else:
        yield _value(hint, path, optional)


def _value(hint: Any, path: tuple[str, ...], optional: bool) -> Entry:
    if get_origin(hint) is Literal:
        return Entry(path, "choice", choices=tuple(map(str, get_args(hint))), optional=optional)
    if get_origin(hint) is Annotated:
        base, bounds = get_args(hint)
        if isinstance(bounds, Text):
            return Entry(path, "script" if bounds.script else "name", longest=bounds.longest)
        assert isinstance(bounds, Range)  # noqa: S101 (the model knows no third)
        kind = "whole" if base is int else "number"
        return Entry(path, kind, bounds.low, bounds.high, bounds.unit, optional=optional)
    return Entry(path, "flag" if hint is bool else "name", longest=80)


def table_of(profile: Profile) -> Table:
    """All values as TOML and JSON have them, without the key; what is left open is left out."""
    plain: Table = _plain(asdict(profile))
    plain.pop("key")
    return plain


def keyed(profile: Profile) -> Table:
    """All values with the key, as they are handed over to a child process; `schema.build` reads them."""
    return {"key": profile.key} | table_of(profile)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Every value by the name of its entry: `limits.speed.x`, `bed_mm.0`."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        inner = {str(at): one for at, one in enumerate(value)} if isinstance(value, list) else value
        if isinstance(inner, dict):
            found |= {f"{name}.{key}": one for key, one in flat(inner).items()}
        else:
            found[name] = value
    return found


def nested(values: Mapping[str, Any]) -> Table:
    """The table whose entries have these values: the way back from `flat`."""
    table: Table = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        inner = table
        for one in outer:
            inner = inner.setdefault(one, {})
        inner[last] = value
    listed: Table = _listed(table)
    return listed


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(one) for key, one in value.items()}


def toml_text(table: Mapping[str, Any]) -> str:
    """The table as a TOML file: plain values first, then each inner table under its name."""
    return "".join(_lines(table, ())).lstrip("\n")


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {name: value for name, value in table.items() if isinstance(value, dict)}
    if path and len(inner) < len(table):
        yield f"\n[{'.'.join(path)}]\n"
    for name, value in table.items():
        if name not in inner:
            yield f"{name} = {_toml(value)}\n"
    for name, value in inner.items():
        yield from _lines(value, (*path, name))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """A basic string; one with line ends over several lines, so that a person can read it."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"""\n{safe}"""' if "\n" in text else f'"{safe}"'
