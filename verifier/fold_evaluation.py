"""How an evaluation's entries change what a record comes to; it judges nothing and never refuses.

What belongs to a committee that is not there changes nothing: the checks say so.
"""

from collections.abc import Callable, Mapping

from verifier.committee import (
    Again,
    Ballot,
    Correction,
    Drawn,
    Evaluation,
    Question,
    Seat,
    sheet_of,
)
from verifier.entries import Entry
from verifier.state import Published, State


def _ruled(state: State, entry: Entry) -> None:
    state.rules[entry.body["section"]] = entry


def _decided(state: State, entry: Entry) -> None:
    state.decided[entry.body["section"]] = entry


def _convened(state: State, entry: Entry) -> None:
    rule = state.rules.get(entry.body["section"])
    if rule is not None:
        seats = {one["seat"]: seat_of(one, entry) for one in entry.body["members"]}
        found = Evaluation(entry, rule, seats, list(entry.body["bids"]))
        state.evaluations[entry.body["section"]] = found


def seat_of(member: Mapping[str, str], entry: Entry) -> Seat:
    """Return the seat of somebody who is named."""
    return Seat(member["place"], member["account"], member["capacity"], entry.seq)


def _sat(found: Evaluation, entry: Entry) -> None:
    seat = found.seats.get(entry.body["seat"])
    if seat is None:
        return
    match entry.type:
        case "evaluation.member_signed_in":
            seat.step = "signed_in"
        case "evaluation.ties_declared":
            seat.step, seat.ties = "declared", entry.body["ties"]
        case _:
            seat.step = "confirmed"


def _withdrew(found: Evaluation, entry: Entry) -> None:
    body = entry.body
    seat = found.seats.get(body["seat"])
    if seat is None:
        return
    seat.step = "gone"
    found.chair = None if found.chair == body["seat"] else found.chair
    found.ballot = Ballot(found.ballot.round)
    found.gone.append({name: body[name] for name in ("seat", "account", "reason")})
    found.leave(body["seat"])


def _replaced(found: Evaluation, entry: Entry) -> None:
    member = entry.body["member"]
    found.seats[member["seat"]] = seat_of(member, entry)
    found.leave(member["seat"])


def _balloted(found: Evaluation, entry: Entry) -> None:
    body = entry.body
    match entry.type:
        case "evaluation.chair_ballot_cast":
            found.ballot.votes[body["seat"]] = body["choice"]
            found.ballot.command = entry.command
        case "evaluation.chair_elected":
            found.chair, found.elected = body["seat"], entry
        case _:
            found.ballot = Ballot(body["round"] + 1, body["seats"], called=entry.seq)


def _reviewed(found: Evaluation, entry: Entry) -> None:
    body = entry.body
    told = {one["item"]: one["passed"] for one in body["verdicts"]}
    found.verdicts.setdefault(body["bid"], {})[body["seat"]] = told
    found.reviews[body["seat"], body["bid"]] = body["verdicts"]


def _voted(found: Evaluation, entry: Entry) -> None:
    votes = found.votes.setdefault((entry.body["bid"], entry.body["item"]), {})
    if entry.type == "evaluation.vote_opened":
        found.opened.append(entry.seq)
    else:
        votes[entry.body["seat"]] = entry.body["passes"]


def _rejected(found: Evaluation, entry: Entry) -> None:
    found.rejected[entry.body["bid"]] = entry


def _closed(found: Evaluation, entry: Entry) -> None:
    found.closed = entry
    valid = set(found.valid)
    found.sheets = {seat: one for seat, one in found.sheets.items() if one.keys() == valid}
    if found.judged_of != found.valid:
        found.judged, found.judged_of = {}, found.valid


def _drafted(found: Evaluation, entry: Entry) -> None:
    found.questions[entry.body["clarification"]] = Question(entry, [entry.seq])


def _asked(found: Evaluation, entry: Entry) -> None:
    one = found.questions.get(entry.body["clarification"])
    if one is None:
        return
    one.entries.append(entry.seq)
    match entry.type:
        case "evaluation.clarification_agreed":
            one.agreed.append(entry.body["seat"])
            if entry.body["seat"] == found.chair or 2 * len(one.agreed) > found.size:
                one.status = "agreed"
        case "evaluation.clarification_answered":
            one.status, one.answer, one.answered = "answered", entry.message["text"], entry
            one.attachments = entry.message.get("attachments", [])
        case "evaluation.answer_judged":
            one.judged[entry.body["seat"]] = entry.body["accepts"]
            said = list(one.judged.values())
            for accepts, status in ((True, "accepted"), (False, "not_accepted")):
                one.status = status if 2 * said.count(accepts) > found.size else one.status
        case _:
            one.status = entry.type.removeprefix("evaluation.clarification_")


def _supervised(found: Evaluation, entry: Entry) -> None:
    """Let what was checked go on, or back to whom it came from."""
    one = found.questions.get(entry.body["clarification"])
    if one is None:
        return
    one.entries.append(entry.seq)
    is_back = "returned" in entry.body
    if entry.type == "evaluation.answer_checked" and not is_back:
        one.status = "shown"
    elif entry.type == "evaluation.question_checked" and is_back:
        one.status, one.agreed = "drafted", []
    else:
        one.status, one.due = "sent", entry.body.get("due", one.due)


def _judged(found: Evaluation, entry: Entry) -> None:
    found.judged[entry.body["seat"]] = entry


def _proposed(found: Evaluation, entry: Entry) -> None:
    votes = {entry.body["seat"]: True}
    found.corrections[entry.body["correction"]] = Correction(entry, [entry.seq], votes)


def _corrected(found: Evaluation, entry: Entry) -> None:
    one = found.corrections.get(entry.body["correction"])
    if one is None:
        return
    one.entries.append(entry.seq)
    match entry.type:
        case "evaluation.correction_voted":
            one.votes[entry.body["seat"]] = entry.body["agrees"]
            if 2 * list(one.votes.values()).count(False) > found.size:
                one.status = "dropped"
        case "evaluation.correction_asked":
            one.status, one.due = "asked", entry.body["due"]
        case "evaluation.correction_answered":
            one.status = "accepted" if entry.message["accepts"] else "refused"
            one.answered = entry
        case _:
            one.status = "expired"


def _priced(found: Evaluation, entry: Entry) -> None:
    found.checked = entry


def _aliased(found: Evaluation, entry: Entry) -> None:
    found.draws[entry.body["draw"]] = found.drawn = entry


def _marked(found: Evaluation, entry: Entry) -> None:
    seat, blind = entry.body["seat"], entry.message.get("blind")
    found.sheets[seat] = sheet_of(entry.message, found.draws)
    found.under[seat] = "" if blind is None else blind["draw"]
    found.given.append(entry)


def _locked(found: Evaluation, _: Entry) -> None:
    found.locked, found.shown = True, len(found.given)


def _reported(found: Evaluation, entry: Entry) -> None:
    found.report, found.finished = Drawn(entry), None


def _signed(found: Evaluation, entry: Entry) -> None:
    if found.report is not None:
        found.report.signed[entry.body["seat"]] = entry.body["opinion"]
        found.report.signatures[entry.body["seat"]] = entry


def _finished(found: Evaluation, entry: Entry) -> None:
    found.finished = entry


def _ordered(found: Evaluation, entry: Entry) -> None:
    found.again.append(Again(entry, found.report, found.finished))
    found.report, found.finished = None, None


def _again(found: Evaluation, entry: Entry) -> None:
    one = found.open_again
    if one is None:
        return
    match entry.type:
        case "evaluation.marks_given_again":
            one.given[entry.body["seat"]] = entry
        case "evaluation.remarks_locked":
            one.locked = entry
        case _:
            one.dropped = entry
            found.report, found.finished = one.report, one.finished


def _shifted(found: Evaluation, entry: Entry, since: int, shift: int) -> None:
    asked: list[Question | Correction] = [
        *(one for one in found.questions.values() if one.status in {"sent", "answered"}),
        *(one for one in found.corrections.values() if one.status == "asked"),
    ]
    for one in asked:
        if since < one.due:
            one.due += shift
            one.entries.append(entry.seq)


def _paused(found: Evaluation, entry: Entry) -> None:
    found.pause, found.during = entry, []


def _resumed(found: Evaluation, entry: Entry) -> None:
    paused = found.pause
    if paused is None:
        return
    told = {name: paused.body[name] for name in ("cause", "reason", "state")}
    found.pauses.append({**told, "since": paused.at, "until": entry.at})
    found.pause = None
    _shifted(found, entry, paused.at, entry.body["shift"])


def _said(found: Evaluation, _: Entry) -> None:
    found.messages += 1


def _differed(_: Evaluation, __: Entry) -> None:
    """Leave an evaluation paused: what was found to be another state changes nothing."""


def later(state: State, entry: Entry, since: int, shift: int) -> None:
    """Let what an evaluation waited for at a suspension come later by the time it took."""
    found = state.evaluations.get(entry.body["section"])
    if found is not None and found.pause is None:
        _shifted(found, entry, since, shift)
    published = state.results.get(entry.body["section"])
    if published is not None and since < published.until:
        published.until += shift
        published.entries.append(entry.seq)


_OF_ONE: Mapping[str, Callable[[Evaluation, Entry], None]] = {
    "member_signed_in": _sat,
    "ties_declared": _sat,
    "member_confirmed": _sat,
    "member_withdrew": _withdrew,
    "member_replaced": _replaced,
    "chair_ballot_cast": _balloted,
    "chair_elected": _balloted,
    "chair_tied": _balloted,
    "bid_reviewed": _reviewed,
    "vote_opened": _voted,
    "vote_cast": _voted,
    "bid_rejected": _rejected,
    "review_closed": _closed,
    "clarification_drafted": _drafted,
    "clarification_agreed": _asked,
    "clarification_dropped": _asked,
    "question_checked": _supervised,
    "clarification_answered": _asked,
    "answer_checked": _supervised,
    "answer_judged": _asked,
    "clarification_expired": _asked,
    "competition_judged": _judged,
    "correction_proposed": _proposed,
    "correction_voted": _corrected,
    "correction_asked": _corrected,
    "correction_answered": _corrected,
    "correction_expired": _corrected,
    "prices_checked": _priced,
    "aliases_drawn": _aliased,
    "marks_submitted": _marked,
    "marks_locked": _locked,
    "report_drawn_up": _reported,
    "report_signed": _signed,
    "report_finished": _finished,
    "reevaluation_ordered": _ordered,
    "marks_given_again": _again,
    "remarks_locked": _again,
    "reevaluation_dropped": _again,
    "paused": _paused,
    "resumed": _resumed,
    "state_differed": _differed,
    "said": _said,
}


def _within(state: State, entry: Entry) -> None:
    found = state.evaluations.get(entry.body["section"])
    if found is not None:
        if found.pause is not None:
            found.during.append(entry.seq)
        _OF_ONE[entry.type.removeprefix("evaluation.")](found, entry)


def _published(state: State, entry: Entry) -> None:
    published = Published(entry, entry.message["until"], [entry.seq])
    state.results[entry.body["section"]] = published


def _withdrawn(state: State, entry: Entry) -> None:
    found = state.results.pop(entry.body["section"], None)
    if found is not None:
        found.withdrawn = entry
        state.former.setdefault(entry.body["section"], []).append(found)


def _restored(state: State, entry: Entry) -> None:
    former = state.former.get(entry.body["section"])
    if former:
        found = former.pop()
        found.until, found.withdrawn = entry.body["until"], None
        found.entries.append(entry.seq)
        state.results[entry.body["section"]] = found


def _of_result(state: State, entry: Entry) -> None:
    section = entry.body["section"]
    if entry.type == "evaluation.result_objection_answered":
        for one in state.results_of(section):
            if entry.body["objection"] in one.objections:
                one.answered.add(entry.body["objection"])
        return
    found = state.results.get(section)
    if found is None:
        return
    match entry.type:
        case "evaluation.result_objected":
            found.objections[entry.body["objection"]] = entry
        case _:
            found.awarded = entry


STEPS: Mapping[str, Callable[[State, Entry], None]] = {
    "evaluation.stage_decided": _decided,
    "evaluation.rule_set": _ruled,
    "evaluation.committee_convened": _convened,
    "evaluation.candidates_published": _published,
    "evaluation.publication_withdrawn": _withdrawn,
    "evaluation.publication_restored": _restored,
    "evaluation.result_objected": _of_result,
    "evaluation.result_objection_answered": _of_result,
    "evaluation.awarded": _of_result,
    **{"evaluation." + name: _within for name in _OF_ONE},
}
"""Event -> how it changes the state."""
