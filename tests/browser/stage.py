"""An opening with people, firms and offers as a trading centre sees them, at any stage one likes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from opening.commands import (
    AnnounceSession,
    AnswerObjection,
    CommitDraw,
    ConfirmLine,
    OpenWindow,
    RaiseObjection,
    ReadOut,
    RevealDraw,
    SealDraw,
    SignIn,
    StartDraw,
)
from opening.drawn import draw_commit
from opening.messages import Periods
from opening.terms import TermsSet
from project.commands import AddDocument, AnswerQuestion, AskQuestion, PublishNotice
from project.events import ProjectCreated
from project.notice import expected_notice
from project.sections import StoredDocument
from record.rules import Facts
from tests.browser.pdf_files import SONG, pdf
from tests.opening.bidding import package
from tests.opening.parties import Party, seeded
from tests.opening.world import FIRST, MINUTE, SECTION, SERVICE
from tests.web.tender import Tender

REMEDY = (
    "密钥保管人不足三名、无法开启时，投标文件保持密封并退回各投标人，招标人依法重新招标；\n"
    "时间见证方的份额丢失时同样办理。"
)
FIRMS = {
    "clerk": ("林静", "公正招标代理有限公司"),
    "supervisor": ("周正", "滨河市公共资源交易监督管理局"),
    "timekeeper": ("时间见证", "国家授时服务中心滨河站"),
    "custodian-1": ("陈向东", "滨河市公证处"),
    "custodian-2": ("赵敏", "滨河银行股份有限公司"),
    "custodian-3": ("吴国华", "滨河市律师协会"),
    "bidder-1": ("刘洋", "长江路桥建设集团有限公司"),
    "bidder-2": ("孙莉", "北方市政工程股份有限公司"),
    "bidder-3": ("马超", "华城交通建设有限公司"),
    "bidder-4": ("何晓", "新滨建筑工程有限责任公司"),
}
OFFERS: dict[int, dict[str, Any]] = {
    1: {"amount": 86_543_210_55, "capitals": "捌仟陆佰伍拾肆万叁仟贰佰壹拾元伍角伍分", "days": 540},
    2: {"amount": 84_999_000_00, "capitals": "捌仟肆佰玖拾玖万玖仟元整", "days": 510},
    3: {"amount": 91_200_000_00, "capitals": "玖仟壹佰贰拾万元整", "days": 525},
    4: {"amount": 87_310_800_00, "capitals": "捌仟柒佰叁拾壹万零捌佰元整", "days": 560},
}
LEADERS = {1: "王建国", 2: "李卫东", 3: "张海涛", 4: "黄志强"}


@dataclass(frozen=True)
class Named(Party):
    """A party with the name of a person and of a firm."""

    @property
    def name(self) -> str:
        return FIRMS[self.account][0]

    @property
    def organisation_name(self) -> str:
        return FIRMS[self.account][1]


@dataclass
class Stage(Tender):
    """One road, four bidders, three custodians; two of them must act."""

    bidders: int = 4
    draws: tuple[str, ...] = ("0.94", "0.95", "0.96", "0.97", "0.98")

    def __post_init__(self) -> None:
        super().__post_init__()

        def named(one: Party) -> Named:
            return Named(one.account, one.role, one.key)

        self.clerk, self.timekeeper = named(self.clerk), named(self.timekeeper)
        self.supervisor = named(self.supervisor)
        self.custodians = tuple(named(one) for one in self.custodians)
        self.bidder = {number: named(one) for number, one in self.bidder.items()}

    def terms(self, **changes: Any) -> TermsSet:
        about = {"title": "第一标段 道路与桥梁工程", "limit": 90_000_000_00, "max_size": 2 << 30}
        return super().terms(**{**about, **changes})

    def begun(self) -> Self:
        """The people are bound and the terms set; no document is there and no ceremony started."""
        created = ProjectCreated(
            number="BHZB-2026-0018",
            title="滨河路（解放桥至体育中心段）改造工程施工",
            tenderer="滨河市交通运输局",
            agency="公正招标代理有限公司",
            currency="CNY",
        )
        self.happened(created, self.clerk.actor)
        self.bind()
        self.terms(periods=Periods(tender=0))
        return self

    def open_up(self) -> "Stage":
        self.begun()
        for number, name in enumerate(("招标文件 正文.pdf", "工程量清单.xlsx", "施工图纸.zip"), 1):
            stored = StoredDocument(1_834_221 * number, seeded(name).hex())
            title = name.rpartition(".")[0]
            command = AddDocument(title=title, name=name, size=stored.size, sha256=stored.sha256)
            self.do(self.clerk.actor, command, checked=stored)
        for envelope in range(1, self.envelopes + 1):
            self.ceremony(envelope)
        notice = expected_notice(self.whole, REMEDY)
        self.do(self.clerk.actor, PublishNotice(message=self.clerk.sign(notice)))
        text = "工期是否包含冬季停工期？"
        self.do(self.bidder[2].actor, AskQuestion(section=SECTION, text="我司询问：" + text))
        (question,) = self.whole.questions
        answer = "工期按日历天计算，含冬季停工期，具体见招标文件第 3.2 款。"
        told = AnswerQuestion(question=question, text=text, answer=answer)
        self.do(self.clerk.actor, told)
        return self

    def offer(self, bidder: int) -> bytes:
        """Return the package of a bidder, with its form."""
        offer = OFFERS[bidder]
        form = {
            "v": 1,
            "bidder": self.bidder[bidder].organisation_name,
            "price": {"amount": offer["amount"], "currency": "CNY", "capitals": offer["capitals"]},
            "security": {"given": True, "amount": 800_000_00, "form": "银行保函"},
            "quality": "合格",
            "duration_days": offer["days"],
            "leader": LEADERS[bidder],
        }
        content = json.dumps(form, ensure_ascii=False).encode()
        return package(content, {"投标 文件.pdf": pdf([FIRMS[f"bidder-{bidder}"][1]], font=SONG)})

    def lobby(self) -> "Stage":
        """Half an hour before the deadline, all bids in, some signed in."""
        self.open_up()
        for bidder in self.bidder:
            self.bid(bidder, content=b"no zip" * 40 if bidder == 4 else self.offer(bidder))
        self.now = self.deadline - 30 * MINUTE
        for who in (self.clerk, self.supervisor, *self.custodians, self.bidder[1], self.bidder[3]):
            told = {"section": SECTION, "envelope": 1, "role": who.role}
            self.do(who.actor, SignIn.model_validate(told))
        return self

    def closed(self) -> "Stage":
        """The deadline passed, the files are checked."""
        self.lobby()
        self.now = self.deadline
        self.serve()
        self.do(self.bidder[2].actor, SignIn(section=SECTION, envelope=1, role="bidder"))
        return self

    def decrypting(self) -> "Stage":
        """The order stands, one custodian has released."""
        self.closed()
        self.do(self.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
        self.order()
        self.partials((1,))
        return self

    def reading(self) -> "Stage":
        """Opened; two lines are read out."""
        self.decrypting()
        self.partials((3,))
        self.release()
        self.serve()
        for bid in list(self.state.sessions[FIRST].opened)[:2]:
            self.do(self.clerk.actor, ReadOut(section=SECTION, envelope=1, bid=bid))
        return self

    def objecting(self) -> "Stage":
        """All read out, a coefficient drawn, lines confirmed, an objection answered."""
        self.reading()
        self.do(self.clerk.actor, ReadOut(section=SECTION, envelope=1))
        self.drawn()
        self.do(self.clerk.actor, OpenWindow(section=SECTION, envelope=1, window="confirm"))
        for bid in list(self.state.sessions[FIRST].opened):
            who = next(
                one for one in self.bidder.values() if one.account == self.state.bids[bid].account
            )
            self.do(who.actor, ConfirmLine(bid=bid))
        self.do(self.clerk.actor, OpenWindow(section=SECTION, envelope=1, window="objections"))
        text = "华城公司报价超过最高投标限价，请说明如何处理。"
        self.do(self.bidder[1].actor, RaiseObjection(section=SECTION, envelope=1, text=text))
        (objection,) = self.state.sessions[FIRST].objections
        answer = "已记录。是否否决由评标委员会依招标文件评审，开标现场不作结论。"
        self.do(self.clerk.actor, AnswerObjection(objection=objection, answer=answer))
        return self

    def drawn(self) -> None:
        """Draw a coefficient."""
        parties: tuple[Party, ...] = (self.clerk, self.supervisor, self.bidder[1], self.timekeeper)
        command = StartDraw(
            section=SECTION,
            envelope=1,
            purpose="抽取评标基准价下浮系数",
            parties=tuple(one.account for one in parties),
        )
        self.do(self.clerk.actor, command)
        (draw,) = self.state.sessions[FIRST].draws
        for one in parties:
            secret = seeded(one.account)
            commit = draw_commit(draw, one.account, secret).hex()
            self.do(one.actor, CommitDraw(draw=draw, commit=commit))
        self.do(SERVICE, SealDraw(draw=draw), facts=Facts(log_root=seeded("root")))
        for one in parties:
            self.do(one.actor, RevealDraw(draw=draw, secret=seeded(one.account).hex()))

    def ended(self) -> "Stage":
        """The minutes are signed, the session is over."""
        self.objecting()
        self.now = self.state.sessions[FIRST].windows["objections"]
        self.serve()
        self._sign_and_end(FIRST)
        return self


STAGES: dict[str, Callable[[Stage], Stage]] = {
    name: getattr(Stage, name)
    for name in ("lobby", "closed", "decrypting", "reading", "objecting", "ended")
}
