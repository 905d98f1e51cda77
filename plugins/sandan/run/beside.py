"""What a first run need not wait for: dbt takes ten seconds to read its project, beside the start of Airflow."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandan.home import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

PARSE = """
from sandan.home import Home
from sandan.warehouse.transform import manifest
manifest(Home.from_environment())
"""


@contextmanager
def parsed_beside(home: Home) -> Iterator[None]:
    """Have dbt read the project in another process, where the home has no notes of that; `manifest` waits for them."""
    if (home.dbt / "partial_parse.msgpack").exists():
        yield
        return
    places = {"SANDAN_HOME": str(home.root), "PYTHONPATH": str(PROJECT / "plugins")}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", PARSE], env=os.environ | places, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
