"""Who finds the warehouse in use by another process says so, and may be tried again."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from sandan import gates, warehouse
from sandan.errors import BusyError
from sandan.gates import gate

DAY = date(2026, 11, 20)
HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def held(home):
    """A process that has the warehouse open."""
    home.root.mkdir(parents=True)
    command = [sys.executable, "-c", HOLD, str(home.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603 - our own code
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield
        other.communicate()


def test_a_connection(home, held):
    with pytest.raises(BusyError, match="in use by another process"), warehouse.connect(home):
        pass


def test_a_publisher(home, held):
    with pytest.raises(BusyError, match="in use by another process"):
        warehouse.publish(home, DAY, "manual")


@pytest.mark.parametrize("part", ["seeds", "staging"])
def test_dbt(home, held, part):
    with pytest.raises(BusyError, match="in use by another process"):
        warehouse.transform(home, DAY, part)


def test_a_gate(home, held, monkeypatch):
    monkeypatch.setattr(gate, "landed_sources", lambda *_: [])
    with pytest.raises(BusyError, match="in use by another process"):
        gates.check(home, DAY, "received")
