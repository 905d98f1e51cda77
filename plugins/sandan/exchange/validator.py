"""What the field tables say of a message, as a schema that libxml2 holds a document against.

The order of elements, which of them must be there, their types, lengths and codes. It is stricter than the published
schemas in two points: a time is a time, and a code one of its list.
"""

from __future__ import annotations

import csv
import re
import threading
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from sandan.exchange.messages import ITEMS, NAMESPACE, OUTGOING, limit
from sandan.home import PROJECT
from sandan.lists import fields
from sandan.read.xml_careful import hardened_parser

if TYPE_CHECKING:
    from sandan.lists import Field

CODE_LISTS = PROJECT / "dbt_project" / "seeds" / "code_lists.csv"

_MONTH_AND_DAY = "(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
_TIMES = {
    "C8": f"[0-9]{{4}}{_MONTH_AND_DAY}",
    "C14": f"[0-9]{{4}}{_MONTH_AND_DAY}{_CLOCK}",
    "C17": f"[0-9]{{4}}{_MONTH_AND_DAY}{_CLOCK}[0-9]{{3}}",
}
#: libxml2 makes the types that all schemas share with the first one, and two threads that do so at once may never end
_MAKING = threading.Lock()
_TYPE = re.compile(r"C(?P<upto>\.\.)?(?P<length>\d+)|N(?P<digits>\d+),(?P<decimals>\d+)")


def faults(data: bytes, code: str, edition: str) -> list[str]:
    """What keeps a document from being a valid message `code` of `edition`, one line each; none where it is valid."""
    schema = _schema(code, edition)
    try:
        root = etree.fromstring(data, hardened_parser())
    except etree.XMLSyntaxError as error:
        return [f"the document is not well-formed: {error.msg}"]
    if schema(root):
        return []
    return [f"line {entry.line}: {entry.message.replace(f'{{{NAMESPACE}}}', '')}" for entry in schema.error_log]  # type: ignore[attr-defined]  # its stubs lack it


@cache
def _schema(code: str, edition: str) -> etree.XMLSchema:
    message, known = OUTGOING[code], fields(code, edition)
    levels = {level: "".join(_element(f) for f in known if f.level == level) for level in ("head", "item", "transfer")}
    record = levels["head"]
    if message.head:
        fewest, most = ITEMS.get((code, edition), (0, "unbounded"))
        record = _block(message.head, levels["head"], 1, 1) + _block(message.item or "", levels["item"], fewest, most)
    children = _block(message.record, record, 1, limit(code))
    if levels["transfer"]:
        children += _block("BaseTransfer", levels["transfer"], 1, 1)
    text = f"""
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
      <xs:element name="{code}Message"><xs:complexType>
        <xs:sequence>{children}</xs:sequence>
        <xs:attribute name="guid" use="required">{_simple(_lengths("36", "36"))}</xs:attribute>
        <xs:attribute name="version" use="required">{_simple(_lengths("1", "10"))}</xs:attribute>
      </xs:complexType></xs:element>
    </xs:schema>"""
    with _MAKING:
        return etree.XMLSchema(etree.fromstring(text))


def _block(name: str, content: str, fewest: int, most: int | str) -> str:
    return (
        f'<xs:element name="{name}" minOccurs="{fewest}" maxOccurs="{most}">'
        f"<xs:complexType><xs:sequence>{content}</xs:sequence></xs:complexType></xs:element>"
    )


def _element(field: Field) -> str:
    return f'<xs:element name="{field.element}" minOccurs="{int(field.mandatory)}">{_type(field)}</xs:element>'


def _type(field: Field) -> str:
    if field.code_list:
        return _simple(f'<xs:pattern value="{"|".join(_codes(field.code_list))}"/>')
    if field.type in _TIMES:
        return _simple(f'<xs:pattern value="{_TIMES[field.type]}"/>')
    if field.type == "C":  # any length
        return _simple("")
    parts = _TYPE.fullmatch(field.type)
    if not parts:
        raise LookupError(f"exchange_fields.csv: no such type: {field.type}")
    if parts["digits"]:
        whole = '<xs:pattern value="[+-]?[0-9]+"/>' if parts["decimals"] == "0" else ""
        digits = f'<xs:totalDigits value="{parts["digits"]}"/><xs:fractionDigits value="{parts["decimals"]}"/>'
        return _simple(whole + digits, base="decimal")
    fewest = parts["length"] if not parts["upto"] else "0" if field.may_be_empty else "1"
    return _simple(_lengths(fewest, parts["length"]))


def _lengths(fewest: str, most: str) -> str:
    return f'<xs:minLength value="{fewest}"/><xs:maxLength value="{most}"/>'


def _simple(facets: str, base: str = "string") -> str:
    return f'<xs:simpleType><xs:restriction base="xs:{base}">{facets}</xs:restriction></xs:simpleType>'


@cache
def _codes(code_list: str) -> tuple[str, ...]:
    """The codes of a list as patterns; of a return status also every negative one, which are processing errors."""
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        found = tuple(row["code"] for row in csv.DictReader(file) if row["code_list"] == code_list)
    return (*found, "-[0-9]{1,9}") if code_list == "return_status" else found
