import io
import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from evaluation.report_facts import facts as report_facts
from opening.events import MinutesDrawnUp
from opening.facts import facts
from tests.forgeries.forging import says, signs
from tests.opening.participating import LOOKER_ON, looks_on
from tests.opening.world import FIRST, PROJECT, SECTION
from tests.project.whole import RULES
from tests.verifier.logbook import logbook, parts
from tests.verifier.stories import STORIES, co_opened, held, plain, troubled
from tests.verifier.told import Told
from verifier.__main__ import main
from verifier.verify import verify

OPEN = {"evaluation.rule_set", "evaluation.stage_decided"}
ASKED_INSIDE = {
    "evaluation.clarification_drafted",
    "evaluation.clarification_agreed",
    "evaluation.clarification_dropped",
    "evaluation.answer_judged",
}
"""What the committee alone knows of its questions."""
HIDDEN = {"project.question_asked", "project.document_fetched", "project.record_viewed"}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_an_honest_record_holds_in_every_check(story: Callable[[], Told]) -> None:
    report = verify(io.BytesIO(parts(logbook(story())).joined()))
    assert report.findings == []
    assert report.unchecked == []


def test_a_change_of_key_is_noted_and_no_finding() -> None:
    book = logbook(troubled())
    report = verify(io.BytesIO(parts(book).joined()))
    (note,) = report.notes
    assert note.entry == book.find("opening.participant_key_changed") + 1
    assert "bidder-2 as bidder" in note.said
    assert "without the old key" in note.said
    assert report.told()["notes"] == [note.told()]
    assert report.holds


def test_minutes_that_named_nobody_released_since_hold_as_they_did() -> None:
    world = STORIES["handed_over"]()
    state = RULES.initial(PROJECT)
    for event, stamp in world.record:
        if isinstance(event, MinutesDrawnUp):
            break
        state = RULES.evolve(state, event, stamp)
    before = replace(state.opening, known=state.opening.participants)
    old, new = (sha256(facts(one, FIRST)).hexdigest() for one in (before, state.opening))
    assert old != new
    book = logbook(world)
    says(book, "opening.minutes_drawn_up", facts=old)
    people = {one.account: one for one in world.people}
    for nth in range(sum(row.type == "opening.minutes_signed" for row in book.rows)):
        row = book.rows[book.find("opening.minutes_signed", nth)]
        signs(book, "opening.minutes_signed", people[row.actor], nth, facts=old)
    assert verify(io.BytesIO(parts(book).joined())).findings == []


def test_without_the_sealed_files_only_what_needs_them_is_left() -> None:
    report = verify(io.BytesIO(parts(logbook(co_opened(), files=False)).joined()))
    assert report.findings == []
    assert {one.check for one in report.unchecked} == {"V5.A8", "V10.4", "V10.5", "V16.3"}


def test_what_rests_on_a_hidden_entry_is_told_as_not_checked() -> None:
    book = logbook(troubled())
    book.hidden = lambda row: row.type in HIDDEN
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert {one.check for one in report.unchecked} == {"V17.1"}


def test_what_is_hidden_from_the_public_leaves_nothing_wrong() -> None:
    world = Told(minimum=1)
    world.opened_up()
    looks_on(world)
    book = logbook(held(world), files=False)
    book.hidden = lambda row: row.type in HIDDEN or row.body.get("account") == LOOKER_ON
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert {one.check for one in report.unchecked} == {"V5.A8", "V10.4", "V10.5", "V16.3"}


def test_bidders_hidden_until_the_close_leave_their_signatures_unchecked() -> None:
    book = logbook(plain())
    book.hidden = lambda row: row.body.get("role") == "bidder"
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert "V2.11" in {one.check for one in report.unchecked}


@pytest.mark.parametrize("story", ["evaluated", "evaluated_twice", "clarified"])
def test_a_committee_that_is_hidden_leaves_nothing_wrong(story: str) -> None:
    book = logbook(STORIES[story]())
    book.hidden = lambda row: row.type.startswith("evaluation.") and row.type not in OPEN
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert {one.check for one in report.unchecked} <= {"V27.1"}


PUBLIC = OPEN | {
    "evaluation.candidates_published",
    "evaluation.publication_withdrawn",
    "evaluation.publication_restored",
    "evaluation.awarded",
}


@pytest.mark.parametrize("story", ["reevaluated", "given_up"])
def test_a_withdrawn_result_whose_committee_is_hidden_leaves_nothing_wrong(story: str) -> None:
    book = logbook(STORIES[story]())
    book.hidden = lambda row: row.type.startswith("evaluation.") and row.type not in PUBLIC
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert report.passed["V31.5"] > 0
    assert report.passed["V33.2"] > 0
    assert {one.check for one in report.unchecked} <= {"V31.1", "V33.2", "V33.7"}


def test_a_published_result_whose_committee_is_hidden_leaves_nothing_wrong() -> None:
    book = logbook(STORIES["awarded"]())
    book.hidden = lambda row: row.type.startswith("evaluation.") and row.type not in PUBLIC
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert {one.check for one in report.unchecked} == {"V31.1"}
    assert report.passed["V31.5"] > 0


def test_terms_without_a_period_of_publication_are_read_as_three_days() -> None:
    book = logbook(STORIES["awarded"]())
    place = book.find("opening.terms_set")
    body = book.rows[place].body
    periods = {name: one for name, one in body["periods"].items() if name != "publication"}
    says(book, "opening.terms_set", periods=periods)
    assert verify(io.BytesIO(parts(book).joined())).findings == []


def test_questions_whose_drafts_are_hidden_leave_nothing_wrong() -> None:
    book = logbook(STORIES["clarified"]())
    book.hidden = lambda row: row.type in ASKED_INSIDE
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []
    assert {one.check for one in report.unchecked} == {"V25.1", "V28.3", "V28.4", "V28.6"}


def test_an_answer_that_was_given_back_is_in_no_report() -> None:
    world = STORIES["clarified"]()
    found = world.whole.evaluation.evaluations[SECTION]
    rule = world.whole.evaluation.rules[SECTION]
    asked = json.loads(report_facts(world.state, found, rule))["clarifications"]
    assert [one["status"] for one in asked] == ["accepted", "not_accepted", "expired"]
    assert ["answer" in one for one in asked] == [True, True, False]


def test_a_question_may_be_due_a_little_sooner_where_its_check_had_to_wait() -> None:
    book = logbook(STORIES["clarified"]())
    place = book.find("evaluation.question_checked", 2)
    says(book, "evaluation.question_checked", 2, due=book.rows[place].body["due"] - 60_000)
    assert verify(io.BytesIO(parts(book).joined())).findings == []


def test_marks_hidden_until_the_lock_leave_nothing_wrong() -> None:
    book = logbook(STORIES["evaluated"]())
    del book.rows[book.find("evaluation.marks_submitted", 3) + 1 :]
    book.sealed, book.documents = {}, []
    book.hidden = lambda row: row.type == "evaluation.marks_submitted"
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.findings == []


def test_traces_are_checked_where_they_are_shown() -> None:
    book = logbook(plain())
    book.traced = True
    report = verify(io.BytesIO(parts(book).joined()))
    assert report.holds
    assert report.passed["V2.7"] == len(book.rows)


def test_the_command_tells_and_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = parts(logbook(plain()))
    good, bad = tmp_path / "good.tar", tmp_path / "bad.tar"
    good.write_bytes(made.joined())
    made.entries[5]["salt"] = "0" * 64
    bad.write_bytes(made.joined())
    assert main([str(good)]) == 0
    assert capsys.readouterr().out.endswith("The record holds.\n")
    assert main([str(bad), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["check"], one["entry"]) for one in told["findings"]] == [("V2.4", 6)]
    assert main([str(tmp_path / "absent.tar")]) == 2
    assert "absent.tar" in capsys.readouterr().err


def test_a_file_that_is_no_export_is_a_finding() -> None:
    for data in (b"", b"x" * 700, bytes(1024)):
        report = verify(io.BytesIO(data))
        assert [finding.check for finding in report.findings] == ["V0.1"]
