"""Whole projects over the public interface, with real processes."""

from pathlib import Path

import pytest

from tests.scenarios.conftest import Rehearsed, rehearse

EVERYTHING = ("--late", "1", "--withdraw", "1", "--broken", "1")


def check(done: Rehearsed) -> None:
    assert done.code == 0, done.output
    assert done.report["ok"]
    assert not done.report["problems"]


def test_three_bids_are_sealed_uploaded_receipted_opened_and_verified(
    rehearsed: Rehearsed,
) -> None:
    check(rehearsed)
    assert rehearsed.report["figures"]["fates"] == {"opened": 3, "superseded": 1}
    assert rehearsed.report["figures"]["verifier"]


@pytest.mark.slow
def test_every_fate_has_its_cause_when_bidders_co_open(tmp_path: Path) -> None:
    options = ("--bidders", "6", "--custodians", "3/5", "--co-open", "--silent", "1")
    done = rehearse(tmp_path, "--size", "2MB", *EVERYTHING, *options)
    check(done)
    assert done.report["figures"]["fates"] == {
        "body": 1,
        "late": 1,
        "opened": 2,
        "secret_missing": 1,
        "superseded": 1,
        "withdrawn": 1,
    }


@pytest.mark.slow
def test_no_second_envelope_is_opened_that_was_not_let_through(tmp_path: Path) -> None:
    options = ("--bidders", "6", "--two-envelopes", "--incomplete", "1")
    done = rehearse(tmp_path, "--size", "1MB", *EVERYTHING, *options)
    check(done)
    fates = done.report["figures"]["fates"]
    assert (fates["incomplete"], fates["passed_over"], fates["opened"]) == (1, 2, 3)


def test_a_committee_evaluates_the_bids_and_its_report_is_signed(tmp_path: Path) -> None:
    options = ("--experts", "5", "--dissent", "1", "--replace", "0", "--custodians", "2/2")
    asking = ("--clarifications", "2", "--reevaluate")
    done = rehearse(tmp_path, "--size", "100KB", "--no-erase", *options, *asking)
    check(done)
    found = done.report["figures"]["evaluation"]
    assert found["clarifications"] == {"asked": 2, "accepted": 1}
    assert "clarifications: 2 asked, 1 accepted" in done.output
    assert (found["rejected"], found["too_low"], found["votes"]) == (1, 0, 1)
    assert found["marked_again"] == [1]
    assert len(found["places"]) == 2
    best = found["places"][0]
    assert f"1. {best['name']}  {best['total']}" in done.output


@pytest.mark.slow
def test_the_second_envelopes_are_opened_of_those_the_committee_passed(tmp_path: Path) -> None:
    options = ("--bidders", "5", "--experts", "7", "--stand-aside", "2", "--dissent", "2")
    done = rehearse(tmp_path, "--size", "100KB", "--two-envelopes", "--kill", *options)
    check(done)
    found, fates = done.report["figures"]["evaluation"], done.report["figures"]["fates"]
    assert (found["rejected"], found["too_low"], len(found["places"])) == (1, 1, 3)
    assert fates == {"opened": 8, "passed_over": 2, "superseded": 1}


def test_an_even_committee_is_wrong_usage(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--experts", "6")
    assert done.code == 2
    assert "an odd number of experts" in done.output


@pytest.mark.slow
def test_crashes_of_service_and_timekeeper_change_nothing(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--bidders", "4", "--size", "10MB", "--kill", "--broken", "1")
    check(done)
    assert done.report["figures"]["fates"] == {"body": 1, "opened": 3, "superseded": 1}


def test_a_plan_without_an_ordinary_bid_is_wrong_usage(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "--bidders", "1", "--late", "1")
    assert done.code == 2
    assert "ordinary" in done.output
