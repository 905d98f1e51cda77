"""Proof, by regular expressions over the bytes, that the records of a message are nothing but plain elements in UTF-8.

Plain: elements of one prefix without attributes, text, and the usual references; no comment, CDATA section, processing
instruction, nor a character that XML forbids.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Proof(IntEnum):
    """What is known of the records of a document."""

    NONE = 0
    PLAIN = 1
    TIDY = 2  # plain, and no element has white space at the ends of its text, or nothing else in it


def prove(bodies: Sequence[memoryview], prefix: bytes) -> list[Proof]:
    """Judge documents of one `prefix` (with its colon) together: RE2 compiles anew in every call."""
    proofs = np.where(_matches(bodies, _tidy(prefix)), Proof.TIDY, Proof.NONE)
    untidy = np.flatnonzero(proofs == Proof.NONE).tolist()
    if untidy:
        proofs[untidy] = np.where(_matches([bodies[n] for n in untidy], _plain(prefix)), Proof.PLAIN, Proof.NONE)
    return [Proof(proof) for proof in proofs]


def _matches(bodies: Sequence[memoryview], pattern: str) -> NDArray[np.bool_]:
    joined = bodies[0] if len(bodies) == 1 else b"".join(bodies)
    offsets = np.cumsum([0, *map(len, bodies)], dtype=np.int64).tobytes()
    texts = pa.Array.from_buffers(pa.large_binary(), len(bodies), [None, pa.py_buffer(offsets), pa.py_buffer(joined)])
    matched: NDArray[np.bool_] = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return matched


_BLANK = r"[ \t\n\r]"
#: Unicode table 3-7, well-formed UTF-8 beyond ASCII, without FFFE and FFFF
_BEYOND_ASCII = (
    r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xef[\x80-\xbe][\x80-\xbf]|\xef\xbf[\x80-\xbd]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
#: numeric ones from U+1000 to U+CFFF: no blank, no surrogate, none that XML forbids
_REFERENCE = r"&(?:amp|lt|gt|quot|apos|#[1-4][0-9]{4}|#x[1-9A-Ca-c][0-9A-Fa-f]{3});"
_CHARACTER = rf"(?:[^<>&\x00-\x20\x80-\xff]|{_BEYOND_ASCII}|{_REFERENCE})"


@cache
def _plain(prefix: bytes) -> str:
    name = _name(prefix)
    return rf"\A(?:{_CHARACTER}|{_BLANK}|</{name}>|<{name}/?>)*\z"


@cache
def _tidy(prefix: bytes) -> str:
    name = _name(prefix)
    text = rf"{_CHARACTER}(?:{_BLANK}*{_CHARACTER})*"
    leaf = rf"(?:<{name}/>|<{name}>(?:{text})?</{name}>)"
    return rf"\A{_BLANK}*(?:(?:<{name}>{_BLANK}*)*{leaf}{_BLANK}*(?:</{name}>{_BLANK}*)*)*\z"


def _name(prefix: bytes) -> str:
    return prefix.decode() + "[A-Za-z_][A-Za-z0-9_.-]*"
