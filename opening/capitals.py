"""Amounts of money in Chinese capitals 大写, as contracts and bid forms write them.

It must not judge which of two amounts counts; it writes one and compares.
"""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
_WAN = 10_000
_YI = 100_000_000
_LIMIT = 1 << 53


def chinese_capitals(minor: int) -> str:
    """Write an amount of renminbi in capitals.

    Args:
        minor: fen, 0 up to 2^53 - 1.

    Source: 支付结算办法, appendix 1 (正确填写票据和结算凭证的基本规定), articles 1 to 3.
    """
    if not 0 <= minor < _LIMIT:
        raise ValueError("the amount is out of range")
    yuan, rest = divmod(minor, 100)
    jiao, fen = divmod(rest, 10)
    text = _integer(yuan) + "元" if yuan or not rest else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif yuan and fen:
        text += "零"
    return text + (_DIGITS[fen] + "分" if fen else "整")


def capitals_agree(written: str, minor: int) -> bool:
    """Tell whether what somebody wrote in capitals is this amount.

    Spellings that banks accept alike are alike: 圆 and 元, 正 and 整 and nothing, 〇 and 零, the
    name of the currency before it, and every 零, which tells nothing beside the units.
    """
    return _essence(written) == _essence(chinese_capitals(minor))


def _essence(text: str) -> str:
    for other, usual in (("圆", "元"), ("圓", "元"), ("正", "整"), ("〇", "零")):
        text = text.replace(other, usual)
    text = "".join(text.split()).removeprefix("人民币").lstrip(":：")
    return text.removesuffix("整").replace("零", "")


def _integer(number: int) -> str:
    if number >= _YI:
        return _joined(number, _YI, "亿")
    if number >= _WAN:
        return _joined(number, _WAN, "万")
    return _below_wan(number)


def _joined(number: int, unit: int, name: str) -> str:
    high, low = divmod(number, unit)
    text = _integer(high) + name
    if not low:
        return text
    gap = "零" if low < unit // 10 else ""
    return text + gap + _integer(low)


def _below_wan(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    text = ""
    gap = False
    for value, place in _PLACES:
        digit = number // value % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + place
            gap = False
        else:
            gap = bool(text)
    return text
