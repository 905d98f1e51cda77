"""What a source's files look like on a day, beside what they say: a change of it is told before it hurts.

Counted are the elements that hold something, those that nobody reads, and codes that no code list has.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from sandan.lists import TABLES, Field, Message, fields
from sandan.lists.codes import could_be_of, known_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandan.read.outcome import Parsed
    from sandan.read.sources import Source

SCHEMA = pa.schema(
    [(name, pa.utf8()) for name in ("list", "name", "kind")] + [(name, pa.int64()) for name in ("filled", "total")]
)
#: names of one source and list that nobody reads; more are no names but data
MOST_NAMES = 100
#: a name in fewer records, or in a smaller share of them, may be somebody's
MANY = 3
LEAST_SHARE = 0.01
IN_FEW = "(names in few records)"
_LONGEST = 60
_NUMBER = re.compile(r"\d{4,}")


@dataclass
class Shapes:
    """Counts over the files of one source, added by several threads."""

    source: Source
    _filled: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def add(self, message: Message, files: Iterable[Parsed], tables: dict[str, pa.Table]) -> None:
        """Count files of one message: what was read of them, and what was not."""
        filled: Counter[tuple[str, str, str]] = Counter()
        rows: Counter[tuple[str, str]] = Counter()
        for level, name in zip(("head", "item"), TABLES[message.list], strict=True):
            if name:
                rows[message.list, level] += tables[name].num_rows
                for element in fields(message.code, self.source.edition):
                    if element.level == level:
                        filled += self._of(message.list, element, tables[name].column(element.column))
        for parsed in files:
            for name, count in parsed.unread.items():
                filled[message.list, _plain_name(name), "unread"] += count
        with self._lock:
            self._filled += filled
            self._rows += rows

    def _of(self, list_name: str, element: Field, column: pa.ChunkedArray[Any]) -> Counter[tuple[str, str, str]]:
        name = element.element if element.level == "head" else f"item.{element.element}"
        filled = Counter({(list_name, name, "element"): len(column) - column.null_count})
        if element.code_list:
            known = known_codes(element.code_list, self.source.code_lists)
            codes, counts = pc.value_counts(column).flatten()
            for code, count in zip(codes.to_pylist(), counts.to_pylist(), strict=True):
                if code is not None and count and code not in known:
                    filled[list_name, f"{name} = {_plain_code(code, element.code_list)}", "code"] += count
        return filled

    def table(self) -> pa.Table:
        """One row a name, of the rows (`total`) that could have it."""
        rows = []
        names: Counter[str] = Counter()
        for (list_name, name, kind), filled in sorted(self._named().items()):
            names[list_name] += kind == "unread"
            if filled and (kind != "unread" or names[list_name] <= MOST_NAMES):
                level = "item" if kind != "unread" and name.startswith("item.") else "head"
                rows.append((list_name, name, kind, filled, self._rows[list_name, level]))
        return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], SCHEMA)

    def _named(self) -> Counter[tuple[str, str, str]]:
        """The counts, those of unread names in few records as one, of no more records than there are."""
        named: Counter[tuple[str, str, str]] = Counter()
        for (list_name, name, kind), filled in self._filled.items():
            records = self._rows[list_name, "head"]
            if kind == "unread" and filled < max(MANY, LEAST_SHARE * records):
                few = (list_name, IN_FEW, kind)
                named[few] = min(named[few] + filled, records)
            else:
                named[list_name, name, kind] = filled
        return named


def _plain_name(name: str) -> str:
    """A name as sent, without numbers that may be somebody's: whoever uses data as names sends them here."""
    return _NUMBER.sub("…", name)[:_LONGEST]


def _plain_code(code: str, code_list: str) -> str:
    """A code as sent where the list could have it: a telephone, an ID number or a name is none."""
    return code if could_be_of(code_list, code) else f"a text of {len(code)} characters"
