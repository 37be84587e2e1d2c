"""Which channels somebody may listen to, as the record stands; pure, asked again as it changes."""

from collections.abc import Mapping

from opening.participants import Participant, Role
from opening.state import OpeningState
from project.phases import Phase, phase
from project.state import ProjectState
from rooms.views import Audience

AUDIENCE_OF: Mapping[Role, Audience] = {
    "bidder": "bidder",
    "clerk": "clerk",
    "custodian": "custodians",
    "timekeeper": "timekeeper",
    "supervisor": "supervisor",
    "expert": "committee",
}
_BEFORE_CLOSE = frozenset({Phase.NEW, Phase.DRAFT, Phase.KEYS, Phase.OPEN, Phase.SUSPENDED})


def seats_of(state: ProjectState, account: str) -> tuple[Participant, ...]:
    """Return what an account is bound to in a project."""
    people = state.opening.participants.values()
    return tuple(one for one in people if one.account == account)


def channels_of(state: ProjectState, account: str | None) -> frozenset[str]:
    """Return the channels an account may listen to.

    Args:
        state: the project.
        account: None for whoever is not signed in.
    """
    channels: set[str] = set()
    if state.notice is not None:
        channels.add("public")
    if account is None:
        return frozenset(channels)
    seats = seats_of(state, account)
    if seats or state.notice is not None:
        channels.add("hall")
    for seat in seats:
        if seat.role == "bidder":
            channels.add(f"bidder/{seat.organisation}")
        elif seat.role == "expert":
            channels |= {committee_channel(one) for one in state.evaluation.sections_of(account)}
        else:
            channels.add(AUDIENCE_OF[seat.role])
    return frozenset(channels)


def committee_channel(section: str) -> str:
    """Return the channel of a section's committee."""
    return f"committee/{section}"


def shows_bidders(state: OpeningState) -> bool:
    """Tell whether the hall may be told which bidders are present: every section is closed.

    A suspended section counts as closed only when its envelopes are.
    """
    return bool(state.sections) and all(_is_past_close(state, name) for name in state.sections)


def _is_past_close(state: OpeningState, name: str) -> bool:
    if phase(state, name) not in _BEFORE_CLOSE:
        return True
    terms = state.sections[name].terms
    sessions = [state.sessions.get((name, envelope)) for envelope in (1, 2)][: terms.envelopes]
    return all(session is not None and session.closed is not None for session in sessions)
