"""Uploads when lines break, two come at once, time runs out or room does."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web import tender
from tests.web.raw import CONTINUE, Raw
from tests.web.scene import Scene, scene
from tests.web.tender import Tender

MIB = 1 << 20
CONTENT = bytes(range(256)) * (4 * MIB // 256)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    world = Tender(changes={"max_size": 64 * MIB}).open_up()
    with scene(tmp_path_factory.mktemp("lines"), world) as made:
        yield made


@pytest.fixture
def up(service: Scene) -> Iterator[Scene]:
    yield service
    service.clear()


def begin(line: Raw, up: Scene, where: str, offset: int = 0) -> None:
    """Begin a part and wait until the service asks for its bytes."""
    told = tender.tus(up.bidder, upload_offset=str(offset), content_type=tender.PART)
    line.ask("PATCH", where, told, len(CONTENT) - offset)
    assert line.head().startswith(CONTINUE)


def test_what_arrived_before_a_line_broke_is_kept(up: Scene) -> None:
    where = up.create(len(CONTENT))
    with Raw(up.service.url) as line:
        begin(line, up, where)
        line.send(CONTENT[: MIB + 12_345])
        line.break_off()
    kept = up.offset(where)
    assert kept == MIB + 12_345
    assert up.content(where) == CONTENT[:kept]
    assert up.patch(where, kept, CONTENT[kept:]).status_code == 204
    assert up.content(where) == CONTENT


def test_a_checksum_is_not_met_by_half_a_part(up: Scene) -> None:
    where = up.create(len(CONTENT))
    digest = "sha256 " + "A" * 43 + "="
    told = tender.tus(up.bidder, upload_offset="0", content_type=tender.PART)
    with Raw(up.service.url) as line:
        line.ask("PATCH", where, {**told, "upload-checksum": digest}, len(CONTENT))
        assert line.head().startswith(CONTINUE)
        line.send(CONTENT[:MIB])
        line.break_off()
    assert up.offset(where) == 0
    assert up.content(where) == b""


def test_a_newer_request_takes_an_upload_over_from_a_line_that_is_silent(up: Scene) -> None:
    where = up.create(len(CONTENT))
    with Raw(up.service.url) as line:
        begin(line, up, where)
        line.send(CONTENT[: 2 * MIB])
        kept = up.offset(where)
        assert line.status() == 423
        assert up.content(where) == CONTENT[:kept]
        assert up.patch(where, kept, CONTENT[kept:]).status_code == 204
    assert up.content(where) == CONTENT


def test_two_parts_at_once_leave_the_file_right(up: Scene) -> None:
    where = up.create(len(CONTENT))
    with Raw(up.service.url) as older:
        begin(older, up, where)
        newer = up.patch(where, 0, CONTENT)
        assert older.status() == 423
    assert newer.status_code == 204
    assert up.content(where) == CONTENT


def test_a_drop_ends_a_part_that_is_under_way(up: Scene) -> None:
    where = up.create(len(CONTENT))
    with Raw(up.service.url) as line:
        begin(line, up, where)
        assert up.http.delete(where, headers=tender.tus(up.bidder)).status_code == 204
        assert line.status() == 423
    assert up.kept() == 0


def test_uploads_of_others_go_on_while_one_is_silent(up: Scene) -> None:
    where = up.create(len(CONTENT))
    with Raw(up.service.url) as line:
        begin(line, up, where)
        other = tender.place_of(tender.create(up.http, up.world.bidder[2], 3))
        answer = tender.patch(up.http, up.world.bidder[2], other, 0, b"123")
        assert answer.status_code == 204
        line.send(CONTENT)
        assert line.status() == 204
    assert up.content(where) == CONTENT


def test_a_body_without_a_length_is_taken_too(up: Scene) -> None:
    where = up.create(len(CONTENT))
    pieces = (CONTENT[at : at + 100_000] for at in range(0, len(CONTENT), 100_000))
    told = tender.tus(up.bidder, upload_offset="0", content_type=tender.PART)
    assert up.http.patch(where, content=pieces, headers=told).status_code == 204
    assert up.content(where) == CONTENT


def test_nothing_is_taken_from_the_deadline_on(tmp_path: Path) -> None:
    with scene(tmp_path) as up:
        begun, whole = up.create(len(CONTENT[:1000])), up.create(4)
        with Raw(up.service.url) as line:
            told = tender.tus(up.bidder, upload_offset="0", content_type=tender.PART)
            line.ask("PATCH", begun, told, 1000)
            assert line.head().startswith(CONTINUE)
            up.service.clock.moment = up.world.deadline - 1
            assert up.patch(whole, 0, b"1234").status_code == 204
            up.service.clock.moment = up.world.deadline
            line.send(CONTENT[:1000])
            assert line.status() == 409
        _is_late(tender.create(up.http, up.bidder, 3))
        assert up.patch(begun, 0, CONTENT[:1000]).status_code == 409


def _is_late(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) in {
        (409, "uploads.late"),
        (409, "uploads.not_open"),
    }


def test_an_organisation_gets_its_share_and_the_disk_keeps_its_reserve(tmp_path: Path) -> None:
    with scene(tmp_path, unfinished_bytes=3000, unfinished_count=3) as up:
        up.create(2000)
        answer = tender.create(up.http, up.bidder, 1001)
        assert (answer.status_code, answer.json()["code"]) == (507, "uploads.quota")
        up.create(1)
        up.create(1)
        answer = tender.create(up.http, up.bidder, 1)
        assert (answer.status_code, answer.json()["code"]) == (507, "uploads.too_many")
        other = up.world.bidder[2]
        assert tender.create(up.http, other, 3000).status_code == 201


def test_the_last_of_the_disk_is_given_to_nobody(tmp_path: Path) -> None:
    with scene(tmp_path, disk_reserve=1 << 60) as up:
        answer = tender.create(up.http, up.bidder, 1)
        assert (answer.status_code, answer.json()["code"]) == (507, "uploads.disk_full")
        assert up.kept() == 0
        assert up.http.get("/api/projects", headers=tender.headers(up.bidder)).status_code == 200
