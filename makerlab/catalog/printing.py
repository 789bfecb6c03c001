"""How a revision is printed: the choice a person makes, and the values behind it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from designs.profiles import DEFAULT_MATERIAL, DEFAULT_PROCESS, Machine, Material, Process, Profiles
from makerlab.core.errors import Invalid
from makerlab.core.language import _

NO_PRINT_SETTING = ("name", "price_eur_kg")  # what a material costs or is called changes no piece


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """Keys of `designs.profiles`, and whether supports are printed."""

    process: str = DEFAULT_PROCESS
    material: str = DEFAULT_MATERIAL
    supports: bool = False

    def profiles(self, known: Profiles) -> tuple[Process, Material]:
        """The profiles behind the keys; raises Invalid when the lab has them no longer."""
        process, material = known.processes.get(self.process), known.materials.get(self.material)
        if process is None or material is None:
            raise Invalid(
                _("Diese Einstellung gibt es nicht mehr."), way_out=_("Wählen Sie eine aus der Liste.")
            )
        return process, material

    def values(self, known: Profiles) -> dict[str, object]:
        """All that an approval is bound to beside the mesh: each value that shapes a piece."""
        process, material = (
            {key: value for key, value in asdict(profile).items() if key not in NO_PRINT_SETTING}
            for profile in self.profiles(known)
        )
        return {"process": process, "material": material, "supports": self.supports}


def settings_sha256(machine: Machine, process: Process, material: Material, *, supports: bool) -> str:
    """What an estimate was made with: another hash as soon as any value of the three is another."""
    named = [asdict(profile) | {"name": ""} for profile in (machine, process, material)]
    return hashlib.sha256(json.dumps([*named, supports], sort_keys=True).encode()).hexdigest()


def machines_of(known: Profiles, keys: Sequence[str]) -> list[Machine]:
    """The machines behind these keys; a key that the lab has no profile for is left out."""
    return [known.machines[key] for key in dict.fromkeys(keys) if key in known.machines]
