"""What is loaded first stays within its budget, is packed, and says all that the page's code says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.stage import Stage
from tests.opening.parties import Party
from tests.web.first_load import HALL, IN_PAGE, PAGES, SEALER, Loading, budget
from tests.web.scene import Scene, scene
from tests.web.tender import headers
from web import bundles, packing, texts

BROWSER = Path(bundles.__file__).parent / "browser"
SAID = re.compile(r'\b_\(\s*("(?:[^"\\]|\\.)*")')
FAMILY = re.compile(r"\b_\(\s*`([a-z]+) \$\{")
KEPT = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage().reading()


@pytest.fixture(scope="module")
def running(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    if not bundles.assets():
        pytest.fail("the browser's code is not built; run node web/browser/build.mjs")
    with scene(tmp_path_factory.mktemp("reading"), stage) as made:
        yield made


@pytest.fixture(scope="module")
def people(stage: Stage) -> dict[str, Party | None]:
    return stage.one_of_each


@pytest.mark.parametrize("role", PAGES)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_page_loads_more_than_its_budget(
    running: Scene, people: dict[str, Party | None], role: str, language: str
) -> None:
    loading = Loading(running.http, language)
    for path in PAGES[role]:
        loaded = loading.page(path, people[role])
        assert len(loaded) > 3, path
        assert sum(loaded.values()) <= budget(path), (path, loaded)


def test_the_budgets_are_the_ones_that_were_promised() -> None:
    assert (budget(HALL), budget(SEALER), budget("/")) == (120_000, 200_000, 150_000)


@pytest.mark.parametrize(
    ("accepted", "packed_as"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None)],
)
def test_scripts_and_styles_are_kept_for_good_and_come_packed_as_one_takes_them(
    running: Scene, accepted: str, packed_as: str | None
) -> None:
    told = {"accept-encoding": accepted}
    for name in ("hall.js", "hall-style.css", "bidder-worker.js"):
        address = bundles.assets()[name]
        with running.http.stream("GET", address, headers=told) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding") == packed_as
        assert answer.headers["cache-control"] == KEPT
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        file = Path(bundles.__file__).parent / address.removeprefix("/")
        ending = {"br": ".br", "gzip": ".gz", None: ""}[packed_as]
        assert raw == file.with_name(file.name + ending).read_bytes()


def test_the_sealing_worker_keeps_its_own_policy_when_it_is_packed(running: Scene) -> None:
    address = bundles.assets()["bidder-worker.js"]
    answer = running.http.get(address, headers={"accept-encoding": "gzip"})
    assert "'wasm-unsafe-eval'" in answer.headers["content-security-policy"]


def test_a_page_is_packed_only_for_who_takes_it_so(running: Scene, stage: Stage) -> None:
    told = headers(stage.bidder[1], accept_encoding="gzip")
    packed = running.http.get(HALL, headers=told)
    plain = running.http.get(HALL, headers={**told, "accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert "accept-encoding" in plain.headers["vary"]
    assert "cookie" in plain.headers["vary"]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_bundle_is_given_each_sentence_its_own_code_says(
    running: Scene, language: texts.Language
) -> None:
    page = running.http.get("/", headers={"accept-language": language}).text
    address = re.findall(r'data-texts="([^"]+)"', page)[0]
    words = texts.sentences(language)
    folders = {path.parent for path in BROWSER.glob("*/main.ts")} - {BROWSER / "app"}
    for folder in folders:
        code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.ts"))
        given = running.http.get(f"{address}/{folder.name}.json").json()
        wanted = {json.loads(one) for one in SAID.findall(code)}
        families = tuple(f"{one} " for one in FAMILY.findall(code))
        wanted |= {one for one in words if one.startswith(families) and one.count(" ") == 1}
        assert {one for one in wanted if given.get(one, one) != words[one]} == set(), folder.name


def test_sentences_are_kept_for_good_and_unknown_code_has_none(running: Scene) -> None:
    answer = running.http.get("/texts/zh-CN/1/hall.json")
    assert answer.headers["cache-control"] == KEPT
    assert running.http.get("/texts/zh-CN/1/nothing.json").status_code == 404


def test_no_page_names_a_file_that_is_not_built(running: Scene) -> None:
    page = running.http.get("/").text
    for address in IN_PAGE.findall(page):
        assert running.http.get(address).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("", False), ("x", False)],
)
def test_a_packing_is_taken_by_whoever_names_it(accepted: str, taken: bool) -> None:  # noqa: FBT001 - a table's column
    assert packing.takes(accepted, "gzip") is taken
