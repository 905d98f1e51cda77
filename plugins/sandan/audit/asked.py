"""Which run a report is of, how far it got, and the connection that answers for it."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from sandan.audit import queries
from sandan.audit.days import Days, days_of
from sandan.errors import SandanError
from sandan.run import approvals, outcomes
from sandan.run.pages import rows_of
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sandan.home import Home
    from sandan.month import Month
    from sandan.page.cells import Row
    from sandan.page.charts import Rows
    from sandan.run.outcomes import Outcome

TABLES = {
    "runs": "audit.runs",
    "files": "audit.files",
    "quarantine": "audit.quarantine",
    "conservation": "audit.conservation",
    "gate_results": "audit.gate_results",
    "facts": "clearance.clearance_facts",
    "findings": "clearance.check_findings",
    "receipts": "exchange.receipts",
    "rebates": "public_service.rebate_eligibility",
    "rebate_findings": "public_service.rebate_findings",
    "mismatches": "public_service.department_mismatches",
    "consolidations": "audit.consolidations",
    "vintages": "audit.trade_vintages",
    "merged": "clearance.consolidation_counts",
    "coverage": "statistics.coverage",
    "items": "statistics.trade_items",
    "exclusions": "statistics.trade_exclusions",
    "revisions": "statistics.revision_sizes",
}
#: the gates of a day, in their order
GATES_OF_DAY = ("received", "staged", "matched", "marts", "public_service", "integrated_service")
#: until the quarantine is made, its files: those that could not be read
FILES_SET_ASIDE = """(
    select run_date, source_id, path, list, null as position, null as natural_key, ['FMT01'] as rule_ids, reason
    from raw.files where state = 'quarantined'
)"""
#: of a run that stopped, what the stages left, the last one last; other tables still have what earlier runs left
UNPUBLISHED = (
    ("load", "files", "raw.files"),
    ("load", "quarantine", FILES_SET_ASIDE),
    ("stage", "quarantine", "audit.quarantine"),
)
#: what the index has of a published run, unless its last attempt says otherwise
AS_PUBLISHED: dict[str, Any] = {"is_published": True, "stopped_at": None, "waits_since": "", "undone": (), "behind": ()}


@dataclass(frozen=True)
class Asked:
    """A run, and what answers for it.

    `snapshot`: that of the run in the published lake, None where it stopped. `stages`: what the last attempt left,
    empty where its reports are gone. `days`: the runs that are published; none where this one stopped. `earlier`: where
    it stopped, what is published of the date by an attempt before: its row of `audit.runs`, with the snapshot.
    """

    home: Home
    run_date: date
    connection: duckdb.DuckDBPyConnection
    snapshot: int | None
    stages: list[Outcome] = field(default_factory=list)
    days: Days = field(default_factory=Days)
    earlier: Row | None = None

    @property
    def run(self) -> date | Month:
        """The run as its reports are named."""
        return self.run_date

    @property
    def gates_of(self) -> tuple[str, ...]:
        """The gates that such a run has."""
        return GATES_OF_DAY

    @property
    def ledger_name(self) -> str:
        """Its name in the ledger."""
        return self.run_date.isoformat()

    @property
    def run_row(self) -> str:
        """The query of what is recorded of it."""
        return queries.RUN

    @property
    def known(self) -> dict[str, Any]:
        """The parameters of its queries."""
        return {"run_date": self.run_date, "gates": list(self.gates_of)}

    @property
    def stopped_at(self) -> str:
        """The stage at which the run stopped; empty where it is published."""
        return "" if self.snapshot else stopped_at(self.stages)

    @property
    def day_before(self) -> date | None:
        """The last date before it that is published."""
        return self.days.before(self.run_date)

    @property
    def before(self) -> tuple[date, int] | None:
        """The date before and its snapshot, where the run can be compared with it."""
        return self.days.compared(self.run_date) if self.snapshot else None

    @property
    def waits_since(self) -> str:
        """Since when it waits for a person; empty where it does not."""
        return waits_since(self.stages)

    @property
    def undone(self) -> list[str]:
        """The stages beside and behind publishing that failed."""
        return undone(self.stages)

    @property
    def broken_off(self) -> bool:
        """Whether it is published and never said so: it was killed in that moment, and went no further."""
        return bool(self.snapshot and self.stages) and not outcomes.published(self.stages)

    @property
    def handed_out(self) -> bool:
        """Whether receipts and extracts were written; where nothing is known of the attempt, they were."""
        return not self.stages or any(o.stage == "exchange" and o.ok for o in self.stages)

    @property
    def gates(self) -> list[str]:
        """The gates that the last attempt came to; all of them where nothing is known of it."""
        return [o.stage.removeprefix("gate_") for o in self.stages if o.stage.startswith("gate_")]

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Every answer to warnings of the run, in their order; where its reports are gone, those that it published."""
        told = approvals.of_run(self.home, self.run)
        return told or [answer for run in self.rows(self.run_row) for answer in run.get("approvals") or []]

    def rows(self, query: str, **given: list[str]) -> Rows:
        """The rows of a query of `queries`, as the run left them; none where it did not come that far."""
        return self._rows(query, self._tables(self.snapshot), given)

    def rows_before(self, query: str) -> Rows:
        """The same of the run before."""
        return self._rows(query, self._tables(self.before[1])) if self.before else []

    def _tables(self, snapshot: int | None) -> dict[str, str]:
        if snapshot:
            return {name: f"(from {table} at (version => {snapshot}))" for name, table in TABLES.items()}
        done = {o.stage for o in self.stages if o.ok}
        return {name: table for stage, name, table in UNPUBLISHED if stage in done} | (
            {"gate_results": TABLES["gate_results"]} if self.gates else {}
        )

    def _rows(self, query: str, tables: dict[str, str], given: dict[str, list[str]] | None = None) -> Rows:
        try:
            filled = query.format_map(tables)
        except KeyError:
            return []
        return rows_of(
            self.connection, filled, (given or {}) | {k: v for k, v in self.known.items() if f"${k}" in filled}
        )


def stopped_at(stages: list[Outcome]) -> str:
    """The first stage that failed, or the gate at which it waits; “unknown” where the run ended without a word."""
    if waits := outcomes.waiting(stages):
        return f"wait_{waits.stage.partition('_')[2]}"
    failed = (o.stage for o in stages if not o.ok and o.stage not in outcomes.AFTER)
    return next(failed, "unknown")


def waits_since(stages: list[Outcome]) -> str:
    """Since when the last attempt waits for a person; empty where it does not."""
    waits = outcomes.waiting(stages)
    return f"{waits.ended_at:%Y-%m-%d %H:%M}" if waits else ""


def undone(stages: list[Outcome]) -> list[str]:
    """The stages that failed without stopping the run; the report, which is being written now, is none."""
    beside = set(outcomes.AFTER) - {"audit_report", "audit_index"}
    return [o.stage for o in stages if not o.ok and o.stage in beside]


@contextmanager
def day_asked(home: Home, run_date: date) -> Iterator[Asked]:
    """The run of a date.

    Raises:
        BusyError: it stopped, and another process has the warehouse.
        SandanError: the date never ran.
    """
    stages = outcomes.of_attempt(home, run_date)
    with ExitStack() as stack:
        days, lake = Days(), None
        try:
            lake = stack.enter_context(closing(connect_published(home)))
        except SandanError:
            if not stages:
                raise
        else:
            days = days_of(lake)
        last, is_published = days.last.get(run_date), days.is_published(run_date, stages)
        if last is None and is_published:
            raise SandanError(f"{run_date} never ran", f"run it: make run DATE={run_date}")
        published = Asked(home, run_date, lake, last, stages, days) if lake and last else None
        if published and is_published:
            yield published
        else:
            # before the first load there is none, and nothing to ask it
            opened = connect(home, read_only=True) if home.warehouse.exists() else duckdb.connect()
            warehouse = stack.enter_context(opened)
            earlier = published.rows(queries.RUN)[0] | {"snapshot": last} if published else None
            yield Asked(home, run_date, warehouse, None, stages, earlier=earlier)


def rows_now(lake: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query on the newest snapshot."""
    return rows_of(lake, query.format_map(TABLES), {})
