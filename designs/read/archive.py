"""The ZIP archive around a 3MF: opened only when it is harmless, and never unpacked to disk."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from designs.errors import Refused
from designs.limits import MEBIBYTE, Limits

END_RECORD = b"PK\x05\x06"
END_RECORD_SPAN = (1 << 16) + 22  # it stands within the last bytes: its own 22 and a comment
DIRECTORY_BYTES_PER_ENTRY = 1024
CHUNK = 1 << 16
ENCRYPTED = 0x1
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What `zipfile` raises for files that are not as they should be."""


class Archive:
    """A checked archive; `chunks` gives the content of one entry and stops at the limits."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._unpacked = 0
        self.names = frozenset(archive.namelist())

    def chunks(self, name: str) -> Generator[bytes, None, None]:
        """The bytes of an entry; counted as they come, because the sizes in the directory may lie."""
        entry = self._archive.getinfo(name)
        try:
            with self._archive.open(entry) as file:
                while chunk := file.read(CHUNK):
                    self._count(len(chunk))
                    yield chunk
        except DAMAGED as error:
            raise broken() from error

    def _count(self, more: int) -> None:
        self._unpacked += more
        if self._unpacked > self._limits.unpacked_bytes:
            raise _bomb()


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Archive]:
    """Open an archive whose directory passes every check, or raise Refused."""
    _refuse_large_directory(path, limits)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise broken() from error
    with archive:
        entries = archive.infolist()
        _refuse_names(entries)
        for entry in entries:
            _refuse_entry(entry, limits)
        if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
            raise _bomb()
        yield Archive(archive, limits)


def broken() -> Refused:
    """The refusal of an archive that cannot be read to its end."""
    return Refused("broken_archive", "The 3MF file is damaged; please copy or export it again.")


def _refuse_large_directory(path: Path, limits: Limits) -> None:
    """By the end record alone: `zipfile` would first make an object for every entry."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END_RECORD_SPAN))
        tail = file.read()
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) < at + 22:
        raise broken()
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    most = limits.archive_entries
    if entries > most or directory > most * DIRECTORY_BYTES_PER_ENTRY:
        raise Refused(
            "too_many_entries",
            f"The 3MF file holds more than {most} parts; please export only the object.",
            at_most=most,
        )


def _refuse_names(entries: list[zipfile.ZipInfo]) -> None:
    """Names that leave the archive, and names that stand for two things (3MF names ignore case)."""
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or ":" in entry.filename:
            raise Refused("unsafe_archive", "The 3MF file holds unsafe names; please export it again.")
    if len({entry.filename.casefold() for entry in entries}) != len(entries):
        raise Refused("doubled_names", "The 3MF file holds the same name twice; please export it again.")


def _refuse_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise Refused("encrypted", "The 3MF file is encrypted; please export it without a password.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("unsafe_archive", "The 3MF file holds links; please export it again.")
    if entry.file_size > max(MEBIBYTE, limits.ratio * entry.compress_size):
        raise _bomb()


def _bomb() -> Refused:
    return Refused("bomb", "The 3MF file unpacks to far more than we accept; please export it less finely.")
