"""Make the helpers of the benchmarks importable, since test folders are no packages; the day that several measure."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.append(str(Path(__file__).parent))

from benchmark_day import DAY, Run, landed, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000").split(",")]


@pytest.fixture(scope="session", params=SIZES, ids="{:,}".format)
def day(request: pytest.FixtureRequest) -> Iterator[tuple[int, Home, Run]]:
    """A number of declarations, a home in which their day has run, and what the run used."""
    with landed(request.param) as home:
        yield request.param, home, run(home, DAY)
