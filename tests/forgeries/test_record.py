import io
from collections.abc import Callable
from functools import cache

import pytest

from tests.forgeries import (
    of_blind_parts,
    of_clarifications,
    of_pauses,
    of_prices,
    of_reevaluations,
    of_the_evaluation,
    of_the_record,
    of_the_result,
)
from tests.forgeries.forging import forged
from tests.forgeries.of_the_record import Change
from tests.verifier.stories import STORIES
from tests.verifier.told import Told
from verifier.verify import verify

Teller = Callable[[str], Told]
FORGERIES = {
    **of_the_record.FORGERIES,
    **of_the_evaluation.FORGERIES,
    **of_clarifications.FORGERIES,
    **of_blind_parts.FORGERIES,
    **of_pauses.FORGERIES,
    **of_prices.FORGERIES,
    **of_reevaluations.FORGERIES,
    **of_the_result.FORGERIES,
}


@pytest.fixture(scope="module")
def tell() -> Teller:
    """Tell each story once; forgeries change what is made of it alone."""
    return cache(lambda story: STORIES[story]())


@pytest.mark.parametrize(
    ("check", "story", "change"),
    FORGERIES.values(),
    ids=[name.replace(" ", "-") for name in FORGERIES],
)
def test_a_forgery_of_the_record_fails_its_check_and_no_other(
    tell: Teller, check: str, story: str, change: Change
) -> None:
    report = verify(io.BytesIO(forged(tell(story), change)))
    assert {finding.check for finding in report.findings} == {check}
