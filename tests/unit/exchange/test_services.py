"""Service files: those of the project are right, a wrong one stops with file, line and remedy."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from sandan.errors import ConfigurationError
from sandan.exchange.services import CONTRACTS, DEPARTMENTS, TABLES, known_columns, load_service, load_services
from sandan.home import PROJECT
from sandan.lists import PERSONAL

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """\
id: port
name: {zh: 口岸, en: Port}
extracts:
  lists:
    to: tax
    of: department_records
    why: "tax needs them"
    only: {flow: [E], customs_state: [closed]}
    filled: [zone_code]
    format: csv
    encoding: gb18030
    code_lists: iso
    columns:
      no: cop_no
      kind: {const: A}
      left: {from: customs_date, time: "%Y%m%d"}
      money: {from: customs_currency}
      unit: {from: customs_unit, values: {"011": piece}, otherwise: other}
      flow: {from: flow, values: {E: out, I: in}}
      amount: {from: customs_amount, decimals: 2}
"""


def write(folder: Path, text: str, name: str = "port.yml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


def test_a_right_service(tmp_path: Path) -> None:
    (extract,) = load_service(write(tmp_path, SERVICE))

    assert (extract.department, extract.table, extract.encoding) == ("tax", "department_records", "gb18030")
    assert extract.file_name == "port-lists.csv"
    assert extract.only == {"flow": ("E",), "customs_state": ("closed",)}
    columns = {column.field: column for column in extract.columns}
    assert list(columns) == ["no", "kind", "left", "money", "unit", "flow", "amount"]
    assert columns["money"].values["502"] == "USD"
    assert (columns["unit"].values, columns["unit"].otherwise) == ({"011": "piece"}, "other")
    assert columns["kind"].constant == "A"


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("id: port", "id: harbour", "id:", "not the file's name"),
        ("name: {zh: 口岸, en: Port}", "name: {zh: 口岸}", "name:", "lacks 'en'"),
        ("    to: tax", "    too: tax", "too:", "unknown key 'too'"),
        ("    to: tax", "    to: police", "to:", "one of: customs, tax, forex, inspection"),
        ("of: department_records", "of: clearance_facts", "of:", "one of: department_records"),
        ('    why: "tax needs them"\n', "", "to:", "lacks 'why'"),
        ("  lists:", "  Lists!:", "to:", "'Lists!' is no Lists!"),
        ("format: csv", "format: xml", "format:", "one of: csv, jsonl"),
        ("encoding: gb18030", "encoding: hex", "encoding:", "no encoding of text"),
        ("code_lists: iso", "code_lists: own", "code_lists:", "one of: customs, iso"),
        ("no: cop_no", "no: copno", "no: copno", "has no column 'copno'"),
        ("no: cop_no", "no: cop_no\n      no: ebc_code", "no: ebc_code", "written twice"),
        ("no: cop_no", "no: {form: cop_no}", "no: {form", "unknown key 'form'"),
        ("no: cop_no", "no: {values: {a: b}}", "no: {values", "either from or const"),
        ("{const: A}", "{const: A, from: cop_no}", "kind:", "either from or const"),
        ("{const: A}", "{const: A, decimals: 2}", "kind:", "nothing is left to convert"),
        ("{from: customs_date,", "{from: cop_no,", "left:", "it takes no time"),
        ('"%Y%m%d"', '"%Y%m"', "left:", "no full date"),
        ("decimals: 2", "decimals: 6", "amount:", "one of: 0, 1"),
        ("{from: customs_amount,", "{from: customs_date,", "amount:", "it takes no decimals"),
        ("{from: customs_amount, decimals: 2}", "{from: customs_amount, values: {a: b}}", "amount:", "takes no values"),
        ("{E: out, I: in}", "{E: out}", "flow: {from", "values lacks 'I'"),
        ("{E: out, I: in}", "{E: out, I: in, X: neither}", "flow: {from", "no code 'X'"),
        ("{from: customs_currency}", "{from: customs_currency, otherwise: x}", "money:", "otherwise goes with values"),
        ("{flow: [E],", "{flow: [X],", "only:", "one of: E, I"),
        ("{flow: [E],", "{flaw: [E],", "only:", "no column 'flaw'"),
        ("{flow: [E],", "{customs_date: [E],", "only:", "holds no codes"),
        ("filled: [zone_code]", "filled: [zone]", "filled:", "no column 'zone'"),
    ],
)
def test_a_wrong_service_names_line_and_remedy(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    assert old in SERVICE
    text = SERVICE.replace(old, new, 1)
    file = write(tmp_path, text)

    with pytest.raises(ConfigurationError, match=says) as caught:
        load_services(tmp_path)

    assert (caught.value.file, caught.value.line) == (file, line_of(text, at))
    assert caught.value.remedy


def test_an_extract_has_columns(tmp_path: Path) -> None:
    text = SERVICE[: SERVICE.index("    columns:")] + "    columns: {}\n"
    with pytest.raises(ConfigurationError, match="an extract without columns says nothing"):
        load_service(write(tmp_path, text))


def test_folders_of_services(tmp_path: Path) -> None:
    assert load_services(tmp_path) == []
    write(tmp_path, SERVICE, "port.yaml")
    with pytest.raises(ConfigurationError, match=r"a service file ends in \.yml"):
        load_services(tmp_path)
    with pytest.raises(ConfigurationError, match="no such folder of service files") as caught:
        load_services(tmp_path / "gone")
    assert "SANDAN_SERVICES" in caught.value.remedy


def test_the_services_of_the_project_give_each_department_no_more_than_it_needs() -> None:
    extracts = load_services(PROJECT / "services")

    assert {extract.department for extract in extracts} == set(DEPARTMENTS)
    given = {
        department: {c.source for e in extracts if e.department == department for c in e.columns}
        for department in DEPARTMENTS
    }
    money = {c for c in known_columns("department_records") if c.endswith(("amount", "currency", "refund"))}
    assert not given["inspection"] & money
    assert not given["forex"] & {"customs_quantity", "customs_weight", "tax_refund", "inspection_state"}
    assert not given["customs"] & money
    # everyone is told its own mismatches, of the fields that it shares with others; inspection shares no money
    notices = {e.department: e.only for e in extracts if e.table == "department_notices"}
    assert {department: only["told"] for department, only in notices.items()} == {d: (d,) for d in DEPARTMENTS}
    with (PROJECT / "dbt_project" / "seeds" / "compared_fields.csv").open(encoding="utf-8", newline="") as file:
        compared = list(csv.DictReader(file))
    for department, only in notices.items():
        of_it = [row for row in compared if department in (row["department_a"], row["department_b"])]
        assert set(only["field"]) - {"declaration"} == {row["field"] for row in of_it}
    assert not set(notices["inspection"]["field"]) & {"amount", "currency"}
    assert all(
        row["hidden_from"] == "customs"
        for row in compared
        if row["department_b"] == "forex" and row["field"] in {"amount", "currency"}
    )
    lists = next(e for e in extracts if e.name == "list-data")
    assert lists.filled == ("zone_code",)


def test_what_extracts_are_made_of_holds_no_person() -> None:
    for table, keys in TABLES.items():
        columns = known_columns(table)
        assert (CONTRACTS / f"{table}.sql").is_file()
        assert {"run_date", *keys} <= set(columns)
        assert not set(columns) & set(PERSONAL)
