"""A bid sealed by the browser's code in Node and one sealed in Python, in the same opening.

That another implementation of HPKE, with the whole private key, opens a bid's sealed secret is
shown in tests/crypto/test_sealing.py and, for a bid of the browser's code, in
tests/browser_unit/test_in_node.py; in an opening nobody has that key.
"""

import asyncio
import json
import subprocess
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.console import Console

from client import clock, container, record_copy
from client.bidder import Bidder
from client.rehearsal import cast, run
from client.rehearsal.bots import FILE, SECTION, Bot
from client.rehearsal.plan import Plan
from client.rehearsal.report import Report
from client.rehearsal.story import Story
from client.sealing import Order, Progress, SealedBid, Sealer
from crypto import canonical
from opening.commands import AdmitBid
from opening.events import BidOpened
from opening.messages import Bid, BidParams
from record.events import Signed

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("browser_packages")]

ENVELOPE = "envelope.json"
PLAN = Plan(bidders=2, size=1_000_000, n=2, k=2, replace=0)


def node(*arguments: str | Path, given: str = "") -> str:
    ran = subprocess.run(
        ["node", *map(str, arguments)],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The browser's sealing code, built for Node."""
    folder = tmp_path_factory.mktemp("node")
    node("web/browser/build.mjs", "node", folder)
    return folder / "seal.mjs"


@dataclass(frozen=True)
class Packed:
    """What went into a bid made in Node, as the opening must tell it."""

    size: int
    form: str
    manifest: str


def manifest_of(contents: dict[str, bytes]) -> str:
    """Return the hash of the manifest that files must have."""
    rows: list[dict[str, str | int]] = [
        {"name": name, "sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(contents.items(), key=lambda item: item[0].encode())
    ]
    return sha256(canonical.dumps({"v": 1, "files": rows})).hexdigest()


class NodeBidder(Bidder):
    """Submits the envelope that was signed in Node, as it is."""

    async def _body(self, sealed: SealedBid, progress: Progress | None) -> bytes:
        upload = await self._upload(sealed, progress)
        text = await asyncio.to_thread((sealed.folder / ENVELOPE).read_bytes)
        command = AdmitBid(message=Signed.model_validate_json(text), upload=upload)
        return command.model_dump_json(exclude_none=True).encode()


class NodeSealer(Sealer):
    """Has the browser's code seal and sign."""

    program: Path
    key: Path
    tell: Callable[[Packed], None]

    def seal(self) -> SealedBid:
        key, order = self.order.key, self.order
        params: dict[str, Any] = {
            "project": key.project,
            "section": key.section.section,
            "envelope": key.envelope,
            "key_id": key.key.key_id.hex(),
            "bidder": order.organisation,
            "bid": self.bid,
            "revision": order.revision,
            "created": clock.now(),
        }
        asked = {
            "pk": key.key.pk.uncompressed().hex(),
            "params": params,
            "files": [{"name": name, "path": str(path)} for name, path in order.files.items()],
            "bid_form": order.form,
            "signing_key": str(self.key),
            "out": str(self.folder),
        }
        told = json.loads(node(self.program, given=json.dumps(asked)))
        bid = Bid.read((self.folder / "bid.json").read_bytes())
        form = canonical.dumps(order.form)
        contents = {name: Path(str(path)).read_bytes() for name, path in order.files.items()}
        manifest = manifest_of({**contents, "bid-form.json": form})
        self.tell(Packed(told["package"], form.decode(), manifest))
        return SealedBid(self.folder, bid, BidParams.read(bid.params.encode()), package="")


@dataclass(slots=True)
class NodeBot(Bot):
    """A bot that seals and signs in Node."""

    program: Path = field(kw_only=True)
    packed: Packed | None = None

    def _sealer(self, order: Order) -> Sealer:
        key = self.folder / "key.pem"
        pem = self.bidder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key.write_bytes(pem)
        sealer = NodeSealer(order, self.folder / "bids", self.progress)
        sealer.program, sealer.key, sealer.tell = self.program, key, self._remember
        return sealer

    def _remember(self, packed: Packed) -> None:
        self.packed = packed


@dataclass(slots=True)
class TwoKinds(Story):
    """A story whose last bidder uses the browser's code."""

    program: Path = field(kw_only=True)

    async def _take_part(self, documents: list[str]) -> None:
        await Story._take_part(self, documents)
        last = self.bots[-1]
        bidder = NodeBidder(last.bidder.seat, lambda: last.bidder.key, last.organisation)
        self.bots[-1] = NodeBot(
            bidder,
            last.part,
            last.number,
            last.plan,
            last.project,
            last.folder,
            program=self.program,
        )


@dataclass(frozen=True)
class Played:
    """What was played, and the record of it."""

    story: TwoKinds
    copy: record_copy.RecordCopy
    report: Report

    def opened(self, bot: Bot) -> BidOpened:
        (made,) = bot.made
        session = self.copy.state.opening.sessions[SECTION, 1]
        found: BidOpened = session.opened[made.sealed.params.bid]
        return found


async def play(folder: Path, program: Path) -> Played:
    report = Report(Console(quiet=True))
    async with AsyncExitStack() as stack:
        casting, admin, _ = await run.begin(folder, stack)
        people = await cast.assemble(casting, admin, PLAN, run.wait_for_witness(admin))
        story = TwoKinds(people, PLAN, report, folder / "bots", run.TIMEKEEPER, program=program)
        await story.play()
        path = await run._export(people, story.project, folder / "out")
        await run._verify(path, report)
        trust = people.supervisor.seat.watch.trust
        with path.open("rb") as source:
            found = container.read(source, trust, story.project)
        copy = record_copy.copy_of(found, found.checkpoints[-1])
    return Played(story, copy, report)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, program: Path) -> Played:
    return asyncio.run(play(tmp_path_factory.mktemp("opening"), program))


def test_a_bid_of_the_browsers_code_is_admitted_and_opened(played: Played) -> None:
    bot = played.story.bots[1]
    assert isinstance(bot, NodeBot)
    opened, packed = played.opened(bot), bot.packed
    assert packed is not None
    assert (opened.size, opened.form) == (packed.size, packed.form)
    assert opened.manifest == packed.manifest
    assert opened.problems == ()
    assert opened.files == len([FILE, "bid-form.json"])


def test_a_bid_made_in_python_is_admitted_and_opened_beside_it(played: Played) -> None:
    bot = played.story.bots[0]
    (made,) = bot.made
    opened = played.opened(bot)
    assert opened.package == made.sealed.package
    assert opened.problems == ()


def test_the_record_of_both_holds(played: Played) -> None:
    assert played.report.problems == []
    assert played.report.figures["verifier"]
