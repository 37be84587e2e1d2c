"""The guides of docs/guide as pages, one for each role; it must not serve any other file."""

import asyncio
import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from fastapi import APIRouter
from fastapi import Path as InPath
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from record.errors import NotFound
from web import packages
from web.deps import Perhaps
from web.pages import PageRoute
from web.rendering import page, page_language
from web.texts import Language

router = APIRouter(tags=["pages"], route_class=PageRoute, include_in_schema=False)

Role = Literal["bidder", "clerk", "custodian", "expert", "supervisor", "administrator", "public"]
Folder = Literal["zh", "en"]
PictureName = Annotated[str, InPath(pattern=r"^[a-z]+-[a-z]+\.png$")]
GUIDES = packages.ROOT / "docs" / "guide"
FOLDERS: Final[Mapping[Language, Folder]] = {"zh-CN": "zh", "en": "en"}
_DAY = "public, max-age=86400"


@router.get("/guide")
async def guides(request: Request, who: Perhaps) -> Response:
    """List the guides, each with its title and how it begins."""
    folder = FOLDERS[page_language(request)]
    begin = await asyncio.to_thread(lambda: [(role, *_begin(folder, role)) for role in _roles()])
    return page(request, "guides.html", who, guides=begin)


@router.get("/guide/{role}")
async def guide(request: Request, who: Perhaps, role: Role) -> Response:
    """Show a guide in the visitor's language."""
    folder = FOLDERS[page_language(request)]
    title, content = await asyncio.to_thread(
        lambda: (_begin(folder, role)[0], rendered(_text(folder, role), folder))
    )
    return page(request, "guide.html", who, title=title, content=content)


@router.get("/guide/pictures/{folder}/{name}")
async def picture(folder: Folder, name: PictureName) -> Response:
    """Return a picture of a guide."""
    path = GUIDES / folder / "pictures" / name
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("downloads.unknown")
    return FileResponse(path, media_type="image/png", headers={"cache-control": _DAY})


@cache
def rendered(text: str, folder: Folder) -> Markup:
    """Return a guide as HTML, its links and pictures where this service has them.

    Raw HTML in the text is shown as text.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    for token in _all(tokens):
        if token.type == "image":
            name = Path(str(token.attrGet("src"))).name
            token.attrSet("src", f"/guide/pictures/{folder}/{name}")
            # only of pictures whose room is known does a browser leave those below for later
            token.attrSet("loading", "lazy")
            for side, length in _sides(GUIDES / folder / "pictures" / name).items():
                token.attrSet(side, str(length))
        elif token.type == "link_open":
            token.attrSet("href", f"/guide/{Path(str(token.attrGet('href'))).stem}")
        elif token.type == "table_open":
            token.attrSet("class", "table")
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - our own text, its HTML escaped


def _sides(path: Path) -> dict[str, int]:
    """Return width and height of a picture, pixels, from its first chunk (PNG, 11.2.1)."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        width, height = struct.unpack(">16x2I", file.read(24))
    return {"width": width, "height": height}


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _roles() -> tuple[Role, ...]:
    return get_args(Role)


def _text(folder: Folder, role: Role) -> str:
    path = GUIDES / folder / f"{role}.md"
    return _read(path, path.stat().st_mtime_ns)


def _begin(folder: Folder, role: Role) -> tuple[str, str]:
    """Return a guide's title and its first paragraph."""
    title, about, *_ = _text(folder, role).split("\n\n")
    return title.removeprefix("# "), about


@cache
def _read(path: Path, changed: int) -> str:
    del changed
    return path.read_text(encoding="utf-8")
