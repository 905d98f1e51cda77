"""One package for one enterprise: a page to read, a workbook and Parquet files, from the published lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.exchange.folders import replacing
from sandan.pack.own import own_rows
from sandan.pack.report import write_report
from sandan.pack.workbook import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home
    from sandan.month import Month

__all__ = ["write_package"]


def write_package(home: Home, enterprise: str, month: Month) -> Path:
    """Write the package of `enterprise` for `month`, in place of an earlier one; returns its folder.

    `exchange/enterprises/<enterprise>/<YYYY-MM>/` gets `report.html`, `workbook.xlsx` and one Parquet file a table. The
    same snapshot gives the same bytes.

    Raises:
        BusyError: another package is being written.
        SandanError: see `own_rows`.
    """
    root = home.exchange / "enterprises"
    with own_rows(home, enterprise, month) as own, replacing(root, enterprise, str(month)) as folder:
        write_report(own, folder / "report.html")
        write_workbook(own, folder / "workbook.xlsx")
        for name in own.tables:
            own.connection.sql(f"from {name} order by all").write_parquet(str(folder / f"{name}.parquet"))
    return root / enterprise / str(month)
