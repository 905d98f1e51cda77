"""How much of the machine DuckDB may take. Its own default (80 % of memory) leaves no room for Airflow and dbt."""

from __future__ import annotations

import os


def memory_limit() -> str:
    """`SANDAN_MEMORY_LIMIT`, or half of the machine's memory, at most 6 GB."""
    set_by_operator = os.environ.get("SANDAN_MEMORY_LIMIT")
    if set_by_operator:
        return set_by_operator
    machine_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return f"{min(6_000, machine_mb // 2)}MB"


def threads() -> int:
    """`SANDAN_THREADS`, or the processors of the machine, at most 4."""
    return int(os.environ.get("SANDAN_THREADS") or min(4, os.cpu_count() or 1))
