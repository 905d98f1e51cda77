"""`make airflow`: the same project in Airflow's own UI, scheduler and all, on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sandan.home import PROJECT
from sandan.run.environment import configure

if TYPE_CHECKING:
    from sandan.home import Home


def serve(home: Home) -> int:
    """Become `airflow standalone`. Everybody who reaches it is admin, so it listens on this machine only."""
    configure(home)
    os.environ.setdefault("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    os.environ.setdefault("AIRFLOW__API__HOST", "127.0.0.1")
    # its workers import the package by this path before they read Airflow's configuration
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PROJECT / "plugins"), os.environ.get("PYTHONPATH")]))

    # standalone starts its parts by the bare name
    binaries = Path(sys.executable).parent
    os.environ["PATH"] = os.pathsep.join([str(binaries), os.environ.get("PATH", "")])

    from sandan.run.engine import prepare_metadata

    prepare_metadata(home)
    os.execv(binaries / "airflow", ["airflow", "standalone"])  # noqa: S606 - a fixed command, which needs no shell
