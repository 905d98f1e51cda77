"""Small landing days for the reader tests, and what came out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sandan.home import PROJECT, Home
from sandan.read import read_source

DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Landing:
    """A home under a temporary folder, with the project's own source files unless others are given."""

    home: Home

    @classmethod
    def under(cls, folder: Path, sources: Path = PROJECT / "sources") -> Landing:
        return cls(Home(root=folder / "home", sources=sources))

    def put(self, source_id: str, name: str, data: bytes) -> Path:
        file = self.home.landing_of(source_id, DAY) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def read(self, source_id: str) -> Reading:
        counts = read_source(self.home, DAY, source_id)
        return Reading(counts, self.home.read_of(DAY) / source_id)

    def read_one(self, source_id: str, name: str, data: bytes) -> Reading:
        self.put(source_id, name, data)
        return self.read(source_id)


@dataclass(frozen=True)
class Reading:
    counts: dict[str, int]
    folder: Path

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of one table, without their nulls; none where it was not written."""
        files = sorted(f for f in self.folder.glob("*.parquet") if f.stem.partition("-")[0] == table)
        rows = [row for file in files for row in pq.read_table(file).to_pylist()]
        return [{key: value for key, value in row.items() if value is not None} for row in rows]

    @property
    def files(self) -> list[dict[str, Any]]:
        return self.rows("files")

    @property
    def reason(self) -> str:
        """The reason of the only file, which must be quarantined."""
        (file,) = self.files
        assert (file["state"], file["records"]) == ("quarantined", 0)
        return str(file["reason"])


def order(number: str = "A1", *, prefix: str = "", gnums: tuple[str, ...] = ("1",), head: str = "") -> str:
    """One export order of the standard's shape, simulated. `head` is XML added to its head."""
    p = prefix
    lines = "".join(
        f"<{p}OrderList><{p}gnum>{g}</{p}gnum><{p}itemName>茶 {g}</{p}itemName></{p}OrderList>" for g in gnums
    )
    guid = f"<{p}guid>00000000-0000-0000-0000-0000000000{number}</{p}guid>"
    return (
        f"<{p}Order><{p}OrderHead>{guid}<{p}orderNo>{number}</{p}orderNo>"
        f"<{p}ebpName>杭州模拟平台</{p}ebpName>{head}</{p}OrderHead>{lines}</{p}Order>"
    )


def message(*records: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>', tail: str = "") -> str:
    """A CEB303 message with a default namespace."""
    root = 'CEB303Message guid="X" version="1.0" xmlns="http://www.chinaport.gov.cn/ceb"'
    return f"{declaration}\n<{root}>\n{''.join(records)}{tail}</CEB303Message>\n"
