"""The pipeline against the oracle: some nasty worlds over three dates, every published verdict compared, exactly.

`SANDAN_ORACLE_SEEDS="3 4 5"` tries other stories; `SANDAN_ORACLE_WORLDS` makes them larger (worlds of 60 declarations).
"""

from __future__ import annotations

import csv
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from sandan import gates
from sandan.home import PROJECT, Home
from sandan.warehouse import connect, connect_published
from tests.end_to_end.comparison import run

from .generator import story
from .landing import Landing
from .oracle import Oracle
from .published import expected, observed, record_states, said_record_states
from .records import SEEDS, Source
from .rules import IN_FORCE, Reference
from .stories import report

DATES = (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22))
SEED_NUMBERS = [int(seed) for seed in os.environ.get("SANDAN_ORACLE_SEEDS", "1").split()]
WORLDS = int(os.environ.get("SANDAN_ORACLE_WORLDS", "25"))
DECLARATIONS = 60
NOON = datetime(2026, 11, 23, 12)


def xml_sources() -> list[Source]:
    """The sources that take any national message."""
    configured = [yaml.safe_load(file.read_text("utf-8")) for file in sorted((PROJECT / "sources").glob("*.yml"))]
    return [Source(s["id"], s["edition"], s["code_lists"]) for s in configured if s["format"] == "ceb-xml"]


def hs_codes() -> frozenset[str]:
    with (SEEDS / "hs_codes.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["hs_code"] for row in csv.DictReader(file))


#: the operator's own tables of the home, and what the oracle is told of them
CONTROLS = (
    ("420222", "permit", date(2026, 11, 20), date(9999, 12, 31)),
    ("95", "duty", date(2020, 1, 1), date(2026, 11, 18)),
    ("61099010", "permit", date(2020, 1, 1), date(9999, 12, 31)),
    ("8517120000", "duty", date(2020, 1, 1), date(9999, 12, 31)),
)
#: code, first and last day, rates of tariff, VAT and consumption tax; the other codes have none
DUTIES = (
    ("6109100010", date(2018, 1, 1), date(2026, 11, 15), "0.06", "0.13", "0"),
    ("6109100010", date(2026, 11, 16), date(9999, 12, 31), "0.05", "0", "0"),
    ("9503008900", date(2018, 1, 1), date(9999, 12, 31), "0.05", "0.13", "0.15"),
    ("8517130000", date(2018, 1, 1), date(9999, 12, 31), "0", "0", "0"),
)


def reference() -> Reference:
    with (SEEDS / "exchange_rates.csv").open(encoding="utf-8", newline="") as file:
        rates = {(row["month"], row["currency"]): Decimal(row["cny_per_unit"]) for row in csv.DictReader(file)}
    duties: dict[str, list[tuple[date, date, Decimal, Decimal, Decimal]]] = {}
    for code, since, until, mfn, vat, consumption in DUTIES:
        duties.setdefault(code, []).append((since, until, Decimal(mfn), Decimal(vat), Decimal(consumption)))
    return Reference(hs_codes(), rates=rates, controls=CONTROLS, duties=duties)


def write_reference(home: Home) -> None:
    home.reference.mkdir(parents=True)
    controls = [("hs_code", "measure", "valid_from", "valid_to"), *CONTROLS]
    columns = (
        "hs_code",
        "name",
        "unit1",
        "unit2",
        "mfn_rate",
        "vat_rate",
        "consumption_rate",
        "valid_from",
        "valid_to",
    )
    duties = [(code, "货", "035", "", *rates, since, until) for code, since, until, *rates in DUTIES]
    for name, rows in (("export_controls", controls), ("import_rates", [columns, *duties])):
        with (home.reference / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


@pytest.mark.parametrize("seed", SEED_NUMBERS)
def test_every_verdict_is_the_oracles(seed: int, tmp_path: Path) -> None:
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    sources = xml_sources()
    sent = story(seed, DATES, sources, WORLDS, DECLARATIONS)
    delivered = Landing(home.root, DATES, sources, seed).write(sent)
    write_reference(home)
    oracle = Oracle(reference(), sources)
    for day in DATES:
        oracle.run(day, delivered[day])
        run(home, day, NOON)
        with connect_published(home) as lake:
            found = observed(lake)
        said = expected(oracle)
        with connect(home, read_only=True) as warehouse:
            found["states"] = record_states(warehouse)
        said["states"] = said_record_states(oracle)
        reports = [report(oracle, name, said[name], found[name]) for name in said]
        assert not any(reports), f"\nseed {seed}, run of {day}" + "\n".join(reports)
    for gate in ("received", "staged", "matched", "marts", "public_service"):
        gates.check(home, DATES[-1], gate)
    failed = {rule for life in oracle.lives.values() for rule in life.failed_rules}
    assert failed == IN_FORCE - {"PTY01"}  # no register is loaded
    statuses = {life.shown_status for life in oracle.lives.values()}
    assert statuses == {"waiting", "review", "refused", "released", "closed", "cancelled"}
