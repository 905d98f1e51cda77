"""All files of a vintage, in `exchange/statistics/<YYYY-MM>/v<number>/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysdmx.model import Organisation
from pysdmx.model.message import Header

from sandan.errors import SandanError
from sandan.exchange.folders import replacing
from sandan.read.convert import BEIJING
from sandan.statistics.sdmx.checks import check
from sandan.statistics.sdmx.comtrade import write_comtrade
from sandan.statistics.sdmx.data_files import write_csv, write_xml
from sandan.statistics.sdmx.observations import observed
from sandan.statistics.sdmx.structure import AGENCY, ID, message, structure_of, write_code_lists
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb
    import pyarrow as pa

    from sandan.home import Home
    from sandan.month import Month
    from sandan.statistics.sdmx.structure import Structure

_LAST = """
select vintage_no, rates_simulated, ended_at from audit.trade_vintages where month = $1 order by vintage_no desc limit 1
"""
_ROWS = """
from statistics.trade_published where period = $1 and vintage_no = $2 order by flow, hs_level, hs_code, partner
"""


def write(  # noqa: PLR0913 - what the files say of the vintage
    home: Home, period: Month, vintage_no: int, rows: pa.Table, *, published_at: datetime, simulated: bool = False
) -> list[Path]:
    """Write a vintage of `trade_published` as files, in place of those of an earlier run of it; returns them, sorted.

    `rows` are the rows of that vintage, with the columns of the table. `published_at`: when, Beijing local.
    `simulated`: its exchange rates are the sample; the files say so. The same rows make the same bytes. Without rows
    there is nothing to write.

    Raises:
        BusyError: another process writes vintages.
        SandanError: a row is not fit to be written, or belongs to another vintage; names it and what to do. No file
            was written.
    """
    if not rows.num_rows:
        return []
    structure = structure_of(period)
    with observed(home, structure, period, vintage_no, rows) as connection:
        check(connection, structure, period)
        (vintage,) = connection.execute("select vintage from published limit 1").fetchone() or ()
        attributes = _attributes(structure, vintage, vintage_no, simulated=simulated)
        with replacing(home.statistics, str(period), f"v{vintage_no}") as folder:
            header = _header(period, vintage_no, published_at, simulated=simulated)
            _write_files(folder, connection, structure, header, attributes)
    written = home.statistics / str(period) / f"v{vintage_no}"
    return sorted(file for file in written.rglob("*") if file.is_file())


def write_last(home: Home, month: Month) -> list[Path]:
    """Write the vintage of `month` that was published last; reads the published lake, so it may be done at any time.

    Raises:
        BusyError: another process writes vintages.
        SandanError: nothing is published, or a row is not fit to be written.
    """
    with connect_published(home) as lake:
        found = lake.execute(_LAST, [str(month)]).fetchone()
        if not found:
            return []
        vintage_no, simulated, published_at = found
        rows = lake.execute(_ROWS, [str(month), vintage_no]).to_arrow_table()
    return write(home, month, vintage_no, rows, published_at=published_at, simulated=simulated)


def _write_files(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    structure: Structure,
    header: Header,
    attributes: dict[str, str],
) -> None:
    write_csv(connection, structure, attributes, folder / "trade.sdmx.csv")
    write_xml(connection, structure, header, attributes, folder / "trade.sdmx.xml")
    (folder / "structure.sdmx.xml").write_text(message(structure, header), encoding="utf-8", newline="\n")
    write_code_lists(structure, folder / "code_lists")
    write_comtrade(connection, structure, folder / "comtrade.csv", simulated=header.test)


def _header(period: Month, vintage_no: int, published_at: datetime, *, simulated: bool) -> Header:
    return Header(
        id=f"{ID}_{period}_V{vintage_no}",
        test=simulated,
        prepared=published_at.replace(tzinfo=BEIJING),
        sender=Organisation(AGENCY),
    )


def _attributes(structure: Structure, vintage: str, vintage_no: int, *, simulated: bool) -> dict[str, str]:
    known = {row["house"]: row["id"] for row in structure.code_lists["CL_VINTAGE"]}
    if vintage not in known:
        raise SandanError(f"{vintage!r} is no vintage that CL_VINTAGE has", f"one of {', '.join(known)}")
    return {
        "VINTAGE": known[vintage],
        "VINTAGE_NO": str(vintage_no),
        "COMMENT_DSET": "Values at simulated exchange rates" if simulated else "",
    }
