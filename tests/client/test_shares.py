"""The timekeeper's share keys: two places, re-read, erased from both."""

from pathlib import Path

import pytest

from client.errors import Unusable
from client.shares import ShareKeys

PROJECT, SID, OTHER = "9" * 32, "a" * 64, "b" * 64
SECRET = "a long passphrase"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("shares")
    home, second = folder / "home", folder / "second"
    home.mkdir()
    ShareKeys.open(home, second, SECRET)
    return home, second


@pytest.fixture(scope="module")
def kept(places: tuple[Path, Path]) -> ShareKeys:
    return ShareKeys.open(*places, SECRET)


@pytest.fixture
def sid(request: pytest.FixtureRequest) -> str:
    return f"{abs(hash(request.node.name)):064x}"[:64]


def copies(places: tuple[Path, Path], sid: str) -> list[Path]:
    return [place / "shares" / f"{sid}.age" for place in places]


def test_a_share_key_is_in_both_places_and_the_same_after_a_restart(
    places: tuple[Path, Path], kept: ShareKeys, sid: str
) -> None:
    made = kept.make(PROJECT, sid)
    assert all(path.exists() for path in copies(places, sid))
    assert kept.make(PROJECT, sid) == made


def test_no_two_ceremonies_share_a_key(kept: ShareKeys) -> None:
    assert kept.make(PROJECT, SID) != kept.make(PROJECT, OTHER)


def test_a_copy_lost_in_a_crash_is_made_again_from_the_other(
    places: tuple[Path, Path], kept: ShareKeys, sid: str
) -> None:
    made = kept.make(PROJECT, sid)
    copies(places, sid)[1].unlink()
    assert kept.read(PROJECT, sid) == made
    assert copies(places, sid)[1].exists()


def test_copies_that_differ_are_not_used(
    places: tuple[Path, Path], kept: ShareKeys, sid: str
) -> None:
    kept.make(PROJECT, sid)
    first, second = copies(places, sid)
    kept.make(PROJECT, "c" * 64)
    second.write_bytes(copies(places, "c" * 64)[0].read_bytes())
    with pytest.raises(Unusable):
        kept.read(PROJECT, sid)
    assert first.exists()


def test_a_key_of_another_project_is_not_used(kept: ShareKeys, sid: str) -> None:
    kept.make(PROJECT, sid)
    with pytest.raises(Unusable, match="another ceremony"):
        kept.read("8" * 32, sid)


def test_erasing_takes_both_copies(places: tuple[Path, Path], kept: ShareKeys, sid: str) -> None:
    kept.make(PROJECT, sid)
    kept.erase(sid)
    assert not any(path.exists() for path in copies(places, sid))
    with pytest.raises(Unusable, match="erased"):
        kept.make(PROJECT, sid)


def test_an_erasure_that_a_crash_cut_short_does_not_bring_the_key_back(
    places: tuple[Path, Path], kept: ShareKeys, sid: str
) -> None:
    kept.make(PROJECT, sid)
    left = copies(places, sid)[1].read_bytes()
    kept.erase(sid)
    copies(places, sid)[1].write_bytes(left)  # the crash came before the second copy
    with pytest.raises(Unusable, match="erased"):
        kept.read(PROJECT, sid)
    kept.erase(sid)
    assert not kept.has(sid)


def test_a_wrong_passphrase_opens_nothing(places: tuple[Path, Path]) -> None:
    with pytest.raises(Unusable, match="passphrase"):
        ShareKeys.open(*places, "another passphrase")


def test_a_missing_place_stops_the_timekeeper(places: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="missing"):
        ShareKeys.open(places[0], tmp_path / "nowhere", SECRET)


def test_the_second_place_is_another_place(places: tuple[Path, Path]) -> None:
    with pytest.raises(Unusable, match="same"):
        ShareKeys.open(places[0], places[0], SECRET)


def test_nothing_in_the_files_tells_the_key(
    places: tuple[Path, Path], kept: ShareKeys, sid: str
) -> None:
    made = f"{kept.make(PROJECT, sid):064x}"
    for path in copies(places, sid):
        assert made.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
