"""Live progress of a run: one line a stage, from what Airflow tells its listeners."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from airflow.listeners import hookimpl
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn

from sandan.run import outcomes

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType

    from rich.console import Console

    from sandan.home import Home
    from sandan.month import Month

START = "airflow"
TITLES = {
    START: "Start Airflow",
    "survey": "Survey sources",
    "read": "Read",
    "load": "Load",
    "gate_received": "Gate received",
    "stage": "Stage",
    "gate_staged": "Gate staged",
    "match": "Match",
    "gate_matched": "Gate matched",
    "build_marts": "Build marts",
    "gate_marts": "Gate marts",
    "serve": "Judge rebates",
    "gate_public_service": "Gate public service",
    "advise": "Advise exporters",
    "gate_integrated_service": "Gate integrated service",
    "publish": "Publish",
    "exchange": "Write receipts",
    "data_docs": "Data docs",
    "audit_report": "Audit report",
    "audit_index": "Audit index",
    "lineage": "Lineage",
    # of a month
    "begin_month": "Begin",
    "consolidate": "Consolidate",
    "gate_consolidated": "Gate",
    "publish_month": "Publish",
    "applications": "Applications",
    # of a vintage of statistics
    "begin_vintage": "Begin",
    "count_trade": "Count trade",
    "protect": "Protect",
    "gate_statistics": "Gate",
    "publish_vintage": "Publish",
    "write_files": "Files",
    "report_quality": "Quality report",
}
#: counts that say how a stage went, in the order in which they are shown
SHOWN = (
    "sources", "files", "repeated", "quarantined", "records", "nodes", "receipts", "messages", "applications",
    "extracts", "cells", "hidden", "events",
)  # fmt: skip


class Watch:
    """Shows the stages of one run as they go, and keeps the error of the first that fails.

    In this process tasks run one after the other, so a stage ends where the next begins. On a terminal the running
    stage has a clock; elsewhere each stage gives one plain line when it ends.
    """

    def __init__(self, console: Console, home: Home, run: date | Month) -> None:
        self.error: BaseException | None = None
        self.seconds: dict[str, float] = {}
        self._console = console
        self._home = home
        self._run = run
        self._stage = ""
        self._line = TaskID(0)
        self._began = 0.0
        self._failed = False
        self._progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            TextColumn("[dim]{task.fields[detail]}"),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        self._begin(START)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._progress.stop()

    @hookimpl
    def on_task_instance_running(self, task_instance: Any) -> None:
        """A task starts: where it is of another stage, that one is over."""
        stage = task_instance.task_id
        # who answers for the warnings of a gate gets no line: the answer is a note at the end
        if stage != self._stage and not stage.startswith("approve_"):
            self._end()
            self._begin(stage)

    @hookimpl
    def on_task_instance_success(self) -> None:
        """A task is done: its counts are known."""
        self._progress.update(self._line, detail=self._detail())

    @hookimpl
    def on_task_instance_failed(self, error: str | BaseException | None) -> None:
        """A task failed: the first error is the one to show."""
        self._failed = True
        if self.error is None:
            self.error = error if isinstance(error, BaseException) else RuntimeError(str(error))
            self.error.add_note(f"in the stage “{TITLES[self._stage]}”")

    def _begin(self, stage: str) -> None:
        self._stage, self._failed, self._began = stage, False, time.perf_counter()
        self._line = self._progress.add_task(f"{TITLES[stage]:<14}", total=1, detail="")

    def _end(self) -> None:
        seconds = time.perf_counter() - self._began
        self.seconds[self._stage] = seconds
        mark = "[red]✗[/]" if self._failed else "[green]✓[/]"
        line = f"{mark} {TITLES[self._stage]:<14} {seconds:6.1f} s"
        detail = self._detail()
        if self._console.is_terminal:
            self._progress.update(self._line, description=line, completed=1, detail=detail)
        else:
            self._console.print(f"{line}  {detail}".rstrip(), highlight=False)

    def _detail(self) -> str:
        """What the stage counted; of several sources, the sum."""
        counts: dict[str, int] = {}
        parts = [o for o in outcomes.of_run(self._home, self._run) if o.stage == self._stage]
        for outcome in parts:
            result = outcome.result if isinstance(outcome.result, dict) else {}
            for name in SHOWN:
                if isinstance(result.get(name), int):
                    counts[name] = counts.get(name, 0) + result[name]
        if len(parts) > 1:
            counts = {"sources": len(parts)} | counts
        return ", ".join(f"{counts[name]:,} {name}" for name in SHOWN if counts.get(name))
