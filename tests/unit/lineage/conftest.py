"""OpenLineage as nobody configured it."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("OPENLINEAGE")]:
        monkeypatch.delenv(name)
    # its files are looked for here and in the home folder
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    yield
    # the library notes OPENLINEAGE_URL under other names
    for name in [name for name in os.environ if name.startswith("OPENLINEAGE__")]:
        del os.environ[name]
