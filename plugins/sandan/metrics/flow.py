"""MetricFlow's own command line (`mf`) on the published lake."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home


class _NoUpdates:
    """Stands for the class that asks the package index, at each command, for a newer version."""

    def check(self, package_name: str, package_version: str) -> None:
        """There is none."""


def metric_flow(home: Home, arguments: list[str]) -> int:
    """Run one command of `mf`; returns its exit status.

    Raises:
        SandanError: nothing is published yet, or the semantic models do not fit together.
    """
    connect_published(home).close()
    with parsed_project(home):
        from dbt_metricflow.cli import main as mf

        mf.UpdateChecker = _NoUpdates
        try:
            mf.cli(arguments, prog_name="mf")
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else 1
    return 0


@contextmanager
def parsed_project(home: Home) -> Iterator[Path]:
    """A copy of the project with its manifest, which `mf` looks for in the project's own folder alone.

    From here on, dbt and `mf` in this process are those of this project.
    """
    from sandan.metrics.lake import METRICS

    with TemporaryDirectory(prefix="sandan-metrics-") as name:
        folder = Path(name) / METRICS.name
        shutil.copytree(METRICS, folder)
        os.environ.update(
            SANDAN_HOME=str(home.root),
            DBT_SEND_ANONYMOUS_USAGE_STATS="false",
            DO_NOT_TRACK="1",
            DBT_PROJECT_DIR=str(folder),
            DBT_PROFILES_DIR=str(folder),
            DBT_LOG_PATH=str(home.logs),
        )

        from dbt.cli.main import dbtRunner

        parsed = dbtRunner().invoke(["parse", "--quiet", "--log-level-file", "none", "--no-version-check"])
        if not parsed.success:
            raise SandanError(f"dbt does not understand the metrics: {parsed.exception}", f"see {METRICS}")
        yield folder
