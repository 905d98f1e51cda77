"""Rows of many files → tables of one shape per list, and Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sandan.lists import TABLES, Message
from sandan.read.outcome import HEAD_COLUMN_FAULT, Parsed, PlainRows, head_columns, item_columns
from sandan.read.xml_parser import RECORD_INDEX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    _Numbers = NDArray[np.integer[Any]]
    _Mask = NDArray[np.bool_]

_ROW_GROUP = 64 * 1024  # enough for DuckDB to read a part with several threads
_BLANKS = " \t\r\n"


def shape(files: Iterable[tuple[int, Parsed]], message: Message) -> dict[str, pa.Table]:
    """Raw table name → rows of some files of one message, each given as (file_no, what was read)."""
    heads, items = [], []
    plain: dict[PlainRows, list[tuple[int, int]]] = {}
    for file_no, parsed in files:
        before = 0
        for share in parsed.plain:
            plain.setdefault(share.rows, []).append((file_no, before))
            before += share.records
        if parsed.tables:
            heads.append(_numbered(parsed.tables.heads, file_no))
            if parsed.tables.items is not None:
                items.append(_numbered(parsed.tables.items, file_no))
    for rows, shares in plain.items():
        texts = _cleaned(rows)
        file_no, before_share = np.repeat(np.array(shares), rows.records, axis=0).T
        position = before_share + _ranks(rows.records) + 1
        heads.append(_heads(texts, rows.is_head, message, file_no, position))
        if rows.is_head is not None:
            items.append(_items(texts, ~rows.is_head, message, file_no, position))
    heads_name, items_name = TABLES[message.list]
    shaped = {heads_name: pa.concat_tables(heads)}
    if items_name:
        shaped[items_name] = pa.concat_tables(items)
    return shaped


def _numbered(table: pa.Table, file_no: int) -> pa.Table:
    return table.add_column(0, "file_no", pa.array(np.full(table.num_rows, file_no, np.int32)))


def _cleaned(rows: PlainRows) -> pa.RecordBatch:
    """Every text trimmed, null in place of empty."""
    columns = [_text(column, tidy=rows.tidy) for column in rows.batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=rows.batch.schema)


def _text(column: pa.Array[Any], *, tidy: bool) -> pa.Array[Any]:
    if not pa.types.is_string(column.type):
        return column
    if not tidy:
        column = pc.ascii_trim(column, _BLANKS)
    if _has_empty(column):
        column = pc.if_else(pc.equal(column, pa.scalar("")), None, column)
    return column


def _has_empty(texts: pa.Array[Any]) -> bool:
    """By the offsets alone: there are many columns, and empty texts in few."""
    starts_and_ends = np.frombuffer(memoryview(texts.buffers()[1] or b""), np.int32)[texts.offset :][: len(texts) + 1]
    filled = np.count_nonzero(starts_and_ends[1:] > starts_and_ends[:-1])
    return bool(filled + texts.null_count < len(texts))


def _heads(
    rows: pa.RecordBatch, is_head: _Mask | None, message: Message, file_no: _Numbers, position: _Numbers
) -> pa.Table:
    """`file_no`, `position`: a value a record."""
    named = {"file_no": _int32(file_no), "position": _int32(position)}
    named |= _texts(rows, "head", head_columns(message), is_head)
    return pa.table(named | {HEAD_COLUMN_FAULT: pa.nulls(len(file_no), pa.utf8())})


def _items(rows: pa.RecordBatch, is_item: _Mask, message: Message, file_no: _Numbers, position: _Numbers) -> pa.Table:
    record = rows.column(RECORD_INDEX).to_numpy()[is_item]
    starts = np.flatnonzero(np.diff(record, prepend=-1))
    line = _ranks(np.diff(starts, append=len(record))) + 1
    named = {"file_no": _int32(file_no[record]), "position": _int32(position[record]), "line": _int32(line)}
    return pa.table(named | _texts(rows, "item", item_columns(message), is_item))


def _ranks(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … within each run of the given lengths."""
    ends = np.cumsum(counts)
    ranks: NDArray[np.int64] = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return ranks


def _int32(numbers: NDArray[Any]) -> pa.Array[Any]:
    return pa.array(numbers.astype(np.int32))


def _texts(rows: pa.RecordBatch, level: str, wanted: tuple[str, ...], kept: _Mask | None) -> dict[str, pa.Array[Any]]:
    """Every wanted column of the rows kept, null where the message has no such element."""
    there = {name: f"{level}.{name}" for name in wanted if rows.schema.get_field_index(f"{level}.{name}") >= 0}
    found = rows.select(list(there.values()))
    if kept is not None:
        found = found.filter(pa.array(kept))
    texts = dict(zip(there, found.columns, strict=True))
    return {name: texts[name] if name in texts else pa.nulls(found.num_rows, pa.utf8()) for name in wanted}


def only(tables: dict[str, pa.Table], wanted: Mapping[int, Collection[int]]) -> dict[str, pa.Table]:
    """The tables without the records of a file in `wanted` (file_no → positions) whose position is not there."""
    if not wanted:
        return tables
    kept = {}
    for name, table in tables.items():
        places: Iterable[tuple[Any, Any]] = zip(
            table["file_no"].to_pylist(), table["position"].to_pylist(), strict=True
        )
        kept[name] = table.filter(pa.array([n not in wanted or at in wanted[n] for n, at in places], pa.bool_()))
    return kept


def write(tables: dict[str, pa.Table], folder: Path, part: str) -> None:
    """Write each table as `<table>-<part>.parquet`."""
    for name, table in tables.items():
        pq.write_table(
            table,
            folder / f"{name}-{part}.parquet",
            row_group_size=_ROW_GROUP,
            compression="none",
            use_dictionary=False,  # most columns are keys, amounts and times
            write_statistics=False,
        )
