"""A task for one of our modules in a limited child process: JSON goes in by stdin, one line of it comes back.

Memory, time and files are limited by `designs.sandbox`; whatever happens to the child becomes one sentence.
"""

import json
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from designs import sandbox
from designs.errors import DesignError, Refused

LARGEST_FILE_MB = 256
START = "import sys; sys.path.insert(0, sys.argv[1]); from designs.errand import child; child(sys.argv[2])"


def run(
    module: str,
    task: Mapping[str, Any],
    folder: Path,
    *,
    seconds: float,
    memory_mb: int,
    env: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], float]:
    """What `work(task)` of the module returns when it is called in the directory, and the seconds it took.

    Raises Refused: what the module refused, or when the child needs too much time or memory.
    """
    argv = [sys.executable, "-I", "-c", START, str(Path(__file__).parents[1]), module]
    done = sandbox.run(
        argv, cwd=folder, seconds=seconds, memory_mb=memory_mb, file_mb=LARGEST_FILE_MB,
        stdin=json.dumps(task).encode(), env=env,
    )  # fmt: skip
    if done.timed_out:
        raise Refused("too_slow", "This took too long; please export the object less finely.")
    if not done.ok or not done.stdout:
        raise _crashed(done)
    row: dict[str, Any] = json.loads(done.stdout)
    if error := row.get("error"):
        raise Refused(error["code"], error["message"], **error["values"])
    return row, done.seconds


def _crashed(done: sandbox.Completed) -> Refused:
    if b"MemoryError" in done.stderr:
        return Refused(
            "too_much_memory", "The object is too fine to be worked on here; please export it less finely."
        )
    return Refused("unreadable", "The file could not be read; please repair or export it again.")


def child(module: str) -> None:
    """In the child: the task on stdin, done by the module in the present directory, and one line of JSON."""
    task = json.load(sys.stdin)
    try:
        row = import_module(module).work(task)
    except DesignError as error:
        row = {"error": {"code": error.code, "message": error.message, "values": error.values}}
    sys.stdout.write(json.dumps(row))
