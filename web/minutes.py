"""The minutes 开标记录 as a PDF/A that carries the facts it was made from.

It must not decide what is in the minutes: the facts do, and the record has their hash. What it
shows is laid out by web/typst/minutes.typ; every text comes as data and none is read as markup.
The same facts give the same bytes.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import typst

from opening.bid_form import BidForm, read_form
from opening.capitals import chinese_capitals
from opening.forms import form_terms
from opening.messages import EnvelopeNumber, FormField
from project.state import ProjectState
from web import moments, texts
from web.fonts import coverage

Row = dict[str, Any]
Say = Callable[..., str]
TEMPLATES = Path(__file__).parent / "typst"
LANGUAGE: texts.Language = "zh-CN"
"""Minutes are a document of the procedure and are written in its language."""


class FontsMissing(RuntimeError):
    """The machine has no font with Chinese characters; the package is fonts-noto-cjk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no Noto Serif CJK below {folder}; install fonts-noto-cjk")


def render(told: bytes, state: ProjectState, fonts: Path) -> bytes:
    """Return the minutes as a PDF.

    Args:
        told: the facts, canonical JSON.
        state: whose number, title and parties stand at the head.
        fonts: a folder that holds Noto Serif CJK.

    Raises:
        FontsMissing: there is no such font below the folder.
    """
    data = _laid_out(json.loads(told), state)
    return compile_pdf("minutes.typ", fonts, data, facts=told.decode())


def compile_pdf(template: str, fonts: Path, data: Row, **attached: str) -> bytes:
    """Return what a template makes of its data, as PDF/A-3 that is tagged.

    Args:
        template: a file's name.
        fonts: a folder that holds Noto Serif CJK.
        data: what is shown; a sign the font lacks is shown by its number.
        attached: what the template attaches, unchanged.

    Raises:
        FontsMissing: there is no Chinese font below the folder.
    """
    found = next(fonts.rglob("NotoSerifCJK-Regular.ttc"), None)
    if found is None:
        raise FontsMissing(fonts)
    made = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(found.parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(coverage(found).shown(data)), **attached},
        pdf_standards=["a-3a"],
    )
    if not isinstance(made, bytes):
        raise TypeError("a template made more than one document")
    return made


def moment(millis: int | None) -> str:
    """Return a moment as people write it here, to the second, with its zone."""
    if millis is None:
        return "—"
    return moments.moment(millis)


def day(millis: int) -> list[int]:
    """Return year, month and day of a moment, as a document is dated."""
    local = moments.local(millis)
    return [local.year, local.month, local.day]


def money(minor: int) -> str:
    """Return an amount with thousands separators and two decimals."""
    return f"{minor // 100:,}.{minor % 100:02d}"


def _laid_out(told: Row, state: ProjectState) -> Row:
    say: Say = partial(texts.say, LANGUAGE)
    created = state.created
    if created is None:
        raise ValueError("a project that never began has no minutes")
    forms = {bid["bid"]: _form(told, bid, state) for bid in told["bids"]}
    terms = state.opening.sections[told["section"]].terms
    return {
        "lang": "zh",
        "date": day(told["close"]["at"]),
        "labels": _labels(say),
        "number": created.number,
        "title": created.title,
        "tenderer": created.tenderer,
        "section": told["section"],
        "envelope": str(told["envelope"]),
        "heading": _heading(told, state, say),
        "bid_head": [
            say(name)
            for name in ("No.", "Bidder", "Price", "Time limit", "Project leader", "Outcome")
        ],
        "bids": _bids(told, forms, say, partial(field_title, form=terms.form, say=say)),
        "amounts": _amounts(told, forms),
        "other_head": [say("Bidder"), say("Time"), say("What happened")],
        "others": _others(told, say),
        "sign_in_head": [say("Name"), say("Role"), say("Organisation"), say("Time")],
        "sign_ins": _sign_ins(told, state, say),
        "keys": _keys(told, say),
        "changes": _changes(told, state, say),
        "draws": [_draw(draw, say) for draw in told["draws"]],
        "objections": [_objection(one, say) for one in told["objections"]],
        "remarks": [
            [moment(one["at"]), f"{say(one['what'])} {one.get('reason', '')}"]
            for one in told["remarks"]
        ],
        "proof": _proof(told, say),
    }


def _labels(say: Say) -> Row:
    return {
        "title": say("Minutes of the bid opening"),
        "envelope": say("Envelope"),
        "bids": say("Bids read out"),
        "capitals": say("Amounts in words"),
        "others": say("Bids not opened"),
        "sign_ins": say("Signed in"),
        "keys": say("Custodians of the key"),
        "changes": say("Changes of signing keys"),
        "draws": say("Draws"),
        "objections": say("Objections and answers"),
        "remarks": say("Pauses and extensions"),
        "proof": say("Proof"),
        "facts": say("The facts of these minutes"),
        "none": say("None."),
        "note": say(
            "The facts in full are attached to this file as facts.json. The record of the project "
            "proves them; anyone can check it with the published verifier."
        ),
    }


def _heading(told: Row, state: ProjectState, say: Say) -> list[list[str]]:
    created, terms, close = state.created, told["terms"], told.get("close", {})
    limit = terms.get("limit")
    rows = [
        [say("Project number"), created.number if created else ""],
        [say("Section"), say("{name} ({of})", name=terms["title"], of=told["section"])],
        [say("Tenderer"), created.tenderer if created else ""],
        [say("Agency"), (created.agency if created else None) or "—"],
        [say("Deadline"), moment(terms["deadline"])],
        [say("Closed"), moment(close.get("at"))],
        [say("Bids in time"), str(close.get("count", "—"))],
        [say("Price limit"), f"{terms['currency']} {money(limit)}" if limit else "—"],
    ]
    ordered = told.get("order")
    if ordered:
        rows.append([say("Opened"), moment(ordered.get("ended_at"))])
    return rows


def _form(told: Row, bid: Row, state: ProjectState) -> BidForm:
    envelope: EnvelopeNumber = 2 if told["envelope"] == 2 else 1
    text = bid.get("opened", {}).get("form")
    terms = form_terms(state.opening.sections[told["section"]].terms, envelope)
    return read_form(text.encode() if text is not None else None, terms).form


def _bids(
    told: Row, forms: dict[str, BidForm], say: Say, title: Callable[[str], str]
) -> list[list[str]]:
    opened = [bid for bid in told["bids"] if "opened" in bid]
    return [
        [
            str(number),
            bid["name"],
            price_text(forms[bid["bid"]], told["terms"]["currency"]),
            _days(forms[bid["bid"]], say),
            forms[bid["bid"]].leader or "—",
            _outcome(bid, say, title),
        ]
        for number, bid in enumerate(opened, 1)
    ]


def price_text(form: BidForm, currency: str) -> str:
    """Return the price of a form as it is read out."""
    price = form.price
    if price is None:
        return "—"
    if price.amount is not None:
        return f"{price.currency or currency} {money(price.amount)}"
    return f"{price.rate or '—'} {price.unit or ''}".strip()


def _days(form: BidForm, say: Say) -> str:
    return "—" if form.duration_days is None else f"{form.duration_days} {say('days')}"


def _outcome(bid: Row, say: Say, title: Callable[[str], str]) -> str:
    problems = bid["opened"].get("problems", [])
    confirmed = say("confirmed") if bid.get("confirmed_at") else say("not confirmed")
    if not problems:
        return confirmed
    named = [
        say("{field}: {problem}", field=title(one["field"]), problem=say("form " + one["problem"]))
        for one in problems
    ]
    return say("; ").join([confirmed, say(", ").join(named)])


def field_title(field: str, form: Sequence[FormField], say: Say) -> str:
    """Return what people call a field of the bid form: a section's own title, else ours.

    Args:
        field: its place, such as `price.capitals` or `extra.bridge`.
        form: the fields a section adds.
        say: in which language.
    """
    own = {f"extra.{one.field}": one.title for one in form}
    key = f"field {field}"
    said = say(key)
    return own.get(field) or (field if said == key else said)


def _amounts(told: Row, forms: dict[str, BidForm]) -> list[list[str]]:
    return [
        [bid["name"], chinese_capitals(price.amount)]
        for bid in told["bids"]
        if "opened" in bid
        and told["terms"]["currency"] == "CNY"
        and (price := forms[bid["bid"]].price) is not None
        and price.amount is not None
    ]


def _others(told: Row, say: Say) -> list[list[str]]:
    unopened = [
        [bid["name"], moment(bid["at"]), _fate(bid, say)]
        for bid in told["bids"]
        if "opened" not in bid
    ]
    refused = [
        [one["name"] or "—", moment(one["at"]), texts.reason(LANGUAGE, one["code"])]
        for one in told["refused"]
    ]
    return unopened + refused


def _fate(bid: Row, say: Say) -> str:
    spoiled = bid.get("spoiled")
    if spoiled is not None:
        return say(f"spoiled {spoiled['cause']}")
    return say(f"status {bid['status']}")


def _sign_ins(told: Row, state: ProjectState, say: Say) -> list[list[str]]:
    names = {one.organisation: one.organisation_name for one in state.opening.known.values()}
    return [
        [
            one.get("name") or one["account"],
            say(f"role {one['role']}"),
            names.get(one["organisation"], "—"),
            moment(one.get("at")),
        ]
        for one in told["sign_ins"]
    ]


def _keys(told: Row, say: Say) -> list[list[str]]:
    key = told["key"]
    held = [say("{name} ({of})", name=one["name"], of=one["organisation"]) for one in key["roster"]]
    released = [f"{one['name']} {moment(one['at'])}" for one in told["releases"]]
    return [
        [say("Key"), key["key_id"]],
        [say("Held by"), say("; ").join(held)],
        [say("Needed"), f"{key['k']} / {key['n']} + {key['timekeeper']}"],
        [say("Released by"), say("; ").join(released) or "—"],
    ]


def _changes(told: Row, state: ProjectState, say: Say) -> list[list[str]]:
    """Return whose signing key changed: of those who bid here, and of whoever holds an office."""
    bidders = {bid["organisation"] for bid in told["bids"]}
    return [
        [
            moment(change.at),
            say(
                "{name}, {role}: from {old} to {new}; {reason}. Not signed with the old key.",
                name=state.opening.known[change.account, change.role].name,
                role=say(f"role {change.role}"),
                old=change.old[:16],
                new=change.new[:16],
                reason=change.reason.rstrip("。.；; "),
            ),
        ]
        for change in state.opening.key_changes
        if change.role != "bidder" or change.organisation in bidders
    ]


def _draw(draw: Row, say: Say) -> list[list[str]]:
    return [
        [say("Purpose"), draw["purpose"]],
        [say("Values"), say(", ").join(draw["values"])],
        [say("Result"), draw.get("result") or "—"],
        [say("Seed"), draw.get("seed") or "—"],
    ]


def _objection(one: Row, say: Say) -> list[list[str]]:
    return [
        [
            say("Objection"),
            say("{who} {at}: {text}", who=one["name"], at=moment(one["at"]), text=one["text"]),
        ],
        [
            say("Answer"),
            say("{at}: {text}", at=moment(one.get("answered_at")), text=one.get("answer", "—")),
        ],
    ]


def _proof(told: Row, say: Say) -> list[list[str]]:
    rows = [[say("Project id"), told["project"]]]
    if "close" in told:
        rows.append([say("List of bids at the close"), told["close"]["list"]])
    if "order" in told:
        rows.append([say("Opening id"), told["order"]["opening_id"]])
    return rows
