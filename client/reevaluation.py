"""A re-evaluation 复评 from the seats that act in it: ordered, marked again, given up.

It must not judge: which marks are named and what they become is handed in.
"""

from collections.abc import Iterable, Mapping

from client import keys
from client.errors import Unusable
from client.expert import Expert, View, own_seat, rule_of
from client.seat import Answer, Seat
from evaluation.commands import DropReevaluation, GiveMarksAgain, OrderReevaluation
from evaluation.marking import rule_hash
from evaluation.messages import Remark, Remarks


async def order(seat: Seat, project: str, wanted: OrderReevaluation) -> Answer:
    """Have the committee mark again what is named, as the clerk."""
    return await seat.do(project, wanted)


async def drop(seat: Seat, project: str, section: str, reason: str) -> Answer:
    """Give a re-evaluation up, as the clerk; what stood before stands again."""
    return await seat.do(project, DropReevaluation(section=section, reason=reason))


async def own_marks(expert: Expert, project: str, section: str) -> list[View]:
    """Return what a member has to mark again, with the marks it gave before.

    Raises:
        Unusable: there is nothing to mark again.
    """
    return _named(await expert.view(project, section))


async def remark(
    expert: Expert, project: str, section: str, marks: Iterable[Mapping[str, str]]
) -> Answer:
    """Sign and give marks again, for good.

    Args:
        expert: the member.
        project: whose.
        section: of it.
        marks: each with its `bid`, `item` and `mark`, and a `reason` where it is another one.

    Raises:
        Unusable: there is nothing to mark again, or something is no mark.
    """
    view = await expert.view(project, section)
    _named(view)
    try:
        given = tuple(Remark.model_validate(dict(one)) for one in marks)
    except (ValueError, TypeError) as error:
        raise Unusable("each mark has a bid, an item, a mark as a text, maybe a reason") from error
    message = Remarks(
        v=1,
        project=project,
        section=section,
        reevaluation=view["remarks"]["reevaluation"],
        seat=own_seat(view),
        rule=rule_hash(rule_of(view)),
        marks=given,
    )
    command = GiveMarksAgain(section=section, message=keys.sign(message, expert.key))
    return await expert.seat.do(project, command)


def _named(view: View) -> list[View]:
    if "remarks" not in view:
        raise Unusable("there is nothing to mark again")
    return list(view["remarks"]["marks"])
