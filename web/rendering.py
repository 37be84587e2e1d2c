"""Pages put together from templates: their environment, its filters, and the frame of every page.

It must not decide who sees what: a template is handed nothing its visitor may not have.
"""

import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import Response

from crypto import fingerprint
from web import bundles, texts
from web.deps import Visitor
from web.moments import local, moment
from web.packing import packed
from web.problems import language_of
from web.settings import Settings

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "kaibiao-language"
PAGE_HEADERS = {
    # a form's own origin is told to its own site and to no other
    "referrer-policy": "same-origin",
    "vary": "cookie, accept-language",
}
KIB = 1024
BY_ROLE = {
    "clerk": ("/clerk", "Preparing and opening"),
    "bidder": ("/bidder", "My bids"),
    "custodian": ("/custodian", "My key shares"),
    "supervisor": ("/supervisor", "Supervision"),
    "expert": ("/expert", "My committees"),
    "administrator": ("/admin", "Administration"),
}
"""Role -> where its own pages begin."""
_DESK = re.compile(r"/projects/[^/]+/desk/")
_TOLD_BY_NAME = (
    "window",
    "cause",
    "blame",
    "role",
    "step",
    "decision",
    "subject",
    "ground",
    "opinion",
)
"""Fields of a line whose values are words of ours."""


@cache
def environment() -> Environment:
    """Return the one environment of all templates."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": moment,
        "day": day,
        "clock": clock,
        "iso": iso,
        "size": size,
        "money": money,
        "words": words,
        "in_order": in_order,
    }
    return made


def page(
    request: Request,
    template: str,
    who: Visitor | None,
    *,
    status: int = 200,
    language: texts.Language | None = None,
    **shown: Any,
) -> Response:
    """Return a page.

    Args:
        request: what asks for it.
        template: its name.
        who: the visitor, if signed in.
        status: of the answer.
        language: unless it is the visitor's.
        shown: what the template is handed.
    """
    settings: Settings = request.app.state.settings
    tongue = language or page_language(request)
    frame = {
        "_": partial(texts.say, tongue),
        "language": tongue,
        "other_language": next(one for one in texts.LANGUAGES if one != tongue),
        "installation": settings.installation_name,
        "who": who,
        "navigation": navigation(who),
        "path": request.url.path,
        "here": _here(request.url.path),
        "assets": bundles.assets(),
        "texts_version": bundles.version(tongue),
        "amount": amount,
        "sentence": partial(sentence, tongue),
        "doer": partial(doer, tongue),
        "demo": request.app.state.demo.told(),
    }
    body = environment().get_template(template).render(frame | shown)
    headers = PAGE_HEADERS | {"content-language": tongue}
    return packed(request.headers, body.encode(), "text/html; charset=utf-8", headers, status)


def navigation(who: Visitor | None) -> tuple[tuple[str, str], ...]:
    """Return the addresses and names of the pages a visitor begins from."""
    if who is None:
        return (("/check", "Check a receipt"), ("/log", "The log"), ("/downloads", "Downloads"))
    of_role = tuple(entry for role, entry in BY_ROLE.items() if role in who.roles)
    return (("/projects", "Projects"), *of_role)


def _here(path: str) -> str:
    """Return where a page stands in the navigation: a desk is its member's own."""
    return "/expert" if _DESK.match(path) else path


def page_language(request: Request) -> texts.Language:
    """Return a page's language: what was switched to, else what answers of the API go by."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    for language in texts.LANGUAGES:
        if chosen == language:
            return language
    return language_of(request)


def day(millis: int) -> str:
    """Return the day of a moment."""
    return f"{local(millis):%Y-%m-%d}"


def clock(millis: int) -> str:
    """Return the time of day of a moment, to the second."""
    return f"{local(millis):%H:%M:%S}"


def money(minor: int) -> str:
    """Return an amount in minor units as people read it."""
    return f"{minor // 100:,}.{minor % 100:02}"


def iso(millis: int) -> str:
    """Return a moment as machines read it."""
    return local(millis).isoformat()


def amount(minor: int) -> str:
    """Return an amount with thousands separators and two decimals."""
    return f"{minor // 100:,}.{minor % 100:02d}"


def size(octets: int) -> str:
    """Return a size as people say it."""
    value, unit = octets, "B"
    for larger in ("KiB", "MiB", "GiB"):
        if value < KIB * 10:
            break
        value, unit = value // KIB, larger
    return f"{value:,} {unit}"


def words(key_id: str) -> list[tuple[str, str]]:
    """Return a key's fingerprint: eight words, each with its character."""
    raw = bytes.fromhex(key_id)
    return list(zip(fingerprint.words(raw), fingerprint.characters(raw), strict=True))


def sentence(
    language: texts.Language, line: Mapping[str, Any], bidders: Mapping[str, str] | None = None
) -> str:
    """Return a line of a timeline in words; the browser's code says the same the same way.

    Args:
        language: of the words.
        line: what happened.
        bidders: bid -> its bidder's name, of those that may be named by now.
    """
    facts = dict(line)
    for field in _TOLD_BY_NAME:
        if field in line:
            facts[field] = texts.say(language, f"{field} {line[field]}")
    if "i" in line:
        holder = "role timekeeper" if line["i"] == 0 else "party {i}"
        facts["party"] = texts.say(language, holder, i=line["i"])
    if "bid" in line:
        facts["bid"] = (bidders or {}).get(line["bid"]) or str(line["bid"])[:8]
    if "code" in line:
        facts["code"] = texts.reason(language, line["code"]).rstrip("。.")
    for field in ("until", "deadline", "due"):
        if field in line:
            facts[field] = moment(line[field])
    kind = f"{line['type']}/returned" if "returned" in line else line["type"]
    return texts.say(language, f"event {kind}", **facts)


def doer(language: texts.Language, line: Mapping[str, Any]) -> str:
    """Return who did what a line tells; nothing where that is not told."""
    who = line.get("who")
    if who is None:
        return ""
    if "name" not in who:
        return texts.say(language, f"role {who['role']}")
    role = texts.say(language, "role " + who["role"])
    return texts.say(language, "{name} ({of})", name=who["name"], of=role)


def in_order(rows: Mapping[str, Mapping[str, Any]], by: str = "n") -> list[tuple[str, Any]]:
    """Return a map's items by one of their fields; those without it come last."""
    return sorted(rows.items(), key=lambda item: (by not in item[1], item[1].get(by, 0)))
