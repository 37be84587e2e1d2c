"""How a channel's view changes by what it is shown of a committee and its evaluation; pure."""

from collections.abc import Mapping
from typing import Any, Final

from rooms.merge import Patch, together
from rooms.shown import Change, Shown


def _of_evaluation(*path: str, fields: tuple[str, ...] = (), moment: str = "at") -> Change:
    """Put fields and the moment at a path within the evaluation of the section."""

    def change(shown: Shown) -> Patch:
        value = {**shown.take(*fields), moment: shown.at}
        return shown.put(("evaluations", "{section}", *path), value)

    return change


def _convened(shown: Shown) -> Patch:
    members = {
        seat: {**member, "standing": "named"} for seat, member in shown.told["members"].items()
    }
    return shown.put(("evaluations", "{section}"), {"members": members, "convened": shown.at})


def _replaced(shown: Shown) -> Patch:
    """Put another member into a seat; nothing of the one before stays."""
    before = shown.view.get("evaluations", {}).get(shown.told["section"], {}).get("members", {})
    gone = dict.fromkeys(before.get(shown.told["seat"], {}))
    member = {**gone, **shown.told["member"], "standing": "named"}
    return shown.put(_MEMBER, member)


def _standing(standing: str, *fields: str) -> Change:
    """Say how far a member has come."""
    return lambda shown: shown.put(
        _MEMBER, {"standing": standing, standing: shown.at, **shown.take(*fields)}
    )


def _withdrew(shown: Shown) -> Patch:
    """Free a seat: the review is open again, and what was locked and drawn up is not."""
    found = shown.view.get("evaluations", {}).get(shown.told["section"], {})
    seat = shown.told["seat"]
    undone: dict[str, Any] = {name: None for name in _UNDONE if name in found}
    if found.get("chair", {}).get("seat") == seat:
        undone["chair"] = None
    own = ("reviewed", "judged", "marked")
    undone |= {name: {seat: None} for name in own if seat in found.get(name, {})}
    votes = {
        bid: {item: {"cast": {seat: None}} for item, vote in of.items() if seat in vote["cast"]}
        for bid, of in found.get("votes", {}).items()
    }
    left = shown.put(_MEMBER, {"standing": "gone", "gone": shown.at, **shown.take("reason")})
    again = shown.put(("evaluations", "{section}"), {**undone, "votes": votes})
    return together(left, again)


def _vote_opened(shown: Shown) -> Patch:
    vote = {"at": shown.at, "cast": {}}
    return shown.put(("evaluations", "{section}", "votes", "{bid}", "{item}"), vote)


def _clarified(step: str, *fields: str) -> Change:
    """Say how far a question to a bidder has come."""
    return lambda shown: shown.put(
        ("evaluations", "{section}", "clarifications", "{clarification}"),
        {"step": step, step: shown.at, **shown.take(*fields)},
    )


def _corrected(step: str, *fields: str) -> Change:
    """Say how far a correction of a price has come."""
    return lambda shown: shown.put(
        ("evaluations", "{section}", "corrections", "{correction}"),
        {"step": step, step: shown.at, **shown.take(*fields)},
    )


def _correction_answered(shown: Shown) -> Patch:
    return _corrected("accepted" if shown.told["accepts"] else "refused")(shown)


def _question_checked(shown: Shown) -> Patch:
    if "returned" in shown.told:
        again = _clarified("drafted", "returned")(shown)
        return together(again, _forgotten(shown, "agreed"))
    return _clarified("sent", "due")(shown)


def _answer_checked(shown: Shown) -> Patch:
    step = "sent" if "returned" in shown.told else "shown"
    return _clarified(step, "due", "returned")(shown)


def _forgotten(shown: Shown, name: str) -> Patch:
    return shown.put(
        ("evaluations", "{section}", "clarifications", "{clarification}"), {name: None}
    )


def _review_closed(shown: Shown) -> Patch:
    """Close the review; sheets of other bids than those that are in now are void."""
    found = shown.view.get("evaluations", {}).get(shown.told["section"], {})
    void = {seat: None for seat in found.get("marked", {}) if seat not in shown.told["marked"]}
    judged = [seat for seat in found.get("judged", {}) if seat not in shown.told.get("judged", ())]
    closed: dict[str, Any] = {"review_closed": shown.at, "marked": void}
    if judged:
        closed["judged"] = dict.fromkeys(judged)
    return shown.put(("evaluations", "{section}"), closed)


def _resumed(shown: Shown) -> Patch:
    """Let an evaluation go on, with what is due later by the time it was paused."""
    moved: dict[str, Any] = {"paused": None}
    for told, what in (("answers_due", "clarifications"), ("confirmations_due", "corrections")):
        due = {name: {"due": until} for name, until in shown.told.get(told, {}).items()}
        moved |= {what: due} if due else {}
    return shown.put(("evaluations", "{section}"), moved)


def _of_result(*path: str, fields: tuple[str, ...] = (), moment: str = "at") -> Change:
    """Put fields and the moment at a path within the result of the section."""
    return lambda shown: shown.put(
        ("results", "{section}", *path), {**shown.take(*fields), moment: shown.at}
    )


def _reevaluation(shown: Shown) -> Patch:
    """Begin a re-evaluation: the report stands no more, and nothing of an earlier one stays."""
    found = shown.view.get("evaluations", {}).get(shown.told["section"], {})
    before = found.get("reevaluation", {})
    begun = {
        **dict.fromkeys(before),
        "submitted": dict.fromkeys(before.get("submitted", {})),
        "at": shown.at,
        **shown.take("reevaluation", "ground"),
    }
    undone = {"report": None} if "report" in found else {}
    return shown.put(("evaluations", "{section}"), {"reevaluation": begun, **undone})


def _dropped(shown: Shown) -> Patch:
    """Give a re-evaluation up: the report that stood before stands again."""
    found = shown.view.get("evaluations", {}).get(shown.told["section"], {})
    gone = dict.fromkeys(found.get("report", {}))
    again = {**gone, **shown.take("facts", "pdf", "pdf_size", "finished")}
    dropped = {"dropped": shown.at, **shown.take("reason")}
    return shown.put(("evaluations", "{section}"), {"reevaluation": dropped, "report": again})


def _candidates(shown: Shown) -> Patch:
    """Publish a result, in place of one that was withdrawn where there was one."""
    before = shown.view.get("results", {}).get(shown.told["section"], {})
    gone = {name: None for name in ("withdrawn", "reason") if name in before}
    said = shown.take("facts", "until", "candidates", "reason")
    return shown.put(("results", "{section}"), {**gone, **said, "at": shown.at})


_UNDONE: Final = (
    "rejected",
    "review_closed",
    "prices_checked",
    "aliases_drawn",
    "locked",
    "report",
)
_MEMBER: Final = ("evaluations", "{section}", "members", "{seat}")

COMMITTEES: Final[Mapping[str, Change]] = {
    "evaluation.committee_convened": _convened,
    "evaluation.member_signed_in": _standing("signed_in"),
    "evaluation.ties_declared": _standing("declared", "ties"),
    "evaluation.member_confirmed": _standing("confirmed"),
    "evaluation.member_withdrew": _withdrew,
    "evaluation.member_replaced": _replaced,
    "evaluation.chair_ballot_cast": _of_evaluation("ballot", "{round}", "{seat}"),
    "evaluation.chair_elected": _of_evaluation("chair", fields=("seat",)),
    "evaluation.chair_tied": _of_evaluation("tied", "{round}", fields=("seats",)),
    "evaluation.bid_reviewed": _of_evaluation("reviewed", "{seat}", "{bid}"),
    "evaluation.vote_opened": _vote_opened,
    "evaluation.vote_cast": _of_evaluation("votes", "{bid}", "{item}", "cast", "{seat}"),
    "evaluation.bid_rejected": _of_evaluation("rejected", "{bid}", fields=("ground", "items")),
    "evaluation.review_closed": _review_closed,
    "evaluation.clarification_drafted": _clarified("drafted", "seat", "bid"),
    "evaluation.clarification_agreed": _of_evaluation(
        "clarifications", "{clarification}", "agreed", "{seat}"
    ),
    "evaluation.clarification_dropped": _clarified("dropped"),
    "evaluation.question_checked": _question_checked,
    "evaluation.clarification_answered": _clarified("answered"),
    "evaluation.answer_checked": _answer_checked,
    "evaluation.answer_judged": _of_evaluation(
        "clarifications", "{clarification}", "judged", "{seat}"
    ),
    "evaluation.clarification_expired": _clarified("expired"),
    "evaluation.competition_judged": _of_evaluation("judged", "{seat}"),
    "evaluation.correction_proposed": _corrected("proposed", "seat", "bid"),
    "evaluation.correction_voted": _of_evaluation("corrections", "{correction}", "voted", "{seat}"),
    "evaluation.correction_asked": _corrected("asked", "due"),
    "evaluation.correction_answered": _correction_answered,
    "evaluation.correction_expired": _corrected("expired"),
    "evaluation.prices_checked": _of_evaluation("prices_checked"),
    "evaluation.aliases_drawn": _of_evaluation("aliases_drawn"),
    "evaluation.paused": _of_evaluation("paused", fields=("cause", "reason", "state")),
    "evaluation.resumed": _resumed,
    "evaluation.state_differed": lambda shown: shown.put(
        ("evaluations", "{section}", "paused"), {"differed": shown.told["state"]}
    ),
    "evaluation.said": _of_evaluation("said", fields=("seat",)),
    "evaluation.marks_submitted": _of_evaluation("marked", "{seat}"),
    "evaluation.marks_locked": _of_evaluation("locked"),
    "evaluation.report_drawn_up": _of_evaluation("report", fields=("facts", "pdf", "pdf_size")),
    "evaluation.report_signed": _of_evaluation("report", "signed", "{seat}", fields=("opinion",)),
    "evaluation.report_finished": _of_evaluation(
        "report", fields=("unsigned", "facts", "pdf", "pdf_size"), moment="finished"
    ),
    "evaluation.reevaluation_ordered": _reevaluation,
    "evaluation.marks_given_again": _of_evaluation("reevaluation", "submitted", "{seat}"),
    "evaluation.remarks_locked": _of_evaluation("reevaluation", moment="locked"),
    "evaluation.reevaluation_dropped": _dropped,
    "evaluation.candidates_published": _candidates,
    "evaluation.publication_withdrawn": _of_result(moment="withdrawn"),
    "evaluation.publication_restored": lambda shown: shown.put(
        ("results", "{section}"), {"withdrawn": None, **shown.take("until")}
    ),
    "evaluation.result_objected": _of_result(
        "objections", "{objection}", fields=("text", "due", "organisation_name")
    ),
    "evaluation.result_objection_answered": _of_result(
        "objections", "{objection}", fields=("answer",), moment="answered"
    ),
    "evaluation.awarded": _of_result("award", fields=("bid", "organisation_name", "reason")),
}
"""One entry for each kind of event of an evaluation that has a row, by its type."""
