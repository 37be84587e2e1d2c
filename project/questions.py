"""Questions about the tender documents, their answers, and who fetched what; pure.

The asker is on the record for the supervisor's eyes after the opening and in no text that others
see: the clerk words both the question and the answer that are published.
"""

from project.commands import AnswerQuestion, AskQuestion, RecordFetch
from project.events import DocumentFetched, QuestionAnswered, QuestionAsked
from project.state import ProjectState
from record.errors import NotAllowed, NotFound, OutOfOrder, TooLate
from record.rules import Given

MOST_QUESTIONS = 50
"""Questions that one organisation may ask about one section."""


def ask_question(
    state: ProjectState, command: AskQuestion, given: Given
) -> tuple[QuestionAsked, ...]:
    """Ask about the tender documents, before the question deadline.

    Refusals: project.questions_closed, project.not_bound, project.too_many_questions.
    """
    if given.received >= state.opening.sections[command.section].terms.question_deadline:
        raise TooLate("project.questions_closed")
    asker = state.opening.participants.get((given.actor.account, "bidder"))
    if asker is None:
        raise NotAllowed("project.not_bound", role="bidder")
    asked = [
        question
        for question in state.questions.values()
        if (question.section, question.organisation) == (command.section, asker.organisation)
    ]
    if len(asked) >= MOST_QUESTIONS:
        raise OutOfOrder("project.too_many_questions", most=MOST_QUESTIONS)
    event = QuestionAsked(
        question=given.new_id("question"),
        section=command.section,
        organisation=asker.organisation,
        text=command.text,
    )
    return (event,)


def answer_question(
    state: ProjectState, command: AnswerQuestion, given: Given
) -> tuple[QuestionAnswered, ...]:
    """Answer a question to all, before the deadline.

    Refusals: project.no_such_question, project.already_answered, project.deadline_passed.

    Source: Law 22 and 23; Regulation 21.
    """
    found = state.questions.get(command.question)
    if found is None:
        raise NotFound("project.no_such_question", question=command.question)
    if found.answer is not None:
        raise OutOfOrder("project.already_answered", question=command.question)
    if given.received >= state.opening.sections[found.section].terms.deadline:
        raise TooLate("project.deadline_passed")
    event = QuestionAnswered(
        question=command.question,
        section=found.section,
        text=command.text,
        answer=command.answer,
    )
    return (event,)


def record_fetch(
    state: ProjectState, command: RecordFetch, _: Given
) -> tuple[DocumentFetched, ...]:
    """Record that a bidder fetched a published document; once is enough.

    Refusals: project.no_such_document, project.not_bound, project.already_fetched.
    """
    found = state.documents.get(command.document)
    if found is None or not found.published:
        raise NotFound("project.no_such_document", document=command.document)
    bidders = {
        bound.organisation
        for (_account, role), bound in state.opening.participants.items()
        if role == "bidder"
    }
    if command.organisation not in bidders:
        raise NotAllowed("project.not_bound", role="bidder")
    if already_fetched(state, command.document, command.organisation):
        raise OutOfOrder("project.already_fetched")
    return (DocumentFetched(document=command.document, organisation=command.organisation),)


def already_fetched(state: ProjectState, document: str, organisation: str) -> bool:
    """Tell whether the record has this fetch, so that the service need not ask again."""
    return (document, organisation) in state.fetched
