"""The options that name machine, process and material, for all commands that print something."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import NamedTuple

from designs.profiles import (
    DEFAULT_MACHINE,
    DEFAULT_MATERIAL,
    DEFAULT_PROCESS,
    Machine,
    Material,
    Process,
    load,
)


class Settings(NamedTuple):
    """What a piece is printed on, how, of what, and whether with supports."""

    machine: Machine
    process: Process
    material: Material
    supports: bool


def add_machine(parser: ArgumentParser) -> None:
    """`--machine` and `--profiles`."""
    parser.add_argument("--machine", default=DEFAULT_MACHINE, metavar="M", help=f"default {DEFAULT_MACHINE}")
    parser.add_argument("--profiles", type=Path, metavar="DIR", help="profiles of your own")


def add_settings(parser: ArgumentParser) -> None:
    """All of them."""
    add_machine(parser)
    parser.add_argument("--process", default=DEFAULT_PROCESS, metavar="P", help=f"default {DEFAULT_PROCESS}")
    parser.add_argument(
        "--material", default=DEFAULT_MATERIAL, metavar="S", help=f"default {DEFAULT_MATERIAL}"
    )
    parser.add_argument("--supports", action="store_true", help="print with supports")


def machine(args: Namespace) -> Machine:
    """The machine that was named. Raises `Refused("unknown_machine")`."""
    return load(args.profiles).machine(args.machine)


def settings(args: Namespace) -> Settings:
    """Everything that was named. Raises `Refused` with the keys there are."""
    profiles = load(args.profiles)
    process, material = profiles.process(args.process), profiles.material(args.material)
    return Settings(machine(args), process, material, args.supports)


def positive(text: str) -> int:
    """A whole number from 1 on, for `type=`."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be at least 1")
    return number
