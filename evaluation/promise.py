"""The commitment 承诺书 a member signs when it sits down; the text itself, and its hash.

Source: Law, article 44; Regulation, article 49; Order 12, article 13.
"""

import hashlib
from typing import Final

TEXT: Final = (
    "本人自愿参加本项目的评标,郑重承诺:\n"
    "一、按照招标文件规定的评标标准和方法,客观、公正、独立地提出评审意见,并对所提意见承担个人责任。\n"
    "二、不私下接触投标人,不收受任何人给予的财物或者其他好处,不接受他人明示或者暗示的倾向性要求。\n"
    "三、评标结束前不与外界谈论评审情况;对投标文件的评审和比较、中标候选人的推荐以及其他有关情况保密。\n"
    "四、知悉投标人名单前如实申报与可能的投标人之间的关系;发现应当回避的情形,立即提出回避。\n"
    "五、不使用他人的席位,不让他人使用本人的席位,不代他人签字。\n"
)
"""What is shown, signed by its hash, and kept in the record by it."""


def promise_hash() -> str:
    """Return the SHA-256 of the text in UTF-8, hex."""
    return hashlib.sha256(TEXT.encode()).hexdigest()
