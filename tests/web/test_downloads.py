"""Documents, own sealed files and minutes over a real service: who gets which, and how."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

from opening.events import MinutesDrawnUp
from opening.messages import Periods
from project.events import DocumentFetched
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.web import tender
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import DOCUMENT, STRANGER, Tender
from web.moments import named

MINUTES = f"/api/projects/{PROJECT}/sections/{SECTION}/1/minutes"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    world = Tender().open_up()
    world.bid(1)
    with scene(tmp_path_factory.mktemp("downloads"), world, tender_document=1000) as made:
        yield made


def get(service: Scene, who: Party, path: str) -> httpx.Response:
    return service.http.get(path, headers=tender.headers(who))


def document(service: Scene) -> str:
    (name,) = service.world.whole.documents
    return f"/api/projects/{PROJECT}/documents/{name}"


def bring(service: Scene, who: Party, content: bytes) -> httpx.Response:
    return service.http.post("/api/documents", content=content, headers=tender.headers(who))


def kept_documents(service: Scene) -> set[str]:
    return {path.name for path in (service.folder / "documents").iterdir()}


def test_a_document_is_an_attachment_that_no_browser_opens_as_a_page(service: Scene) -> None:
    answer = get(service, service.world.bidder[2], document(service))
    assert answer.content == DOCUMENT
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    how, plain, name = answer.headers["content-disposition"].split("; ")
    assert how == "attachment"
    assert plain == 'filename="__ __.pdf"'
    assert unquote(name.removeprefix("filename*=UTF-8''")) == "招标 文件.pdf"


def test_a_fetching_is_recorded_once_an_organisation(service: Scene) -> None:
    for _ in range(3):
        assert get(service, service.world.bidder[3], document(service)).status_code == 200
    own = service.world.bidder[3].organisation
    told = [event for event, _ in service.events() if isinstance(event, DocumentFetched)]
    assert [event.organisation for event in told].count(own) == 1


def test_whoever_is_signed_in_may_fetch_a_published_document(service: Scene) -> None:
    for who in (service.world.clerk, service.world.supervisor, STRANGER):
        assert get(service, who, document(service)).content == DOCUMENT
    assert service.http.get(document(service)).status_code == 401


def test_a_document_that_is_not_published_is_the_clerks_alone(service: Scene) -> None:
    content = b"a later drawing"
    brought = bring(service, service.world.clerk, content).json()
    body = {"type": "project.add_document", "title": "图", "name": "../<b>图.pdf", **brought}
    added = tender.command(service.http, service.world.clerk, body, "named")
    assert added.status_code == 200, added.text
    (event,) = added.json()["events"]
    path = f"/api/projects/{PROJECT}/documents/{event['document']}"
    fetched = get(service, service.world.clerk, path)
    assert fetched.content == content
    assert fetched.headers["content-disposition"].endswith("''_" + quote("_b_图.pdf"))
    for who in (service.world.bidder[1], service.world.custodians[0], STRANGER):
        assert get(service, who, path).json()["code"] == "documents.unknown"


def test_only_a_clerk_brings_documents_and_nothing_else_is_kept(service: Scene) -> None:
    before = kept_documents(service)
    for who in (service.world.bidder[1], service.world.supervisor, STRANGER):
        answer = bring(service, who, b"x" * 900)
        assert (answer.status_code, answer.json()["code"]) == (403, "documents.not_a_clerk")
    answer = bring(service, service.world.clerk, b"x" * 1001)
    assert (answer.status_code, answer.json()["code"]) == (422, "documents.too_large")
    assert kept_documents(service) == before


def test_a_document_brought_is_named_by_its_hash(service: Scene) -> None:
    answer = bring(service, service.world.clerk, b"tender")
    sha256 = hashlib.sha256(b"tender").hexdigest()
    assert answer.json() == {"size": 6, "sha256": sha256}
    assert sha256 in kept_documents(service)


def test_a_document_the_disk_lost_is_told_by_name(tmp_path: Path) -> None:
    world = Tender().open_up()
    world.folder(tmp_path)
    (tmp_path / "documents" / hashlib.sha256(DOCUMENT).hexdigest()).unlink()
    with going_on(tmp_path, world) as service:
        answer = get(service, world.bidder[1], document(service))
        assert (answer.status_code, answer.json()["code"]) == (404, "documents.lost")
        assert answer.json()["name"] == "招标 文件.pdf"
        assert service.events() == []


def test_a_bidder_gets_its_own_sealed_file_back_and_nobody_else_does(service: Scene) -> None:
    ((bid, sealed),) = service.world.sealed.items()
    path = f"/api/projects/{PROJECT}/bids/{bid}/sealed"
    assert get(service, service.world.bidder[1], path).content == sealed.file
    others = (service.world.bidder[2], service.world.clerk, service.world.supervisor, STRANGER)
    for who in others:
        assert get(service, who, path).json()["code"] == "bids.unknown"


@pytest.mark.parametrize(
    "path",
    [
        f"/api/projects/{PROJECT}/documents/{'0' * 32}",
        f"/api/projects/{PROJECT}/documents/..%2f..%2frecord.db",
        f"/api/projects/{PROJECT}/bids/{'0' * 32}/sealed",
        f"{MINUTES}/pdf",
        f"{MINUTES}/exe",
        f"/api/projects/{PROJECT}/sections/s1/3/minutes/pdf",
        f"/api/projects/{PROJECT}/sections/..%2f/1/minutes/pdf",
        f"/api/projects/{'0' * 32}/sections/s1/1/minutes/pdf",
    ],
)
def test_what_is_not_there_is_not_found(service: Scene, path: str) -> None:
    answer = get(service, service.world.clerk, path)
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def objecting() -> Tender:
    """Return a tender in which the window for objections is about to end."""
    world = Tender(changes={"periods": Periods(tender=0, outage=0)}).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    world.reads_out()
    return world


def test_minutes_are_for_those_who_take_part_and_published_for_all(tmp_path: Path) -> None:
    world = objecting()
    with scene(tmp_path, world) as service:
        assert get(service, world.clerk, f"{MINUTES}/pdf").json()["code"] == "minutes.not_yet"
        service.service.clock.moment = world.state.sessions[SECTION, 1].windows["objections"]
        (drawn,) = service.wait_for(MinutesDrawnUp)
        world.follow(tender.read_record(service.folder))
        pdf = b""
        for who in (world.clerk, world.bidder[1], world.custodians[0]):
            pdf = get(service, who, f"{MINUTES}/pdf").content
            told = get(service, who, f"{MINUTES}/json").content
            assert hashlib.sha256(pdf).hexdigest() == drawn.pdf
            assert hashlib.sha256(told).hexdigest() == drawn.facts
            assert len(pdf) == drawn.pdf_size
        assert get(service, STRANGER, f"{MINUTES}/pdf").json()["code"] == "minutes.not_yet"
        for name, body in world.signs_and_ends():
            assert tender.command(service.http, world.clerk, body, name).status_code == 200
        assert get(service, STRANGER, f"{MINUTES}/pdf").content == pdf
        assert service.http.get(f"{MINUTES}/pdf").content == pdf
        name = get(service, STRANGER, f"{MINUTES}/pdf").headers["content-disposition"]
        opened = named(world.deadline)
        assert f"开标记录 1 s1-1 {opened}.pdf" in unquote(name)
