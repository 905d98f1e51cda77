"""The quality report of a vintage, from a lake that has more than may get out of the house."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import html

from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.quality import write_quality
from tests.lakes import STATISTICS, in_lake

if TYPE_CHECKING:
    from pathlib import Path

NOVEMBER = Month.fromisoformat("2026-11")
TABLE = "//h2[@id='{id}']/following-sibling::{path}//tbody/tr"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return in_lake(Home(root=tmp_path_factory.mktemp("quality"), sources=PROJECT / "sources"), STATISTICS)


@pytest.fixture(scope="module")
def file(published: Home) -> Path:
    return write_quality(published, NOVEMBER, 2)


@pytest.fixture(scope="module")
def page(file: Path) -> html.HtmlElement:
    return html.parse(file).getroot()


def rows(page: html.HtmlElement, id_: str, path: str = "table") -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in page.xpath(TABLE.format(id=id_, path=path))]


def tiles(page: html.HtmlElement) -> list[tuple[str, str]]:
    return [(p.xpath("span[@lang='en']")[0].text, p.find("b").text_content()) for p in page.find_class("tiles")[0]]


def test_values_are_those_of_the_published_table(page):
    # 1,000,000 and 50,000 for each of thirteen months, and a hundredth with the second vintage; imports 0.4 of it
    assert tiles(page) == [
        ("exports, FOB", "¥1,666,500.00"),
        ("imports, CIF", "¥666,600.00"),
        ("exports returned", "¥12,345.67"),
        ("imports returned", "不公布 withheld"),
        ("exports: items counted of those due", "79.5%"),  # 4,000 of 5,030
        ("imports: items counted of those due", "80.0%"),
        ("exports: value hidden at 8 digits", "9.8%"),
        ("imports: value hidden at 8 digits", "9.8%"),
    ]


def test_nothing_that_disclosure_control_keeps_is_on_it(file):
    text = file.read_text(encoding="utf-8")
    assert "MARK" not in text
    # values of items, of what is left out, missing or unlikely, and of unprotected cells
    for digit in "45678":
        assert not re.search(rf"{digit}{digit},?{digit}{digit}{digit}\.{digit}{digit}", text)


def test_few_are_not_counted(page):
    left_out = {(row[0].split(" ")[1], row[1].split(" ", 1)[1]): row[2] for row in rows(page, "coverage", "div")}
    assert left_out == {
        ("exports,", "counted"): "4,000",
        ("exports,", "waiting for a list"): "600",
        ("exports,", "refused"): "400",
        ("exports,", "other reasons"): "30",  # 13 and 17
        ("imports,", "counted"): "4,000",
        ("imports,", "waiting for a list"): "1,000",  # 7 refused are not told, nor to be worked out
    }
    missing = {row[0].split(" ")[0]: row[1:3] for row in rows(page, "accuracy", "div/figure/table")}
    assert missing["第一法定数量"] == ["< 20", "–"]
    assert missing["净重"] == ["20", "0.5%"]
    quarantined = {row[1]: row[5] for row in rows(page, "coverage")}
    assert quarantined["export-declarations"] == "2.5%"
    assert quarantined["wallet-payments"] == "–"
    # the gate saw more than it may tell
    assert "outliers_bear_little" in page.xpath("//h2[@id='integrity']/following-sibling::ul")[0].text_content()


def test_outliers_are_told_only_of_chapters_that_are_published(file):
    text = file.read_text(encoding="utf-8")
    assert "HS 61" in text
    assert "HS 85" not in text


def test_what_a_vintage_changed(page):
    assert [row[3:] for row in rows(page, "revisions")] == [
        ["", "", ""],
        ["+1.00%", "3.2%", "0.9%"],
        ["", "", ""],
        ["+1.00%", "", ""],  # with few cells and few late items behind it
    ]


def test_it_says_what_lists_do_not_cover_and_names_both_frameworks(page):
    assert len(page.xpath("//*[@id='not-covered']/li")) == 6
    assert [row[0].split(" ")[0] for row in rows(page, "frameworks")] == ["0", "1", "2", "3", "4", "5"]
    assert "silent" in rows(page, "coverage")[2][2]


def test_hostile_text_stays_text(page):
    assert not page.xpath("//script | //img | //iframe | //object | //form | //*[@onerror or @onload or @onclick]")
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert not [url for url in page.xpath("//@href | //@src") if not url.startswith(("#", "data:"))]
    assert "<img src=x onerror=alert(1)>" in {row[1] for row in rows(page, "coverage")}


def test_a_report_stays_as_it_was_when_more_is_published(published, file):
    before = file.read_bytes()
    first = write_quality(published, NOVEMBER, 1).read_bytes()
    in_lake(
        published,
        """
        insert into published.audit.trade_vintages by name
        select * replace (
            '2026-10' as month, 3 as vintage_no,
            date '2027-01-04' as made_on, timestamp '2027-01-06 01:00:00' as ended_at -- begun before, published after
        )
        from published.audit.trade_vintages where month = '2026-10' and vintage_no = 2;
        insert into published.statistics.trade_published by name
        select * replace (3 as vintage_no, value_cny * 2 as value_cny)
        from published.statistics.trade_published where period = '2026-10' and vintage_no = 2
        """,
    )
    assert write_quality(published, NOVEMBER, 2).read_bytes() == before
    assert write_quality(published, NOVEMBER, 1).read_bytes() == first != before


def test_a_vintage_that_is_not_there_is_named(published):
    with pytest.raises(SandanError, match=r"vintage 3 of 2026-11 is not published.*\n.*make statistics MONTH=2026-11"):
        write_quality(published, NOVEMBER, 3)
