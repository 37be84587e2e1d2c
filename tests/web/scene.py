"""A running service with a tender that takes bids, and what tests of uploads ask of it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from record.events import Event, Stamp
from tests import waiting
from tests.opening.parties import Party
from tests.web import tender
from tests.web.service import LIMITS, Running, settings
from tests.web.tender import Tender
from web.clock import SetClock

E = TypeVar("E", bound=Event)


@dataclass
class Scene:
    """The service, and the tender as it stood when the service started."""

    service: Running
    world: Tender

    @property
    def http(self) -> httpx.Client:
        return self.service.http

    @property
    def bidder(self) -> Party:
        return self.world.bidder[1]

    def create(self, length: int, who: Party | None = None, **more: str) -> str:
        """Create an upload and return its path."""
        return tender.place_of(tender.create(self.http, who or self.bidder, length, **more))

    def patch(self, where: str, offset: int, content: bytes, **more: str) -> httpx.Response:
        return tender.patch(self.http, self.bidder, where, offset, content, **more)

    def offset(self, where: str) -> int:
        answer = self.http.head(where, headers=tender.tus(self.bidder))
        assert answer.status_code == 200, answer.text
        return int(answer.headers["upload-offset"])

    def content(self, where: str) -> bytes:
        """Return what is kept of an upload."""
        return (self.folder / "uploads" / where.rsplit("/", 1)[1] / "data").read_bytes()

    def kept(self) -> int:
        """Return how many uploads there are."""
        return len(list(self.service.services.files.uploads()))

    def events(self) -> list[tuple[Event, Stamp]]:
        """Return what happened since the service started, as its record has it by now."""
        return tender.read_record(self.folder)[len(self.world.record) :]

    def wait_for(self, kind: type[E], number: int = 1) -> list[E]:
        """Wait until the record has that many events of a kind since the start."""

        def look() -> list[E] | None:
            found = [event for event, _ in self.events() if isinstance(event, kind)]
            return found if len(found) >= number else None

        return waiting.wait_for(look)

    def clear(self) -> None:
        for about in list(self.service.services.files.uploads()):
            self.service.services.files.drop(about.upload)

    @property
    def folder(self) -> Path:
        return self.service.settings.data_dir


@contextlib.contextmanager
def scene(
    folder: Path, world: Tender | None = None, changes: dict[str, Any] | None = None, **limits: Any
) -> Iterator[Scene]:
    """Run a service on a tender, a published one unless another is given."""
    told = world or Tender().open_up()
    told.folder(folder)
    with going_on(folder, told, changes, **limits) as made:
        yield made


@contextlib.contextmanager
def going_on(
    folder: Path, world: Tender, changes: dict[str, Any] | None = None, **limits: Any
) -> Iterator[Scene]:
    """Run a service on a folder that a tender was written into before."""
    chosen = settings(folder, limits=LIMITS.model_copy(update=limits), **(changes or {}))
    with Running(chosen, SetClock(world.now)) as service:
        yield Scene(service, world)
