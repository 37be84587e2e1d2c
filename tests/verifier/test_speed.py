import io
import time

import pytest

from tests.verifier.logbook import logbook, parts
from tests.verifier.stories import plain
from verifier.verify import verify


@pytest.mark.slow
def test_thirty_bids_and_five_custodians_take_seconds() -> None:
    data = parts(logbook(plain(n=5, k=3, bidders=30), files=False)).joined()
    begun = time.process_time()
    report = verify(io.BytesIO(data))
    assert report.holds
    assert time.process_time() - begun < 15
