"""V14: the order of a session. Stages, windows, announcement, read-out, pauses, suspensions."""

from collections.abc import Mapping

from verifier.entries import Entry
from verifier.scene import Scene
from verifier.state import Place, Section, Session

_HALL = ("announced", "secrets", "decrypting", "read_out", "draw", "confirm", "objections")

STAGES: Mapping[str, tuple[str, ...]] = {
    "opening.signed_in": ("lobby", "closed", *_HALL),
    "opening.files_checked": ("closed",),
    "opening.session_announced": ("closed",),
    "opening.secret_released": ("closed", "announced", "secrets"),
    "opening.window_extended": _HALL,
    "opening.window_ended": _HALL,
    "opening.order_issued": ("announced", "secrets"),
    "opening.partial_posted": ("decrypting",),
    "opening.key_released": ("decrypting",),
    "opening.bid_opened": ("decrypting",),
    "opening.bid_spoiled": ("closed", "secrets", "decrypting"),
    "opening.decryption_ended": ("announced", "secrets", "decrypting"),
    "opening.bid_read_out": ("read_out",),
    "opening.draw_started": ("read_out", "draw"),
    "opening.draw_committed": ("draw",),
    "opening.draw_sealed": ("draw",),
    "opening.draw_revealed": ("draw",),
    "opening.draw_defaulted": ("draw",),
    "opening.draw_ended": ("draw",),
    "opening.line_confirmed": ("confirm",),
    "opening.objection_raised": ("objections",),
    "opening.objection_answered": ("objections",),
    "opening.minutes_drawn_up": ("objections",),
    "opening.minutes_signed": ("minutes",),
    "opening.session_ended": ("minutes",),
    "opening.session_paused": _HALL,
    "opening.session_resumed": _HALL,
}
"""Event -> the stages in which it may happen."""

OPENS: Mapping[str, tuple[str, ...]] = {
    "secrets": ("announced",),
    "draw": ("read_out", "draw"),
    "confirm": ("read_out", "draw"),
    "objections": ("confirm",),
}
"""Window -> the stages in which it may be opened."""

_EVEN_PAUSED = {"opening.signed_in", "opening.session_resumed"}
_IN_WINDOW = {
    "opening.line_confirmed": "confirm",
    "opening.objection_raised": "objections",
    "opening.draw_committed": "draw",
    "opening.draw_revealed": "draw",
}
_EVEN_SUSPENDED = {"opening.section_resumed", "opening.section_terminated"}


def look(scene: Scene, entry: Entry) -> None:
    """Check that an entry stands where the session and its section allow."""
    _check_section(scene, entry)
    place = scene.state.place_of(entry)
    if place is None:
        return
    session = scene.state.session(place)
    section = scene.state.sections.get(place[0])
    if entry.type in STAGES or entry.type == "opening.window_opened":
        _check_stage(scene, entry, session)
    if section is not None:
        _check_moment(scene, entry, session, section)
        _check_content(scene, entry, session, place)


def _check_moment(scene: Scene, entry: Entry, session: Session, section: Section) -> None:
    """Check that an entry stands in the time there is for it."""
    window = _IN_WINDOW.get(entry.type)
    if window is not None:
        until = session.windows.get(window)
        holds = until is not None and entry.at < until
        scene.need("V14.3", entry.seq, holds, f"before {until}", entry.at)
    if entry.type == "opening.window_opened":
        _check_window(scene, entry, session, section)
    if entry.type == "opening.signed_in":
        opens = section.terms["deadline"] - section.terms["windows"]["sign_in"]
        holds = session.closed is not None or entry.at >= opens
        scene.need("V14.3", entry.seq, holds, f"from {opens} on", entry.at)


def _check_content(scene: Scene, entry: Entry, session: Session, place: Place) -> None:
    """Check what an entry of a session says."""
    match entry.type:
        case "opening.window_extended" | "opening.window_ended":
            _check_open_window(scene, entry, session)
        case "opening.session_announced":
            _check_announced(scene, entry, place)
        case "opening.bid_read_out":
            _check_read_out(scene, entry, place)
        case "opening.session_resumed":
            _check_shift(scene, entry, session.paused)
        case _:
            pass


def _check_stage(scene: Scene, entry: Entry, session: Session) -> None:
    stages = STAGES.get(entry.type) or OPENS[entry.body["window"]]
    wanted = " or ".join(stages)
    holds = session.stage in stages
    scene.need("V14.1", entry.seq, holds, f"stage {wanted}", f"stage {session.stage}")
    runs = session.paused is None or entry.type in _EVEN_PAUSED
    scene.need("V14.4", entry.seq, runs, "a session that runs", "a paused one")


def _check_section(scene: Scene, entry: Entry) -> None:
    """In a suspended section nothing happens but its end; in a terminated one an answer is owed."""
    place = scene.state.place_of(entry)
    name = place[0] if place is not None else entry.body.get("section")
    if entry.type == "opening.bid_admitted":
        name = (entry.params or {}).get("section")
    section = scene.state.sections.get(name or "")
    if section is None or not entry.type.startswith(_HELD) or entry.type == _KEY_ERASED:
        return
    holds = section.suspended is None or entry.type in _EVEN_SUSPENDED
    scene.need("V14.5", entry.seq, holds, "a section that goes on", "a suspended one")
    goes_on = not section.terminated or entry.type in _EVEN_TERMINATED
    scene.need("V14.5", entry.seq, goes_on, "a section that goes on", "a terminated one")
    if entry.type == "opening.section_resumed":
        _check_shift(scene, entry, section.suspended)


_KEY_ERASED = "opening.key_erased"
_EVEN_TERMINATED = {"evaluation.result_objection_answered"}
_HELD = ("opening.", "evaluation.")
"""What a suspension holds up."""


def _check_shift(scene: Scene, entry: Entry, since: int | None) -> None:
    """Timers come later by the time that was lost; the service stamps both ends."""
    if not scene.need("V14.4", entry.seq, since is not None, "a pause before it", "none"):
        return
    lost = entry.at - (since or 0)
    shift = entry.body["shift"]
    scene.need("V14.4", entry.seq, 0 <= shift <= lost, f"at most {lost}", shift)


def _check_window(scene: Scene, entry: Entry, session: Session, section: Section) -> None:
    window = entry.body["window"]
    alone = not session.windows or (window == "draw" and list(session.windows) == ["draw"])
    scene.need("V14.2", entry.seq, alone, "no other window open", list(session.windows))
    latest = entry.at + section.terms["windows"][window]
    until = entry.body["until"]
    scene.need("V14.2", entry.seq, until <= latest, f"until {latest} at most", until)
    if window == "secrets":
        co_open = section.terms["co_open"]
        scene.need("V14.2", entry.seq, co_open, "a section whose bidders co-open", "another")
    if window == "confirm":
        unread = sorted(session.opened.keys() - session.read_out.keys())
        scene.need("V14.2", entry.seq, not unread, "every opened bid read out", unread)
        place = (entry.body["section"], entry.body["envelope"])
        drawn = any(draw.result is not None for draw in session.draws.values())
        last = place[1] == section.terms["envelopes"]
        asked = last and section.terms["draw"] and session.opened
        scene.need("V14.2", entry.seq, drawn or not asked, "the draw before", "no draw")


def _check_open_window(scene: Scene, entry: Entry, session: Session) -> None:
    window = entry.body["window"]
    until = session.windows.get(window)
    if not scene.need("V14.2", entry.seq, until is not None, "an open window", window):
        return
    if entry.type == "opening.window_extended":
        holds = until is not None and entry.at < until < entry.body["until"]
        scene.need("V14.2", entry.seq, holds, f"later than {until}", entry.body["until"])
        return
    place = (entry.body["section"], entry.body["envelope"])
    waited = _waited_for(scene, place, session, window)
    holds = not waited or (until is not None and entry.at >= until)
    scene.need("V14.2", entry.seq, holds, f"from {until} on, or all did", f"waiting for {waited}")


def _waited_for(scene: Scene, place: Place, session: Session, window: str) -> list[str]:
    """Name whom a window that ends is waiting for."""
    if window == "secrets":
        due = {bid.bid for bid in scene.state.due(place) if bid.commit is not None}
        return sorted(due - session.lost - session.secrets.keys() - session.spoiled.keys())
    if window == "confirm":
        return sorted(session.opened.keys() - session.confirmed.keys())
    if window == "objections":
        return ["the end of the window"]
    running = [one for one in session.draws.values() if one.result is None and not one.defaulted]
    return [one.draw for one in running]


def _check_announced(scene: Scene, entry: Entry, place: Place) -> None:
    state = scene.state
    session = state.session(place)
    scene.has("V14.6", entry.seq, session.files is not None, "files read again before")
    names: dict[str, str] = {}
    for person in state.people.values():
        if person.role == "bidder":
            names.setdefault(person.organisation, person.organisation_name)
    wanted = [
        {
            "organisation": bid.organisation,
            "name": names.get(bid.organisation, bid.organisation),
            "bid": bid.bid,
        }
        for bid in state.due(place)
    ]
    rests = [bid.seq for bid in state.bids_at(place)]
    found = entry.body["bidders"]
    same = [one["bid"] for one in wanted] == [one["bid"] for one in found]
    if scene.need("V14.6", entry.seq, same, "every bid due", found, rests):
        scene.has("V14.6", entry.seq, wanted == found, wanted, found, rests)


def _check_read_out(scene: Scene, entry: Entry, place: Place) -> None:
    session = scene.state.session(place)
    left = [
        bid.bid
        for bid in scene.state.due(place)
        if bid.bid in session.opened and bid.bid not in session.read_out
    ]
    scene.equal("V14.6", entry.seq, left[:1], [entry.body["bid"]])
