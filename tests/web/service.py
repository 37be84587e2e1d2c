"""A real service on a free port of 127.0.0.1, in a thread of its own, with a clock tests set."""

import asyncio
import contextlib
import hashlib
import json
import socket
import ssl
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
import uvicorn

from crypto import signatures
from crypto.hashing import H
from registry.events import KeyRegistration
from web.app import create_app
from web.clock import SetClock
from web.services import Services
from web.settings import Limits, PasswordCost, Rate, Settings

T = TypeVar("T")
PATIENCE = 120
"""How long anything may take, seconds; a busy machine takes its time."""
T0 = 1_800_000_000_000
PASSWORD = "correct horse battery"
CHEAP = PasswordCost(passes=1, memory_kib=8, lanes=1)
CODES = ("91350100M000100Y43", "91110000802100433B", "91440300708461136T", "9144030071526726XG")
WIDE = Rate(burst=10_000, refill_ms=1)
LIMITS = Limits(
    sign_in_by_address=WIDE,
    sign_in_by_account=WIDE,
    commands_by_account=WIDE,
    reads_by_account=WIDE,
    refusals_by_account=WIDE,
    applications_by_address=WIDE,
    disk_reserve=1,
)


def settings(folder: Path, **changes: Any) -> Settings:
    """Settings that cost little; `changes` replace some."""
    given = {
        "data_dir": folder,
        "password_cost": CHEAP,
        "limits": LIMITS,
        "origin": "http://127.0.0.1:1",
        "witness_patience": 50,
    }
    return Settings(**{**given, **changes})


@dataclass
class Person:
    """Somebody signed in, with a key of their own."""

    account: str
    token: str
    http: httpx.Client
    key: signatures.PrivateKey

    @property
    def spki(self) -> str:
        return signatures.public_spki(self.key).hex()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http.get(path, headers=self.headers(), **more)

    def headers(self, **more: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", **more}

    def command(self, path: str, body: dict[str, Any], key: str | None = None) -> httpx.Response:
        """Send a command; its id is derived from its body unless one is given."""
        content = json.dumps(body).encode()
        name = key or hashlib.sha256(self.account.encode() + content).hexdigest()[:32]
        headers = self.headers(**{"idempotency-key": name, "content-type": "application/json"})
        return self.http.post(path, content=content, headers=headers)

    def registry(self, body: dict[str, Any], key: str | None = None) -> httpx.Response:
        return self.command("/api/registry/commands", body, key)

    def project(self, project: str, body: dict[str, Any], key: str | None = None) -> httpx.Response:
        return self.command(f"/api/projects/{project}/commands", body, key)

    def register_key(self) -> httpx.Response:
        message = KeyRegistration(v=1, account=self.account, key=self.spki)
        signed = signatures.sign(KeyRegistration.payload_type(), message.payload(), self.key)
        return self.registry({"type": "registry.register_key", "message": signed})


def listen() -> socket.socket:
    """Listen on a free port; named as TCP, or asyncio leaves small answers waiting for an ACK."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening


class Announcing(uvicorn.Server):
    """A server that says when it takes requests, or that it never will."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.settled.set()


@dataclass
class Running:
    """A service that runs until its `with` block is left."""

    settings: Settings
    clock: SetClock = field(default_factory=lambda: SetClock(T0))

    def __enter__(self) -> Self:
        self.app = create_app(self.settings, self.clock)
        listening = listen()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(self.app, log_config=None, access_log=False, server_header=False)
        self._server = Announcing(config)
        self._thread = threading.Thread(target=self._run, args=([listening],), daemon=True)
        self._thread.start()
        self._server.settled.wait(PATIENCE)
        if not self._server.started:
            raise RuntimeError("the service did not start")
        # no cookie is kept: a test sends the one it means
        nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        # reading the machine's certificates takes longer than starting the service
        no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.http = httpx.Client(
            base_url=self.url,
            trust_env=False,
            timeout=PATIENCE,
            cookies=nothing,
            verify=no_certificates,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self._server.should_exit = True
        self._thread.join(PATIENCE)

    def _run(self, sockets: list[socket.socket]) -> None:
        try:
            asyncio.run(self._server.serve(sockets))
        finally:
            self._server.settled.set()

    def do(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something on the loop that the service runs on."""
        return asyncio.run_coroutine_threadsafe(doing, self._server.loop).result(PATIENCE)

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def sign_in(self, account: str, password: str = PASSWORD) -> httpx.Response:
        body = {"account": account, "password": password}
        return self.http.post("/api/session", json=body)

    def person(self, account: str, token: str) -> Person:
        seed = H("test-key", account.encode())
        return Person(account, token, self.http, signatures.ed25519_private_key(seed))

    def first(self, account: str = "root") -> Person:
        """Make the first administrator."""
        body = {
            "token": self.services.first_token,
            "organisation": "交易中心",
            "kind": "uscc",
            "code": CODES[0],
            "account": account,
            "name": "管理员",
            "password": PASSWORD,
        }
        answer = self.http.post("/api/registry/first", json=body)
        assert answer.status_code == 201, answer.text
        return self.person(account, answer.json()["token"])

    def organisation(self, admin: Person, name: str, code: str) -> str:
        body = {
            "type": "registry.register_organisation",
            "name": name,
            "kind": "other",
            "code": code,
        }
        answer = admin.registry(body)
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["events"][0]["organisation"]
        return found

    def join(self, admin: Person, account: str, organisation: str, *roles: str) -> Person:
        """Open an account, invite, accept, register a key."""
        opened = admin.registry(
            {
                "type": "registry.open_account",
                "account": account,
                "name": account.title(),
                "organisation": organisation,
                "roles": list(roles),
            }
        )
        assert opened.status_code == 200, opened.text
        token = self.invite(admin, account)
        body = {"token": token, "password": PASSWORD}
        answer = self.http.post("/api/registry/invitations", json=body)
        assert answer.status_code == 200, answer.text
        person = self.person(account, answer.json()["token"])
        registered = person.register_key()
        assert registered.status_code == 200, registered.text
        return person

    def invite(self, admin: Person, account: str) -> str:
        token = H("test-invitation", account.encode(), str(self.clock.moment).encode()).hex()
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        answer = admin.registry(
            {"type": "registry.invite_account", "account": account, "token_hash": token_hash}
        )
        assert answer.status_code == 200, answer.text
        return token


@contextlib.contextmanager
def running(folder: Path, **changes: Any) -> Iterator[Running]:
    """Run a service on an empty folder."""
    with Running(settings(folder, **changes)) as service:
        yield service
