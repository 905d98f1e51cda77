"""Who sends what: `sources/*.yml`, one file a source. A wrong one stops the run at once, with file, line and remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sandan.errors import ConfigurationError
from sandan.lists import EDITIONS, MESSAGES, OPTIONAL_KEY_PARTS, PAPERS, TABLES, Field, Message, fields
from sandan.read.convert import Column
from sandan.read.yaml_checks import encoding, identity, time_format, yaml_files
from sandan.read.yaml_nodes import Value, load

if TYPE_CHECKING:
    from pathlib import Path

_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_ROLES = (
    "platform", "enterprise", "payment", "logistics", "agent", "warehouse",
    "customs", "tax", "bank", "inspection", "zone",
)  # fmt: skip
_FLOWS = {"export": "E", "import": "I"}
_FORMATS = ("ceb-xml", "csv", "jsonl")
_REQUIRED = ("id", "name", "party", "list", "direction", "format", "files", "edition", "code_lists")
_OPTIONAL = ("encoding", "relax", "columns", "record_by", "items")
_NOT_FOR = {"ceb-xml": ("columns", "record_by", "items"), "csv": ("items",), "jsonl": ("record_by",)}
_HABITS = ("from", "const", "values", "time", "thousands", "scale")


@dataclass(frozen=True)
class Source:
    """One source file. `encoding` is a Python codec; `relaxed` are column names whose elements may be absent."""

    id: str
    message: Message
    format: str
    files: str
    encoding: str
    edition: str
    code_lists: str
    relaxed: tuple[str, ...]
    name_zh: str
    name_en: str
    party_code: str
    party_role: str
    record_by: tuple[str, ...] = ()
    items: str = ""
    head: tuple[Column, ...] = ()
    item: tuple[Column, ...] = ()


def load_sources(folder: Path) -> dict[str, Source]:
    """Every source by id, validated. Raises ConfigurationError at the first fault."""
    files = yaml_files(folder, "a source file")
    if not files:
        remedy = "add one YAML file a source, or set SANDAN_SOURCES to the folder that holds them"
        raise ConfigurationError(folder, 0, "there are no source files (*.yml)", remedy)
    sources: dict[str, Source] = {}
    for file in files:
        source = load_source(file)
        sources[source.id] = source
    return sources


def load_source(file: Path) -> Source:
    """One source file, validated. Raises ConfigurationError."""
    document = load(file, "the source file")
    given = document.mapping(_REQUIRED, _OPTIONAL)
    id_ = identity(given["id"])
    name = given["name"].mapping(("zh", "en"), ())
    party = given["party"].mapping(("code", "role"), ())
    format_ = given["format"].text(_FORMATS)
    for key in _NOT_FOR[format_]:
        if key in given:
            raise given[key].error(f"'{key}' has no meaning for {format_}", "remove it")
    message = _message(given)
    if message.code in PAPERS and format_ == "ceb-xml":
        raise given["format"].error(f"{message.list} is no national message", "write format: csv, or jsonl")
    edition = given["edition"].text(EDITIONS)
    relaxed = _relaxed(given["relax"], message, edition) if "relax" in given else ()
    local: dict[str, tuple[Column, ...]] = {}
    if format_ != "ceb-xml":
        local = _columns(document, given, message, edition, relaxed)
        _check_records(document, given, local, format_)
    return Source(
        id=id_,
        message=message,
        format=format_,
        files=given["files"].text(),
        encoding=_encoding(document, given, format_),
        edition=edition,
        code_lists=given["code_lists"].text(("customs", "iso")),
        relaxed=tuple(dict.fromkeys(f.column for f in fields(message.code, edition) if f.element in relaxed)),
        name_zh=name["zh"].text(),
        name_en=name["en"].text(),
        party_code=party["code"].text(),
        party_role=party["role"].text(_ROLES),
        record_by=tuple(v.text() for v in given["record_by"].items()) if "record_by" in given else (),
        items=given["items"].text() if "items" in given else "",
        **local,
    )


def _message(given: dict[str, Value]) -> Message:
    list_name, flow = given["list"].text(tuple(TABLES)), _FLOWS[given["direction"].text(tuple(_FLOWS))]
    for message in MESSAGES.values():
        if (message.list, message.flow) == (list_name, flow):
            return message
    direction = given["direction"]
    raise direction.error(f"there is no {direction.text()} message of the list {list_name}", "change list or direction")


def _encoding(document: Value, given: dict[str, Value], format_: str) -> str:
    if "encoding" not in given:
        if format_ == "ceb-xml":
            return "utf-8"
        raise document.error("the source file lacks 'encoding'", "add encoding: utf-8, or gb18030 …")
    if given["encoding"].text() == "declared" and format_ == "ceb-xml":
        return "utf-8"  # what XML means where neither byte-order mark nor declaration says otherwise
    return encoding(given["encoding"])


def _is_key(field: Field) -> bool:
    return bool(field.key_part) and field.element not in OPTIONAL_KEY_PARTS


def _relaxed(value: Value, message: Message, edition: str) -> tuple[str, ...]:
    known = fields(message.code, edition)
    for entry in value.items():
        same = [f for f in known if f.element == entry.text()]
        if not same:
            raise entry.error(f"{message.code} has no element '{entry.text()}'", "write the element's national name")
        if any(_is_key(f) for f in same):
            raise entry.error(f"'{entry.text()}' is part of the key and cannot be relaxed", "remove it from relax")
        if rules := next((f.used_by for f in same if f.used_by), ()):
            problem = f"'{entry.text()}' is what {', '.join(rules)} compares and cannot be relaxed"
            raise entry.error(problem, "remove it from relax")
    return tuple(entry.text() for entry in value.items())


def _columns(
    document: Value, given: dict[str, Value], message: Message, edition: str, relaxed: tuple[str, ...]
) -> dict[str, tuple[Column, ...]]:
    if "columns" not in given:
        raise document.error("the source file lacks 'columns'", "add columns: with head: (and item:)")
    known = fields(message.code, edition)
    levels = ("head", "item") if message.item else ("head",)
    sections = given["columns"].mapping(levels, ())
    found: dict[str, tuple[Column, ...]] = {}
    for level in levels:
        elements = {f.element: f for f in known if f.level == level}
        mapped = sections[level].mapping()
        for element, value in mapped.items():
            if element not in elements:
                raise value.error(f"{message.code} has no {level} element '{element}'", "write its national name")
        for f in elements.values():
            needed = _is_key(f) or (f.mandatory and not f.may_be_empty)
            if needed and f.element not in mapped and f.element not in relaxed:
                problem = f"{level} element '{f.element}' is mandatory in {message.code} but not mapped"
                raise sections[level].error(problem, "map it, give it a const, or name it under relax")
        found[level] = tuple(_column(elements[element], value) for element, value in mapped.items())
    return found


def _column(field: Field, value: Value) -> Column:
    if value.is_text():
        return Column(field.element, field.column, source=value.text())
    habits = value.mapping((), _HABITS)
    if ("from" in habits) == ("const" in habits):
        raise value.error(f"'{field.element}' needs either from or const", "write {from: column} or {const: value}")
    if "const" in habits:
        if len(habits) > 1:
            raise value.error(f"'{field.element}' has a const: nothing is left to convert", "remove the other keys")
        return Column(field.element, field.column, constant=habits["const"].text())
    scale = habits["scale"].text() if "scale" in habits else None
    if scale is not None and not _DECIMAL.fullmatch(scale):
        raise habits["scale"].error(f"'{scale}' is no decimal number", 'write scale: "0.001"')
    length = re.fullmatch(r"C(?:\.\.)?(8|14)", field.type)
    if "time" in habits and not length:
        raise habits["time"].error(f"'{field.element}' is no time but {field.type}", "remove time")
    return Column(
        field.element,
        field.column,
        source=habits["from"].text(),
        values={key: v.text() for key, v in habits["values"].mapping().items()} if "values" in habits else {},
        time=time_format(habits["time"]) if "time" in habits else None,
        time_length=int(length[1]) if length else 14,
        thousands=habits["thousands"].text() if "thousands" in habits else None,
        scale=Decimal(scale) if scale is not None else None,
    )


def _check_records(
    document: Value, given: dict[str, Value], local: dict[str, tuple[Column, ...]], format_: str
) -> None:
    """A record with items must say how they hang together."""
    key = "record_by" if format_ == "csv" else "items"
    if "item" in local and key not in given:
        remedy = {
            "csv": "name the columns that are equal in all rows of one record: record_by: [...]",
            "jsonl": "name the path of the array of items: items: order.lines",
        }[format_]
        raise document.error(f"the source file lacks '{key}'", remedy)
    if "item" not in local and key in given:
        raise given[key].error(f"'{key}' has no meaning for a list without items", "remove it")
