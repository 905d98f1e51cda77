"""Columns of every model lead back to what landed, and what is known of a run is told whole."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sandan.home import PROJECT
from sandan.lineage.events import Run, events_of
from sandan.lineage.known import look
from sandan.run.outcomes import Outcome

MODELS = sorted(sql.stem for sql in (PROJECT / "dbt_project" / "models").rglob("*.sql"))
DAY = date(2026, 11, 20)
RUN = Run(
    "three_lists_daily",
    "manual__x",
    DAY,
    [
        Outcome("load", "", datetime(2026, 11, 21), 1.0, ok=True, result={}),
        Outcome("stage", "", datetime(2026, 11, 21), 1.0, ok=True, result={"models": ["rules", *MODELS]}),
    ],
)


@pytest.fixture(scope="module")
def known(home):
    return look(home, RUN)


def origins(known, table, column):
    """All columns behind one, model by model."""
    lineages = dict(known.models.values())
    found, open_ = set(), {(table, column)}
    while open_:
        here = open_.pop()
        found.add(here)
        lineage = lineages.get(here[0])
        open_ |= (lineage.columns[here[1]] if lineage else set()) - found
    return found


def test_every_model_can_be_followed(known):
    assert set(known.models) == set(MODELS)
    assert known.unknown == []
    for table, lineage in known.models.values():
        assert set(lineage.columns) == set(known.tables[table].types), table


@pytest.mark.parametrize(
    ("table", "column", "behind"),
    [
        ("clearance.clearance_facts", "status", ("matching.decisions", "status")),
        ("clearance.clearance_facts", "goods_value_cny", ("raw.declaration_items", "total_price")),
        ("public_service.rebate_findings", "rule_id", ("public_service.rebate_rules", "rule_id")),
        ("public_service.invoice_allocations", "amount", ("raw.invoice_items", "net_amount")),
    ],
)
def test_a_published_column_leads_back(known, table, column, behind):
    assert behind in origins(known, table, column)


def test_every_model_is_told_with_its_documentation(known):
    events = {event.job.name: event for event in events_of(RUN, known)[1:-1]}
    assert len(events) == len(MODELS) + 2
    facts = events["three_lists_daily.clearance.clearance_facts"].outputs[0].facets
    assert facts["documentation"].description
    assert all(field.description for field in facts["schema"].fields)
    assert facts["columnLineage"].fields["status"].inputFields
    assert {output.name for output in events["three_lists_daily.load"].outputs} >= {
        "warehouse.raw.files", "warehouse.raw.orders",
    }  # fmt: skip
