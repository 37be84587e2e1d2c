"""The files of opened bids over HTTP: who reads them, in which parts, and what is said of damage."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto.chunks import PREFIX_BYTES, SEALED_CHUNK_BYTES
from evaluation.commands import StandAside
from opening.zip_layout import DEFLATED, STORED
from project.events import RecordViewed
from tests.opening.bidding import form
from tests.opening.packages import build, foreign
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.service import LIMITS
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender, headers
from web.inflated import KEPT
from web.opened_packages import OpenedFile
from web.readers import IDLE
from web.settings import Rate

CANARY = "金丝雀·只给评委看"
PDF = b"%PDF-1.7\n" + b"".join(
    hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(40_000)
)
FILES: dict[str, bytes] = {
    "技术标/方案.pdf": PDF,
    "名为PDF.pdf": ("<script>alert(1)</script>" + CANARY).encode(),
    "图/一.png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "图/二.jpg": b"\xff\xd8\xff\xe0" + bytes(40),
    "旧码.txt": "工期说明，旧编码。".encode("gb18030"),
    "清单.xlsx": b"PK\x03\x04" + bytes(60),
    "空.txt": b"",
    "数.bin": b"\0" + b"".join(b"%d\n" % n for n in range(400_000)),
}
KINDS = {
    "bid-form.json": "text",
    "技术标/方案.pdf": "pdf",
    "名为PDF.pdf": "text",
    "图/一.png": "png",
    "图/二.jpg": "jpeg",
    "旧码.txt": "text",
    "清单.xlsx": "other",
    "空.txt": "text",
    "数.bin": "other",
}


def path(bid: str, n: int | str = "") -> str:
    ending = "" if n == "" else f"/{n}"
    return f"/api/projects/{PROJECT}/sections/{SECTION}/bids/{bid}/files{ending}"


def opened(**changes: Any) -> Tender:
    """Return a tender whose bids are opened: the first one's files stored, the second's deflated."""
    world = Tender(rule=RULE, changes={"max_size": 8 << 20}, **changes).open_up()
    packages = (build(FILES, form(world.bidder[1], 100)), foreign(FILES))
    for number in world.bidder:
        world.bid(number, content=packages[number - 1] if number <= len(packages) else None)
    if world.envelopes == 2:
        for number in world.bidder:
            world.bid(number, 2)
    world.now = world.deadline
    world.serve()
    world.session()
    return world


def committee(world: Tender, *, but: int = 0) -> Sitting:
    """Return a committee of which one member, where one is named, has not confirmed the names."""
    made = Sitting(world).bind().convene()
    for seat in made.people:
        if seat != but:
            made.sit(seat)
    world.experts = list(made.people.values())
    return made


def begin(folder: Path) -> Iterator[tuple[Scene, Sitting]]:
    world = opened()
    made = committee(world, but=5)
    with scene(folder, world) as running:
        yield running, made


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Sitting]]:
    """A committee at work, for tests that only read."""
    yield from begin(tmp_path_factory.mktemp("begun"))


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    """The same, for tests that change what lies there."""
    yield from begin(tmp_path)


def get(made: Scene, who: Party | None, address: str, **more: str) -> httpx.Response:
    told = more if who is None else headers(who, **more)
    return made.http.get(address, headers=told)


def listed(made: Scene, who: Party, bid: str) -> dict[str, dict[str, Any]]:
    answer = get(made, who, path(bid))
    assert answer.status_code == 200, answer.text
    return {one["path"]: one for one in answer.json()["items"]}


def bid_of(of: Sitting, bidder: int) -> str:
    who = of.world.bidder[bidder].organisation
    return next(bid for bid in of.bids if of.world.state.bids[bid].organisation == who)


def opened_file(made: Scene, bid: str, name: str) -> OpenedFile:
    """Return a file as the service knows it."""
    reading = made.service.services.packages.package(made.world.state, bid)
    package = made.service.do(reading)
    return next(one for one in package.files if one.path == name)


@pytest.mark.parametrize("bidder", [1, 2])
def test_a_member_lists_and_reads_every_file_whichever_way_it_was_packed(
    begun: tuple[Scene, Sitting], bidder: int
) -> None:
    made, of = begun
    who, bid = of.people[1], bid_of(of, bidder)
    found = listed(made, who, bid)
    assert {name: one["kind"] for name, one in found.items()} == KINDS
    assert [one["n"] for one in found.values()] == list(range(len(KINDS)))
    method = opened_file(made, bid, "技术标/方案.pdf").entry.method
    assert method == (STORED if bidder == 1 else DEFLATED)
    for name, content in FILES.items():
        answer = get(made, who, path(bid, found[name]["n"]))
        assert answer.status_code == 200
        assert answer.content == content
        assert found[name]["size"] == len(content)
        assert found[name]["sha256"] == hashlib.sha256(content).hexdigest()


def test_no_answer_can_be_taken_for_a_page(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    bid = bid_of(of, 1)
    n = listed(made, of.people[1], bid)["名为PDF.pdf"]["n"]
    answer = get(made, of.people[1], path(bid, n))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["content-disposition"].startswith("attachment;")
    asked = made.http.head(path(bid, n), headers=headers(of.people[1]))
    assert asked.status_code == 200
    assert asked.content == b""
    assert asked.headers["content-length"] == str(len(answer.content))
    assert asked.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize("bidder", [1, 2])
@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=262100-262200", 262_100, 262_201),
        ("bytes=1000000-", 1_000_000, len(PDF)),
        ("bytes=-7", len(PDF) - 7, len(PDF)),
        ("bytes=-99999999", 0, len(PDF)),
        ("bytes=10-99999999", 10, len(PDF)),
    ],
)
def test_a_part_is_answered_as_a_part(
    begun: tuple[Scene, Sitting], bidder: int, asked: str, begin: int, end: int
) -> None:
    made, of = begun
    bid = bid_of(of, bidder)
    n = listed(made, of.people[1], bid)["技术标/方案.pdf"]["n"]
    answer = get(made, of.people[1], path(bid, n), range=asked)
    assert answer.status_code == 206
    assert answer.content == PDF[begin:end]
    assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(PDF)}"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "bytes=9-5", "pages=1-2", "bytes=-", "bytes=x-"]
)
def test_what_is_no_single_part_is_answered_whole(begun: tuple[Scene, Sitting], asked: str) -> None:
    made, of = begun
    bid = bid_of(of, 1)
    n = listed(made, of.people[1], bid)["旧码.txt"]["n"]
    answer = get(made, of.people[1], path(bid, n), range=asked)
    assert (answer.status_code, answer.content) == (200, FILES["旧码.txt"])


def test_a_part_is_meant_only_of_the_file_as_it_was(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    bid = bid_of(of, 1)
    n = listed(made, of.people[1], bid)["旧码.txt"]["n"]
    etag = f'"{hashlib.sha256(FILES["旧码.txt"]).hexdigest()}"'
    same = get(made, of.people[1], path(bid, n), range="bytes=0-1", if_range=etag)
    other = get(made, of.people[1], path(bid, n), range="bytes=0-1", if_range='"other"')
    assert (same.status_code, other.status_code) == (206, 200)


@pytest.mark.parametrize(
    ("name", "asked"),
    [("旧码.txt", "bytes=9999-"), ("旧码.txt", "bytes=-0"), ("空.txt", "bytes=0-0")],
)
def test_a_part_behind_the_end_is_refused_with_the_size(
    begun: tuple[Scene, Sitting], name: str, asked: str
) -> None:
    made, of = begun
    bid = bid_of(of, 1)
    n = listed(made, of.people[1], bid)[name]["n"]
    answer = get(made, of.people[1], path(bid, n), range=asked)
    assert (answer.status_code, answer.json()["code"]) == (416, "reading.no_such_range")
    assert answer.headers["content-range"] == f"bytes */{len(FILES[name])}"


def test_only_members_that_confirmed_and_the_supervisor_read(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    bid, world = bid_of(of, 1), made.world
    asking = {
        **world.one_of_each,
        "stranger": STRANGER,
        "administrator": ADMINISTRATOR,
        "timekeeper": world.timekeeper,
        "member": of.people[1],
        "not confirmed": of.people[5],
    }
    for address in (path(bid), path(bid, 0)):
        found = {name: get(made, who, address) for name, who in asking.items()}
        codes = {
            name: "" if one.status_code == 200 else one.json()["code"]
            for name, one in found.items()
        }
        assert codes == {
            "": "web.sign_in_first",
            "administrator": "web.no_evaluation",
            "clerk": "reading.committee_only",
            "supervisor": "",
            "custodian": "web.no_evaluation",
            "bidder": "web.no_evaluation",
            "stranger": "web.no_evaluation",
            "timekeeper": "web.no_evaluation",
            "member": "",
            "not confirmed": "reading.names_first",
        }
    assert get(made, of.people[1], path("0" * 32)).json()["code"] == "bids.unknown"
    assert get(made, of.people[1], path(bid, 99)).json()["code"] == "reading.no_such_file"


def test_a_member_that_stands_aside_reads_no_longer(changing: tuple[Scene, Sitting]) -> None:
    made, of = changing
    who, bid = of.people[1], bid_of(of, 1)
    assert get(made, who, path(bid, 0)).status_code == 200
    command = StandAside(section=SECTION, reason="与投标人有利害关系")
    body = command.model_dump(mode="json")
    assert tender.command(made.http, who, body, "aside").status_code == 200
    for address in (path(bid), path(bid, 0)):
        assert get(made, who, address).json()["code"] == "web.no_evaluation"


def test_a_supervisors_reading_is_recorded_once_an_hour_and_a_members_is_not(
    changing: tuple[Scene, Sitting],
) -> None:
    made, of = changing
    bid = bid_of(of, 1)
    for n in (0, 1):
        assert get(made, of.people[1], path(bid, n)).status_code == 200
    assert made.events() == []
    for n in (0, 1):
        assert get(made, made.world.supervisor, path(bid, n)).status_code == 200
    (viewed,) = [event for event, _ in made.events()]
    assert isinstance(viewed, RecordViewed)
    assert (viewed.account, viewed.subject) == (made.world.supervisor.account, "files")


def test_the_second_envelopes_files_are_read_only_once_it_was_read_out(tmp_path: Path) -> None:
    world = opened(envelopes=2)
    made = committee(world)
    organisation = world.state.bids[made.bids[0]].organisation
    second = next(
        bid
        for bid, one in world.state.bids.items()
        if one.place == (SECTION, 2) and one.organisation == organisation
    )
    with scene(tmp_path / "before", world) as running:
        who = made.people[1]
        told = get(running, who, path(made.bids[0])).json()
        assert told["envelopes"] == [{"envelope": 1, "bid": made.bids[0]}]
        assert get(running, who, path(second)).json()["code"] == "bids.unknown"
        assert get(running, world.supervisor, path(second, 0)).json()["code"] == "bids.unknown"
    made.elect()
    made.reviewed().marked()
    made.decide_stage(tuple(world.state.bids[bid].organisation for bid in made.bids))
    world.serve()
    world.session((SECTION, 2))
    with scene(tmp_path / "after", world) as running:
        told = get(running, who, path(made.bids[0])).json()["envelopes"]
        assert told[1:] == [{"envelope": 2, "bid": second}]
        assert get(running, who, path(second, 0)).status_code == 200


def flip(made: Scene, bid: str, at: int) -> None:
    """Change one byte of a sealed file on the disk."""
    sealed = made.folder / "sealed" / made.world.state.bids[bid].root.hex()
    content = bytearray(sealed.read_bytes())
    content[at] ^= 1
    sealed.write_bytes(content)


def test_nothing_is_read_of_a_chunk_that_is_damaged(changing: tuple[Scene, Sitting]) -> None:
    made, of = changing
    who, bid = of.people[1], bid_of(of, 1)
    n = listed(made, who, bid)["技术标/方案.pdf"]["n"]
    start = opened_file(made, bid, "技术标/方案.pdf").start
    place = (start + 700_000 + 8) // (16 << 10)
    flip(made, bid, PREFIX_BYTES + place * SEALED_CHUNK_BYTES + 5)
    refused = get(made, who, path(bid, n), range="bytes=700000-700100")
    assert (refused.status_code, refused.json()["code"]) == (404, "reading.damaged")
    assert PDF[700_000:700_101] not in refused.content
    assert get(made, who, path(bid, n), range="bytes=0-99").content == PDF[:100]
    with pytest.raises(httpx.RemoteProtocolError):
        get(made, who, path(bid, n))


def test_a_deflated_file_that_is_damaged_is_never_kept(changing: tuple[Scene, Sitting]) -> None:
    made, of = changing
    who, bid = of.people[1], bid_of(of, 2)
    n = listed(made, who, bid)["技术标/方案.pdf"]["n"]
    flip(made, bid, PREFIX_BYTES + 40 * SEALED_CHUNK_BYTES)
    for _ in range(2):
        assert get(made, who, path(bid, n)).json()["code"] == "reading.damaged"
    assert made.service.services.packages.inflated.held == 0


def test_a_sealed_file_that_is_gone_or_another_is_told_apart_from_one_never_opened(
    changing: tuple[Scene, Sitting],
) -> None:
    made, of = changing
    who = of.people[1]
    first, second = (
        made.folder / "sealed" / made.world.state.bids[bid_of(of, bidder)].root.hex()
        for bidder in (1, 2)
    )
    second.write_bytes(first.read_bytes())
    assert get(made, who, path(bid_of(of, 2))).json()["code"] == "reading.damaged"
    first.unlink()
    assert get(made, who, path(bid_of(of, 1))).json()["code"] == "reading.lost"


def test_nothing_of_a_bid_lies_on_the_disk_in_the_clear(changing: tuple[Scene, Sitting]) -> None:
    made, of = changing
    who, bid = of.people[1], bid_of(of, 2)
    for one in listed(made, who, bid).values():
        assert get(made, who, path(bid, one["n"])).status_code == 200
    assert made.service.services.packages.inflated.held > len(PDF)
    assert list((made.folder / "reading").iterdir()) == []
    pieces = (CANARY.encode(), PDF[500_000:500_032])
    for file in (one for one in made.folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        assert not any(piece in content for piece in pieces), file.name


def test_a_file_too_large_to_inflate_is_refused_and_old_ones_make_room(tmp_path: Path) -> None:
    world = opened()
    of = committee(world)
    with scene(tmp_path, world, inflated_bytes=3_500_000) as made:
        who, bid = of.people[1], bid_of(of, 2)
        found = listed(made, who, bid)
        for name in ("技术标/方案.pdf", "数.bin", "技术标/方案.pdf"):
            answer = get(made, who, path(bid, found[name]["n"]), range="bytes=0-9")
            assert answer.content == FILES[name][:10]
            assert made.service.services.packages.inflated.held <= 3_500_000
    with scene(tmp_path / "small", world, inflated_bytes=1_000_000) as made:
        answer = get(made, who, path(bid, found["数.bin"]["n"]))
        assert (answer.status_code, answer.json()["code"]) == (404, "reading.too_large")
        assert get(made, who, path(bid, found["旧码.txt"]["n"])).status_code == 200


def test_keys_and_inflated_files_are_forgotten_when_nobody_asks_for_them(
    changing: tuple[Scene, Sitting],
) -> None:
    made, of = changing
    who, bid = of.people[1], bid_of(of, 2)
    packages = made.service.services.packages
    assert get(made, who, path(bid, listed(made, who, bid)["数.bin"]["n"])).status_code == 200
    assert (sorted(packages.known), packages.inflated.held > 0) == ([bid], True)
    made.service.clock.moment += 3_600_001
    made.service.do(forgotten(made))
    assert (sorted(packages.known), packages.inflated.held) == ([], 0)
    assert listed(made, who, bid)


async def forgotten(made: Scene) -> None:
    made.service.services.packages.forget_old()


def test_many_small_files_are_kept_only_so_many_at_a_time(tmp_path: Path) -> None:
    world = Tender(rule=RULE, changes={"max_size": 8 << 20}).open_up()
    many = {f"{n:03}.txt": b"file %03d " % n * 20 for n in range(KEPT + 20)}
    for number in world.bidder:
        world.bid(number, content=foreign(many) if number == 1 else None)
    world.now = world.deadline
    world.serve()
    world.session()
    of = committee(world)
    with scene(tmp_path, world) as made:
        who, bid = of.people[1], bid_of(of, 1)
        for name, row in listed(made, who, bid).items():
            if name in many:
                assert get(made, who, path(bid, row["n"])).content == many[name]
        inflated = made.service.services.packages.inflated
        assert inflated.count == KEPT
        assert inflated.idle.count <= IDLE


def test_an_account_reads_only_so_often(tmp_path: Path) -> None:
    world = opened()
    of = committee(world)
    slow = Rate(burst=3, refill_ms=60_000)
    assert LIMITS.file_reads_by_account != slow
    with scene(tmp_path, world, file_reads_by_account=slow) as made:
        address = path(bid_of(of, 1), 0)
        codes = [get(made, of.people[1], address).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        assert get(made, of.people[2], address).status_code == 200


def test_what_a_bids_files_say_reaches_no_channel_and_no_export(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    who, bid = of.people[1], bid_of(of, 1)
    n = listed(made, who, bid)["名为PDF.pdf"]["n"]
    assert CANARY in get(made, who, path(bid, n)).text
    evaluation = f"/api/projects/{PROJECT}/sections/{SECTION}/evaluation"
    asking = (made.world.clerk, made.world.supervisor, of.people[2])
    seen = [get(made, one, evaluation).text for one in asking]
    seen += [get(made, one, f"/api/projects/{PROJECT}/record").text for one in asking]
    seen += [json.dumps(event.body().decode()) for event, _ in made.events()]
    assert not any(CANARY in text or "名为PDF" in text for text in seen)
