"""What a look at a printer proves about an attempt. Pure: see docs/operators.md for the reasons in words."""

from dataclasses import dataclass

from makerlab.production.states import AttemptState, Wish

BLANK_LOOKS = 3  # OctoPrint writes its verdict a moment after the print ends: look again before giving up


@dataclass(frozen=True, slots=True)
class Evidence:
    """One look. `busy`: the host prints something; `ours`: the file it has selected is the token's.

    `successes` and `failures` are the host's durable counts for the token's file, None where it was not asked
    or the file is gone. `blank_looks` counts the looks in a row, this one included, that proved nothing.
    """

    busy: bool
    ours: bool
    paused: bool = False
    ending: bool = False  # cancelling or finishing: wait for the verdict
    successes: int | None = None
    failures: int | None = None
    error: str | None = None
    wish: Wish | None = None
    blank_looks: int = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state that the evidence proves, why (a code), and what contradicts it (a code or empty)."""

    state: AttemptState
    reason: str = ""
    conflict: str = ""


def judge(state: AttemptState, seen: Evidence) -> Judgement | None:
    """What follows for an attempt in `state` (one of AT_PRINTER); None: nothing changes yet."""
    if ended := _verdict(seen):
        return ended
    if seen.busy and seen.ours:
        return _running(state, seen)
    if state is AttemptState.UNKNOWN or seen.blank_looks < BLANK_LOOKS:
        return None
    return Judgement(AttemptState.UNKNOWN, _why_unknown(state, seen))


def _verdict(seen: Evidence) -> Judgement | None:
    """The host's durable count for this token's file: it was used once, so any count is about us."""
    successes, failures = seen.successes or 0, seen.failures or 0
    if not successes and not failures:
        return None
    conflict = _conflict(seen, successes, failures)
    if successes:
        return Judgement(AttemptState.REPORTED_DONE, conflict=conflict)
    if seen.wish is Wish.CANCEL:
        return Judgement(AttemptState.CANCELLED, "asked", conflict)
    return Judgement(AttemptState.FAILED, "printer_error" if seen.error else "stopped_at_printer", conflict)


def _conflict(seen: Evidence, successes: int, failures: int) -> str:
    if seen.busy and seen.ours and not seen.ending:
        return "started_again"
    if successes and failures:
        return "done_and_failed"
    return "ran_more_than_once" if successes + failures > 1 else ""


def overtaken(ended: AttemptState, wish: Wish | None) -> str:
    """The conflict (a code or empty) of a print whose end came before what somebody wished of it."""
    return "done_before_stop" if ended is AttemptState.REPORTED_DONE and wish is Wish.CANCEL else ""


def _running(state: AttemptState, seen: Evidence) -> Judgement | None:
    if seen.ending:
        return None
    proven = AttemptState.PAUSED if seen.paused else AttemptState.PRINTING
    return Judgement(proven) if proven is not state else None


def _why_unknown(state: AttemptState, seen: Evidence) -> str:
    if state is AttemptState.START_SENT:
        return "no_evidence_of_start"
    if seen.busy:
        return "other_print"
    return "printer_error" if seen.error else "host_forgot"
