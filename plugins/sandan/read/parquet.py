"""Rows of many files → one Parquet file a table, in row groups of a useful size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sandan.lists import TABLES, Message
from sandan.read.outcome import HEAD_COLUMN_FAULT, Parsed, PlainRows, head_columns, item_columns
from sandan.read.xml_plain import RECORD_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor
    from pathlib import Path

    from numpy.typing import NDArray

    _Plain = list[tuple[int, int, PlainRows]]  # file_no, records, rows
    _Column = pa.Array[Any] | pa.ChunkedArray[Any]

_ROW_GROUP = 16 * 1024  # small enough that the first are written while the last files are still being parsed
_BLANKS = " \t\r\n"
_SPACE = ord(" ")


def shape(files: Iterable[tuple[int, Parsed]], message: Message) -> dict[str, pa.Table]:
    """Raw table name → rows of some files of one message, each given as (file_no, what was read)."""
    heads, items = [], []
    plain: _Plain = []
    for file_no, parsed in files:
        if parsed.plain:
            plain.append((file_no, parsed.records, parsed.plain))
        elif parsed.tables:
            heads.append(_numbered(parsed.tables.heads, file_no))
            if parsed.tables.items is not None:
                items.append(_numbered(parsed.tables.items, file_no))
    if plain:
        rows = pa.Table.from_batches([p.batch for _, _, p in plain]).combine_chunks()
        masks = [p.is_head for _, _, p in plain if p.is_head is not None]
        is_head = np.concatenate(masks) if masks else None
        heads.append(_plain_heads(rows, is_head, plain, message))
        if is_head is not None:
            items.append(_plain_items(rows, ~is_head, plain, message))
    heads_name, items_name = TABLES[message.list]
    shaped = {heads_name: pa.concat_tables(heads)}
    if items_name:
        shaped[items_name] = pa.concat_tables(items)
    return shaped


def _numbered(table: pa.Table, file_no: int) -> pa.Table:
    return table.add_column(0, "file_no", pa.array(np.full(table.num_rows, file_no, np.int32)))


def _plain_heads(rows: pa.Table, is_head: NDArray[np.bool_] | None, plain: _Plain, message: Message) -> pa.Table:
    counts = [records for _, records, _ in plain]
    named: dict[str, _Column] = {
        "file_no": _int32(np.repeat([file_no for file_no, _, _ in plain], counts)),
        "position": _int32(_ranks(np.array(counts)) + 1),
    }
    named |= _texts(rows, "head", head_columns(message), is_head)
    return pa.table(named | {HEAD_COLUMN_FAULT: pa.nulls(sum(counts), pa.utf8())})


def _plain_items(rows: pa.Table, is_item: NDArray[np.bool_], plain: _Plain, message: Message) -> pa.Table:
    counts = [p.batch.num_rows - records for _, records, p in plain]
    file_no = np.repeat([file_no for file_no, _, _ in plain], counts)
    record = rows.column(RECORD_INDEX).to_numpy()[is_item]
    starts = np.flatnonzero((np.diff(file_no, prepend=-1) != 0) | (np.diff(record, prepend=record[:1]) != 0))
    named: dict[str, _Column] = {
        "file_no": _int32(file_no),
        "position": _int32(record + 1),
        "line": _int32(_ranks(np.diff(starts, append=len(record))) + 1),
    }
    return pa.table(named | _texts(rows, "item", item_columns(message), is_item))


def _ranks(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … within each run of the given lengths."""
    ends = np.cumsum(counts)
    ranks: NDArray[np.int64] = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return ranks


def _int32(numbers: NDArray[Any]) -> pa.Array[Any]:
    return pa.array(numbers.astype(np.int32))


def _texts(rows: pa.Table, level: str, wanted: tuple[str, ...], kept: NDArray[np.bool_] | None) -> dict[str, _Column]:
    """Every wanted column of the rows kept: trimmed, no text empty, null where the message has no such element."""
    there = {name: f"{level}.{name}" for name in wanted if rows.schema.get_field_index(f"{level}.{name}") >= 0}
    found = rows.select(list(there.values()))
    if kept is not None:
        found = found.filter(pa.array(kept))
    texts = {name: _trimmed(found.column(path)) for name, path in there.items()}
    return {name: texts[name] if name in texts else pa.nulls(found.num_rows, pa.utf8()) for name in wanted}


def _trimmed(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    if all(map(_is_trimmed, column.chunks)):
        return column
    column = pc.ascii_trim(column, _BLANKS)
    without_empty: pa.ChunkedArray[Any] = pc.if_else(pc.equal(column, pa.scalar("")), None, column)
    return without_empty


def _is_trimmed(texts: pa.Array[Any]) -> bool:
    """Whether no text is empty, begins or ends with a blank: a look at two bytes of each is cheaper than trimming."""
    _, offsets, data = texts.buffers()
    if not offsets or not data or not data.size:
        return texts.null_count == len(texts)
    ends = np.frombuffer(memoryview(offsets), np.int32)[texts.offset : texts.offset + len(texts) + 1]
    starts, ends = ends[:-1], ends[1:]
    filled = starts < ends
    if np.count_nonzero(filled) + texts.null_count != len(texts):
        return False
    characters = np.frombuffer(memoryview(data), np.uint8)
    return bool((characters[starts[filled]] > _SPACE).all() and (characters[ends[filled] - 1] > _SPACE).all())


class TableWriter:
    """Parquet files of one source, a writer a table, opened when its first rows come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.Table]] = {}

    def add(self, tables: dict[str, pa.Table]) -> None:
        """Take rows by raw table name; written once they fill a row group."""
        for name, table in tables.items():
            waiting = self._waiting.setdefault(name, [])
            waiting.append(table)
            if sum(t.num_rows for t in waiting) >= _ROW_GROUP:
                self._write(name)

    def close(self, pool: Executor) -> None:
        """Write what waits and finish the files, as many at once as the pool has threads."""
        list(pool.map(self._finish, self._waiting))

    def _finish(self, name: str) -> None:
        self._write(name)
        self._writers[name].close()

    def _write(self, name: str) -> None:
        if not self._waiting[name]:
            return
        table = pa.concat_tables(self._waiting[name])
        self._waiting[name] = []
        if name not in self._writers:
            file = self._folder / f"{name}.parquet"
            self._writers[name] = pq.ParquetWriter(file, table.schema, compression="lz4", write_statistics=False)
        self._writers[name].write_table(table, row_group_size=_ROW_GROUP)
