"""A year of exports and their papers, over the turn of the law: every verdict and amount of every run.

A month has two landing days; in between, the month before is consolidated, and the senders of papers answer what is
published. Few enterprises and goods take part, so that relations have several lines. The rooms of the package are
called as the tasks of the DAGs call them, in this process, without Airflow and with the last gate of a day alone.
"""

from __future__ import annotations

import csv
import os
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from sandan import gates, read, warehouse
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.simulate import export, simulate_day
from sandan.simulate.goods import goods
from sandan.simulate.papers import simulate_papers
from sandan.simulate.parties import EXPORT_ENTERPRISES
from sandan.warehouse.months import begin_month, record_month
from sandan.warehouse.runs import record_run
from tests.days import PARTS

from . import exporters
from .tracing import QUERIES, Landing, ask
from .truth import Item, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: a change is tried on the two at the turn of the year (`MONTHS=14 make test` has them all)
MONTHS = int(os.environ.get("MONTHS", "2"))
WHOLE = MONTHS >= 14
FIRST = Month.fromisoformat("2025-11" if WHOLE else "2025-12")
DECLARATIONS = 150
#: after the months: what was late, and what passes on 30 April, and 36 months later
AFTERWARDS = [date(2027, 5, 4), date(2030, 2, 1)] if WHOLE else [date(2026, 5, 4), date(2029, 3, 1)]
#: few months have no pre-refund whose settling changes the amount; `tests/rebate` has every rule whatever the months
CAUSES = {"granted", "withdrawn", "corrected", "returned"} | ({"settled"} if WHOLE else set())
GOODS = "8517623990 8507600090 6402992900 8711600090 4820100000 9615110000 9608100000 6110300090".split()
NOON = datetime(2026, 1, 1, 12)

VERDICTS = """
select ebc_code, cop_no, gnum, verdict, reason_rules, state, deadline, refund_amount,
    case when state in ('open', 'withdrawn') then null else base_amount end as base_amount
from public_service.rebate_eligibility
"""
ENTRIES = """
select ebc_code, cop_no, gnum, taxpayer_id, period, cause, amount from public_service.rebate_entries where run_date = $1
"""
CREDITS = "select taxpayer_id, period, credit_refund, refundable from public_service.credit_refunds where items > 0"


def calendar() -> Iterator[tuple[date, int, Month | None]]:
    """Run dates, each with the declarations that land on it and the month that is consolidated after it.

    Of few months only those that bring something.
    """
    month = FIRST
    for number in range(MONTHS):
        yield month.first.replace(day=3), DECLARATIONS, month.before if number else None
        if WHOLE:
            yield month.first.replace(day=18), 0, None
        month = month.after
    yield month.first.replace(day=3), 0, month.before
    yield month.first.replace(day=18), 0, None
    for day in AFTERWARDS:
        yield day, 0, None


class Year:
    """What is left when all days are run: the home, and what went wrong on the way."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root=root, sources=PROJECT / "sources")
        self.truth = Truth(self.home)
        self.wrong: dict[str, list[Any]] = {}
        self.warnings: dict[str, list[str]] = {}
        self.verdicts: set[str] = set()
        self.states: set[str] = set()
        self.refunds = Fraction(0)

    def tell(self) -> None:
        for day, declarations, month in calendar():
            simulate_day(self.home, day, declarations, seed=day.toordinal())
            simulate_papers(self.home, day)
            self._run(day)
            if month is not None:
                self._consolidate(month)

    def _run(self, day: date) -> None:
        home = self.home
        surveyed = read.survey(home, day)
        for source in surveyed.sources:
            read.read_source(home, day, source)
        warehouse.begin(home, day)
        warehouse.load(home, day)
        warehouse.transform(home, day, *PARTS)
        if warned := gates.check(home, day, "public_service"):
            self.warnings[day.isoformat()] = warned
        run_id = f"year {day}"
        record_run(home, day, run_id=run_id, started_at=NOON, ended_at=NOON, unclaimed=[], stage_seconds={})
        warehouse.publish(home, day, run_id)
        self._compare(day)

    def _consolidate(self, month: Month) -> None:
        begin_month(self.home, month)
        warehouse.transform(self.home, month.last, "consolidation")
        run_id = f"year {month}"
        record_month(self.home, month, run_id=run_id, started_at=NOON, ended_at=NOON, stage_seconds={})
        warehouse.publish_month(self.home, month, run_id)

    def _compare(self, day: date) -> None:
        with warehouse.connect(self.home, read_only=True) as connection:
            items = self.truth.decide(day, connection)
            found = {row[:3]: _exact(row[3:]) for row in connection.execute(VERDICTS).fetchall()}
            entries = [_exact(row) for row in connection.execute(ENTRIES, [day]).fetchall()]
            credits_found = {row[:2]: _exact(row[2:]) for row in connection.execute(CREDITS).fetchall()}
        self._write(day, items)
        expected = {item.key: _expected(item, day) for item in items}
        self.verdicts |= {item.verdict for item in items}
        self.states |= {item.state for item in items}
        self.refunds = sum((item.refund for item in items), Fraction(0))
        wrong = [
            (key, "expected", expected.get(key), "found", found.get(key))
            for key in sorted(expected.keys() | found.keys())
            if expected.get(key) != found.get(key)
        ]
        unlike = set(entries) ^ set(self.truth.entries)
        wrong += [("entry", "found" if entry in entries else "expected", entry) for entry in unlike]
        if credits_found != self.truth.credits:
            wrong.append(("credits", "expected", self.truth.credits, "found", credits_found))
        if wrong:
            self.wrong[day.isoformat()] = wrong

    def _write(self, day: date, items: list[Item]) -> None:
        """The truth of a run, beside that of its lists."""
        with (self.home.simulation / "truth" / day.isoformat() / "rebates.csv").open("w", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(
                "ebc_code cop_no gnum verdict reason_rules state deadline refund_amount base_amount".split()
            )
            writer.writerows([*item.key, *_expected(item, day)] for item in items)


def _exact(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(Fraction(value) if isinstance(value, Decimal) else value for value in row)


def _expected(item: Item, day: date) -> tuple[Any, ...]:
    base = item.base if item.granted else None
    return (item.verdict, item.reasons, item.state, item.deadline(day), item.refund, base)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    few = tuple(good for good in goods("E") if good.hs_code in GOODS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "goods", lambda _flow: few)
        patch.setattr(export, "EXPORT_ENTERPRISES", EXPORT_ENTERPRISES[:12])
        patch.setattr(export, "_MODES", ("9610",) * 8 + ("1210", "9810"))
        year = Year(tmp_path_factory.mktemp("year"))
        year.tell()
        yield year


def test_every_verdict_and_amount_of_every_run(year: Year) -> None:
    assert {day: (len(wrong), wrong[:5]) for day, wrong in year.wrong.items()} == {}


def test_every_verdict_state_rule_and_cause_occurs(year: Year) -> None:
    assert year.verdicts == {"rebate", "exempt", "taxed", "pending", "blocked"}
    assert year.states == {"open", "granted", "pre_refunded", "settled", "withdrawn"}
    assert year.truth.causes >= CAUSES
    with (PROJECT / "dbt_project/seeds/rules.csv").open(encoding="utf-8", newline="") as file:
        rules = {row["rule_id"] for row in csv.DictReader(file) if row["stage"] == "rebate"}
    # an order, receipt or waybill may be missing only where the catalogue lets it
    assert year.truth.spoken <= rules - {"REB01"}
    if WHOLE:
        assert year.truth.spoken == rules - {"REB01"}
    assert year.refunds > 0


def test_the_gate_of_the_public_service_lets_every_run_pass(year: Year) -> None:
    assert year.warnings == {}


def test_small_exporters_are_told_what_the_other_tables_say(year: Year) -> None:
    with warehouse.connect_published(year.home) as lake:
        for count in (exporters.lines, exporters.finance, exporters.forex, exporters.parcels):
            told, counted = count(lake)
            assert told == counted
            assert told
        assert exporters.scorecard(lake) == []
        told = lake.execute("select kind, closed_because from integrated_service.enterprise_worklist").fetchall()
    kinds, reasons = ({row[column] for row in told} for column in (0, 1))
    assert kinds >= {"list_missing", "list_disagrees", "paper_missing", "forex_missing", "return_due", "blocked"}
    assert reasons == {None, "arrived", "cancelled", "expired"}


def test_a_day_of_papers_passes_every_gate(year: Year) -> None:
    day = AFTERWARDS[-1]
    with warehouse.connect(year.home, read_only=True) as connection:
        came = connection.execute("select distinct list from audit.record_states where run_date = $1", [day]).fetchall()
    assert {"forex", "overseas_sale"} <= {name for (name,) in came}
    for gate in ("received", "staged", "matched", "marts", "public_service", "integrated_service"):
        gates.check(year.home, day, gate)


def test_spoilt_papers_are_in_quarantine_and_nothing_else_of_theirs(year: Year) -> None:
    with warehouse.connect_published(year.home) as lake:
        rows = lake.execute(
            "select path, position, rule_ids from audit.quarantine where path like 'papers-%' order by all"
        ).fetchall()
    broken, spoilt = (
        [(position, rules) for path, position, rules in rows if ("broken" in path) == is_broken]
        for is_broken in (True, False)
    )
    landed = list(year.home.landing.rglob("papers-*-broken*"))
    assert landed
    assert broken == [(None, ["FMT01"])] * len(landed)
    assert {position for position, _ in spoilt} == {1}
    assert {tuple(rules) for _, rules in spoilt} == {("FMT02",)}


#: papers behind every refund, and those that its method asks for
ALWAYS = {
    "list", "order", "payment", "waybill", "closing", "taxpayer", "rebate_rate", "export_claim",
}  # fmt: skip
OF_METHOD = {"T": {"purchase_claim", "invoice"}, "C": {"vat_return"}}
LINES = """
select distinct form_no, line_no, method from public_service.rebate_eligibility where refund_amount > 0 order by all
"""


def test_the_documented_queries_lead_every_refund_to_its_records(year: Year) -> None:
    with warehouse.connect_published(year.home) as lake:
        lines = lake.execute(LINES).fetchall()
        assert {method for _, _, method in lines} == {"T", "C"}
        landing = Landing(year.home)
        for form, line, method in lines:
            told = {query: ask(lake, query, form, line) for query in QUERIES}
            refunds = _refunds(told)
            assert refunds
            _amounts_agree(told, refunds)
            _records_are_there(told, landing, refunds, method)


def _refunds(told: dict[str, list[dict[str, Any]]]) -> dict[tuple[str, int], Decimal]:
    rows = told["What was refunded, and entered for it"]
    assert all(row["entered"] == row["refund_amount"] for row in rows)
    assert sum(row["refund_amount"] for row in rows) > 0
    return {(row["cop_no"], row["gnum"]): row["refund_amount"] for row in rows if row["refund_amount"]}


def _amounts_agree(told: dict[str, list[dict[str, Any]]], refunds: dict[tuple[str, int], Decimal]) -> None:
    by_invoice, by_month = told["By invoice (免退)"], told["By month (免抵退)"]
    assert all(row["invoiced"] == row["base_amount"] for row in by_invoice)
    assert all(row["refunded_in_month"] == row["refundable"] for row in by_month)
    assert all(row["refundable"] == min(row["ending_credit"], row["credit_refund"]) for row in by_month)
    found = {
        (row["cop_no"], row["gnum"]): Decimal(str(row["refund"])).quantize(Decimal("0.01"))
        for row in by_invoice + by_month
    }
    assert {key: refund for key, refund in found.items() if refund} == refunds
    received: dict[tuple[str, int], list[Decimal]] = {}
    for row in told["Exchange"]:
        received.setdefault((row["cop_no"], row["gnum"], row["forex_received"]), []).append(row["amount"])
    assert all(amount <= sum(parts) for (_, _, amount), parts in received.items())


def _records_are_there(
    told: dict[str, list[dict[str, Any]]], landing: Landing, refunds: dict[tuple[str, int], Decimal], method: str
) -> None:
    papers: dict[tuple[str, int], set[str]] = {}
    for row in told["Every paper and its record"]:
        record = landing.record(row)
        number = row["document"].split("|")[-1]
        assert number in record.replace("-", "") or number in record, (row, record)
        papers.setdefault((row["cop_no"], row["gnum"]), set()).add(row["paper"])
    for key in refunds:
        assert papers[key] >= ALWAYS | OF_METHOD[method]
    for query in ("By invoice (免退)", "By month (免抵退)", "Exchange"):
        for row in told[query]:
            assert landing.record(row)
