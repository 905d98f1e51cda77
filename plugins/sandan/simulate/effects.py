"""What one chunk of the story expects of one due day: files, records, changed records, declarations and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.simulate.record import Record
    from sandan.simulate.sheet import Sheet

_TYPES: dict[str, pa.DataType] = {
    "position": pa.int32(),
    "rule_ids": pa.list_(pa.string()),
    "failed_rules": pa.list_(pa.string()),
    "declared_date": pa.date32(),
    "step": pa.int32(),
    "year": pa.int32(),
    "in_time": pa.bool_(),
    "named": pa.bool_(),
} | dict.fromkeys(("gnum", "tariff", "consumption_tax", "vat", "returned_qty", "amount"), pa.int64())
#: what the monthly forms are made of: of an export line, its head and its goods
EXPORTED = {
    "statistics_flag": "statisticsFlag",
    "transport_mode": "trafMode",
    "owner_code": "ownerCode",
    "country_of_arrival": "country",
    "port_code": "portCode",
    "supervision_mode": "tradeMode",
    "customs_code": "customsCode",
}
EXPORTED_GOODS = {
    "hs_code": "gcode",
    "country": "country",
    "currency": "currency",
    "unit": "unit",
    "unit1": "unit1",
    "unit2": "unit2",
    "qty": "qty",
    "qty1": "qty1",
    "qty2": "qty2",
    "total_price": "totalPrice",
}
_COLUMNS = {
    "files": ("source_id", "path", "state"),
    "records": ("source_id", "path", "position", "state", "rule_ids", "named"),
    "changes": ("source_id", "path", "position", "state"),
    "declarations": ("ebc_code", "cop_no", "status", "failed_rules", "declared_date", "step"),
    "taxes": ("ebc_code", "cop_no", "gnum", "tariff", "consumption_tax", "vat", "step"),
    "returned": ("ebc_code", "cop_no", "gnum", "returned_qty", "in_time", "step"),
    "exported": ("ebc_code", "cop_no", "gnum", *EXPORTED, *EXPORTED_GOODS, "step"),
    "bought": ("buyer", "year", "amount"),
}
SCHEMAS = {
    table: pa.schema([pa.field(name, _TYPES.get(name, pa.string())) for name in columns])
    for table, columns in _COLUMNS.items()
}


class Effects:
    """Rows of the tables; `all_dues` finds the effects of the other due days."""

    def __init__(self, all_dues: dict[int, Effects]) -> None:
        """Start empty."""
        self._all = all_dues
        self._rows: dict[str, list[list[object]]] = {name: [[] for _ in schema] for name, schema in SCHEMAS.items()}

    def file(self, source_id: str, path: str, state: str) -> None:
        """A file and its state: read, repeated, quarantined."""
        self._add("files", source_id, path, state)

    def read(self, source_id: str, path: str, records: list[Record]) -> None:
        """A file that is read, and its records in order."""
        self.file(source_id, path, "read")
        count = len(records)
        columns = self._rows["records"]
        columns[0].extend([source_id] * count)
        columns[1].extend([path] * count)
        columns[2].extend(range(1, count + 1))
        columns[3].extend([record.state for record in records])
        columns[4].extend([record.rules for record in records])
        columns[5].extend([record.named for record in records])
        for position, record in enumerate(records, start=1):
            for due, state in record.changes:
                self._all[due].change(source_id, path, position, state)

    def change(self, source_id: str, path: str, position: int, state: str) -> None:
        """A record received earlier ends in another state from this due day on."""
        self._add("changes", source_id, path, position, state)

    def declaration(self, *row: object) -> None:
        """One row of `declarations`; of several for one key on one due day the one with the highest step counts."""
        self._add("declarations", *row)

    def tax(self, *row: object) -> None:
        """One row of `taxes`, in cents; the highest step counts for all lines of a declaration."""
        self._add("taxes", *row)

    def returned(self, *row: object) -> None:
        """One row of `returned`: what has come back of a line by now; the highest step counts."""
        self._add("returned", *row)

    def exported(self, ebc_code: str, cop_no: str, declaration: Sheet, step: int) -> None:
        """The lines of an export list, as declared; those of the highest step count."""
        head = [declaration.head[element] for element in EXPORTED.values()]
        for item in declaration.items:
            goods = [item[element] for element in EXPORTED_GOODS.values()]
            self._add("exported", ebc_code, cop_no, int(item["gnum"]), *head, *goods, step)

    def bought(self, buyer: str, year: int, amount: int) -> None:
        """One row of `bought`: what a buyer's total of a year grows by, in cents."""
        self._add("bought", buyer, year, amount)

    def write(self, folder: Path, name: str) -> None:
        """Write `folder`/`name`.<table>.parquet of all tables that have rows."""
        for table, columns in self._rows.items():
            if not columns[0]:
                continue
            folder.mkdir(parents=True, exist_ok=True)
            arrays = [pa.array(column, type=f.type) for column, f in zip(columns, SCHEMAS[table], strict=True)]
            pq.write_table(pa.Table.from_arrays(arrays, schema=SCHEMAS[table]), folder / f"{name}.{table}.parquet")

    def _add(self, table: str, *row: object) -> None:
        for column, value in zip(self._rows[table], row, strict=True):
            column.append(value)
