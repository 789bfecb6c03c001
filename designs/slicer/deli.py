"""deli-slicer (PyPI, Python 3.12 and later): PrusaSlicer's engine as a Python module, in a child process.

It is called like PrusaSlicer itself, with the same plate, settings and limits, by the interpreter that it is
installed for; that need not be ours. It tells no progress while it slices.
"""

import tempfile
from pathlib import Path

from designs import sandbox
from designs.errors import SlicerMissing
from designs.slicer.plate import read_own_stl
from designs.slicer.prusaslicer import PLATE, RESULT, SETTINGS, PrusaSlicer

VERSION = """
from importlib.metadata import version
from deli import _engine
print("deli-slicer", version("deli-slicer"), "PrusaSlicer", _engine.SLIC3R_VERSION)
"""
SLICE = """
import sys
from pathlib import Path
print("5 => Reading", flush=True)
from deli import _engine
plate, settings, result, x, y = sys.argv[1:]
part = plate, [1.0, 1.0, 1.0], [0.0, 0.0, 0.0], 1, [[float(x), float(y)]], 0.0, [1], [None]
print("10 => Slicing", flush=True)
try:
    _engine.slice([part], Path(settings).read_text(encoding="utf-8"), result)
except (RuntimeError, ValueError) as error:
    sys.exit(str(error))
print("95 => Written", flush=True)
"""


class DeliSlicer(PrusaSlicer):
    """A `Slicer`; `program` is the interpreter that has the module."""

    __slots__ = ()

    @classmethod
    def at(cls, program: Path) -> "DeliSlicer":
        """Take the interpreter beside the command `deli`. Raises `SlicerMissing` if it lacks the module."""
        python = program.resolve().with_name("python3")
        with tempfile.TemporaryDirectory() as folder:
            answer = sandbox.run(
                [str(python), "-I", "-c", VERSION], cwd=Path(folder), seconds=30, memory_mb=8192, file_mb=16
            )
        if not answer.ok:
            message = f"{program} is no deli-slicer; correct the setting or install it again."
            raise SlicerMissing("slicer_unknown", message, path=str(program))
        return cls(python, answer.stdout.decode("utf-8", "replace").strip())

    def _words(self, folder: Path) -> list[str]:
        """The engine puts the middle of the whole plate where it is told: where it is already."""
        low, high = read_own_stl(folder / PLATE).bounds
        middle = [str((low[axis] + high[axis]) / 2) for axis in (0, 1)]
        return [str(self.program), "-I", "-c", SLICE, PLATE, SETTINGS, RESULT, *middle]
