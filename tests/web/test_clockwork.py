"""The service's duties, done over a real service with a clock that tests set."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog

from crypto.checkpoints import open_cosigned
from crypto.notes import VerifierKey
from opening.commands import AnnounceSession, CommitDraw, ReadOut, StartDraw
from opening.drawn import draw_commit
from opening.events import (
    BidAdmitted,
    BidOpened,
    BidsClosed,
    BidSpoiled,
    DecryptionEnded,
    DrawSealed,
    DrawStarted,
    FilesChecked,
)
from opening.messages import Periods
from opening.order import due_bids
from project.events import OutageNoted
from tests.opening.parties import seeded
from tests.opening.world import FIRST, PROJECT, SECTION
from tests.waiting import wait_for
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.service import PATIENCE
from tests.web.tender import Tender
from tests.web.witness import SIGNER, witnessing

CALM = {"periods": Periods(tender=0, outage=0)}
"""Terms under which a clock that jumps is no outage."""


@pytest.fixture(autouse=True, scope="module")
def plain_logs() -> Iterator[None]:
    """Log as the service does; for people at a terminal every value in every frame is drawn."""
    render = structlog.processors.JSONRenderer()
    structlog.configure(processors=[structlog.processors.format_exc_info, render])
    yield
    structlog.reset_defaults()


def with_bids(*draws: str) -> Tender:
    """Return a tender with three bids, a moment before its deadline."""
    world = Tender(changes=CALM, draws=draws).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline - 1
    return world


def released(*draws: str) -> Tender:
    """Return a tender whose key was just released."""
    world = with_bids(*draws)
    world.now = world.deadline
    world.serve()
    world.do(world.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
    world.order()
    world.partials()
    world.release()
    return world


def sealed_path(folder: Path, world: Tender, number: int) -> Path:
    return folder / "sealed" / list(world.sealed.values())[number].bid.root


def test_bids_are_closed_at_the_deadline_and_not_before(tmp_path: Path) -> None:
    with scene(tmp_path, with_bids()) as service:
        service.service.clock.advance(1)
        (closed,) = service.wait_for(BidsClosed)
        service.wait_for(FilesChecked)
        moments = {event.type: stamp.at for event, stamp in service.events()}
    assert closed.count == 3
    assert moments["opening.bids_closed"] == service.world.deadline


def test_a_bid_that_was_complete_before_the_deadline_comes_before_the_close(
    tmp_path: Path,
) -> None:
    with scene(tmp_path, with_bids()) as service:
        world = service.world
        sealed = world.seal(1)
        where = service.create(len(sealed.file))
        service.patch(where, 0, sealed.file)
        body = world.admission(1, sealed, where.rsplit("/", 1)[1])
        lane = service.service.services.desk._lane(PROJECT)
        gate, answers = threading.Event(), list[httpx.Response]()
        heavy = service.service.services.workers._heavy
        blocked = [heavy.submit(gate.wait, PATIENCE) for _ in range(heavy._max_workers)]
        post = threading.Thread(
            target=lambda: answers.append(tender.command(service.http, service.bidder, body, "b"))
        )
        post.start()
        wait_for(lambda: len(lane._places) == 1)
        service.service.clock.advance(1)
        wait_for(lambda: len(lane._places) == 2)
        gate.set()
        post.join(PATIENCE)
        service.wait_for(BidsClosed)
        told = [(event, stamp.at) for event, stamp in service.events()]
    assert all(one.result() for one in blocked)
    assert answers[0].status_code == 200, answers[0].text
    (admitted, first), (closed, second) = told[:2]
    assert isinstance(admitted, BidAdmitted)
    assert isinstance(closed, BidsClosed)
    assert (first, second) == (world.deadline - 1, world.deadline)


def test_a_restart_does_no_duty_twice(tmp_path: Path) -> None:
    world = with_bids()
    world.folder(tmp_path)
    world.now = world.deadline
    with going_on(tmp_path, world) as service:
        service.wait_for(FilesChecked)
        once = service.events()
    with going_on(tmp_path, world) as service:
        body = {"type": "opening.sign_in", "section": SECTION, "envelope": 1, "role": "clerk"}
        assert tender.command(service.http, world.clerk, body, "s").status_code == 200
        assert service.events()[:-1] == once


def test_every_body_is_opened_once_the_key_is_released(tmp_path: Path) -> None:
    with scene(tmp_path, released()) as service:
        service.wait_for(DecryptionEnded)
        opened = [event.bid for event, _ in service.events() if isinstance(event, BidOpened)]
    assert sorted(opened) == sorted(service.world.sealed)


def test_a_body_that_cannot_be_read_now_is_tried_again_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    world = released()
    world.folder(tmp_path)
    path = sealed_path(tmp_path, world, 1)
    content = path.read_bytes()
    path.unlink()
    path.mkdir()
    with going_on(tmp_path, world) as service:
        first = {event.bid for event in service.wait_for(BidOpened, 2)}
        path.rmdir()
        path.write_bytes(content)
        service.wait_for(DecryptionEnded)
        opened = {event.bid for event in service.wait_for(BidOpened, 3)}
    assert opened - first == {list(world.sealed)[1]}


def test_lost_and_changed_files_are_found_at_the_close_and_the_platform_is_named(
    tmp_path: Path,
) -> None:
    world = with_bids()
    world.folder(tmp_path)
    world.now = world.deadline
    sealed_path(tmp_path, world, 0).unlink()
    changed = sealed_path(tmp_path, world, 1)
    flipped = bytearray(changed.read_bytes())
    flipped[1000] ^= 1
    changed.write_bytes(flipped)
    bids = list(world.sealed)
    with going_on(tmp_path, world) as service:
        (checked,) = service.wait_for(FilesChecked)
        spoiled = service.wait_for(BidSpoiled, 2)
    assert checked.intact == (bids[2],)
    assert {(one.bid, one.found) for one in checked.lost} == {
        (bids[0], "missing"),
        (bids[1], "root"),
    }
    assert {(one.cause, one.blame) for one in spoiled} == {("file_lost", "platform")}


def test_a_file_lost_after_the_release_is_the_platforms_fault_and_the_others_open(
    tmp_path: Path,
) -> None:
    world = released()
    world.folder(tmp_path)
    sealed_path(tmp_path, world, 0).unlink()
    cut = sealed_path(tmp_path, world, 1)
    cut.write_bytes(cut.read_bytes()[:-1])
    with going_on(tmp_path, world) as service:
        service.wait_for(DecryptionEnded)
        spoiled = service.wait_for(BidSpoiled, 2)
    assert {one.blame for one in spoiled} == {"platform"}
    assert {one.bid for one in spoiled} == set(list(world.sealed)[:2])
    assert [one.bid for one in due_bids(world.state, FIRST)] == list(world.sealed)


def test_after_an_outage_the_close_waits_for_the_clerk(tmp_path: Path) -> None:
    world = Tender(changes={"periods": Periods(tender=0)}).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.folder(tmp_path)
    beat = {"beat": world.deadline - 60_000, "away": []}
    (tmp_path / "heartbeat.json").write_text(json.dumps(beat))
    world.now = world.deadline + 5
    with going_on(tmp_path, world) as service:
        (outage,) = service.wait_for(OutageNoted)
        decide = {
            "type": "project.decide_outage",
            "section": SECTION,
            "decision": "close",
            "reason": "Nobody was kept out.",
        }
        assert tender.command(service.http, world.clerk, decide, "d").status_code == 200
        service.wait_for(BidsClosed)
        kinds = [event.type for event, _ in service.events()]
    assert (outage.since, outage.until) == (world.deadline - 60_000, world.deadline + 5)
    assert kinds[:3] == [
        "project.outage_noted",
        "project.outage_decided",
        "opening.bids_closed",
    ]


def test_a_short_silence_is_no_outage(tmp_path: Path) -> None:
    world = Tender(changes={"periods": Periods(tender=0)}).open_up()
    world.bid(1)
    world.folder(tmp_path)
    beat = {"beat": world.deadline - 15_000, "away": []}
    (tmp_path / "heartbeat.json").write_text(json.dumps(beat))
    world.now = world.deadline
    with going_on(tmp_path, world) as service:
        service.wait_for(BidsClosed)
        assert service.events()[0][0].type == "opening.bids_closed"


def test_a_draw_is_sealed_with_a_tree_head_that_the_witness_saw(tmp_path: Path) -> None:
    world = drawing()
    world.folder(tmp_path)
    with witnessing() as (witness, url):
        changes = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with going_on(tmp_path, world, changes) as service:
            witness.log = service.service.services.sequencer.log_key
            (sealed,) = service.wait_for(DrawSealed)
            roots = _cosigned_roots(service)
    assert sealed.root in roots


def drawing() -> Tender:
    """Return a tender whose draw waits for the log's root, every party having committed."""
    world = released("0.95", "0.96", "0.97")
    world.serve()
    clerk = world.clerk.actor
    world.do(clerk, ReadOut(section=SECTION, envelope=1))
    parties = (world.clerk, world.supervisor, world.timekeeper, world.bidder[1])
    names = tuple(one.account for one in parties)
    start = StartDraw(section=SECTION, envelope=1, purpose="抽取下浮系数", parties=names)
    (started, *_) = world.do(clerk, start)
    assert isinstance(started, DrawStarted)
    for one in parties:
        commit = draw_commit(started.draw, one.account, seeded("draw/" + one.account))
        world.do(one.actor, CommitDraw(draw=started.draw, commit=commit.hex()))
    return world


def _cosigned_roots(service: Scene) -> set[str]:
    """Return the root of every tree head that was cosigned so far."""
    connection = sqlite3.connect(f"file:{service.folder / 'record.db'}?mode=ro", uri=True)
    notes = [bytes(note) for (note,) in connection.execute("SELECT note FROM checkpoints")]
    connection.close()
    told = service.http.get("/api/log/keys").json()
    keys = VerifierKey.decode(told["log"]), VerifierKey.decode(told["witness"])
    return {open_cosigned(note, *keys).checkpoint.root.hex() for note in notes}
