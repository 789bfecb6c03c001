"""A photo from a phone or the kiosk's camera: read in a limited child process, kept as a JPEG of our own.

What the camera wrote into it (place, time, owner) is dropped, and so is any hidden content: only pixels pass.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from designs import sandbox
from makerlab.core.errors import Invalid, MakerlabError, TooLarge, WrongKind
from makerlab.core.files import CHUNK, FileStore
from makerlab.core.language import _
from makerlab.core.settings import Settings

CHILD = Path(__file__).with_name("photo_child.py")
MOST_MB = 25
SECONDS, MEMORY_MB = 10, 512

_turns = BoundedSemaphore(2)  # each child may take MEMORY_MB


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in the file store; its size in px."""

    sha256: str
    width: int
    height: int


def take_photo(stream: IO[bytes], settings: Settings) -> Photo:
    """Check, make smaller and store a picture. Touches no database.

    Raises WrongKind, TooLarge or Invalid with the sentence for the person; then nothing is stored.
    """
    root = settings.data_dir / "quarantine"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=root, prefix="photo-") as folder:
        source, target = Path(folder) / "given", Path(folder) / "made" / "photo.jpg"
        target.parent.mkdir()
        _copy(stream, source)
        said = _made(source, target)
        sha256 = FileStore(settings.files_dir).put(target)
    return Photo(sha256, said["width"], said["height"])


def _copy(stream: IO[bytes], target: Path) -> None:
    size = 0
    with target.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MOST_MB * 1_000_000:
                raise TooLarge(
                    _("Das Foto ist zu groß."),
                    way_out=_("Machen Sie ein kleineres Foto."),
                )
            file.write(chunk)


def _made(source: Path, target: Path) -> dict[str, Any]:
    argv = [sys.executable, "-I", str(CHILD), str(source), str(target)]
    with _turns:
        done = sandbox.run(argv, cwd=target.parent, seconds=SECONDS, memory_mb=MEMORY_MB, file_mb=16)
    said: dict[str, Any] = json.loads(done.stdout) if done.ok else {"error": "unreadable"}
    if "error" in said:
        raise _refusal(said["error"])
    return said


def _refusal(code: str) -> MakerlabError:
    if code == "wrong_kind":
        return WrongKind(_("Das ist kein Foto."), way_out=_("Wählen Sie ein Bild als JPEG oder PNG."))
    if code == "too_large":
        return TooLarge(_("Das Foto hat zu viele Punkte."), way_out=_("Machen Sie ein kleineres Foto."))
    return Invalid(_("Das Foto ist nicht lesbar."), way_out=_("Machen Sie ein neues Foto."))
