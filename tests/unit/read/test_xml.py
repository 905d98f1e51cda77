"""National messages: what is read, what is refused, and that the fast way lets nothing through unproved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from read_helpers import Landing, Reading, message, order

from sandan.lists import MESSAGES
from sandan.read import xml_plain
from sandan.read.xml_document import open_document
from sandan.read.xml_plain import read_plain

if TYPE_CHECKING:
    from pathlib import Path

CEB303 = MESSAGES["CEB303"]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing.under(tmp_path)


def read(landing: Landing, text: str | bytes, name: str = "m.xml") -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return landing.read_one("export-orders", name, data)


def goes_the_fast_way(text: str) -> bool:
    return read_plain(open_document(text.encode(), "utf-8"), CEB303) is not None


def head(landing: Landing, value: str) -> str | None:
    """The note of one order whose head holds `value` as XML."""
    (row,) = read(landing, message(order(head=value))).rows("orders")
    return row.get("note")


@pytest.mark.parametrize(
    ("xml", "note"),
    [
        ("<note> \t\n a  b \r\n</note>", "a  b"),
        ("<note>\u3000a\u00a0</note>", "\u3000a\u00a0"),  # only space, tab, CR and LF are trimmed
        ("<note>a\r\nb\rc</note>", "a\nb\nc"),  # line ends as XML defines them
        ("<note/>", None),
        ("<note></note>", None),
        ("<note> \n </note>", None),
        ("<note>&lt;a&gt; &amp; &quot;&apos; &#x4E2D;&#20013;</note>", "<a> & \"' 中中"),
        ("<note>a &#38;amp; b</note>", "a &amp; b"),
        ("<note>&#65;&#x1F600;</note>", "A\U0001f600"),
        ("<note>&#32;a&#32;</note>", "a"),
        ("<note><![CDATA[<a> & b]]></note>", "<a> & b"),
        ("<note>a<!-- c -->b</note>", "ab"),
        ("<note>a<?p q?>b</note>", "ab"),
        ("<note>a<x>q</x>b</note>", "ab"),
        ("<note>a > b</note>", "a > b"),
        ('<note note="x" other="y">v</note>', "v"),
        ("<note>first</note><note>second</note>", "first"),
        ("<note>first</note><note/>", "first"),
        ("<note/><note>second</note>", "second"),  # an empty element counts as absent
        ("<note> </note><note>second</note>", "second"),
        ("<x><note>in an unknown element</note></x>", None),
        ("<sortlineId>SL1</sortlineId><note>v</note>", "v"),
        ("<中文>v</中文><note>v</note>", "v"),
        ("<Note>v</Note>", None),
        ("<note>\uffe5 \uffef \uf8ff</note>", "\uffe5 \uffef \uf8ff"),
    ],
)
def test_value_of_an_element(landing: Landing, xml: str, note: str | None) -> None:
    assert head(landing, xml) == note


@pytest.mark.parametrize("records", [1, 5, 100])
@pytest.mark.parametrize("prefix", ["", "ceb:", "a.b-c_9:"])
def test_plain_messages_go_the_fast_way(records: int, prefix: str) -> None:
    text = message(*(order(f"{n:02}", prefix=prefix) for n in range(records)))
    if prefix:
        text = text.replace("xmlns=", f"xmlns:{prefix[:-1]}=").replace("<CEB", f"<{prefix}CEB")
        text = text.replace("</CEB", f"</{prefix}CEB")

    assert goes_the_fast_way(text)


@pytest.fixture
def tiny_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record is a piece, and three or so are a portion."""
    monkeypatch.setattr(xml_plain, "PIECE_BYTES", 1)
    monkeypatch.setattr(xml_plain, "CHUNK_BYTES", 800)


@pytest.mark.parametrize("odd", ["", "<note> a </note>", "<note>a\r\nb</note>", "<note></note>", "<note/>"])
def test_a_large_message_in_pieces_is_the_message_in_one(landing: Landing, request, odd: str) -> None:
    records = [order(f"{n:02}", gnums=("1",) * (n % 3 + 1), head=odd if n == 7 else "") for n in range(12)]
    whole = read(landing, message(*records))
    orders, items = whole.rows("orders"), whole.rows("order_items")
    request.getfixturevalue("tiny_portions")

    assert goes_the_fast_way(message(*records))
    in_pieces = read(landing, message(*records))

    assert (in_pieces.rows("orders"), in_pieces.rows("order_items")) == (orders, items)
    assert [row["position"] for row in orders] == list(range(1, 13))
    assert [row["line"] for row in items if row["position"] == 3] == [1, 2, 3]


def test_a_piece_that_is_not_plain_sends_its_message_to_the_careful_way(landing: Landing, tiny_portions) -> None:
    odd = order("A3").replace("<OrderHead>", "<!-- c --><OrderHead>")
    landing.put("export-orders", "1.xml", message(order("A1"), order("A2")).encode())
    landing.put("export-orders", "2.xml", message(order("B1"), odd, order("B2")).encode())
    landing.put("export-orders", "3.xml", message(order("C1")).encode())

    reading = landing.read("export-orders")

    found = sorted((row["file_no"], row["position"], row["order_no"]) for row in reading.rows("orders"))
    assert found == [(1, 1, "A1"), (1, 2, "A2"), (2, 1, "B1"), (2, 2, "A3"), (2, 3, "B2"), (3, 1, "C1")]


def test_a_message_whose_sum_does_not_come_out_spares_its_neighbours(landing: Landing) -> None:
    hidden = order("B1").replace("</OrderHead>", "</OrderHead><x><OrderList><gnum>9</gnum></OrderList></x>")
    landing.put("export-orders", "1.xml", message(order("A1")).encode())
    landing.put("export-orders", "2.xml", message(hidden).encode())
    landing.put("export-orders", "3.xml", message(order("C1")).encode())

    reading = landing.read("export-orders")

    faults = {row["order_no"]: row.get("fault") for row in reading.rows("orders") if "order_no" in row}
    assert faults == {"A1": None, "B1": "OrderList stands in the wrong place inside a record", "C1": None}
    assert len(reading.rows("order_items")) == 3


def test_signature_and_extension_are_not_records(landing: Landing) -> None:
    tail = (
        "<BaseTransfer><copCode>1</copCode><note>t</note></BaseTransfer>"
        f"<ExtendMessage><Message>{order('E1')}</Message></ExtendMessage>"
        f'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Object>{order("S1")}</ds:Object></ds:Signature>'
    )

    reading = read(landing, message(order("A1"), order("A2"), tail=tail))

    assert [row["order_no"] for row in reading.rows("orders")] == ["A1", "A2"]
    assert len(reading.rows("order_items")) == 2


def test_signature_stays_on_the_fast_way() -> None:
    tail = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Reference URI=""/></ds:Signature>'

    assert goes_the_fast_way(message(order(), tail=tail))


def test_items_keep_document_order_whatever_stands_between(landing: Landing) -> None:
    first = order("A1", gnums=("3", "1", "2"))
    first = first.replace("<OrderHead>", "<Unknown><gnum>9</gnum></Unknown><OrderHead>")
    late = order("A2", gnums=("7", "8"))
    start, end = late.index("<OrderHead>"), late.index("</OrderHead>") + len("</OrderHead>")
    late = (
        late[:start] + late[end : late.index("</OrderList>") + 12] + late[start:end] + late[end:]
    )  # list, head, list, list

    reading = read(landing, message(first, late))

    items = [(row["position"], row["line"], row["gnum"]) for row in reading.rows("order_items")]
    assert items == [(1, 1, "3"), (1, 2, "1"), (1, 3, "2"), (2, 1, "7"), (2, 2, "7"), (2, 3, "8")]
    assert [(row["position"], row["order_no"]) for row in reading.rows("orders")] == [(1, "A1"), (2, "A2")]


@pytest.mark.parametrize(
    "hollow", ["<Order/>", "<Order></Order>", '<Order a="1"/>', "<Order><x/></Order>", "<Order><OrderHead/></Order>"]
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_no_record_vanishes(landing: Landing, hollow: str, place: str) -> None:
    records = [order("A1"), order("A2")]
    records.insert({"first": 0, "middle": 1, "last": 2}[place], hollow)

    reading = read(landing, message(*records))

    assert reading.counts["records"] == 3
    assert [row.get("order_no") for row in reading.rows("orders")].count(None) == 1
    positions = {row.get("order_no"): row["position"] for row in reading.rows("orders")}
    assert positions[None] == {"first": 1, "middle": 2, "last": 3}[place]


def test_empty_items_count(landing: Landing) -> None:
    reading = read(landing, message(order().replace("</OrderHead>", "</OrderHead><OrderList/>"), order("A2")))

    assert [(row["position"], row["line"]) for row in reading.rows("order_items")] == [(1, 1), (1, 2), (2, 1)]


def test_an_empty_second_head_is_no_item(landing: Landing) -> None:
    reading = read(landing, message(order().replace("</OrderHead>", "</OrderHead><OrderHead/>")))

    assert (len(reading.rows("orders")), len(reading.rows("order_items"))) == (1, 1)


def test_counts_that_agree_by_chance_are_not_trusted(landing: Landing) -> None:
    """One item that no tag of the usual form announces, and one announced that no row shows."""
    hollow = order("A1").replace("</OrderHead>", "</OrderHead><OrderList/>")
    nested = order("A2").replace("</OrderList>", "<OrderList><gnum>2</gnum></OrderList></OrderList>")

    rows = read(landing, message(hollow, nested)).rows("orders")

    assert [row["order_no"] for row in rows if "fault" in row] == ["A2"]


def test_a_record_without_guid_or_an_item_without_gnum(landing: Landing) -> None:
    bare = order("A2").replace("<gnum>1</gnum>", "").replace("<guid>00000000-0000-0000-0000-0000000000A2</guid>", "")

    reading = read(landing, message(order("A1"), bare))

    assert [row.get("guid", "-")[-2:] for row in reading.rows("orders")] == ["A1", "-"]
    assert [row.get("gnum") for row in reading.rows("order_items")] == ["1", None]


@pytest.mark.parametrize(
    ("wrong", "element"),
    [
        ("<OrderList><gnum>1</gnum><OrderList><gnum>2</gnum></OrderList></OrderList>", "OrderList"),
        ("<Lines><OrderList><gnum>2</gnum></OrderList></Lines>", "OrderList"),
        ("<Order><OrderHead><orderNo>B</orderNo></OrderHead></Order>", "Order"),
    ],
)
def test_what_stands_in_the_wrong_place_gives_its_record_a_fault(landing: Landing, wrong: str, element: str) -> None:
    reading = read(landing, message(order("A1"), order("A2").replace("</Order>", f"{wrong}</Order>")))

    faults = {row["order_no"]: row.get("fault") for row in reading.rows("orders")}
    assert faults == {"A1": None, "A2": f"{element} stands in the wrong place inside a record"}


def test_a_record_outside_the_root_quarantines_the_file(landing: Landing) -> None:
    reading = read(landing, message(order("A1"), f"<Orders>{order('A2')}</Orders>"))

    assert reading.reason == "Order stands where the standard has no record"


NOT_WELL_FORMED = {
    "mismatched tags": message(order().replace("</note>", "")).replace("</orderNo>", "</orderNO>"),
    "truncated in a tag": message(order())[:-10],
    "truncated after a record": message(order(), order("A2")).replace("</CEB303Message>", ""),
    "truncated in a record": message(order())[:300],
    "two roots": message(order()) + message(order("A2"), declaration=""),
    "two bare roots": f"<CEB303Message>{order()}</CEB303Message><CEB303Message>{order()}</CEB303Message>",
    "an empty root and another": f"<CEB303Message></CEB303Message><CEB303Message>{order()}</CEB303Message>",
    "text after the root": message(order()) + "x",
    "text before the root": message(order(), declaration="x"),
    "white space before the declaration": " " + message(order()),
    "control character": message(order(head="<note>a\x01b</note>")),
    "control character in an unknown element": message(order(head="<x>\x0b</x>")),
    "control character by reference": message(order(head="<note>&#1;</note>")),
    "surrogate by reference": message(order(head="<note>&#xD800;</note>")),
    "U+FFFE": message(order(head="<note>a\ufffeb</note>")),
    "undefined entity": message(order(head="<note>&nbsp;</note>")),
    "undefined entity in an unknown element": message(order(head="<x>&nbsp;</x>")),
    "bare ampersand": message(order(head="<note>A & B</note>")),
    "cdata end in text": message(order(head="<note>]]></note>")),
    "name starting with a digit": message(order(head="<1x>v</1x>")),
    "slash in a name": message(order(head="<a/b>v</a/b>")),
    "name of forbidden characters": message(order(head="<a$b>v</a$b>")),
    "attribute without quotes": message(order(head="<x a=b>v</x>")),
    "attribute twice": message(order(head='<x a="1" a="2">v</x>')),
    "less-than in an attribute": message(order(head='<x a="<">v</x>')),
    "undeclared prefix": message(order(head="<p:x>v</p:x>")),
    "undeclared prefix everywhere": message(order(prefix="p:")),
    "two hyphens in a comment": message(order(head="<!-- a -- b -->")),
    "signature broken": message(order(), tail="<Signature a=1/>"),
    "no xml": "订单号,金额\n",
    "json": '{"a": 1}',
}


@pytest.mark.parametrize("text", NOT_WELL_FORMED.values(), ids=NOT_WELL_FORMED.keys())
@pytest.mark.parametrize("neighbours", [0, 40], ids=["small", "large"])
def test_not_well_formed_is_quarantined_whole(landing: Landing, text: str, neighbours: int) -> None:
    if neighbours:  # large documents are proved plain by another engine than small ones
        text = text.replace("<Order>", "".join(order(f"N{n}") for n in range(neighbours)) + "<Order>", 1)

    reading = read(landing, text)

    assert reading.reason.startswith("the file is not well-formed XML: ")
    assert reading.rows("orders") == []
    assert reading.counts == {"files": 1, "quarantined": 1, "records": 0}


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE CEB303Message SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        "<!-- c --><?p q?>\n<!DOCTYPE CEB303Message>",
    ],
)
def test_a_doctype_is_refused(landing: Landing, doctype: str) -> None:
    declaration = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'

    reading = read(landing, message(order(head="<note>&e;&c;</note>"), declaration=declaration))

    assert "DOCTYPE" in reading.reason
    assert "root:" not in repr(reading.files)


def test_the_word_doctype_in_a_text_is_harmless(landing: Landing) -> None:
    assert head(landing, "<note><![CDATA[<!DOCTYPE a>]]></note>") == "<!DOCTYPE a>"


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_quarantined(landing: Landing, data: bytes) -> None:
    assert "empty" in read(landing, data).reason or "well-formed" in read(landing, data).reason


@pytest.mark.parametrize(
    "root", ["CEB304", "CEB999Message", "ENT311Message", "html", "CEB303message", "CEB303MessageX"]
)
def test_an_unknown_root_is_quarantined(landing: Landing, root: str) -> None:
    reading = read(landing, message(order()).replace("CEB303Message", root))

    assert reading.reason == "the root element is no message of the standard"


def test_a_message_is_read_by_its_root_not_by_its_source(landing: Landing) -> None:
    text = "<CEB505Message><Logistics><guid>G</guid><logisticsNo>L1</logisticsNo></Logistics></CEB505Message>"

    reading = read(landing, text)

    assert [row["logistics_no"] for row in reading.rows("waybills")] == ["L1"]
    assert [(f["message"], f["list"], f["flow"]) for f in reading.files] == [("CEB505", "waybill", "E")]


def test_a_message_without_records_is_read(landing: Landing) -> None:
    assert read(landing, message()).files[0]["state"] == "read"
    assert read(landing, '<CEB303Message xmlns="u"/>', "n.xml").counts == {"files": 2, "quarantined": 0, "records": 0}


DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"), ("utf-8", "utf-8-sig"), ("GB18030", "gb18030"), ("GBK", "gbk"), ("gb2312", "gb2312"),
        ("UTF-16", "utf-16"), ("UTF-16LE", "utf-16-le"), ("UTF-16", "utf-16-be"),
    ],
)  # fmt: skip
def test_encodings(landing: Landing, name: str, codec: str) -> None:
    (row,) = read(landing, message(order(), declaration=DECLARED.format(name)).encode(codec)).rows("orders")

    assert row["ebp_name"] == "杭州模拟平台"


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "gb18030"), ("GB18030", "utf-8"), ("GB18030", "utf-8-sig"), ("UTF-16", "utf-8"), ("UTF-8", "utf-16"),
        ("UTF-16BE", "utf-16-le"), ("US-ASCII", "utf-8"), ("Big5", "big5"), ("UTF-8", "utf-32"), ("x-none", "utf-8"),
    ],
)  # fmt: skip
def test_bytes_against_the_declared_encoding(landing: Landing, name: str, codec: str) -> None:
    reading = read(landing, message(order(), declaration=DECLARED.format(name)).encode(codec, "replace"))

    assert "encoding" in reading.reason or "UTF-32" in reading.reason


def test_utf_8_that_would_pass_for_gb18030(landing: Landing) -> None:
    data = message(order(), declaration=DECLARED.format("GB18030")).replace("茶 ", "茶叶").encode()
    assert data.decode("gb18030")

    assert "the bytes are in UTF-8" in read(landing, data).reason


def test_without_a_declaration_it_is_utf_8(landing: Landing) -> None:
    assert read(landing, message(order(), declaration="")).counts["records"] == 1
    assert read(landing, message(order(), declaration="").encode("gb18030"), "n.xml").counts["quarantined"] == 1


def test_invalid_bytes_in_an_unmapped_element(landing: Landing) -> None:
    data = message(order(head="<x>BYTES</x>")).encode().replace(b"BYTES", b"\xd6\xd0")

    assert "utf-8" in read(landing, data).reason


def test_a_reason_quotes_no_content(landing: Landing) -> None:
    assert "张三" not in read(landing, message(order(head="<note>张三</nota>"))).reason
