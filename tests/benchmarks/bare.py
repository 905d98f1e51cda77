"""The least that a day can cost on this machine: bytes copied, XML parsed, lists joined, nothing else."""

from __future__ import annotations

import gzip
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import pyarrow.parquet as pq
from benchmark_day import DAY
from xml2arrow import Xml2ArrowError

from sandan.lists import MESSAGES
from sandan.read.landing import landed_files
from sandan.read.limits import THREADS
from sandan.read.sources import load_sources
from sandan.read.xml_parser import parser
from sandan.warehouse.connect import settings
from sandan.warehouse.load import parquet_of

if TYPE_CHECKING:
    from sandan.home import Home
    from sandan.read.landing import Landed

#: as the lists came, several versions of a key and all: the columns that matching compares
JOINED = """
create table joined as
with paid as (
    select
        ebp_code, order_no, count(*) as payments,
        sum(try_cast(coalesce(amount_paid, charge) as decimal(19, 5))) as amount_paid
    from read_parquet($payments, union_by_name = true)
    group by all
)
select
    declarations.* exclude (file_no, position, fault),
    orders.ebc_code as order_ebc_code, orders.currency as order_currency,
    orders.goods_value, orders.freight as order_freight, orders.actural_paid,
    orders.ebc_code = declarations.ebc_code as same_enterprise,
    paid.payments, paid.amount_paid,
    paid.amount_paid = coalesce(
        try_cast(orders.actural_paid as decimal(19, 5)),
        try_cast(orders.goods_value as decimal(19, 5)) + coalesce(try_cast(orders.freight as decimal(19, 5)), 0)
    ) as same_amount,
    waybills.gross_weight as waybill_gross_weight, waybills.pack_no as waybill_pack_no,
    waybills.gross_weight = declarations.gross_weight as same_weight
from read_parquet($declarations, union_by_name = true) as declarations
left join read_parquet($orders, union_by_name = true) as orders using (ebp_code, order_no)
left join paid using (ebp_code, order_no)
left join read_parquet($waybills, union_by_name = true) as waybills using (logistics_code, logistics_no)
"""


class Amount(NamedTuple):
    """What was worked off: seconds, and bytes or records."""

    seconds: float
    amount: int


def copied(home: Home) -> Amount:
    """The landing, copied file by file."""
    target = home.root / "copied"
    start = time.perf_counter()
    shutil.copytree(home.landing, target)
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    shutil.rmtree(target)
    return Amount(seconds, size)


def xml_sources(home: Home) -> list[str]:
    """The sources of XML that landed something."""
    return [
        source.id
        for source in load_sources(home.sources).values()
        if source.format == "ceb-xml" and home.landing_of(source.id, DAY).exists()
    ]


def parsed(home: Home) -> Amount:
    """All XML that the run read, unpacked and parsed by xml2arrow; bytes are those of the messages."""
    sources = load_sources(home.sources)
    found = []
    for source_id in xml_sources(home):
        rows = pq.read_table(home.read_of(DAY) / source_id / "files.parquet", columns=["path", "message"])
        codes = {row["path"]: row["message"] for row in rows.to_pylist() if row["message"] in MESSAGES}
        files = landed_files(home.landing_of(source_id, DAY), sources[source_id].files)
        found += [(file, codes[file.path]) for file in files if file.path in codes]
    for code in {code for _, code in found}:
        parser(code)  # compiled once a process
    start = time.perf_counter()
    size = parse_all(found)
    return Amount(time.perf_counter() - start, size)


def parse_all(files: list[tuple[Landed, str]]) -> int:
    """Unpack and parse messages, each with its code, by as many threads as the reader has; gives their bytes."""
    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(lambda file: _parse(*file), files))


def _parse(file: Landed, code: str) -> int:
    content = _unpacked(file)
    # an element that a sender repeats is refused: so far it has read
    with suppress(Xml2ArrowError):
        parser(code).parse(content)
    return len(content)


def _unpacked(file: Landed) -> bytes:
    if file.archive and file.member:
        data = file.archive.read(file.member)
    else:
        data = file.file.read_bytes()
        if file.path.endswith(".gz"):
            data = gzip.decompress(data)
    # the parser knows UTF-8 alone
    return data.decode("gb18030").encode() if b'"GB18030"' in data[:60] else data


def joined(home: Home) -> Amount:
    """The three joins on the Parquet that the run read, into a table on disk; counts declarations."""
    files = {
        table: parquet_of(home.read_of(DAY), table) for table in ("declarations", "orders", "payments", "waybills")
    }
    with duckdb.connect(home.root / "joined.duckdb", config=settings(home)) as connection:
        start = time.perf_counter()
        connection.execute(JOINED, files)
        connection.execute("checkpoint")
        seconds = time.perf_counter() - start
        (count,) = connection.execute("select count(*) from joined").fetchone() or (0,)
    return Amount(seconds, count)
