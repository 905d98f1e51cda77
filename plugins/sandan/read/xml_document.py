"""From the bytes of an XML file to a UTF-8 document whose root is known, or the reason why not."""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sandan.read.outcome import UnreadableError

_UTF_16 = (("utf-16-le", codecs.BOM_UTF16_LE, b"<\0"), ("utf-16-be", codecs.BOM_UTF16_BE, b"\0<"))
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"<\0\0\0", b"\0\0\0<")
_DECLARATION = re.compile(
    rb"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.\d+"|'1\.\d+')"""
    rb"""(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"(?P<a>[A-Za-z][\w.-]*)"|'(?P<b>[A-Za-z][\w.-]*)'))?"""
    rb"""(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>"""
)
_NOTHING = re.compile(rb"[ \t\r\n]*+")
_PROLOG = re.compile(rb"(?:[ \t\r\n]++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_ROOT = re.compile(
    rb"""<(?:(?P<prefix>[A-Za-z_][\w.-]*):)?(?P<name>[A-Za-z_][\w.-]*)"""
    rb"""(?:[ \t\r\n]+[A-Za-z_][\w:.-]*[ \t\r\n]*=[ \t\r\n]*(?:"[^<"]*"|'[^<']*'))*+[ \t\r\n]*/?>"""
)
#: declared name → codec; the national encodings are one family, GB18030 its largest member
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
_WORTH_AN_ARRAY = 16_384
_THREE_BYTE_CHARACTER = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


@dataclass(frozen=True)
class Document:
    """UTF-8 text: `data` from `start` follows the XML declaration, `root` is the local name of the root element.

    `prefix` (with its colon), `root_start` and `root_end` are of the root's start tag; `plain_prolog`: nothing but
    white space stands before it. `unproven`: that the bytes are UTF-8 is only what the file says.
    """

    data: bytes
    start: int
    root: str
    prefix: bytes
    root_start: int
    root_end: int
    plain_prolog: bool
    unproven: bool

    @property
    def root_tag(self) -> bytes:
        """The root's start tag."""
        return self.data[self.root_start : self.root_end]


def looks_like_xml(data: bytes) -> bool:
    """Whether the first character is `<`, in any encoding read here."""
    head = data[:64].removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    return head.startswith((b"<", b"\0<", codecs.BOM_UTF16_LE + b"<", codecs.BOM_UTF16_BE + b"\0<"))


def open_document(data: bytes, default_encoding: str) -> Document:
    """Transcode and find the root.

    `default_encoding` (a codec name) holds where neither byte-order mark nor declaration names one.
    Raises UnreadableError: empty, DOCTYPE, wrong encoding, except that UTF-8 may be left to prove.
    """
    if _NOTHING.fullmatch(data):
        raise UnreadableError("the file is empty")
    data, start, unproven = _to_utf8(data, default_encoding)
    return _document(data, start, unproven=unproven)


def _document(data: bytes, start: int, *, unproven: bool) -> Document:
    prolog = _PROLOG.match(data, start)
    root_start = prolog.end() if prolog else start
    if data.startswith(b"<!DOCTYPE", root_start):
        if unproven:
            refuse_other_than_utf8(data)
        raise UnreadableError("the file carries a DOCTYPE, which is refused because it can define entities")
    root = _ROOT.match(data, root_start)
    if not root:
        return Document(data, start, "", b"", root_start, root_start, plain_prolog=False, unproven=unproven)
    prefix = root["prefix"]
    return Document(
        data=data,
        start=start,
        root=root["name"].decode("ascii", "replace"),
        prefix=prefix + b":" if prefix else b"",
        root_start=root_start,
        root_end=root.end(),
        plain_prolog=not data[start:root_start].strip(b" \t\r\n"),
        unproven=unproven,
    )


def _to_utf8(data: bytes, default_encoding: str) -> tuple[bytes, int, bool]:
    """The document in UTF-8, the offset behind its declaration, and whether it only claims to be UTF-8."""
    if data.startswith(_UTF_32):
        raise UnreadableError("the file is in UTF-32, which no message may be in")
    for codec, mark, first in _UTF_16:
        if data.startswith((mark, first)):
            return _recode(data.removeprefix(mark), codec, also_declared="utf-16")
    marked = data.startswith(codecs.BOM_UTF8)
    begin = len(codecs.BOM_UTF8) if marked else 0
    declaration = _DECLARATION.match(data, begin)
    declared = _declared(declaration) if declaration else None
    codec = declared or ("utf-8" if marked else default_encoding)
    if marked and codec != "utf-8":
        raise UnreadableError(f"the byte-order mark says UTF-8, the XML declaration names the encoding {codec}")
    if codec == "ascii" and not data.isascii():
        raise UnreadableError("the bytes contradict the encoding ascii")
    if codec in ("utf-8", "ascii"):
        return data, declaration.end() if declaration else begin, codec == "utf-8"
    return _recode(data, codec)


def _recode(data: bytes, codec: str, also_declared: str = "") -> tuple[bytes, int, bool]:
    if codec == "utf-16":
        raise UnreadableError("the XML declaration names the encoding UTF-16, the bytes are not in it")
    if codec == "gb18030" and _THREE_BYTE_CHARACTER.search(data) and is_utf8(data):
        raise UnreadableError("the XML declaration names a GB encoding, the bytes are in UTF-8")
    try:
        text = data.decode(codec).encode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the bytes contradict the encoding {codec} at offset {error.start}") from error
    declaration = _DECLARATION.match(text)
    declared = _declared(declaration) if declaration else None
    if declared not in (None, codec, also_declared):
        raise UnreadableError(f"the XML declaration names the encoding {declared}, the bytes are in {codec}")
    return text, declaration.end() if declaration else 0, False


def _declared(declaration: re.Match[bytes]) -> str | None:
    name = declaration["a"] or declaration["b"]
    if name is None:
        return None
    codec = _CODECS.get(name.decode("ascii").lower())
    if codec is None:
        raise UnreadableError("the XML declaration names an encoding that no message may be in")
    return codec


def refuse_other_than_utf8(data: bytes) -> None:
    """Raises UnreadableError: the bytes are no UTF-8."""
    if not is_utf8(data):
        raise UnreadableError("the bytes contradict the encoding utf-8")


def is_utf8(data: bytes) -> bool:
    """Whether `data` is valid UTF-8; of large data by Arrow's vectorised check, which makes no copy."""
    try:
        if len(data) < _WORTH_AN_ARRAY:
            data.decode("utf-8")
        else:
            as_array(data, pa.binary()).cast(pa.utf8())
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return False
    return True


def as_array(data: bytes | memoryview, kind: pa.DataType) -> pa.Array[Any]:
    """`data` as an Arrow array of one value, without copying."""
    offsets = pa.py_buffer(struct.pack("=ii", 0, len(data)))
    return pa.Array.from_buffers(kind, 1, [None, offsets, pa.py_buffer(data)])
