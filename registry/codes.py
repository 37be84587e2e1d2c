"""Numbers by which registers name organisations, checked as far as each allows.

It must not look anything up: a right check digit does not say that an organisation exists.
"""

import re
from typing import Literal

CodeKind = Literal["uscc", "other"]
"""`uscc`: the unified social credit code 统一社会信用代码; `other`: another register's number."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and capitals without I, O, S, V, Z: 31 characters, each standing for its place."""

_FORM = re.compile(
    r"[1-9A-HJ-NP-RTUW-Y][0-9A-HJ-NP-RTUW-Y][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}", re.ASCII
)
_OTHER = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?", re.ASCII)


def check_digit(first: str) -> str:
    """Return the eighteenth character for the first seventeen of a unified social credit code.

    Source: GB 32100-2015, weights 3**i mod 31.
    """
    total = sum(ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first))
    return ALPHABET[-total % 31]


def is_valid(kind: CodeKind, code: str) -> bool:
    """Tell whether a number has the form, and the check digit, of its kind."""
    match kind:
        case "uscc":
            return _FORM.fullmatch(code) is not None and check_digit(code[:17]) == code[17]
        case "other":
            return _OTHER.fullmatch(code) is not None
