"""xml2arrow, set up from the field tables of the messages."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from xml2arrow import XmlToArrowParser

from sandan.lists import EDITIONS, MESSAGES, fields

RECORD_INDEX = "<record>"


@cache
def column_numbers(code: str, level: str) -> list[int]:
    """Where the columns of a level (head, item) stand in `row`."""
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
