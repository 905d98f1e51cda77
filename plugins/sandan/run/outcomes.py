"""What each stage of a run left: one line a stage (a source, where reading) in `reports/<run>/stages.jsonl`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home
    from sandan.month import Month


#: stages beside the way to the published figures
BESIDE = ("data_docs", "audit_report", "audit_index", "lineage")


@dataclass(frozen=True)
class Outcome:
    """One stage, done or failed. `result` is what the stage returned, as JSON holds it."""

    stage: str
    part: str  # the source, where the stage reads one
    started_at: datetime
    seconds: float
    ok: bool
    result: Any = field(default=None)


def begin(home: Home, run: date | Month) -> None:
    """A run starts: the lines of an earlier attempt go."""
    file = _file(home, run)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("", encoding="utf-8")


def append(home: Home, run: date | Month, outcome: Outcome) -> None:
    """Add the outcome of a stage that ended."""
    line = json.dumps(asdict(outcome) | {"started_at": outcome.started_at.isoformat()}, ensure_ascii=False)
    # one short line in append mode: readers of several sources may write at once
    with _file(home, run).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def of_run(home: Home, run: date | Month) -> list[Outcome]:
    """The outcomes of the run so far, in the order in which stages ended; of a retried stage, the last."""
    file = _file(home, run)
    if not file.exists():
        return []
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        outcome = Outcome(**values | {"started_at": datetime.fromisoformat(values["started_at"])})
        found[outcome.stage, outcome.part] = outcome
    return list(found.values())


def seconds(outcomes: list[Outcome]) -> dict[str, float]:
    """Seconds per stage; those of the sources add up."""
    total: dict[str, float] = {}
    for outcome in outcomes:
        total[outcome.stage] = round(total.get(outcome.stage, 0.0) + outcome.seconds, 3)
    return total


def _file(home: Home, run: date | Month) -> Path:
    return home.report_of(run) / "stages.jsonl"
