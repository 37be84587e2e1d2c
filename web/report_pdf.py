"""The report 评标报告 as a PDF/A that carries the facts it was made from.

It must not decide what the report says: the facts do, and the record has their hash. What it shows
is laid out by web/typst/report.typ; every text comes as data and none is read as markup. The same
facts give the same bytes.

Source: Order 12, article 42, on what a report holds; Regulation, article 53, on who signs it.
"""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from evaluation.scoring.exact import shown
from evaluation.scoring.marks import scored_items
from evaluation.scoring.price import ranks_by_price, weight_of
from evaluation.scoring.rule import PassItem, PointsItem
from opening.state import OpeningState, Session
from project.state import ProjectState
from web import report_again, report_prices, texts
from web.minutes import LANGUAGE, compile_pdf, day, money
from web.moments import moment
from web.report_told import MISSING, Row, Told, part, told_of

SEATS = 10
"""How many seats' marks stand side by side."""


def render(facts: bytes, state: ProjectState, fonts: Path) -> bytes:
    """Return the report of a section as a PDF.

    Args:
        facts: canonical JSON.
        state: whose rule, names and prices the facts are about.
        fonts: a folder that holds Noto Serif CJK.

    Raises:
        FontsMissing: there is no such font below the folder.
    """
    told = told_of(json.loads(facts), state, partial(texts.say, LANGUAGE))
    return compile_pdf("report.typ", fonts, _laid_out(told, state), facts=facts.decode())


def _laid_out(told: Told, state: ProjectState) -> Row:
    created, say = state.created, told.say
    if created is None:
        raise ValueError("a project that never began has no report")
    return {
        "lang": "zh",
        "date": day(_opened_at(state.opening, told.facts["section"])),
        "labels": {
            "title": say("Evaluation report"),
            "facts": say("The facts of this report"),
            "proof": say("Proof"),
            "note": say(
                "The facts in full are attached to this file as facts.json. Anyone can compute "
                "them again from the record with the published verifier."
            ),
        },
        "number": created.number,
        "title": created.title,
        "tenderer": created.tenderer,
        "section": told.facts["section"],
        "heading": _heading(told, state),
        "parts": [
            _members(told),
            *_gone(told, state.opening),
            _items(told),
            _review(told),
            *_votes(told),
            *report_prices.results(told),
            *report_again.reevaluations(told),
            _clarifications(told),
            _corrections(told),
            *_competition(told),
            *_pauses(told),
            *_aliases(told),
            *_marks(told),
            *report_prices.sums(told),
            _signatures(told),
        ],
        "proof": [
            [say("Project id"), told.facts["project"]],
            [say("Hash of the scoring rule"), told.facts["rule"]],
        ],
    }


def _opened_at(opening: OpeningState, section: str) -> int:
    """Return the moment of the session in which the prices were opened, ms: its end, or close."""
    place = (section, opening.sections[section].terms.envelopes)
    session = opening.sessions.get(place, Session())
    closed = 0 if session.closed is None else session.closed.stamp.at
    return session.moments.get("ended", closed)


def _heading(told: Told, state: ProjectState) -> list[list[str]]:
    created, say = state.created, told.say
    terms = state.opening.sections[told.facts["section"]].terms
    limit = MISSING if terms.limit is None else f"{terms.currency} {money(terms.limit)}"
    rows = [
        [say("Project number"), created.number if created else ""],
        [say("Section"), say("{name} ({of})", name=terms.title, of=terms.section)],
        [say("Tenderer"), created.tenderer if created else ""],
        [say("Agency"), (created.agency if created else None) or MISSING],
        [say("Price limit"), limit],
        [say("Scoring rule"), told.rule.title],
    ]
    if "drawn" in told.facts:
        rows.append([say("Drawn value"), told.facts["drawn"]])
    return rows


def _named(told: Told, member: Row) -> str:
    is_chair = member["seat"] == told.facts["chair"]
    name: str = member["name"]
    return told.say("{name}, chair", name=name) if is_chair else name


def _members(told: Told) -> Row:
    say = told.say
    columns = (
        (0, say("Seat")),
        (1, say("Name")),
        (1.6, say("Place of the seat")),
        (0.9, say("Capacity")),
        (1.6, say("Declared ties")),
    )
    rows = [
        [
            member["seat"],
            _named(told, member),
            member["place"],
            say(f"capacity {member['capacity']}"),
            say("; ").join(member["ties"]) or say("None."),
        ]
        for member in told.facts["members"]
    ]
    return part(say("Committee"), columns=columns, rows=rows)


def _gone(told: Told, opening: OpeningState) -> Iterator[Row]:
    say = told.say
    rows = [
        [one["seat"], opening.known[one["account"], "expert"].name, one["reason"]]
        for one in told.facts["gone"]
    ]
    if rows:
        columns = ((0, say("Seat")), (1, say("Name")), (4, say("Reason")))
        yield part(say("Members who left"), columns=columns, rows=rows)


def _items(told: Told) -> Row:
    """Return what is reviewed and scored, and within which range."""
    say = told.say
    columns = (
        (0.7, say("Part")),
        (2, say("Item")),
        (1.2, say("Range")),
        (1.6, say("Asked for in")),
    )
    rows = [
        [stage.title, item.title, _range(told, item), getattr(item, "ground", None) or MISSING]
        for stage in told.rule.stages
        for item in stage.items
    ]
    if not ranks_by_price(told.rule.price):
        highest = say("{lowest} to {highest}", lowest=0, highest=shown(weight_of(told.rule.price)))
        rows.append([say("Price"), say("Points of the price"), highest, MISSING])
    return part(say("Scoring rule"), columns=columns, rows=rows)


def _range(told: Told, item: PassItem | PointsItem) -> str:
    if isinstance(item, PassItem):
        return told.say("passed or not")
    return told.say("{lowest} to {highest}", lowest=item.lowest, highest=item.highest)


def _review(told: Told) -> Row:
    say = told.say
    columns = (
        (0, say("No.")),
        (2, say("Bidder")),
        (2, say("Result")),
        (2, say("Rejected, on which ground")),
    )
    rows = [
        [str(number), row["name"], _reviewed(told, row), _ground(told, row)]
        for number, row in enumerate(told.facts["review"], 1)
    ]
    return part(say("Preliminary review"), columns=columns, rows=rows)


def _reviewed(told: Told, row: Row) -> str:
    say, items = told.say, row["items"]
    others = [
        say(
            "{item}: {verdict}",
            item=told.about(one["item"]),
            verdict=say(f"verdict {one['outcome']}"),
        )
        for one in items
        if one["outcome"] != "passed"
    ]
    return say("; ").join(others) or say("all {count} items passed", count=len(items))


def _ground(told: Told, row: Row) -> str:
    rejected = row.get("rejected")
    return (
        told.say("not rejected") if rejected is None else told.say(f"ground {rejected['ground']}")
    )


def _votes(told: Told) -> Iterator[Row]:
    say = told.say
    verdicts = {
        (row["bid"], one["item"]): one["outcome"]
        for row in told.facts["review"]
        for one in row["items"]
    }
    columns = (
        (2, say("Bidder")),
        (2, say("Item")),
        (1.2, say("For passing")),
        (1.2, say("Against")),
        (0.8, say("Result")),
    )
    rows = [
        [
            told.about(vote["bid"]),
            told.about(vote["item"]),
            told.seats([one["seat"] for one in vote["votes"] if one["passes"]]),
            told.seats([one["seat"] for one in vote["votes"] if not one["passes"]]),
            say(f"verdict {verdicts[vote['bid'], vote['item']]}"),
        ]
        for vote in told.facts["votes"]
    ]
    if rows:
        yield part(say("Votes of the committee"), columns=columns, rows=rows)


def _clarifications(told: Told) -> Row:
    """Return what was asked of bidders, what they answered, and what became of it."""
    say, asked = told.say, told.facts["clarifications"]
    title = say("Clarifications")
    if not asked:
        return part(title, say("No clarification was asked of any bidder."))
    columns = ((1.3, say("Bidder")), (2, say("Question")), (2, say("Answer")))
    rows = [
        [
            told.about(one["bid"]),
            one["question"],
            _answer(told, one),
            _became(told, one),
        ]
        for one in asked
    ]
    return part(title, columns=(*columns, (1.4, say("What became of it"))), rows=rows)


def _answer(told: Told, asked: Row) -> str:
    """Return what a bidder answered, and under it each attachment with its size and hash."""
    answer = asked.get("answer", told.say("No answer was given."))
    files = [
        told.say("Attachment: {name}, {size} bytes, SHA-256 {sha256}", **one)
        for one in asked.get("attachments", ())
    ]
    return "\n".join((answer, *files))


def _became(told: Told, asked: Row) -> str:
    """Return how a clarification ended, and which seats accept its answer."""
    status = told.say(f"clarification {asked['status']}")
    if not asked["judged"]:
        return status
    sides = {
        name: told.seats([one["seat"] for one in asked["judged"] if one["accepts"] is accepts])
        for name, accepts in (("for", True), ("against", False))
    }
    return told.say("{status}; for: {for}, against: {against}", status=status, **sides)


def _corrections(told: Told) -> Row:
    """Return every correction of a price, with who agreed and what became of it."""
    say, corrected = told.say, told.facts["corrections"]
    title = say("Corrected prices")
    if not corrected:
        return part(title, say("No price was corrected."))
    columns = (
        (1.6, say("Bidder")),
        (1.4, say("As read out")),
        (1.4, say("Corrected price")),
        (2, say("Ground and reason")),
        (1.6, say("What became of it")),
    )
    rows = []
    for one in corrected:
        sides = {
            name: told.seats([vote["seat"] for vote in one["votes"] if vote["agrees"] is agrees])
            for name, agrees in (("for", True), ("against", False))
        }
        status = say(f"correction {one['status']}")
        rows.append(
            [
                told.about(one["bid"]),
                money(int(one["read_out"])) if "read_out" in one else MISSING,
                money(int(one["price"])),
                say(
                    "{ground}: {reason}",
                    ground=say(f"corrects {one['ground']}"),
                    reason=one["reason"],
                ),
                say("{status}; for: {for}, against: {against}", status=status, **sides),
            ]
        )
    return part(title, columns=columns, rows=rows)


def _competition(told: Told) -> Iterator[Row]:
    """Return what members judged of the competition, where few bids were valid."""
    if "competition" not in told.facts:
        return
    say, judged = told.say, told.facts["competition"]
    decided = (
        say("Most members found competition lacking: all bids are rejected.")
        if judged["lacking"]
        else say("Most members found competition enough.")
    )
    rows = [
        [one["seat"], say("lacking") if one["lacking"] else say("enough"), one["reason"]]
        for one in judged["votes"]
    ]
    columns = ((0, say("Seat")), (1, say("Competition")), (4, say("Reason")))
    yield part(say("Competition among few bids"), decided, columns=columns, rows=rows)


def _aliases(told: Told) -> Iterator[Row]:
    """Return whose blind part each alias stood for, where items were blind."""
    say, draws = told.say, told.facts.get("blind")
    if draws is None:
        return
    rows = [
        [one["alias"], told.about(one["bid"]), told.seats(drawn["seats"])]
        for drawn in draws
        for one in drawn["aliases"]
    ]
    columns = ((1, say("Alias")), (3, say("Bidder")), (2, say("Marked by seats")))
    note = say("Nobody was told these aliases before all marks were locked.")
    yield part(say("Aliases of the blind parts"), note, columns=columns, rows=rows)


def _pauses(told: Told) -> Iterator[Row]:
    """Return when the evaluation stood still, and the hash of the state it was found in again."""
    say = told.say
    rows = [
        [
            moment(one["since"]),
            moment(one["until"]),
            say(f"pause {one['cause']}"),
            one["reason"],
            one["state"],
        ]
        for one in told.facts.get("pauses", ())
    ]
    columns = (
        (1.1, say("Paused at")),
        (1.1, say("Resumed at")),
        (0.7, say("Cause")),
        (1.4, say("Reason")),
        (2, say("State at both ends, SHA-256")),
    )
    if rows:
        yield part(say("Pauses of the evaluation"), columns=columns, rows=rows)


def _marks(told: Told) -> Iterator[Row]:
    """Return every mark: so many seats side by side, the bids below one another; none unmarked."""
    if not told.facts["marks"] or not any(True for _ in scored_items(told.rule)):
        return
    seats = [member["seat"] for member in told.facts["members"]]
    for begin in range(0, len(seats), SEATS):
        some = seats[begin : begin + SEATS]
        columns = [
            (2.4, told.say("Scored item, by seat")),
            *((0.8, seat) for seat in some),
        ]
        rows = [row for marked in told.facts["marks"] for row in _marks_of(told, marked, some)]
        yield part(told.say("Marks"), columns=columns, rows=rows)


def _marks_of(told: Told, marked: Row, seats: Sequence[str]) -> Iterator[list[str]]:
    yield [told.about(marked["bid"])]
    for given in marked["items"]:
        of = {one["seat"]: one["mark"] for one in given["marks"]}
        yield [told.about(given["item"]), *(of.get(seat, MISSING) for seat in seats)]


def _signatures(told: Told) -> Row:
    say = told.say
    columns = (
        (0, say("Seat")),
        (1.2, say("Name")),
        (3, say("Opinion and reasons")),
        (1.4, say("Signature")),
        (1, say("Date")),
    )
    rows = [[member["seat"], _named(told, member), "", "", ""] for member in told.facts["members"]]
    note = say(
        "Members sign this report with their keys. Whoever disagrees writes the opinion and its "
        "reasons; whoever refuses to sign and gives none is deemed to agree. Signatures and "
        "dissent stand in the record."
    )
    return part(say("Signatures and dissent"), note, columns=columns, rows=rows, height=18)
