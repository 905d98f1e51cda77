"""Read one national message."""

from __future__ import annotations

import re

from sandan.lists import MESSAGES, OTHER_MESSAGES
from sandan.read.outcome import Parsed, UnreadableError
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import open_document
from sandan.read.xml_plain import read_plain

_ROOT = re.compile(r"(CEB\d+)Message")


def read_message(data: bytes, default_encoding: str = "utf-8") -> Parsed:
    """The rows of a message, which its root names; no rows where no list takes that message.

    Raises UnreadableError: not well-formed, wrongly encoded, DOCTYPE or entities, unknown root.
    """
    document = open_document(data, default_encoding)
    match = _ROOT.fullmatch(document.root)
    code = match[1] if match else ""
    message = MESSAGES.get(code)
    parsed = read_plain(document, message) if message else None
    if parsed is None:
        parsed = read_carefully(document, message)
    if message is None and code not in OTHER_MESSAGES:
        raise UnreadableError("the root element is no message of the standard")
    return parsed
