"""Opening one bid: shares combined, secret, body and package, and the cause where that fails.

A pure function of the record and of the sealed file, so that anyone can do it again. It is slow
and runs in a thread, before the desk. Plaintext is looked at as it is read and never kept: memory
stays flat, and nothing is written anywhere.
"""

from dataclasses import dataclass
from typing import Literal

from crypto import sealing
from crypto.cobblestone import BodyInvalid, SealedReader, Seekable, file_root
from crypto.points import Point, decode33, decode65
from opening.events import FormProblem, SpoilCause
from opening.forms import form_terms, recorded_form
from opening.package_reader import OpenedPackage, read_package
from opening.package_rules import PackageInvalid
from opening.stages import session_at
from opening.state import OpeningState, SealedBid


@dataclass(frozen=True, slots=True)
class OpenedBody:
    """A bid that opened, under which opening, and what is inside; only `open_bid` makes it.

    Args:
        package: SHA-256 of the ZIP, hex; `size` is its length.
        manifest: SHA-256 of manifest.json, hex.
        files: how many files the manifest lists.
        form: the text of bid-form.json, if it is one.
    """

    bid: str
    opening_id: str
    package: str
    size: int
    manifest: str
    files: int
    form: str | None
    problems: tuple[FormProblem, ...]


@dataclass(frozen=True, slots=True)
class SpoiledBody:
    """A bid that did not open, and by whose fault; only `open_bid` makes it."""

    bid: str
    opening_id: str
    cause: SpoilCause
    blame: Literal["bidder", "platform"]
    detail: str


class SharesDisagreeError(Exception):
    """Two sets of verified shares gave different points: never a bidder's fault, always a bug."""


def open_bid(state: OpeningState, bid: str, sealed: Seekable | None) -> OpenedBody | SpoiledBody:
    """Open a bid on the order once the timekeeper has released.

    The shares were verified before they were recorded, so that whatever fails after them is either
    the bid itself or a file that is no longer what was admitted, which is measured again.

    Args:
        state: the committed state; order, shares and bid in it can no longer change.
        bid: the id of a bid on the order.
        sealed: its sealed file, seekable; None where the service no longer has it.

    Raises:
        SharesDisagreeError: see there.
    """
    found = state.bids[bid]
    opening_id = session_at(state, found.place).opening_id or ""
    if sealed is None:
        return SpoiledBody(bid, opening_id, "file_lost", "platform", "missing")
    try:
        package = read_package(open_package(state, bid, sealed))
    except sealing.SecretInvalid as error:
        return SpoiledBody(bid, opening_id, "ciphertext", "bidder", str(error))
    except BodyInvalid as error:
        cause: SpoilCause = "commitment" if error.cause == "commitment" else "body"
        return _lost(found, opening_id, sealed) or SpoiledBody(
            bid, opening_id, cause, "bidder", error.cause
        )
    except PackageInvalid as error:
        return _lost(found, opening_id, sealed) or SpoiledBody(
            bid, opening_id, "package", "bidder", str(error)
        )
    return _opened(state, found, opening_id, package)


def open_package(state: OpeningState, bid: str, sealed: Seekable) -> SealedReader:
    """Return the package of a bid on a released order, decrypted as it is read.

    Args:
        state: the state after the release.
        bid: the id of a bid on the order.
        sealed: its sealed file, seekable.

    Raises:
        SecretInvalid, BodyInvalid: the bid does not open.
    """
    found = state.bids[bid]
    context = sealing.body_key_context(found.params, found.enc, found.ct)
    return SealedReader(sealed, bid_cek(state, bid), context, found.size)


def bid_cek(state: OpeningState, bid: str) -> bytes:
    """Return the key of a bid's body from what the record released, 32 bytes.

    Raises:
        SecretInvalid: the sealed secret does not open.
        SharesDisagreeError: see there.
    """
    found = state.bids[bid]
    session = session_at(state, found.place)
    pk = decode65(state.keys[found.place].pk)
    shared = _combined(state, found)
    secret = sealing.open_secret(shared, pk, found.params, found.enc, found.ct)
    own = bytes.fromhex(session.secrets[bid]) if found.secret_commit is not None else None
    return sealing.cek(secret, own, found.params, found.enc, found.ct)


def _combined(state: OpeningState, bid: SealedBid) -> bytes:
    """Combine the k lowest shares; where there are more, the k highest must agree."""
    session = session_at(state, bid.place)
    if session.release is None:
        raise ValueError("the key of this bid is not released")
    k = state.attempts[state.keys[bid.place].sid].start.k
    last = _point(session.release[bid.bid])
    posted = sorted(session.partials)
    points = {i: _point(session.partials[i][bid.bid]) for i in {*posted[:k], *posted[-k:]}}
    shared = sealing.combine({i: points[i] for i in posted[:k]}, last)
    others = {i: points[i] for i in posted[-k:]}
    if len(posted) > k and sealing.combine(others, last) != shared:
        raise SharesDisagreeError(bid.bid)
    return shared


def _point(share: bytes) -> Point:
    """Return D of a share whose proof was verified before it was recorded."""
    return decode33(share[:33])


def _lost(bid: SealedBid, opening_id: str, sealed: Seekable) -> SpoiledBody | None:
    """Return a loss where the file is not what was admitted: then nothing is the bidder's fault."""
    sealed.seek(0)
    size, root = file_root(sealed)
    if (size, root) == (bid.size, bid.root):
        return None
    detail = "size" if size != bid.size else "root"
    return SpoiledBody(bid.bid, opening_id, "file_lost", "platform", detail)


def _opened(
    state: OpeningState, bid: SealedBid, opening_id: str, package: OpenedPackage
) -> OpenedBody:
    asked = form_terms(state.sections[bid.place[0]].terms, bid.place[1])
    form, problems = recorded_form(package.bid_form, asked)
    return OpenedBody(
        bid=bid.bid,
        opening_id=opening_id,
        package=package.sha256,
        size=package.length,
        manifest=package.manifest_sha256,
        files=len(package.files),
        form=form,
        problems=problems,
    )
