"""Questions to bidders as people read them: timelines, inboxes, and the pages without scripts."""

from pathlib import Path

import httpx
import pytest

from tests.opening.parties import Party
from tests.opening.world import PROJECT
from tests.project.sitting import RULE, Sitting
from tests.web.scene import scene
from tests.web.tender import Tender, headers
from web.letters import sentence, way
from web.rendering import sentence as line_in_words

HASH = "0" * 64


def line(kind: str, **told: object) -> str:
    body = {"type": f"evaluation.{kind}", "id": "1", "at": 0, "hash": HASH, **told}
    return line_in_words("en", body)


def test_a_check_that_gave_something_back_is_told_by_other_words_than_one_that_let_it_out() -> None:
    sent = line("question_checked", due=0)
    assert sent == "A question was checked and sent, to be answered by 1970-01-01 08:00:00 UTC+8"
    assert line("question_checked", returned="names") == (
        "The supervisor gave a question back: names"
    )
    shown, back = line("answer_checked"), line("answer_checked", returned="vague", due=0)
    assert "shown to the committee" in shown
    assert "vague" in back
    assert "1970-01-01 08:00:00 UTC+8" in back


@pytest.mark.parametrize(
    ("kind", "role", "page"),
    [
        ("clarification", "bidder", "/bidder"),
        ("question_check", "supervisor", "/supervisor"),
        ("answer_check", "supervisor", "/supervisor"),
        ("answer_shown", "expert", "/projects/1/desk/s1"),
    ],
)
def test_an_inbox_leads_to_where_something_can_be_done(kind: str, role: str, page: str) -> None:
    assert way("1", kind, {"section": "s1"}, {role}) == page
    assert "…" not in sentence("zh-CN", kind, {"section": "s1", "due": 0})


def test_pages_show_a_question_to_its_bidder_and_to_the_supervisor_alone(tmp_path: Path) -> None:
    world = Tender(rule=RULE).open_up().all_opened()
    sitting = Sitting(world).quorate()
    first, second, *_ = sitting.bids
    out = sitting.ask(first, "请说明甲")
    sitting.agree(sitting.chair, sitting.draft(1, second, "请说明乙"))
    answerer = sitting.asked(out)
    other = next(one for one in world.bidder.values() if one != answerer)
    with scene(tmp_path, world) as made:

        def page(who: Party, path: str) -> httpx.Response:
            answer = made.http.get(path, headers=headers(who))
            assert answer.status_code == 200, answer.text
            return answer

        assert "请说明甲" in page(answerer, "/bidder").text
        assert "请说明" not in page(other, "/bidder").text
        queue = page(world.supervisor, "/supervisor").text
        assert "请说明乙" in queue
        assert "请说明甲" not in queue
        asked = f"/api/projects/{PROJECT}/sections/s1/clarifications"
        (item,) = page(answerer, asked).json()["items"]
        assert (item["status"], item["question"]) == ("sent", "请说明甲")
        assert page(other, asked).json() == {"items": []}
