"""A photo from a phone or the kiosk's camera: read in a limited child process, kept as a JPEG of our own.

What the camera wrote into it (place, time, owner) is dropped, and so is any hidden content: only pixels pass.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from makerlab.core.errors import Invalid, MakerlabError, TooLarge, WrongKind
from makerlab.core.files import FileStore
from makerlab.core.language import _
from makerlab.core.quarantine import Child, copy, quarantine
from makerlab.core.settings import Settings

MOST_MB = 25
CHILD = Child(Path(__file__).with_name("photo_child.py"), seconds=10, memory_mb=512, file_mb=16)


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
    too_large = TooLarge(_("Das Foto ist zu groß."), way_out=_("Machen Sie ein kleineres Foto."))
    with quarantine(settings, "photo-") as place:
        copy(stream, place.given, MOST_MB, too_large)
        target = place.out / "photo.jpg"
        said, _rest = CHILD.read(place, _refusal, str(target))
        sha256 = FileStore(settings.files_dir).put(target)
    return Photo(sha256, said["width"], said["height"])


def _refusal(code: str) -> MakerlabError:
    if code == "wrong_kind":
        return WrongKind(_("Das ist kein Foto."), way_out=_("Wählen Sie ein Bild als JPEG oder PNG."))
    if code == "too_large":
        return TooLarge(_("Das Foto hat zu viele Punkte."), way_out=_("Machen Sie ein kleineres Foto."))
    return Invalid(_("Das Foto ist nicht lesbar."), way_out=_("Machen Sie ein neues Foto."))
