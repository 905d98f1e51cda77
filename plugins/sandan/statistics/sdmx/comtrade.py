"""The published cells in the columns of UN Comtrade, in US dollars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.statistics.sdmx.structure import COMMODITIES

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from sandan.statistics.sdmx.structure import Structure

#: HS editions as Comtrade names them
_CLASSIFICATIONS = {"HS22": "H6", "HS17": "H5", "HS12": "H4"}
#: What a heading has of simplified lists stands at 6 and 8 digits as XX and XXXX, so that the rows of one level add up.
#: Rows of 8 digits are leaves, and the only ones that are reported; quantities are those of units that Comtrade has.
_RECORDS = f"""
select
    'C' as "typeCode",
    'M' as "freqCode",
    replace(period, '-', '') || '01' as "refPeriodId",
    left(period, 4) as "refYear",
    right(period, 2)::integer as "refMonth",
    replace(period, '-', '') as "period",
    reporter.comtrade as "reporterCode",
    reporter.house as "reporterISO",
    reporter.name as "reporterDesc",
    cl_trade_flow.id as "flowCode",
    cl_trade_flow.comtrade_name as "flowDesc",
    cl_area.comtrade as "partnerCode",
    if(cl_area.id = 'W0', 'W00', cl_area.house) as "partnerISO",
    cl_area.name as "partnerDesc",
    '0' as "partner2Code",
    'W00' as "partner2ISO",
    'World' as "partner2Desc",
    $classification as "classificationCode",
    'HS' as "classificationSearchCode",
    true as "isOriginalClassification",
    hs_code || if(length(hs_code) = 4, repeat('X', greatest(hs_level - 4, 0)), '') as "cmdCode",
    commodities.name as "cmdDesc",
    hs_level as "aggrLevel",
    hs_level = 8 as "isLeaf",
    'C00' as "customsCode",
    'TOTAL CPC' as "customsDesc",
    '0' as "mosCode",
    '0' as "motCode",
    'TOTAL MOT' as "motDesc",
    if(qty1 is null, '-1', coalesce(units.comtrade, '-1')) as "qtyUnitCode",
    if(qty1 is null, 'N/A', coalesce(units.comtrade_abbreviation, 'N/A')) as "qtyUnitAbbr",
    if(units.comtrade is null, null, qty1) as "qty",
    false as "isQtyEstimated",
    '-1' as "altQtyUnitCode",
    'N/A' as "altQtyUnitAbbr",
    null as "altQty",
    false as "isAltQtyEstimated",
    net_weight_kg as "netWgt",
    hs_level > 0 and net_weight_kg is not null as "isNetWgtEstimated",
    null as "grossWgt",
    false as "isGrossWgtEstimated",
    if(valuation = 'cif', value_usd, null) as "cifvalue",
    if(valuation = 'fob', value_usd, null) as "fobvalue",
    value_usd as "primaryValue",
    '0' as "legacyEstimationFlag",
    hs_level = 8 and cl_area.id <> 'W0' as "isReported",
    hs_level < 8 or cl_area.id = 'W0' as "isAggregate",
    conf_status as "confStatus",
    vintage as "vintage",
    vintage_no as "vintageNo",
    $simulated as "isValueSimulated"
from published
join cl_trade_flow on published.flow = cl_trade_flow.house
join cl_area on published.partner = cl_area.house
join cl_area as reporter on reporter.id = $reporter
join {COMMODITIES.lower()} as commodities on $edition || '_' || left(hs_code, 6) = commodities.id
left join cl_unit_measure as units on published.unit1 = units.house
order by flow, hs_level, "cmdCode", partner
"""


def write_comtrade(connection: duckdb.DuckDBPyConnection, structure: Structure, file: Path, *, simulated: bool) -> None:
    """Write the rows of `published`, one record each; what is confidential has no amounts and `confStatus` C.

    Vintage and whether its exchange rates are the sample stand in each record: the columns have no head to say so.
    """
    (reporter,) = [component.constant for component in structure.components if component.id == "REF_AREA"]
    values = {
        "classification": _CLASSIFICATIONS[structure.edition],
        "edition": structure.edition,
        "reporter": reporter,
        "simulated": simulated,
    }
    connection.sql(_RECORDS, params=values).write_csv(str(file), header=True)
