"""How the one thing that would help is said: what to do, with which spool, who can, and what it starts."""

from collections.abc import Callable
from dataclasses import dataclass

from designs.profiles import load
from makerlab.core.language import _, ngettext
from makerlab.core.web import settings
from makerlab.core.words import Status
from makerlab.production.matching import Filament
from makerlab.production.obstacle_words import HELPERS, deed
from makerlab.production.obstacles import helper
from makerlab.production.remedies import Help

Colours = tuple[tuple[int, str, str], ...]  # id, name, hex


@dataclass(frozen=True, slots=True)
class Said:
    """`what`: the deed with its icon; `detail`: which spool or tags; `who`: who can; `starts`: prints."""

    what: Status
    detail: str
    who: Status
    starts: str
    hex: str = ""


def saying(colours: Colours) -> dict[str, Callable[..., object]]:
    """What templates call: `said(help)` and `load_words(filament)`."""
    return {
        "said": lambda help_: help_words(help_, colours),
        "load_words": lambda filament: filament_words(filament, colours),
    }


def help_words(help_: Help, colours: Colours) -> Said:
    """In the language of this request."""
    hexes = {id_: hex_ for id_, _name, hex_ in colours}
    return Said(
        deed(help_.obstacle, on_shelf=help_.on_shelf),
        _detail(help_, colours),
        HELPERS[helper(help_.obstacle)],
        ngettext("startet %(num)s Druck", "startet %(num)s Drucke", help_.plates) if help_.plates else "",
        hexes.get(help_.filament.colour_id, "") if help_.filament else "",
    )


def _detail(help_: Help, colours: Colours) -> str:
    if help_.filament is not None:
        return filament_words(help_.filament, colours)
    return ", ".join(help_.tags)


def filament_words(filament: Filament, colours: Colours) -> str:
    """`PLA Rot, Charge 7`."""
    names = {id_: name for id_, name, _hex in colours}
    name = f"{material_name(filament.material)} {names.get(filament.colour_id, '')}"
    return f"{name}, {_('Charge %(lot)s', lot=filament.lot)}" if filament.lot else name


def material_name(key: str) -> str:
    """The name of a material; its key when the profile is gone."""
    material = load(settings().profiles_dir).materials.get(key)
    return material.name if material else key
