"""The states of an attempt and the ways between them. Plain values; tables and rules both stand on it."""

import enum


class AttemptState(enum.StrEnum):
    """See docs/operators.md for what each means and who may act. `released`: surely never started."""

    CLAIMED = "claimed"
    UPLOADING = "uploading"
    VERIFIED = "verified"
    START_SENT = "start_sent"
    PRINTING = "printing"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    REPORTED_DONE = "reported_done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
    RELEASED = "released"


S = AttemptState

BEFORE_START = frozenset({S.CLAIMED, S.UPLOADING, S.VERIFIED})
AT_PRINTER = frozenset({S.START_SENT, S.PRINTING, S.PAUSED, S.UNKNOWN})  # watch looks for evidence
OVER = frozenset({S.REPORTED_DONE, S.FAILED, S.CANCELLED})  # waits for a person at the printer
ENDED = frozenset({S.RESOLVED, S.RELEASED})
RUNNING = (BEFORE_START | AT_PRINTER) - {S.UNKNOWN}  # the printer is at it, or is about to be

_EVIDENCE = {S.PRINTING, S.PAUSED, S.REPORTED_DONE, S.FAILED, S.CANCELLED}

WAYS: dict[AttemptState, frozenset[AttemptState]] = {
    S.CLAIMED: frozenset({S.UPLOADING, S.RELEASED}),
    S.UPLOADING: frozenset({S.VERIFIED, S.RELEASED}),
    S.VERIFIED: frozenset({S.START_SENT, S.RELEASED}),
    # From start_sent on nothing leads back to a start. Released only by an explicit refusal.
    S.START_SENT: frozenset(_EVIDENCE | {S.UNKNOWN, S.RELEASED}),
    S.PRINTING: frozenset((_EVIDENCE - {S.PRINTING}) | {S.UNKNOWN}),
    S.PAUSED: frozenset((_EVIDENCE - {S.PAUSED}) | {S.UNKNOWN}),
    # Left by positive evidence of this very token, or by a person.
    S.UNKNOWN: frozenset(_EVIDENCE | {S.RESOLVED}),
    S.REPORTED_DONE: frozenset({S.RESOLVED}),
    S.FAILED: frozenset({S.RESOLVED}),
    S.CANCELLED: frozenset({S.RESOLVED}),
    S.RESOLVED: frozenset(),
    S.RELEASED: frozenset(),
}


class Wish(enum.StrEnum):
    """What a person asked of a running print."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
