"""What people take home, each with its size and hash: sealer, verifier, command line, formats.

It must not serve anything that is not in its list, and no program as a page of this site.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from record.errors import NotFound
from web import packages
from web.bundles import DIST
from web.deps import Perhaps
from web.downloads import attachment
from web.pages import PageRoute
from web.rendering import page
from web.static_files import FOLDER

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

Kind = Literal["sealer", "verifier", "wheel"]
PACKAGES = FOLDER / "downloads"
"""Where `python -m web.packages` puts what it makes."""
SEALER = DIST / "kaibiao-sealer.html"
DOCUMENTS = ("record-format.md", "sealing.md")
"""What a program of somebody else's needs to know."""
DOCS = packages.ROOT / "docs"


@dataclass(frozen=True, slots=True)
class Offered:
    """A program to take home."""

    kind: Kind
    path: Path
    size: int
    sha256: str


@router.get("/downloads")
async def downloads(request: Request, who: Perhaps) -> Response:
    """Show what there is to take home."""
    found = await asyncio.to_thread(lambda: {one.kind: one for one in offered()})
    return page(request, "public_downloads.html", who, found=found)


@router.get("/downloads/{name}")
async def download(name: str) -> Response:
    """Return a program to be saved, or a document to be read."""
    if name in DOCUMENTS:
        return FileResponse(DOCS / name, media_type="text/plain; charset=utf-8")
    paths = await asyncio.to_thread(lambda: {path.name: path for _, path in _programs()})
    if name not in paths:
        raise NotFound("downloads.unknown")
    return attachment(paths[name], name)


def offered() -> Iterator[Offered]:
    """Give the programs that were built, with their hashes as they are on disk."""
    for kind, path in _programs():
        told = path.stat()
        yield Offered(kind, path, told.st_size, _sha256(path, told.st_mtime_ns, told.st_size))


def _programs() -> Iterator[tuple[Kind, Path]]:
    """Give those programs that were built."""
    if SEALER.exists():
        yield "sealer", SEALER
    if (PACKAGES / packages.VERIFIER).exists():
        yield "verifier", PACKAGES / packages.VERIFIER
    for wheel in PACKAGES.glob("kaibiao-*.whl"):
        yield "wheel", wheel


@cache
def _sha256(path: Path, changed: int, size: int) -> str:
    del changed, size
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
