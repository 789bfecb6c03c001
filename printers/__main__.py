"""Print hosts from the command line.

python -m printers status URL --key-file F
python -m printers files URL --key-file F
python -m printers virtual --port P --dir D [--real-time]
"""

import argparse
import signal
import sys
from pathlib import Path

from printers.errors import HostError
from printers.network import PRIVATE_NETWORKS
from printers.octoprint import OctoPrintHost
from printers.virtual import VirtualOctoPrint


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 fine, 1 the host gave no good answer, 2 a wrong call."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (HostError, OSError, ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m printers", description="Look at print hosts.")
    verbs = parser.add_subparsers(required=True)
    for name, run, words in (
        ("status", _status, "what the printer does now"),
        ("files", _files, "the G-code files on the host and how their prints ended"),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.set_defaults(run=run)
        verb.add_argument("url", help="such as http://192.168.4.20")
        verb.add_argument("--key-file", type=Path, required=True, help="file that holds the API key")
        verb.add_argument(
            "--network",
            action="append",
            help="allowed network (CIDR), may be repeated; default: private ones",
        )
    _virtual_parser(verbs.add_parser("virtual", help="run an OctoPrint with a virtual printer until Ctrl-C"))
    return parser


def _virtual_parser(verb: argparse.ArgumentParser) -> None:
    verb.set_defaults(run=_virtual)
    verb.add_argument("--port", type=int, required=True)
    verb.add_argument("--dir", type=Path, required=True, help="its files; made when missing")
    verb.add_argument("--real-time", action="store_true", help="moves take a tenth of their time, not none")


def _host(options: argparse.Namespace) -> OctoPrintHost:
    key = options.key_file.read_text().strip()
    return OctoPrintHost(options.url, key, allowed_networks=options.network or PRIVATE_NETWORKS)


def _status(options: argparse.Namespace) -> int:
    host = _host(options)
    version, status = host.version(), host.status()
    print(f"{version.text}: {status.text}")
    if status.error:
        print(f"error: {status.error}")
    if status.file:
        done = f" {status.progress:.0%}" if status.progress is not None else ""
        print(f"file: {status.file}{done}")
    for part, (actual, target) in sorted(status.temperatures.items()):
        print(f"{part}: {actual} °C (target {target} °C)")
    return 0


def _files(options: argparse.Namespace) -> int:
    host = _host(options)
    for name in host.files():
        file = host.file(name)
        if file:
            print(f"{file.size:>12}  {file.successes:>3} good {file.failures:>3} failed  {name}")
    return 0


def _virtual(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with VirtualOctoPrint(options.dir, options.port, fast=not options.real_time) as octoprint:
        print(f"{octoprint.url}  key file: {octoprint.key_file}", flush=True)
        try:
            octoprint.wait_end()
        except KeyboardInterrupt:
            print("stopping")
            return 0
    raise RuntimeError("OctoPrint ended by itself")


if __name__ == "__main__":
    sys.exit(main())
