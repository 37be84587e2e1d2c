"""What a member gives blind parts under their aliases."""

from collections.abc import Callable, Mapping

from evaluation.marking import Marking
from evaluation.messages import AliasMarks, BlindMarks, ItemMark


def blind_marks(marking: Marking, marks: Callable[[str], Mapping[str, str]]) -> BlindMarks | None:
    """Return what is given under the aliases in force; None where there are none.

    Args:
        marking: knows whose blind part an alias stands for.
        marks: of a bid: item -> mark.
    """
    if marking.draw is None:
        return None
    return BlindMarks(
        draw=marking.draw,
        marks=tuple(
            AliasMarks(
                alias=alias,
                items=tuple(ItemMark(item=item, mark=mark) for item, mark in marks(bid).items()),
            )
            for alias, bid in marking.draws[marking.draw].items()
        ),
    )
