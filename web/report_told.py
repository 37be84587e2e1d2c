"""What every part of an evaluation report is made from, and what a part is.

It must not add anything to the facts but names and titles, which the record has too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.scoring.exact import exact, fixed
from evaluation.scoring.rule import ScoringRule
from opening.bid_form import BidForm, read_form
from opening.forms import form_terms
from opening.state import OpeningState, Session
from project.state import ProjectState
from web.minutes import price_text

Row = dict[str, Any]
Say = Callable[..., str]
MISSING = "—"


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a report with the names of all they are about."""

    facts: Row
    rule: ScoringRule
    say: Say
    names: Mapping[str, str]
    """Bid -> its bidder's name."""
    titles: Mapping[str, str]
    """Item -> its title."""
    prices: Mapping[str, str]
    """Bid -> its price as it was read out."""
    currency: str
    is_money: bool
    """Whether the prices are amounts and not rates."""

    def amount(self, text: str) -> str:
        """Return an exact price as people read it: with two decimals where it is an amount."""
        if not self.is_money:
            return text
        whole, _, rest = fixed(exact(text) / 100, 2).partition(".")
        return f"{int(whole):,}.{rest}"

    def seats(self, numbers: Sequence[str]) -> str:
        """Return some seats by their numbers."""
        return self.say(", ").join(numbers) or MISSING

    def about(self, what: str) -> str:
        """Return what people call a bid, an item, a part of the review or a seat."""
        if what in {member["seat"] for member in self.facts["members"]}:
            return self.say("seat {seat}", seat=what)
        if what in {stage.part for stage in self.rule.stages}:
            return self.say(f"part {what}")
        return self.names.get(what) or self.titles.get(what, what)


def told_of(facts: Row, state: ProjectState, say: Say) -> Told:
    """Return the facts of a report with names and titles from the record."""
    section = facts["section"]
    rule = state.evaluation.rules[section]
    forms = _forms(state.opening, section)
    bids = {row["bid"]: row["organisation"] for row in facts["review"]}
    currency = state.opening.sections[section].terms.currency
    out = {row["bid"] for row in facts["unpriced"]}
    counting = [
        forms[row["organisation"]].price
        for row in facts["review"]
        if "rejected" not in row and row["bid"] not in out
    ]
    return Told(
        facts=facts,
        rule=rule,
        say=say,
        names={row["bid"]: row["name"] for row in facts["review"]},
        titles={item.item: item.title for stage in rule.stages for item in stage.items},
        prices={bid: price_text(forms[of], currency) for bid, of in bids.items() if of in forms},
        currency=currency,
        is_money=all(price is not None and price.amount is not None for price in counting),
    )


def _forms(opening: OpeningState, section: str) -> dict[str, BidForm]:
    """Return the opened form that holds the price, by organisation."""
    terms = opening.sections[section].terms
    session = opening.sessions.get((section, terms.envelopes), Session())
    asked = form_terms(terms, terms.envelopes)
    return {
        opening.bids[bid].organisation: read_form(
            None if opened.form is None else opened.form.encode(), asked
        ).form
        for bid, opened in session.opened.items()
    }


def part(
    title: str,
    *texts: str,
    level: int = 2,
    columns: Sequence[tuple[float, str]] = (),
    rows: Sequence[Sequence[str]] = (),
    height: int = 0,
) -> Row:
    """Return a part of a report: a heading, texts, a table.

    Args:
        title: of the part.
        texts: that stand before the table.
        level: of the heading, 2 or 3.
        columns: each with its share of the width, 0 for what it needs, and what stands at its head.
        rows: a cell a column; a single cell stands across all of them.
        height: of each row in mm, 0 for what it needs.
    """
    return {
        "title": title,
        "level": level,
        "texts": list(texts),
        "widths": [width for width, _ in columns],
        "head": [name for _, name in columns],
        "rows": [list(row) for row in rows],
        "height": height,
    }
