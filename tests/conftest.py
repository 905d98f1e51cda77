"""Which tests one worker runs: those of a file together, and those of a folder whose costly fixtures they share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

# each worker has a processor of its own; the commands that tests start take what a user's would
os.environ.setdefault("SANDAN_THREADS", "1")

SHARING = ("tests/browser", "tests/dbt", "tests/rebate")


class ByHome(LoadFileScheduling):
    """Tests by the home that they share."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in SHARING else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHome:
    return ByHome(config, log)
