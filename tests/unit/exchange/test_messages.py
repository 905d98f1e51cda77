"""Every message that goes out is written, valid, and read again with the same values; a wrong one is not written."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sandan import exchange
from sandan.errors import SandanError
from sandan.exchange import Batch, validator
from sandan.exchange.messages import OUTGOING, limit
from sandan.exchange.validator import faults
from sandan.home import PROJECT, Home
from sandan.lists import EDITIONS, Field, fields
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import open_document

DAY = "2026-11-20"
SENT = [(code, edition) for code in OUTGOING for edition in EDITIONS]
CODES = {"return_status": "120", "statistics_flag": "B", "app_type": "1", "app_status": "2",
         "summary_flag": "1"}  # fmt: skip
TIMES = {"C17": "20261120235959000", "C14": "20261120235959", "C8": "20261120"}


def value(field: Field, fill: str = "x") -> str:
    """A value as long as the type allows."""
    if field.code_list:
        return CODES[field.code_list]
    if field.type in TIMES:
        return TIMES[field.type]
    if field.type.startswith("N"):
        whole, decimals = map(int, field.type[1:].split(","))
        return "9" * (whole - decimals) + ("." + "1" * decimals if decimals else "")
    length = int(re.sub(r"\D", "", field.type) or 40)
    return (fill * length)[:length]


def row(code: str, edition: str, level: str = "head", **given: str | None) -> tuple[str | None, ...]:
    own = {f.column: value(f) for f in fields(code, edition) if f.level == level}
    return exchange.values(code, edition, own | given, level)


def batch(code: str, edition: str, records: int = 1, **given: str | None) -> Batch:
    heads = [row(code, edition, **{"guid": f"{n}"} | given) for n in range(records)]
    items = [[row(code, edition, "item")] * 2] * records if OUTGOING[code].item else []
    transfer = row(code, edition, "transfer") if code == "CEB701" else ()
    return Batch("3301968A01", code, edition, heads, items, transfer)


def written(*batches: Batch) -> list[bytes]:
    return [document.written(DAY) for one in batches for document in exchange.documents(one)]


def read(data: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Heads and items, as the project's own reader sees them."""
    document = open_document(data, "utf-8")
    parsed = read_carefully(document, OUTGOING[document.root.removesuffix("Message")])
    assert parsed.tables is not None
    assert not parsed.tables.heads.column("fault").drop_null()
    return parsed.tables.heads.to_pylist(), parsed.tables.items.to_pylist() if parsed.tables.items else []


@pytest.mark.parametrize(("code", "edition"), SENT)
def test_every_message_is_valid_and_read_again(code: str, edition: str) -> None:
    one = batch(code, edition, records=min(3, limit(code)))

    (data,) = written(one)

    assert faults(data, code, edition) == []
    heads, items = read(data)
    for found, sent in zip(heads, one.heads, strict=True):
        values = dict(zip(exchange.columns(code, edition), sent, strict=True))
        assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", found["guid"])
        assert {c: found[c] for c in values if c != "guid"} == {c: v for c, v in values.items() if c != "guid"}
    lines = [line for lines in one.items for line in lines]
    for found, line in zip(items, lines, strict=True):
        assert {c: found[c] for c in exchange.columns(code, edition, "item")} == dict(
            zip(exchange.columns(code, edition, "item"), line, strict=True)
        )


@pytest.mark.parametrize(("code", "edition"), SENT)
def test_only_what_must_be_there(code: str, edition: str) -> None:
    known = [f for f in fields(code, edition) if f.level == "head" and not f.code_list]
    bare = {f.column: None for f in known if not f.mandatory or f.may_be_empty}
    (data,) = written(batch(code, edition, **bare))
    heads, _ = read(data)
    assert all(heads[0][column] is None for column in bare)


#: what the national system itself published: our field tables must know it
SAMPLES = {s.name[:6]: s for s in sorted((PROJECT / "tests" / "data" / "ceb").glob("CEB*Message.xml"))}


@pytest.mark.parametrize("code", sorted(OUTGOING.keys() & SAMPLES.keys()))
def test_official_samples_have_our_elements(code: str) -> None:
    root = etree.fromstring(SAMPLES[code].read_bytes())
    known = {f.element for f in fields(code, "2018")}
    record = root[0]
    leaves = {etree.QName(e).localname for e in record.iter() if isinstance(e.tag, str) and not len(e)}
    assert leaves <= known


def out_of_order(record: Any) -> None:
    record.append(record[0])


def with_an_unknown(record: Any) -> None:
    etree.SubElement(record, record[-1].tag + "X").text = "1"


def with_twice(record: Any) -> None:
    record.insert(0, etree.fromstring(etree.tostring(record[0])))


def too_long(record: Any) -> None:
    record[0].text = "x" * 37


def empty(record: Any) -> None:
    record[0].text = ""


def missing(record: Any) -> None:
    record.remove(record[0])


@pytest.mark.parametrize("spoil", [out_of_order, missing, with_an_unknown, too_long, empty, with_twice])
@pytest.mark.parametrize(("code", "edition"), SENT)
def test_a_wrong_record_is_found(code: str, edition: str, spoil: Any) -> None:
    root = etree.fromstring(written(batch(code, edition))[0])
    spoil(root[0][0] if OUTGOING[code].head else root[0])
    assert faults(etree.tostring(root), code, edition)


@pytest.mark.parametrize(("code", "edition"), SENT)
def test_a_wrong_root_is_found(code: str, edition: str) -> None:
    data = written(batch(code, edition))[0]
    assert faults(data.replace(b"chinaport.gov.cn/ceb", b"chinaport.gov.cn/other"), code, edition)
    assert faults(re.sub(rb'guid="[^"]*"', b'guid="short"', data), code, edition)
    assert faults(re.sub(rb' guid="[^"]*"', b"", data), code, edition)
    root = etree.fromstring(data)
    root.remove(root[0])
    assert faults(etree.tostring(root), code, edition)
    assert faults(data[:-9], code, edition)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"order_no": "x" * 61}, "orderNo"),
        ({"return_time": "20261340000000000"}, "returnTime"),
        ({"return_time": "2026-11-20"}, "returnTime"),
        ({"return_status": "777"}, "returnStatus"),
        ({"statistics_flag": "C"}, "statisticsFlag"),
        ({"pre_no": None}, "preNo"),
        ({"pre_no": "B1"}, "preNo"),
        ({"return_info": "x" * 1001}, "returnInfo"),
    ],
)
def test_an_invalid_record_is_not_written(given: dict[str, str | None], named: str) -> None:
    with pytest.raises(SandanError, match=rf"CEB604-00001.xml to 3301968A01 of {DAY}.*\b(Expected is \( )?{named}\b"):
        written(batch("CEB604", "202205", **given))


@pytest.mark.parametrize("wrong", ["1.5", "1234567890", "one"])
def test_a_number_is_a_number(wrong: str) -> None:
    with pytest.raises(SandanError, match="msgSeqNo"):
        written(batch("CEB508", "202205", msg_seq_no=wrong))


def test_editions_differ() -> None:
    written(batch("CEB506", "2018", logistics_no="x" * 80))
    with pytest.raises(SandanError, match="logisticsNo"):
        written(batch("CEB506", "202205", logistics_no="x" * 80))


def test_negative_codes_are_known() -> None:
    for code in ("-301010", "-1", "-621030"):
        written(batch("CEB312", "2018", return_status=code))


def test_special_characters() -> None:
    text = """R&D <b>"人工审核"</b> 'x' ]]> &amp; 𠮷 😀\r\nline\ttab — ｅ"""
    heads, _ = read(written(batch("CEB622", "202205", return_info=text, cop_no="A&B<1>"))[0])
    assert (heads[0]["return_info"], heads[0]["cop_no"]) == (text, "A&B<1>")
    # lengths count characters, not bytes
    written(batch("CEB622", "202205", return_info="𠮷" * 1000))
    for character in ("\x01", "\x1f", "\ufffe"):
        with pytest.raises(SandanError, match="character that XML does not allow"):
            written(batch("CEB622", "202205", return_info=f"a{character}b"))


def test_both_forms_of_the_namespace() -> None:
    (imported,), (exported,) = written(batch("CEB622", "202205")), written(batch("CEB604", "202205"))
    assert b'<CEB622Message guid="' in imported
    assert b'xmlns="http://www.chinaport.gov.cn/ceb"' in imported
    assert b"<ceb:CEB604Message guid=" in exported
    assert b"<ceb:InventoryReturn><ceb:guid>" in exported


@pytest.mark.parametrize(("records", "messages"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_a_message_holds_at_most_100_records(records: int, messages: int) -> None:
    found = [(d.name, d.written(DAY)) for d in exchange.documents(batch("CEB312", "202205", records))]
    assert [name for name, _ in found] == [f"CEB312-{n:05d}.xml" for n in range(1, messages + 1)]
    assert sum(len(read(data)[0]) for _, data in found) == records
    assert len({etree.fromstring(data).get("guid") for _, data in found}) == messages
    too_many = written(batch("CEB312", "202205", 100))[0]
    record = too_many[too_many.index(b"<OrderReturn>") : too_many.index(b"</OrderReturn>") + len("</OrderReturn>")]
    assert faults(too_many.replace(record, record * 2, 1), "CEB312", "202205")


def test_a_format_receipt_stands_alone() -> None:
    assert len(written(batch("CEB900", "2018", 3))) == 3


def test_a_summary_application_needs_its_items_and_its_sender() -> None:
    one = batch("CEB701", "2018")
    with pytest.raises(SandanError, match="CEB701Message': Missing child"):
        written(Batch(**vars(one) | {"transfer": ()}))
    with pytest.raises(SandanError, match="SummaryApplyList"):
        written(Batch(**vars(one) | {"items": [[]]}))
    many = [[row("CEB701", "2018", "item")] * 101]
    with pytest.raises(SandanError, match="SummaryApplyList"):
        written(Batch(**vars(one) | {"items": many}))
    written(Batch(**vars(batch("CEB701", "202205")) | {"items": [[row("CEB701", "202205", "item")] * 101]}))


def files(home: Home) -> dict[str, bytes]:
    found = (p for p in home.exchange.rglob("*") if p.is_file() and p.name != ".lock")
    return {str(p.relative_to(home.exchange)): p.read_bytes() for p in found}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path, sources=PROJECT / "sources")


def test_writing_twice_gives_the_same_bytes(home: Home) -> None:
    batches = [batch("CEB604", "202205", 101), batch("CEB604", "2018", 1), batch("CEB701", "2018")]

    counts = exchange.write(home, DAY, batches)

    first = files(home)
    assert counts == {"receivers": 1, "messages": 4, "receipts": 103, "extracts": 0, "rows": 0}
    assert sorted(first) == [
        f"3301968A01/{DAY}/{name}.xml" for name in ("CEB604-00001", "CEB604-00002", "CEB604-00003", "CEB701-00001")
    ]
    exchange.write(home, DAY, batches)
    assert files(home) == first


def test_a_period_is_replaced_as_a_whole(home: Home) -> None:
    other = Batch(**vars(batch("CEB312", "2018")) | {"receiver": "3301963H79"})
    exchange.write(home, "2026-11-19", [batch("CEB604", "2018")])
    exchange.write(home, DAY, [batch("CEB604", "2018", 101), other])

    exchange.write(home, DAY, [batch("CEB604", "2018")])

    assert sorted(files(home)) == ["3301968A01/2026-11-19/CEB604-00001.xml", f"3301968A01/{DAY}/CEB604-00001.xml"]


@pytest.mark.parametrize("killed_at", ["write_bytes", "rename", "rename again"])
def test_a_killed_write_leaves_the_earlier_folder(home: Home, monkeypatch: pytest.MonkeyPatch, killed_at: str) -> None:
    exchange.write(home, DAY, [batch("CEB604", "2018", 101)])
    before = files(home)
    left = {"rename again": 1}.get(killed_at, 0) if killed_at != "write_bytes" else 1
    name = killed_at.removesuffix(" again")
    real = getattr(Path, name)

    def killed(self: Path, *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return real(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Path, name, killed)
        with pytest.raises(KeyboardInterrupt):
            exchange.write(home, DAY, [batch("CEB604", "2018", 250)])
    if killed_at != "rename again":
        assert {path: data for path, data in files(home).items() if not path.startswith(".")} == before
    # the earlier folder is there again before anything else happens, whatever becomes of the next write
    with pytest.raises(SandanError):
        exchange.write(home, DAY, [batch("CEB604", "2018", pre_no=None)])
    assert {path: data for path, data in files(home).items() if not path.startswith(".")} == before


def test_an_invalid_message_leaves_the_earlier_folder(home: Home) -> None:
    exchange.write(home, DAY, [batch("CEB604", "2018")])
    before = files(home)
    with pytest.raises(SandanError, match="CEB622-00001"):
        exchange.write(home, DAY, [batch("CEB604", "2018", 5), batch("CEB622", "2018", pre_no=None)])
    assert {path: data for path, data in files(home).items() if not path.startswith(".")} == before


def test_a_receiver_names_a_folder(home: Home) -> None:
    for receiver in ("../out", "", ".hidden", "a/b"):
        with pytest.raises(SandanError, match="cannot name the folder"):
            exchange.write(home, DAY, [Batch(**vars(batch("CEB604", "2018")) | {"receiver": receiver})])


def test_schemas_are_made_one_at_a_time(monkeypatch):
    """The first ones of a process made at once may run for ever or be refused: libxml2 has types of its own to make."""
    at_work: list[int] = []
    most = 0

    def slowly(_: Any) -> Any:
        nonlocal most
        at_work.append(1)
        most = max(most, len(at_work))
        time.sleep(0.02)
        at_work.pop()
        return object()

    monkeypatch.setattr(validator.etree, "XMLSchema", slowly)
    with ThreadPoolExecutor(4) as pool:
        make = validator._schema.__wrapped__  # noqa: SLF001 - the cache would keep what is made here
        list(pool.map(lambda code: make(code, "202205"), OUTGOING))
    assert most == 1
