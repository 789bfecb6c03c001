"""Words of how somebody stands with a machine model."""

from makerlab.core.language import lazy
from makerlab.people.words import Word
from makerlab.training.rules import Standing

STANDINGS = {
    Standing.NONE: Word(lazy("Nicht unterwiesen"), "circle-dashed"),
    Standing.VALID: Word(lazy("Gültig"), "circle-check", "good"),
    Standing.ENDING: Word(lazy("Läuft ab"), "clock", "warn"),
    Standing.EXPIRED: Word(lazy("Abgelaufen"), "calendar-off", "bad"),
}
