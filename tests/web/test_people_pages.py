"""The pages about people and for administrators: their words, and what they must not show."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from registry.events import RegistryRole
from tests.web.service import Person, Running, running, settings
from web import texts
from web.installed import SHOWN, database, limits_of, own_folder, settings_of, span
from web.pages_people import has_name
from web.settings import Limits, Settings

MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as started:
        yield started


@pytest.fixture
def admin(service: Running) -> Person:
    return service.first()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_words_that_are_put_together_are_in_the_catalogue(language: texts.Language) -> None:
    steps = ("organisations", "clerk", "custodians", "supervisor", "timekeeper", "project")
    wanted = {f"limit {name}" for name in Limits.model_fields}
    wanted |= {f"health {state}" for state in ("good", "look", "bad", "told")}
    wanted |= {f"{what} {step}" for what in ("set up", "set up why") for step in steps}
    for status in ("open", "approved", "declined"):
        wanted |= {f"application {status}", f"applications {status}"}
    wanted |= {f"role {role}" for role in get_args(RegistryRole)}
    wanted |= {"{n} s", "{n} min", "{n} h", "days {n}"}
    assert wanted - texts.sentences(language).keys() == set()


def test_the_databases_password_is_not_shown(tmp_path: Path) -> None:
    found = settings(tmp_path, database_url="postgresql://kb:hunter2@db.example:5433/bids")
    assert database(found) == "postgresql://db.example:5433/bids"
    assert "hunter2" not in str(settings_of(found))
    assert database(settings(tmp_path)).startswith("sqlite:////")


def test_only_named_settings_are_shown_and_every_limit_is(tmp_path: Path) -> None:
    assert set(SHOWN) <= Settings.model_fields.keys()
    names = {row["setting"] for row in limits_of(settings(tmp_path))}
    assert names == {f"KAIBIAO_LIMITS__{name.upper()}" for name in Limits.model_fields}


def test_an_installation_of_ones_own_is_known_by_its_folder(tmp_path: Path) -> None:
    assert own_folder(settings(tmp_path / "own" / "data")) == str(tmp_path)
    assert not own_folder(settings(tmp_path / "demo" / "data"))


@pytest.mark.parametrize(
    ("millis", "said"),
    [
        (999, "0 s"),
        (119_999, "119 s"),
        (2 * MINUTE, "2 min"),
        (2 * HOUR, "2 h"),
        (48 * HOUR, "2 days"),
    ],
)
def test_a_span_is_told_in_one_unit(millis: int, said: str) -> None:
    assert span("en", millis) == said


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://localhost:8000", True),
        ("https://bids.example", True),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_passkeys_are_offered_where_there_is_a_name(
    tmp_path: Path, origin: str, *, expected: bool
) -> None:
    assert has_name(settings(tmp_path, origin=origin)) is expected


def test_a_form_of_another_site_applies_for_nobody(service: Running, admin: Person) -> None:
    said = {"organisation": "o", "code": "1", "person": "p", "account": "a"}
    headers = {"origin": "https://evil.example"}
    answer = service.http.post("/register", data=said, headers=headers)
    assert answer.status_code == 403
    assert admin.get("/api/registry/applications").json()["items"] == []


def test_names_are_shown_as_text_in_pages_and_in_commands(service: Running, admin: Person) -> None:
    name = """<b>O'Neill</b> & "Söhne" """.strip()
    organisation = service.organisation(admin, name, "O-1")
    service.join(admin, "neill", organisation, "bidder")
    for path in ("/admin/organisations", "/admin/people", "/admin/people/neill"):
        told = admin.get(path).text
        assert "<b>O'Neill" not in told
        assert "&lt;b&gt;O&#39;Neill&lt;/b&gt; &amp; &#34;Söhne&#34;" in told


def test_the_next_page_of_people_is_of_the_same_search(tmp_path: Path) -> None:
    small = settings(tmp_path).limits.model_copy(update={"page": 1})
    with running(tmp_path, limits=small) as service:
        admin = service.first()
        organisation = service.organisation(admin, "甲", "A-1")
        for account, role in (("a.lin", "clerk"), ("b.lin", "bidder"), ("c.lin", "clerk")):
            service.join(admin, account, organisation, role)
        first = admin.get("/admin/people", params={"q": "lin", "role": "clerk"}).text
        assert "/admin/people/a.lin" in first
        second = admin.get(next_page(first)).text
        assert "/admin/people/c.lin" in second
        assert "/admin/people/b.lin" not in second


def next_page(told: str) -> str:
    """Return the address of the next page of a list."""
    (address,) = re.findall(r'<a href="([^"]+)">下一页</a>', told)
    return html.unescape(address)


def test_lists_are_searched_and_come_in_pages(tmp_path: Path) -> None:
    small = settings(tmp_path).limits.model_copy(update={"page": 2})
    with running(tmp_path, limits=small) as service:
        admin = service.first()
        for number in range(3):
            service.organisation(admin, f"第{number}建设公司", f"N-{number}")
        first = admin.get("/admin/organisations", params={"q": "建设"}).text
        assert "第0建设公司" in first
        assert "第2建设公司" not in first
        assert "交易中心" not in first
        second = admin.get(next_page(first)).text
        assert "第2建设公司" in second
        assert "第0建设公司" not in second
        assert "N-1" in admin.get("/admin/organisations", params={"q": "n-1"}).text


def test_what_is_to_be_set_up_tells_who_has_not_accepted_yet(
    service: Running, admin: Person
) -> None:
    organisation = service.organisation(admin, "甲", "A-1")
    chinese = admin.headers(**{"accept-language": "zh-CN"})

    def step(title: str) -> str:
        told = service.http.get("/admin", headers=chinese).text
        return told.partition(f">{title}</a>")[2].partition("</li>")[0]

    title = "为至少三名密钥保管人开立账号"
    assert ">待办</span>" in step(title)
    for number in range(3):
        body = {"type": "registry.open_account", "account": f"k{number}", "name": "K"}
        opened = admin.registry({**body, "organisation": organisation, "roles": ["custodian"]})
        assert opened.status_code == 200, opened.text
    assert ">已邀请 3 人</span>" in step(title)
    for number in range(3):
        service.join(admin, f"c{number}", organisation, "custodian")
    assert ">已完成</span>" in step(title)
