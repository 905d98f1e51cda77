"""The audit report: its figures, and what it says where something does not hold."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pytest
from lxml import html

from sandan.audit import write_audit, write_index
from sandan.errors import SandanError
from sandan.month import CountedMonth
from sandan.run import outcomes
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach
from tests.data import audit_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sandan.home import Home

ANSWERS = "//*[@id='{id}']//li/span[@lang='en']"
COUNTED = CountedMonth.fromisoformat("2026-11")
TABLE = "//h2[@id='{id}']/..//table[{nth}]/tbody/tr"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return audit_home.make(tmp_path_factory.mktemp("audit"))


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


def test_a_good_day_is_to_be_trusted(page):
    assert verdict(page(audit_home.GOOD)) == "Yes"
    assert answers(page(audit_home.GOOD), "trust") == [
        "all 1 critical expectations held",
        "each of 150 records received has one fate: none lost, none counted twice",
        "line 1 of the ledger has the digests of all its files",
        "the hash chain of the ledger is whole",
    ]


def test_the_first_screen_says_what_was_wrong_and_what_was_done(page):
    bad = page(audit_home.BAD)
    assert verdict(bad) == "Yes, with the reservations below"
    assert answers(bad, "wrong")[:6] == [
        "warnings: 1",
        "files set aside whole: 1",
        "of 200 records received, rejected: 12",
        "sources of the day before that sent nothing: 1",
        "lists that lack or disagree, new findings: 6",
        "folders that no source claims",
    ]
    assert answers(bad, "done") == [
        "set aside with their reasons, 13 in all; no file was deleted",
        "201 receipts told 1 sources what was taken and what not",
        "1 warnings accepted by li.lei",
        "departments were told of new mismatches: 1",
        "published as snapshot 16",
    ]


def test_whose_fault_it_was(page):
    found = page(audit_home.BAD).xpath("//*[@id='fault']//tbody/tr")
    rows = [(row[0].find("span[@lang='en']").text, row[2].text) for row in found]
    assert rows == [
        ("source party", "1"),
        ("Export receipts of payment", None),  # silent
        ("Export orders of the platform", "12"),
        ("Export orders of the platform", "1"),
        ("payment company", "6"),
    ]


def test_every_source_with_its_records_and_their_fate(page):
    [row] = table(page(audit_home.BAD), "received")
    # files, set aside, records, day before, accepted, superseded, not applied, rejected, unaccounted
    assert row[1:] == ["3", "1", "200", "100", "180", "3", "5", "12", "0"]


def test_rejected_by_reason(page):
    rows = table(page(audit_home.BAD), "rejected")
    assert [(row[1].split()[0], row[2], row[3]) for row in rows] == [
        ("FMT02", "12", "FMT02 Mandatory field present 必填项: goodsValue"),
        ("FMT01", "1", "FMT01 not well-formed: line 1"),
    ]


def test_gates_with_their_bounds_and_who_approved(page, audited):
    bad = page(audit_home.BAD)
    assert [row[1:4] for row in table(bad, "gates")][:4] == [
        ["2", "", "1"],
        ["0", "", ""],
        ["0", "", ""],
        ["1", "", ""],
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
    assert [row[1:4] for row in table(page(audit_home.GOOD), "changes")] == [["0", "10", "+10"], ["0", "90", "+90"]]
    found = [[row[0].split()[0], *row[2:]] for row in table(page(audit_home.BAD), "matching")]
    assert found == [["PAY01", "6", "6", "+6"], ["DOC03", "0", "5", "-5"]]


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
    message = "call published.set_commit_message('sandan', 'three_lists_daily 2026-11-19 · run three')"
    change(home, f"begin; {statements}; {message}; commit")
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
    outcomes.begin(audited, COUNTED)
    for name, ok in (("count_trade", True), ("gate_statistics", False)):
        outcomes.append(audited, COUNTED, outcomes.Outcome(name, "", datetime(2026, 11, 22), 1.0, ok))
    index = html.parse(write_index(audited)).getroot()
    warned = "已发布，有警告 published, with warnings"
    assert [row[:5] for row in table(index, "months")] == [
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
