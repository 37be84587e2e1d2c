"""Blind parts over HTTP: read by alias, and tied to no bid by any route before the marks are locked."""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from client.blind import with_filler
from crypto import canonical
from evaluation.blind_files import FILLER
from project.commands import TerminateSection
from project.events import RecordViewed
from tests.faults.routes import asks, fill
from tests.opening.bidding import form
from tests.opening.packages import build
from tests.opening.parties import Party
from tests.opening.world import FIRST, PROJECT, SECTION
from tests.project.sitting import BLIND, Sitting
from tests.web.scene import Scene, scene
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender, headers
from tests.web.test_evaluation import opened_to
from tests.web.witness import SIGNER, witnessing

HERE: Final = f"/api/projects/{PROJECT}/sections/{SECTION}"
CHANNELS: Final = f"/api/projects/{PROJECT}/channels"


def files_of(number: int) -> dict[str, bytes]:
    """Return a bidder's files: a blind part whose size, words and metadata are its own."""
    return {
        "技术标.txt": b"open part",
        "blind/1.txt": f"canary-text-{number} {'x' * number}".encode(),
        "blind/2.pdf": b"%PDF-1.7\n1 0 obj << /Author (canary-author) >> endobj\n%%EOF",
        f"blind/canary-name-{number}.pdf": b"%PDF-1.7\n",
    }


def packed(number: int) -> dict[str, bytes]:
    """Return a bidder's files as they are packed, the filler with them."""
    files = files_of(number)
    filler = with_filler({name: io.BytesIO(data) for name, data in files.items()})[FILLER]
    assert isinstance(filler, io.BytesIO)
    return {**files, FILLER: filler.getvalue()}


def drawn() -> Sitting:
    """Return a committee with the aliases of its bids drawn, and one sheet in."""
    world = Tender(rule=BLIND, changes={"max_size": 8 << 20}).open_up()
    for number, who in world.bidder.items():
        world.bid(number, content=build(packed(number), form(who, 100)))
    world.now = world.deadline
    world.serve()
    world.session()
    of = Sitting(world).quorate().reviewed().priced()
    world.experts = list(of.people.values())
    of.submit(1)
    return of


@contextmanager
def witnessed(folder: Path, of: Sitting) -> Iterator[Scene]:
    """Run a service whose log a witness cosigns, so that its record can be had."""
    assert isinstance(of.world, Tender)
    with witnessing() as (witness, url):
        changes = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with scene(folder, of.world, changes) as made:
            witness.log = made.service.services.sequencer.log_key
            yield made


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Sitting]]:
    of = drawn()
    with witnessed(tmp_path_factory.mktemp("blind"), of) as made:
        yield made, of


def get(made: Scene, who: Party, path: str) -> Any:
    answer = made.http.get(path, headers=headers(who))
    assert answer.status_code == 200, answer.text
    return answer


def number_of(of: Sitting, bid: str) -> int:
    organisation = of.world.state.bids[bid].organisation
    (found,) = [n for n, one in of.world.bidder.items() if one.organisation == organisation]
    return found


def test_blind_parts_are_read_by_alias_under_neutral_names(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    for who in (of.people[1], of.world.supervisor):
        rows = get(made, who, f"{HERE}/blind").json()["items"]
        assert [row["alias"] for row in rows] == ["A", "B", "C"]
        for row in rows:
            alias = row["alias"]
            assert [one["name"] for one in row["files"]] == [f"{alias}-1.txt", f"{alias}-2.pdf"]
            assert {name for one in row["files"] for name in one} == {"n", "name", "size", "kind"}
            answer = get(made, who, f"{HERE}/blind/{alias}/files/0")
            assert answer.content == files_of(number_of(of, of.aliases[alias]))["blind/1.txt"]
            assert f"{alias}-1.txt" in answer.headers["content-disposition"]
            assert answer.headers["cache-control"] == "no-store"


def test_a_part_of_a_blind_file_is_answered_and_no_more_files_than_there_are(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    own = headers(of.people[1], range="bytes=0-5")
    answer = made.http.get(f"{HERE}/blind/A/files/0", headers=own)
    assert (answer.status_code, answer.content) == (206, b"canary")
    told = made.http.head(f"{HERE}/blind/A/files/1", headers=own)
    assert int(told.headers["content-length"]) == len(files_of(1)["blind/2.pdf"])
    for path, code in (
        ("A/files/2", "reading.no_such_file"),
        ("Z/files/0", "blind.no_such_alias"),
    ):
        refused = made.http.get(f"{HERE}/blind/{path}", headers=headers(of.people[1]))
        assert (refused.status_code, refused.json()["code"]) == (404, code)


def test_no_blind_file_is_given_by_bid_before_the_lock(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    for who in (of.people[1], of.world.supervisor):
        for bid in of.bids:
            rows = get(made, who, f"{HERE}/bids/{bid}/files").json()["items"]
            assert [one["path"] for one in rows] == ["bid-form.json", "技术标.txt"]
            assert [one["n"] for one in rows] == [0, 1]
            refused = made.http.get(f"{HERE}/bids/{bid}/files/2", headers=headers(who))
            assert refused.status_code == 404
    clerk = headers(of.world.clerk)
    assert made.http.get(f"{HERE}/blind", headers=clerk).json()["code"] == "reading.committee_only"


def test_a_note_tells_no_blind_file_of_a_bid(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    notes, own = f"{HERE}/notes", headers(of.people[1])
    told = {"bid": of.bids[0], "page": 1, "text": "n", "was": ""}
    for file, status in ((0, 200), (1, 200), (2, 404), (3, 404)):
        answer = made.http.put(notes, json={**told, "file": file}, headers=own)
        assert answer.status_code == status, answer.text
    paths = [one["path"] for one in get(made, of.people[1], notes).json()["items"]]
    assert paths == ["bid-form.json", "技术标.txt"]


def test_no_seat_can_tie_a_blind_part_to_a_bid_by_any_route_before_the_lock(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    secret = secrets_of(of)
    seats: dict[str, Party | None] = {
        **made.world.one_of_each,
        "stranger": STRANGER,
        "administrator": ADMINISTRATOR,
        "timekeeper": made.world.timekeeper,
        "other bidder": made.world.bidder[2],
        "member": of.people[3],
    }
    for seat, who in seats.items():
        for path, text in answers(made, who).items():
            assert not [one for one in secret if one in text], (seat, path)
            if b"canary-text" in text:
                assert "/blind/" in path, (seat, path)
                assert seat in {"supervisor", "expert", "member"}, seat
                assert not [one for one in persons(of) if one in text], (seat, path)


def answers(made: Scene, who: Party | None) -> dict[str, bytes]:
    """Return all that somebody is answered on every route that only reads, headers included."""
    told, found = headers(who) if who else {}, dict[str, bytes]()
    paths = [
        (fill(name.removeprefix("GET "), ask.path), ask.params)
        for name, ask in asks(made.world, "0" * 32).items()
        if name.startswith("GET ")
    ]
    paths += [(f"{HERE}/blind/{alias}/files/{n}", None) for alias in "ABC" for n in (0, 1, 2)]
    channels = made.http.get(CHANNELS, headers=told).json().get("channels", ())
    paths += [(f"{CHANNELS}/{channel}/events", {"wait": "0"}) for channel in channels]
    for path, params in paths:
        answer = made.http.get(path, headers=told, params=params)
        lines = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        found[path] = lines.encode() + b"\n" + answer.content
    return found


def secrets_of(of: Sitting) -> list[bytes]:
    """Return what ties a blind part to a bid, or names one: hashes, names, the table of aliases."""
    found = [b"aliases_drawn\\", b"canary-name"]
    for number in of.world.bidder:
        contents = files_of(number)
        blind = [data for name, data in contents.items() if name.startswith("blind/")]
        found += [hashlib.sha256(data).hexdigest().encode() for data in blind]
    for alias, bid in of.aliases.items():
        found += [
            json.dumps(row, separators=(",", ":"))[1:-1].encode()
            for row in ({"alias": alias, "bid": bid}, {alias: bid})
        ]
        found.append(json.dumps(f'"alias":"{alias}","bid":"{bid}"')[1:-1].encode())
    return found


def persons(of: Sitting) -> list[bytes]:
    """Return whatever stands for a bid or a bidder."""
    bids = of.world.state.bids.values()
    names = [one.organisation_name for one in of.world.bidder.values()]
    ids = [one for bid in bids for one in (bid.bid, bid.organisation, bid.root.hex())]
    return [one.encode() for one in (*names, *ids)]


def test_what_is_published_of_a_package_does_not_tell_whose_a_blind_file_is(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    who = of.people[1]
    blind = {
        row["alias"]: [
            get(made, who, f"{HERE}/blind/{row['alias']}/files/{one['n']}").content
            for one in row["files"]
        ]
        for row in get(made, who, f"{HERE}/blind").json()["items"]
    }
    for bid in of.bids:
        opened = of.world.state.sessions[FIRST].opened[bid]
        rows = get(made, who, f"{HERE}/bids/{bid}/files").json()["items"]
        visible = [{"name": r["path"], "sha256": r["sha256"], "size": r["size"]} for r in rows]
        for contents in blind.values():
            assert manifest(visible, contents) != opened.manifest
    # without the filler the same sum gives the bidder away
    number = number_of(of, of.bids[0])
    plain = {name: data for name, data in files_of(number).items() if "canary" not in name}
    without = build(plain, form(of.world.bidder[number], 100))
    rows = get(made, who, f"{HERE}/bids/{of.bids[0]}/files").json()["items"]
    visible = [{"name": r["path"], "sha256": r["sha256"], "size": r["size"]} for r in rows]
    contents = [plain["blind/1.txt"], plain["blind/2.pdf"]]
    assert manifest(visible, contents).encode() in hashed_manifest(without)


def manifest(visible: list[dict[str, Any]], blind: list[bytes]) -> str:
    """Return the hash of the manifest that a bid would have with these blind files."""
    rows = [
        *visible,
        *(
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in zip(("blind/1.txt", "blind/2.pdf"), blind, strict=True)
        ),
    ]
    rows.sort(key=lambda row: str(row["name"]).encode())
    return hashlib.sha256(canonical.dumps({"v": 1, "files": rows})).hexdigest()


def hashed_manifest(package: bytes) -> list[bytes]:
    start = package.index(b'{"files":[')
    end = package.index(b'"v":1}', start) + len(b'"v":1}')
    return [hashlib.sha256(package[start:end]).hexdigest().encode()]


def test_a_record_before_the_lock_shows_the_draw_to_nobody(begun: tuple[Scene, Sitting]) -> None:
    made, of = begun
    for who in (of.world.supervisor, of.world.timekeeper, of.world.custodians[0]):
        found = opened_to(made, who)
        assert "evaluation.committee_convened" in found
        assert not found & {"evaluation.aliases_drawn", "evaluation.marks_submitted"}


def test_a_supervisors_reading_is_on_the_record_without_alias_or_bid(tmp_path: Path) -> None:
    of = drawn()
    assert isinstance(of.world, Tender)
    with scene(tmp_path, of.world) as made:
        get(made, of.world.supervisor, f"{HERE}/blind/B/files/0")
        get(made, of.world.supervisor, f"{HERE}/bids/{of.bids[1]}/files")
        viewed = made.wait_for(RecordViewed)
    assert [one.subject for one in viewed] == ["files"]
    said = viewed[0].model_dump_json()
    assert of.bids[1] not in said
    assert '"B"' not in said


def test_a_section_that_is_ended_hides_no_marks_from_whoever_acts_on_its_record(
    tmp_path: Path,
) -> None:
    of = drawn()
    of.world.do(of.world.clerk.actor, TerminateSection(section=SECTION, reason="资金未落实"))
    secret = {"evaluation.aliases_drawn", "evaluation.marks_submitted"}
    with witnessed(tmp_path, of) as made:
        for who in (of.world.supervisor, of.world.timekeeper, of.world.custodians[0]):
            assert opened_to(made, who) >= secret
        for other in (of.world.clerk, of.people[1], of.world.bidder[1]):
            assert not opened_to(made, other) & secret
        view = get(made, of.people[2], f"{HERE}/evaluation").json()
        assert "opened" not in view["blind"]
        assert "marks" not in view


def test_after_the_lock_whose_the_blind_parts_are_is_shown(tmp_path: Path) -> None:
    of = drawn()
    for seat in (2, 3, 4, 5):
        of.submit(seat)
    with witnessed(tmp_path, of) as made:
        assert "evaluation.aliases_drawn" in opened_to(made, of.world.supervisor)
        assert "evaluation.aliases_drawn" not in opened_to(made, of.people[1])
        who, bid = of.people[2], of.bids[0]
        rows = get(made, who, f"{HERE}/bids/{bid}/files").json()["items"]
        paths = [one["path"] for one in rows]
        assert paths[:2] == ["bid-form.json", "技术标.txt"]
        assert set(paths[2:]) >= {"blind/1.txt", "blind/2.pdf", FILLER}
        view = get(made, who, f"{HERE}/evaluation").json()
        (opened,) = view["blind"]["opened"]
        assert opened["bids"] == dict(of.aliases)
        clerk = get(made, of.world.clerk, f"{HERE}/evaluation").json()
        assert "blind" not in clerk


def test_a_bid_without_a_blind_folder_stays_readable_and_markable(tmp_path: Path) -> None:
    world = Tender(rule=BLIND).open_up()
    for number in world.bidder:
        world.bid(number)
    world.now = world.deadline
    world.serve()
    world.session()
    of = Sitting(world).quorate().reviewed().priced()
    world.experts = list(of.people.values())
    of.draw_aliases()
    with scene(tmp_path, world) as made:
        rows = get(made, of.people[1], f"{HERE}/blind").json()["items"]
        assert [(row["alias"], row["files"]) for row in rows] == [("A", []), ("B", []), ("C", [])]
        assert get(made, of.people[1], f"{HERE}/bids/{of.bids[0]}/files").json()["items"]
    of.marked()
    assert of.found.marking.is_locked
