import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from project.parse import EVENTS
from record.events import Signed
from rooms.facts import facts_of
from rooms.merge import View, merge
from rooms.projection import Frame, Projection
from rooms.views import ROWS
from tests.opening.world import PROJECT, SECTION
from tests.rooms.story import Story, bidder_channel

BEFORE_CLOSE = ("public", "hall", "clerk", "custodians", "timekeeper")


@cache
def told(envelopes: int = 1, *, co_open: bool = False) -> tuple[Story, Projection, list[Frame]]:
    story = Story(envelopes=envelopes, co_open=co_open)
    story.whole()
    return (story, *story.frames())


def text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def of(frames: list[Frame], channel: str) -> list[Frame]:
    return [frame for frame in frames if frame.channel == channel]


def test_every_kind_of_event_has_a_row() -> None:
    rows = {name.partition("/")[0] for name in ROWS}
    assert rows == set(EVENTS)


def test_rows_name_only_fields_that_exist() -> None:
    seen: dict[str, set[str]] = {}
    for envelopes, co_open in ((1, True), (2, False)):
        story, *_ = told(envelopes, co_open=co_open)
        projection = Projection(PROJECT)
        for happened in story.entries():
            before = projection.state
            projection.show(happened)
            facts = facts_of(happened, before, projection.state)
            seen.setdefault(happened.event.type, set()).update(facts)
    for name, row in ROWS.items():
        kind = name.partition("/")[0]
        if kind not in seen:
            continue
        fields = [*row.now.values(), *(shown for _, shown in row.later.values())]
        optional = {"supersedes", "form", "agency", "limit"}
        missing = {field for shown in fields for field in shown} - seen[kind] - optional
        assert not missing, f"{name} names {missing}"


@pytest.mark.parametrize("envelopes", [1, 2])
def test_frames_of_a_channel_are_numbered_without_gaps(envelopes: int) -> None:
    _, projection, frames = told(envelopes)
    for name, channel in projection.channels.items():
        assert [frame.n for frame in of(frames, name)] == list(range(1, channel.n + 1))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_snapshot_and_the_frames_after_it_give_the_later_snapshot(data: st.DataObject) -> None:
    story, final, frames = told()
    middle = data.draw(st.integers(0, len(story.record)))
    earlier = Projection(PROJECT)
    for happened in story.entries()[:middle]:
        earlier.show(happened)
    for name, channel in final.channels.items():
        view: View = earlier.channel(name).view
        for frame in of(frames, name):
            if frame.n > earlier.channel(name).n:
                view = merge(view, json.loads(text(frame.patch)))
        assert text(view) == text(channel.view)


def test_the_same_record_gives_the_same_frames() -> None:
    story, _, frames = told()
    assert story.frames()[1] == frames


@pytest.mark.parametrize("co_open", [False, True])
def test_before_the_close_nothing_of_a_bidder_reaches_anybody_but_itself(co_open: bool) -> None:  # noqa: FBT001 - a parameter of the test
    story = Story(co_open=co_open)
    story.opened_up()
    projection, frames = story.frames()
    for who in story.bidder.values():
        secrets = {who.account, who.name, who.organisation, who.organisation_name, who.keyid}
        secrets |= {
            bid for bid, sealed in story.sealed.items() if sealed.params.bidder == who.organisation
        }
        secrets |= {
            sealed.bid.root
            for sealed in story.sealed.values()
            if sealed.params.bidder == who.organisation
        }
        others = {bidder_channel(one) for one in story.bidder.values() if one != who}
        for channel in {*BEFORE_CLOSE, *others}:
            seen = text([[f.event, f.patch] for f in of(frames, channel)])
            seen += text(projection.channel(channel).view)
            assert not [secret for secret in secrets if secret in seen], channel
    asked = text(projection.channel("clerk").view)
    assert "丙公司询问" in asked
    assert "丙公司询问" not in text(projection.channel("hall").view)


def test_what_channels_count_before_the_close_does_not_depend_on_the_bids() -> None:
    few, many = Story(bidders=1), Story(bidders=3)
    for story in (few, many):
        story.open_up()
        for bidder in story.bidder:
            story.bid(bidder)
    for channel in BEFORE_CLOSE:
        ((one, _), (other, _)) = (story.frames() for story in (few, many))
        assert one.channel(channel).n == other.channel(channel).n


def test_a_price_is_told_in_the_hall_when_it_is_read_out_and_not_before() -> None:
    story = Story()
    bids = story.decrypted()
    first, second = list(story.session().opened)[:2]
    story.read(bid=first)
    projection, _ = story.frames()
    lines = projection.channel("hall").view["sessions"][f"{SECTION}-1"]["bids"]
    assert "line" in lines[first]
    assert "line" not in lines[second]
    assert "form" not in lines[second]
    assert "opened" in lines[second]
    clerk = projection.channel("clerk").view["sessions"][f"{SECTION}-1"]["bids"]
    assert "line" in clerk[second]
    assert set(lines) >= set(bids.values())


def test_sign_ins_before_the_close_are_told_in_the_hall_at_the_close() -> None:
    story = Story()
    story.opened_up()
    before, _ = story.frames()
    assert "sessions" not in before.channel("hall").view
    assert f"{SECTION}-1" in before.channel(bidder_channel(story.bidder[1])).view["sessions"]
    story.close_now()
    after, _ = story.frames()
    session = after.channel("hall").view["sessions"][f"{SECTION}-1"]
    assert {one["role"] for one in session["sign_ins"].values()} == {"clerk", "bidder", "custodian"}


@pytest.mark.parametrize(("envelopes", "co_open"), [(1, False), (1, True), (2, False)])
def test_the_stage_in_the_hall_is_the_stage_of_the_rules(envelopes: int, co_open: bool) -> None:  # noqa: FBT001 - a parameter of the test
    story, *_ = told(envelopes, co_open=co_open)
    projection = Projection(PROJECT)
    for happened in story.entries():
        projection.show(happened)
        view = projection.channel("hall").view
        for place, session in projection.state.opening.sessions.items():
            shown = view.get("sessions", {}).get(f"{place[0]}-{place[1]}", {"stage": "lobby"})
            assert shown.get("stage", "lobby") == session.stage
            windows = {name: one["until"] for name, one in shown.get("windows", {}).items()}
            assert windows == dict(session.windows)
            assert ("paused" in shown) == (session.paused is not None)


def test_secrets_and_shares_are_in_no_channel() -> None:
    story, projection, frames = told(co_open=True)
    everything = text([[f.event, f.patch] for f in frames])
    everything += text([one.view for one in projection.channels.values()])
    session = story.session()
    hidden = set(session.secrets.values())
    for shares in (*session.partials.values(), session.release or {}):
        hidden |= {share.hex() for share in shares.values()}
    for event, _ in story.record:
        signed = getattr(event, "envelope", None)
        if isinstance(signed, Signed):
            hidden |= {signed.payload, *(one.sig for one in signed.signatures)}
    assert hidden
    assert not [one for one in hidden if one in everything]


def test_no_number_of_the_record_is_in_any_channel() -> None:
    _, projection, frames = told()
    everything = text([[f.event, f.patch] for f in frames])
    everything += text([one.view for one in projection.channels.values()])
    assert '"seq"' not in everything


def test_the_public_learns_of_a_project_with_its_notice() -> None:
    story = Story()
    story.open_up()
    projection, frames = story.frames()
    assert of(frames, "public")[0].event["type"] == "project.notice_published"
    view = projection.channel("public").view
    assert view["project"]["number"] == "ZB-2026-018"
    assert "people" not in view


def test_the_view_holds_no_null() -> None:
    _, projection, _ = told()
    assert not [name for name, one in projection.channels.items() if "null" in text(one.view)]
