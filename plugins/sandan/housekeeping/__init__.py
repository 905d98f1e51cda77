"""What a home need not keep, and what it may keep in less room. Nothing here is published, or proves what is."""

from __future__ import annotations

from sandan.housekeeping.airflow import clean_airflow
from sandan.housekeeping.logs import remove_logs
from sandan.housekeeping.raw import archive_raw, compact_warehouse
from sandan.housekeeping.readings import remove_readings

#: in the order in which they make room for each other; each says in one line what it did
STEPS = {
    "readings": remove_readings,
    "raw": archive_raw,
    "warehouse": compact_warehouse,
    "airflow": clean_airflow,
    "logs": remove_logs,
}

__all__ = ["STEPS"]
