"""What the stages of a run leave behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from sandan.run import outcomes
from sandan.run.outcomes import Outcome

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12)


def test_seconds_of_the_sources_add_up(home):
    outcomes.begin(home, DAY)
    for part, seconds in (("bank", 1.5), ("shop", 2.0)):
        outcomes.append(home, DAY, Outcome("read", part, NOON, seconds, ok=True, result={"files": 1}))
    outcomes.append(home, DAY, Outcome("load", "", NOON, 3.0, ok=True))
    assert outcomes.seconds(outcomes.of_run(home, DAY)) == {"read": 3.5, "load": 3.0}


def test_of_a_stage_that_was_tried_again_the_last_counts(home):
    outcomes.begin(home, DAY)
    outcomes.append(home, DAY, Outcome("load", "", NOON, 1.0, ok=False))
    outcomes.append(home, DAY, Outcome("load", "", NOON, 2.0, ok=True, result={"records": 7}))
    assert outcomes.of_run(home, DAY) == [Outcome("load", "", NOON, 2.0, ok=True, result={"records": 7})]


def test_a_new_run_forgets_the_attempt_before(home):
    outcomes.begin(home, DAY)
    outcomes.append(home, DAY, Outcome("load", "", NOON, 1.0, ok=False))
    outcomes.begin(home, DAY)
    assert outcomes.of_run(home, DAY) == []


def test_a_date_that_never_ran_has_none(home):
    assert outcomes.of_run(home, DAY) == []


#: a run that published, then what was done again of it
PUBLISHED = ("load", "gate_received", "match", "gate_matched", "publish", "exchange", "data_docs")


@pytest.mark.parametrize(
    ("again", "left"),
    [
        ([("gate_matched", False)], ["load", "gate_received", "match", "gate_matched", "data_docs"]),
        ([("match", True), ("gate_matched", False)], ["load", "gate_received", "match", "gate_matched", "data_docs"]),
        ([("match", True)], ["load", "gate_received", "match", "data_docs"]),
        ([("gate_matched", True)], list(PUBLISHED)),
        ([("exchange", False)], list(PUBLISHED)),
        ([("gate_received", True), *((stage, True) for stage in PUBLISHED[2:])], list(PUBLISHED)),
    ],
)
def test_what_stood_behind_a_stage_that_ran_again_is_not_of_the_last_attempt(home, again, left):
    outcomes.begin(home, DAY)
    for minutes, (stage, ok) in enumerate([*((stage, True) for stage in PUBLISHED), *again]):
        outcomes.append(home, DAY, Outcome(stage, "", NOON + timedelta(minutes=minutes), 1.0, ok))
    assert [outcome.stage for outcome in outcomes.of_attempt(home, DAY)] == left


def test_of_sources_read_at_once_one_may_be_read_again(home):
    outcomes.begin(home, DAY)
    for minutes, part, ok in ((0, "bank", False), (1, "shop", True), (5, "bank", True)):
        outcomes.append(home, DAY, Outcome("read", part, NOON + timedelta(minutes=minutes), 1.0, ok))
    done = outcomes.of_attempt(home, DAY)
    assert [(outcome.part, outcome.ok) for outcome in done] == [
        ("bank", True),
        ("shop", True),
    ]


@pytest.mark.parametrize(
    ("stages", "waits"),
    [
        ([("gate_staged", {"warnings": ["w"]})], True),
        ([("gate_staged", {"warnings": ["w"]}), ("data_docs", "index.html")], True),
        ([("gate_staged", {"warnings": ["w"]}), ("approve_staged", None)], True),
        ([("gate_staged", {"warnings": ["w"]}), ("approve_staged", {"answers": ["accepted"]})], False),
        ([("gate_staged", {"warnings": []})], False),
        ([("gate_staged", {"warnings": ["w"]}), ("match", {})], False),
        ([("survey", {})], False),
        ([], False),
    ],
)
def test_a_run_waits_while_its_last_outcome_is_a_gate_with_warnings_and_no_answer(stages, waits):
    done = [Outcome(stage, "", NOON, 1.0, ok=True, result=result) for stage, result in stages]
    assert (outcomes.waiting(done) is not None) == waits


def test_a_run_does_not_wait_where_nobody_answered_in_time():
    assert outcomes.waiting([Outcome("approve_staged", "", NOON, 1.0, ok=False)]) is None
