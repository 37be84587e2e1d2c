"""The files of an opened bid as its committee reads them; what arrives is checked by its hash.

It must not write over a file, nor keep half of one.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from client.durable import PRIVATE
from client.errors import NotTrusted, Unusable
from client.seat import Seat

Row = dict[str, Any]


async def list_files(seat: Seat, project: str, section: str, bid: str) -> list[Row]:
    """Return what the package of a bid holds, each with number, path, size, hash and kind."""
    told = await seat.service.get(_path(project, section, bid))
    rows: list[Row] = told["items"]
    return rows


async def list_blind(seat: Seat, project: str, section: str) -> list[Row]:
    """Return the blind parts of a section's bids, each by its alias, with its files."""
    told = await seat.service.get(f"/api/projects/{project}/sections/{section}/blind")
    rows: list[Row] = told["items"]
    return rows


async def read_blind(seat: Seat, of: tuple[str, str, str], number: int) -> bytes:
    """Return the content of a file of a blind part; no hash of it is told before the lock.

    Args:
        seat: a member's, or the supervisor's.
        of: project, section and alias.
        number: as the list numbers it.
    """
    project, section, alias = of
    path = f"/api/projects/{project}/sections/{section}/blind/{alias}/files/{number}"
    return await seat.service.get_bytes(path)


async def fetch_blind(seat: Seat, of: tuple[str, str, str], number: int, to: Path) -> None:
    """Fetch a file of a blind part to this machine, as `fetch_file` does."""
    content = await read_blind(seat, of, number)
    with _written(to) as file:
        file.write(content)


async def fetch_file(seat: Seat, of: tuple[str, str, str], number: int, to: Path) -> Row:
    """Fetch one file to this machine and return what the list says of it.

    Args:
        seat: a member's, or the supervisor's.
        of: project, section and bid.
        number: as the list numbers it.
        to: where it is written, readable by its owner alone.

    Raises:
        Unusable: there is no such number, or something is there already.
        NotTrusted: what came is not what the list says.
    """
    rows = await list_files(seat, *of)
    row = next((one for one in rows if one["n"] == number), None)
    if row is None:
        raise Unusable("the bid has no such file", f"{number} of {len(rows)}")
    with _written(to) as file:
        digest = hashlib.sha256()
        async with seat.service.streaming(f"{_path(*of)}/{number}") as answer:
            async for piece in answer.aiter_bytes():
                digest.update(piece)
                file.write(piece)
        _check(digest.hexdigest(), row)
    return row


def _check(sha256: str, row: Row) -> None:
    if sha256 != row["sha256"]:
        raise NotTrusted("what came is not the file that the list names")


@contextmanager
def _written(to: Path) -> Iterator[IO[bytes]]:
    """Give a new file to write; it is gone again where that goes wrong."""
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except OSError as error:
        raise Unusable("the file cannot be written", f"{to}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def _path(project: str, section: str, bid: str) -> str:
    return f"/api/projects/{project}/sections/{section}/bids/{bid}/files"
