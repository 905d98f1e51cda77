"""Papers as their senders write them: what the source file maps to the standard, mapped back."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from sandan.home import PROJECT
from sandan.read.convert import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandan.read.convert import Column
    from sandan.read.sources import Source
    from sandan.simulate.papers.paper import Elements, Paper

_TIMES = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}


def written(source: Source, papers: Iterable[Paper]) -> bytes:
    """One file of a source: a header and rows, or a line a paper."""
    text = _csv(source, papers) if source.format == "csv" else _json_lines(source, papers)
    return text.encode(source.encoding)


def _csv(source: Source, papers: Iterable[Paper]) -> str:
    columns = {c.source: c for c in (*source.head, *source.item) if c.source}
    text = io.StringIO()
    rows = csv.DictWriter(text, [*columns], lineterminator="\n")
    rows.writeheader()
    for paper in papers:
        head = _cells(source, source.head, _head(paper))
        for item in paper.items if source.item else [{}]:
            rows.writerow(head | _cells(source, source.item, item))
    return text.getvalue()


def _json_lines(source: Source, papers: Iterable[Paper]) -> str:
    lines = []
    for paper in papers:
        record = _nested(_cells(source, source.head, _head(paper)))
        if source.item:
            record[source.items] = [_nested(_cells(source, source.item, item)) for item in paper.items]
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines)


def _head(paper: Paper) -> Elements:
    return {"appType": paper.app_type, "appTime": paper.app_time} | paper.head


def _cells(source: Source, columns: Iterable[Column], elements: Elements) -> dict[str, str]:
    if source.code_lists == "iso" and "currency" in elements:
        elements = elements | {"currency": _iso()[elements["currency"]]}
    return {c.source: _cell(c, elements.get(c.element, "")) for c in columns if c.source}


@cache
def _iso() -> dict[str, str]:
    """Customs code of a currency → ISO code."""
    with (PROJECT / "dbt_project" / "seeds" / "code_lists.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            row["code"]: row["iso"] for row in rows if (row["code_list"], row["code_set"]) == ("currency", "customs")
        }


def _cell(column: Column, text: str) -> str:
    if not text:
        return text
    if column.scale is not None:
        text = f"{(Decimal(text) / column.scale).normalize():f}"
    if column.thousands:
        text = f"{Decimal(text):,}".replace(",", column.thousands)
    if column.time:
        moment = datetime.strptime(text, _TIMES[column.time_length]).replace(tzinfo=BEIJING)
        text = moment.strftime(column.time)
    return {national: own for own, national in column.values.items()}.get(text, text)


def _nested(cells: dict[str, str]) -> dict[str, Any]:
    """`a.b` as a field `b` within `a`; an empty cell is null."""
    record: dict[str, Any] = {}
    for path, text in cells.items():
        *outer, name = path.split(".")
        place = record
        for step in outer:
            place = place.setdefault(step, {})
        place[name] = text or None
    return record
