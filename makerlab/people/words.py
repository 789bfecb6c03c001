"""Words of roles, account states and lines of the audit log."""

from dataclasses import dataclass
from typing import Any

from makerlab.core.access import Role
from makerlab.core.language import lazy


@dataclass(frozen=True)
class Word:
    word: Any
    icon: str
    tone: str = "neutral"


ROLES = {
    Role.TRAINEE: Word(lazy("Teilnahme"), "school"),
    Role.INSTRUCTOR: Word(lazy("Anleitung"), "certificate", "info"),
    Role.LIAISON: Word(lazy("Partnerkontakt"), "heart-handshake", "info"),
    Role.SALES: Word(lazy("Verkauf"), "building-store", "info"),
    Role.COORDINATOR: Word(lazy("Koordination"), "sitemap", "busy"),
    Role.ADMINISTRATOR: Word(lazy("Verwaltung"), "key", "warn"),
}

ACTIVE = {
    True: Word(lazy("Aktiv"), "circle-check", "good"),
    False: Word(lazy("Gesperrt"), "lock", "bad"),
}

CARD = {
    True: Word(lazy("Gültig"), "circle-check", "good"),
    False: Word(lazy("Ungültig"), "circle-x", "neutral"),
}

ACTIONS = {
    "account.created": lazy("Konto angelegt"),
    "account.read": lazy("Daten angesehen"),
    "account.exported": lazy("Daten als Datei mitgenommen"),
    "account.closed": lazy("Konto gesperrt"),
    "account.opened": lazy("Konto entsperrt"),
    "role.given": lazy("Rolle gegeben"),
    "role.taken": lazy("Rolle genommen"),
    "card.issued": lazy("Karte ausgegeben"),
    "card.revoked": lazy("Karte ungültig gemacht"),
    "language.set": lazy("Sprache geändert"),
    "pin.set": lazy("PIN geändert"),
    "password.set": lazy("Passwort geändert"),
    "instruction.given": lazy("Unterwiesen"),
    "instruction.revoked": lazy("Unterweisung zurückgenommen"),
    "sign_in.locked": lazy("Anmelden gesperrt"),
    "sign_in.cleared": lazy("Anmelden wieder erlaubt"),
}


def role_word(name: str) -> Word:
    """Of a role by its name in the database."""
    return ROLES[Role(name)]


def action_word(action: str) -> Any:
    """What a line of the audit log says; the code itself when nobody wrote a word for it."""
    return ACTIONS.get(action, action)
