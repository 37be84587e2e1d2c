"""What an entry of an inbox says, on a page and in a letter; it must not send either."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import Row

from project.state import ProjectState
from web import texts
from web.moments import moment
from web.settings import Settings

_PAGES: Mapping[str, tuple[str, ...]] = {
    "/custodian": ("ceremony", "ceremony_deal", "ceremony_certify", "release"),
    "/supervisor": ("question_check", "answer_check"),
    "/bidder": ("clarification", "correction", "candidates", "result_answered"),
    "/clerk/{project}/publication/{section}": ("result_objection",),
    "/clerk/{project}": ("question", "outage", "supervisor_notice"),
    "/projects/{project}/desk/{section}": (
        "committee", "report", "answer_shown", "correction_vote", "correction_answered",
        "prices_checked",
    ),
    "/projects/{project}/hall/{section}-{envelope}": (
        "window", "objection", "objection_answered", "minutes", "ended", "closed", "due_1",
    ),
}  # fmt: skip
"""The page on which something can be done about a kind of news; of others it is the project's."""
_WAYS = {kind: page for page, kinds in _PAGES.items() for kind in kinds}


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


def way(project: str, kind: str, facts: Mapping[str, Any]) -> str:
    """Return the page on which something can be done about it."""
    page = _WAYS.get(kind, "")
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
