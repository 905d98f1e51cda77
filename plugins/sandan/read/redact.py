"""A landing file without persons: the same records at the same positions, read the same but for who is in them.

What stays is what the field tables know and what names nobody. Everything else goes, since a sender may write of
persons in any note, comment, column of its own or signature; in the place of a value that goes stands `FORGOTTEN`.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from lxml import etree

from sandan.lists import EDITIONS, MESSAGES, fields, restricted
from sandan.read.convert import bare
from sandan.read.local import FORBIDDEN, decode, load_line
from sandan.read.outcome import Parsed, UnreadableError
from sandan.read.source import parse
from sandan.read.xml_careful import hardened_parser, local_name
from sandan.read.xml_document import looks_like_xml, open_document

if TYPE_CHECKING:
    from collections.abc import Collection

    from sandan.read.convert import Column
    from sandan.read.sources import Source

FORGOTTEN = "forgotten"


def redacted(data: bytes, source: Source) -> bytes:
    """The file without persons; nothing of a file that cannot be read, since nobody knows what is in it.

    Redacting twice gives the same bytes.

    Raises:
        UnreadableError: what is left would not be read as the same records.
    """
    (before,) = parse([data], source)
    if not isinstance(before, Parsed):
        return b""
    if looks_like_xml(data):
        left = _xml(data, source)
    else:
        left = {"csv": _csv, "jsonl": _json_lines}[source.format](decode(data, source.encoding), source)
    (after,) = parse([left], source)
    if not isinstance(after, Parsed) or (after.message, after.records) != (before.message, before.records):
        raise UnreadableError("without persons its records would not be told apart")
    return left


def _xml(data: bytes, source: Source) -> bytes:
    # as the readers take a national message that strayed into a local folder
    document = open_document(data, source.encoding if source.format == "ceb-xml" else "utf-8")
    root = etree.fromstring(document.data[document.start :], hardened_parser())
    message = MESSAGES.get(document.root.removesuffix("Message"))
    frame = {message.record, message.head, message.item} if message else set()
    known = [f for edition in EDITIONS for f in fields(message.code, edition)] if message else []
    gone = restricted(message) if message else frozenset()
    values = {f.element: f.column in gone for f in known}
    root.text = None
    root.attrib.clear()
    for element in list(root.iterdescendants()):
        name, parent = local_name(element), element.getparent()
        if parent is not None and name not in frame and name not in values:
            # one that holds records is what made them stand in a wrong place
            if not any(local_name(part) in frame for part in element.iterdescendants()):
                parent.remove(element)
                continue
            element.text = None
        element.attrib.clear()
        element.tail = None
        if name in frame:
            element.text = None
        elif name in values:
            text = (element.text or "") + "".join(part.tail or "" for part in element)
            del element[:]
            element.text = FORGOTTEN if values[name] and text.strip() else text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _csv(text: str, source: Source) -> bytes:
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [name.strip() for name in header]
    stays = _stays((*source.head, *source.item), source) | set(source.record_by)
    kept = {n for n, name in enumerate(names) if name in stays}
    out = io.StringIO()
    csv.writer(out).writerows(
        [header, *([cell if n in kept else _forgotten(cell) for n, cell in enumerate(row)] for row in rows)]
    )
    return out.getvalue().encode(source.encoding)


def _json_lines(text: str, source: Source) -> bytes:
    stays = _stays(source.head, source)
    paths = stays | {c.source for c in source.head if c.source}
    if source.items:
        stays |= {f"{source.items}.{path}" for path in _stays(source.item, source)}
        paths |= {source.items, *(f"{source.items}.{c.source}" for c in source.item)}
    steps = {path[:n] for path in paths for n, sign in enumerate(f"{path}.") if sign == "."}

    def left(value: object, path: str) -> object:
        if isinstance(value, dict):
            inside = {name: f"{path}.{name}".removeprefix(".") for name in value}
            return {name: left(value[name], at) for name, at in inside.items() if at in steps}
        if isinstance(value, list):
            return [left(part, path) for part in value]
        return value if path in stays or value is None else _forgotten(str(value))

    records = [load_line(line) for line in text.split("\n") if line.strip()]
    # sorted: so that redacting twice gives the same
    texts = (
        json.dumps(left(r, ""), ensure_ascii=False, sort_keys=True) if r is not None else FORGOTTEN for r in records
    )
    return "".join(f"{text}\n" for text in texts).encode(source.encoding)


def _stays(columns: Collection[Column], source: Source) -> set[str]:
    """The names that a sender gives to what stays; a name that is mapped to a person too does not."""
    goes = {c.source for c in columns if c.column in restricted(source.message)}
    return {c.source for c in columns if c.source and c.source not in goes}


def _forgotten(text: str) -> str:
    """What stands in the place of a text; the character that spoiled its record stays."""
    return FORGOTTEN + "".join(FORBIDDEN.findall(text)[:1]) if bare(text) else ""
