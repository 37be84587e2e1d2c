import io
import json
from hashlib import sha256
from typing import Any

import pytest

from crypto import cobblestone, sealing
from opening.bodies import (
    OpenedBody,
    SharesDisagreeError,
    SpoiledBody,
    bid_cek,
    open_bid,
    open_package,
)
from opening.events import FormProblem
from opening.forms import form_terms, recorded_form
from opening.messages import FormField
from opening.package_reader import index_package, read_file
from opening.stages import within
from tests.opening.bidding import Sealed, form, honest_package, package
from tests.opening.day import Day
from tests.opening.parties import seeded
from tests.opening.world import DEADLINE, FIRST


def sealed_honestly(day: Day, content: bytes) -> Sealed:
    return day.seal(1, content=content)


def opened(day: Day, sealed: Sealed, file: bytes | None = None) -> OpenedBody | SpoiledBody:
    """Submit a first bid beside two honest ones, release all, and open it."""
    bid = day.admit(1, sealed)
    day.bid(2)
    day.bid(3)
    day.at(DEADLINE)
    day.announce()
    day.order()
    day.partials()
    day.release()
    return open_bid(day.state, bid, io.BytesIO(sealed.file if file is None else file))


def open_with(content: bytes) -> OpenedBody | SpoiledBody:
    day = Day().open_up()
    assert isinstance(day, Day)
    return opened(day, sealed_honestly(day, content))


def resealed(day: Day, cek: bytes, context: bytes | None = None) -> Sealed:
    """Return a bid whose body was sealed with another key or context than its seal says."""
    honest = sealed_honestly(day, honest_package(day.bidder[1], 100))
    bid = honest.bid
    bound = bid.params.encode()
    enc, ct = bytes.fromhex(bid.enc), bytes.fromhex(bid.ct)
    sink = io.BytesIO()
    own = sealing.body_key_context(bound, enc, ct)
    body = cobblestone.seal_stream(
        io.BytesIO(honest.package), sink, cek, context or own, bytes(24), len(honest.package)
    )
    return stated(honest, sink.getvalue(), body.size, body.root)


def stated(honest: Sealed, file: bytes, size: int, root: bytes, ct: str | None = None) -> Sealed:
    """Return an honest bid with another file, or another ct, and a statement that says so."""
    bid = honest.bid.model_copy(
        update={"size": size, "root": root.hex(), "ct": ct or honest.bid.ct}
    )
    stmt = sealing.statement(
        bid.params.encode(), bytes.fromhex(bid.enc), bytes.fromhex(bid.ct), size, root
    )
    pok = sealing.prove_sealer(honest.r, stmt, seeded("pok"))
    proved = bid.model_copy(update={"pok": pok.hex()})
    return Sealed(
        proved, honest.params, file, honest.package, honest.r, honest.secret, honest.bidder_secret
    )


def tampered(day: Day, place: int) -> Sealed:
    """Return a bid whose bidder spoiled its own file before stating it."""
    honest = sealed_honestly(day, honest_package(day.bidder[1], 100))
    raw = bytearray(honest.file)
    raw[place] ^= 1
    size, root = cobblestone.file_root(io.BytesIO(bytes(raw)))
    return stated(honest, bytes(raw), size, root)


def day_open() -> Day:
    day = Day()
    day.open_up()
    return day


def spoiled(found: OpenedBody | SpoiledBody) -> tuple[str, str, str]:
    assert isinstance(found, SpoiledBody)
    return found.cause, found.blame, found.detail


def test_a_bid_opens_to_what_was_sealed() -> None:
    day = day_open()
    content = honest_package(day.bidder[1], 123)
    found = opened(day, sealed_honestly(day, content))
    assert isinstance(found, OpenedBody)
    assert found.opening_id == day.session().opening_id
    assert (found.package, found.size) == (sha256(content).hexdigest(), len(content))
    assert found.files == 2
    assert found.form is not None
    assert json.loads(found.form) == form(day.bidder[1], 123)
    assert found.problems == ()


def test_any_k_custodians_open_a_bid_and_more_must_agree() -> None:
    day = Day()
    bids = day.ordered()
    day.partials((1, 2, 3))
    day.release()
    key = bid_cek(day.state, bids[1])
    partials = day.session().partials
    for left_out in (1, 2, 3):
        fewer = {i: shares for i, shares in partials.items() if i != left_out}
        assert bid_cek(within(day.state, FIRST, partials=fewer), bids[1]) == key


def test_shares_that_disagree_are_nobodys_fault_but_ours() -> None:
    day = Day()
    bids = day.ordered()
    day.partials((1, 2, 3))
    day.release()
    partials = {**day.session().partials, 3: day.session().partials[2]}
    with pytest.raises(SharesDisagreeError):
        bid_cek(within(day.state, FIRST, partials=partials), bids[1])


def test_without_the_release_nothing_opens() -> None:
    day = Day()
    bids = day.ordered()
    day.partials()
    with pytest.raises(ValueError, match="not released"):
        bid_cek(day.state, bids[1])


def test_a_co_opened_bid_needs_its_bidders_secret_too() -> None:
    day = Day(co_open=True)
    bids = day.ordered()
    day.partials()
    day.release()
    found = day.body(bids[1])
    assert isinstance(found, OpenedBody)
    other = within(day.state, FIRST, secrets={**day.session().secrets, bids[1]: "0" * 64})
    assert spoiled(open_bid(other, bids[1], io.BytesIO(day.sealed[bids[1]].file))) == (
        "commitment",
        "bidder",
        "commitment",
    )


def test_a_ciphertext_that_does_not_open_is_the_bidders_fault() -> None:
    day = day_open()
    honest = sealed_honestly(day, honest_package(day.bidder[1], 100))
    root = bytes.fromhex(honest.bid.root)
    sealed = stated(honest, honest.file, honest.bid.size, root, ct="0" * 96)
    assert spoiled(opened(day, sealed))[:2] == ("ciphertext", "bidder")


def test_a_body_under_another_key_breaks_its_commitment() -> None:
    day = day_open()
    assert spoiled(opened(day, resealed(day, bytes(32))))[:2] == ("commitment", "bidder")


def test_a_body_sealed_for_another_bid_breaks_its_commitment() -> None:
    day = day_open()
    honest = sealed_honestly(day, honest_package(day.bidder[1], 100))
    bound = honest.bid.params.encode()
    enc, ct = bytes.fromhex(honest.bid.enc), bytes.fromhex(honest.bid.ct)
    key = sealing.cek(honest.secret, None, bound, enc, ct)
    assert spoiled(opened(day, resealed(day, key, bytes(32))))[0] == "commitment"


@pytest.mark.parametrize(
    ("place", "cause", "detail"),
    [(0, "commitment", "commitment"), (100, "body", "tag"), (-1, "body", "tag")],
)
def test_a_file_its_bidder_damaged_names_what_is_wrong(place: int, cause: str, detail: str) -> None:
    day = day_open()
    assert spoiled(opened(day, tampered(day, place))) == (cause, "bidder", detail)


@pytest.mark.parametrize("place", [0, 100, -1])
def test_the_same_damage_done_by_the_service_blames_the_platform(place: int) -> None:
    day = day_open()
    sealed = sealed_honestly(day, honest_package(day.bidder[1], 100))
    raw = bytearray(sealed.file)
    raw[place] ^= 1
    assert spoiled(opened(day, sealed, bytes(raw))) == ("file_lost", "platform", "root")


def test_a_file_cut_short_or_gone_blames_the_platform() -> None:
    day = day_open()
    sealed = sealed_honestly(day, honest_package(day.bidder[1], 100))
    assert spoiled(opened(day, sealed, sealed.file[:-1])) == ("file_lost", "platform", "size")
    gone = open_bid(day.state, sealed.params.bid, None)
    assert spoiled(gone) == ("file_lost", "platform", "missing")


@pytest.mark.parametrize("content", [b"\0", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_a_package_that_is_none_is_the_bidders_fault(content: bytes) -> None:
    assert spoiled(open_with(content))[:2] == ("package", "bidder")


def test_a_package_whose_name_escapes_is_spoiled() -> None:
    content = package(b"{}", {"../x": b"out"})
    cause, blame, detail = spoiled(open_with(content))
    assert (cause, blame) == ("package", "bidder")
    assert detail.startswith("name")


def test_a_form_that_cannot_be_read_is_shown_and_stops_nothing() -> None:
    found = open_with(package(b"\xff\xfe", {}))
    assert isinstance(found, OpenedBody)
    assert found.form is None
    assert [problem.problem for problem in found.problems] == ["unreadable"]


def test_a_form_of_text_that_is_no_form_keeps_its_text() -> None:
    found = open_with(package(b"[1.5]", {}))
    assert isinstance(found, OpenedBody)
    assert found.form == "[1.5]"
    assert [problem.problem for problem in found.problems] == ["unreadable"]


def test_a_price_over_the_limit_is_told_and_decided_by_the_committee() -> None:
    day = day_open()
    found = opened(day, sealed_honestly(day, honest_package(day.bidder[1], 9_000_000_01)))
    assert isinstance(found, OpenedBody)
    assert found.problems == (FormProblem(field="price.amount", problem="over_limit"),)


def form_of(envelope: int, value: dict[str, Any]) -> tuple[FormProblem, ...]:
    day = Day(envelopes=2, minimum=1)
    day.bind()
    extra = FormField(field="warranty", title="质保期", kind="integer", required=True)
    day.terms(form=(extra,))
    terms = form_terms(day.state.sections["s1"].terms, 1 if envelope == 1 else 2)
    return recorded_form(json.dumps(value).encode(), terms)[1]


def test_a_technical_envelope_holds_no_price_and_needs_no_added_field() -> None:
    bare: dict[str, Any] = {"v": 1, "bidder": "甲"}
    priced = {**bare, "price": {"amount": 1, "currency": "CNY"}}
    assert form_of(1, bare) == ()
    assert [problem.field for problem in form_of(1, priced)] == ["price"]
    assert [problem.field for problem in form_of(2, priced)] == ["extra"]
    assert form_of(2, {**priced, "extra": {"warranty": 24}}) == ()


def test_an_opened_package_is_read_file_by_file_and_stays_sealed_on_disk() -> None:
    day = Day()
    bids = day.decrypted()
    with open_package(day.state, bids[2], io.BytesIO(day.sealed[bids[2]].file)) as reader:
        entry = index_package(reader)["投标 文件.pdf"]
        assert b"".join(read_file(reader, entry)) == b"%PDF-1.7 bidder-2"
