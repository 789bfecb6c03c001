"""What every print host promises: the fake and a real OctoPrint, by the same words."""

import hashlib

import pytest

from printers import Command, HostState, Refused, Unreachable

NAME = "makerlab/o12-p3-a1-1a2b3c4d.gcode"
OTHER = "makerlab/o12-p3-a2-5e6f7a8b.gcode"


def begin(rig, name, file):
    """Upload and start, until it prints."""
    rig.host.upload(name, file)
    rig.host.start(name)
    rig.wait(lambda: rig.host.status().state is HostState.PRINTING)


def test_an_uploaded_file_lies_in_its_folder_with_size_and_sha1(rig, short):
    rig.host.upload(NAME, short)
    found = rig.host.file(NAME)
    assert found.name == NAME
    assert found.size == short.stat().st_size
    assert found.sha1 == hashlib.sha1(short.read_bytes(), usedforsecurity=False).hexdigest()
    assert (found.successes, found.failures, found.last_success, found.last_date) == (0, 0, None, None)


def test_an_upload_never_overwrites(rig, short, long):
    rig.host.upload(NAME, short)
    with pytest.raises(Refused) as refusal:
        rig.host.upload(NAME, long)
    assert refusal.value.status == 409
    assert refusal.value.surely_not_done
    assert rig.host.file(NAME).size == short.stat().st_size


def test_an_upload_neither_selects_nor_starts(rig, short):
    rig.host.upload(NAME, short)
    status = rig.host.status()
    assert (status.state, status.file) == (HostState.OPERATIONAL, None)


def test_a_file_that_is_not_there_is_none(rig):
    assert rig.host.file(NAME) is None


def test_a_print_runs_to_its_end_and_is_counted(rig, short):
    begin(rig, NAME, short)
    assert rig.host.status().prints(NAME)
    rig.wait(lambda: rig.host.status().state is HostState.OPERATIONAL)
    found, status = rig.host.file(NAME), rig.host.status()
    assert (found.successes, found.failures, found.last_success) == (1, 0, True)
    assert found.last_date.tzinfo is not None
    assert status.file == NAME  # still selected, but
    assert not status.prints(NAME)
    assert status.progress == 1


def test_progress_follows_the_position_in_the_file(rig, long):
    begin(rig, NAME, long)
    rig.wait(lambda: (rig.host.status().file_pos or 0) > 30)
    status = rig.host.status()
    assert status.file_size == long.stat().st_size
    assert status.progress == pytest.approx(status.file_pos / status.file_size, abs=0.01)
    assert status.elapsed_s >= 0


def test_temperatures_are_told_while_the_printer_is_connected(rig, long):
    begin(rig, NAME, long)
    rig.wait(lambda: "tool0" in rig.host.status().temperatures)
    actual, target = rig.host.status().temperatures["tool0"]
    assert actual > 0
    assert target >= 0


def test_a_file_that_is_not_there_does_not_start(rig):
    with pytest.raises(Refused) as refusal:
        rig.host.start(NAME)
    assert refusal.value.status == 404
    assert refusal.value.surely_not_done
    assert not rig.host.status().state.busy


def test_a_doubled_start_prints_once(rig, short):
    begin(rig, NAME, short)
    with pytest.raises(Refused) as refusal:
        rig.host.start(NAME)
    assert refusal.value.status == 409
    rig.wait(lambda: rig.host.status().state is HostState.OPERATIONAL)
    assert rig.host.file(NAME).successes == 1


def test_a_second_file_does_not_start_while_one_prints(rig, short, long):
    begin(rig, NAME, long)
    rig.host.upload(OTHER, short)
    with pytest.raises(Refused, match="already printing"):
        rig.host.start(OTHER)
    assert rig.host.status().prints(NAME)
    assert not rig.host.status().prints(OTHER)


def test_pause_and_resume(rig, long):
    begin(rig, NAME, long)
    rig.host.command(Command.PAUSE)
    rig.wait(lambda: rig.host.status().state is HostState.PAUSED)
    assert rig.host.status().prints(NAME)  # paused is not over
    rig.host.command(Command.RESUME)
    rig.wait(lambda: rig.host.status().state is HostState.PRINTING)


def test_pausing_twice_and_resuming_twice_does_no_harm(rig, long):
    begin(rig, NAME, long)
    rig.host.command(Command.RESUME)
    rig.host.command(Command.PAUSE)
    rig.wait(lambda: rig.host.status().state is HostState.PAUSED)
    rig.host.command(Command.PAUSE)
    assert rig.host.status().state is HostState.PAUSED


def test_a_cancelled_print_counts_as_failed_and_forgets_its_position(rig, long):
    begin(rig, NAME, long)
    rig.host.command(Command.CANCEL)
    rig.wait(lambda: rig.host.status().state is HostState.OPERATIONAL)
    status, found = rig.host.status(), rig.host.file(NAME)
    assert (status.file, status.progress, status.file_pos) == (NAME, None, None)
    assert (found.successes, found.failures, found.last_success) == (0, 1, False)


@pytest.mark.parametrize("command", Command)
def test_nothing_to_command_when_nothing_prints(rig, command):
    with pytest.raises(Refused) as refusal:
        rig.host.command(command)
    assert refusal.value.status == 409


def test_what_prints_is_not_deleted(rig, long):
    begin(rig, NAME, long)
    assert rig.host.delete(NAME) is False
    assert rig.host.status().prints(NAME)
    assert rig.host.file(NAME) is not None


def test_what_is_deleted_cannot_start(rig, short):
    rig.host.upload(NAME, short)
    assert rig.host.delete(NAME) is True
    assert rig.host.file(NAME) is None
    with pytest.raises(Refused) as refusal:
        rig.host.start(NAME)
    assert refusal.value.status == 404


def test_deleting_what_is_gone_says_gone(rig):
    assert rig.host.delete(NAME) is True


def test_deleting_a_printed_file_unselects_it(rig, short):
    begin(rig, NAME, short)
    rig.wait(lambda: rig.host.delete(NAME))
    assert rig.host.status().file is None


@pytest.mark.parametrize(
    "name", ["makerlab", "../x.gcode", "a//b.gcode", "/x.gcode", ".x.gcode", "x.txt", "a\nb.gcode"]
)
def test_a_name_that_is_no_files_never_reaches_the_host(rig, short, name):
    for ask in (rig.host.delete, rig.host.start, rig.host.file, lambda bad: rig.host.upload(bad, short)):
        with pytest.raises(ValueError, match="name"):
            ask(name)


def test_a_new_name_is_plain_because_octoprint_would_change_it(rig, short):
    with pytest.raises(ValueError, match="name"):
        rig.host.upload("makerlab/Löwe #1?.gcode", short)


def test_a_start_whose_answer_is_lost_may_print(rig, long):
    rig.host.upload(NAME, long)
    rig.lose_answer("start")
    with pytest.raises(Unreachable) as lost:
        rig.hasty.start(NAME)
    assert lost.value.sent
    assert not lost.value.surely_not_done
    rig.wait(lambda: rig.host.status().prints(NAME))


def test_a_start_that_is_lost_on_its_way_looks_the_same_and_does_not_print(rig, long):
    rig.host.upload(NAME, long)
    rig.lose_request("start")
    with pytest.raises(Unreachable) as lost:
        rig.hasty.start(NAME)
    assert lost.value.sent
    assert not rig.host.status().state.busy


def test_an_upload_whose_answer_is_lost_has_arrived(rig, short):
    rig.lose_answer("upload")
    with pytest.raises(Unreachable) as lost:
        rig.hasty.upload(NAME, short)
    assert lost.value.sent
    assert rig.host.file(NAME).size == short.stat().st_size


def test_a_refused_connection_surely_sent_nothing(rig, long):
    rig.host.upload(NAME, long)
    rig.unplug_network()
    for ask in (rig.host.status, lambda: rig.host.start(NAME), lambda: rig.host.delete(NAME)):
        with pytest.raises(Unreachable) as cut:
            ask()
        assert not cut.value.sent
        assert cut.value.surely_not_done
    rig.plug_network()
    assert rig.host.file(NAME) is not None
    assert not rig.host.status().state.busy


def test_a_print_goes_on_without_the_network(rig, short):
    begin(rig, NAME, short)
    rig.unplug_network()
    rig.plug_network()
    rig.wait(lambda: rig.host.file(NAME).successes == 1)


def test_a_start_sent_to_a_stopped_host_prints_when_it_goes_on(rig, long):
    rig.host.upload(NAME, long)
    rig.freeze()
    with pytest.raises(Unreachable) as silence:
        rig.hasty.start(NAME)
    assert silence.value.sent
    rig.thaw()
    rig.wait(lambda: rig.host.status().prints(NAME))


def test_after_a_power_cut_it_looks_idle_and_only_finished_prints_are_recorded(rig, short, long):
    begin(rig, OTHER, short)
    rig.wait(lambda: rig.host.status().state is HostState.OPERATIONAL)
    begin(rig, NAME, long)
    rig.power_cut()
    status, cut, finished = rig.host.status(), rig.host.file(NAME), rig.host.file(OTHER)
    assert (status.state, status.file) == (HostState.OPERATIONAL, None)
    assert (cut.successes, cut.failures) == (0, 0)
    assert finished.successes == 1


def test_a_silent_printer_stays_printing_without_progress(rig, long):
    begin(rig, NAME, long)
    rig.go_silent()
    stands = {"at": -1, "times": 0}

    def stands_still():
        position = rig.host.status().file_pos
        stands["times"] = stands["times"] + 1 if position == stands["at"] else 0
        stands["at"] = position
        return stands["times"] > 40

    rig.wait(stands_still)
    assert rig.host.status().state is HostState.PRINTING
    assert rig.host.file(NAME).failures == 0


def test_a_thermal_runaway_fails_the_print_with_its_reason(rig, long):
    begin(rig, NAME, long)
    rig.thermal_runaway()
    rig.wait(lambda: rig.host.status().state is HostState.ERROR and rig.host.status().file is None)
    assert "Thermal Runaway" in rig.host.status().error
    assert rig.host.file(NAME).failures == 1
    with pytest.raises(Refused) as refusal:
        rig.host.start(NAME)
    assert refusal.value.status == 409


def test_a_file_in_a_folder_that_is_not_there_is_not_there(rig):
    assert rig.host.file("nowhere/a.gcode") is None


def test_heaters_get_their_targets_and_go_off_again(rig):
    rig.host.heat(205, 60)
    rig.wait(lambda: targets(rig) == (205, 60))
    rig.host.heat(0, 0)
    rig.wait(lambda: targets(rig) == (0, 0))


def targets(rig):
    found = rig.host.status().temperatures
    return tuple(found.get(part, (None, None))[1] for part in ("tool0", "bed"))


def test_a_printer_let_go_of_is_offline_and_neither_heats_nor_starts(rig, short):
    rig.host.upload(NAME, short)
    rig.host.link(up=False)
    rig.wait(lambda: rig.host.status().state is HostState.OFFLINE)
    for ask in (lambda: rig.host.heat(205, 60), lambda: rig.host.start(NAME)):
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.status == 409
    rig.host.link(up=True)
    rig.wait(lambda: rig.host.status().state is HostState.OPERATIONAL)


def test_letting_go_ends_the_print(rig, long):
    begin(rig, NAME, long)
    rig.host.link(up=False)
    rig.wait(lambda: rig.host.status().state is HostState.OFFLINE)
    rig.wait(lambda: rig.host.file(NAME).failures == 1)
    rig.host.link(up=True)
    rig.wait(lambda: rig.host.status().state is HostState.OPERATIONAL)
