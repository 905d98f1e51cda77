"""The Data Docs show every suite of the kept runs, and open without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from sandan.errors import GateFailedError
from sandan.gates import STAGES, build_data_docs, check, docs
from sandan.gates.suites import suites_of

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home

RUN_DATE = date(2026, 11, 20)
Execute = Callable[[str], None]

#: whatever makes a browser fetch something: elements with src, stylesheets, url() in styles
FETCHES = re.compile(r"<script|<link|\ssrc=|@import|url\(", re.IGNORECASE)


def pages(home: Home) -> list[Path]:
    return sorted(home.data_docs.rglob("*.html"))


def test_one_page_a_suite_and_an_index(home: Home) -> None:
    for stage in STAGES:
        check(home, RUN_DATE, stage)

    index = build_data_docs(home, RUN_DATE)

    links = re.findall(r'href="(validations/[^"]+)"', index.read_text(encoding="utf-8"))
    assert {home.data_docs / link for link in links} == set(pages(home)) - {index}
    assert len(set(links)) == sum(len(suites_of(stage)) for stage in STAGES)
    received = next(p for p in pages(home) if "1-received-raw-files" in str(p)).read_text(encoding="utf-8")
    assert "at least one file is read" in received
    assert "the way from any record back to its file" in received
    assert "data engineer" in received
    assert "hurts: auditor" in received
    assert "<td>platform</td><td>16</td><td>not known yet</td>" in received
    assert "too little to learn from: 0 working days of the 8 needed" in received
    for page in pages(home):  # no link leads nowhere
        for target in re.findall(r'href="([^"#]+)"', page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), (page, target)


def test_pages_ask_nothing_of_the_network(home: Home) -> None:
    check(home, RUN_DATE, "received")
    build_data_docs(home, RUN_DATE)

    assert len(pages(home)) > 1
    for page in pages(home):
        assert not FETCHES.search(page.read_text(encoding="utf-8")), page


def test_failed_gate_is_in_the_docs(home: Home, execute: Execute) -> None:
    execute("DELETE FROM raw.payments")

    with pytest.raises(GateFailedError) as stopped:
        check(home, RUN_DATE, "received")

    assert build_data_docs(home, RUN_DATE) == stopped.value.report
    failed = next(p for p in pages(home) if "1-received-raw-files" in str(p)).read_text(encoding="utf-8")
    assert "announced 4, loaded 3" in failed


def test_what_sources_write_is_not_markup(home: Home, execute: Execute) -> None:
    execute("UPDATE raw.files SET path = '<script>x</script>.xml', state = '<b>' WHERE file_id = 2")

    with pytest.raises(GateFailedError):
        check(home, RUN_DATE, "received")
    build_data_docs(home, RUN_DATE)

    assert not any("<script" in p.read_text(encoding="utf-8") or "<b>" in p.read_text() for p in pages(home))
    assert any("&lt;script" in p.read_text(encoding="utf-8") for p in pages(home))


def test_only_the_newest_runs_are_kept(home: Home, execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "KEPT_RUNS", 2)
    days = [RUN_DATE + timedelta(days=n) for n in range(3)]
    for day in days:
        execute(f"UPDATE raw.files SET run_date = '{day}' WHERE run_date > '2026-11-19'")
        for table in ("orders", "order_items", "payments", "waybills", "declarations"):
            execute(f"UPDATE raw.{table} SET run_date = '{day}'")
        check(home, day, "received")
        build_data_docs(home, day)

    shown = {date.fromisoformat(m) for p in pages(home) for m in re.findall(r"/(\d{4}-\d\d-\d\d)/", str(p))}
    assert shown == set(days[1:])
    assert (home.report_of(days[0]) / "gates" / "received.json").is_file()  # the results themselves stay
