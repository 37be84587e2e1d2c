import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.codes import ALPHABET, check_digit, is_valid

PUBLISHED = [
    "91350100M000100Y43",
    "91110000802100433B",
    "91440300708461136T",
    "9144030071526726XG",
]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_taken(code: str) -> None:
    assert is_valid("uscc", code)


def test_the_standards_example_of_a_wrong_check_digit_is_refused() -> None:
    assert not is_valid("uscc", "91350100M000100Y4Z")
    assert check_digit("91350100M000100Y4") == "3"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91350100M000100Y4",
        "91350100m000100Y43",
        "91350100M000100Y43\n",
        "0" * 18,
        "9135010OM000100Y43",
        "９1350100M000100Y43",
    ],
)
def test_another_form_is_refused(code: str) -> None:
    assert not is_valid("uscc", code)


@given(st.sampled_from(PUBLISHED), st.integers(8, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_is_found(code: str, place: int, sign: str) -> None:
    changed = code[:place] + sign + code[place + 1 :]
    assert is_valid("uscc", changed) == (changed == code)


@pytest.mark.parametrize(
    ("code", "good"), [("HRB 12345 B", True), ("", False), (" x", False), ("注册号", False)]
)
def test_other_registers_numbers_are_plain_text(code: str, *, good: bool) -> None:
    assert is_valid("other", code) is good
