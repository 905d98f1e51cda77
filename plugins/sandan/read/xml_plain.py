"""The fast way through plain XML: xml2arrow does the work, cheap independent checks say whether to trust it.

xml2arrow 0.19 accepts text that is not well-formed (control characters, wrong names and attributes, text outside the
root, several roots, undeclared prefixes), and drops silently what stands where it does not look. So only *plain*
messages come here: between root tag and last record nothing but elements of one prefix without attributes, text and the
usual references, which one regular expression proves; the tail (transfer block, signature) is parsed by libxml2; and
the tags counted in the bytes must equal the rows that came out. Everything else is for `xml_careful`.
"""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree
from xml2arrow import Xml2ArrowError, XmlToArrowParser

from sandan.lists import EDITIONS, MESSAGES, Message, fields
from sandan.read.outcome import Parsed, PlainRows
from sandan.read.xml_careful import hardened_parser, local_name
from sandan.read.xml_document import Document, as_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

RECORD_INDEX = "<record>"


def read_plain(document: Document, message: Message) -> Parsed | None:
    """The rows of a plain message, or None where it is not plain or its counts disagree."""
    data = document.data
    record = document.prefix + message.record.encode()
    end = data.rfind(b"</" + record + b">") + len(record) + 3
    if end < document.root_end or not _is_plain(document, end, message):
        return None
    try:
        batches = parser(message.code).parse(data)
    except Xml2ArrowError:
        return None
    records = data.count(b"<" + record + b">")
    items = data.count(b"<" + document.prefix + message.item.encode() + b">") if message.item else 0
    one_root = batches["message"].num_rows == 1  # a row a closed root
    rows = _checked(batches["row"], message, records, items) if one_root else None
    return Parsed(message.code, records, plain=rows) if rows else None


def _checked(batch: pa.RecordBatch, message: Message, records: int, items: int) -> PlainRows | None:
    """The rows, if they are as many as the tags announce: one head a record in order, and `items` items."""
    if batch.num_rows != records + items:
        return None
    is_head = _filled(batch, _columns(message.code, "head"), records)
    if is_head is None:
        return None
    if message.head and not np.array_equal(batch.column(0).to_numpy()[is_head], np.arange(records)):
        return None
    if items:
        gnum, *others = _columns(message.code, "item")
        if batch.column(gnum).null_count + items != batch.num_rows and _filled(batch, [gnum, *others], items) is None:
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


def _is_plain(document: Document, end: int, message: Message) -> bool:
    """Whether the records, which end at `end`, are nothing but plain elements, and the rest of the root is in order."""
    if not document.plain_prolog:
        return False
    body = memoryview(document.data)[document.root_end : end]
    if len(body) < _WORTH_COMPILING:
        plain = _plain_for_python(document.prefix).fullmatch(body) is not None
    else:
        plain = bool(pc.match_substring_regex(as_array(body, pa.binary()), _plain_for_re2(document.prefix))[0].as_py())
    return plain and _is_sound_shell(
        document.data[document.root_start : document.root_end] + document.data[end:], message
    )


#: RE2 reads 500 MB/s but compiles for 150 µs a call; Python's own engine is ten times slower and compiles once.
_WORTH_COMPILING = 12_000
_TEXT = r"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f\xef]"
_TEXT_WITH_EF = r"\xef(?:[^\xbf]|\xbf[^\xbe\xbf])"  # all of U+F000 to U+FFFF but FFFE and FFFF, no characters of XML
_REFERENCE = r"&(?:amp|lt|gt|quot|apos|#[1-4][0-9]{4}|#x[1-9A-Ca-c][0-9A-Fa-f]{3});"


def _tag(prefix: bytes) -> str:
    name = prefix.decode() + "[A-Za-z_][A-Za-z0-9_.-]*"
    return rf"<(?:/{name}|{name}/?)>"


@cache
def _plain_for_re2(prefix: bytes) -> str:
    return rf"\A(?:{_TEXT}|{_TEXT_WITH_EF}|{_tag(prefix)}|{_REFERENCE})*\z"


@cache
def _plain_for_python(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rf"(?:{_TEXT}++|{_TEXT_WITH_EF}|{_tag(prefix)}|{_REFERENCE})*+".encode())


def _is_sound_shell(shell: bytes, message: Message) -> bool:
    """Whether the root without its records, signature and all, is well-formed and hides no record."""
    try:
        root = etree.fromstring(shell, hardened_parser())
    except etree.XMLSyntaxError:
        return False
    return all(local_name(child) != message.record for child in root)


@cache
def parser(code: str) -> XmlToArrowParser:
    """xml2arrow for one message: `row` has a row a head or item (without a head element: a record)."""
    message = MESSAGES[code]
    root = f"/{code}Message"
    record = f"{root}/{message.record}"

    def field(name: str, path: str) -> dict[str, Any]:
        return {"name": name, "xml_path": path, "data_type": "Utf8", "nullable": True}

    elements = {(f.level, f.element): f.column for edition in EDITIONS for f in fields(code, edition)}
    parents = {"head": f"{record}/{message.head}" if message.head else record, "item": f"{record}/{message.item}"}
    row: dict[str, Any] = {
        "name": "row",
        "xml_path": record if message.head else root,
        "levels": ["record", "child"] if message.head else ["record"],
        "fields": [
            field(f"{level}.{column}", f"{parents[level]}/{element}") for (level, element), column in elements.items()
        ],
    }
    tables: list[dict[str, Any]] = [
        {"name": "message", "xml_path": "/", "levels": [], "fields": [field("guid", f"{root}/@guid")]},
        row,
    ]
    if message.head:
        tables.insert(1, {"name": "record", "xml_path": root, "levels": ["record"], "fields": []})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{code}.yaml"
        file.write_text(json.dumps({"tables": tables}), encoding="utf-8")
        return XmlToArrowParser(file)
