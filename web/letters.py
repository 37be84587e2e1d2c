"""What an entry of an inbox says, on a page and in a letter; it must not send either."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import Row

from opening.participants import Role
from project.state import ProjectState
from web import texts
from web.moments import moment
from web.settings import Settings

_DESK = "/projects/{project}/desk/{section}"
_HALL = "/projects/{project}/hall/{section}-{envelope}"
_PAGES: Mapping[tuple[Role | None, str], tuple[str, ...]] = {
    ("custodian", "/custodian"): (
        "ceremony", "ceremony_deal", "ceremony_certify", "release",
    ),
    ("supervisor", "/supervisor"): (
        "question_check", "answer_check", "member_left", "correction_answered", "prices_checked",
        "evaluation_paused", "evaluation_resumed", "state_differed", "locked", "report",
        "report_finished", "reevaluation", "remarks_locked", "reevaluation_dropped",
    ),
    ("bidder", "/bidder"): (
        "clarification", "correction", "candidates", "result_answered", "result_withdrawn",
        "result_restored", "evaluation_paused", "evaluation_resumed",
    ),
    ("clerk", "/clerk/{project}/publication/{section}"): ("result_objection",),
    ("clerk", "/clerk/{project}"): (
        "question", "outage", "supervisor_notice", "member_left", "state_differed", "locked",
        "report_finished", "remarks_locked",
    ),
    ("expert", _DESK): (
        "committee", "report", "answer_shown", "correction_vote", "correction_answered",
        "prices_checked", "evaluation_paused", "evaluation_resumed", "locked", "report_finished",
        "reevaluation", "remarks_locked", "reevaluation_dropped",
    ),
    (None, _HALL): (
        "window", "objection", "objection_answered", "minutes", "ended", "closed", "due_1",
    ),
}  # fmt: skip
"""The page on which somebody of a role, or anybody, can do or see something about a kind of news.

Of others it is the project's, where everybody finds what its own seat is shown.
"""
_WAYS = {(role, kind): page for (role, page), kinds in _PAGES.items() for kind in kinds}


def sentence(language: texts.Language, kind: str, facts: Mapping[str, Any]) -> str:
    """Say what happened."""
    told = dict(facts)
    for name in ("deadline", "until", "due"):
        if name in told:
            told[name] = moment(int(told[name]))
    if "window" in told:
        told["window"] = texts.say(language, f"window {told['window']}")
    said = texts.say(language, f"inbox {kind}", **told)
    if "code" in facts:
        said += " " + texts.reason(language, str(facts["code"]))
    return said


def heading(state: ProjectState, facts: Mapping[str, Any]) -> str:
    """Name the project, and the section where there are several."""
    title = f"{state.created.number} {state.created.title}" if state.created else ""
    section = state.opening.sections.get(str(facts.get("section")))
    if section is None or len(state.opening.sections) < 2:
        return title
    return f"{title} · {section.terms.title}"


def way(project: str, kind: str, facts: Mapping[str, Any], roles: Collection[str]) -> str:
    """Return the page on which something can be done about it.

    Args:
        project: whose news it is.
        kind: of the news.
        facts: of it.
        roles: of whoever was told, in that project.
    """
    pages = [page for (role, of), page in _WAYS.items() if of == kind and role in {None, *roles}]
    page = pages[0] if pages else ""
    if not page or ("{section}" in page and "section" not in facts):
        page = "/projects/{project}"
    return page.format(**{"envelope": 1, **facts, "project": project})


def letter(
    settings: Settings,
    language: texts.Language,
    state: ProjectState,
    row: Row[Any],
    facts: Mapping[str, Any],
) -> EmailMessage:
    """Write the letter of an entry; nothing in it lets anybody in."""
    said, about = sentence(language, row.kind, facts), heading(state, facts)
    message = EmailMessage()
    message["Subject"] = f"{said} {about}"[:200]
    message["From"] = settings.mail_from
    message["To"] = row.address
    message["Date"] = format_datetime(datetime.fromtimestamp(row.at / 1000, UTC))
    message["Message-ID"] = f"<{row.entry}@{settings.origin.host}>"
    message["Auto-Submitted"] = "auto-generated"
    link = f"{settings.origin_text}/inbox/{row.entry}"
    end = texts.say(
        language,
        "You get this because you gave this address to {name}.",
        name=settings.installation_name,
    )
    message.set_content(f"{about}\n{said}\n\n{link}\n\n--\n{end}\n")
    return message
