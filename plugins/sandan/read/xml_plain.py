"""The fast way through plain XML: xml2arrow does the work, cheap independent checks say whether to trust it.

xml2arrow 0.19 accepts text that is not well-formed (control characters, wrong names and attributes, text outside the
root, several roots, undeclared prefixes), and drops silently what stands where it does not look. So only *plain*
messages come here: `xml_proof` says what stands between root tag and last record; the tail (transfer block, signature)
is parsed by libxml2; and the tags counted in the bytes must equal the rows that came out. Everything else is for
`xml_careful`.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from lxml import etree
from xml2arrow import Xml2ArrowError, XmlToArrowParser

from sandan.lists import EDITIONS, MESSAGES, Message, fields
from sandan.read.outcome import Parsed, PlainRows
from sandan.read.xml_careful import hardened_parser, local_name
from sandan.read.xml_document import Document, with_line_feeds
from sandan.read.xml_proof import are_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray


RECORD_INDEX = "<record>"


def read_plain(document: Document, message: Message) -> Parsed | None:
    """The rows of a plain message, or None where it is not plain or its counts disagree."""
    (parsed,) = read_all_plain([(document, message)])
    return parsed


def read_all_plain(documents: Sequence[tuple[Document, Message]]) -> list[Parsed | None]:
    """`read_plain` of many documents, in their order."""
    candidates = [_candidate(document, message) for document, message in documents]
    _prove(candidates)
    again: dict[int, _Candidate | None] = {
        number: _candidate(with_line_feeds(candidate.document), candidate.message)
        for number, candidate in enumerate(candidates)
        if candidate and not candidate.plain and b"\r" in candidate.document.data
    }
    _prove(again.values())
    candidates = [again.get(number, candidate) for number, candidate in enumerate(candidates)]
    return [_rows(candidate) if candidate and candidate.plain else None for candidate in candidates]


@dataclass
class _Candidate:
    """A document whose records end at `end`; `plain`: they are proved to be."""

    document: Document
    message: Message
    end: int
    plain: bool = False

    @property
    def body(self) -> memoryview:
        return memoryview(self.document.data)[self.document.root_end : self.end]

    def tags(self, element: str | None) -> int:
        """How many start tags of an element the bytes hold."""
        return self.document.data.count(b"<" + self.document.prefix + element.encode() + b">") if element else 0


def _prove(candidates: Iterable[_Candidate | None]) -> None:
    by_prefix: dict[bytes, list[_Candidate]] = {}
    for candidate in candidates:
        if candidate:
            by_prefix.setdefault(candidate.document.prefix, []).append(candidate)
    for prefix, alike in by_prefix.items():
        for candidate, plain in zip(alike, are_plain([c.body for c in alike], prefix), strict=True):
            candidate.plain = plain


def _candidate(document: Document, message: Message) -> _Candidate | None:
    last = b"</" + document.prefix + message.record.encode() + b">"
    end = document.data.rfind(last) + len(last)
    if not document.plain_prolog or end < document.root_end:
        return None
    shell = document.data[document.root_start : document.root_end] + document.data[end:]
    return _Candidate(document, message, end) if _is_sound_shell(shell, message) else None


def _is_sound_shell(shell: bytes, message: Message) -> bool:
    """Whether the root without its records, signature and all, is well-formed and hides no record."""
    try:
        root = etree.fromstring(shell, hardened_parser())
    except etree.XMLSyntaxError:
        return False
    return all(local_name(child) != message.record for child in root)


def _rows(candidate: _Candidate) -> Parsed | None:
    message = candidate.message
    try:
        batches = parser(message.code).parse(candidate.document.data)
    except Xml2ArrowError:
        return None
    if batches["message"].num_rows != 1:  # a row a closed root
        return None
    records, items = candidate.tags(message.record), candidate.tags(message.item)
    rows = _checked(batches["row"], message, records, items)
    return Parsed(message.code, records, plain=rows) if rows else None


def _checked(batch: pa.RecordBatch, message: Message, records: int, items: int) -> PlainRows | None:
    """The rows, if they are as many as the tags announce: one head a record in order, and `items` items."""
    if batch.num_rows != records + items:
        return None
    is_head = _filled(batch, _columns(message.code, "head"), records)
    if is_head is None:
        return None
    if not message.item:  # every row is a head
        return PlainRows(batch)
    if not np.array_equal(batch.column(0).to_numpy()[is_head], np.arange(records)):
        return None
    if _filled(batch, _columns(message.code, "item"), items) is None:
        return None
    return PlainRows(batch, is_head)


def _filled(batch: pa.RecordBatch, columns: list[int], expected: int) -> NDArray[np.bool_] | None:
    """Which rows hold a value in one of the columns, if they are as many as expected."""
    filled = np.zeros(batch.num_rows, bool)
    for number in columns:  # the first, guid or gnum, is filled in nearly every row
        filled |= batch.column(number).is_valid().to_numpy(zero_copy_only=False)
        if np.count_nonzero(filled) == expected:
            return filled
    return None


@cache
def _columns(code: str, level: str) -> list[int]:
    names = parser(code).schema("row").names
    return [number for number, name in enumerate(names) if name.startswith(f"{level}.")]


@cache
def parser(code: str) -> XmlToArrowParser:
    """xml2arrow for one message: `row` has a row a head or item; of a message without items, a row a record."""
    message = MESSAGES[code]
    root = f"/{code}Message"
    record = f"{root}/{message.record}"

    def field(name: str, path: str) -> dict[str, Any]:
        return {"name": name, "xml_path": path, "data_type": "Utf8", "nullable": True}

    elements = {(f.level, f.element): f.column for edition in EDITIONS for f in fields(code, edition)}
    parents = {"head": f"{record}/{message.head}" if message.head else record, "item": f"{record}/{message.item}"}
    row: dict[str, Any] = {
        "name": "row",
        "xml_path": record if message.item else root,
        "levels": ["record", "child"] if message.item else ["record"],
        "fields": [
            field(f"{level}.{column}", f"{parents[level]}/{element}") for (level, element), column in elements.items()
        ],
    }
    tables: list[dict[str, Any]] = [
        {"name": "message", "xml_path": "/", "levels": [], "fields": [field("guid", f"{root}/@guid")]},
        row,
    ]
    if message.item:
        tables.insert(1, {"name": "record", "xml_path": root, "levels": ["record"], "fields": []})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{code}.yaml"
        file.write_text(json.dumps({"tables": tables}), encoding="utf-8")
        return XmlToArrowParser(file)
