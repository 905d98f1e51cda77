"""What the checks of the reader cost: `read_source` against the bare XML parser, on the same files, in turns.

The bare parser is xml2arrow with the reader's own configuration and number of threads. It reads the bytes and parses
them; the reader does that too, and besides proves encoding and well-formedness, counts, hashes, trims, numbers and
writes Parquet.
"""

from __future__ import annotations

import os
import re
import time
from itertools import cycle, islice
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow.parquet as pq
import pytest
from bare import parse_all
from benchmark_day import DAY, empty_home, landed
from benchmark_report import against, show
from xml2arrow import Xml2ArrowError

from sandan.lists import MESSAGES
from sandan.read import read_source
from sandan.read.landing import landed_files
from sandan.read.limits import THREADS
from sandan.read.xml_parser import parser
from sandan.simulate.chunk import SMALL_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandan.home import Home
    from sandan.read.landing import Landed

pytestmark = pytest.mark.benchmark

DECLARATIONS = int(os.environ.get("READ_DECLARATIONS", "100000"))
#: a peak day of the largest sender: 3 million declarations of 100 a message
FILES = int(os.environ.get("FILES", "30000"))
#: of a small day, tried by whoever changes this, messages hold fewer
RECORDS = 100 if DECLARATIONS >= SMALL_DAY else 25
MEMBERS = 1_000
ROUNDS, FEW_ROUNDS = 7, 3
TARGET = 0.7
#: sources of XML in UTF-8, and the message they send
SOURCES = {
    "export-orders": "CEB303",
    "export-receipts": "CEB403",
    "export-waybills": "CEB505",
    "export-declarations": "CEB603",
    "import-orders": "CEB311",
    "import-declarations": "CEB621",
}
BUSY = "export-declarations"
COPIES = 2


@pytest.fixture(scope="module")
def told() -> Iterator[Home]:
    with landed(DECLARATIONS) as home:
        yield home


@pytest.fixture
def home() -> Iterator[Home]:
    with empty_home() as home:
        yield home


def test_messages_of_100_records(told, home):
    for source_id in SOURCES:
        folder = folder_of(home, source_id)
        for file in good_messages(told, source_id):
            (folder / file.name).hardlink_to(file)
    compare("read-messages", f"XML messages of {RECORDS} records", home, list(SOURCES))


def test_many_messages(told, home):
    folder = folder_of(home, BUSY)
    for name, file in many(good_messages(told, BUSY)):
        (folder / name).hardlink_to(file)
    compare("read-many", f"one source, messages of {RECORDS} records", home, [BUSY], FEW_ROUNDS)


def test_archives_of_messages(told, home):
    folder = folder_of(home, BUSY)
    for number, members in enumerate(batched(many(good_messages(told, BUSY)), MEMBERS)):
        with ZipFile(folder / f"{number:03d}.zip", "w", ZIP_DEFLATED, compresslevel=1) as archive:
            for name, file in members:
                archive.write(file, name)
    compare("read-archives", f"one source, archives of {MEMBERS:,} such messages", home, [BUSY], FEW_ROUNDS)


def test_one_big_file(told, home):
    parts = [taken_apart(file.read_bytes(), SOURCES[BUSY]) for file in good_messages(told, BUSY)]
    before, _, after = parts[0]
    content = before + b"".join([records for _, records, _ in parts] * COPIES) + after
    (folder_of(home, BUSY) / "all.xml").write_bytes(content)
    compare("read-large", "one XML file", home, [BUSY])


def folder_of(home: Home, source_id: str) -> Path:
    folder = home.landing_of(source_id, DAY)
    folder.mkdir(parents=True)
    return folder


def many(files: list[Path]) -> Iterator[tuple[str, Path]]:
    """Names for `FILES` messages, and messages that there are, again and again."""
    for number, file in zip(range(FILES), cycle(files), strict=False):
        yield f"{number:06d}.xml", file


def batched(given: Iterator[tuple[str, Path]], size: int) -> Iterator[list[tuple[str, Path]]]:
    while batch := list(islice(given, size)):
        yield batch


def compare(name: str, title: str, home: Home, sources: list[str], rounds: int = ROUNDS) -> None:
    """A B A B …: each round gives one ratio, so that what slows the machine down slows both."""
    files = {source_id: landed_files(home.landing_of(source_id, DAY), "*.xml") for source_id in sources}
    megabytes = sum(file.size for landed in files.values() for file in landed) / 1e6
    assert megabytes
    bare_parser(files)  # parsers are compiled, files are in the page cache
    reader(home, files)
    measured = [(bare_parser(files), reader(home, files)) for _ in range(rounds)]
    ratio = median(bare.clock / read.clock for bare, read in measured)
    processor_ratio = median(bare.processor / read.processor for bare, read in measured)
    bare, read = (Seconds(*map(median, zip(*column, strict=True))) for column in zip(*measured, strict=True))
    show(
        name,
        f"{title}: {sum(map(len, files.values())):,} files, {megabytes:,.0f} MB, {THREADS} threads, "
        f"median of {rounds} rounds",
        ("", "seconds", "MB/s", "processor seconds"),
        [
            ("bare parser", f"{bare.clock:.2f}", f"{megabytes / bare.clock:,.0f}", f"{bare.processor:.2f}"),
            ("read_source", f"{read.clock:.2f}", f"{megabytes / read.clock:,.0f}", f"{read.processor:.2f}"),
            ("ratio of speeds", f"{ratio:.2f}", "", f"{processor_ratio:.2f}"),
        ],
        [against("of the bare parser's speed", ratio, TARGET, "", least=True)],
    )


class Seconds(NamedTuple):
    """By the clock on the wall, and of all processors together: the second hardly minds what else the machine does."""

    clock: float
    processor: float

    @classmethod
    def since(cls, start: Seconds) -> Seconds:
        now = cls.now()
        return cls(now.clock - start.clock, now.processor - start.processor)

    @classmethod
    def now(cls) -> Seconds:
        return cls(time.perf_counter(), time.process_time())


def bare_parser(files: dict[str, list[Landed]]) -> Seconds:
    start = Seconds.now()
    for source_id, messages in files.items():
        parse_all([(message, SOURCES[source_id]) for message in messages])
    return Seconds.since(start)


def reader(home: Home, files: dict[str, list[Landed]]) -> Seconds:
    start = Seconds.now()
    counts = [read_source(home, DAY, source_id) for source_id in files]
    seconds = Seconds.since(start)
    assert sum(c["quarantined"] for c in counts) == 0
    assert sum(c["files"] for c in counts) == sum(map(len, files.values()))
    return seconds


def good_messages(home: Home, source_id: str) -> list[Path]:
    """The XML files of 100 records that both can read: the simulated day has packed, broken and odd files too."""
    read_source(home, DAY, source_id)
    folder = home.landing_of(source_id, DAY)
    rows = pq.read_table(home.read_of(DAY) / source_id / "files.parquet").to_pylist()
    files = [folder / row["path"] for row in rows if row["state"] == "read" and row["records"] == RECORDS]
    return [file for file in files if file.suffix == ".xml" and is_plain(file, SOURCES[source_id])]


def is_plain(file: Path, code: str) -> bool:
    """Whether the bare parser takes the file; it refuses an element that a sender repeats."""
    try:
        parser(code).parse(file.read_bytes())
    except (OSError, Xml2ArrowError):  # OSError: a member of a .zip is no file
        return False
    return True


def taken_apart(content: bytes, code: str) -> tuple[bytes, bytes, bytes]:
    """What stands before the first record, the records, and what follows the last."""
    record = MESSAGES[code].record.encode()
    start = re.search(rb"<(?:\w+:)?" + record + b">", content)
    ends = [match.end() for match in re.finditer(rb"</(?:\w+:)?" + record + b">", content)]
    assert start
    return content[: start.start()], content[start.start() : ends[-1]], content[ends[-1] :]
