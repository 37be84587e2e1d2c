"""What the demo's committee is about: the project, its rule, and what bots think of the bids.

Everybody thinks the same of the same bid every time; nothing is done here, nor is any bid read.
"""

import hashlib
from collections.abc import Mapping
from fractions import Fraction

from client.demo.script import SECOND, Script
from evaluation.events import Ground
from evaluation.scoring.exact import exact, shown
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import PassItem, PointsItem, ScoringRule, Stage

_LEAD = 40 * SECOND
_WORST, _SPREAD, _APART = 66, 22, 7
"""Per cent of what can be had: the poorest bid, how much better one may be, and how far the marks
of two members may lie from the bid's."""
_DOUBTING = frozenset({"4", "5"})
"""The seats whose bots do not agree with the others on one item of the first bid."""
_DOUBTED = ("schedule", "进度计划与投标函载明的工期不一致。")
ASKS = (
    "贵单位施工进度计划中的汛期停工天数与投标函载明的工期不一致，请说明以哪一处为准。",
    "请说明施工进度计划与投标函所载工期的关系，无须变更投标文件的任何内容。",
)
"""What the committee asks; the second once the supervisor gave back the first."""
ANSWERS = (
    "以投标函载明的工期为准，施工进度计划中的汛期停工天数已包含在内，投标文件内容不变。",
    "补充说明：工期以投标函为准，按日历天计，汛期停工天数包含在内，投标文件内容不变。",
)
"""What the bidder answers; the second once the supervisor gave back the first."""
DISSENT = "对第一中标候选人的进度计划得分持保留意见，理由见本人的评分表。"
TIES = ("云溪市设计审图中心（演示）",)
"""What a member is tied to: nobody who bids."""
GROUND: Ground = "unqualified"
"""On which a bid that failed an item is rejected."""
_PLACES = ("云溪市主场 评标一室", "云溪市副场 评标二室")


def _rule() -> ScoringRule:
    """Return a rule short enough for one person at a browser."""
    passed = (
        PassItem(kind="pass", item="licence", title="具备有效的营业执照"),
        PassItem(kind="pass", item="grade", title="资质等级符合要求"),
        PassItem(
            kind="pass",
            item="schedule",
            title="工期符合要求",
            ground="招标文件第三章：工期自开工令载明之日起计算。",
        ),
    )
    technical = (
        PointsItem(kind="points", item="method", title="施工方案", highest="20", step="0.5"),
        PointsItem(kind="points", item="quality", title="质量与安全措施", highest="20", step="0.5"),
    )
    record = PointsItem(kind="points", item="record", title="同类工程业绩", highest="10", step="1")
    stages = (
        Stage(part="formal", title="初步评审", items=passed),
        Stage(part="technical", title="施工组织设计", items=technical),
        Stage(part="commercial", title="商务评审", items=(record,)),
    )
    return LIBRARY["mean_base"].model_copy(update={"stages": stages})


RULE = _rule()


def evaluation_script(number: int, longer: int = 1) -> Script:
    """Return the script of a project that is opened for its evaluation.

    Args:
        number: how many there were before.
        longer: by what the time until the deadline is multiplied.
    """
    return Script(
        number=f"YS-{5001 + number}",
        title=f"云溪河西岸截污干管工程施工招标（评标演示 第 {number + 1} 场）",
        section="管网施工标段",
        tenderer="云溪市水务集团有限公司（演示）",
        limit=58_000_000,
        lead=longer * _LEAD,
        parts=("ordinary", "replace", "ordinary"),
        rule=RULE,
    )


def place(seat: str) -> str:
    """Return where a seat stands."""
    return _PLACES[int(seat) % len(_PLACES)]


def failed(seat: str, number: int) -> Mapping[str, str]:
    """Return what a member finds that a bid fails: item -> why.

    Args:
        seat: the member's.
        number: of the bid, in the order of submission from 0.
    """
    item, why = _DOUBTED
    return {item: why} if number == 0 and seat in _DOUBTING else {}


def marks(rule: ScoringRule, seat: str, bid: str) -> Mapping[str, str]:
    """Return what a member gives a bid: item -> mark, on a step of the item."""
    return {item.item: _mark(item, seat, bid) for _, item in scored_items(rule)}


def _mark(item: PointsItem, seat: str, bid: str) -> str:
    worth = _WORST + _number(bid) % (_SPREAD + 1)
    apart = 0 if item.objective else _number(f"{bid}/{seat}/{item.item}") % (2 * _APART + 1)
    lowest, highest, step = exact(item.lowest), exact(item.highest), exact(item.step)
    percent = Fraction(worth + apart - _APART * (not item.objective), 100)
    return shown(lowest + (highest - lowest) * percent // step * step)


def _number(of: str) -> int:
    return int.from_bytes(hashlib.sha256(of.encode()).digest()[:4])
