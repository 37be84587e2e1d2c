"""Re-evaluations 复评 as a seat may see them: what is named, who has marked again, what changed.

Nobody is shown what a member gave before every member's is in, nor what was given in one that was
given up before. The clerk learns what changed with the report. Pure: it must not decide anything.
"""

from collections.abc import Sequence
from typing import Any

from evaluation.marking import signed_marks
from evaluation.reevaluation import Reevaluation, changes
from evaluation.state import Evaluation

View = dict[str, Any]


def reevaluations_view(found: Evaluation, *, is_clerk: bool) -> list[View]:
    """Return every re-evaluation there was, for the clerk or for whoever may see the bids."""
    return [_view(found, one, is_clerk=is_clerk) for one in found.reevaluations]


def own_view(found: Evaluation, seat: str) -> View:
    """Return what a member has to mark again, as it marked before; nothing where none is open."""
    one = found.reevaluation
    if one is None:
        return {}
    marks = signed_marks(found.marking)
    return {
        "remarks": {
            "reevaluation": one.reevaluation,
            "submitted": seat in one.remarks,
            "marks": [
                {"bid": cell.bid, "item": cell.item, "mark": marks[cell.bid][cell.item][seat]}
                for cell in one.cells
            ],
        }
    }


def _view(found: Evaluation, one: Reevaluation, *, is_clerk: bool) -> View:
    is_open = found.reevaluation is one
    shown: View = {
        "reevaluation": one.reevaluation,
        "step": _step(one, is_open=is_open),
        "ground": one.ground,
        "reason": one.reason,
        "at": one.at,
        "cells": [cell.model_dump() for cell in one.cells],
        "submitted": _in_order(found, one),
        "former": {
            "facts": one.report.facts,
            "pdf": one.report.pdf,
            "pdf_size": one.report.pdf_size,
            "finished_at": one.report.finished_at,
        },
    }
    if one.objection is not None:
        shown["objection"] = one.objection
    if one.dropped is not None:
        shown |= {"dropped": one.dropped, "dropped_at": one.dropped_at}
    if one.counts and not (is_clerk and is_open):
        shown["changes"] = changes(found.marking, found.reevaluations, one)
    return shown


def _in_order(found: Evaluation, one: Reevaluation) -> Sequence[str]:
    """Return who has marked again, in the order of seats and not of time."""
    return [seat for seat in found.committee.seats if seat in one.remarks]


def _step(one: Reevaluation, *, is_open: bool) -> str:
    """Return how far a re-evaluation has come."""
    if one.dropped is not None:
        return "dropped"
    if not is_open:
        return "done"
    return "report" if one.is_locked else "marks"
