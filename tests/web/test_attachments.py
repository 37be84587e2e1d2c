"""Attachments of bidders' answers over a real service: what is taken, who may have it, what stays."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from evaluation.attachments import LARGEST, MOST
from evaluation.commands import AnswerClarification, CheckAnswer, JudgeAnswer
from evaluation.events import ClarificationExpired
from evaluation.messages import Attached
from project.commands import TerminateSection
from record.desk import Desk as RecordDesk
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.project.whole import RULES
from tests.record.test_plans import listening
from tests.web.scene import Scene, going_on, scene
from tests.web.tender import Tender, headers
from web.attachment_files import UNUSED
from web.attachments import drop_unused

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
TEXT = "工期以进度计划为准。\r\n".encode()
AT = f"/api/projects/{PROJECT}/sections/{SECTION}/clarifications"


def asked(world: Tender) -> tuple[Sitting, str]:
    """Bring a tender to a question that is out to a bidder."""
    world.open_up()
    world.all_opened()
    sitting = Sitting(world).quorate()
    world.experts = list(sitting.people.values())
    return sitting, sitting.ask(sitting.bids[0], "请说明工期。")


@dataclass
class Desk:
    """A service in whose evaluation a question is out, and who acts there."""

    scene: Scene
    sitting: Sitting
    question: str
    count: int = 0

    @property
    def bidder(self) -> Party:
        return self.sitting.asked(self.question)

    @property
    def other(self) -> Party:
        return next(one for one in self.scene.world.bidder.values() if one != self.bidder)

    @property
    def where(self) -> str:
        return f"{AT}/{self.question}/attachments"

    @property
    def folder(self) -> Path:
        return self.scene.folder / "attachments" / self.question

    def bring(self, content: bytes, who: Party | None = None) -> httpx.Response:
        told = headers(who or self.bidder)
        return self.scene.http.post(self.where, content=content, headers=told)

    def fetch(self, sha256: str, who: Party) -> httpx.Response:
        return self.scene.http.get(f"{self.where}/{sha256}", headers=headers(who))

    def act(self, who: Party, command: Any) -> httpx.Response:
        self.count += 1
        path = f"/api/projects/{PROJECT}/commands"
        told = headers(who, idempotency_key=f"attach-{self.count}")
        return self.scene.http.post(path, json=command.model_dump(mode="json"), headers=told)

    def answer(self, *attached: dict[str, Any]) -> httpx.Response:
        files = tuple(Attached(**one) for one in attached)
        message = self.sitting.answered(self.question, attachments=files)
        return self.act(self.bidder, AnswerClarification(section=SECTION, message=message))

    def check(self, returned: str | None = None) -> None:
        command = CheckAnswer(section=SECTION, clarification=self.question, returned=returned)
        assert self.act(self.scene.world.supervisor, command).status_code == 200

    def kept(self) -> set[str]:
        return {one.name for one in self.folder.iterdir()} if self.folder.exists() else set()

    def own(self) -> dict[str, Any]:
        told = self.scene.http.get(AT, headers=headers(self.bidder)).json()
        found: dict[str, Any] = told["items"][0]
        return found


def named(name: str, content: bytes, **changes: Any) -> dict[str, Any]:
    """Return what an answer says of a file."""
    about = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {**about, **changes}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    world = Tender(rule=RULE)
    sitting, question = asked(world)
    with scene(tmp_path, world) as made:
        yield Desk(made, sitting, question)


def refused(answer: httpx.Response, code: str) -> str:
    """Check which refusal it is and return its words."""
    assert answer.status_code in {404, 409, 422}, answer.text
    told = answer.json()
    assert told["code"] == code
    return str(told["detail"])


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, "pdf"), (PNG, "png"), (JPEG, "jpeg"), (TEXT, "text")]
)
def test_each_kind_is_told_by_its_bytes_and_kept_by_its_hash(
    desk: Desk, content: bytes, kind: str
) -> None:
    answer = desk.bring(content)
    sha256 = hashlib.sha256(content).hexdigest()
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"size": len(content), "sha256": sha256, "kind": kind}
    assert desk.kept() == {sha256}
    assert (desk.folder / sha256).read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + bytes(60),
        b"MZ\x90\x00",
        "工期".encode("gbk"),
        b"a\x00b",
        TEXT + b"\xff",
    ],
)
def test_what_is_of_no_such_kind_is_refused_and_leaves_nothing(desk: Desk, content: bytes) -> None:
    refused(desk.bring(content), "clarification.attachment_content")
    assert desk.kept() == set()


def test_a_file_that_is_too_large_is_refused_before_it_is_there(desk: Desk) -> None:
    def endless() -> Iterator[bytes]:
        yield PDF
        for _ in range(LARGEST // len(block) + 1):
            yield block

    block = bytes(1 << 20)
    announced = desk.bring(PDF + bytes(LARGEST))
    refused(announced, "clarification.attachment_too_large")
    streamed = desk.scene.http.post(desk.where, content=endless(), headers=headers(desk.bidder))
    refused(streamed, "clarification.attachment_too_large")
    assert desk.kept() == set()


def test_only_so_many_files_are_taken_for_a_question_used_or_not(desk: Desk) -> None:
    for number in range(UNUSED * MOST):
        assert desk.bring(PDF + bytes([number])).status_code == 201
    refused(desk.bring(PDF), "clarification.attachments_full")
    assert len(desk.kept()) == UNUSED * MOST


def test_only_the_bidder_who_is_asked_may_bring_something(desk: Desk) -> None:
    world = desk.scene.world
    assert desk.bring(PDF, desk.other).status_code == 404
    for who in (world.clerk, world.supervisor, desk.sitting.people[1]):
        assert desk.bring(PDF, who).status_code == 404
    assert desk.kept() == set()


def test_twenty_attachments_are_refused_in_words_and_ten_are_not(desk: Desk) -> None:
    contents = [PDF + bytes([number]) for number in range(2 * MOST)]
    for one in contents:
        assert desk.bring(one).status_code == 201
    all_of_them = [named(f"附件 {number}.pdf", one) for number, one in enumerate(contents)]
    said = refused(desk.answer(*all_of_them), "clarification.too_many_attachments")
    assert "10" in said
    assert "20" in said
    assert desk.answer(*all_of_them[:MOST]).status_code == 200
    assert [one["name"] for one in desk.own()["attachments"]] == [
        f"附件 {number}.pdf" for number in range(MOST)
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../答复.pdf", "clarification.attachment_name"),
        ("C:\\答复.pdf", "clarification.attachment_name"),
        (".pdf", "clarification.attachment_name"),
        ("答复.pdf ", "clarification.attachment_name"),
        ("答复\u202efdp.pdf", "clarification.attachment_name"),
        ("答复.html", "clarification.attachment_name"),
        ("答复.png", "clarification.attachment_kind"),
    ],
)
def test_a_name_that_could_mislead_a_system_or_a_person_is_refused(
    desk: Desk, name: str, code: str
) -> None:
    desk.bring(PDF)
    refused(desk.answer(named(name, PDF)), code)
    assert desk.own()["status"] == "sent"


def test_two_files_of_one_name_are_refused(desk: Desk) -> None:
    desk.bring(PDF)
    desk.bring(PNG)
    twice = (named("甲.png", PNG), named("甲.PNG", PNG))
    refused(desk.answer(*twice), "clarification.attachment_twice")


def test_an_answer_is_refused_where_its_attachment_is_missing_or_other_than_told(
    desk: Desk,
) -> None:
    refused(desk.answer(named("甲.pdf", PDF)), "clarification.attachment_missing")
    desk.bring(PDF)
    other_size = named("甲.pdf", PDF, size=len(PDF) + 1)
    refused(desk.answer(other_size), "clarification.attachment_missing")
    (path,) = desk.folder.iterdir()
    path.write_bytes(PDF[:-1] + b"!")
    refused(desk.answer(named("甲.pdf", PDF)), "clarification.attachment_missing")
    too_large = named("甲.pdf", PDF, size=LARGEST + 1)
    refused(desk.answer(too_large), "clarification.attachment_too_large")
    many = [named(f"{n}.pdf", PDF, size=LARGEST) for n in range(3)]
    refused(desk.answer(*many), "clarification.attachments_too_large")


def test_an_attachment_is_fetched_by_those_who_are_shown_the_answer_and_nobody_else(
    desk: Desk,
) -> None:
    world, member = desk.scene.world, desk.sitting.people[1]
    sha256 = desk.bring(PDF).json()["sha256"]
    everybody = (desk.bidder, desk.other, member, world.clerk, world.supervisor)

    def may() -> list[bool]:
        return [desk.fetch(sha256, who).status_code == 200 for who in everybody]

    assert may() == [False] * 5
    assert desk.answer(named("答复 甲.pdf", PDF)).status_code == 200
    assert may() == [True, False, False, False, True]
    desk.check()
    assert may() == [True, False, True, False, True]
    answer = desk.fetch(sha256, member)
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    how, _, name = answer.headers["content-disposition"].split("; ")
    assert how == "attachment"
    assert unquote(name.removeprefix("filename*=UTF-8''")) == "答复 甲.pdf"


def test_what_came_in_before_a_crash_is_whole_or_gone_and_can_be_answered_with(
    tmp_path: Path,
) -> None:
    world = Tender(rule=RULE)
    sitting, question = asked(world)
    with scene(tmp_path, world) as made:
        Desk(made, sitting, question).bring(PDF)
    half = tmp_path / "attachments" / question / ".half"
    half.write_bytes(PDF[:10])
    with going_on(tmp_path, world) as again:
        desk = Desk(again, sitting, question)
        assert desk.kept() == {hashlib.sha256(PDF).hexdigest()}
        assert desk.answer(named("甲.pdf", PDF)).status_code == 200
        assert desk.own()["attachments"] == [named("甲.pdf", PDF)]


def test_unused_files_of_a_question_that_ended_are_swept_and_those_on_the_record_stay(
    desk: Desk,
) -> None:
    used, unused = desk.bring(PDF).json()["sha256"], desk.bring(PNG).json()["sha256"]
    desk.answer(named("甲.pdf", PDF))
    desk.check(returned="没有回答所提的问题")
    services = desk.scene.service.services
    assert desk.scene.service.do(drop_unused(services)) == 0
    assert desk.kept() == {used, unused}
    desk.scene.service.clock.advance(60 * 60_000)
    desk.scene.wait_for(ClarificationExpired)
    desk.scene.service.do(drop_unused(services))
    assert desk.kept() == {used}


def test_what_was_brought_to_a_section_that_is_ended_is_swept_and_nothing_more_is_taken(
    desk: Desk,
) -> None:
    desk.bring(PDF)
    end = TerminateSection(section=SECTION, reason="资金未落实")
    assert desk.act(desk.scene.world.clerk, end).status_code == 200
    refused(desk.bring(PNG), "opening.terminated")
    assert desk.scene.service.do(drop_unused(desk.scene.service.services)) == 1
    assert desk.kept() == set()


def test_what_comes_in_while_its_question_is_swept_is_refused_in_words(desk: Desk) -> None:
    end = TerminateSection(section=SECTION, reason="资金未落实")

    def coming() -> Iterator[bytes]:
        yield PDF
        while not desk.kept():
            continue
        assert desk.act(desk.scene.world.clerk, end).status_code == 200
        assert desk.scene.service.do(drop_unused(desk.scene.service.services)) == 1
        yield PDF

    told = headers(desk.bidder)
    answer = desk.scene.http.post(desk.where, content=coming(), headers=told)
    refused(answer, "opening.terminated")
    assert desk.kept() == set()


def test_nothing_is_taken_for_an_answer_once_the_report_is_drawn_up(tmp_path: Path) -> None:
    world = Tender(rule=RULE)
    sitting, _ = asked(world)
    out, *_ = sitting.bids
    question = next(iter(sitting.found.clarifications))
    sitting.reviewed({out: "unqualified"}).judge_competition(lacking=5)
    sitting.draw_up()
    with scene(tmp_path, world) as made:
        desk = Desk(made, sitting, question)
        refused(desk.bring(PDF), "report.bidders_asked")


def test_sweeping_reads_no_record_in_which_nothing_waits_for_it(tmp_path: Path) -> None:
    world = Tender(rule=RULE)
    sitting, question = asked(world)
    with scene(tmp_path, world) as made:
        desk = Desk(made, sitting, question)
        desk.bring(PDF)
        desk.answer(named("甲.pdf", PDF))
        assert read_by_sweeping(made) > 0
        desk.check()
        for seat in (1, 2, 3):
            judged = JudgeAnswer(section=SECTION, clarification=question, accepts=True)
            assert desk.act(sitting.people[seat], judged).status_code == 200
        assert read_by_sweeping(made) > 0
        assert desk.kept() == {hashlib.sha256(PDF).hexdigest()}
        assert read_by_sweeping(made) == 0


def read_by_sweeping(made: Scene) -> int:
    """Sweep as a service does that has read no record yet; return how often it reads one."""
    services = made.service.services
    anew = replace(services, desk=RecordDesk(services.store, lambda _: RULES))
    with listening() as asked:
        made.service.do(drop_unused(anew))
    return sum("FROM entries" in statement for statement, _ in asked)
