"""Forgeries of what entries say, logged and cosigned as if they were true: V3 to V19."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from crypto import signatures
from opening.events import KeyErased, SignedIn
from opening.messages import Erase, Refusal
from opening.participants import ParticipantBound
from opening.terms import DeadlineMoved
from project.events import OutageNoted, ProjectCorrected, QuestionAnswered
from record.events import Event, Signed
from tests.forgeries.forging import adds, drops, flipped, plain, row_of, says, signs, told
from tests.opening.parties import Party, ed25519, party
from tests.opening.world import DEADLINE, FIRST, HOUR, MINUTE, PROJECT, SECTION
from tests.verifier.logbook import Logbook
from tests.verifier.told import SERVICE_KEY, Told

Change = Callable[[Told, Logbook], None]
ELSEWHERE = "8" * 32


def event(what: str, nth: int = 0, /, **fields: Any) -> Change:
    return lambda _world, book: says(book, what, nth, **fields)


def added(before: str, make: Callable[[Told], Event], actor: str, nth: int = 0) -> Change:
    def change(world: Told, book: Logbook) -> None:
        adds(book, before, row_of(book, before, make(world), actor, nth), nth)

    return change


def dropped(name: str, nth: int = 0) -> Change:
    return lambda _world, book: drops(book, name, nth)


def message(what: str, who: Callable[[Told], Party], nth: int = 0, /, **fields: Any) -> Change:
    return lambda world, book: signs(book, what, who(world), nth, **fields)


def clerk(world: Told) -> Party:
    return world.clerk


def custodian(i: int) -> Callable[[Told], Party]:
    return lambda world: world.holder(i)


def _changed(name: str, field: str, nth: int = 0) -> Change:
    """Flip the first digit of a field in hex."""

    def change(_: Told, book: Logbook) -> None:
        row = book.rows[book.find(name, nth)]
        says(book, name, nth, **{field: flipped(row.body[field])})

    return change


def _signed_changed(name: str, who: Callable[[Told], Party], field: str, nth: int = 0) -> Change:
    def change(world: Told, book: Logbook) -> None:
        said = told(book.rows[book.find(name, nth)])
        signs(book, name, who(world), nth, **{field: flipped(said[field])})

    return change


def _notice(part: str, name: str, value: Any) -> Change:
    def change(world: Told, book: Logbook) -> None:
        said = told(book.rows[book.find("project.notice_published")])
        (section,) = said["sections"]
        if part == "key":
            (key,) = section["keys"]
            section = {**section, "keys": [{**key, name: value}]}
        else:
            section = {**section, name: value}
        signs(book, "project.notice_published", world.clerk, sections=[section])

    return change


def _terms_again(before: str) -> Change:
    """Set the same terms a second time."""

    def change(_: Told, book: Logbook) -> None:
        row, first = (book.rows[book.find(name)] for name in ("opening.terms_set", before))
        adds(book, before, replace(row, at=first.at, command="again", cosigned=first.cosigned))

    return change


def _another_attempt(world: Told, book: Logbook) -> None:
    """Start another attempt while there is a key."""
    row = book.rows[book.find("opening.ceremony_started")]
    notice = book.rows[book.find("project.notice_published")]
    moments = {"join_by": notice.at + 1, "deal_by": notice.at + 2, "certify_by": notice.at + 3}
    again = replace(row, at=notice.at, command="again", cosigned=notice.cosigned)
    adds(book, "project.notice_published", again)
    signs(book, "opening.ceremony_started", world.clerk, 1, attempt=2, **moments)


def _joins_twice(_: Told, book: Logbook) -> None:
    row = book.rows[book.find("opening.ceremony_joined", 1)]
    first = book.rows[book.find("opening.ceremony_dealt")]
    again = replace(row, at=first.at, command="again", cosigned=first.cosigned)
    adds(book, "opening.ceremony_dealt", again)


def _commits_as_another(world: Told, book: Logbook) -> None:
    other = told(book.rows[book.find("opening.ceremony_joined", 1)])
    signs(book, "opening.ceremony_joined", world.holder(2), 2, commit=other["commit"])


def _other_share_key(_: Told, book: Logbook) -> None:
    y = book.rows[book.find("opening.key_made")].body["y"]
    says(book, "opening.key_made", y=[y[1], y[0], *y[2:]])


def _withdraws_anothers(world: Told, book: Logbook) -> None:
    row = book.rows[book.find("opening.bid_withdrawn")]
    book.rows[book.find("opening.bid_withdrawn")] = replace(row, actor="bidder-2")
    signs(book, "opening.bid_withdrawn", world.bidder[2])


def _sealed_file_is_another(world: Told, book: Logbook) -> None:
    name = world.last_of(2)
    data = bytearray(book.sealed[name])
    data[100] ^= 1
    book.sealed = {**book.sealed, name: bytes(data)}


def _too_late_cosigned(_: Told, book: Logbook) -> None:
    seen = DEADLINE // 1000 + 61
    first = book.find("opening.bid_admitted", -1)
    book.rows[first:] = [
        replace(row, cosigned=max(row.cosigned, seen + place))
        for place, row in enumerate(book.rows[first:])
    ]


def _outage(_: Told) -> OutageNoted:
    return OutageNoted(
        section=SECTION, since=DEADLINE - MINUTE, until=DEADLINE, decide_by=DEADLINE + HOUR
    )


def _file_not_told(_: Told, book: Logbook) -> None:
    intact = book.rows[book.find("opening.files_checked")].body["intact"]
    says(book, "opening.files_checked", intact=intact[1:])


def _with_shares(change: Callable[[Told, list[Any]], list[Any]]) -> Change:
    def changed(world: Told, book: Logbook) -> None:
        said = told(book.rows[book.find("opening.partial_posted")])
        shares = change(world, said["shares"])
        signs(book, "opening.partial_posted", world.holder(1), shares=shares)

    return changed


def _wrong_share(_: Told, shares: list[Any]) -> list[Any]:
    first = {**shares[0], "share": shares[0]["share"][:-1] + "0"}
    if first == shares[0]:
        first = {**shares[0], "share": shares[0]["share"][:-1] + "1"}
    return [first, *shares[1:]]


def _unlisted_share(world: Told, shares: list[Any]) -> list[Any]:
    gone = next(bid.bid for bid in world.state.bids.values() if bid.status == "withdrawn")
    return [*shares, {"bid": gone, "share": shares[0]["share"]}]


def _shares_again(_: Told, book: Logbook) -> None:
    row = book.rows[book.find("opening.partial_posted")]
    first = book.rows[book.find("opening.bid_opened")]
    again = replace(row, at=first.at, command="again", cosigned=first.cosigned)
    adds(book, "opening.bid_opened", again)


def _erased(world: Told) -> KeyErased:
    key = world.state.keys[FIRST]
    message = Erase(v=1, project=PROJECT, sid=key.sid, key_id=key.key_id)
    return KeyErased(envelope=world.timekeeper.sign(message))


def _made_of(name: str, value: Any) -> Change:
    def change(_: Told, book: Logbook) -> None:
        bidders = book.rows[book.find("opening.session_announced")].body["bidders"]
        says(book, "opening.session_announced", bidders=[{**bidders[0], name: value}, *bidders[1:]])

    return change


def _acts_as(name: str, actor: str, nth: int = 0) -> Change:
    def change(_: Told, book: Logbook) -> None:
        place = book.find(name, nth)
        book.rows[place] = replace(book.rows[place], actor=actor)

    return change


def _bidder_from_office(world: Told) -> ParticipantBound:
    stranger = party("bidder", 9).bound()
    return stranger.model_copy(update={"organisation": world.custodians[0].organisation})


def _sign_in(role: Any, account: str, world: Told) -> SignedIn:
    who = next(one for one in world.people if one.account == account)
    return SignedIn(
        section=SECTION, envelope=1, role=role, account=account, organisation=who.organisation
    )


def _signed_in_too_early(world: Told, book: Logbook) -> None:
    made = _sign_in("supervisor", "supervisor", world)
    row = row_of(book, "opening.bid_admitted", made, "supervisor", -1)
    adds(book, "opening.signed_in", row)


def _commits_again(_: Told, book: Logbook) -> None:
    row = book.rows[book.find("opening.draw_committed", -1)]
    adds(book, "opening.draw_sealed", replace(row, command="again"), -1)


def _window_too_long(_: Told, book: Logbook) -> None:
    until = book.rows[book.find("opening.window_opened")].body["until"]
    says(book, "opening.window_opened", until=until + 1)


def _resumed_too_much(_: Told, book: Logbook) -> None:
    shift = book.rows[book.find("opening.session_resumed")].body["shift"]
    says(book, "opening.session_resumed", shift=shift + 1)


def _refusal(key: signatures.PrivateKey, **changes: Any) -> Change:
    def change(_: Told, book: Logbook) -> None:
        row = book.rows[book.find("opening.bid_refused")]
        envelope = Signed.model_validate_json(json.dumps(row.body["answer"]))
        said = {**_payload(envelope), **changes}
        made = Refusal.model_validate(said)
        signer = Party("service", "clerk", key)
        answer = plain(signer.sign(made))
        if key is not SERVICE_KEY:
            answer["signatures"][0]["keyid"] = row.body["answer"]["signatures"][0]["keyid"]
        says(book, "opening.bid_refused", answer=answer)

    return change


def _payload(envelope: Signed) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(base64.b64decode(envelope.payload))
    return fields


def _until(name: str, change: Change) -> Change:
    """Forge, and end the record with an event: what follows was never done."""

    def changed(world: Told, book: Logbook) -> None:
        change(world, book)
        del book.rows[book.find(name) + 1 :]
        book.sealed = {}

    return changed


def _judges_a_stranger(world: Told, book: Logbook) -> None:
    said = told(book.rows[book.find("evaluation.stage_decided")])
    passed = [*said["passed"], ELSEWHERE]
    signs(book, "evaluation.stage_decided", world.clerk, passed=passed)
    says(book, "opening.bids_passed_on", organisations=passed)


def _says_what_it_said(world: Told, book: Logbook) -> None:
    """Let a correction, and the notice after it, say what the project began with."""
    place = book.find("project.project_corrected")
    said = {"number": "1", "title": "A road", "tenderer": "T"}
    book.rows[place] = replace(book.rows[place], body=said)
    signs(book, "project.notice_published", world.clerk, title="A road", agency=None)


_STRANGER = ed25519("stranger")
_NOBODY = sha256(b"nobody").hexdigest()
FORGERIES: dict[str, tuple[str, str, Change]] = {
    "notice's title": ("V3.1", "plain", message("project.notice_published", clerk, title="X")),
    "notice as it was before the correction": (
        "V3.1", "troubled", message("project.notice_published", clerk, title="A road", agency=None),
    ),
    "notice's documents": (
        "V3.2", "plain", message(
            "project.notice_published", clerk, documents=[{
                "document": ELSEWHERE, "title": "t", "name": "n", "size": 1, "sha256": _NOBODY,
            }],
        ),
    ),
    "notice's terms": ("V3.3", "plain", _notice("section", "max_size", 7)),
    "notice's fingerprint": ("V3.4", "plain", _notice("key", "fingerprint", [1] * 8)),
    "terms after the notice": ("V3.6", "plain", _terms_again("opening.signed_in")),
    "terms under a ceremony": ("V3.6", "terminated", _terms_again("opening.ceremony_joined")),
    "terms under a key": ("V3.6", "terminated", _terms_again("project.notice_published")),
    "amendment brings forward": (
        "V3.7", "moved", message("project.amended", clerk, deadline=DEADLINE - HOUR),
    ),
    "deadline moved by nobody": (
        "V3.8", "plain", added(
            "opening.signed_in",
            lambda _: DeadlineMoved(section=SECTION, deadline=DEADLINE), "clerk",
        ),
    ),
    "corrected after the notice": (
        "V3.9", "plain", added(
            "opening.signed_in",
            lambda _: ProjectCorrected(number="2", title="A bridge", tenderer="T"), "clerk",
        ),
    ),
    "correction that corrects nothing": (
        "V3.9", "troubled", _says_what_it_said,
    ),
    "corrected by another": (
        "V13.1", "troubled", _acts_as("project.project_corrected", "supervisor"),
    ),
    "attempt beside a key": ("V4.1", "terminated", _another_attempt),
    "custodian of another name": (
        "V4.2", "plain", event("opening.participant_bound", 5, name="Somebody"),
    ),
    "joined twice": ("V4.3", "terminated", _joins_twice),
    "commitment copied": ("V4.4", "plain", _commits_as_another),
    "commitment not kept": (
        "V4.5", "plain", _signed_changed("opening.ceremony_joined", custodian(2), "commit", 2),
    ),
    "no possession": (
        "V4.6", "plain", _signed_changed("opening.ceremony_dealt", custodian(1), "pop", 1),
    ),
    "certificate": (
        "V4.7", "plain", _signed_changed("opening.ceremony_certified", custodian(1), "sig", 1),
    ),
    "share keys": ("V4.8", "plain", _other_share_key),
    "wrong offender": ("V4.9", "troubled", event("opening.ceremony_aborted", offenders=[2])),
    "rehearsal": (
        "V4.10", "troubled", _signed_changed("opening.key_rehearsed", custodian(2), "sig"),
    ),
    "sealed file": ("V5.A8", "plain", _sealed_file_is_another),
    "withdrawn by another": ("V6.1", "plain", _withdraws_anothers),
    "close list": ("V6.2", "plain", _changed("opening.bids_closed", "list")),
    "close count": ("V6.3", "plain", event("opening.bids_closed", count=4)),
    "seen too late": ("V6.5", "plain", _too_late_cosigned),
    "close of another deadline": (
        "V6.6", "plain", event("opening.bids_closed", deadline=DEADLINE - 1),
    ),
    "minimum": ("V6.7", "two_envelopes", event("opening.section_failed", minimum=4)),
    "outage not waited for": (
        "V6.8", "plain", added("opening.bids_closed", _outage, "service"),
    ),
    "file not told": ("V7.1", "plain", _file_not_told),
    "no approval": (
        "V7.5", "two_envelopes", _until(
            "opening.order_issued", dropped("opening.continuation_approved")
        ),
    ),
    "bidder's secret": (
        "V8.1", "co_opened", _changed("opening.secret_released", "secret"),
    ),
    "share": ("V9.2", "plain", _with_shares(_wrong_share)),
    "share missing": ("V9.1", "plain", _with_shares(lambda _, shares: shares[:-1])),
    "shares again": (
        "V9.4", "plain", _until("opening.decryption_ended", _shares_again),
    ),
    "opening of another order": (
        "V10.1", "plain", event("opening.bid_opened", opening_id=_NOBODY),
    ),
    "files inside": ("V10.5", "plain", event("opening.bid_opened", files=7)),
    "cause": ("V10.4", "co_opened", event("opening.bid_spoiled", 1, cause="body")),
    "secret said not to open": (
        "V10.3", "co_opened", event("opening.bid_spoiled", 1, cause="ciphertext"),
    ),
    "blame": ("V10.6", "co_opened", event("opening.bid_spoiled", 1, blame="platform")),
    "result missing": ("V10.7", "co_opened", dropped("opening.bid_spoiled", 1)),
    "form's problems": (
        "V10.8", "plain", event(
            "opening.bid_opened", problems=[{"field": "price", "problem": "missing"}]
        ),
    ),
    "share of a withdrawn bid": ("V11.1", "plain", _with_shares(_unlisted_share)),
    "erasure of another key": (
        "V12.1", "terminated", message(
            "opening.key_erased", lambda world: world.timekeeper, key_id=_NOBODY
        ),
    ),
    "erased too early": (
        "V12.2", "plain", added("opening.bid_read_out", _erased, "timekeeper"),
    ),
    "announced by the supervisor": (
        "V13.1", "plain", _acts_as("opening.session_announced", "supervisor"),
    ),
    "bidder bound by the clerk": (
        "V13.2", "plain", _acts_as("opening.participant_bound", "clerk", -1),
    ),
    "bidder from an office": (
        "V13.3", "plain", added("opening.signed_in", _bidder_from_office, "bidder-9"),
    ),
    "old key": ("V13.4", "troubled", event("opening.participant_key_changed", old=_NOBODY)),
    "signed in after the minutes": (
        "V14.1", "plain", added(
            "opening.minutes_signed",
            lambda world: _sign_in("supervisor", "supervisor", world), "supervisor",
        ),
    ),
    "window too long": ("V14.2", "plain", _window_too_long),
    "signed in too early": ("V14.3", "plain", _signed_in_too_early),
    "resumed too much": ("V14.4", "troubled", _resumed_too_much),
    "signed in while suspended": (
        "V14.5",
        "moved",
        _until(
            "opening.section_resumed",
            added(
                "opening.section_resumed",
                lambda world: _sign_in("supervisor", "supervisor", world),
                "supervisor",
            ),
        ),
    ),
    "announced name": ("V14.6", "plain", _made_of("name", "Somebody")),
    "values of a draw": (
        "V15.1", "drawn", event("opening.draw_started", -1, values=["1", "2", "3"]),
    ),
    "committed again": ("V15.2", "drawn", _commits_again),
    "another secret": ("V15.3", "drawn", _changed("opening.draw_revealed", "secret", -2)),
    "defaulted": ("V15.4", "drawn", event("opening.draw_defaulted", accounts=["clerk"])),
    "result of a draw": ("V15.5", "drawn", event("opening.draw_ended", result="9")),
    "facts": ("V16.1", "plain", _changed("opening.minutes_drawn_up", "facts")),
    "minutes in a window": ("V16.2", "plain", dropped("opening.window_ended", -1)),
    "size of the minutes": ("V16.3", "plain", event("opening.minutes_drawn_up", pdf_size=7)),
    "other minutes": (
        "V16.4", "plain", message("opening.minutes_signed", clerk, pdf=_NOBODY),
    ),
    "who did not sign": ("V16.5", "plain", event("opening.session_ended", unsigned=[])),
    "answer to nothing": (
        "V17.1", "plain", added(
            "opening.signed_in", lambda _: QuestionAnswered(
                question=ELSEWHERE, section=SECTION, text="t", answer="a"
            ), "clerk",
        ),
    ),
    "objection unanswered": ("V17.2", "drawn", dropped("opening.objection_answered")),
    "notice without reply": (
        "V17.3", "troubled", dropped("project.supervisor_notice_acknowledged"),
    ),
    "refusal by a stranger": ("V18.1", "troubled", _refusal(_STRANGER)),
    "refusal of something else": ("V18.2", "troubled", _refusal(SERVICE_KEY, received=_NOBODY)),
    "late before the deadline": (
        "V18.3", "troubled", _refusal(SERVICE_KEY, code="bids.late"),
    ),
    "judged without an opened bid": (
        "V19.1", "two_envelopes", _judges_a_stranger,
    ),
    "passed on": (
        "V19.2", "two_envelopes", _until(
            "opening.bids_passed_on", event("opening.bids_passed_on", organisations=[])
        ),
    ),
}  # fmt: skip
"""What is forged: the one check that must find it, in which story, and how."""
