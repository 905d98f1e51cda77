"""Warnings ask a person, or the operator's policy; the answer is kept with who gave it, when and why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.standard.exceptions import HITLRejectException
from airflow.providers.standard.operators import hitl
from airflow.sdk.exceptions import AirflowFailException, TaskAwaitingInput

from sandan.errors import SandanError
from sandan.run import approvals, outcomes
from sandan.run.approvals import POLICY, Approval
from sandan.run.ask import AskOperator

DAY = date(2026, 11, 20)
WARNING = "raw.files · some_file_read: expected: `one`; observed: 0"
ANSWERED = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


@pytest.fixture
def asked(home, monkeypatch) -> list[dict[str, Any]]:
    """The requests that Airflow would show."""
    requests: list[dict[str, Any]] = []
    monkeypatch.delenv(POLICY, raising=False)
    monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **request: requests.append(request))
    outcomes.begin(home, DAY)
    return requests


def context(*warnings: str) -> dict[str, Any]:
    instance = SimpleNamespace(
        id="1", xcom_pull=lambda task_ids: list(warnings) if task_ids == "gate_received" else None
    )
    return {"ti": instance, "task_instance": instance}


def ask() -> AskOperator:
    return AskOperator(gate="received", of_run=DAY.isoformat())


def answer(option: str, who: str | None = "王审计", why: str = "known sale") -> dict[str, Any]:
    user = {"id": "7", "name": who} if who else None
    return {
        "chosen_options": [option], "params_input": {"why": why}, "responded_at": ANSWERED, "responded_by_user": user,
        "timedout": who is None,
    }  # fmt: skip


def test_without_warnings_nobody_is_asked(home, asked):
    ask().execute(context())
    assert asked == []
    assert approvals.of_run(home, DAY) == []


def test_warnings_wait_for_a_person_and_no_answer_means_no(asked):
    with pytest.raises(TaskAwaitingInput) as waiting:
        ask().execute(context(WARNING))
    assert waiting.value.timeout.total_seconds() == 12 * 3600
    (request,) = asked
    assert request["defaults"] == ["Reject"]
    assert request["body"] == "- `raw.files · some_file_read: expected: ´one´; observed: 0`"
    assert "why" in request["params"]


def test_an_approval_is_kept_with_who_when_and_why(home, asked):
    ask().execute_complete(context(WARNING), answer("Approve"))
    kept = {
        "gate": "received", "warnings": [WARNING], "decision": "accepted", "who": "王审计", "at": "2026-11-21T09:30:00",
        "why": "known sale",
    }  # fmt: skip
    assert approvals.of_run(home, DAY) == [kept]
    assert outcomes.of_run(home, DAY)[-1].result == {"answers": ["1 warnings accepted by 王审计: known sale"]}


@pytest.mark.parametrize(
    ("given", "who", "why"),
    [
        (answer("Reject", why=" "), "王审计", "no reason given"),
        (answer("Reject", who=None, why=""), "", "no answer in 12 hours"),
    ],
)
def test_a_no_stops_the_run_and_stays_when_it_is_tried_again(home, asked, given, who, why):
    with pytest.raises(HITLRejectException):
        ask().execute_complete(context(WARNING), given)
    outcomes.begin(home, DAY)
    ask().execute_complete(context(WARNING), answer("Approve"))
    refused, accepted = approvals.of_run(home, DAY)
    assert (refused["decision"], refused["who"], refused["why"]) == ("refused", who, why)
    assert accepted["decision"] == "accepted"


def test_a_policy_accepts_in_place_of_a_person_and_says_so(home, asked, monkeypatch):
    monkeypatch.setenv(POLICY, "accept")
    ask().execute(context(WARNING))
    assert asked == []
    (kept,) = approvals.of_run(home, DAY)
    assert (kept["decision"], kept["who"], kept["why"]) == (
        "accepted",
        "policy",
        "SANDAN_WARNINGS says so; nobody was asked",
    )


def test_a_policy_may_refuse(home, asked, monkeypatch):
    monkeypatch.setenv(POLICY, "refuse")
    with pytest.raises(AirflowFailException, match=r"(?s)1 warnings, which SANDAN_WARNINGS refuses.*some_file_read"):
        ask().execute(context(WARNING))
    assert [kept["decision"] for kept in approvals.of_run(home, DAY)] == ["refused"]
    assert not outcomes.of_run(home, DAY)[-1].ok


def test_another_policy_is_a_mistake(monkeypatch):
    monkeypatch.setenv(POLICY, "maybe")
    with pytest.raises(SandanError, match="'maybe'"):
        approvals.policy()


def test_a_month_has_its_own_answers(home, asked):
    AskOperator(gate="received", of_run="2026-11").execute_complete(context(WARNING), answer("Approve"))
    assert approvals.of_run(home, DAY) == []
    assert (home.reports / "2026-11" / "approvals.jsonl").exists()


def test_the_line_names_nobody_where_nobody_answered():
    assert Approval("g", ["w"], "refused", "", "", "why").line == "1 warnings refused by nobody: why"


def gate(home, *warnings: str) -> None:
    done = outcomes.Outcome("gate_received", "", datetime(2026, 11, 21), 1.0, ok=True, result={"warnings": [*warnings]})
    outcomes.append(home, DAY, done)


def test_a_gate_without_warnings_lets_publish(home, asked):
    gate(home)
    approvals.check(home, DAY)


@pytest.mark.parametrize(
    ("decision", "of"),
    [(None, WARNING), (approvals.REFUSED, WARNING), (approvals.ACCEPTED, "another warning, of an earlier attempt")],
)
def test_nothing_is_published_over_warnings_that_nobody_accepted(home, asked, decision, of):
    gate(home, WARNING)
    if decision:
        approvals.append(home, DAY, Approval("received", [of], decision, "王审计", "2026-11-21T09:30:00", ""))
    with pytest.raises(SandanError, match="gate received has 1 warnings that nobody accepted"):
        approvals.check(home, DAY)


def test_the_last_answer_counts(home, asked):
    gate(home, WARNING)
    for decision in (approvals.REFUSED, approvals.ACCEPTED):
        approvals.append(home, DAY, Approval("received", [WARNING], decision, "王审计", "2026-11-21T09:30:00", ""))
    approvals.check(home, DAY)
