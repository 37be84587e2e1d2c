import io
from collections.abc import Callable

import pytest

from tests.forgeries.of_old_keys import FORGERIES
from tests.verifier.logbook import logbook, parts
from tests.verifier.told import Told
from verifier.verify import verify


@pytest.mark.parametrize(
    ("checks", "story"),
    [(checks, story) for checks, _, _, story in FORGERIES.values()],
    ids=[name.replace(" ", "-") for name in FORGERIES],
)
def test_what_an_old_key_signed_is_found_by_the_verifier(
    checks: set[str], story: Callable[[], Told]
) -> None:
    report = verify(io.BytesIO(parts(logbook(story())).joined()))
    assert {finding.check for finding in report.findings} == checks
