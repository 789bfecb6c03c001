"""Every state, alarm and error has plain words."""

import pytest
from flask import Flask

from makerlab.fleet import words
from makerlab.fleet.models import Bed
from printers.errors import HostError, NotAllowed, Refused, Unreachable, Untrusted
from printers.examine import Finding, Step
from printers.host import HostState


@pytest.mark.parametrize("state", [*(state.value for state in HostState), "unseen", "unreachable"])
def test_each_state_of_a_host_has_words(app: Flask, state: str) -> None:
    assert state in words.SIGHT
    assert str(words.sight(state).word)


def test_a_state_nobody_knows_is_unclear_not_an_error_page(app: Flask) -> None:
    assert words.sight("dancing") is words.SIGHT["unknown"]
    assert words.alarm("dancing") is words.ALARM["printer_error"]


@pytest.mark.parametrize("code", ["silent", "printer_error", "no_progress", "foreign", "certificate"])
def test_each_alarm_says_what_to_do(app: Flask, code: str) -> None:
    assert str(words.ALARM[code].way_out)


def test_both_beds_have_words(app: Flask) -> None:
    assert set(words.BED) == set(Bed)


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (NotAllowed("x"), "Netz der Drucker"),
        (Refused(403, "no"), "Schlüssel"),
        (Refused(404, "no"), "kein OctoPrint"),
        (Refused(429, "too many"), "Warten Sie"),
        (Refused(301, "moved"), "leitet weiter"),
        (Refused(500, "broken"), "500"),
        (Unreachable("refused", sent=False), "antwortet niemand"),
        (Unreachable("html", sent=True), "kein OctoPrint"),
        (Untrusted(changed=True), "Zertifikat"),
    ],
)
def test_each_error_of_a_connection_is_a_plain_sentence(app: Flask, error: HostError, part: str) -> None:
    assert part in words.trouble(error)


@pytest.mark.parametrize("step", Step)
def test_each_step_of_a_connection_has_a_name_and_a_sentence(app: Flask, step: Step) -> None:
    word, sentence = words.step(Finding(step, good=False, detail="10.0.0.7"))
    assert word
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert words.step(Finding(step, good=True, detail="10.0.0.7"))[0] == word
