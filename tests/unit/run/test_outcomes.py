"""What the stages of a run leave behind."""

from __future__ import annotations

from datetime import date, datetime

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
