"""What people take home, each with its size and hash: sealer, verifier, command line, formats.

It must not serve anything that is not in its list, and no program as a page of this site.
"""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from record.errors import NotFound
from web import packages
from web.deps import Perhaps
from web.downloads import attachment
from web.offered import offered, programs
from web.pages import PageRoute
from web.rendering import page

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

DOCUMENTS = ("record-format.md", "sealing.md")
"""What a program of somebody else's needs to know."""
DOCS = packages.ROOT / "docs"


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
    paths = await asyncio.to_thread(lambda: {path.name: path for _, path in programs()})
    if name not in paths:
        raise NotFound("downloads.unknown")
    return attachment(paths[name], name)
