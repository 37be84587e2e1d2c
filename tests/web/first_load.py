"""What a page makes a browser load of our own, cold and packed: page, styles, scripts, sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from tests.opening.parties import Party
from tests.opening.world import PROJECT
from tests.web.tender import headers

KB = 1000
HALL = f"/projects/{PROJECT}/hall/s1-1"
SEALER = f"/projects/{PROJECT}/bid/s1-1"
BUDGETS = {HALL: 120 * KB, SEALER: 200 * KB}
BUDGET = 150 * KB
PAGES = {
    "": (
        *(
            "/",
            "/public",
            f"/public/{PROJECT}",
            "/check",
            "/log",
            "/downloads",
            "/guide",
            "/guide/bidder",
        ),
        *("/sign-in", "/register", "/join"),
    ),
    "bidder": ("/projects", f"/projects/{PROJECT}", HALL, SEALER, "/bidder", "/me", "/inbox"),
    "clerk": (
        *(HALL, "/clerk", "/clerk/new", f"/clerk/{PROJECT}"),
        *(f"/clerk/{PROJECT}/{step}" for step in ("people", "documents", "amend", "preflight")),
    ),
    "custodian": (HALL, "/custodian"),
    "supervisor": (HALL, "/supervisor"),
    "administrator": (
        *("/admin", "/admin/organisations", "/admin/people", "/admin/applications"),
        *("/admin/templates", "/admin/settings", "/admin/health"),
    ),
}
"""Role -> the pages it begins from; nobody's are the public's."""
IN_PAGE = re.compile(r'(?:href|src|data-worker)="(/static/[^"]+)"')
TEXTS = re.compile(r'data-texts="([^"]+)"')
PAGE_CODE = re.compile(r"/static/dist/([a-z]+)-[A-Z0-9]{8}\.js")
IN_CODE = re.compile(r"""(?<!import\()["']\./(shared-[A-Z0-9]{8}\.js)["']""")
"""What code begins with; what it asks for later, as when a file is opened, is not loaded first."""


def budget(path: str) -> int:
    """Return how much a page may load, bytes."""
    return BUDGETS.get(path, BUDGET)


@dataclass
class Loading:
    """A browser that keeps nothing.

    Args:
        http: a client of the service.
        language: in which it wants pages.
    """

    http: httpx.Client
    language: str

    def page(self, path: str, who: Party | None) -> dict[str, int]:
        """Return what a page loads: address -> bytes on the way."""
        size, body = self._get(path, who)
        seen = {path: size}
        wanted = list(self._of_page(body.decode()))
        for address in wanted:
            if address not in seen:
                seen[address], body = self._get(address, who)
                wanted += [f"/static/dist/{name}" for name in IN_CODE.findall(body.decode())]
        return seen

    def _of_page(self, page: str) -> Iterator[str]:
        found = IN_PAGE.findall(page)
        yield from found
        (texts,) = TEXTS.findall(page)
        for address in found:
            code = PAGE_CODE.fullmatch(address)
            if code is not None:
                yield f"{texts}/{code[1]}.json"

    def _get(self, address: str, who: Party | None) -> tuple[int, bytes]:
        """Return how many bytes an answer takes on the way, and what it says."""
        told = {"accept-language": self.language, **(headers(who) if who else {})}
        answer = self.http.get(address, headers={**told, "accept-encoding": "gzip, br"})
        assert answer.status_code == 200, (address, answer.status_code)
        plain = self.http.get(address, headers={**told, "accept-encoding": "identity"})
        return answer.num_bytes_downloaded, plain.content
