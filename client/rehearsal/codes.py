"""Numbers for invented organisations: they have the form, and belong to nobody."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def invented(number: int) -> str:
    """Return a well-formed unified social credit code 统一社会信用代码.

    Source: GB 32100-2015, weights 3**i mod 31.
    """
    first = f"91310000MA{number:07d}"
    total = sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(first))
    return first + _ALPHABET[-total % 31]
