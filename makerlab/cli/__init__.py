"""The face for operators: `makerlab serve`, `work`, `slice`, `migrate`, `demo` and the rest."""

import argparse
from collections.abc import Callable
from pathlib import Path

from makerlab.core.memory import give_back
from makerlab.core.roles import Role
from makerlab.core.settings import Settings

Command = Callable[[argparse.Namespace, Settings], None]


def main(argv: list[str] | None = None) -> None:
    arguments = _parser().parse_args(argv)
    give_back()
    arguments.run(arguments, Settings())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="makerlab", description="Runs a maker lab. Settings: see README.md."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "serve", "the web server", _serve)
    _add(commands, "work", "dispatch, watch and planning (one leader)", _work)
    slicing = _add(commands, "slice", "slices plates as they come", _slice)
    slicing.add_argument("--what-waits", action="store_true", help="slice what waits, then end")
    _add(commands, "lab", "serve, work and slice in one process, for a small lab", _lab)
    _add(commands, "migrate", "bring the database to the newest version", _migrate)
    _add(commands, "backup", "copy the running database, checked", _backup)
    _add(commands, "restore", "put a backup in place", _restore).add_argument("file", type=Path)
    account = _add(commands, "account", "make an account; prints its password", _account)
    account.add_argument("name")
    account.add_argument("email")
    account.add_argument("--role", default="administrator", choices=[role.value for role in Role])
    demo = _add(commands, "demo", "a whole lab with virtual printers", _demo)
    demo.add_argument("--reset", action="store_true", help="begin anew")
    demo.add_argument("--objects", type=int, default=None, help="how many objects to make; all when not said")
    demo.add_argument("--real-time", action="store_true", help="printers as slow as real ones")
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str, run: Command
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.set_defaults(run=run)
    return command


# Each command imports what it needs when it runs: `makerlab backup` does not wait for the geometry.


def _serve(_: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.serve import serve

    serve(settings)


def _work(_: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.work import work

    work(settings)


def _slice(arguments: argparse.Namespace, settings: Settings) -> None:
    if arguments.what_waits:
        from makerlab.cli.slicing_worker import slice_what_waits

        slice_what_waits(settings)
    else:
        from makerlab.cli.slicing import slice_plates

        slice_plates(settings)


def _lab(_: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.whole import whole_lab

    whole_lab(settings)


def _migrate(_: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.database import migrate

    print("migrated" if migrate(settings) else "nothing to do")  # noqa: T201


def _backup(_: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.database import backup
    from makerlab.core.clock import utcnow

    print(backup(settings, utcnow()))  # noqa: T201


def _restore(arguments: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.database import restore
    from makerlab.core.clock import utcnow

    print(f"the former database is kept as {restore(settings, arguments.file, utcnow())}")  # noqa: T201


def _account(arguments: argparse.Namespace, settings: Settings) -> None:
    from makerlab.cli.accounts import first_account

    print(first_account(settings, arguments.name, arguments.email, Role(arguments.role)))  # noqa: T201


def _demo(arguments: argparse.Namespace, settings: Settings) -> None:
    from makerlab.demo.lab import run

    run(settings, reset=arguments.reset, fast=not arguments.real_time, objects=arguments.objects)
