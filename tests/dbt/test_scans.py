"""No model reads what grows with the days, but for what a reviewed list names (scans.yml).

DuckDB says how it would run each model as of a second day. Bounded is a scan of a log, or of a mart, that
- takes one run date, or those from a date on, or
- is joined by its run date or by its record id, which begins with the date: DuckDB then reads no further back than what
  it is joined with, or
- reads the run dates alone, which are all the same for a million rows and more.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from sandan import warehouse
from sandan.warehouse import months, persons
from sandan.warehouse.archive import TABLES
from sandan.warehouse.raw import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

#: the day after the one that has run in the home
DAY = date(2026, 11, 21)
#: parts that run every day
DAILY = ("staging", "audit", "matching", "clearance", "exchange", "public_service", "integrated_service")
REVIEWED = yaml.safe_load(Path(__file__).with_name("scans.yml").read_text("utf-8"))
OF_SOME_DATES = re.compile(r"(run_date|changed_on|week)(=|>=|>)")
BY_DATE = re.compile(r"^(run_date|changed_on|record_id|rowid) = |^[^<>]+ = (run_date|changed_on|record_id|rowid)$")
#: what would leave out the tables that are empty here, and join in an order that depends on how large they are
BY_SIZE = "set disabled_optimizers = 'statistics_propagation,empty_result_pullup,join_order'"


class Scan(NamedTuple):
    """A table that a plan reads. `joined`: the conditions of the join above it, none where it is read into memory."""

    table: str
    columns: tuple[str, ...]
    filters: tuple[str, ...]
    joined: tuple[str, ...]

    @property
    def is_bounded(self) -> bool:
        return (
            any(map(OF_SOME_DATES.match, self.filters))
            or any(map(BY_DATE.search, self.joined))
            or self.columns in {("run_date",), ("changed_on",)}
        )

    @property
    def is_of_own_date(self) -> bool:
        """Whether it takes the rows that the run received, and no older ones."""
        return any(condition.startswith("run_date=") for condition in self.filters)

    @property
    def is_searched(self) -> bool:
        """Whether some keys are looked for; that a month has passed holds for all of them."""
        return any(not condition.startswith("month = ") for condition in self.joined)


def scanned(dbt, home: Home) -> dict[str, list[Scan]]:
    """Model → its scans of what grows with the days."""
    with warehouse.connect(home) as connection:
        connection.execute(months.TABLES)  # models that read forms of months do so when there was a month
    done = dbt("compile", "--vars", json.dumps({"run_date": DAY.isoformat()}))
    assert done.returncode == 0, done.stdout[-3000:]
    target = home.root / "dbt_test"
    project = json.loads((target / "manifest.json").read_text("utf-8"))
    models = [node for node in project["nodes"].values() if node["resource_type"] == "model"]
    logs = {f"{node['schema']}.{node['name']}" for node in models if node["config"]["materialized"] == "incremental"}
    sources = {f"{node['schema']}.{node['name']}" for node in project["sources"].values()}
    grows = logs | sources - {f"raw.{name}" for name in REFERENCE}
    found = {}
    with warehouse.connect(home) as connection:
        persons.teach(connection, bytes(64))
        connection.execute(BY_SIZE)
        for node in models:
            # a view is read where it is used
            if node["path"].split("/")[0] in DAILY and node["config"]["materialized"] != "view":
                sql = (target / "compiled" / "sandan" / node["original_file_path"]).read_text("utf-8")
                (plan,) = json.loads(connection.execute(f"explain (format json) {sql}").fetchone()[1])
                found[node["name"]] = [scan for scan in scans_of(plan) if scan.table in grows]
    return found


def scans_of(plan: dict[str, Any], joined: tuple[str, ...] = ()) -> Iterator[Scan]:
    told = plan["extra_info"]
    if "Table" in told:
        _, schema, table = told["Table"].replace('"', "").split(".")
        yield Scan(f"{schema}.{table}", texts(told, "Projections"), texts(told, "Filters"), joined)
    below = texts(told, "Conditions") if "JOIN" in plan["name"] else () if plan["name"] == "CTE" else joined
    for child in plan["children"]:
        yield from scans_of(child, below)


def texts(told: dict[str, Any], name: str) -> tuple[str, ...]:
    """DuckDB gives one text as it is, and several as a list."""
    value = told.get(name, [])
    return (value,) if isinstance(value, str) else tuple(value)


@pytest.fixture(scope="module")
def scans(dbt, home: Home) -> dict[str, list[Scan]]:
    return scanned(dbt, home)


@pytest.fixture(scope="module")
def found(scans: dict[str, list[Scan]]) -> dict[str, list[Scan]]:
    """Model → its scans that are not bounded."""
    return {model: rest for model, of in scans.items() if (rest := [scan for scan in of if not scan.is_bounded])}


def test_no_model_reads_history_but_where_the_list_says_so(found):
    scans = {(model, scan) for model, of in found.items() for scan in of if scan.table not in REVIEWED["slow"]}
    for way, of_way in (
        ("searched", {(model, scan.table) for model, scan in scans if scan.is_searched}),
        ("whole", {(model, scan.table) for model, scan in scans if not scan.is_searched}),
    ):
        listed = {(model, table) for table, of in REVIEWED[way].items() for model in of["models"]}
        assert of_way - listed == set(), f"not reviewed: {way}"
        assert listed - of_way == set(), f"no longer {way}: take it off the list"


def test_what_grows_slowly_is_read(found):
    assert set(REVIEWED["slow"]) <= {scan.table for scans in found.values() for scan in scans}


def test_no_model_reads_what_may_be_archived(scans):
    archived = {f"raw.{table}" for table in TABLES}
    read = {(model, scan) for model, of in scans.items() for scan in of if scan.table in archived}
    assert {model for model, scan in read if scan.is_of_own_date} > {"record_faults", "stg_orders", "stg_order_items"}
    assert {model for model, scan in read if not scan.is_of_own_date} == set(REVIEWED["quarantined"])
