"""One byte that is not as it was, anywhere in an export, is found."""

import io
import os

import pytest

from opening.messages import Periods
from tests.opening.world import DEADLINE
from tests.verifier.logbook import logbook, parts
from tests.verifier.told import Told
from verifier.report import Report
from verifier.verify import verify, verify_form

SAMPLE = 60
STEP = 1 if os.environ.get("KAIBIAO_FAULTS") == "full" else 13
"""At the full counts every byte; otherwise every 13th."""


def small() -> bytes:
    """A record whose bids are just closed, with traces and a hidden entry, without large files."""
    world = Told(n=2, k=2, bidders=1, minimum=1)
    world.drafted(periods=Periods(tender=0))
    world.ceremony()
    world.published()
    world.bid(1)
    world.at(DEADLINE)
    book = logbook(world, files=False)
    book.traced = True
    book.documents = [b"a document"]
    book.hidden = lambda row: row.type == "opening.files_checked"
    return parts(book).joined()


@pytest.fixture(scope="module")
def export() -> bytes:
    data = small()
    assert verify(io.BytesIO(data)).holds
    return data


def is_found(export: bytes, position: int) -> bool:
    """Try the form first: what it finds need not be understood."""
    data = bytearray(export)
    data[position] ^= 1 << position % 8
    report = Report()
    verify_form(io.BytesIO(bytes(data)), report)
    return not (report.holds and verify(io.BytesIO(bytes(data))).holds)


def test_a_flipped_byte_is_found_in_a_sample_of_all_places(export: bytes) -> None:
    places = range(7, len(export), len(export) // SAMPLE)
    assert [place for place in places if not is_found(export, place)] == []


@pytest.mark.slow
@pytest.mark.timeout(7200)  # at the full counts
def test_a_flipped_byte_is_found_everywhere(export: bytes) -> None:
    assert [place for place in range(0, len(export), STEP) if not is_found(export, place)] == []
