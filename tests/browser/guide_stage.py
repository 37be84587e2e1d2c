"""The scenes of the guides' pictures: one tender, told in Chinese and in English, at five moments."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from client import keys
from crypto import kit
from opening.commands import OpenWindow, ReadOut
from opening.events import MinutesDrawnUp
from opening.messages import Periods, Timekeeper
from opening.participants import ParticipantBound
from opening.terms import TermsSet
from project.commands import AddDocument, AnswerQuestion, AskQuestion, PublishNotice
from project.events import ProjectCreated
from project.notice import expected_notice
from project.sections import StoredDocument
from record.events import Actor, Event
from record.rules import Command, Facts
from tests.browser.conftest import put
from tests.browser.shown import Shown
from tests.browser.stage import LEADERS, OFFERS, REMEDY, Named, Stage
from tests.opening.bidding import package
from tests.opening.parties import Party, p256, seeded
from tests.opening.world import BEGIN, HOUR, SECTION, SERVICE
from tests.waiting import wait_for
from tests.web.witness import SIGNER, witnessing
from web.clock import SetClock
from web.keys import load_keys
from web.texts import Language

DAY = 24 * HOUR
DEADLINE = BEGIN + 45 * DAY - 6 * HOUR - HOUR // 2
"""The first of March 2027, half past nine in the morning."""
PASSPHRASE = "北风 吹雁 雪纷纷 1234"
ENGLISH = {
    "林静": "Lin Jing",
    "公正招标代理有限公司": "Gongzheng Tendering Agency Ltd.",
    "周正": "Zhou Zheng",
    "滨河市公共资源交易监督管理局": "Binhe City Bureau of Procurement Supervision",
    "时间见证": "Timekeeper",
    "国家授时服务中心滨河站": "National Time Service, Binhe Station",
    "陈向东": "Chen Xiangdong",
    "滨河市公证处": "Binhe Notary Office",
    "赵敏": "Zhao Min",
    "滨河银行股份有限公司": "Bank of Binhe",
    "吴国华": "Wu Guohua",
    "滨河市律师协会": "Binhe Bar Association",
    "刘洋": "Liu Yang",
    "长江路桥建设集团有限公司": "Changjiang Road and Bridge Group",
    "孙莉": "Sun Li",
    "北方市政工程股份有限公司": "Northern Municipal Works",
    "马超": "Ma Chao",
    "华城交通建设有限公司": "Huacheng Transport Construction",
    "何晓": "He Xiao",
    "新滨建筑工程有限责任公司": "Xinbin Building Works",
    "滨河路（解放桥至体育中心段）改造工程施工": "Binhe Road, Liberation Bridge to Sports Centre: works",
    "滨河市交通运输局": "Binhe City Transport Bureau",
    "第一标段 道路与桥梁工程": "Section 1: road and bridge works",
    "招标文件 正文": "Tender documents",
    "招标文件 正文.pdf": "tender documents.pdf",
    "工程量清单": "Bill of quantities",
    "工程量清单.xlsx": "bill of quantities.xlsx",
    "施工图纸": "Drawings",
    "施工图纸.zip": "drawings.zip",
    "工期是否包含冬季停工期？": "Does the time limit include the winter break?",
    "工期按日历天计算，含冬季停工期，具体见招标文件第 3.2 款。": (
        "It counts calendar days and includes the winter break; see clause 3.2."
    ),
    "抽取评标基准价下浮系数": "Coefficient for the base price of the evaluation",
    "华城公司报价超过最高投标限价，请说明如何处理。": (
        "The price of Huacheng is above the limit. What follows from it?"
    ),
    "已记录。是否否决由评标委员会依招标文件评审，开标现场不作结论。": (
        "Noted. Whether the bid is rejected is for the evaluation committee to decide."
    ),
    REMEDY: (
        "If fewer than the needed custodians can act, the bids stay sealed and go back to the "
        "bidders, and the tenderer tenders anew.\n"
        "The same holds when the timekeeper's share is lost."
    ),
    "合格": "Qualified",
    "银行保函": "Bank guarantee",
    "王建国": "Wang Jianguo",
    "李卫东": "Li Weidong",
    "张海涛": "Zhang Haitao",
    "黄志强": "Huang Zhiqiang",
}
BEGUN = "begun"
"""The command that makes a project and binds its clerk."""
DOCUMENTS = ("招标文件 正文.pdf", "工程量清单.xlsx", "施工图纸.zip")

C = TypeVar("C", Command, Event)


@dataclass(frozen=True)
class Told(Named):
    """A party whose name is told in a language; a custodian may hold a kit of its own."""

    language: Language = field(kw_only=True)
    held: kit.Kit | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        return said(self.language, super().name)

    @property
    def organisation_name(self) -> str:
        return said(self.language, super().organisation_name)

    @property
    def master(self) -> bytes:
        return super().master if self.held is None else self.held.master

    def timekeeper(self) -> Timekeeper:
        return Timekeeper(name=self.name, key=self.spki, witness=SIGNER.verifier.encode())


@dataclass
class Scene(Stage):
    """The tender of the guides; its second custodian's kit can be opened in a browser."""

    language: Language = "zh-CN"
    deadline: int = DEADLINE

    def __post_init__(self) -> None:
        super().__post_init__()
        self.clerk, self.timekeeper = self.named(self.clerk), self.named(self.timekeeper)
        self.supervisor = self.named(self.supervisor)
        first, second, third = (self.named(one) for one in self.custodians)
        held = kit.Kit(seeded("a kit"), keys.pkcs8(p256(second.account)), ())
        key = keys.from_pkcs8(held.identity)
        opened = Told(second.account, second.role, key, language=self.language, held=held)
        self.custodians = (first, opened, third)
        self.bidder = {number: self.named(one) for number, one in self.bidder.items()}

    def named(self, one: Party) -> Told:
        return Told(one.account, one.role, one.key, language=self.language)

    def person(self, account: str) -> Party:
        return next(one for one in self.people if one.account == account)

    def say(self, text: str) -> str:
        return said(self.language, text)

    def happened(self, event: Any, actor: Actor = SERVICE, command: str = "") -> Any:
        if isinstance(event, MinutesDrawnUp):
            # a hash that looks like one
            event = event.model_copy(update={"pdf": seeded("minutes").hex()})
        if isinstance(event, TermsSet):
            actor = self.clerk.actor
        if isinstance(event, ParticipantBound):
            actor = Actor(event.account) if event.role == "bidder" else self.clerk.actor
            command = BEGUN if event.role == "clerk" else command
        return super().happened(_told(self.language, event), actor, command)

    def do(
        self,
        actor: Actor,
        command: Command,
        facts: Facts | None = None,
        checked: object | None = None,
    ) -> tuple[Event, ...]:
        return super().do(actor, _told(self.language, command), facts, checked)

    def terms(self, **changes: Any) -> TermsSet:
        asked = {"question_deadline": self.deadline - 10 * DAY, "periods": Periods()}
        self.changes = {**asked, **self.changes}
        return super().terms(**changes)

    def drafted(self) -> Self:
        """Terms, people and documents stand; no ceremony was started."""
        created = ProjectCreated(
            number="BHZB-2027-0018",
            title="滨河路（解放桥至体育中心段）改造工程施工",
            tenderer="滨河市交通运输局",
            agency=self.say("公正招标代理有限公司"),
            currency="CNY",
        )
        self.happened(created, self.clerk.actor, BEGUN)
        self.bind(one for one in self.people if one.role != "bidder")
        self.terms()
        for number, name in enumerate(DOCUMENTS, 1):
            stored = StoredDocument(1_834_221 * number, seeded(name).hex())
            title = name.rpartition(".")[0]
            named = AddDocument(title=title, name=name, size=stored.size, sha256=stored.sha256)
            self.do(self.clerk.actor, named, checked=stored)
        return self

    def ceremonial(self) -> Self:
        """A ceremony runs; the first custodian and the timekeeper have joined."""
        self.drafted()
        sid = self.start()
        for i in (0, 1):
            self.join(sid, i)
        return self

    def keyed(self) -> Self:
        """The key is made, the notice can be published."""
        self.drafted()
        self.ceremony()
        return self

    def open_up(self) -> Self:
        self.keyed()
        notice = expected_notice(self.whole, self.say(REMEDY))
        self.do(self.clerk.actor, PublishNotice(message=self.clerk.sign(notice)))
        self.bind(self.bidder.values())
        text = "工期是否包含冬季停工期？"
        self.do(self.bidder[2].actor, AskQuestion(section=SECTION, text=text))
        (question,) = self.whole.questions
        answer = "工期按日历天计算，含冬季停工期，具体见招标文件第 3.2 款。"
        self.do(self.clerk.actor, AnswerQuestion(question=question, text=text, answer=answer))
        return self

    def rehearsed(self) -> Self:
        """Bids are taken; two of the three custodians have rehearsed."""
        self.open_up()
        for i in (1, 3):
            self.rehearse(self.state.keys[SECTION, 1], i)
        return self

    def offer(self, bidder: int) -> bytes:
        offer, who = OFFERS[bidder], self.bidder[bidder]
        form = {
            "v": 1,
            "bidder": who.organisation_name,
            "price": {"amount": offer["amount"], "currency": "CNY", "capitals": offer["capitals"]},
            "security": {"given": True, "amount": 800_000_00, "form": self.say("银行保函")},
            "quality": self.say("合格"),
            "duration_days": offer["days"],
            "leader": self.say(LEADERS[bidder]),
        }
        content = json.dumps(form, ensure_ascii=False).encode()
        return package(content, {"投标 文件.pdf": b"%PDF-1.7 " + str(bidder).encode()})

    def confirming(self) -> Self:
        """All is read out and drawn; the bidders are to confirm their lines."""
        self.reading()
        self.do(self.clerk.actor, ReadOut(section=SECTION, envelope=1))
        self.drawn()
        self.do(self.clerk.actor, OpenWindow(section=SECTION, envelope=1, window="confirm"))
        return self


@contextmanager
def served(scene: Scene | None, folder: Path) -> Iterator[Shown]:
    """Run the service of a scene, or an empty one, cosigned at the scene's own time."""
    now = BEGIN if scene is None else scene.now
    data = folder / "data" if scene is None else put(scene, folder / "data")
    with witnessing() as (witness, url):
        witness.seconds = now // 1000
        told: dict[str, Any] = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        service = Shown(data, SetClock(now), **told, witness_patience=5000)
        log = load_keys(data / "keys", service.app.state.settings.log_origin).log
        # known before the start, so that the timekeeper is never away
        witness.log = log.verifier
        with service:
            if scene is not None:
                wait_for(lambda: _is_cosigned(service))
            yield service


def _is_cosigned(service: Shown) -> bool:
    """Tell whether the timekeeper has seen all of the log."""
    told = httpx.get(f"{service.url}/api/log/checkpoint", trust_env=False)
    return told.status_code == httpx.codes.OK


def kit_file(service: Shown, held: kit.Kit, folder: Path) -> Path:
    """Write a kit for a service, as the command line does."""
    told = httpx.get(f"{service.url}/api/log/keys", trust_env=False).json()
    note = httpx.get(f"{service.url}/api/log/checkpoint", trust_env=False).text
    origin = kit.Origin(told["log"], told["witness"], note)
    path = folder / "kit.age"
    path.write_bytes(kit.lock(kit.Kit(held.master, held.identity, (origin,)), PASSPHRASE))
    return path


def said(language: Language, text: str) -> str:
    """Return a text of the tender in a language."""
    return ENGLISH.get(text, text) if language == "en" else text


def _told(language: Language, what: C) -> C:
    """Return a command or an event with the tender's own texts in a language."""
    texts = {name: text for name, text in what if isinstance(text, str) and text in ENGLISH}
    if language != "en" or not texts:
        return what
    return what.model_copy(update={name: ENGLISH[text] for name, text in texts.items()})
