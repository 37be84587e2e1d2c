"""The facts of the minutes 开标记录: everything the opening record must hold, as canonical JSON.

They are a function of the record alone: of the state folded from all entries before the one that
draws the minutes up. Every value is a field of an event or of a signed message, or the `at` of an
entry (`at`, `*_at`); nothing is worded, rounded or summed up here. A field that has nothing to say
is left out; lists are in the order of the record, bids in the order of submission.
"""

from typing import Any, Final

from crypto import canonical
from opening.commands import Window
from opening.session import organisation_name
from opening.stages import session_at
from opening.state import Draw, Objection, OpeningState, Place, SealedBid, Session
from record.events import Frozen

Row = dict[str, Any]
WINDOWS: Final[tuple[Window, ...]] = ("secrets", "draw", "confirm", "objections")


def facts(state: OpeningState, place: Place) -> bytes:
    """Return the facts of a place's opening as canonical JSON.

    Args:
        state: the state before the minutes are drawn up.
        place: whose session; its bids are closed.
    """
    session = session_at(state, place)
    value: Row = {
        "v": 1,
        "project": state.project,
        "section": place[0],
        "envelope": place[1],
        "terms": _terms(state, place),
        "key": _key(state, place),
        "close": _close(session),
        "sign_ins": [_sign_in(state, session, seen) for seen in session.sign_ins],
        "bids": [_bid(state, session, bid) for bid in _bids(state, place)],
        "refused": _refused(state, place),
        "key_changes": _key_changes(state, place),
        "order": _order(session),
        "releases": _releases(state, session, place),
        "draws": [_draw(draw) for draw in session.draws.values()],
        "objections": [_objection(state, session, o) for o in session.objections.values()],
        "windows": _windows(session),
        "remarks": [_remark(r.at, r.what, r.reason) for r in session.remarks],
    }
    return canonical.dumps(told(value))


def _terms(state: OpeningState, place: Place) -> Row:
    section = state.sections[place[0]]
    terms = section.terms
    return {
        "title": terms.title,
        "currency": terms.currency,
        "limit": terms.limit,
        "deadline": terms.deadline,
        "minimum_bidders": terms.minimum_bidders,
        "co_open": terms.co_open,
        "failed": section.failed,
        "approved": section.approved,
        "passed_on": section.passed_on if place[1] == 2 else None,
    }


def _key(state: OpeningState, place: Place) -> Row:
    key = state.keys[place]
    start = state.attempts[key.sid].start
    return {
        "sid": key.sid,
        "key_id": key.key_id,
        "n": start.n,
        "k": start.k,
        "timekeeper": start.timekeeper.name,
        "roster": [{"name": m.name, "organisation": m.organisation} for m in start.roster],
    }


def _close(session: Session) -> Row | None:
    closed = session.closed
    if closed is None:
        return None
    return {
        "at": closed.stamp.at,
        "deadline": closed.deadline,
        "count": closed.count,
        "list": closed.list,
        "files_at": session.moments.get("files"),
        "announced_at": session.moments.get("announced"),
    }


def _sign_in(state: OpeningState, session: Session, seen: Any) -> Row:
    bound = state.known.get((seen.account, seen.role))
    return {
        "account": seen.account,
        "role": seen.role,
        "organisation": seen.organisation,
        "name": bound.name if bound else None,
        "at": session.moments.get(f"sign_in/{seen.role}/{seen.account}"),
    }


def _bids(state: OpeningState, place: Place) -> list[SealedBid]:
    """Return every bid ever admitted at a place, in the order of submission."""
    return [bid for bid in state.bids.values() if bid.place == place]


def _bid(state: OpeningState, session: Session, bid: SealedBid) -> Row:
    row: Row = {
        "bid": bid.bid,
        "organisation": bid.organisation,
        "name": organisation_name(state, bid.organisation),
        "revision": bid.revision,
        "at": bid.stamp.at,
        "keyid": bid.keyid,
        "size": bid.size,
        "root": bid.root.hex(),
        "status": bid.status,
        "read_out_at": session.moments.get(f"read_out/{bid.bid}"),
        "confirmed_at": session.moments.get(f"confirmed/{bid.bid}"),
    }
    if bid.bid in session.opened:
        row["opened"] = _event(session.opened[bid.bid])
    if bid.bid in session.spoiled:
        row["spoiled"] = _event(session.spoiled[bid.bid])
    return row


def _refused(state: OpeningState, place: Place) -> list[Row]:
    """Return refused bids of this place, and those that do not even tell which place they meant."""
    return [
        {
            "organisation": refused.organisation,
            "name": organisation_name(state, refused.organisation),
            "at": refused.at,
            "code": refused.code,
        }
        for refused in state.refused
        if refused.place in {None, place}
    ]


def _key_changes(state: OpeningState, place: Place) -> list[Row]:
    """Return the changes of signing keys of those who bid here."""
    bidders = {bid.organisation for bid in _bids(state, place)}
    return [
        {
            "account": change.account,
            "organisation": change.organisation,
            "at": change.at,
            "old": change.old,
            "new": change.new,
            "reason": change.reason,
        }
        for change in state.key_changes
        if change.role == "bidder" and change.organisation in bidders
    ]


def _order(session: Session) -> Row | None:
    if session.order is None or session.order_stamp is None:
        return None
    return {
        "at": session.order_stamp.at,
        "opening_id": session.opening_id,
        "scheduled_at": session.order.scheduled_at,
        "bids": [bid.bid for bid in session.order.bids],
        "ended_at": session.moments.get("decrypted"),
    }


def _releases(state: OpeningState, session: Session, place: Place) -> list[Row]:
    """Return who released shares and when, custodians first in their order, the timekeeper last."""
    start = state.attempts[state.keys[place].sid].start
    rows: list[Row] = [
        {"i": i, "name": start.roster[i - 1].name, "at": session.moments.get(f"partial/{i}")}
        for i in sorted(session.partials)
    ]
    if session.release is not None:
        name = start.timekeeper.name
        rows.append({"i": 0, "name": name, "at": session.moments.get("release")})
    return rows


def _draw(draw: Draw) -> Row:
    return {
        "draw": draw.draw,
        "purpose": draw.purpose,
        "values": draw.values,
        "parties": draw.parties,
        "attempt": draw.attempt,
        "root": draw.root,
        "commits": _by_party(draw, draw.commits),
        "reveals": _by_party(draw, draw.reveals),
        "defaulted": draw.defaulted,
        "seed": draw.seed,
        "result": draw.result,
    }


def _by_party(draw: Draw, said: Any) -> list[Row]:
    said_so = [account for account in draw.parties if account in said]
    return [{"account": account, "value": said[account]} for account in said_so]


def _objection(state: OpeningState, session: Session, objection: Objection) -> Row:
    return {
        "objection": objection.objection,
        "organisation": objection.organisation,
        "name": organisation_name(state, objection.organisation),
        "at": objection.stamp.at,
        "text": objection.text,
        "answer": objection.answer,
        "answered_at": session.moments.get(f"answered/{objection.objection}"),
    }


def _windows(session: Session) -> list[Row]:
    """Return when each window ended, in the order of the procedure; of several draws the last."""
    ended = {name: session.moments.get(f"ended/{name}") for name in WINDOWS}
    return [{"window": name, "ended_at": at} for name, at in ended.items() if at is not None]


def _remark(at: int, what: str, reason: str) -> Row:
    return {"at": at, "what": what, "reason": reason or None}


def _event(event: Frozen) -> Row:
    return dict(event.model_dump(mode="json", exclude={"type", "bid"}, exclude_none=True))


def told(value: Any) -> Any:
    """Return a value for canonical JSON: tuples as lists, nothing where there is nothing."""
    if isinstance(value, dict):
        return {name: told(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [told(inner) for inner in value]
    return value
