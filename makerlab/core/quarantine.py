"""A stranger's file on its way in: a folder of its own, a bounded copy, a limited child that reads it.

Who takes such files in says how long and how large the child may become, and what a refusal says.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from designs import sandbox
from makerlab.core.errors import MakerlabError
from makerlab.core.files import CHUNK
from makerlab.core.settings import Settings

AT_ONCE = 2  # children of one kind: each may take its `memory_mb`


@dataclass(frozen=True, slots=True)
class Place:
    """`given`: where the file is put; `out`: an empty folder for the child, all that it needs to write to."""

    given: Path
    out: Path


@contextmanager
def quarantine(settings: Settings, prefix: str) -> Iterator[Place]:
    """A place that is gone afterwards, whatever happens."""
    root = settings.data_dir / "quarantine"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=root, prefix=prefix) as folder:
        place = Place(Path(folder) / "given", Path(folder) / "out")
        place.out.mkdir()
        yield place


def nameless(settings: Settings) -> IO[bytes]:
    """A file without a name, for an answer that may be larger than the memory; gone when it is closed."""
    root = settings.data_dir / "quarantine"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryFile(dir=root)


def copy(stream: IO[bytes], target: Path, most_mb: int, too_large: MakerlabError) -> None:
    """Raises `too_large` as soon as more than `most_mb` came."""
    size = 0
    with target.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most_mb * 1_000_000:
                raise too_large
            file.write(chunk)


@dataclass(frozen=True)
class Child:
    """A script of ours that reads a file and prints lines of JSON, the first an object: `{"error": code}`, or
    what it found.
    """

    script: Path
    seconds: float
    memory_mb: int
    file_mb: int = 1  # of any file that it writes
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def read(
        self, place: Place, refusal: Callable[[str], MakerlabError], *words: str
    ) -> tuple[dict[str, Any], list[str]]:
        """The object and the lines after it. Raises `refusal` of the child's code, or of `unreadable`."""
        lines: list[str] = []
        argv = [sys.executable, "-I", str(self.script), str(place.given), *words]
        with self.turns:
            done = sandbox.run(
                argv, cwd=place.out, seconds=self.seconds, memory_mb=self.memory_mb, file_mb=self.file_mb,
                on_line=lines.append,
            )  # fmt: skip
        said: dict[str, Any] = json.loads(lines[0]) if done.ok and lines else {"error": "unreadable"}
        if "error" in said:
            raise refusal(said["error"])
        return said, lines[1:]
