"""`python -m designs COMMAND FILE…`: status 0 fine, 2 when a file was refused (one sentence on stderr)."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence

from designs.commands import COMMANDS, Row, load


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    args = _parser(words).parse_args(words)
    status = 0
    for row in load(args.command).run(args):
        status = max(status, _show(row, as_json=args.json))
    return status


def _parser(words: Sequence[str]) -> ArgumentParser:
    """A parser that knows all commands by name, and the options of the one that is called."""
    parser = ArgumentParser(prog="python -m designs", description="Judge printable meshes.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    called = words[0] if words and words[0] in COMMANDS else None
    for name in COMMANDS:
        if name == called:
            load(name).add(subparsers)
        else:
            subparsers.add_parser(name, help=COMMANDS[name])
    return parser


def _show(row: Row, *, as_json: bool) -> int:
    """Print one row, and return the exit status that it stands for."""
    error = row.get("error")
    if as_json:
        print(json.dumps(row, ensure_ascii=False, allow_nan=False), flush=True)
    elif isinstance(error, Mapping):
        print(f"{row['file']}: {error['message']}", file=sys.stderr)
    else:
        print("\n".join(_lines(row)), flush=True)
    return 2 if error else 0


def _lines(row: Row) -> Iterable[str]:
    yield str(row["file"])
    for key, value in row.items():
        if key == "problems" and isinstance(value, list):
            yield from (f"  {one['severity']}: {one['message']}" for one in value)
        elif key != "file":
            yield f"  {key}: {_plain(value)}"


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return " × ".join(_plain(one) for one in value)
    return str(value)


if __name__ == "__main__":
    sys.exit(main())
