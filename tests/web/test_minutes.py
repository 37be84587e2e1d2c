"""Minutes as PDF: archival, the same every time, with their facts inside, and never markup."""

import hashlib
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crypto import canonical
from opening.commands import AnswerObjection, PauseSession, RaiseObjection, ResumeSession, SignIn
from opening.events import ObjectionRaised
from opening.facts import facts
from tests.needs import chinese_font
from tests.opening.parties import ed25519
from tests.opening.world import FIRST, HOUR, SECTION
from tests.verifier.stories import hand_over
from tests.web import pdfs
from tests.web.tender import Tender
from web.minutes import FontsMissing, money, render
from web.settings import Settings

FONTS = Settings().fonts_dir
HOSTILE = (
    '#panic("typst")',
    '#read("/etc/passwd") $x^2$ *bold* _it_ `code` @ref <label> // comment',
    '<script>alert("html")</script><!-- -->',
    "= Heading\\ #h(1fr) #box[]",
    '"; drop table bids; --',
    "مرحبا بالعالم \u05e9\u05dc\u05d5\u05dd",
    "投标人「甲」；（乙）— 壹佰圆整",
    "x" * 900,
    "字" * 300,
)


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    chinese_font()


@pytest.fixture(scope="module")
def world() -> Tender:
    made = Tender(changes={"title": '第一标段 #panic("x") <b>'}).open_up()
    for bidder in made.bidder:
        made.bid(bidder)
    made.now = made.deadline
    made.serve()
    made.reads_out()
    place = {"section": SECTION, "envelope": 1}
    made.do(made.clerk.actor, PauseSession.model_validate({**place, "reason": HOSTILE[0]}))
    made.do(made.clerk.actor, ResumeSession.model_validate(place))
    for said in HOSTILE:
        objection = RaiseObjection.model_validate({**place, "text": said})
        (raised,) = made.do(made.bidder[1].actor, objection)
        assert isinstance(raised, ObjectionRaised)
        answer = AnswerObjection(objection=raised.objection, answer=said)
        made.do(made.clerk.actor, answer)
    return made


@pytest.fixture(scope="module")
def told(world: Tender) -> bytes:
    return facts(world.state, FIRST)


@pytest.fixture(scope="module")
def pdf(world: Tender, told: bytes) -> bytes:
    return render(told, world.whole, FONTS)


def test_minutes_are_archival_and_carry_their_facts(pdf: bytes, told: bytes) -> None:
    assert pdf.startswith(b"%PDF-1.7")
    assert pdfs.is_archival(pdf)
    assert pdfs.has_attached(pdf, told)
    assert not pdfs.has_attached(pdf, told + b" ")


def test_the_same_facts_give_the_same_bytes(world: Tender, pdf: bytes, told: bytes) -> None:
    assert hashlib.sha256(render(told, world.whole, FONTS)).digest() == hashlib.sha256(pdf).digest()


def test_other_facts_give_other_bytes(world: Tender, pdf: bytes, told: bytes) -> None:
    changed = {**json.loads(told), "objections": []}
    assert render(canonical.dumps(changed), world.whole, FONTS) != pdf


def test_whatever_people_wrote_stands_there_as_text(pdf: bytes) -> None:
    seen = pdfs.text(pdf)
    assert '第一标段#panic("x")<b>' in seen
    for said in HOSTILE[:5]:
        assert "".join(said.split()) in seen
    assert "x" * 900 in seen.replace("\u200b", "")
    assert seen.count("字") >= 600


def test_minutes_show_who_bid_and_for_how_much(pdf: bytes, world: Tender) -> None:
    seen = pdfs.text(pdf)
    for number, bidder in world.bidder.items():
        assert bidder.organisation_name.replace(" ", "") in seen
        assert money(1_000_000_00 + number) in seen
    assert world.state.keys[FIRST].key_id[:20] in seen


@pytest.mark.parametrize(
    "text", ["\x00\x01\x1b[31m", "\u202e\u2066evil\u2069", "\ufffe\uffff", "a\r\nb\tc", "👩‍⚖️"]
)
def test_signs_that_no_font_has_stop_nothing(world: Tender, told: bytes, text: str) -> None:
    changed = json.loads(told)
    changed["terms"]["title"] = text
    changed["remarks"] = [{"at": 0, "what": "paused", "reason": text}]
    for bid in changed["bids"]:
        bid["name"] = text
    assert pdfs.is_archival(render(json.dumps(changed).encode(), world.whole, FONTS))


def test_minutes_name_the_released_and_every_change_of_key() -> None:
    world = Tender().open_up()
    world.now = world.deadline - HOUR
    old = world.clerk
    world.do(old.actor, SignIn(section=SECTION, envelope=1, role="clerk"))
    hand_over(world, "deputy")
    new = replace(world.clerk, key=ed25519("new"))
    world.happened(world.clerk.changes_to(new, "密钥遗失。"), world.clerk.actor)
    world.now = world.deadline
    world.serve()
    seen = pdfs.text(render(facts(world.state, FIRST), world.whole, FONTS))
    assert old.name.replace(" ", "") in seen
    assert "签名密钥变更" in seen
    assert "密钥遗失。未经原密钥签名。" in seen


def test_a_session_in_which_nothing_was_opened_has_minutes_too() -> None:
    world = Tender().open_up()
    world.now = world.deadline
    world.serve()
    assert pdfs.is_archival(render(facts(world.state, FIRST), world.whole, FONTS))


def test_a_thousand_bids_take_seconds(world: Tender, told: bytes) -> None:
    changed = json.loads(told)
    changed["bids"] = [many(changed["bids"][0], number) for number in range(1000)]
    begin = time.thread_time()
    pdf = render(canonical.dumps(changed), world.whole, FONTS)
    assert time.thread_time() - begin < 20
    assert pdfs.is_archival(pdf)


def many(bid: dict[str, Any], number: int) -> dict[str, Any]:
    return {**bid, "bid": f"{number:032x}", "name": f"{bid['name']} {number}"}


def test_a_machine_without_chinese_fonts_is_told_which_package_it_lacks(
    world: Tender, told: bytes, tmp_path: Path
) -> None:
    with pytest.raises(FontsMissing, match="fonts-noto-cjk"):
        render(told, world.whole, tmp_path)
