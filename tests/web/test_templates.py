"""Templates over HTTP: kept and dropped by administrators, read by clerks, and not without end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from registry.template_tables import templates
from tests.web.service import CODES, Person, Running, running
from web.kept_templates import MOST
from web.openapi_examples import TEMPLATE

WHERE = "/api/templates"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as started:
        yield started


def keep(service: Running, who: Person, **more: Any) -> Any:
    return service.http.post(WHERE, json={**TEMPLATE, **more}, headers=who.headers())


def names(who: Person) -> list[str]:
    return [one["name"] for one in who.get(WHERE).json()["items"]]


def test_administrators_keep_and_drop_what_clerks_read_and_bidders_do_not(
    service: Running,
) -> None:
    admin = service.first()
    organisation = service.organisation(admin, "甲", CODES[1])
    clerk = service.join(admin, "clerk", organisation, "clerk")
    bidder = service.join(admin, "bidder", organisation, "bidder")
    kept = keep(service, admin).json()["template"]
    assert keep(service, admin, template=kept, name="changed").json() == {"template": kept}
    assert names(clerk) == ["changed"]
    assert bidder.get(WHERE).status_code == 403
    for who in (clerk, bidder):
        assert keep(service, who).status_code == 403
        dropped = service.http.delete(f"{WHERE}/{kept}", headers=who.headers())
        assert dropped.status_code == 403
    assert service.http.delete(f"{WHERE}/{kept}", headers=admin.headers()).status_code == 204
    assert names(admin) == []
    answer = keep(service, admin, template=kept)
    assert (answer.status_code, answer.json()["code"]) == (404, "templates.unknown")


def test_when_there_are_as_many_as_may_be_asking_again_is_no_help(service: Running) -> None:
    admin = service.first()
    for number in range(MOST):
        assert keep(service, admin, name=f"n{number:03}").status_code == 200
    answer = keep(service, admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "templates.too_many")
    assert "retry-after" not in answer.headers
    assert (
        keep(service, admin, template=admin.get(WHERE).json()["items"][0]["template"]).status_code
        == 200
    )


def test_of_several_who_keep_the_last_one_there_is_room_for_one_does(service: Running) -> None:
    admin = service.first()
    row = {"name": "n", "terms": "{}", "at": 0, "by": "root"}
    filled = [{"template": f"{number:032x}", **row} for number in range(MOST - 1)]
    service.do(service.services.store.change(templates.insert().values(filled)))
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _: keep(service, admin), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 7]
    assert len(names(admin)) == MOST
