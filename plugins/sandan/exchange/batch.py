"""Rows → messages of at most the record limit, each proved valid before anybody may have it."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.exchange.messages import NAMESPACE, OUTGOING, limit, prefix
from sandan.exchange.validator import faults
from sandan.lists import fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Values = tuple[str | None, ...]

#: of the guids that this project makes
GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, "sandan.exchange")

_TO_ESCAPE = re.compile("[&<>\r]")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
#: what no XML document can hold
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Batch:
    """Records of one message and edition for one receiver, in the order in which they are to be written.

    `heads`: a tuple a record, of the values of `columns(message, edition)`; None or empty is no value. The value of
    `guid` is a name, from which the guid is made. `items`: of messages with items, a sequence of tuples a record.
    `transfer`: the values of the block that an application ends with.
    """

    receiver: str
    message: str
    edition: str
    heads: Sequence[Values]
    items: Sequence[Sequence[Values]] = field(default=())
    transfer: Values = ()


def columns(message: str, edition: str, level: str = "head") -> tuple[str, ...]:
    """The columns of a level (head, item, transfer), in the order of the field table."""
    return tuple(f.column for f in fields(message, edition) if f.level == level)


def values(message: str, edition: str, row: Mapping[str, str | None], level: str = "head") -> Values:
    """The values of a level out of a row by column name; a column that the row lacks has no value."""
    return tuple(row.get(column) for column in columns(message, edition, level))


def documents(batch: Batch, first: int = 1) -> list[Document]:
    """The messages that a batch takes, numbered from `first`."""
    starts = range(0, len(batch.heads), limit(batch.message))
    return [Document(batch, start, f"{batch.message}-{number:05d}.xml") for number, start in enumerate(starts, first)]


@dataclass(frozen=True)
class Document:
    """One message of a batch: its records from `start` on, up to the limit. `name` is that of its file."""

    batch: Batch
    start: int
    name: str

    def written(self, period: str) -> bytes:
        """The bytes of the message for a period; the same batch gives the same bytes.

        Raises:
            SandanError: the message would not be valid; names it and says why.
        """
        batch = self.batch
        data = self._text(f"{period}/{batch.receiver}/{self.name}").encode()
        if wrong := faults(data, batch.message, batch.edition):
            raise SandanError(
                f"{self.name} to {batch.receiver} of {period} is no valid {batch.message} of {batch.edition}: "
                + wrong[0],
                "nothing was written; correct what makes its rows (the seed exchange_fields.csv has its elements)",
            )
        return data

    def _text(self, name: str) -> str:
        batch = self.batch
        message, mark = OUTGOING[batch.message], prefix(OUTGOING[batch.message])
        root = f"{mark}{batch.message}Message"
        head, item, transfer = (_shape(batch, level, mark) for level in ("head", "item", "transfer"))
        open_record, close_record = f"<{mark}{message.record}>", f"</{mark}{message.record}>\n"
        parts = [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f'<{root} guid="{_guid(name)}" version="1.0" xmlns{":" + mark[:-1] if mark else ""}="{NAMESPACE}">\n',
        ]
        guid = columns(batch.message, batch.edition).index("guid")
        for position in range(self.start, min(self.start + limit(batch.message), len(batch.heads))):
            row = list(batch.heads[position])
            row[guid] = _guid(f"{batch.message}/{row[guid]}")
            written = _written(head, row)
            if message.head:
                lines = [_wrapped(f"{mark}{message.item}", _written(item, line)) for line in batch.items[position]]
                written = _wrapped(f"{mark}{message.head}", written) + "".join(lines)
            parts += (open_record, written, close_record)
        if batch.transfer:
            parts.append(_wrapped(f"{mark}BaseTransfer", _written(transfer, batch.transfer)) + "\n")
        parts.append(f"</{root}>\n")
        text = "".join(parts)
        if _NO_CHARACTER.search(text):
            raise SandanError(f"{name} would hold a character that XML does not allow", "correct what makes its rows")
        return text


_Shape = list[tuple[str, str, str]]


def _shape(batch: Batch, level: str, mark: str) -> _Shape:
    """Start tag, end tag and what stands for no value, of each element."""
    shape = []
    for f in fields(batch.message, batch.edition):
        if f.level == level:
            start, end = f"<{mark}{f.element}>", f"</{mark}{f.element}>"
            shape.append((start, end, start + end if f.mandatory and f.may_be_empty else ""))
    return shape


def _written(shape: _Shape, row: Sequence[str | None]) -> str:
    if _TO_ESCAPE.search("".join([value for value in row if value])):
        row = [value and _escaped(value) for value in row]
    return "".join(
        [f"{start}{value}{end}" if value else absent for (start, end, absent), value in zip(shape, row, strict=True)]
    )


def _wrapped(element: str, content: str) -> str:
    return f"<{element}>{content}</{element}>"


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], text)


def _guid(name: str) -> str:
    """The UUID of version 5 of a name, in upper case as the standard wants it; `uuid.uuid5` takes thrice as long."""
    digest = bytearray(hashlib.sha1(GUIDS.bytes + name.encode()).digest()[:16])  # noqa: S324 - what version 5 is
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex().upper()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
