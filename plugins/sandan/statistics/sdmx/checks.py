"""What observations must be before they are written: the writers and readers of SDMX check none of it.

Every fault names the row of the published table that it is from, how many there are like it, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysdmx.model import DataType

from sandan.errors import SandanError

if TYPE_CHECKING:
    import duckdb

    from sandan.month import Month
    from sandan.statistics.sdmx.structure import Described, Structure

_PATTERNS = {
    DataType.BIG_INTEGER: r"0|[1-9][0-9]*",
    DataType.DECIMAL: r"[0-9]+(\.[0-9]+)?",
    DataType.YEAR_MONTH: r"[0-9]{4}-(0[1-9]|1[0-2])",
    DataType.STRING: r"[0-9A-Za-z_]+",
}
_FAULT = """
with failed as (select "row", any_value("{value}") as value from observations where {condition} group by "row")
select published."row", flow, hs_level, hs_code, partner, failed.value, count(*) over ()
from failed
join published using ("row")
order by 1
limit 1
"""


def check(connection: duckdb.DuckDBPyConnection, structure: Structure, month: Month) -> None:
    """Check the table `observations`: hidden values, mandatory components, codes, types, one observation a key.

    Raises:
        SandanError: the first fault.
    """
    fault = _Faults(connection, month)
    fault(
        '"OBS_VALUE" is not null and ("CONF_STATUS" <> \'F\' or "OBS_STATUS" = \'Q\')',
        "OBS_VALUE",
        "is confidential and has a value",
        "hide every measure of the cell: what `protect` returns is hidden whole",
    )
    for component in structure.of_observations:
        _component(fault, component)
    fault(
        "\"OBS_VALUE\" is null and \"OBS_STATUS\" not in ('Q', 'L')",
        "MEASURE",
        "is free and has no value for {value}",
        "every free cell has values: correct the model, or hide the cell",
    )
    key = ", ".join(f'"{name}"' for name in structure.varying_key)
    fault(
        f"({key}) in (select ({key}) from observations group by {key} having count(*) > 1)",
        "MEASURE",
        "is there more than once",
        "a key is period, flow, hs_level, hs_code, partner: add up its rows, or drop what was read twice",
    )


class _Faults:
    """Raises the first fault of a kind, told by the row of the published table that it is in."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, month: Month) -> None:
        self._connection = connection
        self._month = month

    def __call__(self, condition: str, component: str, problem: str, remedy: str) -> None:
        found = self._connection.execute(_FAULT.format(value=component, condition=condition)).fetchone()
        if found:
            row, flow, level, code, partner, value, rows = found
            others = f" (and {rows - 1} rows more)" if rows > 1 else ""
            raise SandanError(
                f"row {row} of trade_published {self._month} (flow {flow}, HS level {level}, code {code}, partner "
                f"{partner}) {problem.format(value=value)}{others}; no file was written",
                remedy,
            )


def _component(fault: _Faults, component: Described) -> None:
    name, column = component.id, component.column or component.id
    if component.required:
        fault(f'"{name}" is null', name, f"has no {name}, which is mandatory", f"fill {column} of the row")
    if component.code_list:
        fault(
            f'"{name}" not in (select id from {component.code_list.lower()})',
            name,
            f"has {{value!r}} for {name}, which is not in {component.code_list}",
            f"correct {column} of the row, or add the code to the list",
        )
    else:
        fault(
            f"not regexp_full_match(\"{name}\", '{_PATTERNS[component.type]}')",
            name,
            f"has {{value!r}} for {name}, which is no {component.type.value}",
            f"correct {column} of the row",
        )
