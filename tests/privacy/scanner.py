"""Everything that a home holds outside its restricted rooms, as text, and who of some persons stands in it."""

from __future__ import annotations

import contextlib
import gzip
import html
import io
import re
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import duckdb

from sandan import warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sandan.home import Home
    from sandan.simulate.people import Person

#: what senders sent, what was read of it, who was made up, and the operator's own files
RESTRICTED = {"landing", "read", "archive", "simulation", "reference", "keys"}
#: schemas of the warehouse that may hold persons
RESTRICTED_SCHEMAS = ("raw", "staging")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
NUMBER = re.compile(r"(?<!\d)(?:\d{11}|\d{17}[\dX])(?![\dX])")
HAN = re.compile(r"[\u4e00-\u9fff]+")
ADDRESS = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff0-9]{11,}")
SURELY_A_NAME = 3  # characters; two of them are also part of words (许可, 高明), and count where they stand alone


def shown(text: str, persons: Iterable[Person]) -> set[str]:
    """Names, identity numbers, telephones and addresses of `persons` that stand in `text`."""
    runs = set(HAN.findall(text))
    candidates = {*NUMBER.findall(text), *runs}
    candidates |= {run[n : n + SURELY_A_NAME] for run in runs for n in range(len(run))}
    candidates |= {run[n:] for run in set(ADDRESS.findall(text)) for n in range(len(run))}
    known = {value for p in persons for value in (p.name, p.id_number, p.telephone, p.address)}
    return candidates & known


def everything(home: Home) -> Iterator[tuple[str, str]]:
    """Place and text of all that stands outside the restricted rooms, whatever wrote it."""
    for file in sorted(home.root.rglob("*")):
        place = file.relative_to(home.root)
        if file.is_file() and place.parts[0] not in RESTRICTED and file != home.warehouse:
            yield from of_file(file, str(place))
    yield from of_warehouse(home)


def of_file(file: Path, place: str) -> Iterator[tuple[str, str]]:
    """A file as text; of a database or table its rows too, and of an archive its members."""
    if file.suffix == ".parquet":
        with duckdb.connect() as connection:
            yield from _rows(connection, f"read_parquet('{file}')", place)
        return
    data = file.read_bytes()
    if data.startswith(b"SQLite format 3\0"):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            yield place, "\n".join(_plain(line.encode()) for line in database.iterdump())
    yield from of_bytes(data, place)


def of_bytes(data: bytes, place: str) -> Iterator[tuple[str, str]]:
    """What any reader could make of the bytes."""
    if data.startswith(b"\x1f\x8b"):
        yield from of_bytes(gzip.decompress(data), place)
        return
    # of an archive that is broken, what stands in it unpacked
    yield place, _plain(place.encode() + b"\n" + data)
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield from of_bytes(archive.read(name), f"{place}/{name}")


def of_warehouse(home: Home, restricted: tuple[str, ...] = RESTRICTED_SCHEMAS) -> Iterator[tuple[str, str]]:
    """The tables of the warehouse but for those of the restricted schemas."""
    with warehouse.connect(home, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name not in $1 order by all",
            [list(restricted)],
        ).fetchall()
        for (table,) in tables:
            yield from _rows(connection, table, f"warehouse {table}")


def _rows(connection: duckdb.DuckDBPyConnection, table: str, place: str) -> Iterator[tuple[str, str]]:
    rows = connection.execute(f"select cast(t as varchar) from {table} as t").fetchall()
    yield place, "\n".join(row for (row,) in rows)


def _plain(data: bytes) -> str:
    """Text without the escapes of JSON and HTML."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        # a department's extract, or a binary file: no byte is skipped in either reading
        text = data.decode("gb18030", "replace") + data.decode("utf-8", "replace")
    return html.unescape(ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))
