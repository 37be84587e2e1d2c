"""Rules small enough to see through: a purse that takes coins and may not be overdrawn."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal

from record.errors import NotValid, TooLate
from record.events import Actor, Event, Stamp
from record.rules import Command, Given


class CoinsAdded(Event):
    type: Literal["toy.coins_added"] = "toy.coins_added"
    coins: int
    note: str | None = None


class CoinsTaken(Event):
    type: Literal["toy.coins_taken"] = "toy.coins_taken"
    coins: int


class PurseClosed(Event):
    type: Literal["toy.purse_closed"] = "toy.purse_closed"


class Add(Command):
    type: Literal["toy.add"] = "toy.add"
    coins: int
    parts: int = 1
    note: str | None = None


class Take(Command):
    type: Literal["toy.take"] = "toy.take"
    coins: int


class Close(Command):
    type: Literal["toy.close"] = "toy.close"


class Nothing(Command):
    type: Literal["toy.nothing"] = "toy.nothing"


@dataclass(frozen=True, slots=True)
class Purse:
    project: str
    coins: int = 0
    entries: int = 0
    last_at: int = 0
    is_closed: bool = False


EVENTS: dict[str, type[Event]] = {
    "toy.coins_added": CoinsAdded,
    "toy.coins_taken": CoinsTaken,
    "toy.purse_closed": PurseClosed,
}


class PurseRules:
    """Pure, like all rules."""

    def initial(self, project: str) -> Purse:
        return Purse(project)

    def parse(self, event_type: str, body: bytes) -> Event:
        try:
            return EVENTS[event_type].from_body(body)
        except KeyError as error:
            raise ValueError(event_type) from error

    def evolve(self, state: Purse, event: Event, stamp: Stamp) -> Purse:
        state = replace(state, entries=stamp.seq, last_at=stamp.at)
        match event:
            case CoinsAdded():
                return replace(state, coins=state.coins + event.coins)
            case CoinsTaken():
                return replace(state, coins=state.coins - event.coins)
            case _:
                return replace(state, is_closed=True)

    def decide(self, state: Purse, command: Any, given: Given) -> tuple[Event, ...]:
        if state.is_closed:
            raise TooLate("toy.closed", received=given.received)
        match command:
            case Add():
                each = CoinsAdded(coins=command.coins, note=command.note)
                return (each,) * command.parts
            case Take():
                if command.coins > state.coins:
                    raise NotValid("toy.overdrawn", coins=state.coins)
                return (CoinsTaken(coins=command.coins),)
            case Close():
                return (PurseClosed(),)
            case _:
                return ()


def rules_for(_project: str) -> PurseRules:
    return PurseRules()


def given(command_id: str, received: int = 1_000, account: str = "ann") -> Given:
    fresh = hashlib.sha256(command_id.encode()).digest()
    return Given(Actor(account), received, command_id, fresh)


def digest(command: Command) -> bytes:
    return hashlib.sha256(command.model_dump_json().encode()).digest()


TRACE = {"address": "192.0.2.7", "session": "s-1"}


async def submit(desk: Any, project: str, command: Command, name: str, **more: Any) -> Any:
    """Submit a toy command under a command id."""
    received = more.pop("received", 1_000)
    return await desk.submit(
        project, command, given(name, received), digest=digest(command), trace=TRACE, **more
    )
