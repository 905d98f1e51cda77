"""`audit.runs`: one row a run date, written before publishing, so that readers see which run made what they read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandan.warehouse import about_run, months
from sandan.warehouse.connect import connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sandan.home import Home

#: the runs, and what `sandan.evidence` wrote of them to the ledger
TABLE = f"""
create schema if not exists audit;
create table if not exists audit.runs (
    run_date date, run_id varchar, state varchar, started_at timestamp, ended_at timestamp,
    unclaimed varchar[], rules_skipped varchar[], rates_simulated boolean, stage_seconds map(varchar, decimal(19, 5))
);
create table if not exists audit.ledger (
    line integer, event varchar, run varchar, run_id varchar, snapshot integer, "at" timestamp,
    landing_files integer, lake_files integer, previous varchar, hash varchar
);
alter table audit.runs add column if not exists approvals {about_run.APPROVALS}
"""
BEGUN = "create table if not exists main.runs_begun (run_date date)"
RECORD = f"""
insert into audit.runs by name
select
    cast($run_date as date) as run_date,
    'published' as state,
    cast($unclaimed as varchar[]) as unclaimed,
    (select coalesce(list(rule_id order by rule_id), []) from audit.skipped_rules) as rules_skipped,
    {about_run.COLUMNS}
"""
RULES_SKIPPED = "select coalesce(list(rule_id || ': ' || reason order by rule_id, reason), []) from audit.skipped_rules"
RATES_SIMULATED = "select rates_simulated from audit.runs where run_date = $run_date"
#: the simulator marks every name that it makes up
REGISTER_SIMULATED = "select coalesce(bool_and(starts_with(name, '模拟')), false) from raw.party_register"
TARIFF_SIMULATED = "select not exists (from raw.import_rates)"
#: nor does a month stand that was consolidated with what this run replaced
MONTHS_BEHIND = """
select coalesce(list(month order by month), [])
from (select month from audit.consolidations union select month from main.months_begun)
where month >= strftime(cast($run_date as date), '%Y-%m')
"""


@dataclass(frozen=True)
class Recorded:
    """What an operator has to know of a recorded run.

    `rules_skipped`: rules not judged for want of reference data, each with its reason; `rates_simulated`,
    `register_simulated`, `tariff_simulated`: the reference data are made up; `behind`: later run dates (YYYY-MM-DD, in
    order), which stand on what this run replaced; `months_behind`: months (YYYY-MM) that were consolidated with it.
    """

    rules_skipped: list[str]
    rates_simulated: bool
    register_simulated: bool
    tariff_simulated: bool
    behind: list[str]
    months_behind: list[str] = field(default_factory=list)


def record_run(  # noqa: PLR0913 - the columns of one row
    home: Home,
    run_date: date,
    *,
    run_id: str,
    started_at: datetime,
    ended_at: datetime,
    unclaimed: list[str],
    stage_seconds: dict[str, float],
    approvals: Sequence[dict[str, object]] = (),
) -> Recorded:
    """Write the row of `run_date` in place of an earlier one; times are Beijing local."""
    with connect(home) as connection:
        connection.begin()
        connection.execute(TABLE)
        connection.execute(BEGUN)
        connection.execute(months.TABLES)
        connection.execute("delete from audit.runs where run_date = $1", [run_date])
        connection.execute(
            RECORD,
            {"run_date": run_date, "unclaimed": unclaimed}
            | about_run.values(run_id, started_at, ended_at, stage_seconds, approvals),
        )
        row = connection.execute(
            f"select ({RULES_SKIPPED}), ({RATES_SIMULATED}), ({REGISTER_SIMULATED}), ({TARIFF_SIMULATED}), "
            f"({about_run.LATER_DAYS}), ({MONTHS_BEHIND})",
            {"run_date": run_date},
        ).fetchone()
        connection.commit()
    return Recorded(*row or ())
