"""The custodian's page as the service writes it: own tasks, readable without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opening.commands import AnnounceSession, StartCeremony
from opening.messages import Periods
from project.events import ProjectCreated
from tests.opening.parties import Party
from tests.opening.world import FIRST, SECTION
from tests.web.service import Running, settings
from tests.web.tender import Tender, headers
from web.clock import SetClock
from web.pages_custodian import tasks


def begun() -> Tender:
    """A project whose ceremony has just started."""
    tender = Tender()
    tender.happened(ProjectCreated(number="1", title="A road", tenderer="T", currency="CNY"))
    tender.bind()
    tender.terms(periods=Periods(tender=0))
    message = tender.start_message()
    tender.do(tender.clerk.actor, StartCeremony(message=tender.clerk.sign(message)))
    return tender


def doing(tender: Tender, who: Party) -> list[str]:
    return [task.doing for task in tasks(tender.whole, who.account)]


def test_each_step_waits_for_a_custodian_until_it_is_done() -> None:
    tender = begun()
    (sid,), first = tender.state.attempts, tender.custodians[0]
    for name, step in (("join", tender.join), ("deal", tender.deal), ("certify", tender.certify)):
        assert doing(tender, first) == [name]
        step(sid, 1)
        assert doing(tender, first) == []
        for i in (0, 2, 3):
            step(sid, i)
    assert doing(tender, first) == ["rehearse"]
    tender.rehearse(tender.state.keys[FIRST], 1)
    assert doing(tender, first) == []
    assert doing(tender, tender.clerk) == []


def test_an_order_waits_for_the_shares_of_each_custodian() -> None:
    tender = Tender()
    tender.open_up()
    for bidder in tender.bidder:
        tender.bid(bidder)
    tender.now = tender.deadline
    tender.serve()
    assert doing(tender, tender.custodians[0]) == []
    tender.do(tender.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
    tender.order()
    assert doing(tender, tender.custodians[0]) == ["release"]
    tender.partials((1,))
    assert doing(tender, tender.custodians[0]) == []
    assert doing(tender, tender.custodians[1]) == ["release"]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Running, Tender]]:
    tender = begun()
    folder = tender.folder(tmp_path / "data")
    with Running(settings(folder), SetClock(tender.now)) as service:
        yield service, tender


def page(service: Running, who: Party) -> str:
    answer = service.http.get("/custodian", headers={**headers(who), "accept-language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_page_tells_own_tasks_without_scripts(served: tuple[Running, Tender]) -> None:
    service, tender = served
    text = page(service, tender.custodians[0])
    assert "Join a key ceremony" in text
    assert "A road" in text


def test_the_page_tells_nobody_elses_tasks(served: tuple[Running, Tender]) -> None:
    service, tender = served
    text = page(service, tender.supervisor)
    assert "Nothing waits for you." in text
    assert "A road" not in text


def test_who_is_not_signed_in_is_led_to_the_sign_in(served: tuple[Running, Tender]) -> None:
    answer = served[0].http.get("/custodian", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/custodian")
