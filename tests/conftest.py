"""Which tests one worker runs: those of a file together, and those of a folder whose costly fixtures they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

SHARING = ("tests/browser", "tests/dbt", "tests/rebate")


class ByHome(LoadFileScheduling):
    """Tests by the home that they share."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder in SHARING else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHome:
    return ByHome(config, log)
