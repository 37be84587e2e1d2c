"""Every page in every state that can be staged: who looks at which address, and when it is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from evaluation.report_facts import facts
from opening.commands import AnnounceSession, CommitDraw, OpenWindow, ReadOut, StartDraw
from opening.drawn import draw_commit
from opening.messages import Periods
from project.commands import (
    AskQuestion,
    NoteOutage,
    RaiseNotice,
    SuspendSection,
    TerminateSection,
)
from record.rules import Facts
from tests.browser.committee import convened
from tests.browser.stage import Stage
from tests.opening.parties import Party, seeded
from tests.opening.world import HOUR, MINUTE, PROJECT, SECTION, SERVICE
from tests.project.publishing import answer, object_to, publish
from tests.project.sitting import Sitting
from tests.web.tender import Tender
from web.pages_guides import Role

HALL = f"/projects/{PROJECT}/hall/s1-1"
HALL_2 = f"/projects/{PROJECT}/hall/s1-2"
BID = f"/projects/{PROJECT}/bid/s1-1"
BID_2 = f"/projects/{PROJECT}/bid/s1-2"
HERE = f"/projects/{PROJECT}"
PUBLIC = f"/public/{PROJECT}"
CLERK = f"/clerk/{PROJECT}"
DESK = f"/projects/{PROJECT}/desk/{SECTION}"
COMMITTEE = (f"{CLERK}/committee/{SECTION}",)
RESULT = (f"{CLERK}/publication/{SECTION}",)
WATCHED = ("/supervisor",)
GUIDES = tuple(f"/guide/{role}" for role in get_args(Role))
PLACE: dict[str, Any] = {"section": SECTION, "envelope": 1}
SEATS = ("clerk", "bidder", "custodian", "supervisor")


@dataclass(frozen=True)
class Round:
    """A state of the whole, and who looks at which pages of it.

    Args:
        make: puts it together.
        looks: role -> addresses; nobody's are the public's.
    """

    make: Callable[[], Tender]
    looks: dict[str, tuple[str, ...]]

    def of(self, world: Tender) -> Iterator[tuple[Party | None, tuple[str, ...]]]:
        """Yield visitors with the addresses they look at."""
        people = {**world.one_of_each, "expert": world.experts[-1] if world.experts else None}
        yield from ((people[role], paths) for role, paths in self.looks.items())


def steps(*names: str) -> tuple[str, ...]:
    """Return addresses of the clerk's steps."""
    return tuple(f"{CLERK}/{name}" for name in names)


def everyone(*paths: str) -> dict[str, tuple[str, ...]]:
    """Let every seat look at the same addresses."""
    return dict.fromkeys(SEATS, paths)


def draft() -> Stage:
    world = Stage()
    Tender.draft(world)
    return world


def under_way() -> Stage:
    """A ceremony that has begun; the first custodian joined."""
    world = Stage().begun()
    world.join(world.start(), 1)
    return world


def failed() -> Stage:
    """An attempt that came to nothing, because most did not join."""
    world = under_way()
    world.now += 4 * HOUR
    world.serve()
    return world


def taking_bids() -> Stage:
    world = Stage(changes={"periods": Periods(tender=0, amendment=0)}).open_up()
    world.do(world.bidder[1].actor, AskQuestion(section=SECTION, text="我司问：可否踏勘？"))
    world.do(world.supervisor.actor, RaiseNotice(section=SECTION, text="请说明踏勘安排。"))
    return world


def announced() -> Stage:
    world = Stage().closed()
    world.do(world.clerk.actor, AnnounceSession(**PLACE))
    return world


def secrets() -> Stage:
    """The bidders' own secrets are being released."""
    world = Stage(co_open=True).closed()
    world.do(world.clerk.actor, AnnounceSession(**PLACE))
    world.do(world.clerk.actor, OpenWindow(window="secrets", **PLACE))
    return world


def drawing() -> Stage:
    """A draw that the clerk alone has committed to."""
    world = Stage().reading()
    world.do(world.clerk.actor, ReadOut(**PLACE))
    parties: tuple[Party, ...] = (world.clerk, world.supervisor, world.bidder[1], world.timekeeper)
    names = tuple(one.account for one in parties)
    world.do(world.clerk.actor, StartDraw(purpose="抽取下浮系数", parties=names, **PLACE))
    ((draw, _),) = world.state.sessions[(SECTION, 1)].draws.items()
    commit = draw_commit(draw, world.clerk.account, seeded(world.clerk.account)).hex()
    world.do(world.clerk.actor, CommitDraw(draw=draw, commit=commit))
    return world


def minuted() -> Stage:
    """The minutes are drawn up and wait for signatures."""
    world = Stage().objecting()
    world.now = world.state.sessions[(SECTION, 1)].windows["objections"]
    world.serve()
    return world


def halfway() -> Stage:
    """Two envelopes, of which the first is opened."""
    return Stage(envelopes=2).open_up().half_opened()


def suspended() -> Stage:
    world = Stage().lobby()
    world.do(world.clerk.actor, SuspendSection(section=SECTION, reason="收到异议"))
    return world


def terminated() -> Stage:
    world = Stage().lobby()
    world.do(world.clerk.actor, TerminateSection(section=SECTION, reason="招标项目取消"))
    return world


def away() -> Stage:
    """The service was away just before the deadline."""
    world = Stage().open_up()
    world.now = world.deadline
    spans = ((world.deadline - 5 * MINUTE, world.deadline - 2 * MINUTE),)
    world.do(SERVICE, NoteOutage(section=SECTION), facts=Facts(away=spans))
    return world


def too_few() -> Stage:
    world = Stage().open_up()
    world.bid(1)
    world.now = world.deadline
    world.serve()
    return world


def named() -> Stage:
    """A committee was just named."""
    return road(convened())


def asking() -> Stage:
    """A committee at its review; one question waits for its bidder, one for the supervisor."""
    bench = convened().seated()
    bench.ask(bench.bids[0], "工期与进度计划不一致，请说明。")
    waiting = bench.draft(1, bench.bids[1], "请说明措施费的依据。", 30 * MINUTE)
    bench.agree(bench.chair, waiting)
    return road(bench)


def marking() -> Stage:
    """A committee that is to give its marks."""
    bench = convened().seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).priced()
    return road(bench)


def reported() -> Stage:
    """A report that waits for signatures."""
    bench = convened().seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).marked()
    told = facts(bench.world.state, bench.found, bench.rule)
    bench.draw_up()
    world = road(bench)
    world.made[bench.found.report.facts] = told  # which the desk reads
    return world


def to_publish() -> Stage:
    """A report that stands; nothing is published yet."""
    bench = convened().seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).marked()
    bench.draw_up()
    return road(bench.signed())


def published() -> Stage:
    """Candidates in public; one objection is answered, one waits."""
    bench = convened().seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).marked()
    bench.draw_up()
    bench.signed()
    publish(bench)
    answer(bench, object_to(bench, 1))
    object_to(bench, 1, "第二名的报价低于成本。")
    return road(bench)


def road(bench: Sitting) -> Stage:
    assert isinstance(bench.world, Stage)
    return bench.world


ROUNDS: dict[str, Round] = {
    "draft": Round(
        draft,
        {
            "clerk": (
                *("/clerk", "/clerk/new", CLERK, "/me", "/inbox"),
                *steps("about", "sections", "section-s1", "people", "documents", "keys", "notice"),
                *steps("scoring/s1"),
            ),
            "bidder": ("/projects", "/bidder", "/clerk", CLERK),
            "custodian": ("/custodian",),
            "supervisor": ("/supervisor",),
        },
    ),
    "ceremony": Round(under_way, {"clerk": steps("keys"), "custodian": ("/custodian",)}),
    "ceremony failed": Round(failed, {"clerk": steps("keys"), "custodian": ("/custodian",)}),
    "taking bids": Round(
        taking_bids,
        {
            "": (
                *("/", "/public?q=2026", "/public?q=xyz", PUBLIC, "/check", "/log", "/downloads"),
                *("/sign-in", "/register", "/join", "/nothing", "/public/" + "0" * 32),
                *("/guide", *GUIDES),
            ),
            "clerk": (
                *("/clerk", CLERK, HERE, "/inbox"),
                *steps("sections", "people", "documents", "keys", "questions", "amend", "manage"),
                *steps("about", "preflight"),
            ),
            "bidder": ("/projects", HERE, "/bidder", BID, "/inbox", "/me", HERE[:-1] + "0"),
            "custodian": ("/custodian", "/inbox"),
            "supervisor": ("/supervisor", HERE),
            "administrator": (
                *("/admin", "/admin/organisations", "/admin/people", "/admin/people/bidder-1"),
                *("/admin/applications", "/admin/settings", "/admin/health", "/admin/templates"),
                "/me",
            ),
        },
    ),
    "lobby": Round(lambda: Stage().lobby(), {**everyone(HALL), "bidder": (HALL, BID, "/bidder")}),
    "announced": Round(announced, {"clerk": (HALL,), "bidder": (HALL,)}),
    "secrets": Round(secrets, {"clerk": (HALL,), "bidder": (HALL, BID)}),
    "decrypting": Round(
        lambda: Stage().decrypting(), {**everyone(HALL), "custodian": (HALL, "/custodian")}
    ),
    "reading": Round(lambda: Stage().reading(), everyone(HALL)),
    "drawing": Round(drawing, {"clerk": (HALL,), "bidder": (HALL,), "supervisor": (HALL,)}),
    "objecting": Round(lambda: Stage().objecting(), {"clerk": (HALL,), "bidder": (HALL,)}),
    "minutes": Round(minuted, {"clerk": (HALL,), "bidder": (HALL,)}),
    "ended": Round(
        Stage().ended,
        {
            "": ("/", PUBLIC),
            **everyone(HALL, HERE),
            "bidder": (HALL, HERE, BID, "/bidder"),
            "clerk": (HALL, HERE, "/clerk", CLERK),
        },
    ),
    "two envelopes": Round(
        halfway, {"clerk": (*steps("result"), HALL_2, HERE), "bidder": (HALL_2, BID_2, HERE)}
    ),
    "named": Round(
        named, {"expert": ("/expert", DESK), "clerk": (CLERK, *COMMITTEE), "supervisor": WATCHED}
    ),
    "asking": Round(
        asking, {"expert": (DESK,), "bidder": ("/bidder",), "supervisor": WATCHED, "": (PUBLIC,)}
    ),
    "marking": Round(marking, {"expert": (DESK,), "clerk": COMMITTEE}),
    "reported": Round(
        reported, {"expert": (DESK, "/expert"), "clerk": COMMITTEE, "supervisor": WATCHED}
    ),
    "to publish": Round(to_publish, {"clerk": (CLERK, *RESULT)}),
    "published": Round(
        published, {"": (PUBLIC,), "bidder": ("/bidder",), "clerk": (CLERK, *RESULT)}
    ),
    "suspended": Round(
        suspended,
        {"": (PUBLIC,), "clerk": (HALL, *steps("manage")), "bidder": (HALL, BID, HERE)},
    ),
    "terminated": Round(
        terminated,
        {"": (PUBLIC,), "clerk": (HALL, CLERK, *steps("manage")), "bidder": (HALL, BID, HERE)},
    ),
    "away": Round(away, {"clerk": ("/clerk", *steps("manage")), "bidder": (HALL, BID)}),
    "too few": Round(too_few, {"clerk": ("/clerk", HALL, *steps("manage")), "bidder": (HALL,)}),
}
