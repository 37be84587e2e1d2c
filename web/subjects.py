"""Which entries of a record are about which ceremony, key or notice; only numbers, in memory."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from crypto import canonical
from crypto.sealing import sid as sid_of
from opening import events as opening
from opening.envelopes import payload
from opening.terms import BidsOpenedUp, DeadlineMoved
from project.events import Amended, NoticePublished
from record.desk import Desk
from record.events import Event, Signed

PAGE = 500

_IN_CEREMONY = (
    opening.CeremonyJoined,
    opening.CeremonyDealt,
    opening.CeremonyCertified,
    opening.CeremonyAborted,
    opening.KeyErased,
)
_PUBLIC = (NoticePublished, Amended, DeadlineMoved, BidsOpenedUp)


@dataclass(slots=True)
class _Known:
    read: int = 0
    seqs: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class Subjects:
    """Reads each record once, and on from there when it is asked again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, _Known] = {}

    async def seqs(self, project: str, names: Iterable[str]) -> list[int]:
        """Return the numbers of the entries about any of these, ascending."""
        known = self._known.setdefault(project, _Known())
        while found := await self._desk.read(project, known.read, PAGE):
            for recorded in found:
                # two readers at once come by the same entries; the first one notes them
                if recorded.stamp.seq == known.read + 1:
                    known.read = recorded.stamp.seq
                    name = subject(recorded.event)
                    if name is not None:
                        known.seqs[name].append(recorded.stamp.seq)
        return sorted({seq for name in names for seq in known.seqs.get(name, ())})


def subject(event: Event) -> str | None:
    """Return what an event is about, where somebody may ask for its proof."""
    match event:
        case opening.CeremonyStarted():
            return f"ceremony/{sid_of(payload(event.envelope)).hex()}"
        case opening.CeremonyExpired() | opening.KeyMade():
            return f"ceremony/{event.sid}"
        case opening.KeyRehearsed():
            return f"key/{_told(event.envelope, 'key_id')}"
        case _ if isinstance(event, _IN_CEREMONY):
            return f"ceremony/{_told(event.envelope, 'sid')}"
        case _ if isinstance(event, _PUBLIC):
            return "notice"
        case _:
            return None


def _told(envelope: Signed, name: str) -> str:
    """Return one text of a message that is on the record, so was read strictly before."""
    value = canonical.loads(payload(envelope), limit=16 << 20)
    return str(value[name]) if isinstance(value, dict) else ""
