"""What the operator is told at the end of a run, beside its numbers."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from rich.console import Console

from sandan.run import notes, outcomes
from sandan.run.outcomes import Outcome

DAY = date(2026, 11, 20)
NONE_SIMULATED = {"rates_simulated": False, "register_simulated": False, "tariff_simulated": False}
PUBLISHED = NONE_SIMULATED | {"rules_skipped": [], "behind": [], "rows": {}}


@pytest.fixture
def told(home):
    """The lines shown for a run with these outcomes."""

    def lines(*stages: tuple[str, Any], ok: bool = True) -> list[str]:
        outcomes.begin(home, DAY)
        for stage, result in stages:
            outcomes.append(home, DAY, Outcome(stage, "", datetime(2026, 11, 20), 1.0, ok=ok, result=result))
        out = io.StringIO()
        notes.show(Console(file=out, soft_wrap=True), home, DAY)
        return out.getvalue().splitlines()

    return lines


def test_every_warning_of_a_gate_is_a_line(told):
    one, two = "raw.files · few: expected: few; observed: 9 of 10: [red]x.xml\n", "raw.files · some: expected: some"
    assert told(("gate_received", {"warnings": [one, two]}), ("gate_staged", {"warnings": []})) == [
        "! gate received: raw.files · few: expected: few; observed: 9 of 10: [red]x.xml",
        "! gate received: raw.files · some: expected: some",
    ]


def test_the_answer_to_warnings_is_a_line(told):
    answered = ("approve_staged", {"answers": ["1 warnings accepted by policy: SANDAN_WARNINGS says so"]})
    assert told(answered, ("approve_matched", {"answers": []})) == [
        "! gate staged: 1 warnings accepted by policy: SANDAN_WARNINGS says so"
    ]


def test_a_folder_that_no_source_claims_is_a_line(told):
    assert told(("survey", {"sources": 1, "unclaimed": ["nobody"]})) == ["! no source claims the landing folder nobody"]


def test_what_publishing_found_is_shown(told, home):
    found = dict.fromkeys(NONE_SIMULATED, True) | {"rules_skipped": ["PTY01: no register"]}
    assert told(("publish", PUBLISHED)) == []
    lines = told(("publish", PUBLISHED | found | {"behind": ["2026-11-21", "2026-11-22"]}))
    assert lines == [
        "! rule skipped: PTY01: no register",
        f"! exchange rates are the simulated sample; put your own in {home.reference / 'exchange_rates.csv'}",
        f"! the party register is simulated; put your own in {home.reference / 'party_register.csv'}",
        f"! rates of import taxes are the simulated sample; put your own in {home.reference / 'import_rates.csv'}",
        "! now behind, run them again in this order: 2026-11-21, 2026-11-22",
    ]


def test_pages_that_could_not_be_built_are_not_passed_for_those_of_the_run(told, home):
    (line,) = told(("gate_received", None), ("data_docs", None), ok=False)
    assert "data docs of this run could not be built" in line
    assert str(home.report_of(DAY) / "gates") in line


def test_months_behind_are_named(told, home):
    lines = told(("publish", PUBLISHED | {"months_behind": ["2026-11", "2026-12"]}))
    assert lines == ["! months now behind, consolidate them again in this order: 2026-11, 2026-12"]
    lines = told(("publish_month", {"rates_simulated": True, "behind": ["2026-12"], "rows": {}}))
    assert lines == [
        f"! exchange rates are the simulated sample; put your own in {home.reference / 'exchange_rates.csv'}",
        "! now behind, consolidate them again in this order: 2026-12",
    ]
    lines = told(("publish_month", {"rates_simulated": False, "behind": [], "days_behind": ["2026-12-01"], "rows": {}}))
    assert lines == ["! days now behind, run them again in this order: 2026-12-01"]


def test_a_server_that_got_nothing_and_models_that_nobody_can_follow_are_lines(told, home):
    result = {"events": 9, "unsent": "ConnectionError: [refused]", "unknown": ["s.a", "s.b"]}
    assert told(("lineage", {"events": 9, "unsent": "", "unknown": []})) == []
    assert told(("lineage", result)) == [
        f"! lineage was not sent, all of it is in {home.lineage_of(DAY)}: ConnectionError: [refused]",
        "! columns of s.a, s.b could not be followed",
    ]
    (line,) = told(("lineage", None), ok=False)
    assert "lineage of this run could not be told" in line
