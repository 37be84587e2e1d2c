"""Reports as PDF: archival, the same every time, with their facts inside, and never markup."""

import json
from pathlib import Path
from typing import Any

import pytest

from crypto import canonical
from evaluation.commands import CloseReview
from evaluation.report_facts import facts as facts_of
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.marks import scored_items
from tests.needs import chinese_font
from tests.opening.world import DEADLINE, SECTION
from tests.project.remarking import drop, order, remarked
from tests.project.sitting import Sitting, expert
from tests.project.whole import Whole
from tests.verifier.evaluated import evaluated_twice, lacking
from tests.web import pdfs
from web.minutes import FontsMissing
from web.report_pdf import render
from web.settings import Settings

FONTS = Settings().fonts_dir
LONG = "中国某某建设工程集团第四工程局有限责任公司与某某勘察设计研究院联合体"
HOSTILE = '#panic("typst") $x$ *bold* @ref <label> // comment'


def judged(family: str) -> Sitting:
    """Return a committee that marked three bids of four.

    A member was replaced, the last bid was rejected, and there was a vote on the first.
    """
    world = Whole(bidders=4, rule=LIBRARY[family]).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = DEADLINE
    world.serve()
    world.session()
    sitting = Sitting(world, tenderers=1).bind().convene()
    sitting.stand_aside(5)
    sitting.replace(5)
    for seat in sitting.people:
        sitting.sit(seat, ("某某勘察院（曾任职）", "某某设计院") if seat == 2 else ())
    sitting.elect(3)
    first, *_, last = sitting.bids
    for seat in sitting.people:
        for bid in sitting.bids:
            doubted = bid == first and seat > 3
            sitting.review(seat, bid, ("name",) if bid == last or doubted else ())
    sitting.vote(first, "name", passing=3)
    sitting.act(sitting.chair, CloseReview, rejected={last: "unqualified"})
    return sitting.marked()


def told(sitting: Sitting) -> bytes:
    return facts_of(sitting.world.state, sitting.found, sitting.rule)


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    chinese_font()


@pytest.fixture(scope="module")
def world() -> Whole:
    return judged("lowest_price").world


@pytest.fixture(scope="module")
def facts(world: Whole) -> bytes:
    return told(Sitting(world))


@pytest.fixture(scope="module")
def pdf(world: Whole, facts: bytes) -> bytes:
    return render(facts, world.whole, FONTS)


def seen(world: Whole, facts: bytes, **changes: Any) -> str:
    """Return what a reader sees of a report some of whose facts are others."""
    changed = {**json.loads(facts), **changes}
    return pdfs.text(render(canonical.dumps(changed), world.whole, FONTS))


def test_a_report_is_archival_and_carries_its_facts(pdf: bytes, facts: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.7")
    assert pdfs.is_archival(pdf)
    assert pdfs.has_attached(pdf, facts)
    assert not pdfs.has_attached(pdf, facts + b" ")


def test_the_same_facts_give_the_same_bytes(world: Whole, pdf: bytes, facts: bytes) -> None:
    assert render(facts, world.whole, FONTS) == pdf


def test_it_tells_who_sat_where_and_who_left(pdf: bytes) -> None:
    text = pdfs.text(pdf)
    for name in (expert(1).name, f"{expert(3).name}（组长）", expert(105).name, "评标一室"):
        assert name in text, name
    assert text.count("招标人代表") == 1
    assert "某某勘察院（曾任职）；某某设计院" in text
    assert "退出的成员" in text
    assert expert(5).name in text
    assert "与投标人有利害关系" in text


def test_it_tells_what_was_reviewed_and_how_the_committee_voted(pdf: bytes) -> None:
    text = pdfs.text(pdf)
    assert "投标人名称与营业执照一致：不通过" in text
    assert "投标人不符合国家或者招标文件规定的资格条件" in text
    assert text.count("10项全部通过") == 3
    assert "1、2、3" in text
    assert "4、5" in text


def test_it_tells_every_mark_and_every_sum(pdf: bytes, facts: bytes) -> None:
    text = pdfs.text(pdf)
    for bid in json.loads(facts)["outcome"]["sheet"]["by_bid"]:
        for step in bid["steps"]:
            assert "".join(step["formula"].replace(" x ", "×").split()) in text, step
            assert step["value"] in text, step
    for bid in json.loads(facts)["marks"]:
        for item in bid["items"]:
            assert "".join(one["mark"] for one in item["marks"]) in text, item


def test_it_names_candidates_and_whoever_has_no_place(pdf: bytes) -> None:
    text = pdfs.text(pdf)
    for number in (1, 2, 3):
        assert f"第{number}中标候选人" in text
    assert "初步评审被否决" in text
    assert "没有要求投标人澄清" in text


def test_what_is_found_again_is_told(world: Whole, facts: bytes) -> None:
    bids = [row["bid"] for row in json.loads(facts)["review"]]
    outcome = json.loads(facts)["outcome"]
    outcome["to_ask"] = [bids[0]]
    outcome["to_draw"] = [bids[1:3]]
    outcome["findings"] = [
        {"kind": "outlier", "bid": bids[1], "about": "technical", "member": "4"},
        {"kind": "objective_differs", "bid": bids[2], "about": "parameters"},
    ]
    outcome["invalid"] = [{"bid": bids[2], "why": "above_limit"}]
    text = seen(world, facts, outcome=outcome, unpriced=[{"bid": bids[1], "why": "not_opened"}])
    assert "报价可能低于成本" in text
    assert "总评分畸高或畸低（技术，4号席位）" in text.replace("、", "，")
    assert "客观分不一致（技术参数响应）" in text
    assert "并列，须抽签确定先后" in text
    assert "报价高于最高投标限价" in text
    assert "未开启" in text


def test_it_tells_what_bidders_were_asked_and_what_became_of_it(world: Whole, facts: bytes) -> None:
    bids = [row["bid"] for row in json.loads(facts)["review"]]
    asked: dict[str, Any] = {"clarification": "ab" * 16, "bid": bids[0], "question": HOSTILE}
    judged = [{"seat": str(seat), "accepts": seat != 4} for seat in range(1, 5)]
    told = {"status": "accepted", "answer": "工期按定额计算", "judged": judged}
    silent = {"bid": bids[1], "question": "请说明依据", "status": "expired", "judged": []}
    text = seen(world, facts, clarifications=[asked | told, asked | silent])
    assert "".join(HOSTILE.split()) in text
    assert "工期按定额计算" in text
    assert "已采纳（采纳：1、2、3；不采纳：4）" in text
    assert "没有答复。" in text
    assert "逾期未答复" in text
    assert "没有要求投标人澄清" not in text


def test_a_rule_that_could_not_be_applied_says_why_and_ranks_nobody(
    world: Whole, facts: bytes
) -> None:
    bid = json.loads(facts)["review"][0]["bid"]
    text = seen(world, facts, outcome={"impossible": "price_zero", "about": [bid]})
    assert "报价为零或以下，无法按比例计算（Bidder-1有限公司）" in text
    assert "中标候选人" not in text
    assert "计算过程" not in text


def test_a_section_without_competition_says_that_all_bids_are_rejected(
    world: Whole, facts: bytes
) -> None:
    bids = [row["bid"] for row in json.loads(facts)["review"]][:2]
    text = seen(world, facts, outcome={"impossible": "competition_lacking", "about": bids})
    assert "否决所有投标有效投标不足三个且明显缺乏竞争" in text
    assert "无法按评分办法得出结果" not in text
    assert "中标候选人" not in text


def test_what_is_said_of_few_bids_stands_on_one_page_with_its_table_and_no_marks_follow() -> None:
    world = lacking()
    found = world.whole.evaluation.evaluations[SECTION]
    rule = world.whole.evaluation.rules[SECTION]
    pages = pdfs.pages(render(facts_of(world.state, found, rule), world.whole, FONTS))
    (page,) = [one for one in pages if "竞争性判断" in one]
    assert "报价有差异" in page
    assert not any("各成员评分" in one for one in pages)


def test_thirty_bids_with_long_names_and_eleven_seats_fit(world: Whole, facts: bytes) -> None:
    changed = json.loads(facts)
    review, marks, outcome = changed["review"], changed["marks"], changed["outcome"]
    own = outcome["sheet"]["by_bid"][0]["steps"]
    names = {f"{number:032x}": f"{LONG}（{number}）" for number in range(30)}
    changed["members"] = [
        {**changed["members"][0], "seat": str(seat), "name": "欧阳某某"} for seat in range(1, 12)
    ]
    changed["review"] = [{**review[0], "bid": bid, "name": name} for bid, name in names.items()]
    changed["marks"] = [{**marks[0], "bid": bid} for bid in names]
    outcome["places"] = [{**outcome["places"][0], "bid": bid} for bid in names]
    outcome["sheet"]["by_bid"] = [{"bid": bid, "steps": own} for bid in names]
    changed["votes"] = []
    text = pdfs.text(render(canonical.dumps(changed), world.whole, FONTS))
    for number in range(30):
        assert text.count(f"（{number}）") >= 4, number
    assert "11" in text


@pytest.mark.parametrize("family", ["evaluated_price", "coefficient"])
def test_bids_that_are_ranked_by_a_price_show_it_and_no_points(family: str) -> None:
    sitting = judged(family)
    text = pdfs.text(render(told(sitting), sitting.world.whole, FONTS))
    assert "排序价" in text
    assert "价格分" not in text


def test_a_drawn_value_is_told(world: Whole, facts: bytes) -> None:
    said = seen(world, facts, drawn="0.97")
    assert "抽取的系数" in said
    assert "0.97" in said


def test_prices_of_a_second_envelope_are_told_of_whoever_was_let_through() -> None:
    sitting = Sitting(evaluated_twice())
    text = pdfs.text(render(told(sitting), sitting.world.whole, FONTS))
    assert text.count("技术得分低于最低要求") == 1
    for bid in json.loads(told(sitting))["outcome"]["places"]:
        price = int(bid["price"])
        assert f"CNY{price // 100:,}.{price % 100:02d}" in text


def test_whatever_people_wrote_stands_there_as_text(world: Whole, facts: bytes) -> None:
    gone = [{"seat": "5", "account": expert(5).account, "reason": HOSTILE + "\u202e\x1b👩"}]
    text = seen(world, facts, gone=gone)
    assert "".join(HOSTILE.split()) in text
    assert "[U+202E]" in text


def test_a_machine_without_chinese_fonts_is_told_which_package_it_lacks(
    world: Whole, facts: bytes, tmp_path: Path
) -> None:
    with pytest.raises(FontsMissing, match="fonts-noto-cjk"):
        render(facts, world.whole, tmp_path)


def test_it_tells_what_was_marked_again_and_what_came_of_it(pdf: bytes) -> None:
    sitting = judged("lowest_price")
    sitting.draw_up()
    sitting.signed()
    former = sitting.found.report.facts
    first, second = sitting.found.review.valid[:2]
    items = [item.item for _, item in scored_items(sitting.rule)][:2]
    mark = next(item.lowest for _, item in scored_items(sitting.rule))
    cells = [(first, items[0]), (second, items[1])]
    order(sitting, cells, ground="objective", reason="客观分不一致，请复核。")
    drop(sitting, "成员住院。")
    order(sitting, cells, reason="技术方案评分畸高，请复核。")
    remarked(sitting, {cells[0]: mark}, 2)
    text = pdfs.text(render(told(sitting), sitting.world.whole, FONTS))
    for words in (
        "第 1 次复评",
        "成员对客观评审因素评分不一致",
        "该次复评已撤销，未改动任何评分。理由：成员住院。",
        "第 2 次复评",
        "理由：技术方案评分畸高，请复核。",
        "改动评分 1 项，其余维持原评分。",
        "没有改动",
        mark,
        former,
    ):
        assert "".join(words.split()) in "".join(text.split()), words
    assert "复评" not in pdfs.text(pdf)
