"""Proof, by a regular expression over the bytes, that the records of a message are nothing but plain elements in UTF-8.

Plain: elements of one prefix without attributes, which hold elements or text, with the usual references; no comment,
CDATA section, processing instruction, nor a character that XML forbids. A carriage return stands only between elements,
where it means nothing: in a text, a parser must pass it on as a line feed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence


def are_plain(bodies: Sequence[bytes], prefix: bytes, *, tidy: bool) -> list[bool]:
    """Judge documents of one `prefix` (with its colon) together: RE2 compiles anew in every call.

    `tidy`: besides, no text begins or ends with a blank.
    """
    joined = bodies[0] if len(bodies) == 1 else b"".join(bodies)
    offsets = np.cumsum([0, *map(len, bodies)], dtype=np.int64).tobytes()
    texts = pa.Array.from_buffers(pa.large_binary(), len(bodies), [None, pa.py_buffer(offsets), pa.py_buffer(joined)])
    return [bool(plain) for plain in pc.match_substring_regex(texts, _plain(prefix, tidy=tidy)).to_pylist()]


#: Unicode table 3-7, well-formed UTF-8 beyond ASCII, without FFFE and FFFF
_BEYOND_ASCII = (
    r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xef[\x80-\xbe][\x80-\xbf]|\xef\xbf[\x80-\xbd]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
#: numeric ones from U+1000 to U+CFFF: no blank, no surrogate, none that XML forbids
_REFERENCE = r"&(?:amp|lt|gt|quot|apos|#[1-4][0-9]{4}|#x[1-9A-Ca-c][0-9A-Fa-f]{3});"
_CHARACTER = rf"(?:[^<>&\x00-\x20\x80-\xff]|{_BEYOND_ASCII}|{_REFERENCE})"


_BETWEEN = r"[ \t\r\n]*"
_TEXT = rf"(?:{_CHARACTER}|[ \t\n])*"
_TIDY_TEXT = rf"(?:{_CHARACTER}+(?:[ \t\n]+{_CHARACTER}+)*)?"


@cache
def _plain(prefix: bytes, *, tidy: bool) -> str:
    name = prefix.decode() + "[A-Za-z_][A-Za-z0-9_.-]*"
    opened, closed = rf"<{name}>{_BETWEEN}", rf"</{name}>{_BETWEEN}"
    leaf = rf"(?:<{name}/>|<{name}>{_TIDY_TEXT if tidy else _TEXT}</{name}>){_BETWEEN}"
    return rf"\A{_BETWEEN}(?:(?:{opened})*{leaf}(?:{closed})*)*\z"
