"""A stranger's file on its way into the lab: quarantine, a limited child process, the file store.

Nothing here touches the database, so that no transaction is open while a file is read. What ends in the
store without ever getting a row is an orphan, which the sweep removes; what stays in quarantine after a
crash is removed by the next upload.
"""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import BoundedSemaphore
from typing import IO

from designs.check import Check
from designs.errors import DesignError
from designs.inspect import DEFAULT_COLOUR, Inspection, inspect
from designs.profiles import DEFAULT_MACHINE, Machine, load
from makerlab.catalog import rules, words
from makerlab.catalog.estimates import Figures, from_mesh
from makerlab.catalog.printing import PrintSettings, machines_of
from makerlab.core.errors import Invalid, NoSpace, TooLarge
from makerlab.core.files import CHUNK, FileStore
from makerlab.core.language import _
from makerlab.core.settings import Settings
from makerlab.people.rules import clean_text

KINDS = rules.MESH_KINDS
FORGOTTEN_S = 3600  # what lies in quarantine longer was left by a process that died
FULL = (errno.ENOSPC, errno.EDQUOT)
LONGEST_NAME = 200

# Each child may take 512 MiB: more than two at once would starve the rest of the machine.
_turns = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that passed, now in the store under its hashes, with all that rows are made of."""

    file_name: str
    file_sha256: str
    mesh_sha256: str
    picture_sha256: str
    preview_sha256: str
    settings: PrintSettings
    fingerprint: str
    check: Check
    estimates: dict[str, Figures]  # by machine
    shape: list[float]  # of designs.shape


def take_in(
    stream: IO[bytes],
    file_name: str,
    chosen: PrintSettings,
    *,
    settings: Settings,
    machines: Sequence[str] = (DEFAULT_MACHINE,),
    colour: str = DEFAULT_COLOUR,
) -> TakenIn:
    """Read, check, estimate and store an upload. `machines` are those that the lab has printers of.

    Raises WrongKind, Invalid, TooLarge or NoSpace with the sentence for the person; then nothing is stored.
    """
    profiles = load(settings.profiles_dir)
    chosen.profiles(profiles)
    fleet = machines_of(profiles, machines) or [profiles.machine()]
    with _room(), _quarantine(settings.data_dir / "quarantine") as folder:
        upload = folder / f"upload.{kind_of(file_name)}"
        _copy(stream, upload, settings.upload_mb * 1_000_000)
        found = _inspected(upload, folder / "made", fleet, colour)
        estimates = from_mesh(found.mesh, fleet, chosen, profiles)
        checked = _Checked(upload, file_name, found, chosen, chosen.values(profiles), estimates)
        return checked.stored(FileStore(settings.files_dir))


def kind_of(file_name: str) -> str:
    """One of `KINDS` by the end of the name; raises WrongKind."""
    kind = PurePosixPath(file_name.lower()).suffix.lstrip(".")
    if kind not in KINDS:
        raise words.refusal(DesignError("wrong_kind", ""))
    return kind


def shown_name(file_name: str) -> str:
    """The name as it is kept: without folders and without characters that hide; never used as a path."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = clean_text(last, 10 * LONGEST_NAME).rpartition(".")
    return f"{stem[: LONGEST_NAME - 8]}{dot}{ending}"[:LONGEST_NAME]


@contextmanager
def _quarantine(root: Path) -> Iterator[Path]:
    """A folder of its own, gone afterwards whatever happens."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(root)
    with tempfile.TemporaryDirectory(dir=root, prefix="upload-") as folder:
        yield Path(folder)


def _sweep(root: Path) -> None:
    for left in root.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > FORGOTTEN_S:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _room() -> Iterator[None]:
    """A full disk, wherever it is met, becomes one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoSpace(
            _("Der Speicher ist voll. Ihre Datei ist nicht gespeichert."),
            way_out=_("Sagen Sie der Administration Bescheid und versuchen Sie es später."),
        ) from error


def _copy(stream: IO[bytes], target: Path, most_bytes: int) -> None:
    size = 0
    with target.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most_bytes:
                raise TooLarge(
                    _("Die Datei ist größer als %(most)s MB.", most=most_bytes // 1_000_000),
                    way_out=_("Exportieren Sie das Objekt gröber, mit weniger Dreiecken."),
                )
            file.write(chunk)
    os.chmod(target, 0o400)


def _inspected(upload: Path, out: Path, fleet: Sequence[Machine], colour: str) -> Inspection:
    """Raises the person's sentence for whatever was refused, also for an object that cannot be printed."""
    volumes = {machine.name: (*machine.bed_mm, machine.height_mm) for machine in fleet}
    try:
        with _turns:
            found = inspect(upload, out, colour=colour, volumes=volumes)
    except DesignError as error:
        raise words.refusal(error) from error
    for problem in found.check.problems:
        if problem.severity == "error":
            said = words.problem(problem.as_row())
            raise Invalid(str(said.sentence), way_out=str(said.way_out))
    return found


@dataclass(frozen=True, slots=True)
class _Checked:
    """An upload that may be stored."""

    upload: Path
    file_name: str
    found: Inspection
    settings: PrintSettings
    values: dict[str, object]
    estimates: dict[str, Figures]

    def stored(self, files: FileStore) -> TakenIn:
        mesh_sha256 = files.put(self.found.mesh)
        return TakenIn(
            file_name=shown_name(self.file_name),
            file_sha256=files.put(self.upload),
            mesh_sha256=mesh_sha256,
            picture_sha256=files.put(self.found.thumbnail),
            preview_sha256=files.put(self.found.preview),
            settings=self.settings,
            fingerprint=rules.fingerprint(mesh_sha256, self.values),
            check=self.found.check,
            estimates=self.estimates,
            shape=self.found.shape,
        )
