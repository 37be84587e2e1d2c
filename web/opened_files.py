"""The files of opened bids, for the committee that judges them and the supervisor that watches it.

They are answered as bytes to a program, never as a page: no browser shows them as ours, runs a
script in them or guesses what they are. What a supervisor reads is recorded, as all its looking is.
What belongs to a blind part is not among them before the marks are locked; `web.blind_files` gives
it by alias. It comes last, so that every file has one number before and after.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from evaluation.blind_files import is_blind
from project.state import ProjectState
from record.errors import NotFound, Refused
from rooms.opened_files import (
    Reader,
    has_blind_parts,
    hides_blind,
    readable,
    readable_bid,
    reader_of,
)
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.downloads import DocumentId, SectionName
from web.exports import note_view
from web.file_answers import Named, answered, described, take_turn
from web.opened_packages import OpenedFile, OpenedPackage
from web.services import Services

router = APIRouter(tags=["evaluation"])
FILES = "/api/projects/{project}/sections/{section}/bids/{bid}/files"
FileNumber = Annotated[int, Path(ge=0, le=100_000)]


@router.get(FILES)
async def list_files(
    services: ServicesDep, who: Who, project: ProjectId, section: SectionName, bid: DocumentId
) -> dict[str, Any]:
    """List what the package of an opened bid holds, and which bids of its bidder may be read."""
    state, package = await _package(services, who, (project, section, bid))
    bids = readable(state, section)
    places = places_of(state, section, package)
    return {
        "bid": bid,
        "envelopes": [
            {"envelope": state.opening.bids[one].place[1], "bid": one}
            for one, judged in bids.items()
            if judged == bids[bid]
        ],
        "items": [_told(n, package.files[place]) for n, place in enumerate(places)],
    }


@router.head(FILES + "/{n}")
async def ask_file(
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    bid: DocumentId,
    n: FileNumber,
) -> Response:
    """Tell the size and the hash of a file without reading it."""
    state, package = await _package(services, who, (project, section, bid))
    wanted = package.files[_place(places_of(state, section, package), n)]
    return described(wanted.size, _named(wanted))


@router.get(FILES + "/{n}")
async def read_file(
    request: Request,
    services: ServicesDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    bid: DocumentId,
    n: FileNumber,
) -> Response:
    """Read a file of an opened bid, or one part of it; decrypted as it is read."""
    take_turn(services, who)
    state, package = await _package(services, who, (project, section, bid))
    place = _place(places_of(state, section, package), n)

    async def still() -> bool:
        return await still_may_read(services, who, project, section)

    wanted = package, place, _named(package.files[place])
    return await answered(request, services, who, wanted, still)


async def may_read(
    services: Services, who: Visitor, project: str, section: str
) -> tuple[ProjectState, Reader]:
    """Return the project for somebody who may read in a section, and as what.

    Refusals: those of `reader_of`.
    """
    state = await project_state(services, project)
    return state, reader_of(state, section, who.account, roles_in(state, who.account))


async def still_may_read(services: Services, who: Visitor, project: str, section: str) -> bool:
    """Tell whether somebody may go on reading."""
    try:
        await may_read(services, who, project, section)
    except Refused:
        return False
    return True


async def _package(
    services: Services, who: Visitor, name: tuple[str, str, str]
) -> tuple[ProjectState, OpenedPackage]:
    """Return a package for somebody who may read it; a supervisor's reading is recorded first.

    Refusals: those of `reader_of`, bids.unknown, reading.lost, reading.damaged.
    """
    project, section, bid = name
    state, reader = await may_read(services, who, project, section)
    readable_bid(state, section, bid)
    if reader == "supervisor":
        await note_view(services, state, who, "files")
    return state, await services.packages.package(state.opening, bid)


def places_of(state: ProjectState, section: str, package: OpenedPackage) -> list[int]:
    """Return the places of the files that are told of by bid, in the order of their numbers.

    What belongs to a blind part is not among them before the lock, and comes last afterwards.
    """
    places = range(len(package.files))
    if not has_blind_parts(state, section):
        return list(places)
    hidden = [place for place in places if is_blind(package.files[place].path)]
    first = [place for place in places if place not in set(hidden)]
    return first if hides_blind(state, section) else [*first, *hidden]


def _place(places: list[int], n: int) -> int:
    if n >= len(places):
        raise NotFound("reading.no_such_file")
    return places[n]


def _told(n: int, one: OpenedFile) -> dict[str, str | int]:
    return {"n": n, "path": one.path, "size": one.size, "sha256": one.sha256, "kind": one.kind}


def _named(wanted: OpenedFile) -> Named:
    return Named(wanted.path.rpartition("/")[2], wanted.sha256)
