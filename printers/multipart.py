"""A multipart body that reads its file piece by piece; requests' own holds a whole upload in memory."""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

PIECE_BYTES = 256 * 1024


class FileForm:
    """Fields and one file, as `data=` of a request together with `headers=form.headers`.

    Having a length makes requests send Content-Length, without which OctoPrint takes no upload.
    Fields and names go in as they are: plain ASCII, as `checked_new_name` makes sure.
    """

    def __init__(self, fields: Mapping[str, str], name: str, file: Path) -> None:
        self._boundary = secrets.token_hex(16)
        self._file = file
        self._size = file.stat().st_size
        self._head = self._opening(fields, name).encode()
        self._tail = f"\r\n--{self._boundary}--\r\n".encode()

    @property
    def headers(self) -> dict[str, str]:
        """The content type with its boundary."""
        return {"Content-Type": f"multipart/form-data; boundary={self._boundary}"}

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        with self._file.open("rb") as content:
            while piece := content.read(PIECE_BYTES):
                yield piece
        yield self._tail

    def _opening(self, fields: Mapping[str, str], name: str) -> str:
        mark = f"--{self._boundary}\r\nContent-Disposition: form-data; name="
        head = "".join(f'{mark}"{key}"\r\n\r\n{value}\r\n' for key, value in fields.items())
        return f'{head}{mark}"file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
