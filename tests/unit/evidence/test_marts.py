"""What `verify` says where the warehouse has other rows than readers see."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

#: the module; the package has its function under the same name
verify = import_module("sandan.evidence.verify")
#: a month with a published vintage; what its gate saw stands on the month's last day
TABLES = """
attach ':memory:' as published;
create schema audit;
create schema published.audit;
create table audit.gate_results as
select * from (values (date '2026-10-31', 'statistics', '7'), ('2026-10-31', 'marts', '5')) as t (run_date, stage, saw);
create table published.audit.gate_results as from audit.gate_results;
create table published.audit.trade_vintages as select '2026-10' as month, 1 as vintage_no;
create table main.vintages_begun as from published.audit.trade_vintages;
"""


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    monkeypatch.setattr(verify, "written_tables", lambda _: {"audit.gate_results"})
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        connection.begin()
        yield connection


def compared(tables: duckdb.DuckDBPyConnection, *statements: str) -> Any:
    for statement in statements:
        tables.execute(statement)
    found = verify.Findings()
    verify._marts(found, tables)  # noqa: SLF001 - all else of `verify` needs a home with runs
    return found


def changed(stage: str) -> str:
    return f"update audit.gate_results set saw = 'other' where stage = '{stage}'"


BEGUN = "update main.vintages_begun set vintage_no = 2"


def test_the_same_on_both_sides(tables):
    assert (compared(tables).problems, compared(tables, BEGUN).skipped) == ([], [])


@pytest.mark.parametrize(("begun", "stage"), [((), "statistics"), ((BEGUN,), "marts")])
def test_a_result_of_a_gate_that_was_changed_is_named(tables, begun, stage):
    found = compared(tables, *begun, changed(stage))
    assert [problem.partition(":")[0] for problem in found.problems] == ["audit.gate_results (2026-10-31)"]
    assert found.skipped == []


def test_what_the_gate_saw_of_a_vintage_that_is_not_published_is_no_change(tables):
    found = compared(tables, BEGUN, changed("statistics"))
    assert found.problems == []
    assert found.skipped == ["what the gate saw of the vintage of 2026-10 that is not published"]
