"""Sheets as national messages in XML: up to 100 records, the transfer block, sometimes an (empty) signature."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sandan.lists import MESSAGES

if TYPE_CHECKING:
    from sandan.simulate.sheet import Sheet
    from sandan.simulate.sources import Source

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
_SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'
    "</ds:SignedInfo><ds:SignatureValue>U0lNVUxBVEVE</ds:SignatureValue></ds:Signature>"
)


def record(sheet: Sheet, prefix: str) -> str:
    """One record; values are written as they are, so they hold no markup characters."""
    text = _head(sheet.message, prefix, tuple(sheet.head)) % tuple(sheet.head.values())
    for item in sheet.items:
        text += _item(sheet.message, prefix, tuple(item)) % tuple(item.values())
    return text + f"</{prefix}{MESSAGES[sheet.message].record}>\n"


def message(source: Source, guid: str, records: list[str], root: str = "") -> str:
    """The whole message; `root` replaces the message's own root name."""
    p = source.prefix
    root = root or f"{source.message}Message"
    declared = f"xmlns:{p[:-1]}" if p else "xmlns"
    return (
        f'<?xml version="1.0" encoding="{source.encoding}"?>\n'
        f'<{p}{root} guid="{guid}" version="1.0" {declared}="{NAMESPACE}">\n'
        f"{''.join(records)}"
        f"<{p}BaseTransfer><{p}copCode>{source.party.code}</{p}copCode><{p}copName>{source.party.name}</{p}copName>"
        f"<{p}dxpMode>DXP</{p}dxpMode><{p}dxpId>DXPENT0000099999</{p}dxpId><{p}note/></{p}BaseTransfer>\n"
        f"{_SIGNATURE if source.signed else ''}</{p}{root}>\n"
    )


@cache
def _head(message_code: str, prefix: str, elements: tuple[str, ...]) -> str:
    kind = MESSAGES[message_code]
    body = "".join(f"<{prefix}{e}>%s</{prefix}{e}>" for e in elements)
    if kind.head:
        body = f"<{prefix}{kind.head}>{body}</{prefix}{kind.head}>"
    return f"<{prefix}{kind.record}>{body}"


@cache
def _item(message_code: str, prefix: str, elements: tuple[str, ...]) -> str:
    item = MESSAGES[message_code].item
    return f"<{prefix}{item}>" + "".join(f"<{prefix}{e}>%s</{prefix}{e}>" for e in elements) + f"</{prefix}{item}>"
