"""What is hidden and what is published, in tables small enough to work by hand."""

from __future__ import annotations

import random
from importlib import import_module

import duckdb
import pyarrow as pa
import pytest
from tables import RULES, SCHEMA, Part, hidden, protected, published, read

from sandan.errors import SandanError
from sandan.statistics import Rules, protect

# two leaves of one subheading, two partners; every cell has four enterprises of like size but one
SQUARE = """
61091010 DEU a=100 b=100 c=100 d=100
61091010 FRA a=200 b=200 c=200 d=200
61091020 DEU a=300 b=300 c=300 d=300
61091020 FRA e=1000
"""
BELOW = {(8, "61091010"), (8, "61091020")}


def test_the_square_around_an_unsafe_cell_is_hidden_and_nothing_else():
    result = protected(read(SQUARE))

    assert hidden(result.cells) == {(*leaf, partner) for leaf in BELOW for partner in ("DEU", "FRA")}
    assert [(row["hs_code"], row["partner"]) for row in result.hidden.to_pylist() if row["unsafe"]] == [
        ("61091020", "FRA")
    ]
    assert not result.accounts[0].withheld


def test_a_safe_table_is_published_whole_and_to_the_cent():
    parts = read(SQUARE.replace("e=1000", "e=300 a=250 b=250 c=200"))

    cells = protected(parts).cells

    assert hidden(cells) == set()
    values = published(cells)
    assert values[0, "TOTAL", "ALL"] == 3400
    assert values[6, "610910", "FRA"] == 1800
    assert published(cells, "value_usd")[8, "61091020", "FRA"] == 125
    assert published(cells, "qty1")[8, "61091020", "ALL"] == 1100


def test_all_measures_of_a_cell_are_hidden_together():
    cells = protected(read(SQUARE)).cells

    states = {"C": set(), "F": set()}
    for row in cells.to_pylist():
        states[row["conf_status"]].add((row["obs_status"], row["value_cny"] is None, row["net_weight_kg"] is None))
        if row["conf_status"] == "C":
            measures = ("value_usd", "qty1", "unit1", "declarations", "items", "enterprises")
            assert {row[name] for name in measures} == {None}
    assert states == {"C": {("Q", True, True)}, "F": {("A", False, False)}}


def test_a_grand_total_that_is_unsafe_withholds_its_table_and_no_other():
    rows = [part.row() for part in read("61091010 DEU a=1000 b=10 c=10")]
    rows += [part.row() | {"flow": "I"} for part in read("61091010 DEU a=1000 b=900 c=800")]
    connection = duckdb.connect()
    connection.register("contributions", pa.Table.from_pylist(rows, schema=SCHEMA))

    result = protect(connection, "contributions", RULES)

    states = {(row["flow"], row["conf_status"]) for row in result.cells.to_pylist()}
    assert states == {("E", "C"), ("I", "F")}
    assert {(account.flow, account.withheld, account.share) for account in result.accounts} == {
        ("E", True, 1.0),
        ("I", False, 0.0),
    }


def test_an_unsafe_cell_that_nothing_can_hide_withholds_its_table():
    """Where no other goods have a weight, the one weight is the difference of two totals."""
    rows = [Part("61091010", "DEU", name, 500).row() | {"net_weight_kg": 0} for name in "abcd"]
    rows.append(Part("62011010", "DEU", "e", 500).row())
    connection = duckdb.connect()
    connection.register("contributions", pa.Table.from_pylist(rows, schema=SCHEMA))

    result = protect(connection, "contributions", RULES)

    assert all(account.withheld for account in result.accounts)
    assert set(result.cells["conf_status"].to_pylist()) == {"C"}


def test_where_little_is_safe_the_grand_total_is_left():
    shown = published(protected(read("61091010 DEU a=100 b=100 c=100\n62011010 FRA e=100")).cells)

    assert {cell for cell, value in shown.items() if value is not None} == {(0, "TOTAL", "ALL")}


def test_a_simplified_code_is_a_leaf_below_its_heading():
    values = published(protected(read("6109 DEU a=50 b=60 c=70\n61091010 DEU a=50 b=60 c=70")).cells)

    assert values[4, "6109", "DEU"] == 360
    assert values[6, "6109", "DEU"] == values[8, "6109", "DEU"] == 180
    for level in (0, 2, 4, 6, 8):
        assert sum(value for cell, value in values.items() if cell[0] == level and cell[2] == "DEU") == 360


def test_quantities_of_two_units_are_not_added():
    parts = [Part("61091010", "DEU", name, 100) for name in "abc"]
    parts += [Part("61091010", "FRA", name, 100, unit="035") for name in "abc"]

    quantities = published(protected(parts).cells, "qty1")

    assert quantities[8, "61091010", "DEU"] == 150
    assert quantities[8, "61091010", "ALL"] is None


def test_small_counts_are_published_nowhere():
    parts = read(SQUARE.replace("e=1000", "e=300 a=250 b=250 c=200"))
    parts += [Part("61091030", "DEU", f"e{n}", 100) for n in range(20)]

    counts = published(protected(parts).cells, "enterprises")

    assert {cell for cell, count in counts.items() if count is not None} == {
        (level, "61091030"[:level] or "TOTAL", partner) for level in (0, 2, 4, 6, 8) for partner in ("DEU", "ALL")
    }


def test_what_an_earlier_vintage_hid_stays_hidden_and_protected():
    first = protected(read(SQUARE))
    second = protected(read(SQUARE.replace("e=1000", "e=1000 a=300 b=250 c=200")), before=first.hidden)
    alone = protected(read(SQUARE.replace("e=1000", "e=1000 a=300 b=250 c=200")))

    assert hidden(alone.cells) == set()
    assert hidden(second.cells) == hidden(first.cells)
    assert second.hidden.equals(first.hidden)


def test_a_table_of_which_nothing_is_left_has_no_rows():
    before = protected(read(SQUARE)).hidden
    other = before.set_column(1, "flow", pa.array(["I"] * len(before)))

    assert protected(read(SQUARE), before=other).cells.equals(protected(read(SQUARE)).cells)


def test_the_same_contributions_give_the_same_cells():
    """In whatever order they come, on however many threads: which of two alike is larger decides what is hidden."""
    tied = """
    {0}1010 DEU a=500 b=500
    {0}1010 FRA a=200 c=40 d=40 e=40
    {0}1010 ITA a=900 b=900 c=900 d=900
    {0}1020 DEU a=200 b=200 c=200 d=200
    {0}1020 FRA a=200 b=200 c=200 d=200
    {0}1020 ITA a=900 b=900 c=900 d=900
    """
    rows = [part.row() for heading in range(6101, 6107) for part in read(tied.format(heading))]
    draw = random.Random(1)  # noqa: S311
    found = []
    for threads in (1, 1, 4, 4):
        draw.shuffle(rows)
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.register("given", pa.Table.from_pylist(rows, schema=SCHEMA))
            # more rows than one thread takes
            connection.execute("create table contributions as from given, range(1000) as times (n)")
            found.append(protect(connection, "contributions", RULES))

    assert 0 < len(found[0].hidden) < len(found[0].cells)
    assert all(again.cells.equals(found[0].cells) and again.hidden.equals(found[0].hidden) for again in found[1:])


def test_large_tables_side_by_side_give_the_same_cells(monkeypatch):
    monkeypatch.setattr(import_module("sandan.statistics.protect"), "_LARGE", 1)
    flows = [part.row() | {"flow": flow} for part in read(SQUARE) for flow in ("E", "I", "RE")]
    connection = duckdb.connect()
    connection.register("contributions", pa.Table.from_pylist(flows, schema=SCHEMA))

    alone, together = (protect(connection, "contributions", RULES, processes=processes) for processes in (1, 2))

    assert together.cells.equals(alone.cells)
    assert together.hidden.equals(alone.hidden)
    assert together.accounts == alone.accounts


def test_a_companion_of_one_enterprise_does_not_protect_alone():
    """Who is alone in a companion cell knows it, and so would know the cell that it protects."""
    result = protected(
        read("""
        61091010 DEU e=1000
        61091010 FRA f=1000
        61091010 ITA a=900 b=900 c=900 d=900
        61091020 DEU a=900 b=900 c=900
        61091020 FRA a=900 b=900 c=900
        61091020 ITA a=900 b=900 c=900
        """)
    )

    assert {(8, "61091010", "DEU"), (8, "61091010", "FRA"), (8, "61091010", "ITA")} <= hidden(result.cells)


@pytest.mark.parametrize(
    "change", [{"value_cny": -1}, {"enterprise": None}, {"hs_code": "610910"}, {"partner": "ALL"}, {"items": -1}]
)
def test_contributions_that_are_none_stop_it(change):
    connection = duckdb.connect()
    row = Part("61091010", "DEU", "a", 100).row() | change
    connection.register("contributions", pa.Table.from_pylist([row], schema=SCHEMA))

    with pytest.raises(SandanError, match="1 contributions"):
        protect(connection, "contributions", RULES)


def test_nothing_stays_in_the_connection():
    connection = duckdb.connect()
    connection.register("contributions", pa.Table.from_pylist([part.row() for part in read(SQUARE)], schema=SCHEMA))

    protect(connection, "contributions", RULES)

    assert connection.execute("select count(*) from duckdb_tables()").fetchone() == (0,)


def test_parameters_are_in_no_statement(capfd):
    """DuckDB's own log of statements has none of them, nor has what is printed."""
    connection = duckdb.connect()
    connection.execute("set enable_logging = true")
    connection.execute("set logging_level = 'trace'")
    connection.register("contributions", pa.Table.from_pylist([part.row() for part in read(SQUARE)], schema=SCHEMA))

    result = protect(connection, "contributions", Rules(17, 43))

    text = str(connection.execute("select message from duckdb_logs").fetchall())
    assert "disclosure_work_leaves" in text
    said = capfd.readouterr()
    for secret in ("17", "43", "0.43"):
        assert secret not in f"{text}{said.out}{said.err}{result.accounts}{result.hidden.to_pylist()}"
