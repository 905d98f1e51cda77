"""A simulated day, made once a size, and what each stage of its run used."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmark_report import FOLDER
from benchmark_usage import Usage, sandan

from sandan.home import PROJECT, Home
from sandan.run import outcomes
from sandan.run.clock import BEIJING
from sandan.simulate import simulate_day

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = date(2026, 11, 20)


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

    def seconds_of(self, *names: str) -> float:
        return sum(stage.seconds for stage in self.stages if stage.name in names)


@contextmanager
def empty_home() -> Iterator[Home]:
    """A home beside the simulated days, gone afterwards: pytest would keep the last three, some gigabytes each."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="home-", dir=FOLDER) as folder:
        yield Home(root=Path(folder), sources=PROJECT / "sources")


@contextmanager
def landed(declarations: int) -> Iterator[Home]:
    """A home in which the day of so many declarations has landed."""
    told = simulated(declarations)
    with empty_home() as home:
        for folder in (told.landing, told.reference):
            # links: 27 million declarations are 300,000 files
            shutil.copytree(folder, home.root / folder.name, copy_function=os.link)
        yield home


def simulated(declarations: int) -> Home:
    """The home with the day as this simulator tells it: kept, since telling takes as long as a run."""
    digest = hashlib.sha256(
        b"".join(file.read_bytes() for file in sorted((PROJECT / "plugins" / "sandan" / "simulate").rglob("*.*")))
    )
    folder = FOLDER / f"day-{declarations}-{digest.hexdigest()[:12]}"
    if not folder.exists():
        for other in FOLDER.glob(f"day-{declarations}-*"):
            shutil.rmtree(other)
        building = Home(root=FOLDER / f"day-{declarations}-building", sources=PROJECT / "sources")
        simulate_day(building, DAY, declarations, seed=1)
        building.root.rename(folder)
    return Home(root=folder, sources=PROJECT / "sources")


def run(home: Home, day: date) -> Run:
    """`make run` of a date."""
    usage, start, end = sandan(home, "run", "--date", day.isoformat())
    done = outcomes.of_run(home, day)
    return measured(done, usage, start, end, next(o.result["records"] for o in done if o.stage == "load"))


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
