import io

import pytest

from tests.forgeries.of_the_log import FORGERIES, LogForgery
from tests.verifier.stories import plain
from tests.verifier.told import Told
from verifier.verify import verify


@pytest.fixture(scope="module")
def world() -> Told:
    return plain()


@pytest.mark.parametrize(
    ("check", "forgery"), FORGERIES.values(), ids=[name.replace(" ", "-") for name in FORGERIES]
)
def test_a_forgery_of_the_log_fails_its_check_and_no_other(
    world: Told, check: str, forgery: LogForgery
) -> None:
    report = verify(io.BytesIO(forgery(world)))
    assert {finding.check for finding in report.findings} == {check}
