"""tus 1.0 over a real service: the protocol as it should go, and what a bidder may ask for."""

import base64
import hashlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from crypto.slices import file_root
from tests.opening.parties import Party
from tests.web import tender
from tests.web.raw import Raw
from tests.web.scene import Scene, scene

CONTENT = bytes(range(256)) * 512 + b"end"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("uploads")) as made:
        yield made


@pytest.fixture
def up(service: Scene) -> Iterator[Scene]:
    yield service
    service.clear()


def checksum(content: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def test_a_file_in_parts_is_kept_as_it_was_sent(up: Scene) -> None:
    where = up.create(len(CONTENT))
    first = up.patch(where, 0, CONTENT[:70_000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "70000")
    assert up.offset(where) == 70_000
    last = up.patch(where, 70_000, CONTENT[70_000:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(CONTENT)))
    assert up.content(where) == CONTENT


def test_a_creation_may_bring_the_whole_file(up: Scene) -> None:
    told = {"upload_length": str(len(CONTENT)), "upload_metadata": tender.metadata()}
    headers = tender.tus(up.bidder, content_type=tender.PART, **told)
    answer = up.http.post("/api/uploads", content=CONTENT, headers=headers)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(CONTENT)))
    measured = up.service.services.files.measure(answer.headers["location"].rsplit("/", 1)[1])
    with (up.folder / "copy").open("w+b") as copy:
        copy.write(CONTENT)
        copy.seek(0)
        assert (measured.size, measured.root) == file_root(copy)


def test_the_server_tells_what_it_can_do(up: Scene) -> None:
    answer = up.http.options("/api/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "checksum",
        "expiration",
        "termination",
    }
    assert answer.headers["tus-checksum-algorithm"] == "sha256"
    assert int(answer.headers["tus-max-size"]) > 4 << 30


def test_every_answer_says_when_the_upload_expires(up: Scene) -> None:
    created = tender.create(up.http, up.bidder, 3)
    where = tender.place_of(created)
    head = up.http.head(where, headers=tender.tus(up.bidder))
    part = up.patch(where, 0, b"1")
    told = {answer.headers["upload-expires"] for answer in (created, head, part)}
    (moment,) = told
    age = up.service.settings.limits.unfinished_age
    expected = (up.service.clock.moment + age) // 1000
    assert int(parsedate_to_datetime(moment).timestamp()) == expected


def test_a_head_is_never_cached(up: Scene) -> None:
    answer = up.http.head(up.create(3), headers=tender.tus(up.bidder))
    assert answer.headers["cache-control"] == "no-store"


def test_a_part_with_the_right_checksum_is_kept(up: Scene) -> None:
    where = up.create(len(CONTENT))
    answer = up.patch(where, 0, CONTENT, upload_checksum=checksum(CONTENT))
    assert answer.status_code == 204
    assert up.content(where) == CONTENT


def test_a_part_with_a_wrong_checksum_is_taken_back(up: Scene) -> None:
    where = up.create(len(CONTENT))
    up.patch(where, 0, CONTENT[:10])
    answer = up.patch(where, 10, CONTENT[10:], upload_checksum=checksum(b"other"))
    assert (answer.status_code, answer.json()["code"]) == (460, "uploads.checksum")
    assert up.offset(where) == 10
    assert up.content(where) == CONTENT[:10]
    assert up.patch(where, 10, CONTENT[10:]).status_code == 204
    assert up.content(where) == CONTENT


@pytest.mark.parametrize(
    "told", ["sha1 " + "A" * 27 + "=", "sha256 abc", "sha256", "", "sha256 " + "A" * 40]
)
def test_a_checksum_that_is_none_is_refused_and_nothing_kept(up: Scene, told: str) -> None:
    where = up.create(10)
    answer = up.patch(where, 0, b"1234", upload_checksum=told)
    assert (answer.status_code, answer.json()["code"]) == (422, "uploads.checksum_algorithm")
    assert up.offset(where) == 0


def test_a_part_that_begins_elsewhere_is_refused_and_nothing_lost(up: Scene) -> None:
    where = up.create(10)
    up.patch(where, 0, b"12345")
    for offset in (0, 4, 6, 10):
        answer = up.patch(where, offset, b"xxxx")
        assert (answer.status_code, answer.json()["code"]) == (409, "uploads.offset")
        assert answer.json()["offset"] == 5
    assert up.content(where) == b"12345"


def test_more_bytes_than_announced_are_refused_and_none_of_them_kept(up: Scene) -> None:
    where = up.create(6)
    up.patch(where, 0, b"1234")
    answer = up.patch(where, 4, b"5678")
    assert (answer.status_code, answer.json()["code"]) == (422, "uploads.too_long")
    assert up.content(where) == b"1234"


def test_an_empty_part_changes_nothing(up: Scene) -> None:
    where = up.create(6)
    up.patch(where, 0, b"1234")
    answer = up.patch(where, 4, b"")
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "4")


@pytest.mark.parametrize("version", ["0.2.2", "1.0", "", None])
def test_another_version_of_the_protocol_is_told_which_one_is_spoken(
    up: Scene, version: str | None
) -> None:
    where = up.create(6)
    headers = tender.headers(up.bidder)
    if version is not None:
        headers["tus-resumable"] = version
    for method, path in (("POST", "/api/uploads"), ("HEAD", where), ("DELETE", where)):
        answer = up.http.request(method, path, headers=headers)
        assert answer.status_code == 412
        assert answer.headers["tus-version"] == "1.0.0"
    assert up.offset(where) == 0


def test_a_refusal_says_which_version_is_spoken(up: Scene) -> None:
    answer = up.http.head("/api/uploads/" + "0" * 32, headers=tender.tus(up.bidder))
    assert (answer.status_code, answer.headers["tus-resumable"]) == (404, "1.0.0")


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", ""])
def test_a_part_must_be_said_to_be_one(up: Scene, kind: str) -> None:
    where = up.create(6)
    answer = up.patch(where, 0, b"123", content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "uploads.content_type")
    assert up.offset(where) == 0


@pytest.mark.parametrize("offset", ["", "-1", "+1", "1.0", "0x0", "1e3", "9" * 17, "１"])
def test_an_offset_that_is_no_number_is_refused(up: Scene, offset: str) -> None:
    where = up.create(6)
    headers = tender.tus(up.bidder, content_type=tender.PART)
    raw = [*((k.encode(), v.encode()) for k, v in headers.items())]
    raw.append((b"upload-offset", offset.encode()))
    answer = up.http.patch(where, content=b"1", headers=raw)
    assert (answer.status_code, answer.json()["code"]) == (422, "uploads.header")


@pytest.mark.parametrize("length", ["-1", "", "1.5", "9" * 17, "abc"])
def test_a_length_that_is_no_number_is_refused(up: Scene, length: str) -> None:
    told = tender.tus(up.bidder, upload_length=length, upload_metadata=tender.metadata())
    answer = up.http.post("/api/uploads", headers=told)
    assert (answer.status_code, answer.json()["code"]) == (422, "uploads.header")
    assert up.kept() == 0


def test_a_length_must_be_told_at_once(up: Scene) -> None:
    told = tender.tus(up.bidder, upload_defer_length="1", upload_metadata=tender.metadata())
    answer = up.http.post("/api/uploads", headers=told)
    assert (answer.status_code, answer.json()["code"]) == (422, "uploads.header")


@pytest.mark.parametrize("more", [1, 1 << 40])
def test_a_file_larger_than_the_section_takes_is_refused(up: Scene, more: int) -> None:
    most = up.world.whole.opening.sections["s1"].terms.max_size
    answer = tender.create(up.http, up.bidder, most + more)
    assert (answer.status_code, answer.json()["code"]) == (413, "uploads.too_large")
    assert answer.json()["most"] == most
    assert tender.create(up.http, up.bidder, most).status_code == 201


@pytest.mark.parametrize(
    "told",
    [
        "",
        "project",
        "project !!!",
        "project " + base64.b64encode(b"\xff\xfe").decode(),
        tender.metadata(envelope="3"),
        tender.metadata(envelope="one"),
        tender.metadata(project="0"),
        tender.metadata().replace(",envelope", ";envelope"),
        "section czE=",
    ],
)
def test_metadata_that_names_no_place_are_refused(up: Scene, told: str) -> None:
    answer = tender.create(up.http, up.bidder, 3, upload_metadata=told)
    assert (answer.status_code, answer.json()["code"]) == (422, "uploads.metadata")
    assert up.kept() == 0


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"project": "../" + "a" * 29}, "web.no_such_project"),
        ({"project": "0" * 32}, "web.no_such_project"),
        ({"section": "<script>alert(1)</script>"}, "uploads.no_such_section"),
        ({"section": "../../etc/passwd"}, "uploads.no_such_section"),
        ({"section": "s1\0"}, "uploads.no_such_section"),
        ({"section": "第一标段"}, "uploads.no_such_section"),
        ({"envelope": "2"}, "uploads.no_such_section"),
    ],
)
def test_odd_names_find_nothing_and_are_told_as_text(
    up: Scene, told: dict[str, str], code: str
) -> None:
    answer = tender.create(up.http, up.bidder, 3, upload_metadata=tender.metadata(**told))
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert up.kept() == 0


def test_names_of_other_files_in_the_metadata_are_of_no_consequence(up: Scene) -> None:
    names = tender.metadata(filename="../<b>投标 文件</b>.pdf", filetype="text/html")
    where = up.create(4, upload_metadata=names)
    up.patch(where, 0, b"1234")
    assert up.content(where) == b"1234"


def test_an_upload_that_is_dropped_is_gone(up: Scene) -> None:
    where = up.create(6)
    up.patch(where, 0, b"123")
    assert up.http.delete(where, headers=tender.tus(up.bidder)).status_code == 204
    for answer in (
        up.http.head(where, headers=tender.tus(up.bidder)),
        up.http.delete(where, headers=tender.tus(up.bidder)),
        up.patch(where, 3, b"456"),
    ):
        assert answer.status_code == 404
    assert up.kept() == 0


@pytest.mark.parametrize("name", ["0" * 32, "f" * 31, "..%2f..%2frecord.db", "A" * 32])
def test_an_upload_that_never_was_is_not_there(up: Scene, name: str) -> None:
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = tender.tus(up.bidder, upload_offset="0", content_type=tender.PART)
        answer = up.http.request(method, f"/api/uploads/{name}", headers=headers)
        assert answer.status_code in {404, 422}


def everybody_else(up: Scene) -> list[Party]:
    world = up.world
    return [*world.custodians, world.clerk, world.timekeeper, world.supervisor, tender.STRANGER]


def test_only_a_bidder_of_the_project_may_begin_an_upload(up: Scene) -> None:
    for who in [*everybody_else(up), tender.ADMINISTRATOR]:
        answer = tender.create(up.http, who, 3)
        assert (answer.status_code, answer.json()["code"]) == (403, "uploads.not_a_bidder")
    assert up.http.post("/api/uploads", headers={"tus-resumable": "1.0.0"}).status_code == 401
    assert up.kept() == 0


def test_the_upload_of_another_is_as_if_it_were_not_there(up: Scene) -> None:
    where = up.create(6)
    up.patch(where, 0, b"123")
    for who in [*everybody_else(up), up.world.bidder[2]]:
        for method in ("HEAD", "DELETE"):
            answer = up.http.request(method, where, headers=tender.tus(who))
            assert answer.status_code == 404
        answer = tender.patch(up.http, who, where, 3, b"xxx")
        assert (answer.status_code, answer.json()["code"]) == (404, "uploads.unknown")
    assert up.content(where) == b"123"


@pytest.mark.parametrize(
    "who", ["nobody", "clerk", "rival", "too large", "other version", "elsewhere"]
)
def test_without_the_right_an_answer_comes_before_the_body_and_no_byte_is_kept(
    up: Scene, who: str
) -> None:
    where = up.create(1 << 20)
    told = {
        "upload-length": str(1 << 20),
        "upload-metadata": tender.metadata(),
        "content-type": tender.PART,
        **tender.tus(up.bidder),
    }
    method, path, expected = "POST", "/api/uploads", 403
    match who:
        case "nobody":
            del told["authorization"]
            expected = 401
        case "clerk":
            told |= tender.tus(up.world.clerk)
        case "rival":
            told |= {**tender.tus(up.world.bidder[2]), "upload-offset": "0"}
            method, path, expected = "PATCH", where, 404
        case "too large":
            told["upload-length"] = str(1 << 41)
            expected = 413
        case "other version":
            told["tus-resumable"] = "2.0.0"
            expected = 412
        case _:
            told["upload-offset"] = "7"
            method, path, expected = "PATCH", where, 409
    with Raw(up.service.url) as line:
        line.ask(method, path, told, 1 << 40)
        assert line.status() == expected
    assert up.content(where) == b""
    assert up.kept() == 1


def test_a_bid_is_admitted_with_the_file_that_was_uploaded_for_it(up: Scene) -> None:
    sealed = up.world.seal(1)
    where = up.create(len(sealed.file))
    up.patch(where, 0, sealed.file)
    body = up.world.admission(1, sealed, where.rsplit("/", 1)[1])
    answer = tender.command(up.http, up.bidder, body, "bid-1")
    assert answer.status_code == 200, answer.text
    assert (up.folder / "sealed" / sealed.bid.root).read_bytes() == sealed.file
    assert up.http.head(where, headers=tender.tus(up.bidder)).status_code == 404
    back = up.http.get(
        f"/api/projects/{'9' * 32}/bids/{sealed.params.bid}/sealed",
        headers=tender.headers(up.bidder),
    )
    assert back.content == sealed.file


def test_an_upload_outlives_a_restart_and_an_old_one_does_not(tmp_path: Path) -> None:
    with scene(tmp_path) as first:
        where = first.create(6)
        first.patch(where, 0, b"123")
        age = first.service.settings.limits.unfinished_age
        world = first.world
    assert world.now + age < world.deadline
    for later, status in ((age - 1, 200), (age, 404)):
        settings = first.service.settings
        with type(first.service)(settings, type(first.service.clock)(world.now + later)) as again:
            answer = again.http.head(where, headers=tender.tus(world.bidder[1]))
            assert answer.status_code == status
