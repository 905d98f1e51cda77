"""A simulated day from landing files to published facts, as `make run` runs it, in a fresh home, and the bare limits.

`SIZES=100000,1000000` in the environment names the numbers of declarations. The fixed cost (starting Airflow, dbt and
Great Expectations) is what the same run takes on 20 declarations. Beside it, on the same files: the landing copied, its
XML parsed by xml2arrow alone, its lists joined by DuckDB alone.
"""

from __future__ import annotations

import bare
import pytest
from benchmark_day import DAY, Run, Stage, landed, run
from benchmark_report import against, show

from sandan.run import outcomes

pytestmark = pytest.mark.benchmark

FEW = 20
#: of the issue, by declarations: seconds and bytes of a run
TARGETS = {1_000: (60, 6e9), 100_000: (180, 6e9), 1_000_000: (240, 6e9), 5_000_000: (1200, 10e9)}
#: reading XML, as a share of the speed of the bare parser, and matching and marts, as times the bare joins
TARGET_READING, TARGET_MATCHING = 0.7, 6
MATCHING = ("match", "build_marts")


@pytest.fixture(scope="module")
def fixed() -> Run:
    with landed(FEW) as home:
        return run(home, DAY)


def test_stages(day, fixed):
    size, _, done = day
    few = {stage.name: stage.seconds for stage in fixed.stages}
    notes = [f"Fixed cost: {fixed.seconds:.0f} s, {fixed.seconds / done.seconds:.0%} of the run."]
    if size in TARGETS:
        seconds, memory = TARGETS[size]
        notes += [
            against(f"{size:,} declarations", done.seconds, seconds, " s"),
            against("peak memory of all processes", done.whole.memory / 1e9, memory / 1e9, " GB"),
        ]
    show(
        f"day-{size}",
        f"A day of {size:,} declarations, {done.records:,} records, end to end",
        ("stage", f"seconds, {FEW} decl.", "seconds", "records/s", "peak MB", "written MB"),
        [row(stage, few.get(stage.name, 0), done.records) for stage in done.stages]
        + [row(done.whole, fixed.whole.seconds, done.records)],
        notes,
    )


def row(stage: Stage, few: float, records: int) -> tuple[str, ...]:
    megabytes = (f"{amount / 1e6:,.0f}" for amount in (stage.memory, stage.written))
    return stage.name, f"{few:.1f}", f"{stage.seconds:.1f}", f"{records / max(stage.seconds, 0.001):,.0f}", *megabytes


def test_bare_limits(day):
    size, home, done = day
    sources = bare.xml_sources(home)
    reading = sum(o.seconds for o in outcomes.of_run(home, DAY) if o.stage == "read" and o.part in sources)
    matching = done.seconds_of(*MATCHING)
    copied, parsed, joined = bare.copied(home), bare.parsed(home), bare.joined(home)
    show(
        f"bare-{size}",
        f"A day of {size:,} declarations against the bare limits",
        ("bare limit", "seconds", "per second", "ours", "ratio"),
        [
            ("copying the landing (whole run)", *limit(copied, "MB"), *times(done.seconds, copied)),
            ("xml2arrow alone, the same messages (read)", *limit(parsed, "MB"), *times(reading, parsed)),
            ("the three joins alone (match, marts)", *limit(joined, "decl."), *times(matching, joined)),
        ],
        [
            against(
                "reading XML, of the bare parser's speed", parsed.seconds / reading, TARGET_READING, "", least=True
            ),
            against("matching and marts, times the bare joins", matching / joined.seconds, TARGET_MATCHING, ""),
        ],
    )


def limit(bare_limit: bare.Amount, unit: str) -> tuple[str, str]:
    amount = bare_limit.amount / (1e6 if unit == "MB" else 1)
    return f"{bare_limit.seconds:.2f}", f"{amount / bare_limit.seconds:,.0f} {unit}"


def times(seconds: float, bare_limit: bare.Amount) -> tuple[str, str]:
    return f"{seconds:.1f}", f"{seconds / bare_limit.seconds:.1f}"
