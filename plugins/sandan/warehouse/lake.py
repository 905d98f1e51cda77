"""The published lake: a DuckLake, by default with a SQLite catalog and Parquet files under `home.published`."""

from __future__ import annotations

import os
from importlib import resources
from typing import TYPE_CHECKING

import duckdb

from sandan.errors import SandanError
from sandan.warehouse.connect import quoted, settings

if TYPE_CHECKING:
    from sandan.home import Home

#: kind of catalog → the DuckDB extension that reads it
CATALOG_EXTENSIONS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}

#: the tables in which DuckLake keeps what the lake is made of
CATALOGUE = "__ducklake_metadata_published"
WRITTEN = f"""
select schema_name || '.' || table_name
from {CATALOGUE}.ducklake_table as tables
join {CATALOGUE}.ducklake_schema as schemas using (schema_id)
where tables.end_snapshot is null and schemas.end_snapshot is null
    and table_id in (select table_id from {CATALOGUE}.ducklake_table_stats)
"""

#: how long a reader and a publisher wait for each other in the moment of a commit
BUSY_MILLISECONDS = 30_000


def attach(connection: duckdb.DuckDBPyConnection, home: Home, *, read_only: bool = False) -> None:
    """Attach the lake as `published`.

    `SANDAN_CATALOG` (`sqlite:<file>` or `postgres:<connection string>`) and `SANDAN_LAKE_DATA` (folder or `s3://…`)
    name another place; the keys of a store come from the usual `AWS_…` variables.
    """
    catalog = os.environ.get("SANDAN_CATALOG", f"sqlite:{home.published / 'catalog.sqlite'}")
    data = os.environ.get("SANDAN_LAKE_DATA", str(home.published / "data"))
    kind = catalog.partition(":")[0]
    if kind not in CATALOG_EXTENSIONS:
        raise SandanError(
            f"SANDAN_CATALOG starts with {kind!r}",
            f"use one of {', '.join(f'{known}:…' for known in CATALOG_EXTENSIONS)}",
        )
    _load(connection, CATALOG_EXTENSIONS[kind])
    _load(connection, "ducklake")
    if data.startswith("s3://"):
        _load(connection, "httpfs")
        connection.execute(_store_secret())
    options = ["READ_ONLY"] if read_only else []
    # the catalogue knows where the data lay when they were made; a home that moved has them with it
    if "SANDAN_LAKE_DATA" in os.environ or "SANDAN_CATALOG" not in os.environ:
        options += [f"DATA_PATH {quoted(data)}", "OVERRIDE_DATA_PATH true"]
    elif not read_only:
        options.append(f"DATA_PATH {quoted(data)}")
    if kind == "sqlite":
        options.append(f"META_BUSY_TIMEOUT {BUSY_MILLISECONDS}")
        if not read_only:
            # with SQLite's other journal, one long query of a reader would keep a run from committing
            options.append("META_JOURNAL_MODE 'WAL'")
    connection.execute(f"ATTACH {quoted(f'ducklake:{catalog}')} AS published ({', '.join(options)})")


def check_published(home: Home) -> None:
    """Raise SandanError where nothing is published yet."""
    if "SANDAN_CATALOG" not in os.environ and not (home.published / "catalog.sqlite").exists():
        raise SandanError(f"nothing is published yet in {home.published}", "run a day first: make run")


def connect_published(home: Home) -> duckdb.DuckDBPyConnection:
    """The published lake, read-only, as default database: readers never wait for a run, nor a run for them.

    Raises:
        SandanError: nothing is published yet.
    """
    check_published(home)
    connection = duckdb.connect(config=settings(home))
    attach(connection, home, read_only=True)
    connection.execute("USE published")
    return connection


def written_tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of the attached lake that ever had a row, as `schema.table`.

    Whenever one of the others is named, DuckLake looks for its statistics among those of all tables again, in vain:
    a tenth of a second each time.
    """
    return {name for (name,) in connection.execute(WRITTEN).fetchall()}


def _load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Load `extension` from its Python package, as the lock installed it."""
    package = f"duckdb_extension_{extension}"
    try:
        file = resources.files(package) / "extensions" / f"v{duckdb.__version__}" / f"{extension}.duckdb_extension"
    except ModuleNotFoundError as error:
        raise SandanError(
            f"the DuckDB extension {extension} is not installed",
            f"install the package {package.replace('_', '-')} of version {duckdb.__version__}",
        ) from error
    connection.execute(f"LOAD {quoted(str(file))}")


def _store_secret() -> str:
    """The secret of an S3 store, from the variables that every S3 client reads."""
    variables = {
        "KEY_ID": "AWS_ACCESS_KEY_ID",
        "SECRET": "AWS_SECRET_ACCESS_KEY",
        "REGION": "AWS_REGION",
        "ENDPOINT": "AWS_ENDPOINT_URL",
    }
    values = {option: os.environ[variable] for option, variable in variables.items() if variable in os.environ}
    if "ENDPOINT" in values:
        scheme, _, values["ENDPOINT"] = values["ENDPOINT"].rpartition("://")
        values |= {"USE_SSL": str(scheme != "http").lower(), "URL_STYLE": "path"}
    options = ", ".join(["TYPE s3", *(f"{option} {quoted(value)}" for option, value in values.items())])
    return f"CREATE OR REPLACE SECRET lake ({options})"
