"""What the hall fetches: the order to sign, the table as a file, the verifier's outcome."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opening.bid_form import BidForm
from opening.commands import AnnounceSession, ReadOut
from opening.order import opening_list
from tests.opening.parties import Party
from tests.opening.world import FIRST, PROJECT, SECTION
from tests.web import tender
from tests.web.scene import Scene, scene
from tests.web.tender import Tender
from verifier.report import Report
from web import texts
from web.opening_tables import as_csv, as_xlsx
from web.verification import grouped, in_words

PLACE = f"/api/projects/{PROJECT}/sections/{SECTION}/1"


def announced() -> Tender:
    world = Tender().open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = world.deadline
    world.serve()
    world.do(world.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
    return world


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("announced"), announced()) as made:
        yield made


def get(service: Scene, who: Party, path: str, **more: str) -> tuple[int, bytes, str]:
    answer = service.http.get(path, headers={**tender.headers(who), **more})
    return answer.status_code, answer.content, answer.headers.get("content-disposition", "")


def test_the_clerk_is_told_the_order_that_the_rules_will_accept(before: Scene) -> None:
    world = before.world
    answer = before.http.get(PLACE + "/order", headers=tender.headers(world.clerk))
    told = answer.json()
    wanted = opening_list(world.state, FIRST)
    assert told["bids"] == [one.model_dump(mode="json") for one in wanted]
    assert told["key_id"] == world.state.keys[FIRST].key_id
    assert told["now"] == world.now


def test_nobody_else_is_told_the_order(before: Scene) -> None:
    for who in (before.bidder, before.world.supervisor, before.world.custodians[0]):
        status, content, _ = get(before, who, PLACE + "/order")
        assert status == 403
        assert b"opening.not_bound" in content


def test_the_table_tells_names_at_the_announcement_and_prices_when_read_out(
    tmp_path: Path,
) -> None:
    world = announced()
    world.order()
    world.partials()
    world.release()
    world.serve()
    world.do(world.clerk.actor, ReadOut(section=SECTION, envelope=1))
    with scene(tmp_path, world) as made:
        status, content, disposition = get(made, world.clerk, PLACE + "/table.csv")
        assert status == 200
        assert "filename*=UTF-8''%E5%BC%80%E6%A0%87%E4%B8%80%E8%A7%88%E8%A1%A8" in disposition
        head, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(head) == len(rows[0])
        assert [row[1] for row in rows] == [one.organisation_name for one in world.bidder.values()]
        assert all(row[3].replace(".", "").isdigit() for row in rows)


def test_the_table_keeps_prices_until_they_are_read_out(before: Scene) -> None:
    _, content, _ = get(before, before.world.clerk, PLACE + "/table.csv")
    _, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == len(before.world.bidder)
    assert {row[3] for row in rows} == {""}


def test_a_table_is_also_a_workbook(before: Scene) -> None:
    status, content, _ = get(before, before.bidder, PLACE + "/table.xlsx")
    assert status == 200
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "xl/worksheets/sheet1.xml" in names


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(evil: str) -> None:
    (row,) = list(csv.reader(io.StringIO(as_csv([[evil, 1]]).decode("utf-8-sig"), newline="")))
    assert row == ["'" + evil, "1"]
    book = zipfile.ZipFile(io.BytesIO(as_xlsx([[evil]], "t")))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_verifier_tells_its_numbered_checks_to_whoever_may_have_the_export(
    before: Scene,
) -> None:
    path = f"/api/projects/{PROJECT}/verification"
    seat = tender.headers(before.world.supervisor)
    told = before.http.post(path, headers=seat, json={}).json()
    assert list(told["checks"])[:2] == ["V0", "V1"]
    assert told["checks"]["V0"]["passed"] > 0
    assert told["size"] > 0
    refused = before.http.post(path, headers=tender.headers(before.bidder), json={})
    assert refused.json()["code"] == "web.record_not_yet"


def test_what_was_found_is_told_in_the_visitors_language() -> None:
    report = Report()
    report.need("V5.A6", 7, False, "a proof that holds", "none")
    report.need("V10.4", 7, False, "a", "b")
    report.skip("V5.A8", 9, "its sealed file is not in the export")
    report.hide(3)
    report.need("V6.3", 11, False, 3, 2, hideable=True)
    told = in_words("zh-CN", grouped(report.told()))
    assert told["findings"][0]["what"] == "密封者的证明成立"
    rests, missing, hidden = told["not_checked"]
    assert rests["why"] == "此项以 V5.A6 为前提，而后者未成立：密封者的证明成立"
    assert missing["why"] == "导出文件中没有此项所需的内容"
    assert hidden["why"] == "此项可能取决于未向您开放的记录"
    assert (
        in_words("en", grouped(report.told()))["findings"][0]["what"] == "the sealer's proof holds"
    )


def test_the_verifier_is_not_run_again_and_again(before: Scene) -> None:
    path = f"/api/projects/{PROJECT}/verification"
    seat = tender.headers(before.world.custodians[1])
    statuses = [before.http.post(path, headers=seat, json={}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_a_supervisor_sees_the_tiles_of_its_projects_and_nobody_elses(before: Scene) -> None:
    mine = before.http.get("/supervisor", headers=tender.headers(before.world.supervisor)).text
    assert f"/projects/{PROJECT}/hall/{SECTION}-1" in mine
    other = before.http.get("/supervisor", headers=tender.headers(before.world.clerk)).text
    assert PROJECT not in other


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_checks_acts_and_fields_have_their_words(language: texts.Language) -> None:
    told = texts.sentences(language)
    wanted = {f"check V{number}" for number in range(20)}
    wanted |= {f"field price.{name}" for name in ("amount", "currency", "unit", "rate", "capitals")}
    wanted |= {f"field {name}" for name in BidForm.__slots__ if name not in {"v", "extra"}}
    wanted |= {f"refused {code}" for code in ("bids.late", "bids.closed", "message.signature")}
    assert wanted - told.keys() == set()
