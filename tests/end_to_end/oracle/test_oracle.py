"""The pipeline against the oracle: some nasty worlds over three dates, every published verdict compared, exactly.

`SANDAN_ORACLE_SEEDS="3 4 5"` tries other stories; `SANDAN_ORACLE_WORLDS` makes them larger (worlds of 60 declarations).
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from sandan.home import PROJECT, Home
from sandan.warehouse import connect, connect_published

from .generator import story
from .landing import Landing
from .oracle import Oracle
from .published import expected, observed, record_states, said_record_states
from .records import SEEDS, Source
from .rules import Reference
from .stories import report

DATES = (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22))
SEED_NUMBERS = [int(seed) for seed in os.environ.get("SANDAN_ORACLE_SEEDS", "1").split()]
WORLDS = int(os.environ.get("SANDAN_ORACLE_WORLDS", "25"))
DECLARATIONS = 60
RUN_LIMIT_SECONDS = 600


def xml_sources() -> list[Source]:
    """The sources that take any national message."""
    configured = [yaml.safe_load(file.read_text("utf-8")) for file in sorted((PROJECT / "sources").glob("*.yml"))]
    return [Source(s["id"], s["edition"], s["code_lists"]) for s in configured if s["format"] == "ceb-xml"]


def hs_codes() -> frozenset[str]:
    with (SEEDS / "hs_codes.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["hs_code"] for row in csv.DictReader(file))


def run(home: Home, day: date) -> None:
    """The run as an operator starts it."""
    environment = os.environ | {"SANDAN_HOME": str(home.root), "SANDAN_SOURCES": str(home.sources)}
    environment["PYTHONPATH"] = str(PROJECT / "plugins")
    command = [sys.executable, "-m", "sandan", "run", "--date", day.isoformat()]
    done = subprocess.run(  # noqa: S603
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=RUN_LIMIT_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.mark.parametrize("seed", SEED_NUMBERS)
def test_every_verdict_is_the_oracles(seed: int, tmp_path: Path) -> None:
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    sources = xml_sources()
    sent = story(seed, DATES, sources, WORLDS, DECLARATIONS)
    delivered = Landing(home.root, DATES, sources, seed).write(sent)
    oracle = Oracle(Reference(hs_codes()), sources)
    for day in DATES:
        oracle.run(day, delivered[day])
        run(home, day)
        with connect_published(home) as lake:
            found = observed(lake)
        said = expected(oracle)
        with connect(home, read_only=True) as warehouse:
            found["states"] = record_states(warehouse)
        said["states"] = said_record_states(oracle)
        reports = [report(oracle, name, said[name], found[name]) for name in said]
        assert not any(reports), f"\nseed {seed}, run of {day}" + "\n".join(reports)
    statuses = {life.shown_status for life in oracle.lives.values()}
    assert statuses == {"waiting", "review", "refused", "released", "closed", "cancelled"}
