"""Which tests one worker runs: those of a file together, and those of a folder whose costly fixtures they share."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SHARING = {TESTS / "dbt", TESTS / "rebate"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        together = item.path.parent if item.path.parent in SHARING else item.path
        item.add_marker(pytest.mark.xdist_group(str(together.relative_to(TESTS))))
