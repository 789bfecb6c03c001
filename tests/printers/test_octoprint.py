"""Facts about OctoPrint 1.11.8 that the dispatcher relies on, and that only the real one can show."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from printers import HostState, Refused, Unreachable
from printers.octoprint import OctoPrintHost
from printers.octoprint_answers import read_file, read_state, read_status, read_temperatures
from printers.proxy import UPLOAD, Break

NAME = "makerlab/o12-p3-a1-1a2b3c4d.gcode"
FOREIGN = "von Hand/Löwe 50% #1.gcode"


def ended(rig, file, gcode):
    """Print this to its end, good or bad; the last status."""
    file.write_text(gcode)
    rig.host.upload(NAME, file)
    rig.host.start(NAME)
    rig.wait(lambda: rig.host.status().file is None or not rig.host.status().state.busy)
    return rig.host.status()


def broken_at(line):
    """G-code with a fault in the middle."""
    return "G28\n" + "G4 P50\n" * 4 + line + "\n" + "G4 P50\n" * 400


def test_the_version_tests_address_and_key(real):
    assert real.host.version().text == "OctoPrint 1.11.8"


def test_a_wrong_key_is_refused(real):
    with pytest.raises(Refused) as refusal:
        OctoPrintHost(real.octoprint.url, "x" * 32).version()
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("trigger_fatal_error_marlin", "Thermal Runaway"),
        ("mintemp_error", "MINTEMP"),
        ("drop_connection", "SerialTimeoutException"),
    ],
)
def test_a_fault_of_the_printer_is_told_with_its_reason(real, tmp_path, fault, words):
    ended(real, tmp_path / "a.gcode", broken_at(f"!!DEBUG:{fault}"))
    real.wait(lambda: real.host.status().state is HostState.ERROR)
    assert words in real.host.status().error
    assert real.host.file(NAME).failures == 1


def test_a_printer_that_disconnects_itself_is_offline_and_the_print_failed(real, tmp_path):
    status = ended(real, tmp_path / "a.gcode", broken_at("!!DEBUG:action_disconnect"))
    assert (status.state, status.error) == (HostState.OFFLINE, None)
    assert real.host.file(NAME).failures == 1


def test_after_a_reset_it_may_look_idle_but_the_print_counts_as_failed(real, tmp_path):
    """Mostly idle without a word; on a busy machine in error, when lines were asked for again meanwhile."""
    status = ended(real, tmp_path / "a.gcode", broken_at("!!DEBUG:reset"))
    assert (status.state, status.error is None) in ((HostState.OPERATIONAL, True), (HostState.ERROR, False))
    assert real.host.file(NAME).failures == 1


@pytest.mark.parametrize("line", ["M600", "M118 A1 action:pause", "!!DEBUG:action_pause"])
def test_a_pause_by_the_printer_itself_is_seen(real, tmp_path, line):
    file = tmp_path / "a.gcode"
    file.write_text(broken_at(line))
    real.host.upload(NAME, file)
    real.host.start(NAME)
    real.wait(lambda: real.host.status().state is HostState.PAUSED)


def test_of_two_simultaneous_starts_one_file_prints_and_reading_back_says_which(real, long):
    names = ["makerlab/a.gcode", "makerlab/b.gcode"]
    for name in names:
        real.host.upload(name, long)
    answers = []

    def start(name):
        try:
            real.host.start(name)
        except Refused as refusal:
            answers.append(refusal.status)
        else:
            answers.append(204)

    threads = [threading.Thread(target=start, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in ([204, 204], [204, 409])  # a 204 proves nothing
    real.wait(lambda: real.host.status().state is HostState.PRINTING)
    assert sum(real.host.status().prints(name) for name in names) == 1


def test_an_upload_cut_short_leaves_nothing_to_start(real, long):
    real.proxy.break_next(Break.CUT, UPLOAD, after_bytes=5_000)
    with pytest.raises(Unreachable) as cut:
        real.host.upload(NAME, long)
    assert cut.value.sent
    assert real.host.file(NAME) is None


def test_a_late_answer_is_an_answer(real, short):
    real.host.upload(NAME, short)
    real.proxy.break_next(Break.DELAY, delay_s=0.3)
    assert real.host.file(NAME) is not None


def test_a_file_put_there_by_hand_is_found_and_deleted_under_its_odd_name(real):
    path = real.octoprint.basedir / "uploads" / FOREIGN
    path.parent.mkdir()
    path.write_text("G28\n")
    real.wait(lambda: FOREIGN in real.host.files())
    assert real.host.file(FOREIGN).size == 4
    assert real.host.delete(FOREIGN)
    assert not path.exists()


def test_a_folder_is_no_file(real, short):
    real.host.upload("makerlab/x.gcode/a.gcode", short)
    assert real.host.file("makerlab/x.gcode") is None


def test_a_file_that_came_while_octoprint_stumbled_over_its_folder_is_found(real, short, monkeypatch):
    ask = real.host._client.files_info

    def stumble(*_):
        monkeypatch.setattr(real.host._client, "files_info", ask)
        real.host.upload(NAME, short)  # by a second worker
        raise Refused(500, "Internal Server Error")

    monkeypatch.setattr(real.host._client, "files_info", stumble)
    assert real.host.file(NAME).size == short.stat().st_size


def test_the_date_of_the_last_print_is_by_the_clock_of_the_host(real, tmp_path):
    ended(real, tmp_path / "a.gcode", "G28\n")
    real.wait(lambda: real.host.file(NAME).successes == 1)
    assert abs(real.host.file(NAME).last_date - datetime.now(UTC)) < timedelta(seconds=30)


def test_while_octoprint_starts_nothing_is_taken_for_an_answer(real, short):
    """During its start it answers 404 to everything, which must not mean "no such file"."""
    real.host.upload(NAME, short)
    real.octoprint.kill()
    real.octoprint.start()
    answers = []

    def back():
        try:
            answers.append(real.host.file(NAME))
        except (Unreachable, Refused):
            return False
        return True

    real.wait(back)
    assert answers[0] is not None
    real.octoprint.wait_ready()


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Starting print from SD", HostState.STARTING),
        ("Printing from SD", HostState.PRINTING),
        ("Sending file to SD", HostState.PRINTING),
        ("Detecting serial connection", HostState.CONNECTING),
        ("Offline", HostState.OFFLINE),
        ("Offline after error", HostState.ERROR),
        ("Offline (Error: SerialException)", HostState.ERROR),
        ("Unknown State (17)", HostState.UNKNOWN),
    ],
)
def test_words_for_states_that_the_virtual_printer_does_not_show(words, state):
    assert read_state(words) is state


def test_a_finished_print_of_octoprint_2_is_whole_although_it_says_90_percent():
    progress = {"completion": 90.0, "filepos": 400, "printTime": 9, "printTimeLeft": 0}
    job = {"job": {"file": {"path": "a.gcode", "size": 400}}, "progress": progress, "state": "Operational"}
    assert read_status(job, {}).progress == 1


def test_without_a_position_the_completion_counts():
    progress = {"completion": 25.0, "filepos": None}
    job = {
        "job": {"file": {"path": "a.gco", "origin": "sdcard"}},
        "progress": progress,
        "state": "Printing from SD",
    }
    status = read_status(job, {})
    assert (status.progress, status.file) == (0.25, "sdcard:a.gco")


def test_a_host_says_nothing_that_no_database_takes():
    job = {"job": {"file": {"path": "\0\ud83d" + "x" * 999}}, "progress": {}, "state": "Error: \0\ud83d"}
    status = read_status(job | {"error": "\0"}, {})
    assert (status.text, status.file, status.error) == ("Error: ?", "?" + "x" * 299, None)
    degrees = {
        "tool0": {"actual": float("nan"), "target": 200.0},
        "bed": {"actual": 60.0, "target": float("inf")},
    }
    assert read_temperatures({"temperature": degrees}) == {"bed": (60.0, None)}


def test_a_host_without_a_hash_still_tells_the_size():
    found = read_file("a.gcode", {"type": "machinecode", "size": 7})
    assert (found.size, found.sha1, found.successes) == (7, None, 0)


def test_what_the_host_read_of_a_files_filament_is_passed_on() -> None:
    analysis = {"filament": {"tool0": {"length": 1200.5, "volume": 2.9}, "tool1": {"length": 99.5}}}
    found = read_file("a.gcode", {"type": "machinecode", "size": 7, "gcodeAnalysis": analysis})
    assert found is not None
    assert found.filament_mm == 1300.0


@pytest.mark.parametrize(
    "analysis", [None, {}, {"filament": None}, {"filament": {}}, {"filament": {"tool0": None}}]
)
def test_a_file_that_was_not_read_yet_has_no_filament(analysis: object) -> None:
    found = read_file("a.gcode", {"type": "machinecode", "size": 7, "gcodeAnalysis": analysis})
    assert found is not None
    assert found.filament_mm is None
