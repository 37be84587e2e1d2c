"""The offices of a person on the administrator's page: all but a bidder's part, to nobody else."""

from pathlib import Path
from typing import get_args

from opening.participants import ParticipantReleased, Role
from tests.opening.parties import Party
from tests.opening.world import PROJECT
from tests.web.scene import Scene, scene
from tests.web.tender import ADMINISTRATOR, Tender, headers
from web.offices import OFFICES

ENGLISH = {"accept-language": "en"}
LINK = f'href="/projects/{PROJECT}"'
TITLE = "A road"


def person(made: Scene, who: Party) -> str:
    """Return what the administrator's page says of somebody."""
    path = f"/admin/people/{who.account}"
    answer = made.http.get(path, headers={**headers(ADMINISTRATOR), **ENGLISH})
    assert answer.status_code == 200, answer.text
    return answer.text


def offices(told: str) -> str:
    """Return the part of the page that lists offices."""
    _, _, after = told.partition('aria-labelledby="offices-title"')
    found, _, _ = after.partition("</section>")
    assert found
    return found


def test_each_office_stands_with_its_project_and_where_that_stands(tmp_path: Path) -> None:
    with scene(tmp_path, Tender().open_up()) as made:
        world = made.world
        people = {
            "Clerk": world.clerk,
            "Custodian": world.custodians[0],
            "Timekeeper": world.timekeeper,
            "Supervisor": world.supervisor,
        }
        for role, one in people.items():
            told = offices(person(made, one))
            assert LINK in told
            assert f">{role}</span>" in told
            assert ">in office</span>" in told
            assert "第一标段" in told
            assert ">Taking bids</span>" in told
            assert "no longer in office" not in told


def test_whether_somebody_bids_is_never_told(tmp_path: Path) -> None:
    world = Tender().open_up()
    world.bid(1)
    with scene(tmp_path, world) as made:
        account = world.bidder[1].account
        assert (account, "bidder") in world.state.participants
        told = person(made, world.bidder[1])
        assert PROJECT not in told
        assert TITLE not in told
        assert "in office" not in told
        # nor by a difference to somebody who takes part nowhere
        nobody = person(made, ADMINISTRATOR)
        assert offices(told) == offices(nobody)


def test_every_role_is_an_office_but_those_that_are_secret() -> None:
    assert {*OFFICES, "bidder", "expert"} == set(get_args(Role))


def test_an_office_that_ended_is_told_as_such(tmp_path: Path) -> None:
    world = Tender().open_up()
    gone = world.supervisor
    world.happened(ParticipantReleased(account=gone.account, role="supervisor", reason="ill"))
    with scene(tmp_path, world) as made:
        told = offices(person(made, gone))
        assert LINK in told
        assert ">no longer in office</span>" in told
        assert ">in office</span>" not in told


def test_a_project_that_is_not_announced_is_not_named(tmp_path: Path) -> None:
    with scene(tmp_path, Tender().draft()) as made:
        told = person(made, made.world.custodians[0])
        assert "A project that is not announced yet" in told
        assert "in office" in told
        for secret in (PROJECT, TITLE, "第一标段"):
            assert secret not in told


def test_nobody_but_an_administrator_is_told(tmp_path: Path) -> None:
    with scene(tmp_path, Tender().open_up()) as made:
        path = f"/admin/people/{made.world.custodians[0].account}"
        for one in (made.world.clerk, made.world.supervisor, made.bidder):
            assert made.http.get(path, headers=headers(one)).status_code == 403
