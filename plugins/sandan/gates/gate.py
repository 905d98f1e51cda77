"""Running one gate: suites over the warehouse, results to the warehouse and to the reports."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import great_expectations as gx

from sandan.errors import GateFailedError
from sandan.gates import docs, results
from sandan.gates.as_usual import HISTORY, ExpectAsUsual
from sandan.gates.context import quiet_context
from sandan.gates.duckdb_dialect import DRIVER
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.outcome import Outcome, outcome
from sandan.gates.suites import suites_of
from sandan.warehouse.connect import settings

if TYPE_CHECKING:
    from datetime import date

    from great_expectations.expectations import Expectation

    from sandan.gates.record import Expected, Suite
    from sandan.home import Home

log = logging.getLogger(__name__)


def run_gate(home: Home, run_date: date, stage: str) -> list[str]:
    """See `sandan.gates.check`."""
    suites = suites_of(stage)
    # before Great Expectations, which would hide the lock of another process in an error of its own
    results.prepare(home)
    values = _values(home, run_date)
    evaluated = _evaluate(home, suites, values)
    outcomes = [o for suite, result in evaluated for o in _outcomes(suite, result)]
    results.write(home, run_date, stage, outcomes)
    docs.keep(home, run_date, stage, [result for _, result in evaluated])

    failures = [o.line for o in outcomes if not o.success and (o.expected.severity == "critical" or o.crash)]
    warnings = [o.line for o in outcomes if not o.success and o.line not in failures]
    for line in warnings:
        log.warning("gate %s: %s", stage, line)
    for line in failures:
        log.error("gate %s: %s", stage, line)
    if failures:
        raise GateFailedError(stage, failures, home.data_docs / "index.html")
    log.info("gate %s: %d expectations hold, %d warnings", stage, len(outcomes) - len(warnings), len(warnings))
    return warnings


def landed_sources(home: Home, run_date: date) -> list[str]:
    """The sources that sent at least one file for `run_date`."""
    from sandan.read import survey

    return survey(home, run_date).sources


def _values(home: Home, run_date: date) -> dict[str, str]:
    landed = ", ".join(f"'{source}'" for source in landed_sources(home, run_date))
    return {
        "{day}": run_date.isoformat(),
        "{run_date}": f"DATE '{run_date.isoformat()}'",
        "{landed}": f"[{landed}]::VARCHAR[]",
    }


def _evaluate(home: Home, suites: tuple[Suite, ...], values: dict[str, str]) -> list[tuple[Suite, dict[str, Any]]]:
    context = quiet_context()
    source = context.data_sources.add_sql(  # type: ignore[call-arg]  # the stub lacks `kwargs`
        "warehouse",
        connection_string=f"{DRIVER}:///{home.warehouse}",
        create_temp_table=False,
        kwargs={"connect_args": {"read_only": True, "config": settings(home)}},
    )
    try:
        evaluated = []
        for suite in suites:
            asset = source.add_query_asset(suite.table, query=_filled(suite.rows, values))
            batch = asset.add_batch_definition_whole_table("run").get_batch()
            named = gx.ExpectationSuite(suite.table, [_configured(e, values) for e in suite.expectations])
            result = batch.validate(named, result_format="SUMMARY")
            evaluated.append((suite, json.loads(json.dumps(result.to_json_dict(), default=str))))
        return evaluated
    finally:
        # DuckDB refuses a second configuration of one file in one process, and the next task may want to write;
        # the data source has an engine to test the connection, and another to run the queries
        source.get_engine().dispose()
        source.get_execution_engine().close()


def _filled(sql: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        sql = sql.replace(name, value)
    return sql


def _configured(expected: Expected, values: dict[str, str]) -> Expectation:
    """The expectation with everything that a reader of its result wants to know."""
    update: dict[str, Any] = {
        "description": expected.says,
        "severity": expected.severity,
        "meta": {
            "attributes": {
                "id": expected.id,
                "severity": expected.severity,
                "protects": expected.protects,
                "answers": expected.answers,
                "hurts": expected.hurts,
            }
        },
    }
    if isinstance(expected.holds, ExpectNoRows | ExpectAsUsual):
        update["query"] = _filled(expected.holds.query, values)
    if isinstance(expected.holds, ExpectAsUsual):
        update["history"] = _filled(HISTORY, values | {"{id}": expected.id})
        update["run_date"] = values["{day}"]
    return expected.holds.copy(update=update)


def _outcomes(suite: Suite, result: dict[str, Any]) -> list[Outcome]:
    by_id = {r["expectation_config"]["meta"]["attributes"]["id"]: r for r in result["results"]}
    return [outcome(suite.table, expected, by_id[expected.id]) for expected in suite.expectations]
