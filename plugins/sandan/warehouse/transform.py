"""dbt in this process: one part of the project at a time, then every DuckDB handle closed again."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.lock import in_turn
from sandan.rooms import owner_only
from sandan.warehouse.catalogue import check_catalogue
from sandan.warehouse.connect import LOCKED, busy, connect
from sandan.warehouse.forgotten import tables_of_persons

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from dbt.adapters.duckdb.environments import Environment
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT = PROJECT / "dbt_project"
SELECTIONS = {
    "staging": ("path:models/staging", "path:models/audit/received"),
    "matching": ("path:models/matching",),
    "marts": ("path:models/clearance", "path:models/exchange", "path:models/audit/marts"),
    "public_service": ("path:models/public_service",),
    "integrated_service": ("path:models/integrated_service",),
    "consolidation": ("path:models/consolidation",),
    "statistics": ("path:models/statistics",),
}
SEEDS_LOADED = "create table if not exists main.seeds_loaded (digest varchar)"


def transform(home: Home, run_date: date, *parts: str, variables: dict[str, Any] | None = None) -> list[str]:
    """Run parts of the dbt project in this process, the seeds or any of `SELECTIONS`; returns the nodes that ran.

    `variables` are those that the models of the parts have beside the run date.

    Raises:
        BusyError: another process has the warehouse.
        ConfigurationError: the rule catalogue contradicts itself.
        SandanError: a model or seed failed; names the node and what dbt says of it.
    """
    seeds = _seed(home, run_date) if "seeds" in parts else []
    models = [path for part in parts if part != "seeds" for path in SELECTIONS[part]]
    return seeds + (_dbt(home, run_date, "run", "--select", *models, variables=variables) if models else [])


def forget_persons(home: Home, before: date) -> None:
    """Take the clear values of persons out of what runs before `before` received; raises as `transform` does."""
    with connect(home, read_only=True) as connection:
        tables = tables_of_persons(connection)
    _dbt(home, before, "run-operation", "forget", "--args", json.dumps({"tables": tables}))


def _seed(home: Home, run_date: date) -> list[str]:
    """Load the seeds, unless they are in the warehouse as they lie on disk."""
    digest = _digest(sorted((DBT_PROJECT / "seeds").rglob("*.*")))
    with connect(home) as connection:
        connection.execute(SEEDS_LOADED)
        if connection.execute("select 1 from main.seeds_loaded where digest = $1", [digest]).fetchone():
            return []
        connection.execute("delete from main.seeds_loaded")
    check_catalogue()
    nodes = _dbt(home, run_date, "seed", "--full-refresh")
    with connect(home) as connection:
        connection.execute("insert into main.seeds_loaded values ($1)", [digest])
    return nodes


def _dbt(home: Home, run_date: date, *command: str, variables: dict[str, Any] | None = None) -> list[str]:
    project = manifest(home)

    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    arguments = [
        *command,
        *_options(home, DBT_PROJECT),
        "--vars",
        json.dumps({"run_date": run_date.isoformat()} | (variables or {})),
    ]
    try:
        # dbt opens the warehouse by itself: as in `connect`, what is made meanwhile is its owner's alone
        with owner_only():
            result = dbtRunner(manifest=project).invoke(arguments)
    finally:
        # dbt drops the environment, but leaves the file open and with it locked for the next task
        environment: Environment | None = DuckDBConnectionManager._ENV  # noqa: SLF001 - no public way to close it
        if environment is not None:
            environment.close()
        DuckDBConnectionManager.close_all_connections()
    _raise_failures(home, result)
    # an operation is no node of the project
    return [done.node.name for done in getattr(result.result, "results", []) if hasattr(done, "node")]


def manifest(home: Home) -> Manifest:
    """The models, seeds and sources of the project, as dbt has parsed them."""
    # set here too, so that a task of Airflow's scheduler needs no environment but SANDAN_HOME
    os.environ.update(SANDAN_HOME=str(home.root), DBT_SEND_ANONYMOUS_USAGE_STATS="false", DO_NOT_TRACK="1")
    return _project(DBT_PROJECT)


@cache
def _project(project: Path) -> Manifest:
    """The project of a folder, parsed once a process and without a run date: dbt parses anew where a variable differs.

    Nothing in it is of one home; the first to ask keeps dbt's notes for the next process.
    """
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    home = Home.from_environment()
    # another process may be making the notes: they spare this one all but a second
    with in_turn(home.dbt / ".parsing"):
        result = dbtRunner().invoke(["parse", *_options(home, project)])
    _raise_failures(home, result)
    if not isinstance(result.result, Manifest):
        raise SandanError("dbt parsed the project and gave nothing", f"see {home.logs / 'dbt.log'}")
    return result.result


def _options(home: Home, project: Path) -> list[str]:
    folders = {
        "--project-dir": project,
        "--profiles-dir": project,
        "--target-path": home.dbt,
        "--log-path": home.logs,
    }
    places = [str(part) for option in folders.items() for part in option]
    # whoever calls says what failed; a second log, on the console, would cost as much as the one in the file
    return [*places, "--log-level", "none", "--no-use-colors", "--no-version-check", "--no-write-json"]


def _raise_failures(home: Home, result: dbtRunnerResult) -> None:
    if result.success:
        return
    log = home.logs / "dbt.log"
    failures = [
        # of an operation, which is no node of the project, dbt says the same in another shape
        f"{getattr(done, 'node', done).unique_id}: {str(done.message).strip()}"
        for done in getattr(result.result, "results", [])
        if done.status in {"error", "fail"}
    ]
    if not failures:
        failures = [str(result.exception or "dbt ended without saying why")]
    if any(LOCKED in failure for failure in failures):
        raise busy(home)
    raise SandanError("dbt failed\n" + "\n".join(f"    {failure}" for failure in failures), f"see {log}")


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(DBT_PROJECT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
