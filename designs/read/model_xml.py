"""The XML of a 3MF model, read as a stream by expat: no DTD, no entities, bounded depth, nothing kept but
geometry.
"""

from array import array
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.limits import Limits
from designs.read.stl import refuse_too_many

Key = tuple[str, str]  # part of the archive, id of the object in it
Attributes = dict[str, str]

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02 "
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06 "
MATERIAL = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02 "
RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
START_TYPE = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
UNDERSTOOD = {PRODUCTION.strip(), MATERIAL.strip()}


@dataclass(frozen=True, slots=True)
class Use:
    """An object used at a place; the matrix is 4 × 4, for row vectors."""

    key: Key
    transform: NDArray[np.float64]


@dataclass(slots=True)
class Object:
    """Either a mesh (corners (m, 3) in the unit of the file, their numbers (n, 3)) or uses of other
    objects.
    """

    corners: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 3)))
    triangles: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 3), np.int32))
    components: list[Use] = field(default_factory=list)


@dataclass(slots=True)
class Model:
    """What one model part holds."""

    unit: str = "millimeter"
    objects: dict[str, Object] = field(default_factory=dict)
    build: list[Use] = field(default_factory=list)


def parse_model(chunks: Generator[bytes, None, None], part: str, limits: Limits) -> Model:
    """Parse one model part of the archive; raises Refused for everything that is not a sound model."""
    reader = _ModelReader(part, limits)
    _feed(chunks, reader.handlers(), limits, reader.refuse_too_much)
    return reader.model


def parse_start(chunks: Generator[bytes, None, None], limits: Limits) -> str | None:
    """The part where the model begins, by the relationships of the package."""
    found: list[str] = []

    def relationship(attributes: Attributes) -> None:
        if attributes.get("Type") == START_TYPE:
            found.append(attributes.get("Target", ""))

    _feed(chunks, {RELATIONSHIP: relationship}, limits, lambda: None)
    return found[0] if found else None


def not_understood() -> Refused:
    """The refusal of XML that is not a model."""
    return Refused("not_understood", "The 3MF file is not readable; please export it again or as STL.")


def _feed(
    chunks: Generator[bytes, None, None],
    handlers: dict[str, Callable[[Attributes], None]],
    limits: Limits,
    between: Callable[[], None],
) -> None:
    """Call the handler of each element as it begins; `between` is called after every chunk."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = _elements(handlers, limits)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    try:
        with closing(chunks):  # a refusal must not leave the archive open
            for chunk in chunks:
                parser.Parse(chunk, False)
                between()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
        raise not_understood() from error


def _elements(
    handlers: dict[str, Callable[[Attributes], None]], limits: Limits
) -> tuple[Callable[[str, Attributes], None], Callable[[str], None]]:
    depth, deepest, find = 0, limits.xml_depth, handlers.get

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise Refused("too_deep", "The 3MF file is nested too deeply; please export it again.")
        if handler := find(name):
            handler(attributes)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    return start, end


def _refuse_doctype(*_: object) -> None:
    raise Refused("doctype", "The 3MF file holds definitions that we do not accept; please export it again.")


class _ModelReader:
    """Collects a model while expat walks through it."""

    def __init__(self, part: str, limits: Limits) -> None:
        self.model = Model()
        self._part = part
        self._limits = limits
        self._object: Object | None = None
        self._corners = array("d")
        self._indices = array("i")

    def handlers(self) -> dict[str, Callable[[Attributes], None]]:
        """What is done at each element of the core specification."""
        return {
            CORE + "model": self._start_model,
            CORE + "object": self._start_object,
            CORE + "mesh": lambda _: None,
            CORE + "vertex": self._vertex,
            CORE + "triangle": self._triangle,
            CORE + "component": self._component,
            CORE + "build": lambda _: self._finish_object(),
            CORE + "item": self._item,
        }

    def refuse_too_much(self) -> None:
        """Between chunks: a mesh of more triangles or corners than the limits allow."""
        refuse_too_many(len(self._indices) // 3, self._limits)
        refuse_too_many(len(self._corners) // 3, self._limits)

    def _start_model(self, attributes: Attributes) -> None:
        self.model.unit = attributes.get("unit", "millimeter")
        required = attributes.get("requiredextensions", "")
        if set(required.split()) - {"p", "m"}:
            raise Refused(
                "unsupported_extension",
                "The 3MF file needs more than plain triangles; please export it as STL.",
                extensions=required[:80],
            )

    def _start_object(self, attributes: Attributes) -> None:
        self._finish_object()
        name = attributes["id"]
        if name in self.model.objects:
            raise Refused(
                "doubled_names", "The 3MF file holds the same object twice; please export it again."
            )
        self._object = self.model.objects[name] = Object()

    def _vertex(self, attributes: Attributes) -> None:
        add = self._corners.append
        add(float(attributes["x"]))
        add(float(attributes["y"]))
        add(float(attributes["z"]))

    def _triangle(self, attributes: Attributes) -> None:
        add = self._indices.append
        add(int(attributes["v1"]))
        add(int(attributes["v2"]))
        add(int(attributes["v3"]))

    def _component(self, attributes: Attributes) -> None:
        if self._object is None:
            raise not_understood()
        self._object.components.append(self._use(attributes))
        self._refuse_copies(len(self._object.components))

    def _item(self, attributes: Attributes) -> None:
        if attributes.get("printable") != "0":
            self.model.build.append(self._use(attributes))
            self._refuse_copies(len(self.model.build))

    def _refuse_copies(self, count: int) -> None:
        if count > self._limits.component_copies:
            raise Refused(
                "too_many_copies", "The 3MF file copies its parts too often; please export one object."
            )

    def _use(self, attributes: Attributes) -> Use:
        part = attributes.get(PRODUCTION + "path", self._part).lstrip("/")
        return Use((part, attributes["objectid"]), _matrix(attributes.get("transform")))

    def _finish_object(self) -> None:
        """Put the triangles of the object that ends here together."""
        corners = np.frombuffer(self._corners, np.float64).reshape(-1, 3)
        indices = np.frombuffer(self._indices, np.int32).reshape(-1, 3)
        self._corners, self._indices = array("d"), array("i")
        if len(indices) and (indices.min() < 0 or indices.max() >= len(corners)):
            raise Refused(
                "bad_index", "The 3MF file names corners that it does not have; please export it again."
            )
        if self._object is not None:
            self._object.corners, self._object.triangles = corners, indices


def _matrix(words: str | None) -> NDArray[np.float64]:
    """The 3MF form of twelve numbers, row by row, as a 4 × 4 matrix."""
    matrix = np.eye(4)
    if words is None:
        return matrix
    matrix[:, :3] = np.array(words.split(), np.float64).reshape(4, 3)
    if not np.isfinite(matrix).all():
        raise Refused("not_a_number", "The 3MF file places its parts by something that is not a number.")
    return matrix
