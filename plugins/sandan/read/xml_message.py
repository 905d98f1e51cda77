"""Read national messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandan.lists import MESSAGES, OTHER_MESSAGES, Message
from sandan.read.outcome import Parsed, UnreadableError
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import Document, open_document, refuse_other_than_utf8
from sandan.read.xml_plain import read_all_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOT = re.compile(r"(CEB\d+)Message")


def read_messages(contents: Sequence[bytes], default_encoding: str = "utf-8") -> list[Parsed | UnreadableError]:
    """The rows of each message, which its root names; no rows where no list takes that message.

    In place of rows, the reason: not well-formed, wrongly encoded, DOCTYPE or entities, unknown root.
    """
    opened = [_open(data, default_encoding) for data in contents]
    listed = [(found[0], found[1]) for found in opened if isinstance(found, tuple) and found[1]]
    plain = iter(read_all_plain(listed))
    return [found if isinstance(found, UnreadableError) else _read(*found, plain) for found in opened]


def _open(data: bytes, default_encoding: str) -> tuple[Document, Message | None] | UnreadableError:
    try:
        document = open_document(data, default_encoding)
    except UnreadableError as error:
        return error
    return document, MESSAGES.get(_code(document))


def _code(document: Document) -> str:
    match = _ROOT.fullmatch(document.root)
    return match[1] if match else ""


def _read(document: Document, message: Message | None, plain: Iterator[Parsed | None]) -> Parsed | UnreadableError:
    parsed = next(plain) if message else None
    if parsed:
        return parsed
    try:
        if document.unproven:
            refuse_other_than_utf8(document.data)
        parsed = read_carefully(document, message)
    except UnreadableError as error:
        return error
    if message is None and _code(document) not in OTHER_MESSAGES:
        return UnreadableError("the root element is no message of the standard")
    return parsed
