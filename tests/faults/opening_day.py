"""An opening held over HTTP against a service that may die at every step of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from opening import order
from opening.messages import MinutesSignature, Periods
from record.entries import GENESIS, Entry, check_entry
from tests.faults.process import PACE, ServiceProcess
from tests.opening.parties import Party
from tests.opening.world import FIRST, PROJECT, SECTION
from tests.web import tender
from tests.web.tender import Tender

PROGRAM = Path(__file__).with_name("dying.py")
PLACE = {"section": SECTION, "envelope": 1}
PATIENCE = 1000
"""How many looks a duty gets to be done."""
Step = tuple[Party, dict[str, Any]]


def with_bids() -> Tender:
    """Return a tender just before its deadline, with a replaced and a withdrawn bid."""
    changes = {"periods": Periods(tender=0, outage=0)}
    world = Tender(bidders=4, co_open=True, changes=changes).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.bid(1)
    world.withdraw(4, list(world.sealed)[3])
    return world


@dataclass
class Day:
    """One opening; dies as its service is told to, and goes on each time."""

    folder: Path
    when: str = "never"
    every: int = 1
    deaths: int = 0
    world: Tender = field(default_factory=with_bids)

    def hold(self) -> None:
        """Hold all of it, whatever the service dies of."""
        self.world.folder(self.folder)
        self._set_clock(self.world.now)
        environment = {
            "DYING_WHEN": self.when,
            "DYING_EVERY": str(self.every),
            "DYING_FOLDER": str(self.folder),
        }
        program = (str(PROGRAM),)
        with ServiceProcess(self.folder, program=program, environment=environment) as self.service:
            self._pass_time(max(self.world.now, self.world.deadline))
            for make in self._acts():
                for number, (who, body) in enumerate(make()):
                    self._post(who, body, f"{make.__name__}-{number}")
            assert self.service.internal_errors() == []
            self.service.stop()

    def record(self) -> list[Entry]:
        """Return the record once the service is gone, its chain checked."""
        entries, head = tender.entries_of(self.folder, PROJECT), GENESIS
        for entry in entries:
            check_entry(entry, head)
            head = entry.head
        return entries

    def _acts(self) -> list[Callable[[], Iterator[Step]]]:
        return [self.announce, self.secrets, self.decrypt, self.read_out, self.minutes]

    def announce(self) -> Iterator[Step]:
        self._until(lambda: self._session().intact is not None)
        for who in (self.world.clerk, self.world.bidder[1], self.world.custodians[0]):
            yield who, {"type": "opening.sign_in", **PLACE, "role": who.role}
        yield self.world.clerk, {"type": "opening.announce_session", **PLACE}

    def secrets(self) -> Iterator[Step]:
        yield self.world.clerk, {"type": "opening.open_window", **PLACE, "window": "secrets"}
        for bid in order.due_bids(self.world.state, FIRST):
            secret = self.world.bidder_secret(bid.bid).hex()
            body = {"type": "opening.release_secret", "bid": bid.bid, "secret": secret}
            yield self._party(bid.account), body

    def decrypt(self) -> Iterator[Step]:
        world = self.world
        self._follow()
        message = world.clerk.sign(world.order_message()).model_dump(mode="json")
        yield world.clerk, {"type": "opening.issue_order", "message": message}
        for i in (1, 2, 0):
            self._follow()
            message = world.signed_partial(i).model_dump(mode="json")
            kind = "opening.post_partial" if i else "opening.release_key"
            yield world.holder(i), {"type": kind, "message": message}

    def read_out(self) -> Iterator[Step]:
        clerk = self.world.clerk
        self._until(lambda: self._session().stage == "read_out")
        yield clerk, {"type": "opening.read_out", **PLACE}
        yield clerk, {"type": "opening.open_window", **PLACE, "window": "confirm"}
        self._follow()
        for bid in order.due_bids(self.world.state, FIRST):
            yield self._party(bid.account), {"type": "opening.confirm_line", "bid": bid.bid}
        yield clerk, {"type": "opening.open_window", **PLACE, "window": "objections"}

    def minutes(self) -> Iterator[Step]:
        self._follow()
        self._pass_time(self._session().windows["objections"])
        self._until(lambda: self._session().minutes is not None)
        minutes = self._session().minutes
        assert minutes is not None
        message = MinutesSignature.model_validate(
            {"v": 1, "project": PROJECT, **PLACE, "facts": minutes.facts, "pdf": minutes.pdf}
        )
        for who in (self.world.clerk, self.world.supervisor, self.world.bidder[2]):
            signed = who.sign(message).model_dump(mode="json")
            yield who, {"type": "opening.sign_minutes", **PLACE, "message": signed}
        yield self.world.clerk, {"type": "opening.end_session", **PLACE}

    def _party(self, account: str) -> Party:
        everybody = (*self.world.people, *self.world.experts)
        return next(one for one in everybody if one.account == account)

    def _session(self) -> Any:
        return self.world.state.sessions[FIRST]

    def _post(self, who: Party, body: dict[str, Any], key: str) -> None:
        """Post a command until it is answered; each time with the same id."""
        while True:
            try:
                answer = tender.command(self.service.http, who, body, key)
            except httpx.TransportError:
                self._revive()
                continue
            assert answer.status_code == 200, (body, answer.text)
            return

    def _until(self, is_so: Callable[[], bool]) -> None:
        """Wait until the service did its duties, however often it dies of them."""
        for _ in range(PATIENCE):
            self._follow()
            if FIRST in self.world.state.sessions and is_so():
                return
            if self.service.ended(PACE):
                self._revive()
        raise AssertionError(self._session())

    def _revive(self) -> None:
        self.deaths += 1
        self.service.kill()
        self.service.begin()
        while not self.service.answers():
            if self.service.ended(PACE):
                self.deaths += 1
                self.service.begin()

    def _pass_time(self, moment: int) -> None:
        self.world.now = moment
        self._set_clock(moment)

    def _set_clock(self, moment: int) -> None:
        draft = self.folder / "clock.new"
        draft.write_text(str(moment))
        draft.rename(self.folder / "clock")

    def _follow(self) -> None:
        """Fold what the service has on its record by now, beside it."""
        self.world.follow(tender.read_record(self.folder))
