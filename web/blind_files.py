"""The blind parts 暗标 of bids, by their aliases: for the committee that marks them.

Nothing here tells whose a blind part is before the marks are locked: no bid, no name and no hash of
a file, nor how long its bid took to open, since all are opened before any is listed.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from evaluation import blind_files
from project.state import ProjectState
from record.errors import NotFound
from rooms.opened_files import aliases, bid_under
from web.deps import ProjectId, ServicesDep, Visitor, Who
from web.downloads import SectionName
from web.exports import note_view
from web.file_answers import Named, answered, described, take_turn
from web.opened_files import FileNumber, may_read, still_may_read
from web.opened_packages import OpenedPackage
from web.readers import Unreadable
from web.services import Services

router = APIRouter(tags=["evaluation"])
BLIND = "/api/projects/{project}/sections/{section}/blind"
BLIND_FILE = BLIND + "/{alias}/files/{n}"
AliasName = Annotated[str, Path(pattern=r"^[A-Z]{1,3}$")]


@router.get(BLIND)
async def list_blind(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName
) -> dict[str, Any]:
    """List the blind parts of a section's bids, each by its alias, with its files."""
    state = await _reading(services, who, project, section)
    packages = await _packages(services, state, section)
    return {
        "items": [
            {
                "alias": alias,
                "files": [] if package is None else _told(alias, package),
                "unreadable": package is None,
            }
            for alias, package in packages.items()
        ],
    }


@router.head(BLIND_FILE)
async def ask_blind(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    alias: AliasName,
    n: FileNumber,
) -> Response:
    """Tell the size of a file of a blind part without reading it."""
    state = await _reading(services, who, project, section)
    package, place, named = await _file(services, state, (section, alias), n)
    return described(package.files[place].size, named)


@router.get(BLIND_FILE)
async def read_blind(
    request: Request,
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    alias: AliasName,
    n: FileNumber,
) -> Response:
    """Read a file of a blind part, or one part of it; decrypted as it is read."""
    take_turn(services, who)
    state = await _reading(services, who, project, section)
    wanted = await _file(services, state, (section, alias), n)

    async def still() -> bool:
        return await still_may_read(services, who, project, section)

    return await answered(request, services, who, wanted, still)


async def _reading(services: Services, who: Visitor, project: str, section: str) -> ProjectState:
    """Return the project for somebody who may read; a supervisor's reading is recorded first.

    The entry names neither an alias nor a bid: only that files were looked at.
    """
    state, reader = await may_read(services, who, project, section)
    aliases(state, section)
    if reader == "supervisor":
        await note_view(services, state, who, "files")
    return state


async def _packages(
    services: Services, state: ProjectState, section: str
) -> dict[str, OpenedPackage | None]:
    """Return the packages behind all aliases, every one opened; None where one cannot be read."""
    found: dict[str, OpenedPackage | None] = {}
    for alias in aliases(state, section):
        bid = bid_under(state, section, alias)
        try:
            found[alias] = await services.packages.package(state.opening, bid)
        except Unreadable:
            found[alias] = None
    return found


async def _file(
    services: Services, state: ProjectState, of: tuple[str, str], n: int
) -> tuple[OpenedPackage, int, Named]:
    """Return a file of a blind part by its place in its package, and under its neutral name.

    Refusals: blind.no_such_alias, reading.no_such_file, reading.lost, reading.damaged.
    """
    section, alias = of
    bid = bid_under(state, section, alias)
    package = await services.packages.package(state.opening, bid)
    places = _places(package)
    if n >= len(places):
        raise NotFound("reading.no_such_file")
    place = places[n]
    draw = state.evaluation.evaluations[section].marking.draw
    name = blind_files.neutral(alias, n + 1, package.files[place].path)
    return package, place, Named(name, f"{draw}-{alias}-{n}")


def _places(package: OpenedPackage) -> Sequence[int]:
    """Return the places of the files that are marked, in the order of their numbers."""
    place_of = {one.path: place for place, one in enumerate(package.files)}
    return [place_of[path] for path in blind_files.shown(place_of)]


def _told(alias: str, package: OpenedPackage) -> list[dict[str, str | int]]:
    files = [package.files[place] for place in _places(package)]
    return [
        {
            "n": n,
            "name": blind_files.neutral(alias, n + 1, one.path),
            "size": one.size,
            "kind": one.kind,
        }
        for n, one in enumerate(files)
    ]
