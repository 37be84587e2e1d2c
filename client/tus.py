"""Uploading a sealed file over tus 1.0: in parts with checksums, resumed where it stopped.

It must not read anything but the file it is given, and never starts over what is kept already.
"""

import asyncio
import base64
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from client import clock
from client.errors import Declined, Unreachable
from client.http import Service

VERSION = "1.0.0"
PART = 16 << 20
"""Bytes of one part; each is hashed by us and checked by the service."""
_PIECE = 1 << 20
Progress: TypeAlias = Callable[[int], None]
_HEADERS = {"tus-resumable": VERSION}
_LINE_BROKEN = frozenset({"uploads.cut", "uploads.taken_over", "uploads.checksum"})


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a sealed file is for."""

    project: str
    section: str
    envelope: int

    def metadata(self) -> str:
        """Write the Upload-Metadata header."""
        told = {
            "project": self.project,
            "section": self.section,
            "envelope": str(self.envelope),
        }
        return ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items()
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """Bytes of an open file, read anew each time they are sent.

    An answered request stays until the garbage is collected, and would keep its bytes with it.
    """

    descriptor: int
    at: int
    size: int

    def digest(self) -> bytes:
        """Return the hash of the bytes, reading them."""
        found = hashlib.sha256()
        for place, count in self._pieces():
            found.update(os.pread(self.descriptor, count, place))
        return found.digest()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the bytes in pieces."""
        for place, count in self._pieces():
            yield await asyncio.to_thread(os.pread, self.descriptor, count, place)

    def _pieces(self) -> list[tuple[int, int]]:
        end = self.at + self.size
        return [(place, min(_PIECE, end - place)) for place in range(self.at, end, _PIECE)]


async def create(service: Service, purpose: Purpose, length: int) -> str:
    """Create an upload and return its id; one made twice because the line broke just expires."""
    headers = {
        **_HEADERS,
        "upload-length": str(length),
        "upload-metadata": purpose.metadata(),
    }
    answer = await service.request("POST", "/api/uploads", headers=headers)
    return urlsplit(answer.headers["location"]).path.rsplit("/", 1)[-1]


async def offset(service: Service, upload: str) -> int:
    """Ask how much of an upload is kept."""
    answer = await service.request("HEAD", _path(upload), headers=_HEADERS)
    return int(answer.headers["upload-offset"])


async def send(service: Service, upload: str, path: Path, progress: Progress | None = None) -> None:
    """Send what is missing of a file, until all of it is kept.

    Raises:
        Declined: the service refused it for good.
        Unreachable: the line stayed broken.
    """
    patience = clock.ticks() + service.patience
    with path.open("rb", buffering=0) as file:
        length = file.seek(0, os.SEEK_END)
        kept = await offset(service, upload)
        while kept < length:
            part = _Part(file.fileno(), kept, min(PART, length - kept))
            try:
                kept = await _send_part(service, upload, part)
                patience = clock.ticks() + service.patience
            except (Declined, Unreachable) as error:
                if not _may_go_on(error) or clock.ticks() > patience:
                    raise
                await asyncio.sleep(0.2)
                kept = await offset(service, upload)
            if progress is not None:
                progress(kept)


async def drop(service: Service, upload: str) -> None:
    """Give an upload up."""
    await service.request("DELETE", _path(upload), headers=_HEADERS)


async def _send_part(service: Service, upload: str, part: _Part) -> int:
    digest = await asyncio.to_thread(part.digest)
    headers = {
        **_HEADERS,
        "content-type": "application/offset+octet-stream",
        "content-length": str(part.size),
        "upload-offset": str(part.at),
        "upload-checksum": "sha256 " + base64.b64encode(digest).decode(),
    }
    answer = await service.request(
        "PATCH", _path(upload), content=part, headers=headers, again=False
    )
    return int(answer.headers["upload-offset"])


def _may_go_on(error: Declined | Unreachable) -> bool:
    """Tell whether what is kept can be asked for and the rest be sent."""
    if isinstance(error, Unreachable):
        return True
    return error.code in _LINE_BROKEN or error.status in {409, 423}


def _path(upload: str) -> str:
    return f"/api/uploads/{upload}"
