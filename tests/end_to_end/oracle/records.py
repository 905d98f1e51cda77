"""What the oracle works on: delivered files, their records, and the field table that both sides share.

Nothing here (or beside it) imports the pipeline: only the field-table seed is common ground.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds"
BLANK = " \t\r\n"

#: message → (list, flow)
MESSAGES = {
    "CEB303": ("order", "E"),
    "CEB311": ("order", "I"),
    "CEB403": ("payment", "E"),
    "CEB411": ("payment", "I"),
    "CEB505": ("waybill", "E"),
    "CEB511": ("waybill", "I"),
    "CEB603": ("declaration", "E"),
    "CEB621": ("declaration", "I"),
    "CEB507": ("arrival", "E"),
    "CEB509": ("departure", "E"),
    "CEB513": ("waybill_status", "I"),
    "CEB605": ("cancellation", "E"),
    "CEB623": ("cancellation", "I"),
}


@dataclass(frozen=True)
class Source:
    """What a source's YAML says that matters to a decision. `relaxed`: elements that may be absent."""

    source_id: str
    edition: str = "2018"
    code_lists: str = "customs"
    relaxed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Raw:
    """One record as written: element → text, before trimming; None is an absent element."""

    head: dict[str, str | None]
    items: list[dict[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Delivered:
    """One file (or archive member) of a landing folder. `broken`: FMT01 takes it whole.

    `message` is None for a broken file; a known message that no list takes has no records.
    """

    source_id: str
    path: str
    sha256: str
    message: str | None
    records: list[Raw] = field(default_factory=list)
    broken: bool = False
    file_name: str = ""

    @property
    def name(self) -> str:
        return self.file_name or self.path.rsplit("/", 1)[-1]


@dataclass
class FileState:
    run_date: date
    source_id: str
    path: str
    sha256: str
    state: str
    records: list[Record] = field(default_factory=list)


@dataclass(eq=False)
class Record:
    """One received record, values trimmed, '' for an absent one."""

    run_date: date
    source: Source
    path: str
    file_name: str
    position: int
    message: str
    head: dict[str, str]
    items: list[dict[str, str]]
    state: str = ""
    rules: list[str] = field(default_factory=list)

    @property
    def list(self) -> str:
        return MESSAGES[self.message][0]

    @property
    def flow(self) -> str:
        return MESSAGES[self.message][1]

    def __getitem__(self, element: str) -> str:
        return self.head.get(element, "")

    def number(self, element: str) -> Decimal:
        return Decimal(self[element])

    @property
    def order_of_application(self) -> tuple[str, str, str, str, int]:
        return (self["appTime"], self.file_name, self.source.source_id, self.path, self.position)

    @property
    def key(self) -> tuple[str, ...]:
        match self.list:
            case "order":
                return self.order_reference
            case "payment" if self.flow == "E":
                return ("E", self["ebpCode"], self["orderNo"], self["payNo"])
            case "payment":
                return ("I", self["payCode"], self["payTransactionId"])
            case "waybill":
                return self.waybill_reference
            case _:
                return (self["ebcCode"], self["copNo"])

    @property
    def order_reference(self) -> tuple[str, str]:
        return (self["ebpCode"], self["orderNo"])

    @property
    def waybill_reference(self) -> tuple[str, str]:
        return (self["logisticsCode"], self["logisticsNo"])


@dataclass(frozen=True)
class Field:
    element: str
    level: str
    type: str
    mandatory: bool
    code_list: str


@cache
def fields(message: str, edition: str) -> tuple[Field, ...]:
    """The elements of a message; mandatory as FMT02 means it (`*` may be absent, keys never, payNo always)."""
    with (SEEDS / "message_fields.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["message"], row["edition"]) == (message, edition)]
    return tuple(
        Field(
            element=row["element"],
            level=row["level"],
            type=row["type"],
            mandatory=(row["presence"] == "M" and row["may_be_empty"] != "true")
            or (row["key_part"] != "" and row["element"] != "payNo"),
            code_list=row["code_list"],
        )
        for row in rows
    )


def trimmed(values: dict[str, str | None]) -> dict[str, str]:
    return {element: text.strip(BLANK) for element, text in values.items() if text is not None and text.strip(BLANK)}


def received(day: date, source: Source, file: Delivered) -> Iterable[Record]:
    for position, raw in enumerate(file.records, start=1):
        yield Record(
            day,
            source,
            file.path,
            file.name,
            position,
            file.message or "",
            trimmed(raw.head),
            [trimmed(item) for item in raw.items],
        )
