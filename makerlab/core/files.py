"""Files under their SHA-256, written so that a crash leaves a whole file or none."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

CHUNK = 1 << 20  # bytes


class FileStore:
    """A directory `ab/cdef…` of immutable files. Rows name them; `core.sweeping` removes what no row names.

    Storing a content anew renews its time, also when it was there already: it replaces the file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the content with this hash lies, whether or not it is there yet."""
        return self.root / sha256[:2] / sha256[2:]

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def put(self, source: Path) -> str:
        """Copy `source` into the store; return its SHA-256."""
        with source.open("rb") as stream:
            return self.put_stream(stream)

    def put_bytes(self, data: bytes) -> str:
        with self._temporary() as (file, path):
            file.write(data)
            return self._settle(file, path, hashlib.sha256(data).hexdigest())

    def put_stream(self, stream: IO[bytes]) -> str:
        digest = hashlib.sha256()
        with self._temporary() as (file, path):
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
            return self._settle(file, path, digest.hexdigest())

    @contextlib.contextmanager
    def _temporary(self) -> Iterator[tuple[IO[bytes], Path]]:
        """A temporary file in the store's own file system: a rename across systems is a copy."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self.root)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file, Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _settle(self, file: IO[bytes], temporary: Path, sha256: str) -> str:
        """fsync, rename, fsync of the directory: after this the name never shows half a file."""
        file.flush()
        os.fsync(file.fileno())
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        temporary.rename(target)
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return sha256

    def stored(self) -> Iterator[tuple[str, datetime]]:
        """Every file's SHA-256, and when it was stored last."""
        for folder in self.root.glob("[0-9a-f][0-9a-f]"):
            for entry in os.scandir(folder):
                with contextlib.suppress(FileNotFoundError):
                    yield folder.name + entry.name, _stored_at(Path(entry))

    def remove(self, sha256: str, *, stored_before: datetime) -> bool:
        """Unless the content was stored anew since. It is looked at aside, where no `put` replaces it."""
        aside = self.root / f".gone-{sha256}"
        try:
            self.path(sha256).rename(aside)
        except FileNotFoundError:
            return False
        if _stored_at(aside) > stored_before:
            aside.rename(self.path(sha256))
            return False
        aside.unlink()
        return True

    def put_back(self) -> None:
        """What a `remove` that was killed left aside."""
        for aside in self.root.glob(".gone-*"):
            aside.rename(self.path(aside.name.removeprefix(".gone-")))


def _stored_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
