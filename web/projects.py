"""Projects as one seat sees them, as JSON: an allow-list by hand; what has no line is not shown.

Before the close nothing here tells a bidder or the clerk who takes part, has signed in or has bid.
"""

from bisect import bisect_right
from typing import Annotated, Any

from fastapi import APIRouter, Query

from evaluation.marking import rule_hash, rule_json
from opening.participants import Participant
from opening.state import Attempt, Draw, Key, OpeningState, Place, SealedBid, Session
from project.phases import phase
from project.state import ProjectState
from record.errors import NotFound
from rooms.evaluation import step_of
from web.deps import ProjectId, ServicesDep, Visitor, Who, project_state, roles_in
from web.listing import named

router = APIRouter(tags=["projects"])


@router.get("/api/projects")
async def projects(
    services: ServicesDep, who: Who, after: Annotated[str, Query(max_length=32)] = ""
) -> dict[str, Any]:
    """List the projects this visitor may see, by id, a page at a time."""
    names, size = sorted(services.known), services.settings.limits.page
    items: list[dict[str, Any]] = []
    for name in names[bisect_right(names, after) :]:
        state = await project_state(services, name)
        if not may_see(state, who):
            continue
        if len(items) == size:
            return {"items": items, "next": items[-1]["project"]}
        items.append(_head(state, who))
    return {"items": items}


@router.get("/api/projects/{project}")
async def project_view(services: ServicesDep, who: Who, project: ProjectId) -> dict[str, Any]:
    """Return a project as this visitor may see it."""
    state = await project_state(services, project)
    if not may_see(state, who):
        raise NotFound("web.no_such_project")
    head = _head(state, who)
    return {
        **head,
        "sections": [one | _evaluated(state, one["section"], who) for one in head["sections"]],
        "now": services.clock.now(),
        "documents": [
            {
                "document": d.document,
                "title": d.title,
                "name": d.name,
                "size": d.size,
                "sha256": d.sha256,
            }
            for d in state.documents.values()
            if d.published or "clerk" in roles_in(state, who.account)
        ],
        "participants": [
            _participant(found)
            for found in state.opening.participants.values()
            if _is_shown(state, found, who)
        ],
        # what a clerk signed before it was released still has to be checked
        "clerk_keys": dict(state.opening.clerk_keys),
        "attempts": [_attempt(found) for found in state.opening.attempts.values()],
        "keys": [_key(found) for found in state.opening.keys.values()],
        "bids": [_own_bid(bid) for bid in state.opening.bids.values() if _is_own(bid, who)],
        "sessions": [
            _session(state.opening, place, session, who)
            for place, session in state.opening.sessions.items()
        ],
        "questions": _questions(state, who),
    }


def _is_shown(state: ProjectState, found: Participant, who: Visitor) -> bool:
    """Tell whether somebody is named: bidders and experts to themselves, experts to the clerk."""
    if found.account == who.account:
        return True
    if found.role == "expert":
        return bool(roles_in(state, who.account) & {"clerk", "supervisor"})
    return found.role != "bidder"


def may_see(state: ProjectState, who: Visitor) -> bool:
    """Tell whether a visitor may know of a project: it takes part, or the notice is published."""
    return state.notice is not None or bool(roles_in(state, who.account))


def _head(state: ProjectState, who: Visitor) -> dict[str, Any]:
    created = state.created
    return {
        **named(state),
        "agency": created.agency if created else None,
        "currency": created.currency if created else "",
        "published": state.notice is not None,
        "roles": sorted(roles_in(state, who.account)),
        "sections": [_section(state, name) for name in state.opening.sections],
    }


def _section(state: ProjectState, name: str) -> dict[str, Any]:
    section = state.opening.sections[name]
    terms = section.terms.model_dump(mode="json", exclude={"type"}, exclude_none=True)
    shown = {**terms, "phase": str(phase(state.opening, name))}
    rule = state.evaluation.rules.get(name)
    if rule is not None:
        shown["scoring"] = rule_hash(rule)
    outage = state.outages.get(name)
    if outage is not None and outage.decision is None and outage.deadline == terms["deadline"]:
        shown["outage"] = {
            "since": outage.since,
            "until": outage.until,
            "decide_by": outage.decide_by,
        }
    return shown


def _evaluated(state: ProjectState, name: str, who: Visitor) -> dict[str, Any]:
    """Return the whole scoring rule: for clerks, and for all once a notice binds it.

    How far the committee has come is for clerks and supervisors alone.
    """
    shown: dict[str, Any] = {}
    roles = roles_in(state, who.account)
    rule, found = state.evaluation.rules.get(name), state.evaluation.evaluations.get(name)
    if rule is not None and (state.notice is not None or "clerk" in roles):
        shown["rule"] = rule_json(rule)
    if found is not None and roles & {"clerk", "supervisor"}:
        shown["evaluation"] = step_of(state.opening, found)
    return shown


def _participant(found: Participant) -> dict[str, Any]:
    return {
        "account": found.account,
        "name": found.name,
        "organisation": found.organisation,
        "organisation_name": found.organisation_name,
        "role": found.role,
        "key": found.key,
        "keyid": found.keyid,
        # what was signed before a change of key still has to be checked
        "keys": dict(found.keys),
    }


def _attempt(found: Attempt) -> dict[str, Any]:
    start = found.start
    return {
        "sid": found.sid,
        "section": start.section,
        "envelope": start.envelope,
        "attempt": start.attempt,
        "status": found.status,
        "ended": found.ended,
        "offenders": list(found.offenders),
        "joins": sorted(found.joins),
        "deals": sorted(found.deals),
        "certifies": sorted(found.certifies),
        "erased": found.erased,
        "n": start.n,
        "k": start.k,
        "roster": [member.model_dump(mode="json") for member in start.roster],
        "timekeeper": start.timekeeper.model_dump(mode="json"),
        "join_by": start.join_by,
        "deal_by": start.deal_by,
        "certify_by": start.certify_by,
    }


def _key(found: Key) -> dict[str, Any]:
    return {
        "section": found.place[0],
        "envelope": found.place[1],
        "sid": found.sid,
        "key_id": found.key_id,
        "pk": found.pk.hex(),
        "y_t": found.y_t.hex(),
        "y": [point.hex() for point in found.y],
        "rehearsed": {str(index): at for index, at in found.rehearsed.items()},
        "erased": found.erased,
    }


def _is_own(bid: SealedBid, who: Visitor) -> bool:
    return bid.organisation == who.organisation


def _own_bid(bid: SealedBid) -> dict[str, Any]:
    return {
        "bid": bid.bid,
        "section": bid.place[0],
        "envelope": bid.place[1],
        "revision": bid.revision,
        "status": bid.status,
        "size": bid.size,
        "root": bid.root.hex(),
        "at": bid.stamp.at,
        "command": bid.stamp.command,
        "account": bid.account,
    }


def _session(state: OpeningState, place: Place, session: Session, who: Visitor) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "section": place[0],
        "envelope": place[1],
        "stage": session.stage,
        "paused": session.paused,
        "windows": dict(session.windows),
        "sign_ins": [
            {"role": one.role, "account": one.account, "organisation": one.organisation}
            for one in session.sign_ins
            if session.closed is not None or one.account == who.account
        ],
    }
    if session.closed is not None:
        shown["closed"] = {
            "at": session.closed.stamp.at,
            "deadline": session.closed.deadline,
            "count": session.closed.count,
            "list": session.closed.list,
        }
        shown |= _after_close(state, session, who)
    return shown


def _after_close(state: OpeningState, session: Session, who: Visitor) -> dict[str, Any]:
    own = [name for name in session.secrets if _is_own(state.bids[name], who)]
    shown: dict[str, Any] = {
        "announced": [_announced(state.bids[name]) for name in session.announced],
        "secrets": own,
        "opening_id": session.opening_id,
        "order": session.order.model_dump(mode="json") if session.order else None,
        "partials": sorted(session.partials),
        "released": session.release is not None,
        "lines": [_line(session, name) for name in session.read_out],
        "confirmed": list(session.confirmed),
        "draws": [_draw(draw) for draw in session.draws.values()],
        "objections": [
            {
                "objection": one.objection,
                "organisation": one.organisation,
                "text": one.text,
                "at": one.stamp.at,
                "answer": one.answer,
            }
            for one in session.objections.values()
        ],
    }
    if session.minutes is not None:
        minutes = session.minutes
        shown["minutes"] = {
            "facts": minutes.facts,
            "pdf": minutes.pdf,
            "size": minutes.pdf_size,
            "signed": dict(minutes.signed),
        }
    return shown


def _announced(bid: SealedBid) -> dict[str, Any]:
    return {"bid": bid.bid, "organisation": bid.organisation}


def _line(session: Session, name: str) -> dict[str, Any]:
    opened, spoiled = session.opened.get(name), session.spoiled.get(name)
    told = opened or spoiled
    fields = told.model_dump(mode="json", exclude={"type"}, exclude_none=True) if told else {}
    return {"bid": name, "opened": opened is not None, **fields}


def _draw(draw: Draw) -> dict[str, Any]:
    return {
        "draw": draw.draw,
        "purpose": draw.purpose,
        "values": list(draw.values),
        "parties": list(draw.parties),
        "attempt": draw.attempt,
        "commits": dict(draw.commits),
        "root": draw.root,
        "reveals": dict(draw.reveals),
        "defaulted": list(draw.defaulted),
        "result": draw.result,
    }


def _questions(state: ProjectState, who: Visitor) -> list[dict[str, Any]]:
    """Return what was answered, to all alike; and a question's own words to clerk and asker."""
    is_clerk = "clerk" in roles_in(state, who.account)
    shown: list[dict[str, Any]] = []
    for one in state.questions.values():
        line: dict[str, Any] = {"question": one.question, "section": one.section}
        if one.answer is not None:
            line |= {"text": one.published, "answer": one.answer}
        elif is_clerk or one.organisation == who.organisation:
            line |= {"asked": one.text, "at": one.stamp.at}
        else:
            continue
        shown.append(line)
    return shown
