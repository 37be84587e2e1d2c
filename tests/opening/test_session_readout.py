from opening.events import BidReadOut, LineConfirmed, ObjectionAnswered, WindowEnded
from record.errors import NotAllowed, NotFound, OutOfOrder, TooLate
from tests.opening.day import Day
from tests.opening.parties import party
from tests.opening.refusals import refused


def confirming() -> tuple[Day, dict[int, str]]:
    day = Day()
    bids = day.decrypted()
    day.read()
    day.draw()
    day.window("confirm")
    return day, bids


def test_bids_are_read_out_one_by_one_in_the_order_of_submission() -> None:
    day = Day()
    bids = day.decrypted()
    with refused(OutOfOrder, "opening.not_next"):
        day.read(bid=bids[2])
    for bid in bids.values():
        (event,) = day.read(bid=bid)
        assert event == BidReadOut(bid=bid)
    assert day.session().read_out == tuple(bids.values())
    with refused(OutOfOrder, "opening.all_read_out"):
        day.read()


def test_all_that_are_left_are_read_out_at_once() -> None:
    day = Day()
    bids = day.decrypted()
    day.read(bid=bids[1])
    assert day.read() == (BidReadOut(bid=bids[2]), BidReadOut(bid=bids[3]))


def test_a_bid_that_did_not_open_is_not_read_out() -> None:
    day = Day()
    bids = day.ordered()
    day.gone.add(bids[1])
    day.decrypt(("s1", 1))
    with refused(NotFound, "opening.not_opened"):
        day.read(bid=bids[1])
    day.read()
    assert day.session().read_out == (bids[2], bids[3])


def test_nothing_is_read_out_before_the_last_bid_is_opened() -> None:
    day = Day()
    day.ordered()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.read()


def test_each_bidder_confirms_its_own_line_and_the_last_one_ends_the_window() -> None:
    day, bids = confirming()
    assert day.confirm(1, bids[1]) == (LineConfirmed(bid=bids[1], account="bidder-1"),)
    day.confirm(2, bids[2])
    assert isinstance(day.confirm(3, bids[3])[1], WindowEnded)
    day.window("objections")


def test_a_line_is_confirmed_by_its_bidder_alone_and_once() -> None:
    day, bids = confirming()
    with refused(NotAllowed, "opening.not_own_bid"):
        day.confirm(1, bids[2])
    day.confirm(1, bids[1])
    with refused(OutOfOrder, "opening.already_confirmed"):
        day.confirm(1, bids[1])


def test_a_line_that_was_never_opened_is_not_confirmed() -> None:
    day = Day()
    bids = day.ordered()
    day.gone.add(bids[1])
    day.decrypt(("s1", 1))
    day.read()
    day.draw()
    day.window("confirm")
    with refused(NotFound, "opening.not_opened"):
        day.confirm(1, bids[1])
    day.confirm(2, bids[2])
    assert isinstance(day.confirm(3, bids[3])[1], WindowEnded)


def test_a_line_is_confirmed_in_its_window_only() -> None:
    day, bids = confirming()
    day.now = day.session().windows["confirm"]
    with refused(TooLate, "opening.window_over"):
        day.confirm(1, bids[1])
    day.do_duties()
    with refused(OutOfOrder, "opening.window_not_open"):
        day.confirm(1, bids[1])


def test_objections_are_answered_on_the_spot() -> None:
    day = Day()
    day.objecting()
    objection = day.object(1, "项目负责人姓名有误")
    (event,) = day.answer(objection)
    assert isinstance(event, ObjectionAnswered)
    assert day.session().objections[objection].answer == "已核实。"
    with refused(OutOfOrder, "opening.already_answered"):
        day.answer(objection)


def test_only_who_bid_objects_and_only_in_the_window() -> None:
    day = Day(bidders=4, minimum=1)
    day.open_up()
    for bidder in (1, 2, 3):
        day.bid(bidder)
    day.at(day.state.sections["s1"].terms.deadline)
    day.announce()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.object(1, "早了")
    day.order()
    day.decrypt(("s1", 1))
    day.finish_reading(("s1", 1))
    with refused(NotAllowed, "opening.not_announced"):
        day.object(4, "没有投标")
    day.bidder[9] = party("bidder", 9)
    with refused(NotAllowed, "opening.not_bound"):
        day.object(9, "没有参与")
    objection = day.object(1, "按时")
    day.now = day.session().windows["objections"]
    with refused(TooLate, "opening.window_over"):
        day.object(1, "晚了")
    day.do_duties()
    with refused(OutOfOrder, "opening.window_not_open"):
        day.object(1, "更晚")
    day.answer(objection)


def test_an_objection_nobody_raised_is_not_answered() -> None:
    day = Day()
    day.objecting()
    with refused(NotFound, "opening.no_such_objection"):
        day.answer("0" * 32)
