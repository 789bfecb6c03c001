"""Papers of an agreement: what somebody uploads, recognised by its content and kept under its hash."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from makerlab.core.errors import Invalid, TooLarge, WrongKind
from makerlab.core.files import FileStore
from makerlab.core.language import _
from makerlab.core.photos import take_photo
from makerlab.core.settings import Settings

MOST_MB = 20
PDF, JPEG = "application/pdf", "image/jpeg"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file in the store. A picture was drawn anew there, without what the camera wrote into it."""

    media_type: str
    sha256: str
    size: int  # bytes


def take_paper(stream: IO[bytes], settings: Settings) -> Paper:
    """Recognise and keep a PDF or a picture. Touches no database.

    Raises WrongKind, TooLarge or Invalid with the sentence for the person; then nothing is kept. A PDF is
    given back as it came, and only ever as a download: nothing here opens it.
    """
    data = stream.read(MOST_MB * 1_000_000 + 1)
    if not data:
        raise Invalid(_("Die Datei ist leer."), way_out=_("Wählen Sie eine andere Datei."))
    if len(data) > MOST_MB * 1_000_000:
        raise TooLarge(
            _("Die Datei ist größer als %(most)s MB.", most=MOST_MB),
            way_out=_("Scannen Sie das Papier mit weniger Punkten."),
        )
    return _kind(data)(stream, data, settings)


def _kind(data: bytes) -> Callable[[IO[bytes], bytes, Settings], Paper]:
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return _pdf
    if data.startswith(_PICTURES):
        return _picture
    raise WrongKind(
        _("Das ist weder eine PDF-Datei noch ein Foto."),
        way_out=_("Wählen Sie eine PDF-Datei oder ein Foto."),
    )


def _pdf(_stream: IO[bytes], data: bytes, settings: Settings) -> Paper:
    return Paper(PDF, FileStore(settings.files_dir).put_bytes(data), len(data))


def _picture(stream: IO[bytes], _data: bytes, settings: Settings) -> Paper:
    stream.seek(0)
    photo = take_photo(stream, settings)
    size = FileStore(settings.files_dir).path(photo.sha256).stat().st_size
    return Paper(JPEG, photo.sha256, size)
