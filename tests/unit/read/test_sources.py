"""Source files: those of the project are right, a wrong one stops with file, line and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from read_helpers import DAY, Landing

from sandan.errors import ConfigurationError
from sandan.home import PROJECT
from sandan.lists import MESSAGES, NATIONAL, PAPERS, TABLES
from sandan.read import read_source
from sandan.read.sources import load_source, load_sources

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.lists import Message

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

    assert {s.message.code for s in sources.values() if s.format == "ceb-xml"} == set(NATIONAL)
    assert {s.message.code for s in sources.values()} == set(MESSAGES)
    assert {s.message.list for s in sources.values()} == set(TABLES)
    assert {s.format for s in sources.values()} == {"ceb-xml", "csv", "jsonl"}
    assert {s.edition for s in sources.values()} == {"2018", "202205"}


def test_a_right_source(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, CSV))

    assert (source.id, source.message.code, source.encoding, source.relaxed) == ("shop", "CEB303", "gb18030", ("guid",))
    assert source.record_by == ("no",)
    assert {c.element: c.source for c in source.item}["qty"] == "qty"


@pytest.mark.parametrize("paper", PAPERS.values(), ids=lambda message: message.list)
def test_a_paper_comes_in_a_local_format_only(paper: Message, tmp_path: Path) -> None:
    text = CSV[: CSV.index("relax:")].replace("list: order", f"list: {paper.list}").replace("csv", "ceb-xml", 1)

    with pytest.raises(ConfigurationError, match=rf"shop\.yml:6: {paper.list} is no national message"):
        load_source(write(tmp_path, text))


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
        ("encoding: gb18030", "encoding: rot13", "encoding:", "'rot13' is no encoding of text"),
        ("encoding: gb18030", "encoding: hex", "encoding:", "'hex' is no encoding of text"),
        ("encoding: gb18030", "encoding: undefined", "encoding:", "no encoding of text"),
        ("encoding: gb18030", "encoding: unicode_escape", "encoding:", "no encoding of text"),
        ("encoding: gb18030", 'encoding: "gb\\0"', "encoding:", "unknown encoding"),
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
        ('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %Q"', "appTime", "no format that a time can be read with"),
        ('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %"', "appTime", "no format that a time can be read with"),
        ('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %d"', "appTime", "no format that a time can be read with"),
        ('"%Y-%m-%d %H:%M"', '"%%Y-%m-%d"', "appTime", "reads another time"),
        ('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %I:%M"', "appTime", "reads another time"),
        ('scale: "0.01"', "scale: 1/100", "goodsValue", "no decimal number"),
        ("record_by: [no]\n", "", "id:", "lacks 'record_by'"),
        ("  item:\n", "  lines:\n", "lines:", "unknown key 'lines'"),
        ("relax: [guid]", "relax: [guid", "relax:", "close the bracket"),
        ("relax: [guid]", "relax: [guid}", "relax:", "close the bracket"),
        ("relax: [guid]", "relax: [guid]]", "relax:", "write 'key: value'"),
        ("id: shop", "id: [", "id:", "close the bracket"),
        ("en: Shop}", "en: Shop", "en:", "close the bracket"),
        ("encoding: gb18030", 'encoding: "gb18030', "encoding:", "close the quote"),
        ("encoding: gb18030", "encoding: 'gb18030", "encoding:", "close the quote"),
        ('%H:%M"}', "%H:%M}", "appTime", "close the quote"),
        ("totalPrice: total", 'totalPrice: "total', "totalPrice", "close the quote"),
        ("encoding: gb18030", "encoding:gb18030", "encoding:", "write 'key: value'"),
        ("    orderNo: no", "\torderNo: no", "orderNo", "indented by blanks"),
        ("    orderNo: no", "      orderNo: no", "orderNo", "write 'key: value'"),
        ('"*.csv"', "*.csv", "files:", "quotes round a value"),
        ("orderNo: no", "orderNo: n\x01o", "orderNo", "control character"),
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
    assert stop.value.line == line_of(text, at)


def test_a_bracket_that_nothing_follows(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"shop\.yml:1: .*bracket"):
        load_source(write(tmp_path, "id: [\n"))


def test_a_line_that_is_not_in_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "shop.yml"
    file.write_bytes(CSV.encode("gb18030"))

    with pytest.raises(ConfigurationError, match=r"shop\.yml:2: the file is not in UTF-8"):
        load_source(file)


def test_a_folder_named_as_a_source_file(tmp_path: Path) -> None:
    (tmp_path / "shop.yml").mkdir()

    with pytest.raises(ConfigurationError, match=r"shop\.yml: the file cannot be opened"):
        load_sources(tmp_path)


@pytest.mark.parametrize("pattern", ["%Y-%m-%dT%H:%M:%S%z", "%Y/%m/%d %I:%M %p", "%d.%m.%Y", "%Y%m%d%H%M%S.%f"])
def test_times_that_can_be_read(tmp_path: Path, pattern: str) -> None:
    source = load_source(write(tmp_path, CSV.replace("%Y-%m-%d %H:%M", pattern)))

    assert {c.element: c.time for c in source.head}["appTime"] == pattern


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

    with pytest.raises(ConfigurationError, match="sources: there are no source files"):
        load_sources(folder)


@pytest.mark.parametrize("name", ["other.yaml", "other.YML", "other.Yaml"])
@pytest.mark.parametrize("beside", ["shop.yml", "notes.txt"])
def test_a_misnamed_source_file_is_not_passed_over(tmp_path: Path, name: str, beside: str) -> None:
    file = write(tmp_path, CSV, name)
    write(tmp_path, CSV, beside)

    with pytest.raises(ConfigurationError, match=r"rename to other\.yml") as stop:
        load_sources(tmp_path)

    assert str(stop.value).startswith(f"{file}: ")


def test_reading_an_unknown_source(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no source 'nobody'"):
        read_source(Landing.under(tmp_path).home, DAY, "nobody")
