"""Licences by their SPDX identifier, the usual ones, with what they are called here."""

from typing import Any

from makerlab.core.language import lazy

LICENCES: dict[str, Any] = {
    "": lazy("keine Angabe"),
    "CC0-1.0": lazy("Gemeinfrei (CC0)"),
    "CC-BY-4.0": lazy("Namensnennung (CC BY 4.0)"),
    "CC-BY-3.0": lazy("Namensnennung (CC BY 3.0)"),
    "CC-BY-SA-4.0": lazy("Namensnennung, gleiche Bedingungen (CC BY-SA 4.0)"),
    "CC-BY-SA-3.0": lazy("Namensnennung, gleiche Bedingungen (CC BY-SA 3.0)"),
    "CC-BY-ND-4.0": lazy("Namensnennung, keine Bearbeitung (CC BY-ND 4.0)"),
    "CC-BY-NC-4.0": lazy("Namensnennung, nicht kommerziell (CC BY-NC 4.0)"),
    "CC-BY-NC-3.0": lazy("Namensnennung, nicht kommerziell (CC BY-NC 3.0)"),
    "CC-BY-NC-SA-4.0": lazy("Nicht kommerziell, gleiche Bedingungen (CC BY-NC-SA 4.0)"),
    "CC-BY-NC-ND-4.0": lazy("Nicht kommerziell, keine Bearbeitung (CC BY-NC-ND 4.0)"),
    "CERN-OHL-P-2.0": lazy("CERN-Lizenz für Hardware, frei (CERN-OHL-P 2.0)"),
    "CERN-OHL-S-2.0": lazy("CERN-Lizenz für Hardware, gegenseitig (CERN-OHL-S 2.0)"),
    "GPL-3.0-or-later": lazy("GNU GPL, Version 3 oder neuer"),
    "MIT": lazy("MIT-Lizenz"),
}


def name_of(licence: str) -> str:
    """What a licence is called; its identifier when it is none of these."""
    return str(LICENCES.get(licence, licence))
