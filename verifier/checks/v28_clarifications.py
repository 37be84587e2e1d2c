"""V28: clarifications 询标. Who asks and wants what, both checks, answers and their judgement."""

from collections.abc import Iterable

from verifier.checks import v28_attachments
from verifier.committee import Evaluation, Question
from verifier.entries import Entry
from verifier.hashing import hash_hex
from verifier.scene import Scene
from verifier.sitting import Checks, at_work, look_at, sits, unreported

MINUTE = 60_000
SHORTEST, LONGEST = 5 * MINUTE, 7 * 24 * 60 * MINUTE
"""What a bidder may be given to answer, ms."""
MOST = 20
"""Questions to one bid."""
_QUEUED = MINUTE
"""How much earlier than its entry a command may have come in, ms."""


def look(scene: Scene, entry: Entry) -> None:
    """Check a step of a clarification."""
    look_at(scene, entry, _CHECKS)


def _check_drafted(scene: Scene, entry: Entry, found: Evaluation) -> None:
    body, seq = entry.body, entry.seq
    at_work(scene, "V28.1", entry, found)
    sits(scene, "V28.1", entry, found, body["seat"])
    unreported(scene, "V28.1", entry, found)
    fresh = body["clarification"] not in found.questions
    scene.need("V28.1", seq, fresh, "a new question", body["clarification"])
    known = body["bid"] in found.valid
    scene.has("V28.1", seq, known, "a bid that is still in", body["bid"], found.rests)
    marked = sorted(found.sheets)
    scene.need("V28.1", seq, not marked, "before the first marks", f"marks of {marked}")
    before = [one for one in found.questions.values() if one.drafted.body["bid"] == body["bid"]]
    scene.need("V28.1", seq, len(before) < MOST, f"{MOST} questions to a bid at most", "more")
    holds = SHORTEST <= body["period"] <= LONGEST
    scene.need("V28.1", seq, holds, f"{SHORTEST} to {LONGEST}", body["period"])
    carried = named(scene, found, body["text"])
    scene.need(
        "V28.1", seq, not carried, "a question without a member's name", carried, found.rests
    )


def named(scene: Scene, found: Evaluation, text: str, others: Iterable[str] = ()) -> list[str]:
    """Return the members, and of other names those, that a text names, whatever the blanks."""
    known = scene.state.known
    people = [known.get((seat.account, "expert")) for seat in found.seats.values()]
    names = [*(one.name for one in people if one is not None), *others]
    return [one for one in names if _bare(one) in _bare(text)]


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _check_agreed(scene: Scene, entry: Entry, found: Evaluation) -> None:
    at_work(scene, "V28.2", entry, found)
    sits(scene, "V28.2", entry, found, entry.body["seat"])
    one = _at(scene, "V28.2", entry, found, "drafted")
    if one is not None:
        fresh = entry.body["seat"] not in one.agreed
        scene.need("V28.2", entry.seq, fresh, "one wish a seat", "a second one")


def _check_dropped(scene: Scene, entry: Entry, found: Evaluation) -> None:
    at_work(scene, "V28.2", entry, found)
    sits(scene, "V28.2", entry, found, entry.body["seat"])
    one = _at(scene, "V28.2", entry, found, "drafted", "agreed")
    if one is not None:
        may = [one.drafted.body["seat"], found.chair]
        seat, rests = entry.body["seat"], [*found.rests, *one.entries]
        scene.has("V28.2", entry.seq, seat in may, "whoever drafted it, or the chair", seat, rests)


def _check_question(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _at(scene, "V28.3", entry, found, "agreed")
    if one is not None and _is_either(scene, entry, is_due="returned" not in entry.body):
        _check_due(scene, entry, one, entry.at + one.drafted.body["period"])


def _check_answer(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _at(scene, "V28.3", entry, found, "answered")
    if one is not None and _is_either(scene, entry, is_due="returned" in entry.body):
        _check_due(scene, entry, one, entry.at + SHORTEST, one.due)


def _is_either(scene: Scene, entry: Entry, *, is_due: bool) -> bool:
    """Check that a due time stands where the bidder is to answer; tell whether one does."""
    stands = "due" in entry.body
    wanted = "a due time" if is_due else "no due time"
    return scene.need("V28.3", entry.seq, stands is is_due, wanted, "the other") and is_due


def _check_due(scene: Scene, entry: Entry, one: Question, due: int, least: int = 0) -> None:
    """Check until when a bidder can answer; a command may have waited before its entry."""
    low, high, said = max(due - _QUEUED, least), max(due, least), entry.body["due"]
    holds = low <= said <= high
    scene.has("V28.3", entry.seq, holds, f"{low} to {high}", said, one.entries)


def _check_answered(scene: Scene, entry: Entry, found: Evaluation) -> None:
    said, body = entry.message, entry.body
    one = _at(scene, "V28.4", entry, found, "sent")
    wanted = (scene.state.project, body["section"], body["clarification"])
    told = (said["project"], said["section"], said["clarification"])
    scene.equal("V28.4", entry.seq, wanted, told)
    if one is None:
        return
    asked = hash_hex(one.drafted.body["text"].encode())
    scene.equal("V28.4", entry.seq, asked, said["question"], one.entries)
    scene.has("V28.4", entry.seq, entry.at < one.due, f"before {one.due}", entry.at, one.entries)
    bid = scene.state.bids.get(one.drafted.body["bid"])
    person = scene.state.people.get((entry.account, "bidder"))
    own = bid is not None and person is not None and person.organisation == bid.organisation
    scene.has("V28.4", entry.seq, own, "the bidder whose bid it is", entry.account, one.entries)


def _check_attached(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_answered(scene, entry, found)
    v28_attachments.look(scene, entry)


def _check_judged(scene: Scene, entry: Entry, found: Evaluation) -> None:
    at_work(scene, "V28.5", entry, found)
    sits(scene, "V28.5", entry, found, entry.body["seat"])
    one = _at(scene, "V28.5", entry, found, "shown")
    if one is not None:
        fresh = entry.body["seat"] not in one.judged
        scene.need("V28.5", entry.seq, fresh, "one judgement a seat", "a second one")


def _check_expired(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _at(scene, "V28.6", entry, found, "sent")
    if one is not None:
        over = entry.at >= one.due
        scene.has("V28.6", entry.seq, over, f"from {one.due} on", entry.at, one.entries)


def _at(
    scene: Scene, check: str, entry: Entry, found: Evaluation, *statuses: str
) -> Question | None:
    """Return the question an entry is about if it is at the step for it; a finding if not."""
    one = found.questions.get(entry.body["clarification"])
    if not scene.has(check, entry.seq, one is not None, "a question that was drafted") or not one:
        return None
    rests = [*found.rests, *one.entries]
    unreported(scene, check, entry, found)
    wanted = "a question " + " or ".join(statuses)
    holds = scene.has(check, entry.seq, one.status in statuses, wanted, one.status, rests)
    return one if holds else None


_CHECKS: Checks = {
    "evaluation.clarification_drafted": ("V28.1", _check_drafted),
    "evaluation.clarification_agreed": ("V28.2", _check_agreed),
    "evaluation.clarification_dropped": ("V28.2", _check_dropped),
    "evaluation.question_checked": ("V28.3", _check_question),
    "evaluation.clarification_answered": ("V28.4", _check_attached),
    "evaluation.answer_checked": ("V28.3", _check_answer),
    "evaluation.answer_judged": ("V28.5", _check_judged),
    "evaluation.clarification_expired": ("V28.6", _check_expired),
}
