import pytest

from project import questions
from project.commands import AnswerQuestion, AskQuestion, RecordFetch
from project.questions import already_fetched
from record.errors import NotAllowed, NotFound, OutOfOrder, TooLate
from tests.project import world as w

ASK = AskQuestion(section=w.SECTION, text="We of Alpha wonder about page 3.")


def asked(world: w.World) -> str:
    world.does("bidder1", ASK)
    return list(world.state.questions)[-1]


def answer(question: str) -> AnswerQuestion:
    return AnswerQuestion(question=question, text="About page 3?", answer="See page 4.")


def test_an_answer_carries_the_clerks_words_and_no_asker() -> None:
    world = w.published()
    (event,) = world.does("clerk", answer(asked(world)))
    assert b"Alpha" not in event.body()
    assert w.organisation("alpha").encode() not in event.body()


def test_questions_end_at_their_deadline() -> None:
    world = w.published()
    world.now = world.terms.question_deadline
    with pytest.raises(TooLate, match=r"project\.questions_closed"):
        world.does("bidder1", ASK)
    world.now -= 1
    assert world.does("bidder1", ASK)


def test_the_questions_of_one_organisation_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_QUESTIONS", 1)
    world = w.published()
    asked(world)
    with pytest.raises(OutOfOrder, match=r"project\.too_many_questions"):
        world.does("bidder1", ASK)
    assert world.does("bidder2", ASK)


def test_only_a_bidder_of_this_project_asks() -> None:
    world = w.published()
    with pytest.raises(NotAllowed, match=r"project\.not_permitted"):
        world.does("bidder3", ASK)
    with pytest.raises(NotAllowed, match=r"project\.not_bound"):
        questions.ask_question(world.state, ASK, w.given("bidder3", world.now))


def test_a_question_is_answered_once_and_before_the_deadline() -> None:
    world = w.published()
    question = asked(world)
    world.now = w.DEADLINE
    with pytest.raises(TooLate, match=r"project\.deadline_passed"):
        world.does("clerk", answer(question))
    world.now -= 1
    world.does("clerk", answer(question))
    with pytest.raises(OutOfOrder, match=r"project\.already_answered"):
        world.does("clerk", answer(question))


def test_a_question_nobody_asked_has_no_answer() -> None:
    world = w.published()
    with pytest.raises(NotFound, match=r"project\.no_such_subject"):
        world.does("clerk", answer("ee" * 16))
    with pytest.raises(NotFound, match=r"project\.no_such_question"):
        questions.answer_question(world.state, answer("ee" * 16), w.given("clerk", world.now))


def fetch(world: w.World, who: str = "alpha") -> RecordFetch:
    document = next(iter(world.state.documents))
    return RecordFetch(document=document, organisation=w.organisation(who))


def test_a_fetch_is_recorded_once() -> None:
    world = w.published()
    command = fetch(world)
    assert not already_fetched(world.state, command.document, command.organisation)
    world.does("service", command)
    assert already_fetched(world.state, command.document, command.organisation)
    with pytest.raises(OutOfOrder, match=r"project\.already_fetched"):
        world.does("service", command)


def test_only_bidders_fetch_and_only_what_is_published() -> None:
    world = w.published()
    with pytest.raises(NotAllowed, match=r"project\.not_bound"):
        world.does("service", fetch(world, "gamma"))
    waiting = world.adds_document("annex.pdf")
    command = fetch(world).model_copy(update={"document": waiting})
    with pytest.raises(NotFound, match=r"project\.no_such_document"):
        world.does("service", command)
