"""What watch keeps of a printer: hours, samples, heaters that go off again, and who answers there."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from designs.profiles import load
from makerlab.core.errors import Conflict
from makerlab.core.health import beat
from makerlab.fleet import samples
from makerlab.fleet.models import Preheat, Printed, Printer, Sample
from makerlab.production.heating import cool, preheat
from printers.errors import Untrusted
from printers.host import HostState
from tests.makerlab.production.conftest import Workshop

MINUTES = 15


def ran(workshop: Workshop) -> list[float]:
    """Seconds of each print that ended on the first printer."""
    workshop.forget()
    lines = sa.select(Printed).where(Printed.printer_id == workshop.printers[0].id).order_by(Printed.id)
    return [line.seconds for line in workshop.session.scalars(lines)]


def a_print_of(workshop: Workshop, seconds: float, name: str = "hand/a.gcode") -> None:
    """By hand, watched every two seconds to its end."""
    workshop.host().print_by_hand(name, f"G4 S{seconds:g}\n".encode())
    for _ in range(int(seconds / 2) + 2):
        workshop.host().advance(2.0)
        workshop.look()


def test_each_print_leaves_one_line_of_hours_also_a_foreign_one(workshop: Workshop) -> None:
    a_print_of(workshop, 20)
    a_print_of(workshop, 30, "hand/b.gcode")
    assert ran(workshop) == pytest.approx([20, 30], abs=0.1)
    sight = workshop.printers[0].sight
    assert (sight.printed_s, sight.run_s) == (pytest.approx(50, abs=0.2), 0)


def test_hours_are_counted_once_although_the_worker_dies_and_the_network_goes(workshop: Workshop) -> None:
    host = workshop.host()
    host.print_by_hand("hand/a.gcode", b"G4 S100\n")
    host.advance(10)
    workshop.look()
    workshop.restart()
    host.unplug()
    host.advance(60)
    workshop.look(3)
    host.plug()
    workshop.look()
    host.advance(60)
    workshop.look(2)
    assert ran(workshop) == pytest.approx([100], abs=0.1)


def test_the_same_file_printed_again_is_another_run(workshop: Workshop) -> None:
    host = workshop.host()
    host.print_by_hand("hand/a.gcode", b"G4 S40\n")
    host.advance(30)
    workshop.look()
    host.printer_error("Thermal Runaway")
    host.reconnect()
    host.print_by_hand("hand/a.gcode")
    host.advance(6)
    workshop.look()
    assert ran(workshop) == pytest.approx([30], abs=0.3)
    assert workshop.printers[0].sight.run_s == pytest.approx(6, abs=0.3)


def test_a_host_that_lost_its_memory_leaves_what_was_seen(workshop: Workshop) -> None:
    host = workshop.host()
    host.print_by_hand("hand/a.gcode", b"G4 S100\n")
    host.advance(50)
    workshop.look()
    host.die()
    host.come_back()
    workshop.look()
    assert ran(workshop) == pytest.approx([50], abs=0.3)


def kept(workshop: Workshop) -> int:
    workshop.forget()
    return workshop.session.scalar(sa.select(sa.func.count()).select_from(Sample)) or 0


def test_samples_are_a_ring_whose_size_does_not_grow(workshop: Workshop) -> None:
    """Two days of one printer, a look every minute: never more than the slots that such looks meet."""
    day = range(0, 86_400, 60)
    slots = [samples.slots_at(workshop.clock.now + timedelta(seconds=at), None) for at in day]
    assert max(slot for found in slots for slot in found) < samples.MOST
    assert len({slot for found in slots for slot in found}) <= samples.MOST
    workshop.look()
    first = kept(workshop)
    workshop.clock.pass_(86_400 - 2)
    workshop.look()
    assert first > 0
    assert kept(workshop) <= 2 * first  # written over, not beside


def test_a_sample_is_kept_every_ten_seconds_and_read_back_in_order(workshop: Workshop) -> None:
    host = workshop.host()
    host.heat(205, 60)
    for _ in range(30):
        workshop.look()
    workshop.forget()
    now, printer_id = workshop.clock.now, workshop.printers[0].id
    found = samples.of_printer(workshop.session, printer_id, now=now, span=samples.HOUR)
    assert 6 <= len(found) <= 8
    assert [one.at for one in found] == sorted({one.at for one in found})
    assert (found[0].tool_target, found[0].bed_target, found[0].progress) == (205, 60, None)
    later = now + timedelta(days=2)
    assert not samples.of_printer(workshop.session, printer_id, now=later, span=samples.DAY)


def test_a_clock_that_jumps_back_hides_samples_of_the_future(workshop: Workshop) -> None:
    workshop.look()
    workshop.clock.jump(days=-1)
    workshop.look()
    workshop.forget()
    now = workshop.clock.now
    found = samples.of_printer(workshop.session, workshop.printers[0].id, now=now, span=samples.DAY)
    assert all(one.at <= now for one in found)


def heat(workshop: Workshop, number: int = 0) -> Preheat:
    pla = load(None).materials["pla"]
    workshop.forget()
    beat(workshop.session, "work", now=workshop.clock.now)
    row = preheat(
        workshop.session, workshop.printers[number], pla, minutes=MINUTES, by_id=workshop.boris.id,
        now=workshop.clock.now,
    )  # fmt: skip
    workshop.session.commit()
    return row


def targets(workshop: Workshop) -> tuple[float | None, float | None]:
    found = workshop.host().machine.temperatures
    return found["tool0"][1], found["bed"][1]


def test_preheating_goes_off_by_itself(workshop: Workshop) -> None:
    workshop.look()
    heat(workshop)
    workshop.look()
    assert targets(workshop) == (215, 60)
    workshop.clock.pass_(MINUTES * 60 - 10)
    workshop.look()
    assert targets(workshop) == (215, 60)
    workshop.clock.pass_(10)
    workshop.look()
    assert targets(workshop) == (0, 0)
    workshop.forget()
    assert workshop.session.scalars(sa.select(Preheat)).all() == []


def test_preheating_goes_off_after_a_restart_and_when_the_printer_is_back(workshop: Workshop) -> None:
    workshop.look()
    heat(workshop)
    workshop.look()
    workshop.restart()
    workshop.host().unplug()
    workshop.clock.pass_(MINUTES * 60)
    workshop.look(3)
    assert targets(workshop) == (215, 60)  # nobody can tell it
    workshop.host().plug()
    workshop.look(2)
    assert targets(workshop) == (0, 0)


def test_a_person_switches_off_before(workshop: Workshop) -> None:
    workshop.look()
    heat(workshop)
    workshop.look()
    cool(workshop.session, workshop.printers[0], by_id=workshop.boris.id, now=workshop.clock.now)
    workshop.session.commit()
    workshop.look()
    assert targets(workshop) == (0, 0)


def test_a_print_takes_the_heaters_over_and_is_never_cooled(workshop: Workshop) -> None:
    workshop.look()
    heat(workshop)
    workshop.look()
    workshop.clock.pass_(MINUTES * 60 - 10)
    workshop.start(workshop.order())
    workshop.clock.pass_(10)
    workshop.look()  # claimed, not started: left alone
    assert targets(workshop) == (215, 60)
    workshop.dispatch_all()
    assert workshop.host().machine.state.busy
    for _ in range(3):
        workshop.look()
    assert targets(workshop) == (215, 60)
    assert "heat" not in workshop.host().calls[-6:]
    workshop.forget()
    assert workshop.session.scalars(sa.select(Preheat)).all() == []


def test_nobody_heats_what_nobody_could_switch_off(workshop: Workshop) -> None:
    workshop.look()
    pla, printer = load(None).materials["pla"], workshop.printers[0]
    with pytest.raises(Conflict, match="abschalten"):
        preheat(
            workshop.session, printer, pla, minutes=MINUTES, by_id=workshop.boris.id, now=workshop.clock.now
        )


@pytest.mark.parametrize("state", [HostState.OFFLINE, HostState.ERROR, HostState.PRINTING])
def test_only_a_printer_that_is_ready_is_heated(workshop: Workshop, state: HostState) -> None:
    workshop.look()
    workshop.printers[0].sight.state = state.value
    workshop.session.commit()
    with pytest.raises(Conflict):
        heat(workshop)


def test_a_stranger_at_the_address_raises_the_alarm_at_once_and_gets_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stranger() -> None:
        raise Untrusted(changed=True)

    workshop.look()
    monkeypatch.setattr(workshop.host(), "status", stranger)
    workshop.look()
    sight = workshop.session.get_one(Printer, workshop.printers[0].id).sight
    assert (sight.state, sight.alarm) == ("unreachable", "certificate")
    monkeypatch.undo()
    workshop.look()
    assert workshop.printers[0].sight.alarm == ""
