"""The offline sealer's file, taken apart by the command line."""

import json
import zipfile
from pathlib import Path

import pytest

from client import carried, sealing
from client.errors import Unusable
from tests.opening.bidding import Sealed
from tests.opening.world import World


@pytest.fixture(scope="module")
def sealed() -> Sealed:
    world = World().open_up()
    return world.seal(1)


def carry(path: Path, sealed: Sealed) -> Path:
    """Write what the offline sealer writes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        message = {"bid": sealed.bid.payload().decode(), "package": ""}
        archive.writestr("bid.json", json.dumps(message))
        archive.writestr("sealed", sealed.file)
    return path


def test_a_carried_bid_becomes_a_folder_that_can_be_submitted(
    tmp_path: Path, sealed: Sealed
) -> None:
    path = carry(tmp_path / "bid.zip", sealed)
    folder = carried.unpacked(path, tmp_path / "bids")
    found = sealing.load(folder)
    assert folder == tmp_path / "bids" / sealed.params.bid
    assert found.bid == sealed.bid
    assert found.path.read_bytes() == sealed.file
    assert carried.unpacked(path, tmp_path / "bids") == folder
    assert carried.unpacked(folder, tmp_path / "bids") == folder


@pytest.mark.parametrize("cut", [0, 40, -30])
def test_a_damaged_file_is_told(tmp_path: Path, sealed: Sealed, cut: int) -> None:
    path = carry(tmp_path / "bid.zip", sealed)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unusable, match="no sealed bid"):
        carried.unpacked(path, tmp_path / "bids")


def test_a_changed_sealed_file_is_told(tmp_path: Path, sealed: Sealed) -> None:
    path = carry(tmp_path / "bid.zip", sealed)
    whole = bytearray(path.read_bytes())
    whole[whole.index(sealed.file[:64])] ^= 1
    path.write_bytes(whole)
    with pytest.raises(Unusable, match="no sealed bid"):
        carried.unpacked(path, tmp_path / "bids")
    assert not (tmp_path / "bids" / sealed.params.bid / "bid.json").exists()
