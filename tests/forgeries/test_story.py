import io
from collections.abc import Callable

import pytest

from tests.forgeries.of_the_story import FORGERIES
from tests.verifier.logbook import logbook, parts
from tests.verifier.told import Told
from verifier.verify import verify


@pytest.mark.parametrize(
    ("check", "story"),
    FORGERIES.values(),
    ids=[name.replace(" ", "-") for name in FORGERIES],
)
def test_what_the_rules_refuse_is_found_where_it_happened_all_the_same(
    check: str, story: Callable[[], Told]
) -> None:
    report = verify(io.BytesIO(parts(logbook(story())).joined()))
    assert {finding.check for finding in report.findings} == {check}
