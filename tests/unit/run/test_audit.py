"""The audit report: its figures, and what it says where something does not hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pytest
from lxml import html

from sandan.audit import write_audit, write_month
from sandan.errors import SandanError
from sandan.month import CountedMonth, Month
from sandan.run import approvals, outcomes
from sandan.run.approvals import ACCEPTED, Approval
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach
from tests.data import audit_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sandan.home import Home

ANSWERS = "//*[@id='{id}']//li/span[@lang='en']"
COUNTED, PUBLISHED_VINTAGE = (CountedMonth.fromisoformat(month) for month in ("2026-11", "2026-10"))
WAITING, PUBLISHED_MONTH = (Month.fromisoformat(month) for month in ("2026-11", "2026-10"))
TABLE = "//h2[@id='{id}']/..//table[{nth}]/tbody/tr"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return audit_home.make(tmp_path_factory.mktemp("audit"))


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The first day was run again after the second, whose lists are then in its snapshot too."""
    home = audit_home.make(tmp_path_factory.mktemp("again"))
    write_audit(home, audit_home.BAD)
    write_audit(home, audit_home.GOOD)
    publish(home, audit_home.GOOD, "update published.clearance.clearance_facts set goods_value_cny = 99")
    return home


@pytest.fixture(scope="module")
def page(audited: Home) -> Callable[[date], html.HtmlElement]:
    pages = {
        day: html.parse(write_audit(audited, day)).getroot()
        for day in (audit_home.GOOD, audit_home.BAD, audit_home.STOPPED)
    }
    return pages.__getitem__


def answers(page: html.HtmlElement, id_: str) -> list[str]:
    return [span.text_content() for span in page.xpath(ANSWERS.format(id=id_))]


def table(page: html.HtmlElement, id_: str, nth: int = 1) -> list[list[str]]:
    return [[cell.text_content().strip() for cell in row] for row in page.xpath(f"({TABLE.format(id=id_, nth=nth)})")]


def verdict(page: html.HtmlElement) -> str:
    return str(page.xpath("//p[contains(@class, 'verdict')]/span[@lang='en']")[0].text)


def change(home: Home, statements: str) -> None:
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute(statements)


def left(home: Home, run: date | Month, *done: str, **ended: bool) -> None:
    """An attempt of which a stage after the other was done, or failed."""
    outcomes.begin(home, run)
    for stage, ok in (dict.fromkeys(done, True) | ended).items():
        outcomes.append(home, run, outcomes.Outcome(stage, "", datetime(2026, 11, 22), 1.0, ok))


def publish(home: Home, day: date, statements: str) -> None:
    message = f"call published.set_commit_message('sandan', 'three_lists_daily {day} · run three')"
    change(home, f"begin; {statements}; {message}; commit")


def test_a_good_day_is_to_be_trusted(page):
    assert verdict(page(audit_home.GOOD)) == "Yes"
    assert answers(page(audit_home.GOOD), "trust")[:4] == [
        "all 1 critical expectations held",
        "each of 150 records received has one fate: none lost, none counted twice",
        "line 1 of the ledger has the digests of all its files",
        "the hash chain of the ledger is whole",
    ]


def test_the_first_screen_says_what_was_wrong_and_what_was_done(page):
    bad = page(audit_home.BAD)
    assert verdict(bad) == "Yes, with the reservations below"
    assert answers(bad, "wrong")[:6] == [
        "warnings of gates: 1",
        "files set aside whole: 1",
        "of 200 records received, rejected: 12 (6.0%, day before 0.0%)",
        "sources of the day before that sent nothing: 1",
        "lists that lack or disagree: 9 new findings on 8 of 45 declarations decided",
        "folders that no source claims",
    ]
    receipts = "200 of records, 1 of files, 45 of declarations decided or closed"
    assert answers(bad, "done") == [
        "set aside with their reasons, 13 in all; no file was deleted",
        f"246 receipts told 1 sources what became of it: {receipts}",
        "1 warnings accepted by li.lei, 2026-11-21 08:15",
        "sources that sent nothing are not told by it: somebody has to ask them",
        "departments were told of new mismatches: 1",
        "published as snapshot 16",
    ]


def faults(page: html.HtmlElement, title: str) -> list[list[str]]:
    """Rows of the table below a title of the first screen, and the sums below it: texts in English, but of codes."""
    below = page.xpath(f"//*[@id='fault']/h3[span='{title}']/following-sibling::table[1]")
    rows = below[0].xpath("(tbody | tfoot)/tr") if below else []
    return [
        [" ".join(" ".join(cell.xpath(".//text()[not(parent::*[@lang='zh'])]")).split()) for cell in row]
        for row in rows
    ]


def test_whose_fault_it_was(page):
    bad = page(audit_home.BAD)
    assert [row[0] for row in faults(bad, "What the gates saw")] == ["source party"]
    # files set aside, records rejected, of its records, rules
    assert faults(bad, "Who sent what could not be taken") == [
        [
            "Export receipts of payment export-receipts",
            "",
            "",
            "",
            "50 records on the day before, nothing now: ask it to send",
        ],
        [
            "Export orders of the platform export-orders",
            "1",
            "12",
            "6.0%",
            "FMT02 × 12 Mandatory field present FMT01 × 1",
        ],
        ["all", "1", "12", "6.0%", ""],
    ]
    # findings, of these awaited, declarations, rules, enterprises, remedy
    parties = faults(bad, "Who has to act where lists lack or disagree")
    assert [row[:6] for row in parties] == [
        ["payment company", "6", "", "6", "PAY01 × 6 Paid what was due", ""],
        ["logistics company", "2", "2", "2", "DOC03 × 2 Waybill present", "440316K (2)"],
        ["nobody: for information", "1", "", "1", "TAX01 × 1 Declared tax", ""],
        ["all", "9", "2", "8", "", ""],
    ]
    assert parties[1][6]
    assert not parties[2][6]


def test_whose_fault_it_was_in_a_sentence_each(page):
    assert answers(page(audit_home.BAD), "blamed") == [
        "by the gates: source party 1",
        "ours: nothing, by every gate",
        "ours: reference data that PTY01 needs is not loaded",
        "sent nothing: Export receipts of payment (50 records the day before)",
        "sent files or records that could not be taken: Export orders of the platform 13",
        "have to act where lists lack or disagree: payment company 6, logistics company 2, nobody: for information 1",
    ]
    assert answers(page(audit_home.GOOD), "blamed") == [
        "ours: nothing, by every gate",
        "have to act where lists lack or disagree: logistics company 10",
    ]
    assert answers(page(audit_home.STOPPED), "blamed")[0] == "by the gates: data engineer 1"


def test_refunds_without_rates_are_a_reservation(tmp_path):
    home = audit_home.make(tmp_path)
    change(home, "update published.public_service.rebate_eligibility set reason_rules = ['REB06'] where cop_no > 'L3'")
    asked = html.parse(write_audit(home, audit_home.BAD)).getroot()
    assert not any("rebate rate" in says for says in answers(asked, "trust"))  # it was changed after that run
    publish(home, audit_home.BAD, "update published.clearance.clearance_facts set goods_value_cny = 99")
    asked = html.parse(write_audit(home, audit_home.BAD)).getroot()
    assert "refunds are not complete: no rebate rate is known for 6 of 10 items" in answers(asked, "trust")


def test_the_first_run_says_so(page):
    assert page(audit_home.GOOD).xpath("//p[@id='first']")
    assert not page(audit_home.BAD).xpath("//p[@id='first']")
    assert not page(audit_home.STOPPED).xpath("//p[@id='first']")


def test_every_source_with_its_records_and_their_fate(page):
    sent, silent = table(page(audit_home.BAD), "received")
    # files, repeated, set aside, records, day before, accepted, superseded, not applied, rejected, unaccounted
    assert sent[1:] == ["3", "1", "1", "200", "100", "180", "3", "5", "12", "0"]
    assert silent[1:] == ["0", "", "", "0", "50", "", "", "", "", ""]


def test_rejected_by_reason(page):
    rows = table(page(audit_home.BAD), "rejected")
    assert [(row[1].split()[0], row[2], row[3]) for row in rows] == [
        ("FMT02", "12", "FMT02 Mandatory field present 必填项: goodsValue"),
        ("FMT01", "1", "FMT01 not well-formed: line 1"),
    ]


def test_gates_with_their_bounds_and_who_approved(page, audited):
    bad = page(audit_home.BAD)
    # critical expectations, failed, those of warning level, warned
    assert [row[1:5] for row in table(bad, "gates")][:4] == [
        ["1", "", "1", "1"],
        ["0", "", "0", ""],
        ["0", "", "0", ""],
        ["1", "", "0", ""],
    ]
    [unmet] = table(bad, "gates", 2)
    assert unmet[2:4] == ["export-orders · 200", "400 to 600 · median 500, spread 20, of 20 working days"]
    texts = [text.text for text in bad.xpath("//h2[@id='gates']/..//*[local-name()='svg']//*[local-name()='text']")]
    assert {"export-orders", "export-waybills", "200", "55"} <= set(texts)
    [approval] = table(bad, "approvals")
    assert approval[3:] == ["li.lei", "2026-11-21 08:15:00", "half a day of power cut at the platform"]


def test_changes_are_those_between_the_two_snapshots(page):
    # state, day before, after, change
    rows = [row[1:4] for row in table(page(audit_home.BAD), "changes")]
    assert rows == [["10", "9", "-1"], ["0", "6", "+6"], ["90", "125", "+35"]]
    # what came later is not in the report of a day, though it is written after it
    assert [row[1:] for row in table(page(audit_home.GOOD), "changes")] == [["10", "¥1,000.00"], ["90", "¥9,000.00"]]
    found = [[row[0].split()[0], *row[3:7]] for row in table(page(audit_home.BAD), "matching")]
    assert found == [["PAY01", "0", "6", "0", "6"], ["DOC03", "10", "2", "5", "7"], ["TAX01", "0", "1", "0", "1"]]


def test_a_day_is_not_compared_with_a_snapshot_that_has_it(again):
    behind = html.parse(write_audit(again, audit_home.BAD)).getroot()
    # state, after this run, value: as they were, and nothing of changes
    assert [row[1:] for row in table(behind, "changes")] == [
        ["9", "¥900.00"], ["6", "¥600.00"], ["125", "¥12,500.00"],
    ]  # fmt: skip
    assert "what this run changed cannot be told" in behind.text_content()
    assert [row[3:5] for row in table(behind, "matching")] == [["6", "6"], ["2", "7"], ["1", "1"]]
    # what the sources sent the day before is known to the run itself
    assert "sources of the day before that sent nothing: 1" in answers(behind, "wrong")
    row, _ = table(behind, "received")
    assert row[5] == "100"


def test_a_day_that_ran_again_says_that_later_days_are_in_its_figures(again, page):
    good = html.parse(write_audit(again, audit_home.GOOD)).getroot()
    told = "Later dates ran before this run"
    assert told in good.xpath("//h2[@id='changes']/..")[0].text_content()
    assert told not in page(audit_home.BAD).text_content()
    # nor has it anything of the sources of a day after it
    assert not any("sent nothing" in answer for answer in answers(good, "wrong"))
    assert not good.xpath("//h2[@id='received']/..//th/span[.='day before']")


def test_a_day_that_is_behind_says_so_at_once(again):
    write_audit(again, audit_home.GOOD)
    behind = html.parse(again.audit / "2026-11-20" / "index.html").getroot()
    told = "dates before it were run after it, from 2026-11-19: it has to be run again"
    assert told in answers(behind, "trust")
    good = html.parse(again.audit / "2026-11-19" / "index.html").getroot()
    assert not any("run again" in answer for answer in answers(good, "trust"))
    results = html.parse(again.audit / "index.html").getroot().xpath("//tbody/tr/td[2]")
    assert [result.text_content() for result in results[1:]] == [
        "已发布，须重跑，有警告 published, behind: to be run again, with warnings",
        "已发布 published",
    ]


def test_what_failed_behind_publishing_is_not_said_to_be_done(again):
    left(again, audit_home.BAD, "survey", "publish", exchange=False, data_docs=False, audit_report=False)
    page = html.parse(write_audit(again, audit_home.BAD)).getroot()
    assert answers(page, "wrong")[:2] == ["could not be done: receipts", "could not be done: Data Docs"]
    assert not any("receipts" in answer or "departments" in answer for answer in answers(page, "done"))
    result = html.parse(again.audit / "index.html").getroot().xpath("//tbody/tr[2]/td[2]/*[@class='bad']")[0]
    assert "published, not done: receipts, not done: Data Docs" in result.text_content()
    left(again, audit_home.BAD, "survey", "publish", "exchange")
    page = html.parse(write_audit(again, audit_home.BAD)).getroot()
    assert sum("receipts" in answer or "departments" in answer for answer in answers(page, "done")) == 2


def test_warnings_that_nobody_accepted_are_not_published_over(tmp_path, page):
    told = "published over warnings that nobody accepted: 1"
    assert told not in answers(page(audit_home.BAD), "trust")
    assert "no warning asked for an answer" in page(audit_home.GOOD).text_content()
    home = audit_home.make(tmp_path / "home")
    kept = Approval("received", ["raw.files · another: expected"], ACCEPTED, "li.lei", "2026-11-22T12:30:00", "why")
    approvals.append(home, audit_home.BAD, kept)
    assert told in answers(html.parse(write_audit(home, audit_home.BAD)).getroot(), "trust")
    approvals.append(home, audit_home.BAD, replace(kept, warnings=["raw.files · records_as_usual: expected: it"]))
    assert told not in answers(html.parse(write_audit(home, audit_home.BAD)).getroot(), "trust")
    (home.reports / "2026-11-20" / "approvals.jsonl").unlink()
    publish(home, audit_home.BAD, "update published.audit.runs set approvals = []")
    silent = html.parse(write_audit(home, audit_home.BAD)).getroot()
    assert told in answers(silent, "trust")
    assert verdict(silent).startswith("No")
    assert "warnings, and no answer recorded: 1" in silent.xpath("//h2[@id='approvals']/..")[0].text_content()


def test_funnels(page):
    bad = page(audit_home.BAD)
    texts = [text.text for text in bad.xpath("//h2[@id='matching']/..//*[local-name()='text']")]
    # 40 new lists and 5 that waited
    assert [text for text in texts if "·" in text] == [
        "45 · 100.0%", "43 · 95.6%", "42 · 93.3%", "41 · 91.1%", "35 · 77.8%",
    ]  # fmt: skip
    verdicts, lacking = table(bad, "rebates")[:2], table(bad, "rebates")[2:]
    assert [row[1:] for row in verdicts] == [["3", "+3", "¥39.00"], ["7", "-3", "¥0.00"]]
    assert [(row[0].split()[0], row[1]) for row in lacking] == [("REB02", "7")]


def test_the_line_of_the_ledger(page, audited):
    shown = page(audit_home.GOOD).get_element_by_id("hash").text
    assert shown in audited.ledger.read_text(encoding="utf-8").splitlines()[0]


def test_of_a_run_that_stopped_what_is_known(page):
    stopped = page(audit_home.STOPPED)
    assert verdict(stopped).startswith("Not published")
    assert answers(stopped, "wrong")[0] == "the run stopped at: gate received"
    text = stopped.text_content()
    assert "announced 77, loaded 76" in text
    assert "files set aside whole: 1" in answers(stopped, "wrong")
    assert "not well-formed" in text
    assert "nothing of it was published" in text
    # what an earlier attempt left of later stages is not of this one
    assert "FMT02" not in text
    assert [row[2] for row in table(stopped, "gates")][:2] == ["1", ""]
    assert table(stopped, "approvals")[0][3] == "无人答复 nobody"


def test_the_index_has_every_run_the_newest_first(page, audited):
    page(audit_home.STOPPED)
    index = html.parse(audited.audit / "index.html").getroot()
    rows = [[cell.text_content().strip() for cell in row] for row in index.xpath("//tbody/tr")]
    assert [row[0] for row in rows] == ["2026-11-21", "2026-11-20", "2026-11-19"]
    assert rows[0][1].endswith("stopped: gate received")
    assert rows[1][2:7] == ["200", "12", "1", "1", "li.lei"]
    assert rows[2][1].endswith("published")


@pytest.mark.parametrize("result", [{"warnings": ["raw.files · records_as_usual"]}, None])
def test_a_run_that_waits_for_an_answer_is_not_broken_off(tmp_path, result):
    home = audit_home.make(tmp_path / "home")
    for day in (audit_home.GOOD, audit_home.STOPPED):
        left(home, day, "survey")
        name = "approve_received" if result is None else "gate_received"
        asked = outcomes.Outcome(name, "", datetime(2026, 11, 22, 8, 15), 60.0, ok=True, result=result)
        outcomes.append(home, day, asked)
    page = html.parse(write_audit(home, audit_home.STOPPED)).getroot()
    assert answers(page, "wrong")[0] == (
        "the run waits since 2026-11-22 08:16: warnings of gate received wait for an answer"
    )
    assert answers(page, "done")[-1] == "the run waits: nothing of it is published so far"
    results = html.parse(home.audit / "index.html").getroot().xpath("//tbody/tr/td[2]")
    waits = "waits for an answer since 2026-11-22 08:16"
    assert [[span.text for span in result.xpath(".//span[@lang='en']")] for result in results] == [
        [waits], ["published, with warnings"], [waits, "an earlier attempt is published"],
    ]  # fmt: skip


def test_a_gate_that_was_cleared_and_fails_stops_what_was_published_before(tmp_path):
    home = audit_home.make(tmp_path / "home")
    left(home, audit_home.GOOD, "survey", "load", "gate_received", "stage", "publish", "exchange")
    cleared = outcomes.Outcome("gate_received", "", datetime(2026, 11, 23), 1.0, ok=False)
    outcomes.append(home, audit_home.GOOD, cleared)
    page = html.parse(write_audit(home, audit_home.GOOD)).getroot()
    assert verdict(page) == "Not published: readers see what an earlier attempt published of this date"
    assert answers(page, "wrong")[0] == "the run stopped at: gate received"
    assert answers(page, "done")[-2:] == [
        "the run was stopped: nothing of it was published",
        "of this date an earlier attempt is published, ended 2026-11-20 00:35: snapshot 15",
    ]
    results = html.parse(home.audit / "index.html").getroot().xpath("//tbody/tr[last()]/td[2]")
    assert [span.text for span in results[0].xpath(".//span[@lang='en']")] == [
        "stopped: gate received",
        "an earlier attempt is published",
    ]


def test_a_run_that_was_killed_as_it_published_is_published(tmp_path):
    home = audit_home.make(tmp_path / "home")
    outcomes.begin(home, audit_home.GOOD)
    # before the snapshot was made, and nothing after
    gate = outcomes.Outcome("gate_received", "", datetime(2026, 11, 21, 0, 35), 1.0, ok=True)
    outcomes.append(home, audit_home.GOOD, gate)
    page = html.parse(write_audit(home, audit_home.GOOD)).getroot()
    assert answers(page, "wrong")[0] == "broken off as it published, no stage after: run it again"
    assert answers(page, "done") == ["published as snapshot 15"]


def test_names_from_outside_do_nothing(audited, page):
    page(audit_home.BAD)
    text = (audited.audit / "2026-11-20" / "records.html").read_text(encoding="utf-8")
    assert "&lt;img src=x" in text
    assert "<img" not in text


def test_the_same_run_gives_the_same_pages(audited, page):
    page(audit_home.BAD)
    folder = audited.audit / "2026-11-20"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    write_audit(audited, audit_home.BAD)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        ("update published.audit.conservation set accepted = 99 where file_id = 1", "not all accounted for"),
        ("delete from published.audit.conservation where file_id = 1", "not all accounted for"),
        (
            "update published.audit.gate_results set success = false where run_date = '2026-11-19'",
            "critical expectation did not hold",
        ),
        ("delete from published.audit.gate_results where run_date = '2026-11-19'", "No gate left a result"),
    ],
)
def test_figures_that_do_not_add_up_are_not_to_be_trusted(tmp_path, statements, says):
    home = audit_home.make(tmp_path / "home")
    publish(home, audit_home.GOOD, statements)
    wrong = html.parse(write_audit(home, audit_home.GOOD)).getroot()
    assert verdict(wrong).startswith("No")
    assert any(says in answer for answer in answers(wrong, "trust"))
    # nor has the snapshot that nobody wrote down a line in the ledger
    assert "The ledger has no line of this run" in answers(wrong, "trust")


def test_a_ledger_that_was_changed_is_named(tmp_path):
    home = audit_home.make(tmp_path / "home")
    home.ledger.write_text(re.sub(r'"at":"2026-11-19', '"at":"2026-11-18', home.ledger.read_text("utf-8")), "utf-8")
    wrong = html.parse(write_audit(home, audit_home.GOOD)).getroot()
    assert verdict(wrong).startswith("No")
    assert any("ledger line 1 was changed" in answer for answer in answers(wrong, "trust"))


def test_a_date_that_never_ran(audited):
    with pytest.raises(SandanError, match="2026-11-01 never ran"):
        write_audit(audited, audit_home.GOOD.replace(day=1))


def test_a_run_that_stopped_before_anything_was_published(home):
    outcomes.begin(home, audit_home.GOOD)
    failed = outcomes.Outcome("read", "export-orders", datetime(2026, 11, 20), 1.0, ok=False)
    outcomes.append(home, audit_home.GOOD, failed)
    stopped = html.parse(write_audit(home, audit_home.GOOD)).getroot()
    assert verdict(stopped).startswith("Not published")
    assert answers(stopped, "wrong")[0] == "the run stopped at: reading"


def test_the_index_has_consolidations_and_vintages(audited):
    who = "[{'gate': '', 'warnings': [''], 'decision': 'accepted', 'who': 'han.meimei', 'at': null, 'why': ''}]"
    change(
        audited,
        "create table published.audit.consolidations as select '2026-10' as month, approvals from published.audit.runs "
        f"limit 0; insert into published.audit.consolidations values ('2026-10', {who}); "
        "create table published.audit.trade_vintages as select '2026-10' as month, 1 as vintage_no, "
        "'preliminary' as vintage, approvals from published.audit.runs limit 1; "
        "insert into published.audit.trade_vintages values ('2026-10', 2, 'revised', []); "
        "insert into published.audit.gate_results by name select * replace (date '2026-10-31' as run_date, "
        "'statistics' as stage, false as success) from published.audit.gate_results limit 1",
    )
    left(audited, COUNTED, "count_trade", gate_statistics=False)
    left(audited, PUBLISHED_VINTAGE, "count_trade", "publish_vintage", write_files=False, audit_index=False)
    left(audited, PUBLISHED_MONTH, "publish_month", "applications")
    left(audited, WAITING, "consolidate")
    asked = outcomes.Outcome("approve_consolidated", "", datetime(2026, 11, 22, 8, 15), 60.0, ok=True)
    outcomes.append(audited, WAITING, asked)
    write_audit(audited, audit_home.GOOD)
    index = html.parse(audited.audit / "index.html").getroot()
    warned = "已发布，未完成：数据交换文件，有警告 published, not done: SDMX files, with warnings"
    assert [row[:5] for row in table(index, "months")] == [
        [
            "2026-11",
            "汇总申报 consolidated declarations",
            "自 2026-11-22 08:16 等待答复 waits for an answer since 2026-11-22 08:16",
            "",
            "",
        ],
        ["2026-11", "外贸统计 statistics", "停在检查“统计” stopped: gate statistics", "", ""],
        ["2026-10", "汇总申报 consolidated declarations", "已发布 published", "0", "han.meimei"],
        [
            "2026-10",
            "外贸统计第 2 版（修订） statistics, vintage 2, revised",
            warned,
            "1",
            "",
        ],
        ["2026-10", "外贸统计第 1 版（初步） statistics, vintage 1, preliminary", "已发布 published", "", ""],
    ]


@pytest.fixture(scope="module")
def monthly(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = audit_home.make(tmp_path_factory.mktemp("months"))
    audit_home.add_months(home)
    for month in (audit_home.MONTH, audit_home.STOPPED_MONTH):
        write_month(home, month)
    return home


def of_month(home: Home, name: str) -> html.HtmlElement:
    return html.parse(home.audit / name).getroot()


def test_a_consolidation_has_a_page(monthly):
    page = of_month(monthly, "2026-10/index.html")
    assert answers(page, "wrong")[0] == "nothing was found wrong"
    assert answers(page, "trust")[:2] == [
        "all 1 critical expectations held",
        "each of 10 counted, or left out with a reason",
    ]
    assert [row[1] for row in table(page, "counted")] == ["10", "8", "1", "1", "1", "9", "3", "5"]
    assert [row[:2] for row in table(page, "gates")] == [["汇总 consolidated", "1"]]


def test_a_vintage_has_a_page_with_what_changed_and_who_approved(monthly):
    first, second = (of_month(monthly, f"2026-10-statistics/v{number}.html") for number in (1, 2))
    assert table(first, "received")[0][4:] == ["9", "7", "1", "0", "1", "0"]
    assert [row[1:4] for row in table(second, "counted")] == [
        ["已计入 counted", "1", "1"],
        ["待单证 waiting for a list", "1", "2"],
    ]
    # one item is counted, and two are said to be
    assert "Some of it is neither counted nor left out" in answers(second, "trust")
    assert "each of 5 counted, or left out with a reason" in answers(first, "trust")
    assert table(first, "gates")[0][1:5] == ["0", "", "0", ""]
    assert table(second, "gates")[0][1:5] == ["1", "", "1", "1"]
    assert table(second, "approvals")[0][3] == "han.meimei"
    assert [row[1:3] for row in table(second, "changes")] == [["value_cny", "¥300.00"]]
    assert "v1.html" in second.xpath("//nav/a/@href")


def test_an_attempt_at_a_vintage_that_stopped_has_a_page_of_its_own(monthly):
    page = of_month(monthly, "2026-11-statistics/index.html")
    assert verdict(page).startswith("Not published")
    assert answers(page, "wrong")[0] == "the run stopped at: gate statistics"


def test_the_index_leads_to_the_pages_of_months(monthly):
    links = of_month(monthly, "index.html").xpath("//h2[@id='months']/..//a/@href")
    assert links == [
        "2026-11-statistics/index.html",
        "2026-10/index.html",
        "2026-10-statistics/v2.html",
        "2026-10-statistics/v1.html",
    ]
