"""Which department gets what: `services/*.yml`, one file a local platform. A wrong one stops the run at once."""

from __future__ import annotations

import csv
import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from sandan.errors import ConfigurationError
from sandan.home import PROJECT
from sandan.read.yaml_checks import encoding, identity, name, time_format, yaml_files
from sandan.read.yaml_nodes import Value, load

if TYPE_CHECKING:
    from pathlib import Path

DEPARTMENTS = ("customs", "tax", "forex", "inspection")
#: what extracts are made of: logs by run, each with the columns that tell its rows of a run apart
TABLES = {
    "department_records": ("ebc_code", "cop_no"),
    "department_notices": ("ebc_code", "cop_no", "field", "department_a", "department_b", "told"),
}
CONTRACTS = PROJECT / "dbt_project" / "models" / "public_service" / "departments"
CODE_LISTS = PROJECT / "dbt_project" / "seeds" / "code_lists.csv"
_CODE_SETS = ("customs", "iso")
_FORMATS = ("csv", "jsonl")
_REQUIRED = ("to", "of", "why", "format", "encoding", "code_lists", "columns")
_OPTIONAL = ("only", "filled")
_HABITS = ("from", "const", "values", "otherwise", "time", "decimals")
#: decimals of every amount and quantity in the lake
_MOST_DECIMALS = 5


@dataclass(frozen=True)
class Known:
    """A column of a table: its type, the codes it holds where there are few, the code list where there are many."""

    type: str
    codes: tuple[str, ...]
    code_list: str


@dataclass(frozen=True)
class Column:
    """One field of an extract: a column of the table (`source`), or always the same (`constant`).

    `values`: their code of ours; a code that is not among them is `otherwise`, and an error without one.
    """

    field: str
    source: str = ""
    constant: str = ""
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    otherwise: str = ""
    time: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Extract:
    """One file a day for one department: `only` the rows with one of these codes, `filled` those with a value."""

    service_file: Path
    name: str
    department: str
    table: str
    format: str
    encoding: str
    columns: tuple[Column, ...]
    only: dict[str, tuple[str, ...]]
    filled: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """The platform and the extract: two platforms serve one department side by side."""
        return f"{self.service_file.stem}-{self.name}.{self.format}"


def load_services(folder: Path) -> list[Extract]:
    """The extracts of every platform, validated; no platform, no extracts.

    Raises:
        ConfigurationError: at the first fault.
    """
    if not folder.is_dir():
        remedy = "make it, or set SANDAN_SERVICES to the folder that holds the service files"
        raise ConfigurationError(folder, 0, "there is no such folder of service files", remedy)
    return [extract for file in yaml_files(folder, "a service file") for extract in load_service(file)]


def load_service(file: Path) -> list[Extract]:
    """The extracts of one platform. Raises ConfigurationError."""
    given = load(file, "the service file").mapping(("id", "name", "extracts"), ())
    identity(given["id"])
    for text in given["name"].mapping(("zh", "en"), ()).values():
        text.text()
    return [_extract(file, key, value) for key, value in given["extracts"].mapping().items()]


def known_columns(table: str) -> dict[str, Known]:
    """The columns that extracts of a table may have: those of its contract, in the yml beside its model."""
    return _known(CONTRACTS / f"{table}.yml")


@cache
def _known(contract: Path) -> dict[str, Known]:
    (model,) = yaml.safe_load(contract.read_text(encoding="utf-8"))["models"]
    known = {}
    for column in model["columns"]:
        meta: dict[str, Any] = column.get("config", {}).get("meta", {})
        known[column["name"]] = Known(column["data_type"], tuple(meta.get("codes", ())), meta.get("code_list", ""))
    return known


def _extract(file: Path, key: str, value: Value) -> Extract:
    given = value.mapping(_REQUIRED, _OPTIONAL)
    given["why"].text()
    table = given["of"].text(tuple(TABLES))
    known = known_columns(table)
    iso = given["code_lists"].text(_CODE_SETS) == "iso"
    only = given["only"].mapping() if "only" in given else {}
    fields = given["columns"].mapping()
    if not fields:
        raise given["columns"].error("an extract without columns says nothing", "name at least one")
    return Extract(
        service_file=file,
        name=name(value, key),
        department=given["to"].text(DEPARTMENTS),
        table=table,
        format=given["format"].text(_FORMATS),
        encoding=encoding(given["encoding"]),
        columns=tuple(_column(column, entry, table, iso=iso) for column, entry in fields.items()),
        only={_named(entry, column, table): _codes(entry, known[column]) for column, entry in only.items()},
        filled=tuple(_named(v, v.text(), table) for v in given["filled"].items()) if "filled" in given else (),
    )


def _named(value: Value, column: str, table: str) -> str:
    if column not in known_columns(table):
        place = (CONTRACTS / f"{table}.yml").relative_to(PROJECT)
        raise value.error(f"{table} has no column '{column}'", f"write one of those in {place}")
    return column


def _codes(value: Value, known: Known) -> tuple[str, ...]:
    """The codes by which an extract takes rows."""
    if known.type != "varchar":
        raise value.error(f"'{value.name}' is {known.type} and holds no codes", "name it under filled, or remove it")
    return tuple(entry.text(known.codes) for entry in value.items())


def _column(column: str, value: Value, table: str, *, iso: bool) -> Column:
    if value.is_text():
        return _converted(column, value, {"from": value}, table, iso=iso)
    habits = value.mapping((), _HABITS)
    if ("from" in habits) == ("const" in habits):
        raise value.error(f"'{column}' needs either from or const", "write {from: column} or {const: value}")
    if "const" in habits:
        if len(habits) > 1:
            raise value.error(f"'{column}' has a const: nothing is left to convert", "remove the other keys")
        return Column(column, constant=habits["const"].text())
    return _converted(column, value, habits, table, iso=iso)


def _converted(column: str, value: Value, habits: dict[str, Value], table: str, *, iso: bool) -> Column:
    source = _named(habits["from"], habits["from"].text(), table)
    known = known_columns(table)[source]
    for habit, type_ in (("values", "varchar"), ("time", "date"), ("decimals", "decimal")):
        if habit in habits and not known.type.startswith(type_):
            raise habits[habit].error(f"'{source}' is {known.type}: it takes no {habit}", f"remove {habit}")
    values = _values(value, habits, known)
    if iso and known.code_list and not values:
        values = _iso_codes(known.code_list)
    return Column(
        column,
        source=source,
        values=values,
        otherwise=habits["otherwise"].text() if "otherwise" in habits else "",
        time=time_format(habits["time"]) if "time" in habits else "",
        decimals=_decimals(habits["decimals"]) if "decimals" in habits else None,
    )


def _values(value: Value, habits: dict[str, Value], known: Known) -> dict[str, str]:
    """Their code of each of ours. Where ours are few, none may be forgotten."""
    if "values" not in habits:
        if "otherwise" in habits:
            raise habits["otherwise"].error("otherwise goes with values", "add values: {our code: theirs}")
        return {}
    entries = habits["values"].mapping()
    if known.codes:
        for code, entry in entries.items():
            if code not in known.codes:
                raise entry.error(f"there is no code '{code}'", f"write one of: {', '.join(known.codes)}")
        missing = [code for code in known.codes if code not in entries]
        if missing and "otherwise" not in habits:
            raise value.error(f"values lacks '{missing[0]}'", f"add {missing[0]}: …, or otherwise: … for all others")
    return {code: entry.text() for code, entry in entries.items()}


def _decimals(value: Value) -> int:
    choices = [str(n) for n in range(_MOST_DECIMALS + 1)]
    return int(value.text(choices))


@cache
def _iso_codes(code_list: str) -> dict[str, str]:
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code_list"] == code_list]
    return {row["code"]: row["iso"] for row in rows if row["code_set"] == "customs" and row["iso"]}
