"""R17: every route x seat x phase has its status in a literal table; a route without a row fails."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from opening.messages import Periods
from tests.faults.route_table import TABLE
from tests.faults.routes import asks, fill, routes_of
from tests.opening.parties import Party
from tests.opening.world import FIRST
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender

PHASES = ("draft", "open", "closed", "opening", "ended")
ELSEWHERE = {"SOCKET /rooms/{project}", "MOUNT /static"}
"""Tested with the rooms and with the pages."""


def tender_in(phase: str) -> Tender:
    """Return a tender in a phase."""
    world = Tender(changes={"periods": Periods(tender=0, outage=0)})
    if phase == "draft":
        return world.draft()
    world.open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    if phase == "open":
        return world
    world.now = world.deadline
    world.serve()
    if phase == "closed":
        return world
    world.reads_out()
    if phase == "opening":
        return world
    world.now = world.state.sessions[FIRST].windows["objections"]
    world.serve_minutes()
    world.ends()
    return world


@contextlib.contextmanager
def served(folder: Path, phase: str) -> Iterator[Scene]:
    with scene(folder, tender_in(phase)) as made:
        yield made


def seats(world: Tender) -> dict[str, Party | None]:
    """Return who asks, in the order of the table's columns."""
    return {
        "nobody": None,
        "stranger": STRANGER,
        "bidder": world.bidder[1],
        "clerk": world.clerk,
        "custodian": world.custodians[0],
        "timekeeper": world.timekeeper,
        "supervisor": world.supervisor,
        "administrator": ADMINISTRATOR,
    }


def matrix(service: Scene) -> dict[str, str]:
    """Ask for every route in every seat; returns the statuses of each route, seat by seat."""
    upload = "0" * 32
    begun = tender.create(service.http, service.bidder, 1)
    if begun.status_code == 201:
        upload = tender.place_of(begun).rsplit("/", 1)[1]
    found: dict[str, list[str]] = {}
    for who in seats(service.world).values():
        for name, ask in asks(service.world, upload).items():
            method, path = name.split(" ")
            headers = {**(tender.headers(who) if who else {}), **(ask.headers or {})}
            answer = service.http.request(
                method,
                fill(path, ask.path),
                json=ask.json,
                data=ask.data,
                headers=headers,
                params=ask.params,
            )
            found.setdefault(name, []).append(str(answer.status_code))
    return {name: " ".join(statuses) for name, statuses in found.items()}


@pytest.mark.parametrize("phase", PHASES)
def test_every_route_answers_every_seat_as_the_table_says(tmp_path: Path, phase: str) -> None:
    with served(tmp_path, phase) as service:
        found = matrix(service)
        routes = set(routes_of(service.service.app)) - ELSEWHERE
    assert routes == TABLE.keys()
    assert found.keys() == TABLE.keys()
    place = PHASES.index(phase)
    expected = {name: row[place if len(row) > 1 else 0] for name, row in TABLE.items()}
    wrong = {
        name: (statuses, expected[name])
        for name, statuses in found.items()
        if statuses != expected[name]
    }
    assert wrong == {}
