"""The queries of `docs/tracing.md`, as they stand there, and the records that their answers lead to."""

from __future__ import annotations

import csv
import hashlib
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from sandan.home import PROJECT
from sandan.read.sources import load_sources

if TYPE_CHECKING:
    import duckdb

    from sandan.home import Home

QUERIES = dict(
    re.findall(
        r"^\*\*(.+?)\.\*\*.*?^```sql\n(.*?)^```",
        (PROJECT / "docs" / "tracing.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
)


def ask(lake: duckdb.DuckDBPyConnection, query: str, form: str, line: int) -> list[dict[str, Any]]:
    lake.execute(f"SET VARIABLE form = '{form}'; SET VARIABLE line = {line}")
    answer = lake.execute(QUERIES[query])
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


class Landing:
    """The files in the landing, as their records one after another."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.sources = load_sources(home.sources)
        self.files: dict[tuple[Any, ...], tuple[str, list[str]]] = {}

    def record(self, row: dict[str, Any]) -> str:
        """The record that an answer names, as text; its file has the digest that the answer has."""
        place = (row["source_id"], row["landed_on"], row["path"])
        if place not in self.files:
            data = (self.home.landing_of(row["source_id"], row["landed_on"]) / row["path"]).read_bytes()
            self.files[place] = hashlib.sha256(data).hexdigest(), self._records(row["source_id"], data)
        sha256, records = self.files[place]
        assert sha256 == row["sha256"]
        return records[row["position"] - 1]

    def _records(self, source_id: str, data: bytes) -> list[str]:
        source = self.sources[source_id]
        if source.format == "ceb-xml":
            root = ET.fromstring(data)  # noqa: S314 - made by the simulator
            return [
                "\n".join(node.itertext()) for node in root if not node.tag.endswith(("BaseTransfer", "BaseSubscribe"))
            ]
        text = data.decode(source.encoding)
        if source.format == "jsonl":
            return text.splitlines()
        rows = list(csv.DictReader(text.splitlines()))
        if not source.record_by:
            return ["\n".join(row.values()) for row in rows]
        records: dict[tuple[str, ...], str] = {}
        for row in rows:
            key = tuple(row[column] for column in source.record_by)
            records[key] = records.get(key, "") + "\n" + "\n".join(row.values())
        return list(records.values())
