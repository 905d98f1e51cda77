"""The package of one enterprise, from a lake in which the codes of others begin like its own."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from lxml import etree, html

from sandan import pack
from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.pack import write_package
from sandan.run.cli import main
from sandan.warehouse.lake import connect_published
from tests.lakes import ENTERPRISES, in_lake

OWN, MONTH = "3301960", Month.fromisoformat("2026-11")
MARKS = {OWN: "MARK0", "330196": "MARKa", "3301960A": "MARKb", "33019600": "MARKc", "330196_": "MARKe"}
FIGURES = "//*[@class='figures']//b"
ACTIONS = "//ol[@class='actions']/li"
DUE = ".//*[@class='stake']/span"
LINES = "//h2[@id='todo']/following-sibling::table//tbody/tr"
FOREX = "//h2[@id='exchange']/following-sibling::table//tbody/tr"
TRENDS = "//h2[@id='scorecard']/following-sibling::div//h3"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return in_lake(Home(root=tmp_path_factory.mktemp("pack"), sources=PROJECT / "sources"), ENTERPRISES)


@pytest.fixture(scope="module")
def folder(published: Home) -> Path:
    return write_package(published, OWN, MONTH)


@pytest.fixture(scope="module")
def page(folder: Path) -> html.HtmlElement:
    return html.parse(folder / "report.html").getroot()


def asked(home: Home, query: str) -> list[tuple]:
    """What the lake itself says, by a query that names the enterprise in its own words."""
    with connect_published(home) as lake:
        return lake.execute(query.format(own=f"ebc_code = '{OWN}'")).fetchall()


def sheets(file: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(file) as parts:
        names = [sheet.get("name") for sheet in etree.fromstring(parts.read("xl/workbook.xml")).iter("{*}sheet")]
        return {
            name: etree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
            for number, name in enumerate(names, start=1)
        }


def read_out(folder: Path) -> str:
    """All that can be read out of a package: the page, the parts of the workbook, the values of the tables."""
    texts = [(folder / "report.html").read_text(encoding="utf-8")]
    with zipfile.ZipFile(folder / "workbook.xlsx") as parts:
        texts += [parts.read(name).decode() for name in parts.namelist()]
    texts += [str(duckdb.sql(f"from '{file}'").fetchall()) for file in sorted(folder.glob("*.parquet"))]
    return "\n".join(texts)


@pytest.mark.parametrize("enterprise", MARKS)
def test_nothing_of_anyone_else(published, enterprise):
    folder = write_package(published, enterprise, MONTH)
    text = read_out(folder)
    assert set(re.findall("MARK.", text)) == {MARKS[enterprise]}
    assert set(re.findall(r"330196[0-9A-Z_]*", text)) == {enterprise}
    as_they_lie = b"".join(file.read_bytes() for file in folder.iterdir())
    assert set(re.findall(b"MARK.", as_they_lie)) == {MARKS[enterprise].encode()}


def test_every_table_has_all_of_its_own_rows_and_no_other(published, folder):
    kept = {
        "enterprise_worklist": "true",  # those closed were closed in the month
        "enterprise_scorecard": "week > date '2026-11-24' - 84",
        "clearance_facts": "declared_date >= date '2026-11-01'",
    }
    of_month = (
        "cop_no in (select cop_no from clearance.clearance_facts where {own} and declared_date >= date '2026-11-01')"
    )
    schemas = dict(asked(published, "select table_name, table_schema from information_schema.tables"))
    for file in folder.glob("*.parquet"):
        name = file.stem
        is_of_parcels = not name.startswith(("enterprise", "consolidated")) and name not in kept
        condition = of_month if is_of_parcels else kept.get(name, "true")
        expected = asked(published, f"from {schemas[name]}.{name} where {{own}} and {condition} order by all")
        assert duckdb.sql(f"from '{file}'").fetchall() == expected
        assert expected
    assert len(list(folder.glob("*.parquet"))) == 15


def test_what_comes_is_what_the_lake_says(published, page):
    ((complete, incomplete),) = asked(
        published,
        "select sum(complete_cny), sum(incomplete_cny) from integrated_service.enterprise_rebate_finance"
        " where {own} and week >= date '2026-11-23'",
    )
    assert [b.text for b in page.xpath(FIGURES)] == [f"¥{complete:,.2f}", f"¥{incomplete:,.2f}"]
    ((limit,),) = asked(published, "select advance_limit_cny from integrated_service.enterprise_advance where {own}")
    shown = {dt.text_content(): dd.text_content() for dt, dd in zip(page.iter("dt"), page.iter("dd"), strict=True)}
    assert shown["可预支额度 advance limit"] == f"¥{limit:,.2f}"
    ((total, overdue),) = asked(
        published,
        "select sum(open_cny), sum(open_cny) filter (due_on < date '2026-11-24')"
        " from integrated_service.enterprise_forex_open where {own}",
    )
    assert shown["未收汇，折人民币 exchange open, in CNY"] == f"¥{total:,.2f}"
    assert shown["其中逾期 of it overdue"] == f"¥{overdue:,.2f}"


def test_exchange_is_told_by_currency_and_age(published, page):
    rows = {row[0].text_content(): [cell.text_content() for cell in row] for row in page.xpath(FOREX)}
    for currency, name in (("502", "美元 USD"), ("300", "欧元 EUR")):
        ((total, overdue),) = asked(
            published,
            "select sum(open), sum(open) filter (due_on < date '2026-11-24')"
            f" from integrated_service.enterprise_forex_open where {{own}} and currency = '{currency}'",
        )
        assert rows[name][5:7] == [f"{total:,.2f}", f"{overdue:,.2f}"]


def test_what_to_do_is_ranked_and_adds_up(published, page):
    lead = page.find_class("lead")[0].text_content()
    assert lead == "20 项待办 20 things · 2 项逾期 2 overdue"
    actions = page.xpath(ACTIONS)
    late = [action.get("class") == "late" for action in actions]
    assert late == [True, True, False, False, False]
    assert actions[0].xpath(DUE)[0].text_content() == "2026-11-22 逾期 2 天 2 days overdue"
    assert actions[2].xpath(DUE)[0].text_content() == "2026-11-24 今天到期 due today"
    ((money,),) = asked(
        published,
        "select sum(money_cny) from integrated_service.enterprise_worklist"
        " where {own} and closed_on is null and rule_id = 'DOC02' and due_on >= date '2026-11-24'",
    )
    assert actions[2].find_class("stake")[0].findtext("b") == f"¥{money:,.2f}"
    # of what is overdue 2,001 before 1,000; then 5,002 with a day left before 4,002 due today; without a day, thirty
    rows = page.xpath(LINES)
    named = [row[4].text_content().split(" · ")[0] for row in rows]
    assert named[:6] == ["C2MARK0", "C1MARK0", "C5MARK0", "C4MARK0", "C6MARK0", "C8MARK0"]
    assert named[-1] == "C3MARK0"
    assert len(rows) == 20


def test_the_workbook_has_the_same_lines_in_the_same_order(folder, page):
    rows = sheets(folder / "workbook.xlsx")["todo 待办"].xpath("//*[local-name()='row']")
    header, *lines = [["".join(cell.itertext()) for cell in row] for row in rows]
    column = header.index("cop_no")
    on_page = [row[4].text_content().split(" · ")[0] for row in page.xpath(LINES)]
    # empty cells are not written, and come before none of these
    assert len(lines) == 20
    assert [next(text for text in line if text.startswith("C")) for line in lines] == on_page
    assert header[column] == "cop_no"


def test_peers_are_shown_where_there_are_enough(page):
    figures = {h3.xpath("span[@lang='en']")[0].text: h3.text_content() for h3 in page.xpath(TRENDS)}
    assert "100.0%" in figures["three lists matched"]
    assert "同行 90.0%" in figures["three lists matched"]


def test_hostile_text_stays_text(folder, page):
    assert not page.xpath("//script | //img | //iframe | //object | //form | //*[@onerror or @onload or @onclick]")
    # what may load or run is forbidden besides; only the style of the page itself is let through
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert not [url for url in page.xpath("//@href | //@src") if not url.startswith(("#", "data:"))]
    assert '<script>alert("汇")</script>' in "".join(row.text_content() for row in page.xpath(LINES))
    for name, sheet in sheets(folder / "workbook.xlsx").items():
        assert not sheet.xpath("//*[local-name()='f'] | //*[local-name()='hyperlink']"), name
    todo = "".join(sheets(folder / "workbook.xlsx")["todo 待办"].itertext())
    assert "=cmd|'/c calc'!A1" in todo


def test_the_same_snapshot_gives_the_same_bytes(published, folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    write_package(published, OWN, MONTH)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert {"report.html", "workbook.xlsx"} < set(before)


def test_a_killed_package_leaves_the_earlier_one(published, folder, monkeypatch):
    before = {file: file.read_bytes() for file in folder.iterdir()}

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pack, "write_workbook", killed)
        for month in ("2026-10", "2026-11"):
            with pytest.raises(KeyboardInterrupt):
                write_package(published, OWN, Month.fromisoformat(month))
    assert {file: file.read_bytes() for file in folder.iterdir()} == before
    assert not (folder.parent / "2026-10").exists()


@pytest.mark.parametrize("code", ["33019", "3301960%", "3301960b", "", "../3301960", "3301960' or '1'='1"])
def test_an_enterprise_that_is_none_is_said_in_words(published, code):
    with pytest.raises(SandanError, match="no published declaration is of an enterprise") as told:
        write_package(published, code, MONTH)
    assert not re.search(r"3301960[A0]", str(told.value))


def test_a_code_that_cannot_name_a_folder(published):
    with pytest.raises(SandanError, match="cannot name the folder"):
        write_package(published, "3301960 ", MONTH)


@pytest.mark.parametrize("month", ["2026-09", "2026-12"])
def test_a_month_without_data_is_said_in_words(published, monkeypatch, capsys, month):
    monkeypatch.setenv("SANDAN_HOME", str(published.root))
    assert main(["pack", "--enterprise", OWN, "--month", month]) == 1
    told = capsys.readouterr().err
    assert f"nothing of {OWN} is published for {month}" in told
    assert "ask for a month from 2026-10 to 2026-11" in told
    assert not (published.exchange / "enterprises" / OWN / month).exists()


def test_a_lake_of_an_earlier_edition(home):
    in_lake(home, ENTERPRISES, "drop table published.integrated_service.enterprise_forex")
    with pytest.raises(SandanError, match=r"no enterprise_forex\n.*make run"):
        write_package(home, OWN, MONTH)


def test_an_enterprise_with_nothing_to_do_and_nothing_to_come(home, monkeypatch, capsys):
    tables = "worklist rebate_finance advance concentration forex forex_open logistics scorecard".split()
    in_lake(home, ENTERPRISES, *(f"delete from published.integrated_service.enterprise_{table}" for table in tables))
    assert main(["pack", "--enterprise", OWN, "--month", str(MONTH)]) == 0
    file = home.exchange / "enterprises" / OWN / str(MONTH) / "report.html"
    assert str(file) in capsys.readouterr().out
    text = html.parse(file).getroot().text_content()
    assert "今天没有待办。" in text
    assert "¥0.00" in text


def test_days_are_counted_from_the_last_run_and_what_is_simulated_is_said(home):
    in_lake(home, ENTERPRISES, "insert into published.audit.runs values (date '2026-11-30', true)")
    page = html.parse(write_package(home, OWN, MONTH) / "report.html").getroot()
    assert str(date(2026, 11, 30)) in page.find(".//header").text_content()
    assert page.find_class("lead")[0].text_content().endswith("7 项逾期 7 overdue")
    assert "Exchange rates are a simulated sample" in page.find_class("simulated")[0].text_content()
