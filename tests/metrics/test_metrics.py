"""What MetricFlow answers, against SQL on the same lake."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from sandan import warehouse
from sandan.home import PROJECT
from sandan.metrics.flow import parsed_project
from sandan.run import cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandan.home import Home

    Ask = Callable[..., list[tuple[Any, ...]]]

LAST = "(period, vintage_no) in (select (month, max(vintage_no)) from audit.trade_vintages group by month)"
CODES = "flow, supervision_mode, left(customs_code, 2), partner, left(hs_code, 2), left(hs_code, 4)"
GROUP_BY = "metric_time__month,flow,mode,district,partner,chapter,heading"


@pytest.fixture(scope="module")
def metric_flow(home: Home) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`mf` in a process of its own, without a network as far as Python goes."""
    offline = home.root / "offline"
    offline.mkdir()
    (offline / "sitecustomize.py").write_text(
        "import socket\n"
        "def no_network(*_): raise RuntimeError('mf asked for a network')\n"
        "socket.socket.connect = socket.getaddrinfo = no_network\n"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 # no word of it comes from outside
            [sys.executable, "-m", "sandan", "mf", *arguments],
            env=os.environ
            | {"SANDAN_HOME": str(home.root), "PYTHONPATH": os.pathsep.join((str(offline), str(PROJECT / "plugins")))},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def ask(home: Home) -> Ask:
    """The answer of one MetricFlow to many questions, as rows with the columns that were asked for."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    # what is set for dbt here must not be found by tests behind this one
    with mock.patch.dict(os.environ), parsed_project(home) as project:
        configuration = CLIConfiguration()
        configuration.setup(project, project, configure_file_logging=False)

        def answer(metrics: str, group_by: str = "", where: str = "") -> list[tuple[Any, ...]]:
            request = MetricFlowQueryRequest.create(
                metric_names=metrics.split(","),
                group_by_names=group_by.split(",") if group_by else None,
                where_constraints=[where] if where else None,
            )
            table = configuration.mf.query(request).result_df
            assert table is not None
            # MetricFlow has an order of its own
            places = [table.column_names.index(name) for name in f"{group_by},{metrics}".strip(",").split(",")]
            return [tuple(row[place] for place in places) for row in table.rows]

        yield answer
        DuckDBConnectionManager.close_all_connections()


@pytest.fixture(scope="module")
def sql(home: Home) -> Ask:
    with warehouse.connect_published(home) as lake:
        yield lambda query: lake.execute(query).fetchall()


def same(found: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]) -> bool:
    """The same rows in any order; some, and each once. MetricFlow gives a decimal as the float next to it."""
    assert len(found) == len(expected) > 0
    floats = [tuple(float(value) if isinstance(value, Decimal) else value for value in row) for row in expected]
    return sorted(found, key=str) == sorted(floats, key=str)


def test_trade_is_that_of_the_last_vintage_to_the_last_digit(ask: Ask, sql: Ask) -> None:
    found = ask("value_cny,value_usd,net_weight_kg,counted_declarations,counted_items", GROUP_BY)
    expected = sql(f"""
        select cast(period || '-01' as timestamp), {CODES}, sum(value_cny), sum(value_usd), sum(net_weight_kg),
            count(distinct (ebc_code, cop_no)), count(*)
        from statistics.trade_items where {LAST} group by all
    """)
    assert same(found, expected)
    assert sql("select count(distinct vintage_no) from statistics.trade_items where period = '2026-10'") == [(2,)]


def test_what_came_back_is_netted_where_something_went_and_where_nothing_did(ask: Ask, sql: Ask) -> None:
    found = ask("netted_value_cny", "metric_time__month,partner,chapter__section,commodity")
    expected = sql(f"""
        select cast(period || '-01' as timestamp), partner, section, hs_code, sum(value_cny)
        from (
            select period, partner, hs_code, value_cny from statistics.trade_items where {LAST}
            union all
            select period, partner, hs_code, -returned_value_cny from statistics.trade_returns where {LAST}
        )
        left join read_csv('{PROJECT}/dbt_project/seeds/hs_codes.csv', all_varchar = true)
            as codes (edition, chapter, digits, section) on left(hs_code, 2) = chapter
        group by all
    """)
    assert same(found, expected)
    assert {row[2] for row in found} == {"XI", "VI", "XX", "XVI", None}


def test_declarations_and_their_match_rate(ask: Ask, sql: Ask) -> None:
    found = ask("declarations,released_declarations,match_rate", "metric_time__month,flow,mode,district,heading")
    expected = sql("""
        select date_trunc('month', declared_date)::timestamp, flow, supervision_mode, left(customs_code, 2), heading,
            count(*), count(*) filter (where released_at is not null),
            count(*) filter (where matched_at is not null and status <> 'cancelled')
                / nullif(count(*) filter (where status <> 'cancelled'), 0)
        from clearance.clearance_facts
        join (select distinct ebc_code, cop_no, left(hs_code, 4) as heading from clearance.clearance_items)
            using (ebc_code, cop_no)
        group by all
    """)
    assert same(found, expected)


def test_hours_to_release_are_those_of_lists(ask: Ask, sql: Ask) -> None:
    ((mean, median, tenth),) = ask("release_hours,release_hours_median,release_hours_p90")
    expected = sql("""
        select avg(hours_to_release), median(hours_to_release), quantile_cont(hours_to_release, 0.9)
        from clearance.clearance_facts
    """)
    assert (float(mean), float(median), float(tenth)) == pytest.approx(tuple(map(float, expected[0])))
    # by goods, lists are still counted once
    assert sum(row[1] for row in ask("timed_lists", "chapter")) == pytest.approx(
        sql("select count(hours_to_release) from clearance.clearance_facts")[0][0]
    )


def test_refunds(ask: Ask, sql: Ask) -> None:
    found = ask("refund_cny,rebate_items", "metric_time__month,verdict,mode,partner,heading")
    expected = sql("""
        select date_trunc('month', export_date)::timestamp, verdict, supervision_mode, coalesce(country, 'ZZZ'),
            left(hs_code, 4), sum(refund_amount), count(*)
        from public_service.rebate_eligibility
        join clearance.clearance_items using (ebc_code, cop_no, gnum)
        join clearance.clearance_facts using (ebc_code, cop_no)
        group by all
    """)
    assert same(found, expected)


def test_metrics_of_several_kinds_stand_in_one_row(ask: Ask) -> None:
    by = "metric_time__month,flow,partner__region"
    rows = ask("declarations,value_cny,refund_cny", by)
    for place, metric in enumerate(("declarations", "value_cny", "refund_cny"), start=3):
        alone = {row[:3]: row[3] for row in ask(metric, by)}
        assert {row[:3]: row[place] for row in rows if row[place] is not None} == alone
    assert {row[2] for row in rows} == {"Americas", "Asia", "Europe", "Not named"}


def test_growth_is_against_the_month_before(ask: Ask, sql: Ask) -> None:
    growth = {row[0].strftime("%Y-%m"): row[1] for row in ask("value_cny_growth", "metric_time__month")}
    values = dict(sql(f"select period, sum(value_cny) from statistics.trade_items where {LAST} group by all"))
    assert growth["2026-11"] == pytest.approx(float(values["2026-11"] / values["2026-10"] - 1))
    assert growth["2026-10"] is None


def test_a_query_of_the_command_line_is_exact_and_asks_no_network(metric_flow, sql: Ask, tmp_path: Path) -> None:
    file = tmp_path / "found.csv"
    query = ("--metrics", "value_cny", "--group-by", "flow", "--where", "{{ Entity('partner') }} = 'HKG'")
    done = metric_flow("query", *query, "--csv", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    with file.open(encoding="utf-8", newline="") as text:
        found = {row["flow"]: Decimal(row["value_cny"]) for row in csv.DictReader(text)}
    assert found == dict(
        sql(f"select flow, sum(value_cny) from statistics.trade_items where partner = 'HKG' and {LAST} group by all")
    )


def test_every_metric_and_group_fits_the_lake(metric_flow) -> None:
    done = metric_flow("validate-configs")
    assert done.returncode == 0, done.stdout[-3000:]


def test_where_nothing_is_published_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.dict(os.environ, SANDAN_HOME=str(tmp_path)):
        assert cli.main(["mf", "list", "metrics"]) == 1
    assert "make run" in capsys.readouterr().err
