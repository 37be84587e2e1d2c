"""The part of an evaluation report that tells of re-evaluations 复评: why, of what, what changed.

It must not add anything to the facts but names and titles.
"""

from collections.abc import Iterator

from web.moments import moment
from web.report_told import MISSING, Row, Told, part


def reevaluations(told: Told) -> Iterator[Row]:
    """Return every re-evaluation that was ordered before the report, those given up among them."""
    for number, one in enumerate(told.facts.get("reevaluations", ()), 1):
        yield _reevaluation(told, number, one)


def _reevaluation(told: Told, number: int, one: Row) -> Row:
    say = told.say
    why = say(
        "Ordered at {at}, on the ground: {ground}. Reason: {reason}",
        at=moment(one["at"]),
        ground=say(f"reevaluation {one['ground']}"),
        reason=one["reason"],
    )
    told_of = (
        "Facts of the report before, whose result was published, SHA-256: {facts}"
        if one["published"]
        else "Facts of the report before, SHA-256: {facts}"
    )
    columns = (
        (1.6, say("Bidder")),
        (1.3, say("Scored item")),
        (0.5, say("Seat")),
        (0.5, say("Before")),
        (0.5, say("After")),
        (1.8, say("Reason")),
    )
    return part(
        say("Re-evaluation {number}", number=number),
        why,
        say(told_of, facts=one["former"]),
        _outcome(told, one),
        columns=columns,
        rows=list(_rows(told, one)),
    )


def _outcome(told: Told, one: Row) -> str:
    """Return what came of it, in a sentence."""
    if "dropped" in one:
        return told.say("It was given up, and changed nothing. Reason: {why}", why=one["dropped"])
    count = len(one["changes"])
    if not count:
        return told.say("Every member gave the same marks again: no mark changed.")
    return told.say("Marks that changed: {count}. All others stayed.", count=count)


def _rows(told: Told, one: Row) -> Iterator[list[str]]:
    """Return each named mark: a row for each member that changed it, or one that nobody did."""
    for cell in one["cells"]:
        where = [told.about(cell["bid"]), told.about(cell["item"])]
        of_cell = [
            each
            for each in one.get("changes", ())
            if (each["bid"], each["item"]) == (cell["bid"], cell["item"])
        ]
        for each in of_cell:
            yield [*where, each["seat"], each["before"], each["after"], each["reason"]]
        if not of_cell:
            yield [*where, MISSING, MISSING, MISSING, told.say("not changed")]
