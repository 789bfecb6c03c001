"""A stranger's ZIP on its way in: quarantine, a limited child that looks at every entry, the file store.

What the store keeps has passed: opening it again needs no child. Nothing here touches the database.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from makerlab.catalog.exchange.archive_child import MOST_UNPACKED
from makerlab.catalog.exchange.manifest import NAME, VERSION, Head, Manifest
from makerlab.core.errors import Invalid, MakerlabError, TooLarge, WrongKind
from makerlab.core.files import FileStore
from makerlab.core.language import _
from makerlab.core.quarantine import Child, copy, quarantine
from makerlab.core.settings import Settings

CHILD = Child(Path(__file__).with_name("archive_child.py"), seconds=120, memory_mb=512)


@dataclass(frozen=True, slots=True)
class Received:
    """A sound ZIP, now in the store."""

    sha256: str
    manifest: Manifest


def receive(stream: IO[bytes], settings: Settings) -> Received:
    """Check and keep a ZIP. Raises WrongKind, TooLarge or Invalid with the sentence: then nothing is kept."""
    most = settings.upload_mb
    too_large = TooLarge(_("Die Datei ist größer als %(most)s MB.", most=most), way_out=_smaller())
    with quarantine(settings, "exchange-") as place:
        copy(stream, place.given, most, too_large)
        CHILD.read(place, _refusal)
        manifest = read_manifest(place.given)
        _complete(place.given, manifest)
        return Received(FileStore(settings.files_dir).put(place.given), manifest)


def read_manifest(path: Path) -> Manifest:
    """That of a ZIP which the child let pass. Raises Invalid."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(NAME)
    try:
        head = Head.model_validate_json(text)
        if head.version <= VERSION:
            return Manifest.model_validate_json(text)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        raise Invalid(
            _("Das Verzeichnis manifest.json ist nicht lesbar."),
            way_out=_("Die Stelle: %(where)s", where=where[:80]) if where else _another(),
        ) from error
    raise Invalid(
        _("Diese Datei kommt von einem neueren Programm."),
        way_out=_("Bringen Sie Ihr Programm auf den neuen Stand."),
    )


@contextmanager
def entry_of(path: Path, name: str) -> Iterator[IO[bytes]]:
    """One file of a ZIP in the store, to be read."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield file


def _complete(given: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(given) as archive:
        there = set(archive.namelist()) - {NAME, "files/"}
    if missing := sorted(manifest.entries() - there):
        raise Invalid(
            _("In der ZIP-Datei fehlt eine Datei: %(name)s", name=missing[0][:24] + "…"), way_out=_another()
        )
    if there - manifest.entries():
        raise _refusal("foreign")


def _refusal(code: str) -> MakerlabError:
    if code in ("too_large", "too_many"):
        most = MOST_UNPACKED // 1_000_000
        return TooLarge(
            _("Entpackt ist die ZIP-Datei zu groß (über %(most)s MB).", most=most), way_out=_smaller()
        )
    sentences = {
        "foreign": _("In der ZIP-Datei liegt etwas, das nicht dazugehört."),
        "damaged": _("Eine Datei in der ZIP-Datei ist beschädigt."),
        "no_manifest": _("In der ZIP-Datei fehlt das Verzeichnis manifest.json."),
    }
    if code in sentences:
        return Invalid(sentences[code], way_out=_another())
    return WrongKind(_("Das ist keine lesbare ZIP-Datei."), way_out=_another())


def _another() -> str:
    return _("Exportieren Sie die Objekte noch einmal.")


def _smaller() -> str:
    return _("Exportieren Sie weniger Objekte auf einmal.")
