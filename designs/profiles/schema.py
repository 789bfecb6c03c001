"""Builds a profile from a parsed TOML table, checking every entry against the dataclass it becomes.

Errors: `Refused("profile_invalid", …)` with one sentence that names the file, the entry and what is wanted.
"""

import math
import unicodedata
from dataclasses import MISSING, Field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from designs.errors import Refused
from designs.profiles.model import Range, Text

T = TypeVar("T")
Table = dict[str, Any]


def build(kind: type[T], table: Table, where: str, path: str = "") -> T:
    """`table` as an instance of the dataclass `kind`; `where` is the file's name for the sentence."""
    hints = get_type_hints(kind, include_extras=True)
    known: tuple[Field[Any], ...] = fields(kind)  # type: ignore[arg-type]
    for name in table:
        if name not in hints:
            _refuse(where, f"{path}{name}", "is not an entry we know")
    values = {}
    for field in known:
        if field.name in table:
            values[field.name] = _value(hints[field.name], table[field.name], where, f"{path}{field.name}")
        elif field.default is MISSING:
            _refuse(where, f"{path}{field.name}", "is missing")
    return kind(**values)


def _value(hint: Any, value: Any, where: str, path: str) -> Any:
    origin = get_origin(hint)
    if origin is UnionType or type(None) in get_args(hint):
        return _value(next(a for a in get_args(hint) if a is not NoneType), value, where, path)
    if origin is Literal:
        return _choice(get_args(hint), value, where, path)
    if origin is tuple:
        return _several(get_args(hint), value, where, path)
    if is_dataclass(hint) and isinstance(hint, type):
        return _nested(hint, value, where, path)
    if origin is Annotated:
        base, bounds = get_args(hint)
        return _bounded(base, bounds, value, where, path)
    return _plain(hint, value, where, path)


def _bounded(base: type, bounds: Range | Text, value: Any, where: str, path: str) -> Any:
    if isinstance(bounds, Text):
        return _text(bounds, value, where, path)
    return _number(base, bounds, value, where, path)


def _nested(kind: type, value: Any, where: str, path: str) -> Any:
    if not isinstance(value, dict):
        _refuse(where, path, "must be a table of entries")
    return build(kind, value, where, f"{path}.")


def _choice(choices: tuple[Any, ...], value: Any, where: str, path: str) -> Any:
    if value not in choices:
        _refuse(where, path, f"must be one of {', '.join(map(str, choices))}")
    return value


def _several(hints: tuple[Any, ...], value: Any, where: str, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) != len(hints):
        _refuse(where, path, f"must be a list of {len(hints)} values")
    return tuple(_value(hint, one, where, path) for hint, one in zip(hints, value, strict=True))


def _number(base: type, bounds: Range, value: Any, where: str, path: str) -> Any:
    wanted = "a whole number" if base is int else "a number"
    right_type = isinstance(value, (int, float) if base is float else int) and not isinstance(value, bool)
    if not right_type or not math.isfinite(value) or not bounds.low <= value <= bounds.high:
        _refuse(where, path, f"must be {wanted} from {bounds.low:g} to {bounds.high:g}")
    return base(value)


def _text(bounds: Text, value: Any, where: str, path: str) -> Any:
    _plain(str, value, where, path)
    if len(value) > bounds.longest:
        _refuse(where, path, f"must have at most {bounds.longest} characters")
    allowed = "\n\t" if bounds.script else ""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in value):
        _refuse(where, path, "must not have control characters" + ("" if bounds.script else " or line ends"))
    return value


def _plain(kind: type, value: Any, where: str, path: str) -> Any:
    if not isinstance(value, kind):
        _refuse(where, path, "must be true or false" if kind is bool else "must be text in quotation marks")
    return value


def _refuse(where: str, path: str, sentence: str) -> NoReturn:
    message = f"The profile {where} cannot be used: {path} {sentence}."
    raise Refused("profile_invalid", message, file=where, entry=path)
