"""Local interfaces: a sender's CSV or JSON Lines, mapped to a national message by its source file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from sandan.read.convert import bare
from sandan.read.outcome import Parsed, UnreadableError
from sandan.read.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sandan.read.convert import Column
    from sandan.read.sources import Source

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_BYTE_ORDER_MARK = "\ufeff"

csv.field_size_limit(1 << 24)  # the default of 128 KiB would spoil a whole file for one long cell


def read_csv(data: bytes, source: Source) -> Parsed:
    """Rows with a header line. Without `record_by` a row is a record; with it, rows of equal values there are one.

    A record's position is the order of its first row, its head comes from that row. A row with too few or too
    many fields or a control character gives its record a fault; rows of empty cells, as spreadsheets leave them,
    do not count.
    Raises UnreadableError: undecodable, quotes that do not close, no header, a mapped column missing.
    """
    reader = csv.reader(io.StringIO(decode(data, source.encoding), newline=""), strict=True)
    rows = Rows(source.message)
    positions = _Positions(rows)
    try:
        header = [name.strip() for name in next(reader, [])]
        at = {name: n for n, name in reversed(list(enumerate(header)))}
        wanted = [*(c.source for c in (*source.head, *source.item) if c.source), *source.record_by]
        if missing := [name for name in dict.fromkeys(wanted) if name not in at]:
            raise UnreadableError(f"the header lacks the column {missing[0]}, which the source file maps")
        for cells in reader:
            if not any(map(bare, cells)):
                continue
            row = {name: cells[n] for name, n in at.items() if n < len(cells)}
            key = tuple(row.get(name, "").strip() for name in source.record_by)
            position = positions.of(key, row, source.head)
            if source.item:
                rows.add_item(position, _convert(row, source.item))
            if len(cells) != len(header):
                rows.add_fault(position, f"a row has {len(cells)} fields, the header has {len(header)}")
            rows.add_fault(position, _spoiled(cells))
    except csv.Error as error:
        raise UnreadableError(f"the quotes of the CSV do not close at line {reader.line_num}") from error
    unread = Counter({name: rows.records for name in header if name and name not in wanted})
    return Parsed(source.message.code, rows.records, tables=rows.tables(), unread=unread)


class _Positions:
    """Record key → position. Rows whose key is all blank are each a record."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._known: dict[tuple[str, ...], int] = {}

    def of(self, key: tuple[str, ...], row: dict[str, str], head: tuple[Column, ...]) -> int:
        position = self._known.get(key)
        if position is None:
            position = self._rows.add_head(_convert(row, head))
            if any(key):
                self._known[key] = position
        return position


def read_json_lines(data: bytes, source: Source) -> Parsed:
    """One object a line; a line that is none becomes a record with a fault, and blank lines do not count.

    Raises UnreadableError: undecodable.
    """
    rows = Rows(source.message)
    unread: Counter[str] = Counter()
    head = [c.source for c in source.head if c.source]
    read = _Read(
        {*head, *([source.items] if source.items else []), *(f"{source.items}.{c.source}" for c in source.item)}
    )
    for line in decode(data, source.encoding).split("\n"):
        if not line.strip():
            continue
        record = load_line(line)
        if record is None:
            rows.add_head({}, "the line is not a JSON object")
            continue
        names = set(read.others(record))
        texts = _texts(record, source.head)
        position = rows.add_head(_convert(texts, source.head), _spoiled(texts.values()))
        items = _at(record, source.items) if source.items else []
        for item in items if isinstance(items, list) else [items]:
            if isinstance(item, dict):
                names.update(read.others(item, f"{source.items}."))
                texts = _texts(item, source.item)
                rows.add_item(position, _convert(texts, source.item))
                rows.add_fault(position, _spoiled(texts.values()))
            elif item is not None:
                rows.add_fault(position, "an item is not a JSON object")
        unread.update(names)
    return Parsed(source.message.code, rows.records, tables=rows.tables(), unread=unread)


class _Read:
    """The paths of a record that are read."""

    def __init__(self, paths: set[str]) -> None:
        self._paths = paths
        self._above = {path[:dot] for path in paths for dot, mark in enumerate(path) if mark == "."}

    def others(self, record: dict[str, Any], before: str = "") -> Iterator[str]:
        """What nobody reads below `record`. An object of which nothing is read is one: its names may be data."""
        for name, value in record.items():
            path = before + name
            if path in self._paths:
                continue
            if isinstance(value, dict) and path in self._above:
                yield from self.others(value, f"{path}.")
            else:
                yield path


def load_line(line: str) -> dict[str, Any] | None:
    """The object of a line, its numbers as the texts they were written with; None where the line is no object."""
    try:
        record = json.loads(line, parse_int=str, parse_float=str, parse_constant=_refuse, object_pairs_hook=_first)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def decode(data: bytes, encoding: str) -> str:
    """The text of a file, without a byte-order mark. Raises UnreadableError: undecodable, empty."""
    try:
        text = data.decode(encoding).removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the bytes contradict the encoding {encoding} at offset {error.start}") from error
    if not text.strip():
        raise UnreadableError("the file is empty")
    return text


def _spoiled(texts: Iterable[str]) -> str | None:
    return "a value holds a control character" if any(map(FORBIDDEN.search, texts)) else None


def _convert(row: dict[str, str], columns: Iterable[Column]) -> dict[str, str]:
    """Column → text, without the empty ones; what UTF-8 cannot hold is left out (its record has a fault)."""
    values = {}
    for c in columns:
        text = c.constant if c.constant is not None else c.convert(row.get(c.source or "", ""))
        if text and not FORBIDDEN.search(text):
            values[c.column] = text
    return values


def _texts(record: dict[str, Any], columns: Iterable[Column]) -> dict[str, str]:
    return {c.source: _text(_at(record, c.source)) for c in columns if c.source}


def _at(record: object, path: str) -> object:
    for step in path.split("."):
        record = record.get(step) if isinstance(record, dict) else None
    return record


def _text(value: object) -> str:
    """Numbers keep the digits they were written with (they were parsed as text); null is empty."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name written twice the first counts, as with elements."""
    return dict(reversed(pairs))


def _refuse(constant: str) -> None:
    raise ValueError(constant)
