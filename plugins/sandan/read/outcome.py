"""What reading one file came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandan.lists import TABLES, Message, columns_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

HEAD_COLUMN_FAULT = "fault"


class UnreadableError(Exception):
    """A whole file, archive or member cannot be read: rule FMT01. The text is the reason, free of personal data."""


@dataclass(frozen=True)
class Tables:
    """Rows of one file, without `file_no`.

    `heads`: position, the columns of the list's heads, fault. `items`: position, line, the columns of its items.
    """

    heads: pa.Table
    items: pa.Table | None


@dataclass(frozen=True)
class Parsed:
    """A file that was read: `message` is its code; `plain` or `tables` hold the rows of a message that a list takes.

    `plain` has a share a portion that the file had a part in, in order. `unread`: names in its records that nothing
    reads, and in how many records.
    """

    message: str
    records: int = 0
    plain: tuple[Share, ...] = ()
    tables: Tables | None = None
    unread: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Share:
    """The next `records` of `rows`: files take theirs in order."""

    rows: PlainRows
    records: int


@dataclass(frozen=True, eq=False)
class PlainRows:
    """Rows of one portion just as the XML parser left them, checked but neither trimmed nor split into heads and items.

    `records` (of int, a value a share): how many. `is_head` (of bool, a value a row): none where every row is a head.
    `tidy`: no text begins or ends with a blank.
    """

    batch: pa.RecordBatch
    records: NDArray[np.int64]
    is_head: NDArray[np.bool_] | None = None
    tidy: bool = False


def head_columns(message: Message) -> tuple[str, ...]:
    """The columns of the heads of a message."""
    return columns_of(message, "head")


def item_columns(message: Message) -> tuple[str, ...]:
    """The columns of the items of a message, none where its records have no items."""
    return columns_of(message, "item") if TABLES.get(message.list, ("", message.item))[1] else ()
