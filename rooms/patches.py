"""How a channel's view changes by what the channel is shown; it never looks at what it is not.

Pure: a function of the shown fields and of the view they meet. Where a channel is shown less, less
changes: a patch is made of the fields that are there.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from record.events import Event
from rooms.merge import Patch, View, at_path, together
from rooms.patches_evaluation import COMMITTEES
from rooms.shown import Change, Shown
from rooms.views import kind_of


def patch_of(event: Event, told: Mapping[str, Any], view: View, identity: str, at: int) -> Patch:
    """Return what an entry changes in the view of a channel.

    Args:
        event: its class alone counts; nothing is read from it.
        told: what the channel is shown of it.
        view: the channel's view so far.
        identity: of the timeline's line.
        at: when it happened, ms UTC.
    """
    change = CHANGES.get(kind_of(event)) or CHANGES.get(event.type)
    return {} if change is None else change(Shown(told, view, identity, at))


def _fields(*path: str) -> Change:
    """Put what is told, and when, at a path; the fields the path names stand in it already."""

    def change(shown: Shown) -> Patch:
        named = (step[1:-1] for step in path if step[0] == "{")
        return shown.put(path, {**shown.but(*named), "at": shown.at})

    return change


def _moment(*path: str) -> Change:
    """Put when it happened at a path."""
    return lambda shown: shown.put(path, shown.at)


def _gone(*path: str) -> Change:
    return lambda shown: shown.put(path, None)


def _section(name: str, *fields: str) -> Change:
    """Put some fields and when it happened at a name within the section."""
    return lambda shown: shown.put(
        ("sections", "{section}"), {name: {**shown.take(*fields), "at": shown.at}}
    )


def _stage(stage: str, **more: str) -> Change:
    """Move the session on; `more` names members that hold the moment."""
    return lambda shown: shown.session(
        {"stage": stage, "stage_at": shown.at, **dict.fromkeys(more, shown.at)}
    )


def _in_session(*path: str, fields: tuple[str, ...] = (), moment: str = "at") -> Change:
    """Put fields and the moment at a path within the session."""

    def change(shown: Shown) -> Patch:
        value = {**shown.take(*fields), moment: shown.at}
        return shown.session(at_path(shown.path(*path), value))

    return change


def _by_id(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """Return a list as a map by one of its fields, with the place each had."""
    return {
        str(row[name]): {**{key: v for key, v in row.items() if key != name}, "n": number}
        for number, row in enumerate(rows, 1)
    }


def _notice(shown: Shown) -> Patch:
    project = {"number", "title", "tenderer", "agency", "currency"}
    documents = _by_id(shown.told["documents"], "document")
    sections = _by_id(shown.told["sections"], "section")
    return {
        "project": shown.take(*sorted(project)),
        "notice": {"at": shown.at, "remedy": shown.told["remedy"], "sections": sections},
        "documents": {name: {**one, "at": shown.at} for name, one in documents.items()},
    }


def _amendment(shown: Shown) -> Patch:
    known = len(shown.view.get("documents", {}))
    documents = {
        one["document"]: {
            **{key: value for key, value in one.items() if key != "document"},
            "n": known + number,
            "at": shown.at,
        }
        for number, one in enumerate(shown.told["documents"], 1)
    }
    amendment = {**shown.but("documents"), "at": shown.at}
    return {"amendments": {shown.id: amendment}, "documents": documents}


def _asked(shown: Shown) -> Patch:
    question = {"section": shown.told["section"], "asked": shown.told["text"], "at": shown.at}
    return shown.put(("questions", "{question}"), question | shown.take("organisation_name"))


def _answered(shown: Shown) -> Patch:
    answer = {**shown.take("section", "text", "answer"), "answered_at": shown.at}
    return shown.put(("questions", "{question}"), answer)


def _resumed_section(shown: Shown) -> Patch:
    section = {"suspended": None, **shown.take("deadline")}
    patch = shown.put(("sections", "{section}"), section)
    known = shown.view.get("sessions", {})
    moved = {
        f"{shown.told['section']}-{envelope}": {"windows": windows}
        for envelope, windows in shown.told.get("sessions", {}).items()
        if f"{shown.told['section']}-{envelope}" in known
    }
    for told, what in (("answers_due", "clarifications"), ("confirmations_due", "corrections")):
        due = {name: {"due": until} for name, until in shown.told.get(told, {}).items()}
        if due:
            patch = together(patch, shown.put(("evaluations", "{section}", what), due))
    until = shown.told.get("published_until")
    if until is not None and shown.told["section"] in shown.view.get("results", {}):
        patch = together(patch, shown.put(("results", "{section}"), {"until": until}))
    return together(patch, {"sessions": moved} if moved else {})


def _party(step: str) -> Change:
    return _moment("attempts", "{sid}", step, "{i}")


def _attempt_dead(shown: Shown) -> Patch:
    return shown.put(
        ("attempts", "{sid}"),
        {"status": "dead", "ended": shown.at} | shown.take("offenders", "cause", "step", "missing"),
    )


def _attempt_started(shown: Shown) -> Patch:
    return shown.put(("attempts", "{sid}"), {**shown.but("sid"), "status": "open", "at": shown.at})


def _key_made(shown: Shown) -> Patch:
    key = {**shown.take("sid", "key_id", "pk", "section", "envelope"), "at": shown.at}
    place = f"{shown.told['section']}-{shown.told['envelope']}"
    attempt = shown.put(("attempts", "{sid}"), {"status": "made", "ended": shown.at})
    return together(attempt, {"keys": {place: key}})


def _rehearsed(shown: Shown) -> Patch:
    place = f"{shown.told['section']}-{shown.told['envelope']}"
    return at_path(("rehearsed", place, str(shown.told["i"])), shown.at)


def _admitted(shown: Shown) -> Patch:
    bid = {**shown.but("bid"), "status": "live", "at": shown.at}
    patch = shown.put(("bids", "{bid}"), bid)
    before = str(shown.told.get("supersedes", ""))
    known = shown.view.get("bids", {}).get(before)
    if known is not None and known["status"] == "live":
        return together(patch, at_path(("bids", before, "status"), "superseded"))
    return patch


def _withdrawn(shown: Shown) -> Patch:
    known = shown.view.get("bids", {})
    gone = {bid: {"status": "withdrawn"} for bid in shown.told["bids"] if bid in known}
    return {"bids": gone} if gone else {}


def _closed(shown: Shown) -> Patch:
    closed = {**shown.take("deadline", "count", "list", "key_id"), "at": shown.at}
    return shown.session({"stage": "closed", "stage_at": shown.at, "closed": closed})


def _files(shown: Shown) -> Patch:
    lost = {one["bid"]: one["found"] for one in shown.told["lost"]}
    files = {"intact": len(shown.told["intact"]), "lost": lost, "at": shown.at}
    return shown.session({"files": files})


def _announced(shown: Shown) -> Patch:
    bids = _by_id(shown.told["bidders"], "bid")
    return shown.session(
        {"stage": "announced", "stage_at": shown.at, "announced": shown.at, "bids": bids}
    )


_WINDOW_STAGE: Final = {
    "secrets": "secrets",
    "draw": "draw",
    "confirm": "confirm",
    "objections": "objections",
}


def _window_opened(shown: Shown) -> Patch:
    window = shown.told["window"]
    return shown.session(
        {
            "stage": _WINDOW_STAGE[window],
            "stage_at": shown.at,
            "windows": {window: {"until": shown.told["until"]}},
        }
    )


def _window_extended(shown: Shown) -> Patch:
    remark = {**shown.take("window", "until", "reason"), "what": "extended", "at": shown.at}
    return shown.session(
        {
            "windows": {shown.told["window"]: {"until": shown.told["until"]}},
            "remarks": {shown.id: remark},
        }
    )


def _window_ended(shown: Shown) -> Patch:
    return shown.session({"windows": {shown.told["window"]: None}})


def _ordered(shown: Shown) -> Patch:
    bids = shown.told["bids"]
    order = {**shown.take("key_id", "opening_id", "scheduled_at"), "count": len(bids)}
    listed = {bid: {"listed": number} for number, bid in enumerate(bids, 1)}
    return shown.session(
        {
            "stage": "decrypting",
            "stage_at": shown.at,
            "order": {**order, "at": shown.at},
            "bids": listed,
        }
    )


def _opened(shown: Shown) -> Patch:
    line = shown.but("bid", "section", "envelope", "opening_id")
    return shown.session({"bids": {shown.told["bid"]: {**line, "opened": shown.at}}})


def _spoiled(shown: Shown) -> Patch:
    spoiled = {**shown.take("cause", "blame", "detail"), "at": shown.at}
    return shown.session({"bids": {shown.told["bid"]: {"spoiled": spoiled}}})


def _of_bid(name: str) -> Change:
    return lambda shown: shown.session({"bids": {shown.told["bid"]: {name: shown.at}}})


def _draw_started(shown: Shown) -> Patch:
    draw = {**shown.take("purpose", "values", "parties", "attempt"), "at": shown.at}
    return shown.session({"draws": {shown.told["draw"]: draw}})


def _of_draw(*fields: str) -> Change:
    return lambda shown: shown.session({"draws": {shown.told["draw"]: shown.take(*fields)}})


def _by_party(name: str, value: str) -> Change:
    """Put what a party of a draw did under its account."""

    def change(shown: Shown) -> Patch:
        account = shown.told["account"]
        done = {name: {account: shown.told[value]}, "names": {account: shown.told["name"]}}
        return shown.session({"draws": {shown.told["draw"]: done}})

    return change


def _minutes(shown: Shown) -> Patch:
    minutes = {**shown.take("facts", "pdf", "pdf_size"), "at": shown.at}
    return shown.session({"stage": "minutes", "stage_at": shown.at, "minutes": minutes})


def _ended(shown: Shown) -> Patch:
    return shown.session(
        {"stage": "ended", "stage_at": shown.at, "ended": shown.at, **shown.take("unsigned")}
    )


def _paused(shown: Shown) -> Patch:
    remark = {"what": "paused", "reason": shown.told["reason"], "at": shown.at}
    paused = {"at": shown.at, "reason": shown.told["reason"]}
    return shown.session({"paused": paused, "remarks": {shown.id: remark}})


def _resumed(shown: Shown) -> Patch:
    remark = {"what": "resumed", "at": shown.at}
    return shown.session(
        {"paused": None, "windows": shown.told["windows"], "remarks": {shown.id: remark}}
    )


_PERSON: Final = ("people", "{role}", "{name}")

CHANGES: Final[Mapping[str, Change]] = {
    "project.project_created": lambda shown: {"project": shown.but()},
    "project.project_corrected": lambda shown: {"project": {"agency": None, **shown.but()}},
    "project.document_added": _fields("drafts", "{document}"),
    "project.document_removed": _gone("drafts", "{document}"),
    "project.notice_published": _notice,
    "project.amended": _amendment,
    "project.document_fetched": _moment("fetched", "{document}", "{organisation_name}"),
    "project.question_asked": _asked,
    "project.question_answered": _answered,
    "project.outage_noted": _section("outage", "since", "until", "decide_by"),
    "project.outage_decided": _section("outage", "decision", "reason"),
    "project.supervisor_notice_raised": _fields("notices", "{notice}"),
    "project.supervisor_notice_acknowledged": lambda shown: shown.put(
        ("notices", "{notice}"), {"reply": shown.told["reply"], "replied_at": shown.at}
    ),
    "project.record_viewed": _moment("views", "{account}", "{subject}"),
    "opening.terms_set": lambda shown: shown.put(("sections", "{section}"), shown.but("section")),
    "opening.bids_opened_up": _section("taking"),
    "opening.deadline_moved": lambda shown: shown.put(
        ("sections", "{section}"), shown.take("deadline")
    ),
    "opening.bids_superseded": _section("superseded"),
    "opening.section_suspended": _section("suspended", "reason"),
    "opening.section_resumed": _resumed_section,
    "opening.section_terminated": _section("terminated", "reason"),
    "opening.section_failed": _section("failed", "count", "minimum"),
    "opening.continuation_approved": _section("approved", "approval", "reason"),
    "evaluation.stage_decided": _section("decided", "passed", "failed"),
    "evaluation.rule_set": _section("scoring", "rule_hash"),
    **COMMITTEES,
    "opening.participant_bound": _fields(*_PERSON),
    "opening.participant_released": _gone(*_PERSON),
    "opening.participant_key_changed": _fields(*_PERSON),
    "opening.ceremony_started": _attempt_started,
    "opening.ceremony_joined": _party("joins"),
    "opening.ceremony_dealt": _party("deals"),
    "opening.ceremony_certified": _party("certifies"),
    "opening.ceremony_aborted": _attempt_dead,
    "opening.ceremony_expired": _attempt_dead,
    "opening.key_made": _key_made,
    "opening.key_rehearsed": _rehearsed,
    "opening.key_erased": _moment("attempts", "{sid}", "erased"),
    "opening.bid_admitted": _admitted,
    "opening.bid_refused": lambda shown: {"refusals": {shown.id: {**shown.but(), "at": shown.at}}},
    "opening.bid_withdrawn": _withdrawn,
    "opening.bids_closed": _closed,
    "opening.signed_in": lambda shown: shown.session(
        {"sign_ins": {shown.id: {**shown.but("section", "envelope"), "at": shown.at}}}
    ),
    "opening.files_checked": _files,
    "opening.session_announced": _announced,
    "opening.window_opened": _window_opened,
    "opening.window_extended": _window_extended,
    "opening.window_ended": _window_ended,
    "opening.secret_released": _of_bid("secret"),
    "opening.order_issued": _ordered,
    "opening.partial_posted": lambda shown: shown.session(
        {"partials": {str(shown.told["i"]): shown.at}}
    ),
    "opening.key_released": lambda shown: shown.session({"released": shown.at}),
    "opening.bid_opened": _opened,
    "opening.bid_spoiled": _spoiled,
    "opening.decryption_ended": lambda shown: shown.session(
        {"stage": "read_out", "stage_at": shown.at, "decrypted": shown.at}
    ),
    "opening.bid_read_out": _of_bid("read_out"),
    "opening.draw_started": _draw_started,
    "opening.draw_committed": _by_party("commits", "commit"),
    "opening.draw_sealed": _of_draw("root"),
    "opening.draw_revealed": _by_party("reveals", "secret"),
    "opening.draw_defaulted": lambda shown: shown.session(
        {"draws": {shown.told["draw"]: {"defaulted": shown.told["accounts"]}}}
    ),
    "opening.draw_ended": _of_draw("seed", "result"),
    "opening.line_confirmed": _of_bid("confirmed"),
    "opening.objection_raised": _in_session(
        "objections", "{objection}", fields=("organisation_name", "text")
    ),
    "opening.objection_answered": _in_session(
        "objections", "{objection}", fields=("answer",), moment="answered_at"
    ),
    "opening.minutes_drawn_up": _minutes,
    "opening.minutes_signed": lambda shown: shown.session(
        {
            "signatures": {
                shown.id: {
                    **shown.take("role", "name", "organisation_name"),
                    "at": shown.at,
                }
            }
        }
    ),
    "opening.session_ended": _ended,
    "opening.session_paused": _paused,
    "opening.session_resumed": _resumed,
}
"""One entry for each kind of event that has a row, by its type."""
