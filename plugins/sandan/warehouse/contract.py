"""Which tables are published, and by what a run replaces their rows. Their columns are those of the marts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandan.month import Month


@dataclass(frozen=True)
class Family:
    """Tables whose rows are replaced together: all rows of each key that the run touched in any of them.

    `touched` is the model that lists those keys, also of rows that the run took away for good; it is named with its
    schema where that is another one. A family without it is one whose rows are only ever written again.
    An empty key stands for tables that are a log of runs: the rows of the run date are replaced, or those for which
    `rows` holds, a condition in which {run_date} stands for the run date.
    `partitioned_by` is a column by whose values the lake keeps the rows in files of their own.
    """

    schema: str
    tables: tuple[str, ...]
    key: tuple[str, ...] = ()
    touched: str = ""
    rows: str = "run_date = {run_date}"
    partitioned_by: str = ""

    @property
    def touched_model(self) -> str:
        """`touched` with its schema; empty where there is none."""
        return self.touched if "." in self.touched or not self.touched else f"{self.schema}.{self.touched}"


FAMILIES = (
    Family(
        "clearance",
        ("clearance_facts", "clearance_items", "check_findings", "tracking_events", "import_taxes", "returned_items"),
        ("ebc_code", "cop_no"),
        "touched_declarations",
    ),
    Family("clearance", ("list_usage",), ("list", "key"), "touched_lists"),
    Family(
        "public_service",
        (
            "rebate_eligibility",
            "rebate_findings",
            "invoice_allocations",
            "forex_allocations",
            "overseas_settlements",
            "rebate_evidence",
        ),
        ("ebc_code", "cop_no", "gnum"),
        "touched_rebates",
    ),
    Family("public_service", ("credit_refunds", "rebate_totals"), ("taxpayer_id", "period"), "touched_periods"),
    Family("public_service", ("rebate_entries", "unmatched_papers")),
    Family("exchange", ("receipts",)),
    Family(
        "public_service",
        ("department_exchange", "department_mismatches"),
        ("ebc_code", "cop_no"),
        "concerned_declarations",
    ),
    Family("public_service", ("department_records", "department_notices")),
    Family("integrated_service", ("enterprise_worklist",), ("ebc_code", "fact_key")),
    Family(
        "integrated_service",
        ("enterprise_rebate_finance", "enterprise_concentration", "enterprise_advance", "enterprise_forex"),
        ("ebc_code",),
        "touched_exporters",
    ),
    Family(
        "integrated_service",
        ("enterprise_forex_open",),
        ("ebc_code", "cop_no", "gnum"),
        "public_service.touched_rebates",
    ),
    Family("integrated_service", ("enterprise_logistics",), ("month",)),
    Family("integrated_service", ("enterprise_scorecard",), ("week",)),
    Family("audit", ("conservation",), ("file_id",), "touched_files"),
    Family("audit", ("runs", "files", "quarantine", "replays", "resent", "gate_results", "source_shapes")),
    # the last line is about the snapshot itself, and follows with the next run
    Family("audit", ("ledger",), rows="line > (select coalesce(max(line), 0) from published.audit.ledger)"),
)

OF_MONTH = "month = strftime({run_date}, '%Y-%m')"
#: what consolidating a month replaces; the run date is the month's last day
MONTHLY = (
    Family(
        "clearance",
        (
            "consolidated_declarations",
            "consolidated_items",
            "consolidation_members",
            "consolidation_counts",
            "summary_applications",
        ),
        rows=OF_MONTH,
    ),
    Family(
        "clearance",
        ("tracking_events",),
        rows="event = 'consolidated' and \"at\" = {run_date} + interval 1 day - interval 1 second",
    ),
    Family("audit", ("consolidations",), rows=OF_MONTH),
    Family("audit", ("gate_results",), rows="run_date = {run_date} and stage = 'consolidated'"),
)


def of_vintage(month: Month, vintage_no: int) -> tuple[Family, ...]:
    """What publishing a vintage of a month's statistics adds; what it replaces was left by no vintage that stands."""
    return (
        Family(
            "statistics",
            (
                "trade_items",
                "trade_returns",
                "trade_cells",
                "trade_exclusions",
                "trade_revisions",
                # trade_hidden stays in the warehouse
                "trade_published",
                "trade_suppression",
                "unit_value_outliers",
                "coverage",
                "item_nonresponse",
                "revision_sizes",
            ),
            rows=f"period = '{month}' and vintage_no = {vintage_no}",
            partitioned_by="period",
        ),
        Family("audit", ("trade_vintages",), rows=f"month = '{month}' and vintage_no = {vintage_no}"),
        Family("audit", ("gate_results",), rows="run_date = {run_date} and stage = 'statistics'"),
    )
