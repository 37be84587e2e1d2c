"""What the demo's projects are about: titles, terms, papers and bids; nothing is done here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crypto.canonical import JsonInput
from evaluation.scoring.rule import ScoringRule
from opening.capitals import chinese_capitals
from opening.messages import Periods, Windows
from project.commands import CreateProject, DefineSection

SECTION = "s1"
SECOND = 1000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
BID_BYTES = 200_000
REMEDY = "可用的密钥保管包少于法定份数时，投标文件保持密封并退回投标人，招标人依法重新招标。"
N, K = 3, 2
_YUAN = 100
_DRAWN = ("0.95", "0.96", "0.97", "0.98")


@dataclass(frozen=True, slots=True)
class Script:
    """One project of the demo.

    Args:
        lead: from the definition of its terms to the deadline, ms.
        parts: what each bidder plays: ordinary, replace, withdraw, broken or silent.
        limit: the highest price allowed, yuan.
        breath: pause between two acts of the session, seconds.
        objection: raised in the session, and its answer.
        question: asked before the deadline, and its answer.
        extra: what a bid form says in the fields that the project adds.
        rule: by which a committee scores the bids; None where nobody does.
    """

    number: str
    title: str
    section: str
    tenderer: str
    limit: int
    lead: int
    parts: tuple[str, ...] = ()
    breath: float = 0.0
    objection: tuple[str, str] | None = None
    question: tuple[str, str] | None = None
    co_open: bool = False
    envelopes: int = 1
    extra: Mapping[str, JsonInput] = field(default_factory=dict)
    rule: ScoringRule | None = None

    def created(self) -> CreateProject:
        """Return how the project begins."""
        return CreateProject(
            number=self.number,
            title=self.title,
            tenderer=self.tenderer,
            agency="正衡招标代理有限公司（演示）",
        )

    def terms(self, now: int) -> DefineSection:
        """Return the terms of its one section; the periods of the law would take weeks."""
        deadline = (now + self.lead) // SECOND * SECOND
        return DefineSection(
            section=SECTION,
            title=self.section,
            envelopes=1,
            limit=self.limit * _YUAN,
            minimum_bidders=3,
            max_size=1 << 30,
            co_open=self.co_open,
            question_deadline=deadline - self.lead // 7,
            deadline=deadline,
            windows=Windows(
                sign_in=60 * MINUTE,
                secrets=45 * SECOND,
                draw=2 * MINUTE,
                confirm=2 * MINUTE,
                objections=int((5 + 4 * self.breath) * SECOND),
            ),
            periods=Periods(tender=0, amendment=0, outage=0),
            draw=_DRAWN,
            n=N,
            k=K,
        )

    def form(self, number: int, *, priced: bool = True) -> Mapping[str, JsonInput]:
        """Return the bid form of a bidder, counted from 1; the prices lie near one another.

        Args:
            number: of the bidder.
            priced: whether the price stands in this envelope.
        """
        form: dict[str, JsonInput] = {
            "v": 1,
            "bidder": BIDDERS[number - 1],
            "quality": "合格",
            "duration_days": 240 - 12 * number,
            "leader": LEADERS[number - 1],
        }
        if priced:
            amount = self.limit * (9_300 + 131 * number - 17 * number * number) // 100 + 37 * number
            form["price"] = {
                "amount": amount,
                "currency": "CNY",
                "capitals": chinese_capitals(amount),
            }
            form["security"] = {"given": True}
        if self.extra:
            form["extra"] = dict(self.extra)
        return form


BIDDERS = (
    "青石建设集团有限公司（演示）",
    "长桥市政工程有限公司（演示）",
    "北辰建筑工程有限公司（演示）",
    "江川水务建设有限公司（演示）",
    "远程路桥股份有限公司（演示）",
)
LEADERS = ("方远", "何平", "石磊", "许诺", "程前")

STANDING = Script(
    number="YS-2001",
    title="云溪河东岸防洪堤加固工程施工招标",
    section="施工一标段",
    tenderer="云溪市水利建设投资有限公司（演示）",
    limit=86_500_000,
    lead=7 * DAY,
    question=(
        "招标文件第三章未写明汛期施工的工期如何计算，请予以说明。",
        "汛期（六月至八月）停工的天数不计入工期，以监理人签发的停工令为准。",
    ),
)
WAS_OPENED = Script(
    number="YS-1001",
    title="云溪市第二污水处理厂扩建工程施工招标",
    section="土建及安装标段",
    tenderer="云溪市水务集团有限公司（演示）",
    limit=124_000_000,
    lead=40 * SECOND,
    parts=("ordinary", "replace", "broken", "ordinary", "withdraw"),
    objection=(
        "请核对本单位的工期，投标函载明的是日历天。",
        "经当场核对，唱标内容与投标函一致，工期按日历天计。",
    ),
    question=("厂区内既有管线的迁改是否包含在报价内？", "包含在报价内，工程量以清单第 12 节为准。"),
)

_WORKS = (
    ("城南小学教学楼装修", "装修标段", 12_800_000),
    ("滨江路雨污分流改造", "管网标段", 36_400_000),
    ("云溪大桥支座更换", "桥梁标段", 9_650_000),
    ("老旧小区屋面防水", "防水标段", 5_280_000),
    ("市图书馆消防改造", "消防标段", 7_930_000),
)
_CASTINGS = (
    ("ordinary", "ordinary", "replace", "ordinary", "broken"),
    ("ordinary", "replace", "ordinary", "withdraw", "ordinary"),
    ("replace", "ordinary", "ordinary", "ordinary", "silent"),
)
_OBJECTION = (
    "请说明评标基准价系数的抽取过程。",
    "抽取过程与各方提交的承诺值均记入开标记录，任何人可据此重新计算。",
)
_BREATH = 3.5


def round_script(number: int, lead: int, pace: float) -> Script:
    """Return the script of a round; one after the other they show what can happen."""
    title, section, limit = _WORKS[number % len(_WORKS)]
    parts = _CASTINGS[number % len(_CASTINGS)]
    return Script(
        number=f"YS-{3000 + number}",
        title=f"演示开标 第 {number} 场 · {title}",
        section=section,
        tenderer="云溪市城市建设投资有限公司（演示）",
        limit=limit,
        lead=lead,
        parts=parts,
        breath=_BREATH / pace,
        objection=_OBJECTION if number % 2 else None,
        co_open="silent" in parts,
    )


def papers(script: Script) -> dict[str, tuple[str, str]]:
    """Return the tender documents: file name -> title and text."""
    head = f"{script.title}\n招标编号：{script.number}\n招标人：{script.tenderer}\n\n"
    lines = ["序号,项目,单位,数量"]
    lines += [f"{n},{what},{unit},{120 * n}" for n, (what, unit) in enumerate(_ITEMS, start=1)]
    return {
        "招标文件.txt": ("招标文件", head + _TENDER),
        "工程量清单.csv": ("工程量清单", "\n".join(lines) + "\n"),
    }


_TENDER = """\
第一章 招标公告
第二章 投标人须知：投标文件须在本机密封后递交，截止时间即开标时间。
第三章 合同条款：工期自开工令载明之日起计算。
第四章 技术标准：符合国家现行施工质量验收规范。
第五章 投标函格式：报价以人民币元填写，大写与小写一致。
"""
_ITEMS = (
    ("土方开挖", "立方米"),
    ("混凝土浇筑", "立方米"),
    ("钢筋制作安装", "吨"),
    ("模板支护", "平方米"),
    ("设备安装", "台"),
)
