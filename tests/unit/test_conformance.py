"""Every element of every official sample message is read as an independent parser sees it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from lxml import etree

from sandan.home import PROJECT, Home
from sandan.lists import EDITIONS, NATIONAL, TABLES, columns, fields
from sandan.read import read_source
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import open_document
from sandan.read.xml_plain import read_plain

SAMPLES = sorted((PROJECT / "tests" / "data" / "ceb").glob("CEB*Message.xml"))
DAY = date(2026, 11, 20)
LISTED = [s for s in SAMPLES if s.name[:6] in NATIONAL]
OTHERS = [s for s in SAMPLES if s.name[:6] not in NATIONAL]


def snake(element: str) -> str:
    """The column of an element, made here again from its name."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", element).lower()


def children(element: Any, name: str) -> list[Any]:
    return element.xpath(f"*[local-name()='{name}']")


def texts(element: Any, skip: str | None) -> dict[str, str]:
    """Column → trimmed text of each child that has one; `skip` is a child that is no field."""
    found = {}
    for child in element:
        name = etree.QName(child).localname
        if name != skip and (text := (child.text or "").strip(" \t\r\n")):
            found.setdefault(snake(name), text)
    return found


def expected(sample: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    message = NATIONAL[sample.name[:6]]
    heads, items = [], []
    for position, record in enumerate(children(etree.parse(sample).getroot(), message.record), start=1):
        head = children(record, message.head)[0] if message.head else record
        heads.append({"position": position} | texts(head, None))
        lines = children(record, message.item) if message.item else []
        items += [{"position": position, "line": n} | texts(line, None) for n, line in enumerate(lines, start=1)]
    return heads, items


def read(sample: Path, data: bytes, folder: Path) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The row of files.parquet and the rows of the other tables, without nulls."""
    home = Home(root=folder, sources=PROJECT / "sources")
    landing = home.landing_of("export-orders", DAY)
    landing.mkdir(parents=True)
    (landing / sample.name.lower()).write_bytes(data)
    read_source(home, DAY, "export-orders")
    tables = {}
    for file in (home.read_of(DAY) / "export-orders").glob("*.parquet"):
        if file.stem == "shapes":
            continue
        rows = pq.read_table(file).to_pylist()
        tables[file.stem.partition("-")[0]] = [
            {k: v for k, v in row.items() if v is not None and k != "file_no"} for row in rows
        ]
    return tables.pop("files")[0], tables


def test_samples_are_there() -> None:
    # no sample of the waybill of 2022, CEB213 and the like was published with the edition of 2018
    assert {s.name[:6] for s in LISTED} == set(NATIONAL) - {"CEB213"}
    assert len(OTHERS) >= 19


@pytest.mark.parametrize("sample", LISTED, ids=lambda s: s.stem)
@pytest.mark.parametrize("form", ["as published", "default namespace", "other prefix", "gb18030", "utf-16"])
def test_every_element_of_a_listed_sample(sample: Path, form: str, tmp_path: Path) -> None:
    data = sample.read_bytes()
    text = data.decode("utf-8-sig")
    if form == "default namespace":
        data = text.replace("xmlns:ceb=", "xmlns=").replace("<ceb:", "<").replace("</ceb:", "</").encode()
    elif form == "other prefix":
        data = text.replace("xmlns:ceb=", "xmlns:c9=").replace("<ceb:", "<c9:").replace("</ceb:", "</c9:").encode()
    elif form == "gb18030":
        data = text.replace("UTF-8", "GB18030", 1).encode("gb18030")
    elif form == "utf-16":
        data = text.replace("UTF-8", "UTF-16", 1).encode("utf-16")

    file, tables = read(sample, data, tmp_path)

    heads, items = expected(sample)
    message = NATIONAL[sample.name[:6]]
    heads_name, items_name = TABLES[message.list]
    assert heads
    assert (file["message"], file["list"], file["flow"]) == (message.code, message.list, message.flow)
    assert (file["state"], file["records"]) == ("read", len(heads))
    assert tables[heads_name] == heads
    if items_name:
        assert tables[items_name] == items


@pytest.mark.parametrize("sample", LISTED, ids=lambda s: s.stem)
def test_fast_and_careful_way_agree(sample: Path) -> None:
    document = open_document(sample.read_bytes(), "utf-8")
    message = NATIONAL[sample.name[:6]]

    plain, careful = read_plain(document, message), read_carefully(document, message)

    assert plain is not None
    assert plain.plain is not None  # every official sample goes the fast way
    assert careful.tables is not None
    assert plain.records == careful.records == careful.tables.heads.num_rows
    assert not careful.tables.heads.column("fault").drop_null()


@pytest.mark.parametrize("sample", OTHERS, ids=lambda s: s.stem)
def test_known_messages_that_no_list_takes(sample: Path, tmp_path: Path) -> None:
    file, tables = read(sample, sample.read_bytes(), tmp_path)

    assert (file["state"], file["message"], file["records"]) == ("read", sample.name[:6], 0)
    assert "list" not in file
    assert tables == {}


@pytest.mark.parametrize("code", NATIONAL)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_field_of_every_edition(code: str, edition: str, tmp_path: Path) -> None:
    """A message that fills each element of the field table with its own name."""
    message = NATIONAL[code]

    def block(level: str) -> str:
        return "".join(f"<{f.element}>{level}.{f.element}</{f.element}>" for f in known if f.level == level)

    known = fields(code, edition)
    head = f"<{message.head}>{block('head')}</{message.head}>" if message.head else block("head")
    item = f"<{message.item}>{block('item')}</{message.item}>" if message.item else ""
    record = f"<{message.record}>{item}{head}{item}</{message.record}>"
    data = f'<{code}Message xmlns="http://www.chinaport.gov.cn/ceb">{record * 100}</{code}Message>'.encode()

    file, tables = read(Path(f"{code}.xml"), data, tmp_path)

    assert file["records"] == 100
    heads_name, items_name = TABLES[message.list]
    wanted = {f.column: f"head.{f.element}" for f in known if f.level == "head"}
    assert tables[heads_name] == [{"position": n} | wanted for n in range(1, 101)]
    assert set(wanted) <= set(columns(message.list, "head"))
    if items_name and message.item:
        wanted = {f.column: f"item.{f.element}" for f in known if f.level == "item"}
        lines = [{"position": n, "line": line} | wanted for n in range(1, 101) for line in (1, 2)]
        assert tables[items_name] == lines
