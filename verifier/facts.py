"""The facts of the minutes 开标记录, made again from the record; it must not judge them.

Source: docs/record-format.md, The facts of the minutes.
"""

import json
from collections.abc import Mapping
from typing import Any

from verifier import canonical
from verifier.state import Bid, Draw, Fields, Objection, Person, Place, Session, State

WINDOWS = ("secrets", "draw", "confirm", "objections")


def facts(state: State, place: Place, *, only_bound: bool = False) -> bytes | None:
    """Return the facts of a place's opening; None where the record lacks what they need.

    Args:
        state: up to the entry that draws the minutes up.
        place: whose session.
        only_bound: name no one who was released since, as services did once.
    """
    session = state.session(place)
    section, attempt = state.sections.get(place[0]), state.attempt_of(place)
    key = state.keys.get(place)
    if section is None or attempt is None or key is None:
        return None
    terms, start = section.terms, attempt.start
    people = state.people if only_bound else state.known
    value = {
        "v": 1,
        "project": state.project,
        "section": place[0],
        "envelope": place[1],
        "terms": {
            **{name: terms.get(name) for name in ("title", "currency", "limit", "deadline")},
            **{name: terms[name] for name in ("minimum_bidders", "co_open")},
            "failed": section.failed,
            "approved": section.approved,
            "passed_on": section.passed_on if place[1] == 2 else None,
        },
        "key": {
            "sid": key.sid,
            "key_id": key.key_id,
            "n": start["n"],
            "k": start["k"],
            "timekeeper": start["timekeeper"]["name"],
            "roster": [_named(member) for member in start["roster"]],
        },
        "close": _close(session),
        "sign_ins": [_sign_in(people, seen) for seen in session.sign_ins],
        "bids": [_bid(state, session, bid) for bid in state.bids_at(place)],
        "refused": [_refused(state, said) for at, said in state.refused if at in {None, place}],
        "key_changes": _key_changes(state, place),
        "order": _order(session),
        "releases": _releases(session, start),
        "draws": [_draw(draw) for draw in session.draws.values()],
        "objections": [_objection(state, one) for one in session.objections.values()],
        "windows": [
            {"window": name, "ended_at": session.ended[name]}
            for name in WINDOWS
            if name in session.ended
        ],
        "remarks": session.remarks,
    }
    return canonical.write(_without_nothing(value))


def _named(member: Fields) -> Fields:
    return {"name": member["name"], "organisation": member["organisation"]}


def _close(session: Session) -> Fields | None:
    if session.closed is None:
        return None
    told = {name: session.closed.body[name] for name in ("deadline", "count", "list")}
    return {
        **told,
        "at": session.closed.at,
        "files_at": None if session.files is None else session.files.at,
        "announced_at": None if session.announced is None else session.announced.at,
    }


def _sign_in(people: Mapping[tuple[str, str], Person], seen: Fields) -> Fields:
    person = people.get((seen["account"], seen["role"]))
    return {**seen, "name": None if person is None else person.name}


def _bid(state: State, session: Session, bid: Bid) -> Fields:
    row: Fields = {
        "bid": bid.bid,
        "organisation": bid.organisation,
        "name": name_of(state, bid.organisation),
        "revision": bid.revision,
        "at": bid.at,
        "keyid": bid.keyid,
        "size": bid.size,
        "root": bid.root,
        "status": bid.status,
        "read_out_at": session.read_out.get(bid.bid),
        "confirmed_at": session.confirmed.get(bid.bid),
    }
    for name, found in (("opened", session.opened), ("spoiled", session.spoiled)):
        if bid.bid in found:
            body = found[bid.bid].body
            row[name] = {field: one for field, one in body.items() if field != "bid"}
    return row


def _refused(state: State, said: Fields) -> Fields:
    answer = json.loads(said["answer"])
    return {
        "organisation": said["organisation"],
        "name": name_of(state, said["organisation"]),
        "at": answer["at"],
        "code": answer["code"],
    }


def _key_changes(state: State, place: Place) -> list[Fields]:
    bidders = {bid.organisation for bid in state.bids_at(place)}
    return [
        {name: one for name, one in change.items() if name != "role"}
        for change in state.key_changes
        if change["role"] == "bidder" and change["organisation"] in bidders
    ]


def _order(session: Session) -> Fields | None:
    if session.order is None:
        return None
    said = session.order.message
    return {
        "at": session.order.at,
        "opening_id": session.opening_id,
        "scheduled_at": said["scheduled_at"],
        "bids": [bid["bid"] for bid in said["bids"]],
        "ended_at": None if session.decrypted is None else session.decrypted.at,
    }


def _releases(session: Session, start: Fields) -> list[Fields]:
    rows = [
        {"i": i, "name": start["roster"][i - 1]["name"], "at": session.partials[i].at}
        for i in sorted(session.partials)
    ]
    if session.release is not None:
        rows.append({"i": 0, "name": start["timekeeper"]["name"], "at": session.release.at})
    return rows


def _draw(draw: Draw) -> Fields:
    told = {
        name: getattr(draw, name)
        for name in (
            "draw", "purpose", "values", "parties", "attempt", "root", "defaulted", "seed",
            "result",
        )
    }  # fmt: skip
    for name, said in (("commits", draw.commits), ("reveals", draw.reveals)):
        told[name] = [
            {"account": account, "value": said[account]}
            for account in draw.parties
            if account in said
        ]
    return told


def _objection(state: State, objection: Objection) -> Fields:
    return {
        "objection": objection.objection,
        "organisation": objection.organisation,
        "name": name_of(state, objection.organisation),
        "at": objection.at,
        "text": objection.text,
        "answer": objection.answer,
        "answered_at": objection.answered_at,
    }


def name_of(state: State, organisation: str) -> str:
    """Return the public name of a bidder."""
    for person in state.people.values():
        if person.role == "bidder" and person.organisation == organisation:
            return person.organisation_name
    return organisation


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nothing(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nothing(one) for one in value]
    return value
