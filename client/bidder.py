"""What a bidder does, from taking part to signing the minutes.

It must not submit what was not sealed and re-opened here, and says "submitted" only once the
receipt has been checked.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client import durable, keys, notices, sealing, tus
from client.errors import Declined, NotTrusted, Unusable
from client.keys import KeySource
from client.notices import Bundle
from client.profile import Trust
from client.receipts import Proven
from client.sealing import Order, Progress, SealedBid, Sealer
from client.seat import Answer, Seat
from crypto.canonical import JsonInput
from crypto.signatures import PrivateKey
from evaluation.clarification import question_hash
from evaluation.commands import AnswerClarification, AnswerCorrection
from evaluation.messages import Attached, ClarificationAnswer, CorrectionAnswer
from opening.commands import (
    AdmitBid,
    ConfirmLine,
    RaiseObjection,
    ReleaseSecret,
    SignIn,
    SignMinutes,
    WithdrawBid,
)
from opening.envelopes import payload
from opening.events import BidAdmitted
from opening.messages import Bid, MinutesSignature, Withdraw
from opening.package import Source
from opening.state import Place
from project.commands import AskQuestion, TakePart

_SUBMISSION = "submission.json"
RECEIPT = "receipt.json"
PAGE = "receipt.pdf"
REFUSAL = "refusal.json"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A bid that is submitted, with its checked receipt."""

    sealed: SealedBid
    receipt: Proven


class Bidder:
    """A bidder at its seat, with its signing key.

    Args:
        seat: signed in.
        key: gives the key registered by this account.
        organisation: the id of its organisation.
    """

    def __init__(self, seat: Seat, key: KeySource, organisation: str) -> None:
        self.seat = seat
        self._key = key
        self.organisation = organisation

    @property
    def key(self) -> PrivateKey:
        """The signing key."""
        return self._key()

    async def take_part(self, project: str) -> Answer:
        """Take part in a project for one's own organisation."""
        return await self.seat.do(project, TakePart())

    async def ask(self, project: str, section: str, text: str) -> Answer:
        """Ask about the tender documents."""
        return await self.seat.do(project, AskQuestion(section=section, text=text))

    async def fetch_document(self, project: str, document: str, path: Path) -> None:
        """Fetch a tender document and compare it with the notice.

        Raises:
            NotTrusted: it is not what the notice names.
        """
        published = await notices.notice_of(self.seat, project)
        told = next((one for one in published.documents if one.document == document), None)
        content = await self.seat.service.get_bytes(f"/api/projects/{project}/documents/{document}")
        if told is None or sealing.sha256(content) != told.sha256:
            raise NotTrusted("the document is not the one the notice names", document)
        durable.write(path, content, 0o644)

    async def fetch_key(self, project: str, place: Place) -> Bundle:
        """Fetch what sealing needs, to be used now or on a machine without a line."""
        return await notices.fetch(self.seat, project, place)

    async def prepare(
        self,
        project: str,
        place: Place,
        files: Mapping[str, Source],
        form: Mapping[str, JsonInput],
    ) -> Order:
        """Return what is to be sealed: a first bid for a place, or the next revision."""
        bundle = await self.fetch_key(project, place)
        trust = self.seat.watch.trust
        return await asyncio.to_thread(order_of, bundle, trust, self.organisation, files, form)

    async def seal(self, order: Order, folder: Path, progress: Progress | None = None) -> SealedBid:
        """Seal to disk, in a thread; needs no line to the service."""
        return await asyncio.to_thread(lambda: Sealer(order, folder, progress).seal())

    async def own_bids(self, project: str, place: Place) -> list[dict[str, Any]]:
        """Return this organisation's bids at a place as the service has them, by revision."""
        view = await self.seat.view(project)
        own = [bid for bid in view["bids"] if (bid["section"], bid["envelope"]) == place]
        return sorted(own, key=lambda bid: int(bid["revision"]))

    async def submit(self, sealed: SealedBid, progress: Progress | None = None) -> Submitted:
        """Upload, submit and take the receipt; goes on where it stopped before.

        Raises:
            Declined: the bid was refused; a signed refusal, if there is one, is kept beside it.
            NotTrusted: the receipt does not hold.
        """
        project, command_id = sealed.params.project, "bid-" + sealed.params.bid
        body = await self._body(sealed, progress)
        try:
            await self.seat.do_body(project, body, command_id)
        except Declined as declined:
            if "refusal" in declined.facts:
                kept = json.dumps(dict(declined.facts), ensure_ascii=False)
                durable.write(sealed.folder / REFUSAL, kept.encode())
            raise
        receipt = await self.seat.receipt(project, command_id)
        _check_receipt(sealed, receipt)
        durable.write(sealed.folder / RECEIPT, receipt.receipt, 0o644)
        durable.write(sealed.folder / PAGE, await receipt_page(self.seat, receipt), 0o644)
        return Submitted(sealed, receipt)

    async def upload(self, sealed: SealedBid, progress: Progress | None = None) -> None:
        """Upload without submitting; `submit` goes on from there."""
        await self._body(sealed, progress)

    async def withdraw(self, project: str, bid: str) -> tuple[Answer, Proven]:
        """Take one's last bid back, and take the receipt."""
        message = keys.sign(Withdraw(v=1, project=project, bid=bid), self.key)
        answer = await self.seat.do(project, WithdrawBid(message=message))
        return answer, await self.seat.receipt(project, answer.command_id)

    async def sign_in(self, project: str, place: Place) -> Answer:
        """Sign in to the opening session 签到."""
        command = SignIn(section=place[0], envelope=place[1], role="bidder")
        return await self.seat.do(project, command)

    async def release_secret(self, sealed: SealedBid) -> Answer:
        """Release the bidder's own secret of a bid.

        Raises:
            Unusable: the bid has none, or its file is gone.
        """
        if sealed.bidder_secret is None:
            raise Unusable("there is no bidder secret kept with this bid", sealed.folder)
        command = ReleaseSecret(bid=sealed.params.bid, secret=sealed.bidder_secret)
        return await self.seat.do(sealed.params.project, command)

    async def confirm(self, project: str, bid: str) -> Answer:
        """Confirm the line of one's own bid as read out."""
        return await self.seat.do(project, ConfirmLine(bid=bid))

    async def object(self, project: str, place: Place, text: str) -> Answer:
        """Object in the session 异议."""
        command = RaiseObjection(section=place[0], envelope=place[1], text=text)
        return await self.seat.do(project, command)

    async def sign_minutes(self, project: str, place: Place) -> Answer:
        """Fetch the minutes, compare their hashes, and sign them."""
        return await sign_minutes(self.seat, self.key, project, place)

    async def clarifications(self, project: str, section: str) -> list[dict[str, Any]]:
        """Return what the committee asks this organisation 询标, by when, and what it answered."""
        path = f"/api/projects/{project}/sections/{section}/clarifications"
        told = await self.seat.service.get(path)
        return list(told["items"])

    async def attach(self, project: str, section: str, clarification: str, path: Path) -> Attached:
        """Bring a file for the answer to a question; it is seen by nobody before that is signed.

        Raises:
            NotTrusted: the service says that other bytes came in.
        """
        content = await asyncio.to_thread(path.read_bytes)
        answer = await self.seat.service.request(
            "POST",
            f"/api/projects/{project}/sections/{section}/clarifications/{clarification}/attachments",
            content=content,
            headers={"content-type": "application/octet-stream"},
        )
        sha256 = hashlib.sha256(content).hexdigest()
        if answer.json()["sha256"] != sha256:
            raise NotTrusted("the service took in other bytes than were sent", path.name)
        return Attached(name=path.name, sha256=sha256, size=len(content))

    async def question(self, project: str, section: str, clarification: str) -> dict[str, Any]:
        """Return one question of the committee, as it is answered.

        Raises:
            Unusable: nobody asks this.
            NotTrusted: it is not the question that was sent.
        """
        items = await self.clarifications(project, section)
        asked = next((one for one in items if one["clarification"] == clarification), None)
        if asked is None:
            raise Unusable("the committee does not ask you this", clarification)
        if question_hash(asked["question"]) != asked["question_hash"]:
            raise NotTrusted("the question is not the one that was sent", clarification)
        return asked

    async def answer(
        self,
        project: str,
        section: str,
        asked: Mapping[str, Any],
        text: str,
        files: Sequence[Path] = (),
    ) -> Answer:
        """Sign an answer to a question, for good once the supervisor lets it through.

        Args:
            project: whose committee asks.
            section: whose evaluation.
            asked: the question as whoever signs has read it, from `question`.
            text: the answer.
            files: what is attached to it.
        """
        clarification, question = asked["clarification"], question_hash(asked["question"])
        said = _answer_of(project, section, clarification, question, text)
        attached = [await self.attach(project, section, clarification, one) for one in files]
        if attached:
            said = said.model_copy(update={"attachments": tuple(attached)})
        command = AnswerClarification(section=section, message=keys.sign(said, self.key))
        return await self.seat.do(project, command)

    async def corrections(self, project: str, section: str) -> list[dict[str, Any]]:
        """Return the corrected prices 算术修正 this organisation is asked to confirm."""
        path = f"/api/projects/{project}/sections/{section}/corrections"
        told = await self.seat.service.get(path)
        return list(told["items"])

    async def correction(self, project: str, section: str, correction: str) -> dict[str, Any]:
        """Return one corrected price, as it is confirmed.

        Raises:
            Unusable: nobody asks to confirm it.
        """
        items = await self.corrections(project, section)
        asked = next((one for one in items if one["correction"] == correction), None)
        if asked is None:
            raise Unusable("the committee does not ask you to confirm this", correction)
        return asked

    async def confirm_correction(
        self, project: str, section: str, asked: Mapping[str, Any], *, accepts: bool
    ) -> Answer:
        """Sign that a corrected price holds, or that it does not and the bid is invalid.

        Args:
            project: whose committee asks.
            section: whose evaluation.
            asked: the correction as whoever signs has read it, from `correction`.
            accepts: whether it holds.
        """
        message = CorrectionAnswer(
            v=1,
            project=project,
            section=section,
            correction=asked["correction"],
            bid=asked["bid"],
            price=asked["price"],
            accepts=accepts,
        )
        command = AnswerCorrection(section=section, message=keys.sign(message, self.key))
        return await self.seat.do(project, command)

    async def _body(self, sealed: SealedBid, progress: Progress | None) -> bytes:
        """Return the command to send, its upload complete; the same bytes after a restart."""
        path = sealed.folder / _SUBMISSION
        if path.exists():
            return path.read_bytes()
        upload = await self._upload(sealed, progress)
        command = AdmitBid(message=keys.sign(sealed.bid, self.key), upload=upload)
        body = command.model_dump_json(exclude_none=True).encode()
        durable.write(path, body)
        return body

    async def _upload(self, sealed: SealedBid, progress: Progress | None) -> str:
        """Upload the sealed file, going on with an upload that was begun before."""
        path, size = sealed.folder / "upload", sealed.bid.size
        params = sealed.params

        def told(done: int) -> None:
            if progress is not None:
                progress("upload", done, size)

        if path.exists():
            upload = path.read_text()
            try:
                await tus.send(self.seat.service, upload, sealed.path, told)
            except Declined as declined:
                if declined.status not in {404, 410}:
                    raise
            else:
                return upload
        purpose = tus.Purpose(params.project, params.section, params.envelope)
        upload = await tus.create(self.seat.service, purpose, size)
        durable.write(path, upload.encode())
        await tus.send(self.seat.service, upload, sealed.path, told)
        return upload


def order_of(
    bundle: Bundle,
    trust: Trust,
    organisation: str,
    files: Mapping[str, Source],
    form: Mapping[str, JsonInput],
) -> Order:
    """Check a bundle against pinned keys and return what is to be sealed; asks nobody.

    Raises:
        NotTrusted: the key or the notice does not hold.
    """
    last = bundle.own[-1] if bundle.own else None
    return Order(
        key=notices.open_bundle(bundle, trust),
        organisation=organisation,
        revision=1 if last is None else last[0] + 1,
        supersedes=None if last is None else last[1],
        files=files,
        form=form,
    )


async def sign_minutes(seat: Seat, key: PrivateKey, project: str, place: Place) -> Answer:
    """Fetch the minutes of a session, compare them with their hashes on the record, and sign.

    Raises:
        NotTrusted: what was fetched is not what is to be signed.
    """
    view = await seat.view(project)
    session = session_of(view, place)
    told = session.get("minutes")
    if told is None:
        raise Unusable("there are no minutes yet")
    path = f"/api/projects/{project}/sections/{place[0]}/{place[1]}/minutes"
    pdf = await seat.service.get_bytes(path + "/pdf")
    facts = await seat.service.get_bytes(path + "/json")
    if (sealing.sha256(facts), sealing.sha256(pdf)) != (told["facts"], told["pdf"]):
        raise NotTrusted("the minutes are not those on the record")
    message = MinutesSignature(
        v=1,
        project=project,
        section=place[0],
        envelope=place[1],
        facts=told["facts"],
        pdf=told["pdf"],
    )
    command = SignMinutes(section=place[0], envelope=place[1], message=keys.sign(message, key))
    return await seat.do(project, command)


def session_of(view: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return the session of a place out of a project's view; a lobby nobody entered is empty."""
    for session in view["sessions"]:
        if (session["section"], session["envelope"]) == place:
            return dict(session)
    return {"section": place[0], "envelope": place[1], "stage": "lobby", "windows": {}}


async def receipt_page(seat: Seat, receipt: Proven) -> bytes:
    """Have the service draw a receipt up as a page to print; the receipt is what proves."""
    answer = await seat.service.request(
        "POST",
        "/api/receipt-page",
        content=receipt.receipt,
        headers={"content-type": "application/json"},
    )
    return answer.content


def _answer_of(
    project: str, section: str, clarification: str, question: str, text: str
) -> ClarificationAnswer:
    """Return an answer as it is signed.

    Raises:
        Unusable: the text cannot be one.
    """
    try:
        return ClarificationAnswer(
            v=1,
            project=project,
            section=section,
            clarification=clarification,
            question=question,
            text=text,
        )
    except ValueError as error:
        raise Unusable("an answer has 1 to 20000 characters") from error


def _check_receipt(sealed: SealedBid, receipt: Proven) -> None:
    event = receipt.event
    if not isinstance(event, BidAdmitted):
        raise NotTrusted("the receipt is not of an admitted bid", type(event).__name__)
    if Bid.read(payload(event.envelope)) != sealed.bid:
        raise NotTrusted("the receipt is of another bid")
