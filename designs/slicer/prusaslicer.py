"""PrusaSlicer (2.5 and later) as a child process with limits.

It gets a binary STL and a settings file of our own in an empty directory, no 3MF (a 3MF may carry a program
to run) and no post-processing. It slices pieces beside the bed without a word, so the plate is checked
before and the G-code after.
"""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from designs import sandbox
from designs.errors import Refused, SlicerFailed, SlicerMissing
from designs.gcode.check import check_gcode
from designs.profiles import ini_text
from designs.slicer.place import put_in_place
from designs.slicer.plate import write_plate
from designs.slicer.port import Sliced, SliceJob
from designs.slicer.progress import Progress
from designs.slicer.summary import read_summary

NOISE = re.compile(r"^\s*$|\[trace\]|=>")
VERSION = re.compile(r"PrusaSlicer-(\d+(?:\.\d+)+\S*)")
PLATE, SETTINGS, RESULT = "plate.stl", "settings.ini", "plate.gcode"


@dataclass(frozen=True, slots=True)
class PrusaSlicer:
    """A `Slicer`. The limits hold for one plate."""

    program: Path
    version: str
    seconds: float = 1800
    memory_mb: int = 8192  # address space: its threads reserve far more than they use
    file_mb: int = 1024

    @classmethod
    def at(cls, program: Path) -> "PrusaSlicer":
        """Ask the program for its version. Raises `SlicerMissing` when it answers otherwise."""
        with tempfile.TemporaryDirectory() as folder:
            answer = sandbox.run(
                [str(program), "--help"], cwd=Path(folder), seconds=30, memory_mb=8192, file_mb=16
            )
        found = VERSION.search(answer.stdout.decode("utf-8", "replace"))
        if found is None:
            message = f"{program} does not answer like PrusaSlicer; correct the setting or install it again."
            raise SlicerMissing("slicer_unknown", message, path=str(program))
        return cls(program, f"PrusaSlicer {found.group(1)}")

    def slice(
        self,
        job: SliceJob,
        out: Path,
        *,
        on_progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> Sliced:
        """See `Slicer.slice`.

        Codes: cancelled, timed_out, crashed, refused, empty, off_bed, unsafe, no_figures, those of the plate.
        """
        with tempfile.TemporaryDirectory(prefix="slice-") as name:
            folder = Path(name)
            write_plate(job, folder / PLATE)
            settings = ini_text(job.machine, job.process, job.material, job.supports)
            (folder / SETTINGS).write_text(settings, encoding="utf-8")
            self._run(folder, Progress(on_progress), cancelled)
            sliced = _accepted(folder / RESULT, job)
            put_in_place(folder / RESULT, out)
        on_progress(1.0)
        return sliced

    def _run(self, folder: Path, progress: Progress, cancelled: Callable[[], bool]) -> None:
        ended = sandbox.run(
            self._words(folder),
            cwd=folder,
            seconds=self.seconds,
            memory_mb=self.memory_mb,
            file_mb=self.file_mb,
            on_line=progress.line,
            cancelled=cancelled,
        )
        if not ended.ok or not (folder / RESULT).is_file():
            raise _failure(ended, self.seconds)

    def _words(self, folder: Path) -> list[str]:
        """`--dont-arrange` keeps our coordinates, `--datadir` keeps out what the account has configured."""
        options = ["--export-gcode", "--dont-arrange", "--loglevel", "1", "--datadir", "."]
        return [str(self.program), *options, "--load", SETTINGS, "--output", RESULT, PLATE]


def _accepted(result: Path, job: SliceJob) -> Sliced:
    try:
        check_gcode(result, job.machine)
    except Refused as error:
        code = "off_bed" if error.code == "gcode_outside" else "unsafe"
        raise SlicerFailed(code, error.message, **error.values) from error
    return read_summary(result)


def _failure(ended: sandbox.Completed, seconds: float) -> SlicerFailed:
    """One sentence for how it ended."""
    said = ended.stdout[-4000:] + ended.stderr[-4000:]
    if ended.cancelled:
        return SlicerFailed("cancelled", "Slicing was cancelled.")
    if ended.timed_out:
        minutes = max(1, round(seconds / 60))
        message = f"Slicing took more than {minutes} min and was stopped; simplify the mesh."
        return SlicerFailed("timed_out", message, minutes=minutes)
    if ended.returncode < 0 or ended.returncode > 128 or b"bad_alloc" in said:
        message = "The slicer crashed on this plate; put fewer copies on it or repair the mesh."
        return SlicerFailed("crashed", message, status=ended.returncode)
    if b"No layers were detected" in said or b"print is empty" in said:
        return SlicerFailed("empty", "Nothing of this piece is thick enough to print with these settings.")
    if b"Loading of a model file failed" in said:
        return SlicerFailed(
            "mesh_unusable", "The slicer finds no body in this mesh; repair it and upload it again."
        )
    return SlicerFailed("refused", _refusal(ended), status=ended.returncode)


def _refusal(ended: sandbox.Completed) -> str:
    """The slicer's own last words."""
    said = (ended.stderr + b"\n" + ended.stdout).decode("utf-8", "replace")
    lines = [line.strip() for line in said.splitlines() if not NOISE.search(line)]
    words = re.sub(r"[^\x20-\x7e\u00a0-\uffff]", "", lines[-1])[:200] if lines else "it said nothing"
    return f"The slicer refused this plate: {words}"
