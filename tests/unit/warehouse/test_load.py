"""`sandan.warehouse.load`: every record once, with an id that stays."""

from __future__ import annotations

from datetime import date

import pytest

from sandan import lists, warehouse
from sandan.errors import ConfigurationError, SandanError

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
FIRST_FILE = 261_116_000_001


def order(file_no: int, position: int = 1, **elements: str) -> dict[str, object]:
    return {"file_no": file_no, "position": position, "order_no": f"{file_no}-{position}", **elements}


def test_a_day_without_files_makes_every_table_empty(home, query):
    assert warehouse.load(home, MONDAY) == {"files": 0, "repeated": 0, "quarantined": 0, "records": 0}
    tables = set(query("select table_name from duckdb_tables() where schema_name = 'raw'"))
    assert tables == {"files", "party_register", "exchange_rates", "export_controls", "import_rates"} | {
        t for pair in lists.TABLES.values() for t in pair if t
    }


def test_records_and_items_carry_run_file_and_position(home, readers, query):
    item = {"file_no": 1, "position": 2, "line": 1, "gnum": "7"}
    readers.write(MONDAY, "shop", {"a.xml": "d1"}, orders=[order(1), order(1, 2)], order_items=[item])
    assert warehouse.load(home, MONDAY) == {"files": 1, "repeated": 0, "quarantined": 0, "records": 2}
    ids = [FIRST_FILE * 10_000_000 + 1, FIRST_FILE * 10_000_000 + 2]
    assert query("select run_date, record_id, file_id, position, order_no, app_type from raw.orders order by 2") == [
        (MONDAY, ids[0], FIRST_FILE, 1, "1-1", None),
        (MONDAY, ids[1], FIRST_FILE, 2, "1-2", None),
    ]
    assert query("select run_date, record_id, line, gnum from raw.order_items") == [(MONDAY, ids[1], 1, "7")]


def test_files_are_numbered_by_source_and_path(home, readers, query):
    readers.write(MONDAY, "shop", {"b.xml": "d2", "a.xml": "d1"})
    readers.write(MONDAY, "bank", {"z.xml": "d3"})
    warehouse.load(home, MONDAY)
    assert query("select source_id || '/' || path from raw.files order by file_id") == [
        "bank/z.xml",
        "shop/a.xml",
        "shop/b.xml",
    ]


def test_loading_a_date_again_gives_the_same_rows(home, readers, query):
    readers.write(MONDAY, "shop", {"a.xml": "d1", "b.xml": "d2"}, orders=[order(1), order(2)])
    warehouse.load(home, MONDAY)
    before = query("from raw.files order by file_id"), query("from raw.orders order by record_id")
    warehouse.load(home, MONDAY)
    assert (query("from raw.files order by file_id"), query("from raw.orders order by record_id")) == before


def test_a_file_keeps_its_number_when_another_comes_before_it(home, readers, query):
    readers.write(MONDAY, "shop", {"b.xml": "d2"}, orders=[order(1)])
    warehouse.load(home, MONDAY)
    readers.write(MONDAY, "shop", {"a.xml": "d1", "b.xml": "d2"}, orders=[order(1), order(2)])
    warehouse.load(home, MONDAY)
    assert dict(query("select path, file_id from raw.files")) == {"b.xml": FIRST_FILE, "a.xml": FIRST_FILE + 1}


def test_a_file_that_is_gone_is_gone(home, readers, query):
    readers.write(MONDAY, "shop", {"a.xml": "d1", "b.xml": "d2"}, orders=[order(1), order(2)])
    warehouse.load(home, MONDAY)
    readers.write(MONDAY, "shop", {"b.xml": "d2"}, orders=[order(1)])
    warehouse.load(home, MONDAY)
    assert query("select path from raw.files") == ["b.xml"]
    assert len(query("from raw.orders")) == 1


def test_of_equal_files_in_one_run_the_first_by_source_and_path_is_read(home, readers, query):
    readers.write(MONDAY, "shop", {"a.xml": "same", "b.xml": "same"}, orders=[order(1), order(2)])
    readers.write(MONDAY, "bank", {"z.xml": "same"}, orders=[order(1)])
    assert warehouse.load(home, MONDAY) == {"files": 3, "repeated": 2, "quarantined": 0, "records": 1}
    states = query("select source_id || '/' || path, state, records from raw.files order by all")
    assert states == [("bank/z.xml", "read", 1), ("shop/a.xml", "repeated", 0), ("shop/b.xml", "repeated", 0)]
    assert len(query("from raw.orders")) == 1


def test_a_file_that_its_source_delivered_before_is_repeated(home, readers, query):
    readers.write(MONDAY, "shop", {"a.xml": "same"}, orders=[order(1)])
    warehouse.load(home, MONDAY)
    readers.write(TUESDAY, "shop", {"other-name.xml": "same"}, orders=[order(1)])
    readers.write(TUESDAY, "bank", {"z.xml": "another"}, orders=[order(1)])
    assert warehouse.load(home, TUESDAY)["repeated"] == 1
    assert query("select run_date, count(*) from raw.orders group by all order by all") == [(MONDAY, 1), (TUESDAY, 1)]


def test_another_source_may_deliver_on_a_later_day_what_one_delivered_before(home, readers):
    readers.write(MONDAY, "shop", {"a.xml": "same"}, orders=[order(1)])
    warehouse.load(home, MONDAY)
    readers.write(TUESDAY, "bank", {"a.xml": "same"}, orders=[order(1)])
    assert warehouse.load(home, TUESDAY)["repeated"] == 0


def test_a_later_run_does_not_make_the_file_of_an_earlier_date_repeated(home, readers):
    readers.write(TUESDAY, "shop", {"a.xml": "same"}, orders=[order(1)])
    warehouse.load(home, TUESDAY)
    readers.write(MONDAY, "shop", {"a.xml": "same"}, orders=[order(1)])
    assert warehouse.load(home, MONDAY)["repeated"] == 0


def test_parts_of_a_table_are_read_together(home, readers, query):
    readers.write(MONDAY, "shop", {"a.xml": "d1"}, orders=[order(1)])
    folder = home.read_of(MONDAY) / "shop"
    (folder / "orders.parquet").rename(folder / "orders-0001.parquet")
    warehouse.load(home, MONDAY)
    assert len(query("from raw.orders")) == 1


def test_the_operators_tables_replace_what_was_there(home, query):
    home.reference.mkdir(parents=True)
    rates = home.reference / "exchange_rates.csv"
    rates.write_text("month,currency,cny_per_unit\n2026-11,502,7.1\n", encoding="utf-8")
    warehouse.load(home, MONDAY)
    assert query("select month, currency, cast(cny_per_unit as varchar) from raw.exchange_rates") == [
        ("2026-11", "502", "7.10000000")
    ]
    rates.unlink()
    warehouse.load(home, MONDAY)
    assert query("from raw.exchange_rates") == []


@pytest.mark.parametrize(
    "text",
    ["month,currency\n2026-11,502\n", "month,currency,cny_per_unit\n2026-11,502,seven\n"],
    ids=["a column is missing", "no number"],
)
def test_a_wrong_table_of_the_operator_stops_the_load_and_changes_nothing(home, readers, query, text):
    warehouse.load(home, MONDAY)
    readers.write(MONDAY, "shop", {"a.xml": "d1"}, orders=[order(1)])
    home.reference.mkdir(parents=True)
    (home.reference / "exchange_rates.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SandanError, match=r"exchange_rates\.csv"):
        warehouse.load(home, MONDAY)
    assert query("from raw.files") == []


RATES = "hs_code,name,unit1,unit2,mfn_rate,vat_rate,consumption_rate,valid_from,valid_to\n"
SWEETS = "1704900000,糖果,035,,0.1,0.16,,2018-05-01,2019-03-31\n"


def test_the_operators_rates_of_import_taxes_are_loaded(home, query):
    home.reference.mkdir(parents=True)
    text = RATES + SWEETS + "1704900000,糖果,035,,0.1,0.13,0.00001,2019-04-01,\n"
    (home.reference / "import_rates.csv").write_text(text, encoding="utf-8")
    warehouse.load(home, MONDAY)
    assert query("select cast(vat_rate as varchar), consumption_rate is null, valid_to from raw.import_rates") == [
        ("0.16000", True, date(2019, 3, 31)),
        ("0.13000", False, None),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1704900000,糖果,035,,0.1,13 %,,2019-04-01,", "3: vat_rate 13 % is no decimal"),
        ("1704900000,糖果,035,,0.1,13,,2019-04-01,", "3: a rate is a share"),
        ("1704900000,糖果,035,,-0.1,0.13,,2019-04-01,", "3: a rate is a share"),
        ("1704900000,糖果,035,,0.1,0.13,1,2019-04-01,", "3: a rate is a share"),
        ("1704900000,糖果,035,,0.1,,,2019-04-01,", "3: mfn_rate, vat_rate or valid_from is missing"),
        ("17049000,糖果,035,,0.1,0.13,,2019-04-01,", "3: hs_code 17049000 has not 10 digits"),
        (",糖果,035,,0.1,0.13,,2019-04-01,", "3: hs_code is missing"),
        ("1704900000,糖果,035,,0.1,0.13,,2019-03-31,", "3: 1704900000 has a rate for the same days in line 2"),
        ("1704900000,糖果,035,,0.1,0.13,,1 April 2019,", "3: valid_from 1 April 2019 is no date"),
    ],
)
def test_a_wrong_rate_of_import_taxes_is_told_with_its_line(home, row, problem):
    home.reference.mkdir(parents=True)
    file = home.reference / "import_rates.csv"
    file.write_text(f"{RATES}{SWEETS}{row}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="header hs_code,name") as stopped:
        warehouse.load(home, MONDAY)
    assert f"{file}:{problem}" in str(stopped.value)


def test_a_warehouse_of_an_older_edition_gets_the_new_columns(home, query):
    with warehouse.connect(home) as connection:
        connection.execute("create schema raw; create table raw.orders (run_date date, record_id bigint)")
    warehouse.load(home, MONDAY)
    columns = query("select column_name from duckdb_columns() where table_name = 'orders'")
    assert set(lists.columns("order", "head")) <= set(columns)
