"""What the client keeps on this machine: files, profiles, keys, kits; and plans of rehearsals."""

from pathlib import Path

import pytest

from client import durable, keys, kits
from client.errors import Unusable
from client.profile import Profile, Trust
from client.rehearsal.codes import invented
from client.rehearsal.plan import Plan, parse_size, parse_threshold
from registry.codes import is_valid

TRUST = Trust("log", "timekeeper", "service")


def test_a_file_is_replaced_whole_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    durable.write(path, b"old")
    durable.write(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_draft_that_a_crash_left_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file.new").write_bytes(b"half")
    durable.write(tmp_path / "file", b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"


def test_a_profile_comes_back_as_it_was(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "http://localhost", "zhang", TRUST, {"name": "甲"})
    profile.save()
    profile.token = "secret"
    assert Profile.load(tmp_path) == profile
    assert Profile.load(tmp_path).token == "secret"
    assert (tmp_path / "session").stat().st_mode & 0o077 == 0
    assert b"secret" not in (tmp_path / "profile.json").read_bytes()


def test_a_broken_profile_is_told_and_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_text("{")
    with pytest.raises(Unusable, match="profile"):
        Profile.load(tmp_path)


def test_a_signing_key_needs_its_passphrase(tmp_path: Path) -> None:
    made = keys.make()
    keys.save(tmp_path / "key", made, "right one")
    assert keys.spki(keys.load(tmp_path / "key", "right one")) == keys.spki(made)
    with pytest.raises(Unusable, match="passphrase"):
        keys.load(tmp_path / "key", "wrong one")
    with pytest.raises(Unusable, match="no signing key"):
        keys.load(tmp_path / "nowhere", "right one")


def test_a_kit_is_reopened_before_it_counts_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "kit.age"
    made = kits.make(path, "correct horse", TRUST, b"checkpoint")
    assert kits.load(path, "correct horse") == made
    with pytest.raises(Unusable, match="never overwritten"):
        kits.make(path, "correct horse", TRUST, b"checkpoint")
    with pytest.raises(Unusable, match="another log"):
        kits.check_origin(made, Trust("other", "timekeeper", ""))


def test_a_short_passphrase_makes_no_kit(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="8 characters"):
        kits.make(tmp_path / "kit.age", "short", TRUST, b"")
    assert not (tmp_path / "kit.age").exists()


@pytest.mark.parametrize(
    ("text", "size"), [("20MB", 20_000_000), ("1GiB", 1 << 30), ("7", 7), ("3 kB", 3000)]
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "1.5MB", "-1", "5 parsecs"])
def test_what_is_no_size_is_told(text: str) -> None:
    with pytest.raises(Unusable, match="size"):
        parse_size(text)


def test_thresholds_are_read() -> None:
    assert parse_threshold("3/5") == (3, 5)
    with pytest.raises(Unusable):
        parse_threshold("3")


@pytest.mark.parametrize(
    "plan",
    [
        Plan(bidders=2, late=1, broken=1),
        Plan(k=1, n=3),
        Plan(k=4, n=3),
        Plan(silent=1),
        Plan(incomplete=1),
    ],
)
def test_plans_that_cannot_be_played_are_refused(plan: Plan) -> None:
    with pytest.raises(Unusable):
        plan.check()


def test_every_part_is_played_once() -> None:
    plan = Plan(bidders=6, late=1, withdraw=2, broken=1)
    assert plan.parts == ("replace", "ordinary", "late", "withdraw", "withdraw", "broken")


@pytest.mark.parametrize("number", [0, 1, 42, 9_999_999])
def test_invented_codes_have_the_form(number: int) -> None:
    assert is_valid("uscc", invented(number))
