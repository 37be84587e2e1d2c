"""A timekeeper comes to a service: its invitation, its password, its key."""

import json
from pathlib import Path

import pytest

from client import keys, timekeeper_home
from client.demo.home import keeper_place
from client.errors import Declined, NotTrusted, Unusable
from client.profile import Profile
from client.timekeeper_home import Home
from tests.web.service import Person, Running, running

PASSWORD = "a long sentence of its own"


def made(folder: Path) -> Home:
    return timekeeper_home.open_home(folder / "home", folder / "second", "phrase", "time.example")


def invitation(service: Running, admin: Person) -> str:
    opened = {
        "type": "registry.open_account",
        "account": "keeper",
        "name": "时间见证",
        "organisation": service.organisation(admin, "授时中心", "T-1"),
        "roles": ["timekeeper"],
    }
    assert admin.registry(opened).status_code == 200
    return f"http://localhost:8000/join#{service.invite(admin, 'keeper')}\n"


def profile(home: Home, service: Running) -> Profile:
    found = Profile.load(home.folder)
    found.server = service.url
    return found


async def test_an_invitation_makes_the_account_sign_with_the_homes_key(tmp_path: Path) -> None:
    home = made(tmp_path)
    with running(tmp_path / "data", witness_vkey=home.witness_vkey) as service:
        link = invitation(service, service.first())
        account = await timekeeper_home.enrol(home, profile(home, service), link, PASSWORD)
        assert account == "keeper"
        keeper = service.person("keeper", service.sign_in("keeper", PASSWORD).json()["token"])
        registered = [key["keyid"] for key in keeper.get("/api/me").json()["keys"]]
        assert registered == [keys.keyid(home.key)]
        kept = Profile.load(home.folder)
        assert (kept.account, kept.server) == ("keeper", service.url)
        with pytest.raises(Declined, match="invitation"):
            await timekeeper_home.enrol(home, profile(home, service), link, PASSWORD)


async def test_a_service_that_expects_another_timekeeper_gets_no_key(tmp_path: Path) -> None:
    home, other = made(tmp_path), made(tmp_path / "other")
    with running(tmp_path / "data", witness_vkey=other.witness_vkey) as service:
        link = invitation(service, service.first())
        with pytest.raises(NotTrusted, match="another key"):
            await timekeeper_home.enrol(home, profile(home, service), link, PASSWORD)
        # the invitation was not used up
        body = {"token": link.strip().rpartition("#")[2]}
        look = service.http.post("/api/registry/invitations/look", json=body)
        assert look.status_code == 200


def test_the_timekeeper_of_a_folder_is_found_while_it_runs(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="--empty"):
        keeper_place(tmp_path, "timekeeper")
    kept = {"port": 8000, "passphrase": "phrase", "passwords": {"timekeeper": "word"}}
    (tmp_path / "own.json").write_text(json.dumps(kept))
    place = keeper_place(tmp_path, "timekeeper")
    assert (place.home, place.second) == (
        tmp_path / "own/timekeeper",
        tmp_path / "own/timekeeper-second",
    )
    assert (place.passphrase, place.password) == ("phrase", "word")
    with pytest.raises(Unusable, match="not started"):
        keeper_place(tmp_path, "another")
