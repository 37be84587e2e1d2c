"""The file of a demo's guide: several bots have news for it at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from client.demo.guide import Guide
from client.demo.home import Home, Remembered
from client.demo.people import SHOWN

TURNS = 100
FIELDS = ("opened", "standing")


def test_news_of_several_bots_at_once_are_all_in_the_file_and_it_is_whole(tmp_path: Path) -> None:
    passwords = {one.account: "c0ff-ee00-1234" for one in SHOWN}
    home = Home(tmp_path, "demo", Remembered(8000, passwords=passwords))
    with ThreadPoolExecutor(len(FIELDS)) as bots:
        for turn in range(TURNS):
            guide, both = Guide(home), Barrier(len(FIELDS))
            guide.greet(passwords)
            news = {name: f"{turn:031x}{number}" for number, name in enumerate(FIELDS)}
            for done in [bots.submit(tell, guide, both, one) for one in news.items()]:
                done.result()
            told = json.loads(guide.path.read_bytes())
            assert {name: told[name] for name in FIELDS} == news
            assert len(told["sign_ins"]) == len(SHOWN)


def tell(guide: Guide, both: Barrier, news: tuple[str, str]) -> None:
    """Tell one thing at the same moment as another bot tells its own."""
    both.wait(30)
    guide.tell(**dict([news]))


def test_nobodys_sign_in_is_listed_before_it_can_be_used(tmp_path: Path) -> None:
    passwords = {one.account: "c0ff-ee00-1234" for one in SHOWN}
    guide = Guide(Home(tmp_path, "demo", Remembered(8000, passwords=passwords)))
    guide.tell(opened="1" * 32)
    assert json.loads(guide.path.read_bytes())["sign_ins"] == []
    guide.greet(["expert-2"])
    guide.greet(["clerk", "timekeeper"])
    listed = json.loads(guide.path.read_bytes())["sign_ins"]
    assert [one["account"] for one in listed] == ["clerk", "expert-2"]
