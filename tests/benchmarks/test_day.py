"""A simulated day from landing files to published facts, as `make run` runs it, in a fresh home.

`SIZES=20000,100000` in the environment names other sizes than 100,000 declarations. The fixed cost (starting Airflow,
dbt and Great Expectations) is what the same run takes on 20 declarations.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import psutil
import pytest
from benchmark_report import show

from sandan.home import PROJECT, Home
from sandan.run import outcomes
from sandan.run.clock import BEIJING
from sandan.simulate import simulate_day

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark

DAY = date(2026, 11, 20)
SIZES = [int(size) for size in os.environ.get("SIZES", "100000").split(",")]
FEW = 20
SAMPLE_SECONDS = 0.25
#: of the issue: a day of 100,000 declarations, and the fixed part of it
TARGET_SIZE, TARGET_SECONDS, TARGET_FIXED_SECONDS = 100_000, 180, 75


@dataclass
class Usage:
    """What the process tree used, a sample each: the time, its memory, and what it has written so far, in bytes."""

    samples: list[tuple[float, int, int]] = field(default_factory=list)
    written: dict[int, int] = field(default_factory=dict)

    def sample(self, root: psutil.Process) -> None:
        memory = 0
        for process in [root, *root.children(recursive=True)]:
            try:
                memory += process.memory_info().rss
                self.written[process.pid] = process.io_counters().write_chars
            except psutil.Error:  # it has just ended
                continue
        self.samples.append((time.time(), memory, sum(self.written.values())))

    def between(self, start: float, end: float) -> tuple[int, int]:
        """Peak memory and bytes written."""
        memory = [used for at, used, _ in self.samples if start <= at <= end]
        before = max((written for at, _, written in self.samples if at <= start), default=0)
        after = max((written for at, _, written in self.samples if at <= end), default=0)
        return max(memory, default=0), after - before


@dataclass(frozen=True)
class Stage:
    """One stage of a run: seconds, peak memory in bytes (0: not sampled), bytes written."""

    name: str
    seconds: float
    memory: int
    written: int


@dataclass(frozen=True)
class Run:
    seconds: float
    records: int
    stages: list[Stage]
    whole: Stage


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("few"), FEW)


@pytest.mark.parametrize("size", SIZES)
def test_day(size, fixed, tmp_path):
    day = run(tmp_path, size)
    few = {stage.name: stage.seconds for stage in fixed.stages}
    show(
        f"{size:,} declarations, {day.records:,} records, end to end",
        ("stage", f"seconds, {FEW} decl.", "seconds", "records/s", "peak MB", "written MB"),
        [row(stage, few[stage.name], day.records) for stage in day.stages]
        + [row(day.whole, fixed.whole.seconds, day.records)],
    )
    share = fixed.seconds / day.seconds
    print(f"\nFixed cost: {fixed.seconds:.0f} s, {share:.0%} of the run.")
    if size == TARGET_SIZE:
        for what, seconds, target in (
            (f"{size:,} declarations", day.seconds, TARGET_SECONDS),
            ("fixed cost", fixed.seconds, TARGET_FIXED_SECONDS),
        ):
            print(f"Target, {what} in {target} s: {seconds:.0f} s, {'met' if seconds <= target else 'NOT MET'}.")


def row(stage: Stage, few: float, records: int) -> tuple[str, ...]:
    megabytes = (f"{amount / 1e6:,.0f}" for amount in (stage.memory, stage.written))
    return stage.name, f"{few:.1f}", f"{stage.seconds:.1f}", f"{records / stage.seconds:,.0f}", *megabytes


def run(root: Path, declarations: int) -> Run:
    home = Home(root=root / "home", sources=PROJECT / "sources")
    simulate_day(home, DAY, declarations, seed=1)
    usage, start, end = watched(home, "run", "--date", DAY.isoformat())
    done = outcomes.of_run(home, DAY)
    return measured(done, usage, start, end, next(o.result["records"] for o in done if o.stage == "load"))


def watched(home: Home, *command: str) -> tuple[Usage, float, float]:
    """Run `python -m sandan` with `command`; what it used, when it began and when it ended."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SANDAN"))}
    places = {"SANDAN_HOME": str(home.root), "PYTHONPATH": str(PROJECT / "plugins")}
    usage = Usage()
    start = time.time()
    with (home.root / "output").open("w") as output:
        process = psutil.Popen(
            [sys.executable, "-m", "sandan", *command],
            env=clean | places,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            usage.sample(process)
            time.sleep(SAMPLE_SECONDS)
    end = time.time()
    assert process.returncode == 0, (home.root / "output").read_text()
    return usage, start, end


def measured(done: list[outcomes.Outcome], usage: Usage, start: float, end: float, records: int) -> Run:
    """The stages of a run; what lies around them (imports, Airflow's own bookkeeping) is the first."""
    stages = []
    for name in dict.fromkeys(outcome.stage for outcome in done):
        parts = [outcome for outcome in done if outcome.stage == name]
        used = [
            usage.between(at, at + outcome.seconds)
            for outcome in parts
            if (at := outcome.started_at.replace(tzinfo=BEIJING).timestamp())
        ]
        seconds = sum(outcome.seconds for outcome in parts)
        stages.append(Stage(name, seconds, max(memory for memory, _ in used), sum(written for _, written in used)))
    first = min(outcome.started_at for outcome in done).replace(tzinfo=BEIJING).timestamp()
    memory, written = usage.between(start, end)
    whole = Stage("all", end - start, memory, written)
    rest = Stage(
        "Airflow",
        whole.seconds - sum(s.seconds for s in stages),
        usage.between(start, first)[0],
        whole.written - sum(s.written for s in stages),
    )
    return Run(end - start, records, [rest, *stages], whole)
