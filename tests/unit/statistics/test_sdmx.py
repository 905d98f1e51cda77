"""Files of a vintage: they say what is published, read back as it was, and nothing unfit is written."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from published import HIDDEN, cell, november, table
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.io.xml.doc_validation import validate_doc
from tables import SCHEMA as CONTRIBUTIONS
from tables import read as contributed

from sandan import warehouse
from sandan.errors import SandanError
from sandan.exchange import folders
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.statistics import sdmx
from sandan.statistics.sdmx import structure as structures
from sandan.warehouse.connect import settings as warehouse_settings
from sandan.warehouse.disclosure import protect_vintage
from sandan.warehouse.lake import attach
from sandan.warehouse.vintages import Vintage

NOVEMBER = Month.fromisoformat("2026-11")
#: of a vintage that began the day before
EVENING = datetime(2026, 12, 6, 0, 30)
MEASURES = {
    "VALUE_CNY": "value_cny",
    "VALUE_USD": "value_usd",
    "NET_WEIGHT": "net_weight_kg",
    "QUANTITY": "qty1",
    "DECLARATIONS": "declarations",
    "ITEMS": "items",
    "ENTERPRISES": "enterprises",
}
FLOWS = {"E": "X", "I": "M", "RE": "RM", "RI": "RX"}
AREAS = {"ALL": "W0", "USA": "US", "ZZZ": "_X", "DEU": "DE"}


def write(root: Path, rows: list[dict[str, object]], *, simulated: bool = False) -> dict[str, Path]:
    home = Home(root=root, sources=PROJECT / "sources")
    written = sdmx.write(home, NOVEMBER, 1, table(rows), published_at=EVENING, simulated=simulated)
    return {file.name: file for file in written}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write(tmp_path_factory.mktemp("sdmx"), november(), simulated=True)


def expected(rows: list[dict[str, object]]) -> dict[tuple[str, ...], tuple[Decimal | None, str, str]]:
    """By hand: of each observation its value and states; goods of simplified lists stand once, at 8 digits."""
    found = {}
    for row in table(rows).to_pylist():
        level, code = row["hs_level"], row["hs_code"]
        if level == 6 and len(code) == 4:
            continue
        national = str(int(code)) if level == 8 else "0"
        for measure, column in MEASURES.items():
            value = row[column]
            if value is None and measure not in {"VALUE_CNY", "VALUE_USD", "NET_WEIGHT"}:
                continue
            key = (FLOWS[row["flow"]], f"HS22_{code[:6]}", national, AREAS[row["partner"]], measure)
            status = "L" if value is None and row["conf_status"] == "F" else row["obs_status"]
            found[key] = (None if value is None else Decimal(value), status, row["conf_status"])
    return found


def read_back(file: Path) -> dict[tuple[str, ...], tuple[Decimal | None, str, str]]:
    (data,) = read_sdmx(file).data
    key = ["TRADE_FLOW", "COMMODITY_1", "COMMODITY_CUSTOM_BREAKDOWN", "COUNTERPART_AREA_1", "MEASURE"]
    states = ["OBS_VALUE", "OBS_STATUS", "CONF_STATUS"]
    read = {}
    for record in data.data.astype(object).to_dict(orient="records"):
        value, observed, confidential = (record.get(name) for name in states)
        missing = not isinstance(value, str) or not value
        read[tuple(record[name] for name in key)] = (None if missing else Decimal(value), observed, confidential)
    assert len(read) == len(data.data)
    return read


@pytest.mark.parametrize("name", ["trade.sdmx.csv", "trade.sdmx.xml"])
def test_pysdmx_reads_back_the_numbers_that_were_published(files, name):
    assert read_back(files[name]) == expected(november())


def test_with_their_structure_the_files_read_as_numbers(files):
    (data,) = get_datasets(files["trade.sdmx.xml"], files["structure.sdmx.xml"], validate=False)
    assert data.attributes == {
        "VINTAGE": "P",
        "VINTAGE_NO": "1",
        "COMMENT_DSET": "Values at simulated exchange rates",
    }
    total = sum(value or 0 for value, *_ in expected(november()).values())
    assert data.data["OBS_VALUE"].sum() == pytest.approx(float(total))
    assert data.structure.components["COMMODITY_1"].local_codes["HS22_6109"].name.startswith("T-shirts")


@pytest.mark.parametrize("name", ["trade.sdmx.xml", "structure.sdmx.xml"])
def test_sdmx_ml_is_valid_by_its_schemas(files, name):
    text = files[name].read_text()
    validate_doc(text)
    with pytest.raises(Exception, match="Wrong"):
        validate_doc(text.replace("mes:Test>", "mes:Wrong>"))


def test_a_series_is_a_cell_and_its_observations_are_measures(files):
    (returned,) = etree.parse(files["trade.sdmx.xml"]).iterfind(".//Series[@TRADE_FLOW='RM']")
    assert returned.get("COUNTERPART_AREA_1_TYPE") == "LKD"
    assert returned.get("COMMODITY_CUSTOM_CODE") == "61091000"
    assert {obs.get("MEASURE"): (obs.get("UNIT_MEASURE"), obs.get("OBS_VALUE")) for obs in returned} == {
        "VALUE_CNY": ("CNY", "0.00000"),
        "VALUE_USD": ("USD", "0.00000"),
        "NET_WEIGHT": ("KGM", None),
        "QUANTITY": ("CN014", "0.00000"),
        "DECLARATIONS": ("NUMBER", "21"),
        "ITEMS": ("NUMBER", "30"),
    }


def test_components_are_those_of_imts_in_their_order():
    structure = structures.structure_of(NOVEMBER)
    assert " ".join(structure.key) == (
        "FREQ REF_AREA TRADE_FLOW COMMODITY_1 COMMODITY_1_CONF COMMODITY_2 COMMODITY_2_CONF COMMODITY_CUSTOM_BREAKDOWN "
        "COUNTERPART_AREA_1 COUNTERPART_AREA_1_CONF COUNTERPART_AREA_2 COUNTERPART_AREA_2_CONF TRANSPORT_MODE_BORDER "
        "TRANSPORT_MODE_BORDER_CONF CUSTOMS_PROC ACTIVITY TRANSFORMATION MEASURE TIME_PERIOD"
    )
    for component in structure.components:
        codes = {row["id"] for row in structure.code_lists.get(component.code_list, ())}
        assert not component.constant or component.constant in codes, component.id


def test_code_lists_have_each_code_once_and_every_country_and_unit_of_the_house():
    lists = structures.structure_of(NOVEMBER).code_lists
    for name, rows in lists.items():
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids)), name
        assert all(row["name"] and "'" not in row["name"] for row in rows), name
        house = [row["house"] for row in rows if row.get("house")]
        assert len(house) == len(set(house)), name
    with (PROJECT / "dbt_project" / "seeds" / "code_lists.csv").open(encoding="utf-8") as seed:
        codes = [(row["code_list"], row["code_set"], row["code"], row["iso"]) for row in csv.DictReader(seed)]
    countries = {iso for kind, code_set, _, iso in codes if kind == "country" and code_set == "customs" and iso}
    assert countries <= {row["house"] for row in lists["CL_AREA"]}
    units = {code for kind, _, code, _ in codes if kind == "unit"}
    assert units <= {row["house"] for row in lists["CL_UNIT_MEASURE"]}


def test_before_the_first_edition_that_is_loaded_nothing_can_be_written():
    with pytest.raises(SandanError, match="no edition of the Harmonized System is in force on 2019-05-31"):
        structures.structure_of(Month.fromisoformat("2019-05"))


ROW_1 = r"row 1 of trade_published 2026-11 \(flow E, HS level 8, code 61091000, partner USA\)"


@pytest.mark.parametrize(
    ("changed", "problem", "remedy"),
    [
        ({"partner": "XXQ"}, "has 'XXQ' for COUNTERPART_AREA_1, which is not in CL_AREA", "correct partner"),
        ({"hs_code": "61099999"}, "has 'HS22_610999' for COMMODITY_1, which is not in CL_COMMODITY", "correct hs_code"),
        ({"unit1": "999"}, "has '999' for UNIT_MEASURE, which is not in CL_UNIT_MEASURE", "correct unit1"),
        ({"unit1": None}, "has no UNIT_MEASURE, which is mandatory", "fill unit1"),
        ({"obs_status": "Z"}, "has 'Z' for OBS_STATUS", "correct obs_status"),
        ({"flow": "T"}, "has 'T' for TRADE_FLOW", "correct flow"),
        ({"value_usd": None}, "is free and has no value for VALUE_USD", "hide the cell"),
        ({"value_cny": Decimal(-1)}, "has '-1.00000' for OBS_VALUE, which is no Decimal", "correct"),
        (HIDDEN | {"items": 25}, "is confidential and has a value", "hide every measure"),
        ({"conf_status": None}, "has no CONF_STATUS, which is mandatory", "fill conf_status"),
    ],
)
def test_a_row_that_is_unfit_is_named_with_what_to_do_and_nothing_is_written(tmp_path, changed, problem, remedy):
    with pytest.raises(SandanError) as stopped:
        write(tmp_path, [cell(8, "61091000", "USA") | changed, cell(8, "61091000", "DEU")])
    assert problem in stopped.value.problem
    assert stopped.value.problem.startswith("row 1 of trade_published 2026-11 (flow ")
    assert remedy in stopped.value.remedy
    assert not list(tmp_path.rglob("*.csv"))


def test_a_cell_that_is_there_twice_is_named(tmp_path):
    with pytest.raises(SandanError, match=rf"{ROW_1} is there more than once \(and 1 rows more\)"):
        write(tmp_path, [cell(8, "61091000", "USA"), cell(8, "61091000", "DEU"), cell(8, "61091000", "USA")])


def test_a_column_that_is_missing_is_named(tmp_path):
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    with pytest.raises(SandanError, match="trade_published has no partner, items"):
        sdmx.write(home, NOVEMBER, 1, table(november()).drop_columns(["partner", "items"]), published_at=EVENING)


@pytest.mark.parametrize("changed", [{"period": "2026-10"}, {"vintage_no": 2}, {"period": None}])
def test_rows_of_another_vintage_are_not_mixed_in(tmp_path, changed):
    with pytest.raises(SandanError, match="row 2 of trade_published is of vintage"):
        write(tmp_path, [cell(8, "61091000", "USA"), cell(8, "61091000", "DEU") | changed])


def test_without_rows_there_is_nothing_to_write(tmp_path):
    assert write(tmp_path, []) == {}


def test_the_same_rows_in_any_order_make_the_same_bytes(files, tmp_path):
    again = write(tmp_path, november()[::-1], simulated=True)
    assert {name: file.read_bytes() for name, file in again.items()} == {
        name: file.read_bytes() for name, file in files.items()
    }


def test_consolidating_the_month_again_leaves_the_files_of_its_vintages(tmp_path):
    kept = write(tmp_path, november())
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    folders.write(home, "2026-11", [])
    assert all(file.is_file() for file in kept.values())


def test_the_vintage_that_was_published_last_is_written_from_the_lake(tmp_path):
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    vintages = [november(), [row | {"vintage_no": 2, "vintage": "final"} for row in november()[:3]]]
    home.published.mkdir()
    with duckdb.connect(config=warehouse_settings(home)) as connection:
        attach(connection, home, read_only=False)
        rows = table([row for vintage in vintages for row in vintage])  # noqa: F841 - DuckDB reads it by its name
        connection.execute("create schema published.statistics; create schema published.audit")
        connection.execute("create table published.statistics.trade_published as from rows")
        connection.execute(
            "create table published.audit.trade_vintages as "
            "select *, timestamp '2026-12-06 00:30:00' as ended_at "
            "from (values ('2026-11', 1, true), ('2026-11', 2, false), ('2026-12', 3, true)) "
            "as vintages (month, vintage_no, rates_simulated)"
        )
    written = sdmx.write_last(home, NOVEMBER)
    (data,) = [file for file in written if file.name == "trade.sdmx.xml"]
    assert data.relative_to(tmp_path).parts[:-1] == ("exchange", "statistics", "2026-11", "v2")
    assert 'VINTAGE="F" VINTAGE_NO="2">' in data.read_text()
    assert "<mes:Prepared>2026-12-06T00:30:00+08:00</mes:Prepared>" in data.read_text()
    assert read_back(data) == expected(vintages[1])


def test_what_protection_leaves_of_contributions_can_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv("SANDAN_DISCLOSURE_RULES", "3 15")
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    parts = contributed("""
        61091000 USA a=900 b=800 c=700 d=600
        61091000 DEU a=500 b=400 c=450 d=300
        61099090 USA a=990 b=2
        61099090 DEU a=300 b=310 c=290
        6109     USA b=500 c=450 d=470
        64039900 DEU d=1000
        64039900 USA a=200 b=210 c=220 d=190
    """)
    contributions = pa.Table.from_pylist([part.row() for part in parts], schema=CONTRIBUTIONS)  # noqa: F841 - as above
    with warehouse.connect(home) as connection:
        connection.execute("create schema statistics")
        connection.execute(
            "create table statistics.trade_contributions as select *, 0 as items_without_net_weight from contributions"
        )
    protect_vintage(home, NOVEMBER, Vintage(1, "preliminary", date(2026, 12, 5), date(2026, 12, 4)))
    with warehouse.connect(home) as connection:
        rows = connection.execute("from statistics.trade_published").to_arrow_table()
    written = {file.name: file for file in sdmx.write(home, NOVEMBER, 1, rows, published_at=EVENING)}
    found = read_back(written["trade.sdmx.csv"])
    assert found == expected(rows.to_pylist())
    assert {confidential for _, _, confidential in found.values()} == {"F", "C"}


def test_values_at_real_rates_are_no_test(tmp_path):
    written = write(tmp_path, november())
    text = written["trade.sdmx.xml"].read_text()
    assert "<mes:Test>false</mes:Test>" in text
    assert "COMMENT_DSET" not in text
    assert "true" not in {line.rpartition(",")[2] for line in written["comtrade.csv"].read_text().splitlines()}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(
        st.one_of(
            st.none(), st.decimals(0, Decimal("99999999999999.99999"), places=5, allow_nan=False, allow_infinity=False)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_amount_is_rounded_or_lost_on_the_way(monkeypatch, tmp_path_factory, amounts):
    monkeypatch.setattr("sandan.statistics.sdmx.files.message", lambda *_: "")  # slow, and always the same
    partners = ("USA", "DEU", "ZZZ", "ALL")
    rows = [
        cell(4, "6109", partner, str(amount or 0)) | (HIDDEN if amount is None else {})
        for partner, amount in zip(partners, amounts, strict=False)
    ]
    written = write(tmp_path_factory.mktemp("any"), rows)
    with written["trade.sdmx.csv"].open() as lines:
        found = {
            row["COUNTERPART_AREA_1"]: row["OBS_VALUE"]
            for row in csv.DictReader(lines)
            if row["MEASURE"] == "VALUE_CNY"
        }
    assert {AREAS[row["partner"]]: row["value_cny"] for row in rows} == {
        partner: Decimal(value) if value else None for partner, value in found.items()
    }
    assert read_back(written["trade.sdmx.xml"]) == expected(rows)


def test_comtrade_has_the_records_of_the_published_table_in_its_columns(files):
    with files["comtrade.csv"].open() as lines:
        records = list(csv.DictReader(lines))
    assert len(records) == len(november())
    assert list(records[0])[:6] == ["typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period"]
    assert list(records[0])[47:] == ["confStatus", "vintage", "vintageNo", "isValueSimulated"]
    assert {tuple(row.values())[48:] for row in records} == {("preliminary", "1", "true")}
    by_key = {(row["flowCode"], row["cmdCode"], row["partnerISO"]): row for row in records}
    assert len(by_key) == len(records)
    shirt = by_key["X", "61091000", "W00"]
    assert (shirt["period"], shirt["reporterCode"], shirt["partnerCode"], shirt["aggrLevel"]) == (
        "202611",
        "156",
        "0",
        "8",
    )
    assert (shirt["qty"], shirt["qtyUnitAbbr"], shirt["netWgt"]) == ("81.00000", "u", "8.10000")
    assert (shirt["fobvalue"], shirt["cifvalue"], shirt["primaryValue"]) == ("101.25000", "", "101.25000")
    hidden = by_key["X", "61", "ZZZ"]
    assert (hidden["primaryValue"], hidden["netWgt"], hidden["confStatus"]) == ("", "", "C")
    returned = by_key["RM", "61091000", "USA"]
    assert (returned["netWgt"], returned["isNetWgtEstimated"], shirt["isNetWgtEstimated"]) == ("", "false", "true")
    horse = by_key["M", "01012100", "DEU"]
    assert (horse["cifvalue"], horse["fobvalue"], horse["qtyUnitAbbr"]) == ("12499999999999.89043", "", "kg")
    assert {"6109XX", "6109XXXX"} <= {row["cmdCode"] for row in records}
    # amounts of one level add up to those of all goods
    total = Decimal(by_key["X", "TOTAL", "USA"]["primaryValue"])
    assert total == Decimal(by_key["X", "6109", "USA"]["primaryValue"])
