"""What a printer needs from a person: one answer for each situation, the most urgent first."""

import dataclasses

import pytest

from makerlab.production.pages.needs import ORDER, SOMEBODY, Need, Situation, need_of
from makerlab.production.pages.words import NEEDS
from makerlab.production.states import AttemptState as A

IDLE = Situation(sight="operational", bed_clear=True)


@pytest.mark.parametrize(
    ("other", "need"),
    [
        ({}, Need.NOTHING),
        ({"attempt": A.UNKNOWN}, Need.UNCLEAR),
        ({"attempt": A.UNKNOWN, "alarm": "silent", "sight": "unreachable"}, Need.UNCLEAR),
        ({"attempt": A.UNKNOWN, "alarm": "certificate", "sight": "unreachable"}, Need.CERTIFICATE),
        ({"attempt": A.REPORTED_DONE, "conflict": True}, Need.CONFLICT),
        ({"alarm": "printer_error"}, Need.PRINTER_ERROR),
        ({"sight": "error"}, Need.PRINTER_ERROR),
        ({"attempt": A.PRINTING, "sight": "unreachable", "alarm": "silent"}, Need.SILENT),
        ({"attempt": A.PRINTING, "sight": "unreachable"}, Need.NOTHING),
        ({"attempt": A.PRINTING, "alarm": "no_progress"}, Need.NO_PROGRESS),
        ({"attempt": A.FAILED}, Need.CLEAR_FAILED),
        ({"attempt": A.CANCELLED}, Need.CLEAR_FAILED),
        ({"attempt": A.REPORTED_DONE}, Need.COLLECT),
        ({"sight": "offline"}, Need.DISCONNECTED),
        ({"foreign": True, "sight": "printing"}, Need.FOREIGN),
        ({"attempt": A.PAUSED, "sight": "paused"}, Need.PAUSED),
        ({"attempt": A.PRINTING, "sight": "printing"}, Need.NOTHING),
        ({"attempt": A.CLAIMED}, Need.NOTHING),
        ({"proposal": True}, Need.START),
        ({"proposal": True, "spool_change": True}, Need.CHANGE_SPOOL),
        ({"bed_clear": False}, Need.CLEAR_BED),
        ({"out_of_service": True, "sight": "unreachable", "alarm": "silent"}, Need.OUT_OF_SERVICE),
        ({"out_of_service": True, "attempt": A.REPORTED_DONE}, Need.COLLECT),
    ],
)
def test_need(other: dict[str, object], need: Need) -> None:
    assert need_of(dataclasses.replace(IDLE, **other)) is need  # type: ignore[arg-type]


def test_every_need_has_words_and_who_must_come_stands_first() -> None:
    assert set(NEEDS) == set(Need)
    assert max(ORDER[need] for need in SOMEBODY) < ORDER[Need.START] < ORDER[Need.NOTHING]
    assert all(NEEDS[need].way_out for need in SOMEBODY)
