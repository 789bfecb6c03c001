"""The commands of `python -m designs`: one module each, imported only when it is called.

A command module has two functions:

    def add(subparsers: Subparsers) -> None      its parser, usually by `file_command(...)`
    def run(args: Namespace) -> Iterator[Row]    one row for each file, usually by `each_file(...)`

Heavy imports (numba, scipy, spyrrow) belong inside `run` or the function that needs them, so that `--help`
is quick. A row is what `--json` prints as one line; its first key is `file`. A file that was refused gives a
row with `error`, made by `each_file` from the DesignError, and the program ends with status 2 after all files
were tried.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from designs.errors import DesignError

Row = dict[str, object]

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Subparsers = _SubParsersAction[ArgumentParser]
else:
    Subparsers = object  # argparse's own class takes no type at run time

COMMANDS = {
    "check": "size, volume and problems of a mesh",
    "repair": "small, safe repairs, as a new file",
    "estimate": "time, filament and cost of a print, from the mesh",
    "slice": "G-code by the slicer of this machine",
    "time": "print time of a G-code file, by a planner with the machine's limits",
    "arrange": "as many copies as fit on one bed",
    "orient": "the best faces to stand on",
    "thumbnail": "a picture (PNG)",
    "preview": "a small mesh for the browser",
}


class Command(Protocol):
    """What a module in this package offers."""

    def add(self, subparsers: Subparsers) -> None: ...

    def run(self, args: Namespace) -> Iterator[Row]: ...


def load(name: str) -> Command:
    """The module of one command of `COMMANDS`."""
    return cast(Command, import_module(f"designs.commands.{name}"))


def file_command(subparsers: Subparsers, name: str) -> ArgumentParser:
    """A parser with positional `files` and `--json`; add the command's own options to it."""
    parser = subparsers.add_parser(name, help=COMMANDS[name], description=COMMANDS[name])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each file")
    return parser


def each_file(args: Namespace, one: Callable[[Path], Row]) -> Iterator[Row]:
    """Call `one` for each file; its row gets `file` in front, a refusal becomes a row with `error`."""
    for path in args.files:
        try:
            yield {"file": str(path), **one(path)}
        except DesignError as error:
            yield {"file": str(path), "error": {"code": error.code, "message": error.message}}
        except OSError as error:
            words = (
                f"The file cannot be opened or written ({error.strerror}); please check its name and place."
            )
            yield {"file": str(path), "error": {"code": "no_file", "message": words}}


def output_for(args: Namespace, path: Path, ending: str) -> Path:
    """Where the result for `path` goes: `args.output`, or a file of its name in there when that is a
    directory.

    Without `args.output`, beside the input. For several inputs, `args.output` is a directory and is made.
    """
    out: Path | None = args.output
    if out is None:
        return path.with_suffix(ending)
    if len(args.files) > 1:
        out.mkdir(parents=True, exist_ok=True)
    return out / path.with_suffix(ending).name if out.is_dir() else out
