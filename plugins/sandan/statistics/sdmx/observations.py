"""The observations of a month: each measure of a published cell, under the key of the structure.

Where the published table has a code that no list knows, the observation has it as it is: the checks name it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from sandan.errors import SandanError
from sandan.statistics.sdmx.structure import CODE_LISTS, COMMODITIES
from sandan.warehouse.connect import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home
    from sandan.month import Month
    from sandan.statistics.sdmx.structure import Structure

#: what the files are made of, of the columns of trade_published
COLUMNS = (
    *("period", "vintage_no", "vintage", "flow", "hs_level", "hs_code", "partner"),
    *("value_cny", "value_usd", "net_weight_kg", "qty1", "unit1", "declarations", "items", "enterprises"),
    *("conf_status", "obs_status"),
)
#: these are observed of every cell; of the others, what a cell has none of is no observation
ALWAYS = ("value_cny", "value_usd", "net_weight_kg")
#: Beyond six digits a code is the nation's own, and its place is the custom breakdown. Goods of simplified lists have
#: four digits at levels 6 and 8: at 8 they are such a breakdown of their heading, at 6 the same goods once more.
_OBSERVATIONS = """
create table observations as
with
measured as (
    select
        published.*,
        cl_measure.id as measure,
        nullif(cl_measure.unit, '') as unit,
        case cl_measure.house {values} end as value
    from published
    cross join cl_measure
    where
        not (hs_level = 6 and length(hs_code) = 4)
        and (cl_measure.house in {always} or value is not null)
)
select
    "row",
    {constants},
    coalesce(cl_trade_flow.id, flow) as "TRADE_FLOW",
    $edition || '_' || if(hs_level = 8, left(hs_code, 6), hs_code) as "COMMODITY_1",
    if(hs_level = 8, ltrim(hs_code, '0'), '0') as "COMMODITY_CUSTOM_BREAKDOWN",
    if(hs_level = 8, hs_code, null) as "COMMODITY_CUSTOM_CODE",
    coalesce(cl_area.id, partner) as "COUNTERPART_AREA_1",
    cl_trade_flow.partner_type as "COUNTERPART_AREA_1_TYPE",
    measure as "MEASURE",
    period as "TIME_PERIOD",
    value as "OBS_VALUE",
    coalesce(unit, cl_unit_measure.id, unit1) as "UNIT_MEASURE",
    -- an item of the cell has no net weight: what an earlier vintage said is replaced by that
    if(measured.net_weight_kg is null and conf_status = 'F' and measure = 'NET_WEIGHT', 'L', obs_status)
        as "OBS_STATUS",
    conf_status as "CONF_STATUS"
from measured
left join cl_trade_flow on measured.flow = cl_trade_flow.house
left join cl_area on measured.partner = cl_area.house
left join cl_unit_measure on measured.unit1 = cl_unit_measure.house
"""


@contextmanager
def observed(
    home: Home, structure: Structure, month: Month, vintage_no: int, rows: pa.Table
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `rows` as `published` (numbered by `row`, from 1), code lists as tables, and `observations`.

    Raises:
        SandanError: `rows` lacks a column, or has rows of another month or vintage.
    """
    missing = [column for column in COLUMNS if column not in rows.column_names]
    if missing:
        raise SandanError(
            f"trade_published has no {', '.join(missing)}", "build the vintage with the models of this version"
        )
    with duckdb.connect(config=settings(home)) as connection:
        numbered = rows.select(COLUMNS).append_column("row", pa.array(range(1, rows.num_rows + 1), pa.int64()))
        connection.register("published", numbered)
        _check_vintage(connection, month, vintage_no)
        _code_lists(connection, structure)
        connection.execute(_sql(structure), {"edition": structure.edition})
        yield connection


def _check_vintage(connection: duckdb.DuckDBPyConnection, month: Month, vintage_no: int) -> None:
    other = connection.execute(
        'select "row", period, vintage_no from published where (period, vintage_no) is distinct from ($1, $2) '
        'order by "row" limit 1',
        [str(month), vintage_no],
    ).fetchone()
    if other:
        row, period, number = other
        raise SandanError(
            f"row {row} of trade_published is of vintage {number} of {period}, not of vintage {vintage_no} of {month}",
            "read the rows of one vintage: where period = … and vintage_no = …",
        )


def _code_lists(connection: duckdb.DuckDBPyConnection, structure: Structure) -> None:
    for file in sorted(CODE_LISTS.glob("*.csv")):
        connection.read_csv(str(file), header=True, all_varchar=True).create(file.stem.lower())
    commodities = pa.Table.from_pylist(list(structure.code_lists[COMMODITIES]))
    connection.register("commodities", commodities)
    connection.execute(f"create table {COMMODITIES.lower()} as from commodities")


def _sql(structure: Structure) -> str:
    measures = [row["house"] for row in structure.code_lists["CL_MEASURE"]]
    return _OBSERVATIONS.format(
        values=" ".join(f"when '{column}' then published.{column}::varchar" for column in measures),
        always=ALWAYS,
        constants=", ".join(
            f"'{component.constant}' as \"{component.id}\"" for component in structure.components if component.constant
        ),
    )
