"""What the checks of the reader cost: `read_source` against the bare XML parser, on the same files, in turns.

The bare parser is xml2arrow with the reader's own configuration and number of threads. It reads the bytes and parses
them; the reader does that too, and besides proves encoding and well-formedness, counts, hashes, trims, numbers and
writes Parquet.
"""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.parquet as pq
import pytest
from benchmark_report import show
from xml2arrow import Xml2ArrowError

from sandan.home import PROJECT, Home
from sandan.lists import MESSAGES
from sandan.read import read_source
from sandan.read.limits import THREADS
from sandan.read.xml_parser import parser
from sandan.simulate import simulate_day

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark

DAY = date(2026, 11, 20)
DECLARATIONS = 100_000
RECORDS = 100
ROUNDS = 7
TARGET = 0.5
#: sources of XML in UTF-8, and the message they send
SOURCES = {
    "export-orders": "CEB303",
    "export-receipts": "CEB403",
    "export-waybills": "CEB505",
    "export-declarations": "CEB603",
    "import-orders": "CEB311",
    "import-declarations": "CEB621",
}
COPIES = 2


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(root=tmp_path_factory.mktemp("simulated"), sources=PROJECT / "sources")
    simulate_day(home, DAY, DECLARATIONS, seed=1)
    return home


@pytest.fixture
def messages(simulated: Home, tmp_path: Path) -> Home:
    """A home whose landing holds plain messages of 100 records each, and nothing else."""
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    for source_id in SOURCES:
        folder = home.landing_of(source_id, DAY)
        folder.mkdir(parents=True)
        for file in good_messages(simulated, source_id):
            shutil.copy(file, folder)
    return home


@pytest.fixture
def big_file(simulated: Home, tmp_path: Path) -> Home:
    """A home whose landing holds one message of many thousand declarations."""
    source_id, code = "export-declarations", "CEB603"
    parts = [taken_apart(file.read_bytes(), code) for file in good_messages(simulated, source_id)]
    before, _, after = parts[0]
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    folder = home.landing_of(source_id, DAY)
    folder.mkdir(parents=True)
    (folder / "all.xml").write_bytes(before + b"".join([records for _, records, _ in parts] * COPIES) + after)
    return home


def test_messages_of_100_records(messages):
    compare(f"XML messages of {RECORDS} records", messages, SOURCES)


def test_one_big_file(big_file):
    compare("one XML file", big_file, {"export-declarations": "CEB603"})


def compare(title: str, home: Home, sources: dict[str, str]) -> None:
    """A B A B …: each round gives one ratio, so that what slows the machine down slows both."""
    files = {source_id: sorted(home.landing_of(source_id, DAY).iterdir()) for source_id in sources}
    megabytes = sum(file.stat().st_size for paths in files.values() for file in paths) / 1e6
    bare_parser(files, sources)  # parsers are compiled, files are in the page cache
    reader(home, files)
    rounds = [(bare_parser(files, sources), reader(home, files)) for _ in range(ROUNDS)]
    ratio = median(bare.clock / read.clock for bare, read in rounds)
    processor_ratio = median(bare.processor / read.processor for bare, read in rounds)
    bare, read = (Seconds(*map(median, zip(*column, strict=True))) for column in zip(*rounds, strict=True))
    show(
        f"{title}: {sum(map(len, files.values())):,} files, {megabytes:,.0f} MB, {THREADS} threads, "
        f"median of {ROUNDS} rounds",
        ("", "seconds", "MB/s", "processor seconds"),
        [
            ("bare parser", f"{bare.clock:.2f}", f"{megabytes / bare.clock:,.0f}", f"{bare.processor:.2f}"),
            ("read_source", f"{read.clock:.2f}", f"{megabytes / read.clock:,.0f}", f"{read.processor:.2f}"),
            ("ratio", f"{ratio:.2f}", "", f"{processor_ratio:.2f}"),
        ],
    )
    print(f"\nTarget, half the speed of the bare parser: {ratio:.2f}, {'met' if ratio >= TARGET else 'NOT MET'}.")


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


def bare_parser(files: dict[str, list[Path]], sources: dict[str, str]) -> Seconds:
    start = Seconds.now()
    for source_id, paths in files.items():
        parse = parser(sources[source_id]).parse
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(lambda path, parse=parse: parse(path.read_bytes()), paths):
                pass
    return Seconds.since(start)


def reader(home: Home, files: dict[str, list[Path]]) -> Seconds:
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
