"""How tests say that something is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from record.errors import Refused


@contextmanager
def refused(kind: type[Refused], code: str) -> Iterator[None]:
    """Expect a refusal of this kind and code."""
    with pytest.raises(Refused) as caught:
        yield
    assert (type(caught.value), caught.value.code) == (kind, code), str(caught.value)
