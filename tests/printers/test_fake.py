"""What only the fake can do: faults on request, the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import Command, HostError, HostState, Refused, Unreachable
from printers.fake import FakeHost, Fault

NAME = "makerlab/a.gcode"


@pytest.fixture
def host(short):
    made = FakeHost()
    made.upload(NAME, short)
    return made


@pytest.mark.parametrize("verb", ["status", "file", "start", "delete", "version"])
@pytest.mark.parametrize(
    ("fault", "kind", "undone"),
    [
        (Fault.UNREACHABLE, Unreachable, True),
        (Fault.REQUEST_LOST, Unreachable, False),
        (Fault.ANSWER_LOST, Unreachable, False),
        (Fault.BUSY, Refused, True),
        (Fault.REFUSED, Refused, True),
        (Fault.DISK_FULL, Refused, False),
    ],
)
def test_every_verb_fails_as_told_and_once(host, verb, fault, kind, undone):
    ask = getattr(host, verb)
    arguments = [] if verb in ("status", "version") else [NAME]
    host.fail(verb, fault)
    with pytest.raises(kind) as failed:
        ask(*arguments)
    assert failed.value.surely_not_done is undone
    if fault is not Fault.ANSWER_LOST:
        ask(*arguments)


def test_a_full_disk_leaves_half_a_file_that_could_be_started(host, short):
    host.fail("upload", Fault.DISK_FULL)
    with pytest.raises(Refused) as full:
        host.upload("makerlab/b.gcode", short)
    assert full.value.status == 500
    assert host.file("makerlab/b.gcode").size == short.stat().st_size // 2


def test_an_accepted_start_may_start_nothing(host):
    host.machine.ignored_starts = 1
    host.start(NAME)
    assert not host.status().state.busy
    assert host.machine.starts == []


def test_a_print_by_hand_is_somebody_elses(host):
    host.print_by_hand("hand.gcode")
    host.advance(1)
    assert host.status().state is HostState.PRINTING
    assert not host.status().prints(NAME)
    with pytest.raises(Refused):
        host.start(NAME)


def test_a_dead_host_prints_nothing_and_forgets_what_was_sent(host):
    host.start(NAME)
    host.die()
    with pytest.raises(Unreachable):
        host.status()
    host.advance(100)
    host.come_back()
    assert host.file(NAME).successes == 0
    assert host.status().file is None


def test_a_repaired_printer_is_ready_again(host):
    host.printer_error("MINTEMP triggered!")
    assert host.status().error == "MINTEMP triggered!"
    host.reconnect()
    assert (host.status().state, host.status().error) == (HostState.OPERATIONAL, None)


def test_an_unknown_verb_is_a_mistake_of_the_test(host):
    with pytest.raises(ValueError, match="begin"):
        host.fail("begin", Fault.BUSY)


STEPS = ["start", "pause", "resume", "cancel", "advance", "delete", "store", "error", "reboot"]


@given(st.lists(st.sampled_from(STEPS), max_size=40))
def test_whatever_happens_no_print_is_counted_that_did_not_start(steps):
    machine = FakeHost().machine
    acts = {
        "start": lambda: machine.start(NAME),
        "pause": machine.pause,
        "resume": machine.resume,
        "cancel": machine.cancel,
        "advance": lambda: machine.advance(0.15),
        "delete": lambda: machine.remove(NAME),
        "store": lambda: machine.store(NAME, b"G4 P100\n"),
        "error": lambda: machine.fail("MINTEMP"),
        "reboot": machine.reboot,
    }
    counted = 0  # prints of files that were deleted since
    for step in steps:
        before = machine.files.get(NAME)
        try:
            acts[step]()
        except HostError:
            continue
        if before and NAME not in machine.files:
            counted += before.successes + before.failures
    kept = machine.files.get(NAME)
    ended = counted + (kept.successes + kept.failures if kept else 0)
    assert ended + machine.state.busy <= len(machine.starts)
    assert machine.status().state.busy == (
        machine.state is not HostState.OPERATIONAL and machine.error is None
    )


def test_all_commands_reach_the_machine(host):
    host.start(NAME)
    host.advance(0.2)
    host.command(Command.PAUSE)
    host.advance(0.2)
    assert host.status().state is HostState.PAUSED
    assert host.calls == ["upload", "start", "command", "status"]
