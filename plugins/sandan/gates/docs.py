"""Data Docs: what the gates of each run expected and observed, as pages."""

from __future__ import annotations

import html
import json
import shutil
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.render.renderer.site_builder import SiteBuilder

from sandan.errors import SandanError
from sandan.gates import STAGES, overtaken, page_name
from sandan.gates.as_usual import ExpectAsUsual
from sandan.gates.context import quiet_context
from sandan.gates.no_rows import ExpectNoRows
from sandan.gates.usual import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandan.home import Home

#: runs that the site shows; the results of older ones stay in their report folders
KEPT_RUNS = 7

# a stored result names its expectation by type: the class has to be registered before a page is rendered
_OWN_EXPECTATIONS = (ExpectAsUsual, ExpectNoRows)


def keep(home: Home, run_date: date, stage: str, suites: list[dict[str, Any]]) -> None:
    """Store the results of one gate, and forget those that an earlier attempt left of this and later gates."""
    folder = _results_of(home, run_date)
    folder.mkdir(parents=True, exist_ok=True)
    for later in overtaken(stage):
        (folder / f"{later}.json").unlink(missing_ok=True)
    (folder / f"{stage}.json").write_text(json.dumps(suites, ensure_ascii=False, indent=1), encoding="utf-8")


def build(home: Home, run_date: date) -> Path:
    """See `sandan.gates.build_data_docs`."""
    context = quiet_context()
    pages = []
    for day in _kept(home, run_date):
        for stage, suite in _stored(home, day):
            key = _page(day, stage, suite["suite_name"])
            context.validation_results_store.set(key, expectationSuiteValidationResultSchema.load(_shown(suite, key)))
            if day == run_date or not _path(home, key).exists():
                pages.append(key)
    view = {"module_name": "sandan.gates.docs_view"}
    SiteBuilder(
        data_context=context,
        site_name="Sandan",
        show_how_to_buttons=False,
        store_backend={"class_name": "TupleFilesystemStoreBackend", "base_directory": str(home.data_docs)},
        site_index_builder={"class_name": "DefaultSiteIndexBuilder", "view": view | {"class_name": "IndexView"}},
        site_section_builders={
            "expectations": "None",
            "profiling": "None",
            "validations": {"view": view | {"class_name": "PageView"}},
        },
    ).build(resource_identifiers=pages)
    # four megabytes of pictures and fonts that our pages do not show
    shutil.rmtree(home.data_docs / "static")
    _check_pages(home, pages)
    return home.data_docs / "index.html"


def _check_pages(home: Home, pages: list[ValidationResultIdentifier]) -> None:
    """The site builder logs what it cannot render and goes on; a missing page must not pass for a green one."""
    for page in (home.data_docs / "index.html", *(_path(home, key) for key in pages)):
        if not page.exists():
            raise SandanError(f"Data Docs lack {page}", "see the log of this task: great_expectations names the cause")


def _results_of(home: Home, run_date: date) -> Path:
    return home.report_of(run_date) / "gates"


def _kept(home: Home, run_date: date) -> list[date]:
    days = sorted(date.fromisoformat(folder.parent.name) for folder in home.reports.glob("*-*-*/gates"))
    return sorted({*days[-KEPT_RUNS:], run_date})


def _stored(home: Home, day: date) -> Iterator[tuple[str, dict[str, Any]]]:
    for stage in STAGES:
        file = _results_of(home, day) / f"{stage}.json"
        if file.exists():
            for suite in json.loads(file.read_text(encoding="utf-8")):
                yield stage, suite


def _shown(suite: dict[str, Any], key: ValidationResultIdentifier) -> dict[str, Any]:
    """The suite as its page shows it."""
    suite["suite_name"] = key.expectation_suite_identifier.name
    suite["meta"]["run_id"] = key.run_id
    for result in suite["results"]:
        # file names and keys come from outside, and the page takes them for HTML
        result["result"] = _escaped(result["result"])
        config = result["expectation_config"]
        about = config["meta"]["attributes"]
        config["description"] = (
            f"{_escaped(config['description'])}<br><small>{about['severity']} · protects {_escaped(about['protects'])}"
            f" · answers: {about['answers']} · hurts: {about.get('hurts', 'not said')}"
            f" · <code>{about['id']}</code></small>"
            f"{_figures(result['result'])}"
        )
    return suite


def _figures(result: dict[str, Any]) -> str:
    """What an expectation that learns observed, against its bounds; `result` is escaped."""
    figures = [Figure(**figure) for figure in result.get("details", {}).get("figures", [])]
    rows = (
        f"<tr{'' if f.success else ' class=table-danger'}><td>{f.subject}</td><td>{f.observed}</td><td>{f.bounds}</td>"
        f"<td>{f.basis}</td></tr>"
        for f in figures
    )
    head = "<tr><th>of</th><th>observed</th><th>usual</th><th>learned from</th></tr>"
    return f"<table class='table table-sm small'>{head}{''.join(rows)}</table>" if figures else ""


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {k: _escaped(v) for k, v in value.items()}
    return [_escaped(v) for v in value] if isinstance(value, list) else value


def _page(day: date, stage: str, suite: str) -> ValidationResultIdentifier:
    # the time is the run's, not the clock's: the same run again replaces its pages
    run = RunIdentifier(run_name=day.isoformat(), run_time=datetime.combine(day, time(12), UTC))
    return ValidationResultIdentifier(ExpectationSuiteIdentifier(page_name(stage, suite)), run, stage)


def _path(home: Home, key: ValidationResultIdentifier) -> Path:
    return home.data_docs.joinpath("validations", *key.to_tuple()).with_suffix(".html")
