"""The file of a demo's guide: several bots have news for it at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client.demo.guide import Guide
from client.demo.home import Home, Remembered
from client.demo.people import MEMBERS

TURNS = 100


def test_news_of_several_bots_at_once_are_all_in_the_file_and_it_is_whole(tmp_path: Path) -> None:
    passwords = {one.account: "c0ff-ee00-1234" for one in MEMBERS}
    guide = Guide(Home(tmp_path, "demo", Remembered(8000, passwords=passwords)))

    def news(turn: int) -> None:
        guide.tell(**{("opened", "standing")[turn % 2]: f"{turn:032x}"})
        json.loads(guide.path.read_bytes())

    with ThreadPoolExecutor(4) as bots:
        for done in [bots.submit(news, turn) for turn in range(TURNS)]:
            done.result()
    told = json.loads(guide.path.read_bytes())
    assert told["opened"]
    assert told["standing"]
    assert len(told["sign_ins"]) == len(MEMBERS)
