"""PrusaSlicer's crash, hang and refusal each become one sentence; programs in its place show how."""

import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from designs.errors import SlicerFailed, SlicerMissing
from designs.slicer import PrusaSlicer, SliceJob, find_slicer
from designs.slicer.progress import Progress

JobMaker = Callable[..., SliceJob]
Misbehaving = Callable[..., PrusaSlicer]

UNSAFE = 'printf "G28\\nM502\\nG1 X9 Y9 E1\\nM104 S0\\n" > plate.gcode'
WITHOUT_FIGURES = 'printf "G28\\nG1 X9 Y9 E1\\nM104 S0\\n" > plate.gcode'


def failure(slicer: PrusaSlicer, job: SliceJob, out: Path, cancel: bool = False) -> SlicerFailed:
    with pytest.raises(SlicerFailed) as caught:
        slicer.slice(job, out, on_progress=lambda _: None, cancelled=lambda: cancel)
    assert not out.exists()
    return caught.value


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("kill -ABRT $$", "crashed"),
        ("kill -SEGV $$", "crashed"),
        ("exit 134", "crashed"),
        ("echo 'terminate called: std::bad_alloc' >&2; exit 1", "crashed"),
        ("echo 'Unknown option --dont-arrange' >&2; exit 1", "refused"),
        ("exit 0", "refused"),
        ("echo 'The print is empty.'; exit 1", "empty"),
        ("echo 'plate.stl: Loading of a model file failed.'; exit 1", "mesh_unusable"),
        (UNSAFE, "unsafe"),
        (WITHOUT_FIGURES, "no_figures"),
    ],
)
def test_each_bad_end_has_its_code(
    misbehaving: Misbehaving, job: JobMaker, tmp_path: Path, script: str, code: str
) -> None:
    assert failure(misbehaving(script), job(), tmp_path / "out.gcode").code == code


def test_the_refusal_repeats_the_slicers_own_words(
    misbehaving: Misbehaving, job: JobMaker, tmp_path: Path
) -> None:
    slicer = misbehaving("echo '10 => Loading'; echo 'Unknown option' >&2; exit 1")
    message = failure(slicer, job(), tmp_path / "out.gcode").message
    assert message == "The slicer refused this plate: Unknown option"


def test_a_hang_is_ended_with_everything_it_started(
    misbehaving: Misbehaving, job: JobMaker, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    slicer = misbehaving(f"sleep 1000 & echo $! > {pids}; echo $$ >> {pids}; wait", seconds=1)
    assert failure(slicer, job(), tmp_path / "out.gcode").code == "timed_out"
    for pid in pids.read_text().split():
        assert ends(int(pid))


def ends(pid: int) -> bool:
    """Whether it is dead within five seconds; a kill takes effect when the kernel gets round to it."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 5)[0])
    finally:
        os.close(handle)


def test_it_gets_our_plate_and_settings_and_nothing_of_the_environment(
    misbehaving: Misbehaving, job: JobMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKERLAB_SECRET", "hunter2")
    seen = tmp_path / "seen"
    slicer = misbehaving(f"(ls; env; grep post_process settings.ini; echo $@) > {seen}; exit 1")
    failure(slicer, job(), tmp_path / "out.gcode")
    said = seen.read_text()
    assert said.split()[:2] == ["plate.stl", "settings.ini"]
    assert "hunter2" not in said
    assert "post_process = \n" in said
    assert ".3mf" not in said


def test_progress_never_goes_back() -> None:
    told: list[float] = []
    progress = Progress(told.append)
    for line in (
        "10 => Processing",
        "70 => Infilling",
        "30 => Preparing",
        "noise",
        "90 => Exporting",
        "100 => x",
    ):
        progress.line(line)
    assert told == [0.1, 0.7, 0.9, 0.99]


def test_a_missing_slicer_is_said_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SlicerMissing, match="correct the setting"):
        find_slicer(str(tmp_path / "nothing"))
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(SlicerMissing, match="install prusa-slicer"):
        find_slicer()


def test_a_program_that_is_no_prusaslicer_is_not_taken() -> None:
    with pytest.raises(SlicerMissing, match="does not answer like PrusaSlicer"):
        find_slicer("/bin/true")


def test_importing_the_slicer_loads_no_compiler_and_no_solver() -> None:
    """The web server imports it too, and should start at once."""
    words = (
        "import sys, designs.slicer, designs.gcode; print({'numba', 'scipy', 'spyrrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
