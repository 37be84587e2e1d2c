"""How entries change what a record comes to; it judges nothing and never refuses.

What an entry refers to and is not there changes nothing: the checks say so.
"""

from collections.abc import Callable, Mapping
from typing import Any

from verifier import curve, fold_evaluation, sealing
from verifier.curve import PointInvalid
from verifier.entries import Entry
from verifier.hashing import tagged
from verifier.signatures import read_envelope
from verifier.state import (
    Attempt,
    Bid,
    Draw,
    Key,
    Notice,
    Objection,
    Person,
    Section,
    Session,
    State,
)


def apply(state: State, entry: Entry) -> None:
    """Fold one entry in; its shapes are known to be right."""
    step = _STEPS.get(entry.type)
    if step is not None:
        step(state, entry)


def _created(state: State, entry: Entry) -> None:
    state.created = entry


def _corrected(state: State, entry: Entry) -> None:
    state.corrected = entry


def _document(state: State, entry: Entry) -> None:
    if entry.type == "project.document_added":
        state.documents[entry.body["document"]] = entry.body
    else:
        state.documents.pop(entry.body["document"], None)


def _notice(state: State, entry: Entry) -> None:
    state.notice = entry
    state.published |= {one["document"] for one in entry.message["documents"]}


def _amended(state: State, entry: Entry) -> None:
    state.amended = entry
    state.published |= {one["document"] for one in entry.message["documents"]}


def _question(state: State, entry: Entry) -> None:
    state.questions[entry.body["question"]] = entry.type == "project.question_answered"


def _outage(state: State, entry: Entry) -> None:
    section = state.sections.get(entry.body["section"])
    if section is None:
        return
    if entry.type == "project.outage_noted":
        section.outage = {**entry.body, "of": section.terms["deadline"], "seq": entry.seq}
    elif section.outage is not None:
        decided = {"decision": entry.body["decision"], "decided_by": entry.command}
        section.outage = {**section.outage, **decided}


def _supervised(state: State, entry: Entry) -> None:
    if entry.type == "project.supervisor_notice_raised":
        state.notices[entry.body["notice"]] = Notice(entry.body["section"], entry.seq)
    elif entry.body["notice"] in state.notices:
        state.notices[entry.body["notice"]].reply = True


def _bound(state: State, entry: Entry) -> None:
    body = entry.body
    keys = {body["keyid"]: body["key"]} if "key" in body and "keyid" in body else {}
    person = Person(
        body["account"],
        body["role"],
        body["name"],
        body["organisation"],
        body["organisation_name"],
        body.get("keyid"),
        entry.seq,
        keys,
        entry.seq,
        body["organisation_code"],
    )
    state.people[body["account"], body["role"]] = person
    state.known[body["account"], body["role"]] = person
    if body["role"] != "bidder":
        state.offices.setdefault(body["organisation"], entry.seq)


def _released(state: State, entry: Entry) -> None:
    state.people.pop((entry.body["account"], entry.body["role"]), None)


def _rekeyed(state: State, entry: Entry) -> None:
    body = entry.body
    person = state.people.get((body["account"], body["role"]))
    if person is None:
        return
    person.keyid, person.since = body["keyid"], entry.seq
    person.keys[body["keyid"]] = body["key"]
    state.key_changes.append(
        {
            "account": person.account,
            "organisation": person.organisation,
            "role": person.role,
            "at": entry.at,
            "old": body["old"],
            "new": body["keyid"],
            "reason": body["reason"],
        }
    )


def _terms(state: State, entry: Entry) -> None:
    found = state.sections.get(entry.body["section"])
    if found is None:
        state.sections[entry.body["section"]] = Section(dict(entry.body), entry.seq)
    else:
        found.terms, found.seq = dict(entry.body), entry.seq


def _section(state: State, entry: Entry) -> None:
    section = state.sections.get(entry.body["section"])
    if section is None:
        return
    match entry.type:
        case "opening.bids_opened_up":
            section.open = True
        case "opening.deadline_moved":
            section.terms["deadline"] = entry.body["deadline"]
        case "opening.section_suspended":
            section.suspended = entry.at
        case "opening.section_terminated":
            section.terminated = True
        case "opening.bids_passed_on":
            section.passed_on = entry.body["organisations"]
        case "opening.section_failed":
            section.failed = True
        case _:
            section.approved = True


def _superseded(state: State, entry: Entry) -> None:
    for bid in state.bids.values():
        if bid.place[0] == entry.body["section"] and bid.status == "live":
            bid.status = "superseded"


def _resumed_section(state: State, entry: Entry) -> None:
    section = state.sections.get(entry.body["section"])
    if section is None:
        return
    since, shift = section.suspended, entry.body["shift"]
    if since is not None and since < section.terms["deadline"]:
        section.terms["deadline"] += shift
    if since is not None:
        fold_evaluation.later(state, entry, since, shift)
    section.suspended = None
    for place, session in state.sessions.items():
        if place[0] == entry.body["section"] and session.paused is None:
            _shift(session, shift)


def _shift(session: Session, shift: int) -> None:
    session.windows = {name: until + shift for name, until in session.windows.items()}


def _started(state: State, entry: Entry) -> None:
    if entry.envelope is not None:
        sid = tagged("sid", entry.envelope.payload).hex()
        state.attempts[sid] = Attempt(sid, entry.message, entry.seq)


def _stepped(state: State, entry: Entry) -> None:
    attempt = state.attempts.get(entry.message["sid"])
    if attempt is None:
        return
    done = {
        "opening.ceremony_joined": attempt.joins,
        "opening.ceremony_dealt": attempt.deals,
        "opening.ceremony_certified": attempt.certifies,
    }[entry.type]
    done[entry.message["i"]] = entry


def _died(state: State, entry: Entry) -> None:
    attempt = state.attempts.get(entry.message.get("sid") or entry.body["sid"])
    if attempt is not None:
        attempt.status = "dead"


def _made(state: State, entry: Entry) -> None:
    attempt, body = state.attempts.get(entry.body["sid"]), entry.body
    if attempt is None:
        return
    attempt.status = "made"
    try:
        y = [curve.decode(bytes.fromhex(point)) for point in body["y"]]
        y_t = curve.decode(bytes.fromhex(body["y_t"]))
    except PointInvalid:
        return
    key = Key(attempt.place, attempt.sid, body["key_id"], bytes.fromhex(body["pk"]), y_t, y, 0)
    key.seq = entry.seq
    state.keys[attempt.place] = key


def _erased(state: State, entry: Entry) -> None:
    attempt = state.attempts.get(entry.message["sid"])
    if attempt is None:
        return
    attempt.erased = entry.seq
    for key in state.keys.values():
        if key.sid == attempt.sid:
            key.erased = entry.seq


def bid_of(entry: Entry) -> Bid:
    """Return the bid that an admission's message describes."""
    message, params = entry.message, entry.params or {}
    enc, ct = bytes.fromhex(message["enc"]), bytes.fromhex(message["ct"])
    raw, size = message["params"].encode(), message["size"]
    bid = Bid(
        bid=params["bid"],
        seq=entry.seq,
        at=entry.at,
        place=(params["section"], params["envelope"]),
        key_id=params["key_id"],
        organisation=params["bidder"],
        account=entry.account,
        keyid=entry.envelope.keyid if entry.envelope is not None else "",
        revision=params["revision"],
        params=raw,
        enc=enc,
        ct=ct,
        size=size,
        root=message["root"],
        stmt=sealing.statement(raw, enc, ct, size, bytes.fromhex(message["root"])),
        commit=params.get("bidder_secret_commit"),
    )
    try:
        bid.point = curve.decode(enc)
    except PointInvalid:
        bid.point = None
    return bid


def _admitted(state: State, entry: Entry) -> None:
    bid = bid_of(entry)
    last = state.last_bid(bid.place, bid.organisation)
    if last is not None and last.status == "live":
        last.status = "superseded"
    state.bids[bid.bid] = bid


def _refused(state: State, entry: Entry) -> None:
    answer = read_envelope(entry.body["answer"]).payload
    params = entry.params
    place = None if params is None else (params["section"], params["envelope"])
    said = {"organisation": entry.body["organisation"], "answer": answer}
    state.refused.append((place, said))


def _withdrawn(state: State, entry: Entry) -> None:
    bid = state.bids.get(entry.message["bid"])
    if bid is None:
        return
    other = state.other_half(bid)
    bid.status = "withdrawn"
    if other is not None:
        other.status = "withdrawn"


def _closed(state: State, entry: Entry) -> None:
    place = (entry.body["section"], entry.body["envelope"])
    judged = state.judged(place)
    for bid, status in judged:
        bid.status = status
    session = state.session(place)
    session.stage, session.closed = "closed", entry


def _hall(state: State, entry: Entry) -> None:
    body = entry.body
    session = state.session((body["section"], body["envelope"]))
    match entry.type:
        case "opening.signed_in":
            told = {name: body[name] for name in ("account", "role", "organisation")}
            session.sign_ins.append({**told, "at": entry.at})
        case "opening.files_checked":
            session.files = entry
        case "opening.session_announced":
            session.stage, session.announced = "announced", entry
        case "opening.decryption_ended":
            session.stage, session.decrypted = "read_out", entry
        case "opening.minutes_drawn_up":
            session.stage, session.minutes = "minutes", entry
        case _:
            session.stage = "ended"


def _window(state: State, entry: Entry) -> None:
    body = entry.body
    session, window = state.session((body["section"], body["envelope"])), body["window"]
    match entry.type:
        case "opening.window_opened":
            session.stage = window
            session.windows[window] = body["until"]
        case "opening.window_extended":
            session.windows[window] = body["until"]
            _remark(session, entry, "extended/" + window)
        case _:
            session.windows.pop(window, None)
            session.ended[window] = entry.at


def _pause(state: State, entry: Entry) -> None:
    session = state.session((entry.body["section"], entry.body["envelope"]))
    if entry.type == "opening.session_paused":
        session.paused = entry.at
        _remark(session, entry, "paused")
    else:
        session.paused = None
        _shift(session, entry.body["shift"])
        _remark(session, entry, "resumed")


def _objected(state: State, entry: Entry) -> None:
    body = entry.body
    session, name = state.session((body["section"], body["envelope"])), body["objection"]
    session.objections[name] = Objection(name, body["organisation"], body["text"], entry.at)


def _draw(state: State, entry: Entry) -> None:
    body = entry.body
    session = state.session((body["section"], body["envelope"]))
    told = (body[name] for name in ("draw", "purpose", "values", "parties", "attempt"))
    draw, purpose, values, parties, attempt = told
    session.draws[draw] = Draw(draw, purpose, values, parties, attempt, [entry.seq])


def _remark(session: Session, entry: Entry, what: str) -> None:
    said = {"at": entry.at, "what": what}
    if entry.body.get("reason"):
        said["reason"] = entry.body["reason"]
    session.remarks.append(said)


def _of_bid(state: State, entry: Entry) -> None:
    bid = state.bids.get(entry.body["bid"])
    if bid is None:
        return
    session = state.session(bid.place)
    match entry.type:
        case "opening.secret_released":
            session.secrets[bid.bid] = entry
        case "opening.bid_opened":
            session.opened[bid.bid] = entry
        case "opening.bid_spoiled":
            session.spoiled[bid.bid] = entry
        case "opening.bid_read_out":
            session.read_out[bid.bid] = entry.at
        case _:
            session.confirmed[bid.bid] = entry.at


def _ordered(state: State, entry: Entry) -> None:
    session = state.session((entry.message["section"], entry.message["envelope"]))
    if entry.envelope is not None:
        session.stage, session.order = "decrypting", entry
        session.opening_id = tagged("opening", entry.envelope.payload).hex()


def _shared(state: State, entry: Entry) -> None:
    found = state.order_of(entry.message["opening_id"])
    if found is None:
        return
    if entry.type == "opening.key_released":
        found[1].release = entry
    else:
        found[1].partials[entry.message["i"]] = entry


def _drawn(state: State, entry: Entry) -> None:
    found, body = state.draw(entry.body["draw"]), entry.body
    if found is None:
        return
    draw = found[1]
    draw.entries.append(entry.seq)
    match entry.type:
        case "opening.draw_committed":
            draw.commits[body["account"]] = body["commit"]
        case "opening.draw_sealed":
            draw.root = body["root"]
        case "opening.draw_revealed":
            draw.reveals[body["account"]] = body["secret"]
        case "opening.draw_defaulted":
            draw.defaulted = body["accounts"]
        case _:
            draw.seed, draw.result = body["seed"], body["result"]


def _answered(state: State, entry: Entry) -> None:
    found = state.objection(entry.body["objection"])
    if found is not None:
        found[1].answer, found[1].answered_at = entry.body["answer"], entry.at


def _signed(state: State, entry: Entry) -> None:
    session = state.session((entry.message["section"], entry.message["envelope"]))
    session.signed[entry.body["account"]] = entry.body["role"]


def _steps(step: Callable[[State, Entry], None], names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), step)


_STEPS: Mapping[str, Callable[[State, Entry], None]] = {
    **_steps(_created, "project.project_created"),
    **_steps(_corrected, "project.project_corrected"),
    **_steps(_document, "project.document_added project.document_removed"),
    **_steps(_notice, "project.notice_published"),
    **_steps(_amended, "project.amended"),
    **_steps(_question, "project.question_asked project.question_answered"),
    **_steps(_outage, "project.outage_noted project.outage_decided"),
    **_steps(
        _supervised,
        "project.supervisor_notice_raised project.supervisor_notice_acknowledged",
    ),
    **_steps(_bound, "opening.participant_bound"),
    **_steps(_released, "opening.participant_released"),
    **_steps(_rekeyed, "opening.participant_key_changed"),
    **_steps(_terms, "opening.terms_set"),
    **_steps(
        _section,
        "opening.bids_opened_up opening.deadline_moved opening.section_suspended"
        " opening.section_terminated opening.bids_passed_on opening.section_failed"
        " opening.continuation_approved",
    ),
    **_steps(_superseded, "opening.bids_superseded"),
    **_steps(_resumed_section, "opening.section_resumed"),
    **_steps(_started, "opening.ceremony_started"),
    **_steps(_stepped, "opening.ceremony_joined opening.ceremony_dealt opening.ceremony_certified"),
    **_steps(_died, "opening.ceremony_aborted opening.ceremony_expired"),
    **_steps(_made, "opening.key_made"),
    **_steps(_erased, "opening.key_erased"),
    **_steps(_admitted, "opening.bid_admitted"),
    **_steps(_refused, "opening.bid_refused"),
    **_steps(_withdrawn, "opening.bid_withdrawn"),
    **_steps(_closed, "opening.bids_closed"),
    **_steps(
        _hall,
        "opening.signed_in opening.files_checked opening.session_announced"
        " opening.decryption_ended opening.minutes_drawn_up opening.session_ended",
    ),
    **_steps(_window, "opening.window_opened opening.window_extended opening.window_ended"),
    **_steps(_pause, "opening.session_paused opening.session_resumed"),
    **_steps(_objected, "opening.objection_raised"),
    **_steps(_draw, "opening.draw_started"),
    **_steps(
        _of_bid,
        "opening.secret_released opening.bid_opened opening.bid_spoiled opening.bid_read_out"
        " opening.line_confirmed",
    ),
    **_steps(_ordered, "opening.order_issued"),
    **_steps(_shared, "opening.partial_posted opening.key_released"),
    **_steps(
        _drawn,
        "opening.draw_committed opening.draw_sealed opening.draw_revealed"
        " opening.draw_defaulted opening.draw_ended",
    ),
    **_steps(_answered, "opening.objection_answered"),
    **_steps(_signed, "opening.minutes_signed"),
    **fold_evaluation.STEPS,
}
"""Event -> how it changes the state; fetches, views and rehearsals change nothing."""
