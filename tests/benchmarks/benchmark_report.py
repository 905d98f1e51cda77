"""Tables of the benchmarks: on the terminal, and as files of which documentation.py makes docs/benchmarks.md."""

from __future__ import annotations

import json
import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from sandan.home import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: what benchmarks keep and make: simulated days, homes at work, results
FOLDER = Path(os.environ.get("BENCH_FOLDER") or PROJECT / "var" / "bench")
RESULTS = Path(os.environ.get("RESULTS") or FOLDER / "results")
#: of the quarter of an hour before the first benchmark: what else the machine did
LOAD = os.getloadavg()[2]
MEASURED = (
    "apache-airflow", "dbt-core", "duckdb", "great-expectations", "xml2arrow", "pandas", "polars", "splink", "pyspark",
)  # fmt: skip


def show(name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], notes: Sequence[str] = ()) -> None:
    """Print a table in Markdown, and keep it as `name`; the first column is text, the others are figures."""
    result = {"title": title, "heads": list(heads), "rows": [list(row) for row in rows], "notes": list(notes)}
    print(f"\n{markdown(result)}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result | {"machine": machine()}, ensure_ascii=False, indent=1)
    (RESULTS / f"{name}.json").write_text(f"{text}\n", "utf-8")


def markdown(result: dict[str, Any]) -> str:
    """A result as the terminal and the documentation show it."""
    lines = [result["heads"], *result["rows"]]
    widths = [max(len(line[n]) for line in lines) for n in range(len(result["heads"]))]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    text = [f"{result['title']}:", ""]
    for line in (result["heads"], rule, *result["rows"]):
        first, *others = line
        cells = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(others, widths[1:], strict=True))]
        text.append(f"| {' | '.join(cells)} |")
    return "\n".join([*text, *(f"\n{note}" for note in result["notes"]), ""])


def against(what: str, found: float, target: float, unit: str, *, least: bool = False) -> str:
    """One sentence: what was aimed at, and whether it is met. `least`: more is better."""
    is_met = found >= target if least else found <= target
    aim = f"Target, {what}: at {'least' if least else 'most'} {target:g}{unit}"
    return f"{aim}; {found:,.{2 if found < 10 else 0}f}{unit}, {'met' if is_met else 'NOT MET'}."


def machine() -> dict[str, str]:
    """Where and with what it was measured."""
    models = [line for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    return {
        "date": date.today().isoformat(),  # noqa: DTZ011 - of this machine
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "load before": f"{LOAD:.1f}",
        "Python": platform.python_version(),
    } | {name: found for name in MEASURED if (found := _version(name))}


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
