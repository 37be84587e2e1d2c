"""A tender with real keys, written into a service's store at any stage before it starts.

The record comes about by the rules, as in the service; people sign in with tokens that are in the
sessions' table already, so nothing is hashed and nothing is waited for.
"""

import asyncio
import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from crypto.hashing import H
from opening.commands import (
    AdmitBid,
    AnnounceSession,
    ConfirmLine,
    EndWindow,
    OpenWindow,
    ReadOut,
)
from opening.facts import facts
from opening.messages import MinutesSignature, Periods
from opening.terms import TermsSet
from project.commands import AddDocument, PublishNotice
from project.events import ProjectCreated
from project.notice import expected_notice
from project.parse import parse_command, parse_event
from project.sections import StoredDocument
from record.entries import GENESIS, Act, Entry, Salts, make_entry, read_text, trace_bytes
from record.events import Actor, Event, Stamp
from record.rules import fold
from record.sql import SqlStore
from record.store import Append, CommandRow
from registry.events import (
    RECORD,
    AccountOpened,
    InvitationAccepted,
    OrganisationRegistered,
    RegistryRole,
)
from registry.tables import sessions
from tests.opening.bidding import Sealed
from tests.opening.parties import Party, party, seeded
from tests.opening.world import BEGIN, FIRST, HOUR, PROJECT, SECTION, SERVICE
from tests.project.whole import RULES, Whole
from web.sessions import hash_token

FAR = 4_102_444_800_000
"""A moment in 2100, ms: sessions begun there never grow old."""
DOCUMENT = b"%PDF-1.7 tender document"
ADMINISTRATOR = Party("root", "clerk", party("clerk", 0).key)
STRANGER = party("bidder", 999)
PART = "application/offset+octet-stream"


@dataclass
class Tender(Whole):
    """A whole project that can also be put into a store, and be spoken for over HTTP."""

    deadline: int = BEGIN + 240 * HOUR
    draws: tuple[str, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    """Changes to the terms of the section."""
    made: dict[str, bytes] = field(default_factory=dict)
    """Documents that the service made, by their hash."""
    experts: list[Party] = field(default_factory=list)
    """Who signs in besides the people of the opening."""
    projects: tuple[str, ...] = (PROJECT,)
    """What the record is written down as; more than one tells it of each."""

    def terms(self, **changes: Any) -> TermsSet:
        moments = {"deadline": self.deadline, "question_deadline": self.deadline - HOUR}
        return super().terms(**{**changes, **moments, "draw": self.draws, **self.changes})

    def draft(self) -> "Tender":
        """Go from nothing to terms and a tender document."""
        self.happened(ProjectCreated(number="1", title="A road", tenderer="T", currency="CNY"))
        self.bind()
        self.terms(periods=Periods(tender=0))
        self.set_rule()
        sha256 = hashlib.sha256(DOCUMENT).hexdigest()
        stored = StoredDocument(len(DOCUMENT), sha256)
        named = AddDocument(title="文件", name="招标 文件.pdf", size=stored.size, sha256=sha256)
        self.do(self.clerk.actor, named, checked=stored)
        return self

    def open_up(self) -> "Tender":
        """Go from nothing to a published notice with a tender document."""
        self.draft()
        for envelope in range(1, self.envelopes + 1):
            self.ceremony(envelope)
        notice = expected_notice(self.whole, "Bids go back unopened.")
        self.do(self.clerk.actor, PublishNotice(message=self.clerk.sign(notice)))
        return self

    def all_opened(self) -> "Tender":
        """Let every bidder bid, and hold the session to its end."""
        for bidder in self.bidder:
            self.bid(bidder)
        self.now = self.deadline
        self.serve()
        self.session()
        return self

    @property
    def one_of_each(self) -> dict[str, Party | None]:
        """One person of each role, by its name; nobody's is the public's."""
        return {
            "": None,
            "administrator": ADMINISTRATOR,
            "clerk": self.clerk,
            "supervisor": self.supervisor,
            "custodian": self.custodians[1],
            "bidder": self.bidder[1],
        }

    def folder(self, folder: Path) -> Path:
        """Write the store and the files of a service into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.put(f"sqlite:///{folder / 'record.db'}")
        for name in ("documents", "sealed"):
            (folder / name).mkdir(exist_ok=True)
        (folder / "documents" / hashlib.sha256(DOCUMENT).hexdigest()).write_bytes(DOCUMENT)
        for sha256, content in self.made.items():
            (folder / "documents" / sha256).write_bytes(content)
        for sealed in self.sealed.values():
            (folder / "sealed" / sealed.bid.root).write_bytes(sealed.file)
        return folder

    def put(self, url: str) -> None:
        """Write what happened, who is who and who is signed in into a database."""
        people = [*self.people, *self.experts, ADMINISTRATOR, STRANGER]
        told = [_append(project, self.record) for project in self.projects]
        appends = (*told, _append(RECORD, _registry(people)))
        rows = [
            {
                "token_hash": hash_token(token(who)),
                "account": who.account,
                "begun": FAR,
                "seen": FAR,
            }
            for who in people
        ]

        async def write() -> None:
            store = await SqlStore.open(url)
            await store.append(*appends)
            await store.change(sessions.insert().values(rows))
            await store.close()

        asyncio.run(write())

    def follow(self, told: Sequence[tuple[Event, Stamp]]) -> None:
        """Take over what a service has on its record by now."""
        self.whole = fold(RULES, PROJECT, told)
        self.state = self.whole.opening

    def reads_out(self) -> None:
        """Go on from the files' check to the window for objections, every line confirmed."""
        clerk, place = self.clerk.actor, {"section": SECTION, "envelope": 1}
        self.do(clerk, AnnounceSession.model_validate(place))
        self.order()
        self.partials()
        self.release()
        self.serve()
        self.do(clerk, ReadOut.model_validate(place))
        self.do(clerk, OpenWindow.model_validate({**place, "window": "confirm"}))
        for bid in self.state.sessions[FIRST].opened:
            self.do(Actor(self.state.bids[bid].account), ConfirmLine(bid=bid))
        self.do(clerk, OpenWindow.model_validate({**place, "window": "objections"}))

    def signs_and_ends(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the clerk's last two commands, by their ids."""
        minutes = self.state.sessions[FIRST].minutes
        if minutes is None:
            raise ValueError("the minutes are not drawn up")
        place = {"section": SECTION, "envelope": 1}
        told = {"v": 1, "project": PROJECT, "facts": minutes.facts, "pdf": minutes.pdf, **place}
        signed = self.clerk.sign(MinutesSignature.model_validate(told)).model_dump(mode="json")
        return [
            ("sign", {"type": "opening.sign_minutes", **place, "message": signed}),
            ("end", {"type": "opening.end_session", **place}),
        ]

    def serve_minutes(self) -> None:
        """Do what is due at the end of the objections, and keep the facts of the minutes."""
        self.do(SERVICE, EndWindow(section=SECTION, envelope=1, window="objections"))
        told = facts(self.state, FIRST)
        self.serve()
        self.made[hashlib.sha256(told).hexdigest()] = told

    def ends(self) -> None:
        """Let the clerk sign the minutes and end the session."""
        for _, body in self.signs_and_ends():
            self.do(self.clerk.actor, parse_command(json.dumps(body).encode()))

    def admission(self, bidder: int, sealed: Sealed, upload: str) -> dict[str, Any]:
        """Return the command that submits an uploaded bid, as JSON."""
        message = self.bidder[bidder].sign(sealed.bid)
        return AdmitBid(message=message, upload=upload).model_dump(mode="json")


def read_record(folder: Path) -> list[tuple[Event, Stamp]]:
    """Read what a service has on a tender's record by now, beside it."""
    query = "SELECT seq, text FROM entries WHERE project = ? ORDER BY seq"
    connection = sqlite3.connect(f"file:{folder / 'record.db'}?mode=ro", uri=True)
    try:
        rows = connection.execute(query, (PROJECT,)).fetchall()
    finally:
        connection.close()
    return [_told(seq, text) for seq, text in rows]


def entries_in(folder: Path) -> int:
    """Return how many entries a service has on all its records by now, beside it."""
    connection = sqlite3.connect(f"file:{folder / 'record.db'}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    finally:
        connection.close()
    return int(count)


def entries_of(folder: Path, project: str) -> list[Entry]:
    """Return the entries of a record whose service is gone."""

    async def read() -> list[Entry]:
        store = await SqlStore.open(f"sqlite:///{folder / 'record.db'}")
        entries = await store.entries(project, 0, 100_000)
        await store.close()
        return entries

    return asyncio.run(read())


def _told(seq: int, text: bytes) -> tuple[Event, Stamp]:
    written = read_text(text)
    stamp = Stamp(seq, written.at, written.actor, written.command)
    return parse_event(written.type, written.body), stamp


def token(who: Party) -> str:
    """Return the token somebody is signed in with."""
    made = H("test-token", who.account.encode())
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def headers(who: Party, **more: str) -> dict[str, str]:
    """Return the headers of a request of somebody; underscores stand for hyphens."""
    told = {name.replace("_", "-"): value for name, value in more.items()}
    return {"authorization": f"Bearer {token(who)}", **told}


def tus(who: Party, **more: str) -> dict[str, str]:
    """Return the headers of a request of tus."""
    return headers(who, tus_resumable="1.0.0", **more)


def metadata(**told: str) -> str:
    """Return an Upload-Metadata header for the tender's section, or another."""
    full = {"project": PROJECT, "section": SECTION, "envelope": "1", **told}
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in full.items())


def command(
    http: httpx.Client, who: Party, body: dict[str, Any], key: str, project: str = PROJECT
) -> httpx.Response:
    """Post a command under an id."""
    told = headers(who, idempotency_key=key)
    return http.post(f"/api/projects/{project}/commands", json=body, headers=told)


def create(http: httpx.Client, who: Party, length: int, **more: str) -> httpx.Response:
    """Create an upload."""
    told = {"upload_length": str(length), "upload_metadata": metadata(), **more}
    return http.post("/api/uploads", headers=tus(who, **told))


def patch(
    http: httpx.Client, who: Party, where: str, offset: int, content: bytes, **more: str
) -> httpx.Response:
    """Send a part of an upload."""
    told = {"upload_offset": str(offset), "content_type": PART, **more}
    return http.patch(where, content=content, headers=tus(who, **told))


def place_of(answer: httpx.Response) -> str:
    """Return the path of an upload that was created."""
    assert answer.status_code == 201, answer.text
    return "/api/uploads/" + str(answer.headers["location"]).rsplit("/", 1)[1]


def _registry(people: Iterable[Party]) -> list[tuple[Event, Stamp]]:
    told: list[Event] = []
    for who in people:
        role: RegistryRole = "administrator" if who is ADMINISTRATOR else who.role
        told += [
            OrganisationRegistered(
                organisation=who.organisation,
                name=who.organisation_name,
                kind="other",
                code=who.account,
            ),
            AccountOpened(
                account=who.account, name=who.name, organisation=who.organisation, roles=(role,)
            ),
            InvitationAccepted(
                account=who.account, invitation=seeded("invitation/" + who.account)[:16].hex()
            ),
        ]
    return [
        (event, Stamp(seq, BEGIN, SERVICE, f"r{seq}")) for seq, event in enumerate(told, start=1)
    ]


def _append(project: str, told: Sequence[tuple[Event, Stamp]]) -> Append:
    """Make the entries of a record that was told by the rules."""
    head, entries = GENESIS, []
    rows: dict[str, CommandRow] = {}
    for event, stamp in told:
        act = Act(project, stamp.at, stamp.actor, stamp.command, trace_bytes({}))
        salts = Salts.cut(b"".join(H("id", stamp.command.encode(), bytes([n])) for n in range(3)))
        entry = make_entry(head, act, event.type, event.body(), salts)
        first = rows[stamp.command].first if stamp.command in rows else entry.seq
        rows[stamp.command] = CommandRow(stamp.command, bytes(32), first, entry.seq)
        entries.append(entry)
        head = entry.head
    return Append(project, GENESIS, tuple(entries), tuple(rows.values()))
