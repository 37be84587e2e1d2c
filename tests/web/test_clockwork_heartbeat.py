from pathlib import Path

import pytest

from web.clock import SetClock
from web.heartbeat import GAP, KEPT, Heartbeat

T0 = 1_800_000_000_000


@pytest.fixture
def clock() -> SetClock:
    return SetClock(T0)


def test_beats_that_follow_each_other_tell_of_no_absence(tmp_path: Path, clock: SetClock) -> None:
    heart = Heartbeat(tmp_path / "beat", clock)
    for _ in range(3):
        heart.beat()
        clock.advance(GAP)
    assert heart.away == ()


def test_a_long_silence_is_a_span_after_a_restart_too(tmp_path: Path, clock: SetClock) -> None:
    Heartbeat(tmp_path / "beat", clock).beat()
    clock.advance(GAP + 1)
    heart = Heartbeat(tmp_path / "beat", clock)
    heart.beat()
    assert heart.away == ((T0, T0 + GAP + 1),)
    assert Heartbeat(tmp_path / "beat", clock).away == heart.away


def test_only_the_last_spans_are_kept(tmp_path: Path, clock: SetClock) -> None:
    heart = Heartbeat(tmp_path / "beat", clock)
    for _ in range(KEPT + 3):
        heart.beat()
        clock.advance(GAP + 1)
    assert len(heart.away) == KEPT
    assert heart.away[-1][1] == T0 + (KEPT + 2) * (GAP + 1)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"away": 1}', '{"beat": null, "away": []}'])
def test_a_file_that_is_none_begins_anew(tmp_path: Path, clock: SetClock, content: str) -> None:
    (tmp_path / "beat").write_text(content)
    heart = Heartbeat(tmp_path / "beat", clock)
    heart.beat()
    assert heart.away == ()


def test_a_first_start_was_never_away(tmp_path: Path, clock: SetClock) -> None:
    heart = Heartbeat(tmp_path / "beat", clock)
    heart.beat()
    assert heart.away == ()
