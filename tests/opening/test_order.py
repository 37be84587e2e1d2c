from opening.commands import IssueOrder
from opening.decryption import FURTHEST
from opening.messages import OpeningOrder
from opening.order import due_bids, opening_list
from opening.state import Place
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from tests.opening.day import Day
from tests.opening.parties import Party, ed25519
from tests.opening.refusals import refused
from tests.opening.world import DEADLINE, FIRST, SECOND, SECTION


def names(day: Day, place: Place = FIRST) -> list[str]:
    return [line.bid for line in opening_list(day.state, place)]


def issue(day: Day, order: OpeningOrder, who: Party | None = None) -> None:
    signed = (who or day.clerk).sign(order)
    day.do((who or day.clerk).actor, IssueOrder(message=signed))


def changed(order: OpeningOrder, **changes: object) -> OpeningOrder:
    return OpeningOrder.model_validate({**order.model_dump(), **changes})


# The rule


def test_before_the_close_the_list_is_empty() -> None:
    day = Day()
    day.opened_up()
    assert names(day) == []


def test_the_list_has_every_live_bid_by_seq_with_its_statement() -> None:
    day = Day()
    bids = day.opened_up()
    replaced = day.bid(1)
    day.close_now()
    assert names(day) == [bids[2], bids[3], replaced]
    lines = opening_list(day.state, FIRST)
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)
    for line in lines:
        bid = day.state.bids[line.bid]
        assert (line.seq, line.enc, line.stmt) == (bid.stamp.seq, bid.enc.hex(), bid.stmt.hex())


def test_a_withdrawn_bid_and_a_lost_file_are_not_on_it() -> None:
    day = Day(minimum=1)
    bids = day.opened_up()
    day.withdraw(1, bids[1])
    day.gone.add(bids[2])
    day.at(DEADLINE)
    assert names(day) == [bids[3]]
    assert [bid.bid for bid in due_bids(day.state, FIRST)] == [bids[2], bids[3]]


def test_a_bid_is_on_it_once_its_secret_is_released() -> None:
    day = Day(co_open=True)
    bids = day.closed()
    assert names(day) == []
    day.release_secret(2, bids[2])
    assert names(day) == [bids[2]]


def test_a_second_envelope_is_on_it_once_the_first_was_opened_and_let_through() -> None:
    day = Day(envelopes=2)
    bids = day.opened_up()
    day.at(DEADLINE)
    day.announce()
    day.order()
    day.damaged[bids[2]] = day.sealed[bids[2]].file[:-1]
    day.decrypt(FIRST)
    assert names(day, SECOND) == []
    day.passed_on(1, 2)
    second = [bid.organisation for bid in day.state.bids.values() if bid.bid in names(day, SECOND)]
    assert second == [day.bidder[1].organisation]


def test_a_bid_without_its_other_half_is_on_neither_list() -> None:
    day = Day(envelopes=2, minimum=1)
    day.open_up()
    whole = day.bid(1)
    day.bid(1, 2)
    day.bid(2)
    day.bid(3, 2)
    day.close_now()
    assert names(day) == [whole]


# The order


def test_the_order_is_issued_over_exactly_the_list() -> None:
    day = Day()
    day.announced()
    order = day.order_message()
    for wrong in (order.bids[1:], order.bids[::-1], (*order.bids, order.bids[0]), ()):
        with refused(NotValid, "opening.not_the_list"):
            issue(day, changed(order, bids=wrong))
    other = order.bids[0].model_copy(update={"stmt": "0" * 64})
    with refused(NotValid, "opening.not_the_list"):
        issue(day, changed(order, bids=(other, *order.bids[1:])))
    issue(day, order)
    assert day.session().stage == "decrypting"
    assert day.session().order == order


def test_there_is_one_order_for_a_key_for_ever() -> None:
    day = Day()
    day.ordered()
    with refused(OutOfOrder, "opening.already_ordered"):
        day.order()
    day.decrypt(FIRST)
    with refused(OutOfOrder, "opening.already_ordered"):
        day.order()


def test_an_order_names_this_project_this_place_and_this_key() -> None:
    day = Day()
    day.announced()
    order = day.order_message()
    with refused(NotValid, "opening.wrong_project"):
        issue(day, changed(order, project="0" * 32))
    with refused(NotValid, "opening.wrong_key"):
        issue(day, changed(order, key_id="0" * 64))
    with refused(NotFound, "opening.no_such_section"):
        issue(day, changed(order, section="s9"))
    with refused(NotFound, "opening.no_such_envelope"):
        issue(day, changed(order, envelope=2))


def test_an_order_is_scheduled_after_the_deadline_and_within_a_day() -> None:
    day = Day()
    day.announced()
    order = day.order_message()
    with refused(NotValid, "opening.before_deadline"):
        issue(day, changed(order, scheduled_at=DEADLINE - 1))
    with refused(NotValid, "opening.too_far_ahead"):
        issue(day, changed(order, scheduled_at=day.now + FURTHEST + 1))
    issue(day, changed(order, scheduled_at=DEADLINE))


def test_an_order_is_the_clerks() -> None:
    day = Day()
    day.announced()
    order = day.order_message()
    with refused(NotValid, "message.not_signer"):
        issue(day, order, day.supervisor)
    signed = day.clerk.sign(order)
    with refused(NotAllowed, "opening.not_bound"):
        day.do(day.supervisor.actor, IssueOrder(message=signed))
    forged = Party("clerk", "clerk", ed25519("other")).sign(order)
    named = forged.signatures[0].model_copy(update={"keyid": day.clerk.keyid})
    with refused(NotValid, "message.signature"):
        day.do(
            day.clerk.actor,
            IssueOrder(message=forged.model_copy(update={"signatures": (named,)})),
        )


def test_no_order_comes_before_the_announcement() -> None:
    day = Day()
    day.closed()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.order()


def test_no_order_comes_while_bidders_may_still_release_their_secrets() -> None:
    day = Day(co_open=True)
    bids = day.announced()
    day.release_secret(1, bids[1])
    with refused(OutOfOrder, "opening.secrets_running"):
        day.order()
    day.window("secrets")
    with refused(OutOfOrder, "opening.secrets_running"):
        day.order()
    day.at(day.session().windows["secrets"])
    day.order()


def test_an_order_of_another_section_does_not_fit() -> None:
    day = Day()
    day.announced()
    assert day.order_message().section == SECTION
    with refused(NotFound, "opening.no_such_section"):
        issue(day, changed(day.order_message(), section="s2"))
