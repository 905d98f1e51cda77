"""Make the helpers of these tests importable: test folders are no packages."""

import sys
from pathlib import Path

import pytest

from sandan.home import PROJECT, Home

sys.path.append(str(Path(__file__).parent))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path, sources=PROJECT / "sources")
