"""What a printer needs from a person now. Pure; the words stand in words.py."""

import enum
from dataclasses import dataclass

from makerlab.production.states import OVER, AttemptState

DISCONNECTED = ("offline",)


class Need(enum.StrEnum):
    """The most urgent first: the order of the wall."""

    CERTIFICATE = "certificate"
    UNCLEAR = "unclear"
    CONFLICT = "conflict"
    PRINTER_ERROR = "printer_error"
    SILENT = "silent"
    NO_PROGRESS = "no_progress"
    DISCONNECTED = "disconnected"
    CLEAR_FAILED = "clear_failed"
    COLLECT = "collect"
    FOREIGN = "foreign"
    PAUSED = "paused"
    HELD = "held"
    UPKEEP = "upkeep"
    START = "start"
    CHANGE_SPOOL = "change_spool"
    STUCK = "stuck"  # one thing would start something
    CLEAR_BED = "clear_bed"
    NOTHING = "nothing"
    OUT_OF_SERVICE = "out_of_service"


ORDER = {need: number for number, need in enumerate(Need)}
SOMEBODY = frozenset(list(Need)[: ORDER[Need.START]])  # a person has to come
WORK = frozenset({Need.START, Need.CHANGE_SPOOL})  # the next print could begin


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a printer.

    `proposal`: a plate could start; `spool_change`: with another spool; `would_help`: nothing may start, and
    one thing would help.
    """

    sight: str
    alarm: str = ""
    foreign: bool = False
    attempt: AttemptState | None = None
    conflict: bool = False
    out_of_service: bool = False
    held: bool = False
    upkeep_due: bool = False
    bed_clear: bool = False
    proposal: bool = False
    spool_change: bool = False
    would_help: bool = False


def need_of(now: Situation) -> Need:
    """The first thing that a person has to do."""
    if now.out_of_service and now.attempt is None and not now.foreign:
        return Need.OUT_OF_SERVICE
    return _of_the_print(now) or _of_the_idle(now)


def _of_the_print(now: Situation) -> Need | None:
    """What cannot wait: the truth of a print, an alarm, pieces on the bed."""
    reasons = (
        (now.alarm == "certificate", Need.CERTIFICATE),
        (now.attempt is AttemptState.UNKNOWN, Need.UNCLEAR),
        (now.conflict, Need.CONFLICT),
        (now.alarm == "printer_error" or now.sight == "error", Need.PRINTER_ERROR),
        (now.alarm == "silent", Need.SILENT),
        (now.alarm == "no_progress", Need.NO_PROGRESS),
        (now.attempt in OVER and now.attempt is not AttemptState.REPORTED_DONE, Need.CLEAR_FAILED),
        (now.attempt is AttemptState.REPORTED_DONE, Need.COLLECT),
        (now.sight in DISCONNECTED, Need.DISCONNECTED),
        (now.foreign, Need.FOREIGN),
        (now.attempt is AttemptState.PAUSED, Need.PAUSED),
        (now.attempt is not None, Need.NOTHING),
    )
    return next((need for holds, need in reasons if holds), None)


def _of_the_idle(now: Situation) -> Need:
    if now.held or now.upkeep_due:
        return Need.HELD if now.held else Need.UPKEEP
    if now.proposal:
        return Need.CHANGE_SPOOL if now.spool_change else Need.START
    if now.would_help:
        return Need.STUCK
    if now.sight == "operational" and not now.bed_clear:
        return Need.CLEAR_BED
    return Need.NOTHING
