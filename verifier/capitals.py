"""Amounts in Chinese capitals 大写, to be compared with figures; it judges no bid.

Source: 支付结算办法, appendix 1.
"""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_ALIKE = str.maketrans({"圆": "元", "圓": "元", "正": "整", "〇": "零"})


def agree(written: str, minor: int) -> bool:
    """Tell whether words mean an amount of minor units; 零, spaces and a last 整 tell nothing."""
    return _bare(written) == _bare(_written(minor))


def _written(minor: int) -> str:
    whole, jiao, fen = minor // 100, minor // 10 % 10, minor % 10
    text = _number(whole) + "元" if whole or not minor % 100 else ""
    text += _DIGITS[jiao] + "角" if jiao else ""
    return text + (_DIGITS[fen] + "分" if fen else "")


def _number(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            rest = number % unit
            return _number(number // unit) + name + (_number(rest) if rest else "")
    text = ""
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // unit % 10
        text += _DIGITS[digit] + name if digit else ""
    return text


def _bare(text: str) -> str:
    joined = "".join(text.translate(_ALIKE).split())
    return joined.removeprefix("人民币").lstrip(":：").removesuffix("整").replace("零", "")
