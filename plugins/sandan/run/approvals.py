"""Who let a run go on over the warnings of a gate, or did not: one line an answer in `reports/<run>/approvals.jsonl`.

Lines are only ever added, also when a run is tried again: a refusal stays beside the approval that followed it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError
from sandan.run import outcomes

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home
    from sandan.month import Month

#: accept or refuse: answers in place of a person
POLICY = "SANDAN_WARNINGS"
#: who answered where nobody was asked
BY_POLICY = "policy"
ACCEPTED, REFUSED = "accepted", "refused"
_DECISIONS = {"accept": ACCEPTED, "refuse": REFUSED}


@dataclass(frozen=True)
class Approval:
    """One answer. `who` is a person, `policy`, or empty where nobody answered in time; `at` is Beijing time, ISO."""

    gate: str
    warnings: list[str]
    decision: str
    who: str
    at: str
    why: str

    @property
    def line(self) -> str:
        """The answer for the operator."""
        return f"{len(self.warnings)} warnings {self.decision} by {self.who or 'nobody'}: {self.why}"


def policy() -> str | None:
    """The decision that the environment sets for every warning; None where a person is asked.

    Raises:
        SandanError: the environment says something else.
    """
    written = os.environ.get(POLICY)
    if not written:
        return None
    if written not in _DECISIONS:
        raise SandanError(
            f"{POLICY} is {written!r}", "write accept or refuse, or leave it unset: Airflow asks a person"
        )
    return _DECISIONS[written]


def append(home: Home, run: date | Month, approval: Approval) -> None:
    """Add an answer."""
    file = _file(home, run)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(approval), ensure_ascii=False) + "\n")


def of_run(home: Home, run: date | Month) -> list[dict[str, Any]]:
    """Every answer that was ever given for the run, in their order, as `audit.runs` takes them."""
    file = _file(home, run)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def check(home: Home, run: date | Month) -> None:
    """Refuse to publish over warnings that nobody accepted, whoever let the tasks between go on.

    Raises:
        SandanError: a gate of this attempt has warnings, and its last answer is no acceptance of them.
    """
    answers = {answer["gate"]: answer for answer in of_run(home, run)}
    for outcome in outcomes.of_run(home, run):
        kind, _, gate = outcome.stage.partition("_")
        warnings = outcome.result["warnings"] if kind == "gate" and outcome.ok else []
        answer = answers.get(gate, {})
        if warnings and (answer.get("decision"), answer.get("warnings")) != (ACCEPTED, warnings):
            raise SandanError(
                f"gate {gate} has {len(warnings)} warnings that nobody accepted; nothing was published",
                f"clear approve_{gate} and answer it, or run again",
            )


def _file(home: Home, run: date | Month) -> Path:
    return home.report_of(run) / "approvals.jsonl"
