"""What the events of a run say, as the library writes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from openlineage.client.serde import Serde

from sandan.home import Home
from sandan.lineage import tell
from sandan.lineage.columns import Lineage
from sandan.lineage.datasets import Table
from sandan.lineage.events import Run, events_of
from sandan.lineage.known import Known
from sandan.month import CountedMonth, Month
from sandan.run.outcomes import Outcome

DAY = date(2026, 11, 20)
FACTS = Table(
    "clearance.facts", {"cop_no": "VARCHAR", "status": "VARCHAR"}, "One row per declaration.", {"status": "What it is."}
)
KNOWN = Known(
    tables={t.name: t for t in (FACTS, Table("raw.orders", {"order_no": "VARCHAR"}), Table("reference.rules", {}))},
    models={"facts": ("clearance.facts", Lineage({"s.decisions"}, {"status": {("s.decisions", "status")}}))},
    seeds={"rules": ("reference.rules", "seeds/rules.csv")},
    landed=[("import-orders", 3, 4000, 50)],
    reference=["reference/exchange_rates.csv"],
    snapshot=7,
)
LOADED = ("load", {"records": 50})
BUILT = ("build_marts", {"nodes": 2, "models": ["rules", "facts"]})
PUBLISHED = ("publish", {"rows": {"clearance.facts": 50}})


def told(*stages, failed=(), run=DAY, job="three_lists_daily", hour=9):
    """The events of a run whose stages took a second each, as they stand in the file."""
    done = [
        Outcome(name, "", datetime(2026, 11, 21, hour, 0, second), 1.0, ok=name not in failed, result=result)
        for second, (name, result) in enumerate(stages)
    ]
    return [json.loads(Serde.to_json(event)) for event in events_of(Run(job, "manual__x", run, done), KNOWN)]


def of(events, job):
    (event,) = [event for event in events if event["job"]["name"] == f"three_lists_daily.{job}"]
    return event


def names(datasets):
    return [f"{dataset['namespace']}/{dataset['name']}" for dataset in datasets]


def test_a_run_starts_and_ends_and_its_steps_belong_to_it():
    start, *steps, end = told(("survey", {}), LOADED, BUILT, PUBLISHED)
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert (start["eventTime"], end["eventTime"]) == ("2026-11-21T09:00:00+08:00", "2026-11-21T09:00:04+08:00")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert start["job"]["name"] == end["job"]["name"] == "three_lists_daily"
    assert start["run"]["facets"]["nominalTime"]["nominalStartTime"] == "2026-11-20T00:00:00+08:00"
    assert start["run"]["facets"]["nominalTime"]["nominalEndTime"] == "2026-11-21T00:00:00+08:00"
    assert "errorMessage" not in end["run"]["facets"]
    assert names(end["inputs"]) == ["file://sandan/landing/import-orders"]
    assert names(end["outputs"]) == ["ducklake://sandan/published.clearance.facts"]
    assert [step["job"]["name"].removeprefix("three_lists_daily.") for step in steps] == [
        "load", "reference.rules", "clearance.facts", "publish",
    ]  # fmt: skip
    assert {step["eventType"] for step in steps} == {"COMPLETE"}
    assert {step["run"]["facets"]["parent"]["run"]["runId"] for step in steps} == {start["run"]["runId"]}
    assert len({event["run"]["runId"] for event in (start, *steps)}) == 1 + len(steps)


def test_landing_goes_into_raw():
    load = of(told(LOADED), "load")
    landing, reference = load["inputs"]
    assert names([landing, reference]) == [
        "file://sandan/landing/import-orders", "file://sandan/reference/exchange_rates.csv",
    ]  # fmt: skip
    assert landing["facets"]["version"]["datasetVersion"] == "2026-11-20"
    statistics = landing["inputFacets"]["inputStatistics"]
    assert [statistics[name] for name in ("fileCount", "size", "rowCount")] == [3, 4000, 50]
    assert names(load["outputs"]) == ["duckdb://sandan/warehouse.raw.orders"]


def test_a_model_says_what_it_is_and_what_its_columns_are_made_of():
    events = told(BUILT)
    model = of(events, "clearance.facts")
    assert names(model["inputs"]) == ["duckdb://sandan/warehouse.s.decisions"]
    (output,) = model["outputs"]
    assert names([output]) == ["duckdb://sandan/warehouse.clearance.facts"]
    facets = output["facets"]
    assert facets["documentation"]["description"] == "One row per declaration."
    assert facets["schema"]["fields"][1] == {"name": "status", "type": "VARCHAR", "description": "What it is."}
    assert facets["columnLineage"]["fields"] == {
        "status": {
            "inputFields": [{"namespace": "duckdb://sandan", "name": "warehouse.s.decisions", "field": "status"}]
        }
    }
    assert names(of(events, "reference.rules")["inputs"]) == ["file://sandan/dbt_project/seeds/rules.csv"]


def test_what_is_published_is_the_table_of_the_warehouse_at_a_snapshot():
    (output,) = of(told(PUBLISHED), "publish")["outputs"]
    assert output["facets"]["version"]["datasetVersion"] == "7"
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 50
    (origin,) = output["facets"]["columnLineage"]["fields"]["status"]["inputFields"]
    assert (origin["name"], origin["field"]) == ("warehouse.clearance.facts", "status")
    assert origin["transformations"] == [{"type": "DIRECT", "subtype": "IDENTITY"}]


def test_a_run_that_a_gate_stopped_failed():
    *_, end = told(LOADED, ("gate_received", None), ("data_docs", "x"), failed={"gate_received"})
    assert end["eventType"] == "FAIL"
    assert end["run"]["facets"]["errorMessage"]["message"] == "failed in gate_received"
    assert end["outputs"] == []


def test_a_run_that_was_killed_before_it_published_failed():
    *_, end = told(LOADED)
    assert end["eventType"] == "FAIL"
    assert end["run"]["facets"]["errorMessage"]["message"] == "stopped before it published"


def test_of_a_stage_that_failed_no_model_is_told():
    events = told(LOADED, BUILT, failed={"build_marts"})
    assert [event["job"]["name"] for event in events[1:-1]] == ["three_lists_daily.load"]


@pytest.mark.parametrize("page", ["data_docs", "audit_report"])
def test_a_page_that_failed_does_not_undo_what_is_published(page):
    *_, end = told(PUBLISHED, (page, None), failed={page})
    assert end["eventType"] == "COMPLETE"


@pytest.mark.parametrize(("is_new", "ended"), [(False, "COMPLETE"), (True, "FAIL")])
def test_a_vintage_without_news_is_complete_without_being_published(is_new, ended):
    start, *_, end = told(
        ("begin_vintage", 2), ("count_trade", {"is_new": is_new}), run=CountedMonth(date(2026, 11, 1))
    )
    assert end["eventType"] == ended
    assert start["run"]["facets"]["nominalTime"]["nominalEndTime"] == "2026-12-01T00:00:00+08:00"


def test_each_attempt_and_each_job_has_an_id_of_its_own_that_stays():
    def ids(**given):
        return [event["run"]["runId"] for event in told(LOADED, PUBLISHED, **given)]

    assert ids() == ids()
    others = (ids(), ids(hour=10), ids(job="consolidate_monthly", run=Month(date(2026, 11, 1))))
    assert len({one for of_run in others for one in of_run[:-1]}) == sum(len(of_run) - 1 for of_run in others)


def attempt(name, minute, result=None, *, ok=True):
    return Outcome(name, "", datetime(2026, 11, 21, 9, minute), 1.0, ok=ok, result=result)


def test_an_attempt_after_stages_were_cleared_tells_those_alone_under_an_id_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("sandan.lineage.look", lambda *_: KNOWN)
    home = Home(root=tmp_path, sources=tmp_path)
    done = [attempt(LOADED[0], 1, LOADED[1]), attempt(BUILT[0], 2, BUILT[1]), attempt("publish", 3, ok=False)]
    first = tell(home, DAY, "three_lists_daily", "manual__x", done)
    done[2:] = [attempt("publish", 30, PUBLISHED[1]), attempt("lineage", 4, first)]
    tell(home, DAY, "three_lists_daily", "manual__x", done)
    lines = [json.loads(line) for line in home.lineage_of(DAY).read_text(encoding="utf-8").splitlines()]
    failed, complete = lines[: first["events"]], lines[first["events"] :]
    assert (failed[-1]["eventType"], complete[-1]["eventType"]) == ("FAIL", "COMPLETE")
    assert [line["job"]["name"] for line in complete] == [
        "three_lists_daily", "three_lists_daily.publish", "three_lists_daily",
    ]  # fmt: skip
    assert complete[0]["eventTime"] == "2026-11-21T09:30:00+08:00"
    assert not {line["run"]["runId"] for line in failed} & {line["run"]["runId"] for line in complete}
    # what was told and is told again adds nothing; what a server lacks is told whole
    done[3] = attempt("lineage", 31, first)
    assert tell(home, DAY, "three_lists_daily", "manual__x", done)["events"] == 0
    done[3] = attempt("lineage", 31, first | {"unsent": "gone"})
    assert tell(home, DAY, "three_lists_daily", "manual__x", done)["events"] == 6


def test_the_same_stages_with_another_end_are_another_attempt():
    def id_of(minute):
        return Run("three_lists_daily", "manual__x", DAY, [attempt("load", 1), attempt("publish", minute)]).id_of()

    assert id_of(3) == id_of(3) != id_of(30)


def test_a_model_that_cannot_be_followed_reads_what_it_names_to_dbt():
    known = replace(KNOWN, models={"facts": ("clearance.facts", None)}, named={"clearance.facts": {"s.decisions"}})
    run = Run("three_lists_daily", "manual__x", DAY, [attempt(BUILT[0], 1, BUILT[1])])
    facts = of([json.loads(Serde.to_json(event)) for event in events_of(run, known)], "clearance.facts")
    assert names(facts["inputs"]) == ["duckdb://sandan/warehouse.s.decisions"]
    assert "columnLineage" not in facts["outputs"][0]["facets"]


def test_two_installations_are_told_apart(monkeypatch):
    monkeypatch.setenv("OPENLINEAGE_NAMESPACE", "ningbo")
    load = of(told(LOADED), "load")
    assert load["job"]["namespace"] == "ningbo"
    assert {dataset["namespace"] for dataset in (*load["inputs"], *load["outputs"])} == {
        "file://ningbo", "duckdb://ningbo",
    }  # fmt: skip


def test_a_run_that_failed_at_once_is_told_without_a_warehouse(tmp_path):
    home = Home(root=tmp_path, sources=tmp_path)
    surveyed = Outcome("survey", "", datetime(2026, 11, 21), 1.0, ok=False)
    lineage = Outcome("lineage", "", datetime(2026, 11, 21), 1.0, ok=True, result={})
    result = tell(home, DAY, "three_lists_daily", "manual__x", [surveyed, lineage])
    assert result == {"events": 2, "unsent": "", "unknown": []}
    lines = [json.loads(line) for line in home.lineage_of(DAY).read_text(encoding="utf-8").splitlines()]
    assert [line["eventType"] for line in lines] == ["START", "FAIL"]
    assert tell(home, DAY, "three_lists_daily", "manual__x", [lineage])["events"] == 0
