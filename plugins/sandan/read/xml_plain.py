"""The fast way through plain XML: xml2arrow does the work, cheap independent checks say whether to trust it.

xml2arrow 0.19 accepts text that is not well-formed (control characters, wrong names and attributes, text outside the
root, several roots, undeclared prefixes), and drops silently what stands where it does not look. So only *plain*
messages come here: `xml_proof` says what stands between root tag and last record; the tail (transfer block, signature)
is parsed by libxml2; and the tags counted in the bytes must equal the rows that came out. Everything else is for
`xml_careful`.

Work goes in portions of a few megabytes, which stay near the processor: many small documents are one portion, a large
one is cut behind records.
"""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from lxml import etree
from xml2arrow import Xml2ArrowError

from sandan.read.limits import CHUNK_BYTES, PIECE_BYTES, THREADS
from sandan.read.outcome import Parsed, PlainRows, Share
from sandan.read.xml_careful import hardened_parser, local_name, names_read
from sandan.read.xml_document import Document
from sandan.read.xml_parser import column_numbers, parser
from sandan.read.xml_proof import are_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from sandan.lists import Message


def read_plain(document: Document, message: Message) -> Parsed | None:
    """The rows of a plain message, or None where it is not plain or its counts disagree."""
    (parsed,) = read_all_plain([(document, message)])
    return parsed


def read_all_plain(documents: Sequence[tuple[Document, Message]]) -> list[Parsed | None]:
    """`read_plain` of many documents, in their order: those that are alike are proved and parsed as one."""
    cut = [_pieces(document, message) for document, message in documents]
    _prove(chain.from_iterable(cut))
    with_returns = [piece for piece in chain.from_iterable(cut) if not piece.plain and b"\r" in piece.data]
    for piece in with_returns:
        piece.end_lines()
    _prove(with_returns)
    _each(_parse, _alike(chain.from_iterable(pieces for pieces in cut if _are_proved(pieces))))
    return [_parsed(pieces) for pieces in cut]


@dataclass
class _Piece:
    """Whole records of a document. `plain`: they are proved to be, `tidy`: besides, no text needs trimming."""

    document: Document
    message: Message
    data: bytes
    plain: bool = False
    tidy: bool = False
    rows: PlainRows | None = None

    def end_lines(self) -> None:
        """End lines as a parser passes them on (XML 1.0 section 2.11): the fast parser does not do it."""
        self.data = self.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def tags(self, element: str | None) -> int:
        """How many start tags of an element the bytes hold."""
        if not element:
            return 0
        return self.data.count(b"<" + self.document.prefix + element.encode() + b">")

    def unread(self) -> Counter[str]:
        """What nobody reads in the first and the last record: whoever changes a system changes every record.

        Counted in all records; where one has an element twice, more than have it, but no more than there are.
        """
        read = names_read(self.message)
        record = self.document.prefix + self.message.record.encode() + b">"
        ends = {self.data.find(b"</" + record), self.data.rfind(b"</" + record)}
        opened = re.compile(b"<" + self.document.prefix + rb"([A-Za-z_][A-Za-z0-9_.-]*)")
        names: set[str] = set()
        for end in ends:
            names.update(map(bytes.decode, opened.findall(self.data, self.data.rfind(b"<" + record, 0, end), end)))
        return Counter({name: min(self.records, self.tags(name) + self.tags(f"{name}/")) for name in names - read})

    @cached_property
    def records(self) -> int:
        return self.tags(self.message.record)


def _pieces(document: Document, message: Message) -> list[_Piece]:
    """The records cut into portions; none where what stands around them is not plain."""
    record_end = b"</" + document.prefix + message.record.encode() + b">"
    start, end = document.root_end, document.data.rfind(record_end) + len(record_end)
    if not document.plain_prolog or end < start or not _is_sound_shell(document, end, message):
        return []
    pieces = []
    while start < end:
        found = document.data.find(record_end, start + PIECE_BYTES, end)
        cut = end if found < 0 else found + len(record_end)
        pieces.append(_Piece(document, message, document.data[start:cut]))
        start = cut
    return pieces


def _is_sound_shell(document: Document, end: int, message: Message) -> bool:
    """Whether the root without its records, signature and all, is well-formed and hides no record."""
    shell = document.root_tag + document.data[end:]
    try:
        root = etree.fromstring(shell, hardened_parser())
    except etree.XMLSyntaxError:
        return False
    return all(local_name(child) != message.record for child in root)


def _alike(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Portions of one message and one prefix."""
    groups: dict[tuple[str, bytes, int], list[_Piece]] = {}
    sizes: dict[tuple[str, bytes], int] = {}
    for piece in pieces:
        kind = (piece.message.code, piece.document.prefix)
        groups.setdefault((*kind, sizes.get(kind, 0) // CHUNK_BYTES), []).append(piece)
        sizes[kind] = sizes.get(kind, 0) + len(piece.data)
    return list(groups.values())


def _each(work: Callable[[list[_Piece]], None], portions: list[list[_Piece]]) -> None:
    """A large message makes many portions, and is read alone: the processors are free for them."""
    if len(portions) > THREADS:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, portions))
    else:
        for portion in portions:
            work(portion)


def _prove(pieces: Iterable[_Piece]) -> None:
    _each(_prove_alike, _alike(pieces))


def _prove_alike(alike: list[_Piece]) -> None:
    """Most senders write tidy texts, and a text that is not mostly shows early: the second proof is for few."""
    prefix = alike[0].document.prefix
    for piece, proved in zip(alike, are_plain([p.data for p in alike], prefix, tidy=True), strict=True):
        piece.plain = piece.tidy = proved
    doubtful = [piece for piece in alike if not piece.plain]
    if doubtful:
        for piece, proved in zip(doubtful, are_plain([p.data for p in doubtful], prefix, tidy=False), strict=True):
            piece.plain = proved


def _are_proved(pieces: list[_Piece]) -> bool:
    return bool(pieces) and all(piece.plain for piece in pieces)


def _parse(alike: list[_Piece]) -> None:
    """Parse pieces as one, or where their sum does not come out, each alone."""
    rows = _rows(alike)
    for piece in alike:
        piece.rows = rows
    if not rows and len(alike) > 1:
        for piece in alike:
            _parse([piece])


def _rows(alike: list[_Piece]) -> PlainRows | None:
    document, message = alike[0].document, alike[0].message
    end_tag = b"</" + document.prefix + document.root.encode() + b">"
    as_one = b"".join([document.root_tag, *(piece.data for piece in alike), end_tag])
    try:
        batches = parser(message.code).parse(as_one)
    except Xml2ArrowError:
        return None
    if batches["message"].num_rows != 1:  # a row a closed root
        return None
    records = np.array([piece.records for piece in alike])
    items = sum(piece.tags(message.item) for piece in alike)
    return _checked(batches["row"], message, records, items, tidy=all(piece.tidy for piece in alike))


def _checked(
    batch: pa.RecordBatch, message: Message, records: NDArray[np.int64], items: int, *, tidy: bool
) -> PlainRows | None:
    """The rows, if they are as many as the tags announce: one head a record in order, and `items` items.

    An element counts at most as often as its tag stands there, so a sum that is right is right for each piece.
    """
    heads = int(records.sum())
    is_head = _filled(batch, column_numbers(message.code, "head"), heads)
    if batch.num_rows != heads + items or is_head is None:
        return None
    if not message.item:  # every row is a head
        return PlainRows(batch, records, tidy=tidy)
    in_order = np.array_equal(batch.column(0).to_numpy()[is_head], np.arange(heads))
    if not in_order or _filled(batch, column_numbers(message.code, "item"), items) is None:
        return None
    return PlainRows(batch, records, is_head, tidy=tidy)


def _filled(batch: pa.RecordBatch, columns: list[int], expected: int) -> NDArray[np.bool_] | None:
    """Which rows hold a value in one of the columns, if they are as many as expected."""
    filled = np.zeros(batch.num_rows, bool)
    for number in columns:  # the first, guid or gnum, is filled in nearly every row
        filled |= batch.column(number).is_valid().to_numpy(zero_copy_only=False)
        if np.count_nonzero(filled) == expected:
            return filled
    return None


def _parsed(pieces: list[_Piece]) -> Parsed | None:
    shares = tuple(Share(piece.rows, piece.records) for piece in pieces if piece.rows)
    if not pieces or len(shares) < len(pieces):
        return None
    unread = sum((piece.unread() for piece in pieces), Counter[str]())
    return Parsed(pieces[0].message.code, sum(share.records for share in shares), plain=shares, unread=unread)
