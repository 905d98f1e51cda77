"""The environment that Airflow, dbt and Great Expectations start in. Must be set before any of them is imported."""

from __future__ import annotations

import os

from sandan.home import PROJECT, Home
from sandan.warehouse.limits import memory_limit, threads


def configure(home: Home) -> None:
    """Set what is not set yet, so that an operator's own setting (a server's database, say) wins."""
    for name, value in settings(home).items():
        os.environ.setdefault(name, value)
    home.airflow.mkdir(parents=True, exist_ok=True)
    (home.logs).mkdir(parents=True, exist_ok=True)


def settings(home: Home) -> dict[str, str]:
    """The variables, by name: one machine, everything in the home, no telemetry."""
    return {
        "SANDAN_HOME": str(home.root),
        "SANDAN_SOURCES": str(home.sources),
        "SANDAN_SERVICES": str(home.services),
        "SANDAN_MEMORY_LIMIT": memory_limit(),
        "SANDAN_THREADS": str(threads()),
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        # one machine: reads go in parallel, everything else waits for the one slot of the warehouse
        "AIRFLOW__CORE__PARALLELISM": str(max(2, threads())),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.airflow / 'airflow.db'}",
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
    }
