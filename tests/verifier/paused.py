"""A story of a committee that pauses, whose record must hold: lunch, a fault, the night."""

from evaluation.clarification import MINUTE
from evaluation.commands import Say
from tests.verifier.evaluated import SCORED, VALUES, Judging, hold_session
from tests.verifier.told import Told

HOUR = 60 * MINUTE


def paused() -> Told:
    """Lunch with a question out and a suspension within; a fault between envelopes; the night."""
    world = Told(rule=SCORED, draws=VALUES, bidders=3, envelopes=2)
    world.opened_up()
    hold_session(world, 1)
    sitting = Judging(world).bind().convene("seat")
    assert isinstance(sitting, Judging)
    for seat in sitting.people:
        sitting.sit(seat)
    sitting.elect(1)
    sitting.act(2, Say, text="请各位先看第三章。")
    question = sitting.ask(sitting.bids[0], period=30 * MINUTE)
    sitting.pause()
    world.now += 10 * MINUTE
    sitting.suspended(HOUR)
    sitting.go_on()
    world.now += 20 * MINUTE
    sitting.clarified(question, accepting=3)
    sitting.reviewed()
    sitting.submit(1)
    sitting.paused(HOUR, "fault")
    for seat in (2, 3, 4, 5):
        sitting.submit(seat)
    sitting.decide_stage(tuple(world.state.bids[bid].organisation for bid in sitting.bids))
    world.do_duties()
    hold_session(world, 2)
    sitting.priced()
    sitting.draw_up()
    sitting.sign(2, "对评分有不同意见")
    sitting.paused(14 * HOUR, "overnight")
    for seat in (1, 3, 4, 5):
        sitting.sign(seat)
    sitting.finish()
    return world
