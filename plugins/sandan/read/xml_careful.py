"""The careful way through an XML message: libxml2, record by record. It judges where the fast way has doubts."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree

from sandan.lists import EDITIONS, Message, fields
from sandan.read.outcome import Parsed, UnreadableError
from sandan.read.rows import Rows
from sandan.read.xml_document import Document

#: blocks that may carry anything, look-alikes of records too
_FOREIGN = frozenset({"ExtendMessage", "Signature"})
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "collect_ids": False,
}


def hardened_parser() -> etree.XMLParser:
    """A parser that fetches nothing, expands nothing and keeps libxml2's own size limits."""
    return etree.XMLParser(**_SAFE)


@cache
def names_read(message: Message) -> frozenset[str]:
    """The elements of a message that are read, of any edition, and those that hold them; and what has no name."""
    elements = {f.element for edition in EDITIONS for f in fields(message.code, edition)}
    return frozenset(elements | {message.record, message.head or "", message.item or "", ""})


def local_name(element: etree._Element) -> str:
    """The name without namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_carefully(document: Document, message: Message | None) -> Parsed:
    """Read a whole document; with no `message`, only prove it well-formed.

    Each record is dropped from memory when it has been read.
    Raises UnreadableError where libxml2 refuses the document or records stand where the standard has none.
    """
    reading = _Reading(message) if message else None
    tag = f"{{*}}{message.record if message else '_'}"
    found = etree.iterparse(io.BytesIO(document.data[document.start :]), events=("end",), tag=tag, **_SAFE)
    try:
        for _, element in found:
            parent = element.getparent()
            if reading and parent is not None and parent.getparent() is None:
                reading.record(element)
                element.clear()
                while (before := element.getprevious()) is not None and local_name(before) == reading.message.record:
                    parent.remove(before)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(_why(error)) from error
    if found.root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("the file carries a DOCTYPE, which is refused because it can define entities")
    if not reading:
        return Parsed(document.root.removesuffix("Message"))
    reading.refuse_hidden_records(found.root)
    return Parsed(reading.message.code, reading.rows.records, tables=reading.rows.tables(), unread=reading.unread)


def _why(error: etree.XMLSyntaxError) -> str:
    """The parser's finding without its text, which may quote the content."""
    kinds = [entry.type_name for entry in error.error_log]  # type: ignore[attr-defined]  # its stubs lack it
    kind = kinds[-1].removeprefix("ERR_").replace("_", " ").lower() if kinds else "syntax error"
    return f"the file is not well-formed XML: {kind} at line {error.lineno}"


@dataclass
class _Reading:
    message: Message
    rows: Rows = field(init=False)
    unread: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rows = Rows(self.message)
        known = [f for edition in EDITIONS for f in fields(self.message.code, edition)]
        self._columns = {level: {f.element: f.column for f in known if f.level == level} for level in ("head", "item")}
        self._read = names_read(self.message)

    def record(self, record: etree._Element) -> None:
        heads = [e for e in record if local_name(e) == self.message.head] if self.message.head else [record]
        items = [e for e in record if local_name(e) == self.message.item] if self.message.item else []
        head = _values(heads[0], self._columns["head"]) if heads else {}
        position = self.rows.add_head(head, self._misplaced(record))
        for item in items:
            self.rows.add_item(position, _values(item, self._columns["item"]))
        self.unread.update({local_name(e) for e in record.iterdescendants()} - self._read)

    def refuse_hidden_records(self, root: etree._Element) -> None:
        """What a file announces and what was read must agree: no record outside the root's own children."""
        for child in root:
            name = local_name(child)
            if name not in _FOREIGN | {self.message.record} and any(
                local_name(e) == self.message.record for e in child.iterdescendants()
            ):
                raise UnreadableError(f"{self.message.record} stands where the standard has no record")

    def _misplaced(self, record: etree._Element) -> str | None:
        """Records or items deeper than they belong: their content is not read, so the record must not pass."""
        everywhere = Counter(local_name(e) for e in record.iterdescendants())
        in_place = sum(local_name(e) == self.message.item for e in record)
        if everywhere[self.message.record]:
            return f"{self.message.record} stands in the wrong place inside a record"
        if self.message.item and everywhere[self.message.item] > in_place:
            return f"{self.message.item} stands in the wrong place inside a record"
        return None


def _values(parent: etree._Element, known: dict[str, str]) -> dict[str, str]:
    """Column → own text of the first child that has any, in the order written."""
    values: dict[str, str] = {}
    for child in parent:
        column = known.get(local_name(child))
        if column and not values.get(column):
            text = (child.text or "") + "".join(part.tail or "" for part in child)
            if text := text.strip(" \t\r\n"):
                values[column] = text
    return values
