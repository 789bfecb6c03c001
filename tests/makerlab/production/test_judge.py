"""What a look proves about an attempt."""

import pytest

from makerlab.production.judge import BLANK_LOOKS, Evidence, Judgement, judge
from makerlab.production.states import AT_PRINTER, WAYS, AttemptState, Wish

S = AttemptState


def idle(**more: object) -> Evidence:
    return Evidence(busy=False, ours=False, **more)  # type: ignore[arg-type]


def running(**more: object) -> Evidence:
    return Evidence(busy=True, ours=True, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [S.START_SENT, S.PAUSED, S.UNKNOWN])
def test_our_file_printing_proves_that_it_prints(state: AttemptState) -> None:
    assert judge(state, running(successes=0, failures=0)) == Judgement(S.PRINTING)


@pytest.mark.parametrize("state", sorted(AT_PRINTER))
def test_a_success_of_the_tokens_file_proves_it_is_done(state: AttemptState) -> None:
    assert judge(state, idle(successes=1, failures=0)) == Judgement(S.REPORTED_DONE)


def test_a_failure_is_a_cancel_only_when_somebody_asked_for_it() -> None:
    assert judge(S.PRINTING, idle(successes=0, failures=1, wish=Wish.CANCEL)) == Judgement(
        S.CANCELLED, "asked"
    )
    assert judge(S.PRINTING, idle(successes=0, failures=1)) == Judgement(S.FAILED, "stopped_at_printer")
    assert judge(S.PRINTING, idle(successes=0, failures=1, error="Thermal runaway")) == Judgement(
        S.FAILED, "printer_error"
    )


def test_cancel_racing_finish_keeps_the_success_and_names_the_conflict() -> None:
    seen = idle(successes=1, failures=1, wish=Wish.CANCEL)
    assert judge(S.PRINTING, seen) == Judgement(S.REPORTED_DONE, conflict="done_and_failed")


def test_the_same_file_started_again_by_hand_is_named() -> None:
    assert judge(S.PRINTING, running(successes=1, failures=0)) == Judgement(
        S.REPORTED_DONE, conflict="started_again"
    )


def test_a_host_that_forgot_leads_to_unknown_only_after_some_looks() -> None:
    for looks in range(1, BLANK_LOOKS):
        assert judge(S.PRINTING, idle(successes=0, failures=0, blank_looks=looks)) is None
    assert judge(S.PRINTING, idle(successes=0, failures=0, blank_looks=BLANK_LOOKS)) == Judgement(
        S.UNKNOWN, "host_forgot"
    )


def test_a_start_without_evidence_is_unknown_and_never_released() -> None:
    assert judge(S.START_SENT, idle(blank_looks=BLANK_LOOKS)) == Judgement(S.UNKNOWN, "no_evidence_of_start")


def test_unknown_stays_unknown_without_evidence() -> None:
    assert judge(S.UNKNOWN, idle(successes=0, failures=0, blank_looks=99)) is None
    assert judge(S.UNKNOWN, Evidence(busy=True, ours=False, blank_looks=99)) is None


def test_a_print_that_is_being_ended_waits_for_its_verdict() -> None:
    assert judge(S.PRINTING, running(ending=True, successes=0, failures=0)) is None


@pytest.mark.parametrize("state", list(S))
def test_nothing_leads_back_to_a_start(state: AttemptState) -> None:
    after = {
        S.START_SENT,
        S.PRINTING,
        S.PAUSED,
        S.UNKNOWN,
        S.REPORTED_DONE,
        S.FAILED,
        S.CANCELLED,
        S.RESOLVED,
    }
    if state in after:
        assert not WAYS[state] & {S.CLAIMED, S.UPLOADING, S.VERIFIED, S.START_SENT}


def test_only_a_person_or_evidence_leaves_unknown() -> None:
    assert WAYS[S.UNKNOWN] == {S.PRINTING, S.PAUSED, S.REPORTED_DONE, S.FAILED, S.CANCELLED, S.RESOLVED}
