"""Source files: those of the project are right, a wrong one stops with file, line and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from read_helpers import DAY, Landing

from sandan.errors import ConfigurationError
from sandan.home import PROJECT
from sandan.lists import MESSAGES, TABLES
from sandan.read import read_source, survey
from sandan.read.sources import load_source, load_sources

if TYPE_CHECKING:
    from pathlib import Path

CSV = """\
id: shop
name: {zh: 店, en: Shop}
party: {code: "1", role: platform}
list: order
direction: export
format: csv
files: "*.csv"
encoding: gb18030
edition: "202205"
code_lists: customs
relax: [guid]
record_by: [no]
columns:
  head:
    appType: {const: "1"}
    appTime: {from: at, time: "%Y-%m-%d %H:%M"}
    appStatus: {const: "2"}
    orderType: {const: E}
    orderNo: no
    ebpCode: platform
    goodsValue: {from: value, thousands: ",", scale: "0.01"}
    freight: {const: "0"}
    currency: {from: cur, values: {CNY: "142"}}
  item:
    gnum: line
    unit: unit
    currency: {const: "142"}
    qty: qty
    price: price
    totalPrice: total
"""


def write(folder: Path, text: str, name: str = "shop.yml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_sources_of_the_project() -> None:
    sources = load_sources(PROJECT / "sources")

    assert {s.message.code for s in sources.values() if s.format == "ceb-xml"} == set(MESSAGES)
    assert {s.message.list for s in sources.values()} == set(TABLES)
    assert {s.format for s in sources.values()} == {"ceb-xml", "csv", "jsonl"}
    assert {s.edition for s in sources.values()} == {"2018", "202205"}


def test_a_right_source(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, CSV))

    assert (source.id, source.message.code, source.encoding, source.relaxed) == ("shop", "CEB303", "gb18030", ("guid",))
    assert source.record_by == ("no",)
    assert {c.element: c.source for c in source.item}["qty"] == "qty"


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("files:", "filez:", "filez:", "unknown key 'filez'"),
        ("id: shop", "id: Shop!", "id:", "no id"),
        ("id: shop", "id: market", "id:", "not the file's name"),
        ("list: order", "list: oder", "list:", "one of: order"),
        ("list: order", "list: [order]", "list:", "single text"),
        ("direction: export", "direction: out", "direction:", "one of: export, import"),
        ("format: csv", "format: xlsx", "format:", "one of: ceb-xml"),
        ("format: csv", "format: jsonl", "record_by:", "no meaning for jsonl"),
        ("role: platform", "role: king", "party:", "one of: platform"),
        ("party: {code:", "party: {kode:", "party:", "unknown key 'kode'"),
        ("name: {zh: 店, en: Shop}", "name: {zh: 店}", "name:", "lacks 'en'"),
        ('edition: "202205"', "edition: 2022", "edition:", "one of: 2018, 202205"),
        ("code_lists: customs", "code_lists: own", "code_lists:", "one of: customs, iso"),
        ("encoding: gb18030", "encoding: gb18031", "encoding:", "unknown encoding"),
        ("encoding: gb18030\n", "", "id:", "lacks 'encoding'"),
        ("direction: export\n", "", "id:", "lacks 'direction'"),
        ("relax: [guid]", "relax: [guid, orderNo]", "relax:", "part of the key"),
        ("relax: [guid]", "relax: [guid, goodsValue]", "relax:", "PAY01"),
        ("relax: [guid]", "relax: [appTime]", "relax:", "VER"),
        ("relax: [guid]", "relax: [giud]", "relax:", "no element 'giud'"),
        ("relax: [guid]\n", "", "appType", "'guid' is mandatory"),
        ("    orderNo: no\n", "", "appType", "'orderNo' is mandatory"),
        ("    qty: qty\n", "", "gnum", "'qty' is mandatory"),
        ("    orderNo: no", "    orderNumber: no", "orderNumber", "no head element 'orderNumber'"),
        ("    orderNo: no", "    orderNo: no\n    orderNo: nr", "orderNo: nr", "written twice"),
        ("list: order", "list: order\nlist: payment", "list: payment", "written twice"),
        ("    orderNo: no", "    orderNo: {form: no}", "orderNo", "unknown key 'form'"),
        ("    orderNo: no", "    orderNo: {values: {a: b}}", "orderNo", "either from or const"),
        ("    orderNo: no", "    orderNo: {from: no, const: A}", "orderNo", "either from or const"),
        ("    orderNo: no", "    orderNo: {from: no, time: '%Y%m%d'}", "orderNo", "no time but"),
        ('"%Y-%m-%d %H:%M"', '"%H:%M"', "appTime", "no full date"),
        ('scale: "0.01"', "scale: 1/100", "goodsValue", "no decimal number"),
        ("record_by: [no]\n", "", "id:", "lacks 'record_by'"),
        ("  item:\n", "  lines:\n", "lines:", "unknown key 'lines'"),
        ("relax: [guid]", "relax: [guid", "columns:", "no YAML"),
        ("relax: [guid]", "relax: [guid]]", "relax:", "no YAML"),
    ],
)
def test_a_wrong_source_names_line_and_remedy(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    assert old in CSV
    text = CSV.replace(old, new, 1)
    file = write(tmp_path, text)

    with pytest.raises(ConfigurationError) as stop:
        load_sources(tmp_path)

    assert stop.value.file == file
    assert says in str(stop.value)
    assert "\n  → " in str(stop.value)
    if says != "no YAML":  # where a bracket is missed is the YAML parser's to say
        assert stop.value.line == line_of(text, at)


def test_columns_have_no_meaning_for_xml(tmp_path: Path) -> None:
    text = CSV.replace("format: csv", "format: ceb-xml")

    with pytest.raises(ConfigurationError, match="'columns' has no meaning for ceb-xml"):
        load_source(write(tmp_path, text))


def test_there_is_no_import_arrival(tmp_path: Path) -> None:
    text = CSV.replace("list: order", "list: arrival").replace("direction: export", "direction: import")

    with pytest.raises(ConfigurationError, match="no import message of the list arrival"):
        load_source(write(tmp_path, text))


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"\xff\xfe", b"- a\n- b\n", b"text", b"a: &x [*y]\n"])
def test_a_file_that_is_no_source(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "shop.yml").write_bytes(data)

    with pytest.raises(ConfigurationError):
        load_source(tmp_path / "shop.yml")


@pytest.mark.parametrize("exists", [True, False])
def test_no_source_files(tmp_path: Path, exists: bool) -> None:  # noqa: FBT001 - a parameter of the test
    folder = tmp_path / "sources"
    if exists:
        folder.mkdir()

    with pytest.raises(ConfigurationError, match="there are no source files"):
        load_sources(folder)


def test_a_source_file_named_yaml_is_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, CSV)
    write(tmp_path, CSV, "other.yaml")

    with pytest.raises(ConfigurationError, match=r"end in \.yml"):
        load_sources(tmp_path)


def test_survey_finds_sources_and_unclaimed_folders(tmp_path: Path) -> None:
    landing = Landing.under(tmp_path)
    landing.put("export-orders", "deep/er/m.xml", b"x")
    landing.put("unheard-of", "m.xml", b"x")
    landing.home.landing_of("export-waybills", DAY).mkdir(parents=True)  # an empty folder is no delivery
    (landing.home.landing / "import-orders" / "2026-11-19").mkdir(parents=True)
    (landing.home.landing / "import-orders" / "2026-11-19" / "m.xml").touch()

    found = survey(landing.home, DAY)

    assert (found.sources, found.unclaimed) == (["export-orders"], ["unheard-of"])


def test_survey_without_a_landing(tmp_path: Path) -> None:
    found = survey(Landing.under(tmp_path).home, DAY)

    assert (found.sources, found.unclaimed) == ([], [])


def test_reading_an_unknown_source(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no source 'nobody'"):
        read_source(Landing.under(tmp_path).home, DAY, "nobody")
