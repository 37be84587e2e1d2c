"""A running service with a tender that takes bids, and what tests of uploads ask of it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.opening.parties import Party
from tests.web import tender
from tests.web.service import LIMITS, Running, settings
from tests.web.tender import Tender


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

    def clear(self) -> None:
        for about in list(self.service.services.files.uploads()):
            self.service.services.files.drop(about.upload)

    @property
    def folder(self) -> Path:
        return self.service.settings.data_dir


@contextlib.contextmanager
def scene(folder: Path, world: Tender | None = None, **limits: Any) -> Iterator[Scene]:
    """Run a service on a tender, a published one unless another is given."""
    told = world or Tender().open_up()
    chosen = LIMITS.model_copy(update=limits)
    with Running(settings(told.folder(folder), limits=chosen)) as service:
        service.clock.moment = told.now
        yield Scene(service, told)
