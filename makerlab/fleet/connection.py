"""Trying whether an OctoPrint answers at an address with a key, step by step and in plain words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken

from makerlab.core.crypto import decrypt
from makerlab.core.errors import Invalid
from makerlab.core.language import _
from makerlab.core.settings import Settings
from makerlab.fleet import rules, words
from printers.examine import Finding, Step, Target, examine
from printers.network import networks

Look = Callable[[Target], list[Finding]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a printer's host."""

    url: str
    key_encrypted: str
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A step as it is shown. `fingerprint`, `sha256`: of a certificate that a person may trust."""

    step: str
    word: str
    good: bool
    sentence: str
    sha256: str = ""
    fingerprint: str = ""
    subject: str = ""


def try_connection(
    url: str, api_key: str, known: Known | None, settings: Settings, look: Look = examine
) -> list[Trial]:
    """All steps with a typed key, or with the stored one, which goes only where it was typed for.

    Raises Invalid where there is neither.
    """
    url = rules.tidy_address(url)
    key = api_key.strip() or _stored_key(url, known, settings)
    certificate = known.certificate if known and rules.same_origin(known.url, url) else ""
    return trials(url, settings, key=key, certificate=certificate, look=look)


def trials(
    url: str, settings: Settings, *, key: str = "", certificate: str = "", look: Look = examine
) -> list[Trial]:
    """What came of each step, up to the first bad one; without a key only whether OctoPrint is there."""
    within = networks(settings.printer_networks.split(","))
    return [_shown(finding, certificate) for finding in look(Target(url, within, key, certificate))]


def good(tried: Sequence[Trial], step: Step) -> bool:
    """This step was reached, and it was good."""
    return any(one.step == step.value and one.good for one in tried)


def _shown(finding: Finding, trusted: str) -> Trial:
    word, sentence = words.step(finding)
    shown = finding.certificate
    if shown is None or finding.good:
        if finding.step is Step.TLS and not finding.good:
            sentence = _("Dort spricht niemand https. Versuchen Sie http://.")
        return Trial(finding.step.value, word, finding.good, sentence)
    if trusted:
        sentence = _("Das ist ein anderes Zertifikat als bisher. Fragen Sie, wer es geändert hat.")
    return Trial(finding.step.value, word, False, sentence, shown.sha256, shown.fingerprint, shown.subject)


def _stored_key(url: str, known: Known | None, settings: Settings) -> str:
    if known is None or not rules.same_origin(known.url, url):
        raise Invalid(_("Der Schlüssel von OctoPrint fehlt."))
    try:
        return decrypt(known.key_encrypted, settings.printer_key)
    except InvalidToken as error:
        raise Invalid(
            _("Der gespeicherte Schlüssel ist nicht lesbar."), way_out=_("Geben Sie ihn noch einmal ein.")
        ) from error
