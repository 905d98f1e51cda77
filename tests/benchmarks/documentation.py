"""Put measured results into docs/benchmarks.md: no figure there is written by hand.

`make bench RESULTS=docs/benchmarks` leaves a file a table in that folder and runs this script, which draws. In the page
a result stands between `<!-- name -->` and `<!-- end -->`; one without a place of its own goes to the end.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import altair as alt
from benchmark_report import markdown

from sandan.home import PROJECT
from sandan.page.charts import bars, svg

if TYPE_CHECKING:
    from pathlib import Path

    from markupsafe import Markup

    Results = dict[str, dict[str, Any]]

PAGE = PROJECT / "docs" / "benchmarks.md"
FOLDER = PROJECT / "docs" / "benchmarks"
#: tables of which only the drawing is shown
DRAWN = {"history-days"}


def main() -> None:
    results = read(FOLDER)
    PAGE.write_text(written(PAGE.read_text("utf-8"), results), "utf-8")
    for name in pictures(results):
        (FOLDER / f"{name}.svg").write_text(drawing(name, results), "utf-8")


def read(folder: Path) -> Results:
    """Name → result, of every file there is."""
    return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))}


def written(page: str, results: Results) -> str:
    """The page with all results as they are."""
    drawn = pictures(results)
    for name in sorted(results.keys() - DRAWN | drawn.keys()):
        parts = [f"{markdown(results[name])}\n*{when(results[name])}*\n"] if name in results else []
        parts += [f"![{drawn[name]}](benchmarks/{name}.svg)\n"] if name in drawn else []
        page = placed(page, name, "\n".join(parts))
    return placed(page, "machine", "".join(f"{line}\n" for line in machines(results))) if results else page


def placed(page: str, name: str, text: str) -> str:
    """The page with a text between its marks, or behind everything else."""
    place = re.compile(rf"<!-- {name} -->\n.*?<!-- end -->", re.DOTALL)
    block = f"<!-- {name} -->\n{text}<!-- end -->"
    return place.sub(lambda _: block, page) if place.search(page) else f"{page}\n{block}\n"


def when(result: dict[str, Any]) -> str:
    return f"{result['machine']['date']}, load of the machine before: {result['machine']['load before']}"


def pictures(results: Results) -> dict[str, str]:
    """File name → what is drawn, of the results that there are."""
    drawn = {name: "Seconds of each" for name in results if name.startswith("peers-")}
    if any(name.startswith("day-") for name in results):
        drawn["days"] = "Seconds by a million records and stage, a bar a size"
    if "history-days" in results:
        drawn["history"] = "Seconds by day and stage"
    return drawn


def machines(results: Results) -> list[str]:
    """What they were measured with, a line each: usually one."""
    return sorted({
        ", ".join(f"{name} {value}" for name, value in result["machine"].items() if name not in {"date", "load before"})
        for result in results.values()
    })  # fmt: skip


def drawing(name: str, results: Results) -> Markup:
    """One of `pictures`."""
    if name == "days":
        return stages({int(of[4:]): result for of, result in results.items() if of.startswith("day-")})
    return history(results["history-days"]) if name == "history" else peers(results[name])


def stages(days: dict[int, dict[str, Any]]) -> Markup:
    """Seconds by a million records, a bar a size in parts by stage: even bars are linear growth."""
    rows = []
    for size, result in sorted(days.items()):
        records = number(result["rows"][-1][2]) * number(result["rows"][-1][3])  # seconds, records a second
        rows += [
            {"size": f"{size:,}", "stage": group(name), "rank": rank, "seconds": number(seconds) / records * 1e6}
            for rank, (name, _, seconds, *_) in enumerate(result["rows"][:-1])
        ]
    names = [name for name, *_ in next(iter(days.values()))["rows"][:-1]]
    return svg(
        alt.Chart(alt.Data(values=rows), width=520, height=alt.Step(30))
        .mark_bar()
        .encode(
            x=alt.X("seconds:Q", title="seconds by a million records"),
            y=alt.Y("size:N", title="declarations", sort=None),
            color=alt.Color("stage:N", title=None, sort=groups(names), scale=alt.Scale(scheme="tableau20")),
            order=alt.Order("rank:Q"),
        )
    )


def history(result: dict[str, Any]) -> Markup:
    """Seconds over the days, in parts by stage."""
    # behind the stages: all of them, records, size of the warehouse
    names = result["heads"][1:-3]
    rows = [
        {"day": int(day), "stage": group(name), "rank": rank, "seconds": number(seconds)}
        for day, *cells in result["rows"]
        for rank, (name, seconds) in enumerate(zip(names, cells, strict=False))
    ]
    return svg(
        alt.Chart(alt.Data(values=rows), width=520, height=220)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title="day", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("seconds:Q", title="seconds"),
            color=alt.Color("stage:N", title=None, sort=groups(names), scale=alt.Scale(scheme="tableau20")),
            order=alt.Order("rank:Q"),
        )
    )


def peers(result: dict[str, Any]) -> Markup:
    """Seconds of each."""
    return bars([
        {"label": name, "value": number(seconds), "text": f"{seconds} s, {memory} MB"}
        for name, seconds, _, _, memory in result["rows"]
    ])  # fmt: skip


def group(stage: str) -> str:
    """What a stage is drawn as: more colours than these nobody tells apart."""
    return "gates" if stage.startswith(("gate_", "approve_")) else stage


def groups(stages: list[str]) -> list[str]:
    return list(dict.fromkeys(map(group, stages)))


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


if __name__ == "__main__":
    main()
