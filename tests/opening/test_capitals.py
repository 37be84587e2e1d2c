import pytest
from hypothesis import given
from hypothesis import strategies as st

from opening.capitals import capitals_agree, chinese_capitals

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = {"拾": 10, "佰": 100, "仟": 1000}

KNOWN = {
    0: "零元整",
    1: "壹分",
    10: "壹角整",
    15: "壹角伍分",
    100: "壹元整",
    101: "壹元零壹分",
    110: "壹元壹角整",
    1000: "壹拾元整",
    10_100: "壹佰零壹元整",
    # The examples of the rules on filling in bills.
    1409_50: "壹仟肆佰零玖元伍角整",
    6007_14: "陆仟零柒元壹角肆分",
    1680_32: "壹仟陆佰捌拾元叁角贰分",
    107_000_53: "壹拾万柒仟元伍角叁分",
    16_409_02: "壹万陆仟肆佰零玖元零贰分",
    325_04: "叁佰贰拾伍元零肆分",
    10_000_00: "壹万元整",
    10_001_00: "壹万零壹元整",
    10_010_00: "壹万零壹拾元整",
    100_500_00: "壹拾万零伍佰元整",
    1_000_000_00: "壹佰万元整",
    10_203_040_50: "壹仟零贰拾万叁仟零肆拾元伍角整",
    100_000_000_00: "壹亿元整",
    100_000_001_00: "壹亿零壹元整",
    100_010_000_00: "壹亿零壹万元整",
    1_000_000_000_000_00: "壹万亿元整",
    12_345_678_90: "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整",
    (1 << 53) - 1: "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分",
}


def value_of(words: str) -> int:
    """Read capitals back, by place values alone."""
    main, _, rest = words.removesuffix("整").rpartition("元")
    fen = 0
    for digit, unit in zip(rest.replace("零", "")[::2], rest.replace("零", "")[1::2], strict=True):
        fen += DIGITS.index(digit) * {"角": 10, "分": 1}[unit]
    return whole(main) * 100 + fen


def whole(text: str) -> int:
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        if name in text:
            high, low = text.rsplit(name, 1)
            return whole(high) * unit + whole(low)
    total = digit = 0
    for sign in text:
        if sign in UNITS:
            total, digit = total + digit * UNITS[sign], 0
        else:
            digit = DIGITS.index(sign)
    return total + digit


@pytest.mark.parametrize(("minor", "words"), KNOWN.items())
def test_known_amounts_are_written_right(minor: int, words: str) -> None:
    assert chinese_capitals(minor) == words
    assert value_of(words) == minor


AMOUNTS = st.integers(0, (1 << 53) - 1) | st.builds(
    lambda digit, power, rest: min(digit * 10**power + rest, (1 << 53) - 1),
    st.integers(0, 9),
    st.integers(0, 15),
    st.integers(0, 1000),
)


@given(AMOUNTS)
def test_every_amount_reads_back(minor: int) -> None:
    words = chinese_capitals(minor)
    assert value_of(words) == minor
    assert "零零" not in words
    assert not words.startswith("零") or minor == 0
    assert capitals_agree(words, minor)


@given(AMOUNTS, AMOUNTS)
def test_two_amounts_never_agree(one: int, other: int) -> None:
    assert capitals_agree(chinese_capitals(one), other) == (one == other)


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (107_000_53, "壹拾万零柒仟元零伍角叁分"),
        (107_000_53, "人民币 壹拾万柒仟圆伍角叁分正"),
        (1680_32, "壹仟陆佰捌拾元零叁角贰分"),
        (1409_50, "壹仟肆佰〇玖元伍角"),
        (100_00, "人民币：壹佰元正"),
        (100_00, "壹佰圓"),
        (0, "零元"),
    ],
)
def test_spellings_that_banks_take_alike_agree(minor: int, words: str) -> None:
    assert capitals_agree(words, minor)


@pytest.mark.parametrize("words", ["", "壹佰", "一百元整", "壹佰零壹元整", "壹佰元壹分", "100元整"])
def test_other_words_do_not_agree(words: str) -> None:
    assert not capitals_agree(words, 100_00)


@pytest.mark.parametrize("minor", [-1, 1 << 53])
def test_an_amount_out_of_range_is_refused(minor: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        chinese_capitals(minor)
