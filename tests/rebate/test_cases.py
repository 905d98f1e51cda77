"""Every case of `cases.csv`, with the verdicts and amounts that were worked out by hand there."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sandan import warehouse
from tests.rebate.conftest import cases

if TYPE_CHECKING:
    from sandan.home import Home

EXPECTED = re.compile(r"(?P<day>\S+) (?:#(?P<item>\d) )?(?P<verdict>\w+) (?P<refund>[\d.]+)(?: (?P<rules>\S+))?")


def test_there_are_enough_cases_and_each_is_another() -> None:
    told = cases()
    assert len(told) >= 60
    assert len({case["what"] for case in told}) == len(told) == len({case["papers"] for case in told})
    assert all(case["by_hand"] for case in told)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['case']} {case['what']}")
def test_case(case: dict[str, str], outcomes) -> None:
    for text in case["expected"].split("; "):
        expected = EXPECTED.fullmatch(text)
        assert expected, text
        row = outcomes[expected["day"]][case["case"], int(expected["item"] or 1)]
        rules = sorted(filter(None, (expected["rules"] or "").split("+")))
        found = (row["verdict"], row["refund_amount"], row["reason_rules"])
        assert found == (expected["verdict"], Decimal(expected["refund"]), rules), f"{text}: {row}"


def test_every_rule_of_the_catalogue_decides_a_case() -> None:
    from tests.dbt.test_project import catalogue

    decided = {rule for case in cases() for rule in re.findall(r"[A-Z]{3}\d\d", case["expected"])}
    assert decided == {rule["rule_id"] for rule in catalogue() if rule["stage"] == "rebate"}


def test_what_was_entered_is_what_stands(outcomes, rebate_home: Home) -> None:
    last = max(outcomes)
    with warehouse.connect(rebate_home, read_only=True) as connection:
        entered = {
            (cop_no[1:], gnum): amount
            for cop_no, gnum, amount in connection.execute(
                "select cop_no, gnum, sum(amount) from public_service.rebate_entries group by all"
            ).fetchall()
        }
    standing = {key: row["refund_amount"] for key, row in outcomes[last].items()}
    assert len(standing) >= len(cases())
    assert {key: entered.get(key, 0) for key in standing} == standing


def test_a_claim_that_moves_is_entered_in_both_months(outcomes, rebate_home: Home) -> None:
    assert outcomes
    with warehouse.connect(rebate_home, read_only=True) as connection:
        entries = connection.execute(
            """
            select cop_no, run_date::varchar, period, cause, amount from public_service.rebate_entries
            where cop_no in ('C145', 'C159', 'C160') order by all
            """
        ).fetchall()
    assert [(*key, float(amount)) for *key, amount in entries] == [
        ("C145", "2026-02-20", "202602", "granted", 65.0),
        ("C145", "2026-04-30", "202602", "corrected", -65.0),
        ("C145", "2026-04-30", "202604", "corrected", 65.0),
        ("C159", "2026-02-20", "202602", "granted", 65.0),
        ("C159", "2026-04-30", "202602", "returned", -65.0),
        ("C159", "2026-04-30", "202604", "returned", 32.5),
        ("C160", "2026-02-20", "202602", "granted", 91.0),
        ("C160", "2026-04-30", "202602", "corrected", -91.0),
        ("C160", "2026-04-30", "202604", "corrected", 50.0),
    ]


def test_a_row_tells_what_is_missing(outcomes) -> None:
    row = outcomes["2026-02-10"]["001", 1]
    assert row["missing_en"] == [
        "declaration form and its closing by customs",
        "export claim with relation number",
        "receipt of foreign exchange",
    ]
    assert row["missing_zh"] == ["报关单及海关结关信息", "出口退税出口明细申报（关联号）", "收汇凭证"]
    assert outcomes["2026-02-20"]["001", 1]["missing_zh"] == []


def test_a_finding_names_the_receipt_without_a_reason(outcomes, rebate_home: Home) -> None:
    assert outcomes
    with warehouse.connect(rebate_home, read_only=True) as connection:
        findings = connection.execute(
            "select observed from public_service.rebate_findings where cop_no = 'C155' and rule_id = 'REB14'"
        ).fetchall()
    assert findings == [("0, B|X155 is deemed without a reason",)]


def test_a_run_again_gives_the_same_and_leaves_later_runs_alone(outcomes, rebate_home: Home) -> None:
    """Of the run in which most deadlines have passed: its verdicts, its entries and what stands are as they were."""
    day = "2027-05-01"
    assert day in outcomes
    assert max(outcomes) > day

    def found() -> list[list[tuple]]:
        queries = (
            f"select * from public_service.rebate_verdicts where run_date = '{day}' order by declaration_key, gnum",
            f"select * from public_service.period_credits where run_date = '{day}' order by all",
            "select * from public_service.rebate_entries order by all",
            "select * from public_service.rebate_eligibility order by ebc_code, cop_no, gnum",
            "select * from public_service.rebate_totals order by all",
        )
        with warehouse.connect(rebate_home, read_only=True) as connection:
            return [connection.execute(query).fetchall() for query in queries]

    before = found()
    assert all(before)
    warehouse.transform(rebate_home, date.fromisoformat(day), "public_service")
    assert found() == before


def test_only_what_is_touched_is_judged(outcomes) -> None:
    """A refund that nothing happens to keeps the row of its run."""
    assert outcomes["2029-01-16"]["001", 1]["changed_on"].isoformat() == "2026-02-20"
