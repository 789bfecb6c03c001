"""The lab's own profiles: TOML files in the data directory, which every process sees when they change.

The files are the only truth; nothing about them stands in the database but the audit line.
"""

import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designs.errors import DesignError
from designs.profiles import Profiles, load, load_strictly
from designs.profiles.load import FOLDERS, HERE
from designs.profiles.schema import build
from designs.profiles.table import KINDS, Profile, Table, entries, table_of
from makerlab.core.alphabet import alphabetical
from makerlab.core.errors import Invalid, NotFound
from makerlab.core.language import _
from makerlab.core.settings import Settings

LONGEST_KEY = 32  # characters, as in the columns that name a profile
LARGEST_BYTES = 100_000
_NO_KEY = re.compile(r"[^a-z0-9.]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A profile as it is listed. Ours cannot be changed; a file of the lab may stand in for one of ours."""

    folder: str
    key: str
    profile: Profile
    own: bool
    built_in: bool


def own_folder(settings: Settings) -> Path:
    """Where the lab's own files are, or will be."""
    return settings.data_dir / "profiles"


def profiles_of(known: Profiles, folder: str) -> Mapping[str, Any]:
    """All of a kind by key; raises NotFound for a kind that is none."""
    if folder not in FOLDERS:
        raise no_profile()
    found: Mapping[str, Any] = getattr(known, folder)
    return found


def kept(settings: Settings, folder: str) -> list[Kept]:
    """All profiles of a kind, the lab's own first, by name."""
    found = profiles_of(load(settings.profiles_dir), folder)
    rows = [_kept(settings, folder, key, profile) for key, profile in found.items()]
    return sorted(rows, key=lambda row: (not row.own, alphabetical(row.profile.name), row.key))


def one(settings: Settings, folder: str, key: str) -> Kept:
    """Raises NotFound."""
    found = profiles_of(load(settings.profiles_dir), folder)
    if key not in found:
        raise no_profile()
    return _kept(settings, folder, key, found[key])


def _kept(settings: Settings, folder: str, key: str, profile: Profile) -> Kept:
    own = (own_folder(settings) / folder / f"{key}.toml").is_file()
    return Kept(folder, key, profile, own, (HERE / folder / f"{key}.toml").is_file())


def no_profile() -> NotFound:
    return NotFound(_("Dieses Profil gibt es nicht."), way_out=_("Wählen Sie eines aus der Liste."))


def key_of(name: str) -> str:
    """The key that a name makes: small letters, figures, dots and hyphens."""
    plain = _NO_KEY.sub("-", name.casefold().translate(_UMLAUTS))
    return plain.strip("-.")[:LONGEST_KEY].strip("-.")


def with_change(settings: Settings, folder: str, key: str, text: str | None) -> Profiles:
    """All profiles as they would be with this file (None: without it); also those based on it.

    Raises Invalid in words for the person when any of them would not be usable then.
    """
    with tempfile.TemporaryDirectory(prefix="makerlab-profiles-") as root:
        there = Path(root) / "profiles"
        for name in FOLDERS:
            _copy(own_folder(settings) / name, there / name)
        target = there / folder / f"{key}.toml"
        target.unlink(missing_ok=True) if text is None else target.write_text(text, encoding="utf-8")
        try:
            return load_strictly(there)
        except DesignError as error:
            raise unusable(error) from error


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for path in source.glob("*.toml"):
        shutil.copyfile(path, target / path.name)


def place(settings: Settings, folder: str, key: str, text: str) -> None:
    """Write the file so that every reader sees the whole old one or the whole new one."""
    where = own_folder(settings) / folder
    where.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=where)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).rename(where / f"{key}.toml")
    finally:
        Path(name).unlink(missing_ok=True)


def remove(settings: Settings, folder: str, key: str) -> None:
    (own_folder(settings) / folder / f"{key}.toml").unlink(missing_ok=True)


def read_file(settings: Settings, data: bytes) -> tuple[str, Table]:
    """The kind and the whole table of a file that somebody brought; raises Invalid.

    `based_on` is looked up among the profiles that are here, and taken in: the file stands for itself then.
    """
    if len(data) > LARGEST_BYTES:
        raise Invalid(_("Die Datei ist zu groß für ein Profil."), way_out=_("Wählen Sie eine TOML-Datei."))
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # tomllib's and Unicode's errors are both
        raise Invalid(_("Das ist keine TOML-Datei."), way_out=_("Wählen Sie eine TOML-Datei.")) from error
    faults = []
    for folder, whole in _completed(load(settings.profiles_dir), table):
        try:
            return folder, table_of(build(KINDS[folder], {"key": "neu"} | whole, _("aus der Datei")))
        except DesignError as error:
            faults.append((len(set(whole) & _names(folder)), folder, error))
    raise unusable(max(faults, key=lambda fault: fault[0])[2])  # of the kind that it is most like


def _names(folder: str) -> set[str]:
    return {entry.path[0] for entry in entries(KINDS[folder])}


def unusable(error: DesignError) -> Invalid:
    """What `designs` refused of a profile, with the file and the entry that it names."""
    place = " · ".join(str(error.values[name]) for name in ("file", "entry") if name in error.values)
    return Invalid(
        _("Dieses Profil ist so nicht brauchbar: %(place)s.", place=place),
        way_out=_("Berichtigen Sie diese Stelle."),
    )


def _completed(known: Profiles, table: Table) -> Iterator[tuple[str, Table]]:
    """The table as a profile of each kind."""
    for folder in FOLDERS:
        base = profiles_of(known, folder).get(str(table.get("based_on", "")))
        own = {name: value for name, value in table.items() if name != "based_on"} if base else dict(table)
        yield folder, _merged(table_of(base), own) if base else own


def _merged(base: Table, over: Table) -> Table:
    inner = {
        name: _merged(base[name], value)
        for name, value in over.items()
        if isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return base | over | inner
