"""`workbook.xlsx`: what to do, ranked, on the first sheet, then every table of the package on one of its own."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from sandan.pack.queries import RANKED

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from sandan.pack.own import Own

#: what another party wrote is text, also where it looks like a formula or an address
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
#: a sheet of Excel has 1,048,576 rows
ROWS = 1_000_000
PORTION = 10_000
FORMATS = {Decimal: "#,##0.00###", datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd"}
WIDTHS = {"remedy_zh": 44, "remedy_en": 60, "detail": 44, "goods_name": 30}


def write_workbook(own: Own, file: Path) -> None:
    """Write the rows of `own`; the same rows give the same bytes."""
    with Workbook(str(file), OPTIONS) as workbook:
        # without it the file says when it was written
        workbook.set_properties({"title": f"Sandan 三单 {own.enterprise} {own.month}", "created": _begin(own.as_of)})
        formats = {type_: workbook.add_format({"num_format": text}) for type_, text in FORMATS.items()}
        head = workbook.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        for name, query in {"todo 待办": RANKED, **{name: f"from {name} order by all" for name in own.tables}}.items():
            sheet = workbook.add_worksheet(name)
            result = own.connection.execute(query)
            names = [column[0] for column in result.description or ()]
            _head(sheet, names, head)
            row = 0
            while row < ROWS and (rows := result.fetchmany(PORTION)):
                for values in rows:
                    row += 1
                    for column, value in enumerate(values):
                        _write(sheet, row, column, value, formats)
            if result.fetchone():
                sheet.write_string(row + 1, 0, f"more rows than a sheet takes: all are in {name}.parquet")
            sheet.autofilter(0, 0, max(row, 1), len(names) - 1)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time())


def _head(sheet: Worksheet, names: list[str], head: Format) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDTHS.get(name, max(12, len(name) + 2)))
        sheet.write_string(0, column, name, head)


def _write(sheet: Worksheet, row: int, column: int, value: Any, formats: dict[type, Format]) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, value, formats[datetime])
        case date():
            sheet.write_datetime(row, column, _begin(value), formats[date])
        case Decimal():
            sheet.write_number(row, column, float(value), formats[Decimal])
        case int() | float():
            sheet.write_number(row, column, value)
        case list():
            sheet.write_string(row, column, ", ".join(map(str, value)))
        case _:
            sheet.write_string(row, column, str(value))
