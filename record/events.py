"""What an entry of a record is, and the base of every event; reads no clock and no store."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crypto import canonical

Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""16 bytes in hex: an id."""
Hex64 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""32 bytes in hex: a hash, a scalar, a key id."""
HexBytes = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$", max_length=1 << 20)]
Millis = Annotated[int, Field(ge=0, lt=1 << 53)]
"""A moment, milliseconds since 1970 UTC."""
Amount = Annotated[int, Field(ge=0, lt=1 << 53)]
"""Money in minor units of the project's currency."""
Size = Annotated[int, Field(ge=0, lt=1 << 53)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""One line of text as a person writes it."""
Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Account = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
OrganisationId = Hex32
"""Organisations are named by the registry's id; their names travel beside it where people read."""
BODY_LIMIT = 24 << 20
"""The largest body read back, bytes: a message of 16 MiB and what base64 adds to it."""


class Frozen(BaseModel):
    """A value that was checked once, has no unknown field and never changes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Event(Frozen):
    """Something that happened; its canonical bytes are what the record keeps."""

    type: str

    def body(self) -> bytes:
        """Return the canonical bytes of the fields, the type left out, absent fields left out."""
        return canonical.dumps(self.model_dump(mode="json", exclude={"type"}, exclude_none=True))

    @classmethod
    def from_body(cls, body: bytes) -> Self:
        """Read an event of this class back; raises ValueError when these are not its bytes."""
        canonical.loads(body, limit=BODY_LIMIT)
        return cls.model_validate_json(body)


class Signed(Frozen):
    """A DSSE envelope as it was received; `crypto.signatures` reads and checks it."""

    class Signature(Frozen):
        """One signature of an envelope."""

        keyid: Hex64
        sig: Annotated[str, StringConstraints(max_length=200)]

    payload: Annotated[str, StringConstraints(max_length=16 << 20)]
    payloadType: Annotated[str, StringConstraints(max_length=100)]  # noqa: N815 - DSSE's own name
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account of the registry, and the seat it acts from, if any."""

    SERVICE: ClassVar[str] = "service"

    account: str
    seat: str | None = None

    @property
    def is_service(self) -> bool:
        """Tell whether the service itself acts, on one of its duties."""
        return self.account == self.SERVICE


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the record adds to an event: its number, its moment and who acted.

    Args:
        seq: 1, 2, 3 ... without gaps within the project.
        at: milliseconds UTC, never before the entry before.
        command: the id of the command it came from.
    """

    seq: int
    at: int
    actor: Actor
    command: str
