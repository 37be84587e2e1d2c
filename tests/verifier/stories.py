"""Stories whose records must hold: what may happen in a project, told once each."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from evaluation.stage import opened_first
from opening.commands import (
    AbortCeremony,
    ApproveContinuation,
    EraseKey,
    ExpireCeremony,
    ExtendWindow,
    PauseSession,
    ResumeSession,
)
from opening.messages import Amendment, CeremonyAbort, Erase, FailedBidder, StageDecision
from project.commands import (
    AcknowledgeNotice,
    Amend,
    AnswerQuestion,
    AskQuestion,
    BindParticipant,
    ChangeKey,
    CorrectProject,
    DecideOutage,
    DecideStage,
    KnownAccount,
    NoteOutage,
    RaiseNotice,
    ReleaseParticipant,
    ResumeSection,
    SuspendSection,
    TerminateSection,
)
from record.rules import Facts
from tests.opening.parties import Party, ed25519, p256
from tests.opening.world import (
    DEADLINE,
    FIRST,
    HOUR,
    MINUTE,
    PROJECT,
    SECOND,
    SECTION,
    SERVICE,
)
from tests.project.whole import Whole
from tests.verifier.evaluated import (
    awarded,
    blind,
    blind_decided,
    blind_ended,
    clarified,
    corrected,
    correcting,
    enough,
    evaluated,
    evaluated_twice,
    lacking,
    lacking_decided,
    lacking_published,
    left_open,
    nobody_won,
)
from tests.verifier.paused import paused
from tests.verifier.reevaluated import given_up, reevaluated, reevaluated_twice
from tests.verifier.told import Told


def plain(**changes: Any) -> Told:
    """One envelope from its draft to the end of its session, a bid withdrawn and made again."""
    world = Told(**changes)
    world.opened_up()
    world.withdraw(1, world.bid(1))
    world.bid(1)
    world.everybody_signs_in()
    return held(world)


def co_opened() -> Told:
    """Bidders co-open; one keeps its secret, one bid is of another shape inside."""
    world = Told(co_open=True, bidders=4, minimum=2)
    world.open_up()
    bids = [world.bid(1), world.bid(2), world.bid(3), world.bid(4, content=b"not a package")]
    world.at(DEADLINE)
    world.announce()
    world.release_secret(1, bids[0])
    world.window("secrets")
    world.release_secret(2, bids[1])
    world.release_secret(4, bids[3])
    world.at(world.session().windows["secrets"])
    world.order()
    world.decrypt(FIRST)
    world.finish_reading(FIRST)
    world.ended()
    return world


def drawn() -> Told:
    """Something is drawn; one party does not reveal and all draw anew without it."""
    world = Told(draws=("0.95", "0.96", "0.97"))
    world.opened_up()
    world.everybody_signs_in()
    world.at(DEADLINE)
    world.announce()
    world.order()
    world.decrypt(FIRST)
    world.read()
    first = world.start_draw()
    for who in world.drawers:
        world.commit(who, first)
    world.do_duties()
    for who in world.drawers[:2]:
        world.reveal(who, first)
    world.at(world.session().windows["draw"])
    again = world.drawing().draw
    left = [who for who in world.drawers if who != world.bidder[1]]
    for who in left:
        world.commit(who, again)
    world.do_duties()
    for who in left:
        world.reveal(who, again)
    world.window("confirm")
    for number, bid in enumerate(world.session().opened, 1):
        world.confirm(number, bid)
    world.window("objections")
    world.answer(world.object(2, "唱标不清。"))
    world.ended()
    return world


def two_envelopes() -> Told:
    """The second envelope is opened only for those the committee lets through."""
    world = Told(envelopes=2, draws=("1", "2"))
    world.opened_up()
    world.withdraw(3, world.last_of(3))
    world.bid(3)
    world.at(DEADLINE)
    place = FIRST
    world.do(world.clerk.actor, ApproveContinuation(section=SECTION, approval="7", reason="r"))
    world.do_duties()
    world.announce()
    world.order()
    world.decrypt(place)
    world.finish_reading(place)
    world.ended(place)
    passed = world.bidder[2].organisation
    failed = sorted(opened_first(world.state, SECTION) - {passed})
    decision = StageDecision(
        v=1,
        project=PROJECT,
        section=SECTION,
        passed=(passed,),
        failed=tuple(FailedBidder(organisation=one, reason="No licence") for one in failed),
    )
    world.do(world.clerk.actor, DecideStage(message=world.clerk.sign(decision)))
    world.do_duties()
    world.sign_in(world.bidder[1], SECOND)
    world.announce(SECOND)
    world.order(SECOND)
    world.decrypt(SECOND)
    world.finish_reading(SECOND)
    world.ended(SECOND)
    return world


def troubled() -> Told:
    """The head corrected, attempts fail; notices, a pause, a new key, refusals, a lost file."""
    world = Told(n=3, k=2, bidders=4)
    world.drafted()
    correct = CorrectProject(number="1", title="A bridge", tenderer="T", agency="A")
    world.do(world.clerk.actor, correct)
    _abort_for_a_bad_share(world)
    _abort_for_a_lost_kit(world)
    _expire(world)
    key = world.ceremony(attempt=4)
    world.rehearse(key, 2)
    world.published()
    asked = AskQuestion(section=SECTION, text="What colour?")
    world.do(world.bidder[1].actor, asked)
    (question,) = world.whole.questions
    answer = AnswerQuestion(question=question, text="Which colour?", answer="Red.")
    world.do(world.clerk.actor, answer)
    for bidder in world.bidder:
        world.bid(bidder)
    again = world.seal(1)
    world.is_refused(1, replace(again, bid=again.bid.model_copy(update={"size": 7})), "bids.proof")
    change_key(world, 2)
    world.bid(2)
    late = world.seal(3)
    world.everybody_signs_in()
    world.gone.add(world.last_of(4))
    world.at(DEADLINE)
    world.is_refused(3, late, "bids.closed")
    world.announce()
    _notice(world)
    world.do(world.clerk.actor, PauseSession(section=SECTION, envelope=1, reason="power"))
    world.now += MINUTE
    world.do(world.clerk.actor, ResumeSession(section=SECTION, envelope=1))
    world.order()
    world.partials((3, 1))
    world.release()
    world.do_duties()
    world.read()
    world.window("confirm")
    until = world.session().windows["confirm"] + MINUTE
    extend = ExtendWindow(
        section=SECTION, envelope=1, window="confirm", until=until, reason="absent"
    )
    world.do(world.clerk.actor, extend)
    world.at(until)
    world.window("objections")
    world.ended()
    for attempt in list(world.state.attempts.values()):
        made = attempt.status == "made"
        key_id = world.state.keys[FIRST].key_id if made else None
        erase = Erase(v=1, project=PROJECT, sid=attempt.sid, key_id=key_id)
        signed = world.timekeeper.sign(erase)
        world.do(world.timekeeper.actor, EraseKey(message=signed))
    return world


def moved() -> Told:
    """An amendment replaces bids, a suspension and an outage move the deadline."""
    world = Told(minimum=1)
    world.opened_up()
    amendment = Amendment(
        v=1,
        project=PROJECT,
        section=SECTION,
        text="Another drawing.",
        documents=(),
        affects_bids=True,
        bids="replace",
        deadline=DEADLINE + HOUR,
    )
    world.do(world.clerk.actor, Amend(message=world.clerk.sign(amendment)))
    world.do(world.clerk.actor, SuspendSection(section=SECTION, reason="a complaint"))
    world.now += 5 * MINUTE
    world.do(world.clerk.actor, ResumeSection(section=SECTION))
    world.bid(2)
    deadline = world.state.sections[SECTION].terms.deadline
    world.now = deadline
    away = Facts(away=((deadline - MINUTE, deadline),))
    world.do(SERVICE, NoteOutage(section=SECTION), away)
    decide = DecideOutage(
        section=SECTION, decision="extend", deadline=deadline + HOUR, reason="power"
    )
    world.do(world.clerk.actor, decide)
    world.bid(3)
    world.at(deadline + HOUR)
    world.announce()
    world.order()
    world.decrypt(FIRST)
    world.finish_reading(FIRST)
    world.ended()
    return world


def terminated() -> Told:
    """A section ends while bids are taken; the key is erased and nothing was opened."""
    world = Told()
    world.opened_up()
    world.do(world.clerk.actor, TerminateSection(section=SECTION, reason="no money"))
    key = world.state.keys[FIRST]
    erase = Erase(v=1, project=PROJECT, sid=key.sid, key_id=key.key_id)
    world.do(world.timekeeper.actor, EraseKey(message=world.timekeeper.sign(erase)))
    return world


def handed_over() -> Told:
    """The office goes to a deputy while bids are taken, and on to another once it has ordered."""
    world = Told(minimum=1)
    world.opened_up()
    hand_over(world, "deputy")
    world.bid(1)
    world.everybody_signs_in()
    world.at(DEADLINE)
    world.announce()
    world.order()
    hand_over(world, "stand-in")
    world.decrypt(FIRST)
    world.finish_reading(FIRST)
    world.ended()
    return world


STORIES: dict[str, Callable[[], Told]] = {
    "plain": plain,
    "co_opened": co_opened,
    "drawn": drawn,
    "two_envelopes": two_envelopes,
    "troubled": troubled,
    "moved": moved,
    "terminated": terminated,
    "handed_over": handed_over,
    "evaluated": evaluated,
    "evaluated_twice": evaluated_twice,
    "blind": blind,
    "blind_decided": blind_decided,
    "blind_ended": blind_ended,
    "clarified": clarified,
    "left_open": left_open,
    "correcting": correcting,
    "corrected": corrected,
    "enough": enough,
    "lacking": lacking,
    "lacking_decided": lacking_decided,
    "lacking_published": lacking_published,
    "awarded": awarded,
    "nobody_won": nobody_won,
    "paused": paused,
    "reevaluated": reevaluated,
    "reevaluated_twice": reevaluated_twice,
    "given_up": given_up,
}


def held(world: Told) -> Told:
    """Open everything that was bid, from the deadline to the end."""
    world.at(DEADLINE)
    world.announce()
    world.order()
    world.decrypt(FIRST)
    world.finish_reading(FIRST)
    world.ended()
    return world


def _abort_for_a_bad_share(world: Told) -> None:
    sid = world.start()
    world.each(world.join, sid)
    dealt = world.dealt(sid, 3)
    spoiled = bytes(48)
    for i in (0, 1, 2):
        world.deal(sid, i)
    world.deal(sid, 3, replace(dealt, shares=(spoiled, *dealt.shares[1:])))
    secret = world.holder(1).secrets(bytes.fromhex(sid), world.k).static
    abort = CeremonyAbort(v=1, sid=sid, i=1, offender=3, cause="share", d=secret.to_bytes(32).hex())
    signed = world.holder(1).sign(abort)
    world.do(world.holder(1).actor, AbortCeremony(message=signed))


def _abort_for_a_lost_kit(world: Told) -> None:
    sid = world.start(attempt=2)
    abort = CeremonyAbort(v=1, sid=sid, i=2, offender=2, cause="kit")
    world.do(world.holder(2).actor, AbortCeremony(message=world.holder(2).sign(abort)))


def _expire(world: Told) -> None:
    sid = world.start(attempt=3)
    world.join(sid, 0)
    world.now += HOUR
    world.do(SERVICE, ExpireCeremony(sid=sid))


def change_key(world: Told, bidder: int) -> None:
    """Let a bidder sign with another key from now on."""
    who = world.bidder[bidder]
    new = replace(who, key=p256(who.account + "/new"))
    known = _known(new, (who.keyid, who.spki), (new.keyid, new.spki))
    command = ChangeKey(role="bidder", keyid=new.keyid, reason="a lost card")
    world.do(who.actor, command, checked=known)
    world.bidder[bidder] = new


@dataclass(frozen=True)
class Deputy(Party):
    """Somebody of the office of a clerk."""

    office: Party = field(kw_only=True)

    @property
    def organisation(self) -> str:
        return self.office.organisation


def hand_over(world: Whole, account: str) -> None:
    """Bind another clerk of the same office, who releases the one there was."""
    old = world.clerk
    new = Deputy(account, "clerk", ed25519(account), office=old)
    bind = BindParticipant(account=account, role="clerk")
    world.do(old.actor, bind, checked=_known(new, (new.keyid, new.spki)))
    release = ReleaseParticipant(account=old.account, role="clerk", reason="another post")
    world.do(new.actor, release)
    world.clerk = new


def _known(who: Party, *keys: tuple[str, str]) -> KnownAccount:
    return KnownAccount(
        account=who.account,
        name=who.name,
        organisation=who.organisation,
        organisation_name=who.organisation_name,
        organisation_code="1",
        roles=(who.role,),
        keys=keys,
    )


def _notice(world: Told) -> None:
    raised = RaiseNotice(section=SECTION, text="One door is locked.", pause=True)
    world.do(world.supervisor.actor, raised)
    (name,) = world.whole.notices
    world.do(world.clerk.actor, AcknowledgeNotice(notice=name, reply="It is open now."))
