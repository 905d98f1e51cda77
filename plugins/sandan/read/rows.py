"""Rows gathered one by one, in Arrow chunks so that a long file costs no Python objects but the last chunk's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from sandan.read.outcome import HEAD_COLUMN_FAULT, Tables, head_columns, item_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandan.lists import Message

_CHUNK_ROWS = 20_000


class Rows:
    """Heads and items of one file, in the order they are added; positions and lines count from 1."""

    def __init__(self, message: Message) -> None:
        self.records = 0
        self._heads = _Chunks(("position",), head_columns(message))
        self._items = _Chunks(("position", "line"), item_columns(message)) if item_columns(message) else None
        self._lines: dict[int, int] = {}
        self._faults: dict[int, str] = {}

    def add_head(self, values: Mapping[str, str], fault: str | None = None) -> int:
        """Add a record and return its position."""
        self.records += 1
        self._heads.add((self.records,), values)
        self.add_fault(self.records, fault)
        return self.records

    def add_item(self, position: int, values: Mapping[str, str]) -> None:
        """Add the next item of a record."""
        line = self._lines[position] = self._lines.get(position, 0) + 1
        if self._items is not None:
            self._items.add((position, line), values)

    def add_fault(self, position: int, fault: str | None) -> None:
        """The first fault of a record stands for all."""
        if fault:
            self._faults.setdefault(position, fault)

    def tables(self) -> Tables:
        """Everything added."""
        faults = pa.array([self._faults.get(n) for n in range(1, self.records + 1)], pa.utf8())
        heads = self._heads.table().append_column(HEAD_COLUMN_FAULT, faults)
        return Tables(heads, self._items.table() if self._items else None)


class _Chunks:
    def __init__(self, numbers: tuple[str, ...], texts: tuple[str, ...]) -> None:
        self._schema = pa.schema([(n, pa.int32()) for n in numbers] + [(t, pa.utf8()) for t in texts])
        self._columns: list[list[int | str | None]] = [[] for _ in self._schema]
        self._texts = texts
        self._done: list[pa.RecordBatch] = []

    def add(self, numbers: tuple[int, ...], values: Mapping[str, str]) -> None:
        row = (*numbers, *(values.get(t) for t in self._texts))
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        if len(self._columns[0]) >= _CHUNK_ROWS:
            self._close()

    def _close(self) -> None:
        arrays = [pa.array(c, f.type) for c, f in zip(self._columns, self._schema, strict=True)]
        self._done.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._columns = [[] for _ in self._schema]

    def table(self) -> pa.Table:
        self._close()
        return pa.Table.from_batches(self._done, self._schema)
