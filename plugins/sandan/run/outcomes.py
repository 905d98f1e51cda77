"""What each stage of a run left: one line a stage (a source, where reading) in `reports/<run>/stages.jsonl`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home
    from sandan.month import Month


#: the stages that publish a day, a month and a vintage
PUBLISHING = ("publish", "publish_month", "publish_vintage")
#: stages beside the way to the published figures
BESIDE = ("data_docs", "audit_report", "audit_index", "lineage")
#: those and what a run hands out once it is published
AFTER = ("exchange", "applications", "write_files", "report_quality", *BESIDE)


@dataclass(frozen=True)
class Outcome:
    """One stage, done or failed. `result` is what the stage returned, as JSON holds it."""

    stage: str
    part: str  # the source, where the stage reads one
    started_at: datetime
    seconds: float
    ok: bool
    result: Any = field(default=None)

    @property
    def ended_at(self) -> datetime:
        """When it ended, Beijing time as `started_at`."""
        return self.started_at + timedelta(seconds=self.seconds)


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


def of_attempt(home: Home, run: date | Month) -> list[Outcome]:
    """Those of the last attempt, where a scheduler was told to do some stage again: none that stood behind it before.

    A gate that is asked again and holds changes nothing, and what came of it before stands.
    """
    done = of_run(home, run)
    return [
        outcome
        for nth, outcome in enumerate(done)
        if outcome.stage in BESIDE or not any(_overtakes(earlier, outcome) for earlier in done[:nth])
    ]


def _overtakes(stage: Outcome, behind: Outcome) -> bool:
    """Whether a stage that stood before another ran again since."""
    is_gate = stage.stage.startswith("gate_") and not (stage.result or {}).get("warnings")
    holds = stage.ok and (is_gate or (stage.stage.startswith("approve_") and bool(stage.result)))
    is_other = stage.stage != behind.stage and stage.stage not in AFTER
    return is_other and stage.started_at > behind.started_at and not holds


def published(done: list[Outcome]) -> Outcome | None:
    """The stage that published, where an attempt said that it did."""
    return next((outcome for outcome in done if outcome.stage in PUBLISHING and outcome.ok), None)


def found_no_news(done: list[Outcome]) -> bool:
    """Whether an attempt at a vintage ended as it should without one: nothing has changed since the last."""
    return any(
        outcome.stage == "count_trade" and outcome.ok and not (outcome.result or {}).get("is_new", True)
        for outcome in done
    )


def is_before(done: list[Outcome], at: datetime | None) -> bool:
    """Whether all that an attempt did on its way was begun before a moment, if there is one."""
    return at is not None and all(outcome.started_at < at for outcome in done if outcome.stage not in AFTER)


def waiting(done: list[Outcome]) -> Outcome | None:
    """The gate at whose warnings a run waits for a person, or the question itself; None where it does not wait.

    A question leaves an outcome as it is asked, and one with the answer in its place.
    """
    _, last = max(
        ((nth, outcome) for nth, outcome in enumerate(done) if outcome.stage not in BESIDE),
        key=lambda numbered: (numbered[1].started_at, numbered[0]),
        default=(0, None),
    )
    if last is None or not last.ok:
        return None
    has_warnings = last.stage.startswith("gate_") and bool((last.result or {}).get("warnings"))
    return last if has_warnings or (last.stage.startswith("approve_") and not last.result) else None


def seconds(outcomes: list[Outcome]) -> dict[str, float]:
    """Seconds per stage; those of the sources add up."""
    total: dict[str, float] = {}
    for outcome in outcomes:
        total[outcome.stage] = round(total.get(outcome.stage, 0.0) + outcome.seconds, 3)
    return total


def _file(home: Home, run: date | Month) -> Path:
    return home.report_of(run) / "stages.jsonl"
