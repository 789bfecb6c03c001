"""STL, binary and ASCII. Binary is known by its size, because many binary files begin with "solid"."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from designs.errors import Refused
from designs.limits import Limits
from designs.mesh import STL_RECORD, Mesh
from designs.problems import Problem

HEAD = 84  # bytes of a binary file before its triangles: 80 of header, 4 of count
RECORDS_AT_ONCE = 1 << 16
TEXT_AT_ONCE = 4 << 20
KEYWORDS = (b"facet normal", b"outer loop", b"vertex", b"endloop", b"endfacet")
FACET_END = b"endfacet"
BOM = b"\xef\xbb\xbf"


def read(path: Path, limits: Limits) -> Mesh:
    """The triangles of a binary or ASCII STL file, mm."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
        if not is_binary_by_size(head, size) and _is_text(head):
            file.seek(len(BOM) if head.startswith(BOM) else 0)
            return _read_ascii(file, limits)
        return _read_binary(file, head, size, limits)


def is_binary_by_size(head: bytes, size: int) -> bool:
    """Whether the count in the header fits the size of the file exactly."""
    return size >= HEAD and size == HEAD + STL_RECORD.itemsize * _count(head)


def _count(head: bytes) -> int:
    return int.from_bytes(head[80:84], "little")


def _is_text(head: bytes) -> bool:
    start = head.removeprefix(BOM).lstrip().lower()
    return start.startswith(b"solid") and b"\0" not in head


# ---- binary


def _read_binary(file: BinaryIO, head: bytes, size: int, limits: Limits) -> Mesh:
    if size < HEAD:
        raise Refused(
            "too_short", "The file is too short for an STL file; please export it again.", bytes=size
        )
    count, there = _count(head), (size - HEAD) // STL_RECORD.itemsize
    if count == 0:
        raise Refused("no_triangles", "The file holds no triangles; please export the object itself.")
    if count > there:
        raise Refused(
            "truncated",
            f"The file announces {count} triangles but holds {there}; please copy or export it again.",
            announced=count,
            found=there,
        )
    refuse_too_many(count, limits)
    return Mesh(_records(file, count), _trailing(size - HEAD - count * STL_RECORD.itemsize))


def refuse_too_many(count: int, limits: Limits) -> None:
    """Raise Refused when a file has more triangles than we read."""
    if count > limits.triangles:
        raise Refused(
            "too_many_triangles",
            f"The object has more than {limits.triangles} triangles; please export it less finely.",
            found=count,
            at_most=limits.triangles,
        )


def _records(file: BinaryIO, count: int) -> NDArray[np.float32]:
    """Corners only, block by block: the normals and attributes of a large file need not be in memory."""
    corners = np.empty((count, 3, 3), np.float32)
    file.seek(HEAD)
    for start in range(0, count, RECORDS_AT_ONCE):
        block = np.fromfile(file, STL_RECORD, min(RECORDS_AT_ONCE, count - start))
        corners[start : start + len(block)] = block["corners"]
    return corners


def _trailing(surplus: int) -> tuple[Problem, ...]:
    if not surplus:
        return ()
    words = f"The file has {surplus} bytes after its last triangle; they were ignored."
    return (Problem("trailing_bytes", "warning", words, {"bytes": surplus}),)


# ---- ASCII


def _read_ascii(file: BinaryIO, limits: Limits) -> Mesh:
    blocks: list[NDArray[np.float32]] = []
    ended, count = False, 0
    for text, is_rest in _facets(file, limits):
        ended = ended or b"endsolid" in text
        numbers = _without_names(text)
        if is_rest:
            _refuse_rest(numbers)
            continue
        blocks.append(_corners(numbers))
        count += len(blocks[-1])
        refuse_too_many(count, limits)
    return Mesh(np.concatenate(blocks) if blocks else np.empty((0, 3, 3), np.float32), _unended(ended))


def _facets(file: BinaryIO, limits: Limits) -> Iterator[tuple[bytes, bool]]:
    """Lower-case text of whole facets, block by block; at last what follows the last facet, marked True."""
    rest = b""
    while block := file.read(TEXT_AT_ONCE):
        rest += block.lower()
        end = rest.rfind(FACET_END)
        if end >= 0 and end + len(FACET_END) < len(rest):
            yield rest[: end + len(FACET_END)], False
            rest = rest[end + len(FACET_END) :]
        elif len(rest) > limits.line_bytes:
            raise _not_understood()
    if rest.endswith(FACET_END):
        yield rest, False
        rest = b""
    yield rest, True


def _without_names(text: bytes) -> bytes:
    """The text without `solid NAME` and `endsolid NAME`, whose names may hold any word."""
    pieces, at = [], 0
    while (word := text.find(b"solid", at)) >= 0:
        start = word - 3 if text[max(at, word - 3) : word] == b"end" else word
        pieces.append(text[at:start])
        at = _end_of_name(text, word)
    pieces.append(text[at:])
    return b" ".join(pieces)


def _end_of_name(text: bytes, start: int) -> int:
    """A name ends with its line, or before the first facet in files written without line ends."""
    ends = [end for sign in (b"\n", b"\r") if (end := text.find(sign, start, start + (1 << 16))) >= 0]
    line_end = min(ends) if ends else text.find(b"\n", start)
    line_end = len(text) if line_end < 0 else line_end
    facet = text.find(KEYWORDS[0], start, line_end)
    return line_end if facet < 0 else facet


def _corners(text: bytes) -> NDArray[np.float32]:
    """The corners of the facets in a text that holds nothing but facets, shape (n, 3, 3)."""
    count = text.count(FACET_END)
    bare = _without_keywords(text, count)
    if bare is None:
        bare = _without_keywords(b" ".join(text.split()), count)  # words separated in an unusual way
    if bare is None:
        raise _not_understood()
    numbers = _numbers(bare)
    if len(numbers) != 12 * count:
        raise _not_understood()
    with np.errstate(over="ignore"):  # beyond float32 is infinite, and refused as such
        return numbers.reshape(count, 4, 3)[:, 1:].astype(np.float32)


def _without_keywords(text: bytes, facets: int) -> bytes | None:
    """Only the numbers, or None unless each facet has its one normal, one loop and three corners."""
    for word in KEYWORDS:
        bare = text.replace(word, b" ")
        found = (len(text) - len(bare)) // (len(word) - 1)
        if found != facets * (3 if word == b"vertex" else 1):
            return None
        text = bare
    return text


def _numbers(text: bytes) -> NDArray[np.float64]:
    if b"," in text:
        raise Refused(
            "decimal_comma",
            "The file has decimal commas; please export it again with points, or as a binary file.",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # numpy only warns when it stops in the middle
        try:
            return np.fromstring(text.decode("ascii"), np.float64, sep=" ")
        except (ValueError, DeprecationWarning) as error:
            raise _not_understood() from error


def _refuse_rest(text: bytes) -> None:
    if any(word in text for word in (b"facet", b"vertex", b"loop")):
        raise Refused(
            "truncated", "The file ends in the middle of a triangle; please copy or export it again."
        )
    if text.strip(b" \t\r\n\0"):
        raise _not_understood()


def _unended(ended: bool) -> tuple[Problem, ...]:
    if ended:
        return ()
    words = "The file ends without its last line; parts of the object may be missing."
    return (Problem("no_end", "warning", words),)


def _not_understood() -> Refused:
    return Refused(
        "not_understood", "The file is not a readable STL file; please export it again as binary STL."
    )
