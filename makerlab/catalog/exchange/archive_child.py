"""Child of `exchange.receiving`: is a stranger's ZIP what an export makes? Runs in a sandbox.

Says one JSON object, {} or {"error": code}. Reads every byte once, follows no path and writes nothing.
"""

import hashlib
import json
import re
import stat
import sys
import zipfile
import zlib

MOST_ENTRIES, MOST_UNPACKED, MOST_MANIFEST = 10_000, 512_000_000, 5_000_000
MOST_RATIO, SMALL = 100, 1_000_000  # what unpacks to more than a hundredfold is a bomb, unless it is small
MANIFEST = "manifest.json"
ENTRY = re.compile(r"files/([0-9a-f]{64})\.[0-9a-z]{1,4}")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1  # a flag of an entry
CHUNK = 1 << 20


class _Refused(Exception):
    pass


def main(path: str) -> None:
    try:
        _look(path)
        said = {}
    except _Refused as refused:
        said = {"error": refused.args[0]}
    except Exception:  # noqa: BLE001 (whatever a stranger's file does to a parser, it is unreadable)
        said = {"error": "unreadable"}
    print(json.dumps(said))  # noqa: T201


def _look(path: str) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _bounded(entries)
        for entry in entries:
            _known(entry)
        if len({entry.filename for entry in entries}) < len(entries):
            raise _Refused("foreign")
        if MANIFEST not in archive.namelist():
            raise _Refused("no_manifest")
        for entry in entries:
            _whole(archive, entry)


def _bounded(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _Refused("too_many")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _Refused("too_large")
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * entry.compress_size:
            raise _Refused("too_large")
        if entry.filename == MANIFEST and entry.file_size > MOST_MANIFEST:
            raise _Refused("too_large")


def _known(entry: zipfile.ZipInfo) -> None:
    """Only names that an export gives, plain files, nothing locked."""
    named = entry.filename in ("files/", MANIFEST) or ENTRY.fullmatch(entry.filename)
    link = stat.S_ISLNK(entry.external_attr >> 16)
    if not named or link or entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
        raise _Refused("foreign")


def _whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Its content has the hash that its name says."""
    digest = hashlib.sha256()
    try:
        with archive.open(entry) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _Refused("damaged") from error
    match = ENTRY.fullmatch(entry.filename)
    if match is not None and match[1] != digest.hexdigest():
        raise _Refused("damaged")


if __name__ == "__main__":
    main(sys.argv[1])
