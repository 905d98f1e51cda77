"""Records → a CEB message as some sender would write it: prefixed or not, shuffled, with strangers in it."""

from __future__ import annotations

from random import Random
from xml.sax.saxutils import escape

from .records import Raw

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
#: message → element of a record, of its head, of an item
SHAPES = {
    "CEB303": ("Order", "OrderHead", "OrderList"),
    "CEB311": ("Order", "OrderHead", "OrderList"),
    "CEB403": ("Receipts", None, None),
    "CEB411": ("Payment", "PaymentHead", None),
    "CEB505": ("Logistics", None, None),
    "CEB511": ("Logistics", "LogisticsHead", None),
    "CEB603": ("Inventory", "InventoryHead", "InventoryList"),
    "CEB621": ("Inventory", "InventoryHead", "InventoryList"),
    "CEB509": ("Departure", "DepartureHead", "DepartureList"),
    "CEB513": ("LogisticsStatus", None, None),
    "CEB605": ("InvtCancel", None, None),
    "CEB623": ("InvtCancel", None, None),
}


def message(code: str, records: list[Raw], random: Random) -> bytes:
    """The bytes of one file; `random` chooses the habits of its writer."""
    prefix = random.choice(["ceb:", "", "n1:"])
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    body = "".join(_record(code, record, prefix, random) for record in records)
    transfer = f"<{prefix}BaseTransfer><{prefix}copCode>X</{prefix}copCode></{prefix}BaseTransfer>"
    guid = f"{random.getrandbits(128):032X}"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}{code}Message guid="{guid}" version="1.0" '
        f'{declared}="{NAMESPACE}">{body}{transfer}</{prefix}{code}Message>\n'
    )
    return random.choice([b"", b"\xef\xbb\xbf"]) + text.encode()


def broken(random: Random) -> bytes:
    """A file that FMT01 takes whole."""
    mark = f"{random.getrandbits(64):x}"
    return random.choice(
        [
            f'<ceb:CEB303Message xmlns:ceb="{NAMESPACE}"><ceb:Order>{mark}',
            f"<NoSuchMessage>{mark}</NoSuchMessage>",
            f'<!DOCTYPE a [<!ENTITY b "{mark}">]><CEB303Message xmlns="{NAMESPACE}">&b;</CEB303Message>',
        ]
    ).encode()


def _record(code: str, record: Raw, prefix: str, random: Random) -> str:
    element, head, item = SHAPES[code]
    fields = _fields(record.head, prefix, random)
    inside = f"<{prefix}{head}>{fields}</{prefix}{head}>" if head else fields
    items = "".join(f"<{prefix}{item}>{_fields(i, prefix, random)}</{prefix}{item}>" for i in record.items)
    return f"<{prefix}{element}>{inside}{items}</{prefix}{element}>\n"


def _fields(values: dict[str, str | None], prefix: str, random: Random) -> str:
    """Absent and empty are written as either; sometimes reordered, written twice, or among strangers."""
    parts = []
    for name, value in values.items():
        if value is None:
            continue
        text = escape(value, {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
        part = f"<{prefix}{name}>{text}</{prefix}{name}>" if text else f"<{prefix}{name}/>"
        # of an element written twice the first counts; an empty one counts as absent, so it is no first
        if random.random() < 0.01 and value.strip(" \t\r\n"):
            part += f"<{prefix}{name}>9</{prefix}{name}>"
        parts.append(part)
    if random.random() < 0.1:
        parts.append(f"<{prefix}sortlineId>SL-7</{prefix}sortlineId>")
    if random.random() < 0.2:
        random.shuffle(parts)
    return "".join(parts)
