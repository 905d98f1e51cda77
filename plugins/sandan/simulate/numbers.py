"""The numbers that receipts gave: what names one is written without it and lands when a receipt says which it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home

_WANTED = re.compile(rb"(?<=>)\?([^<?]+)\?(?=<)")


def wanted(cop_no: str) -> str:
    """Stands for the number of the declaration until `fill`."""
    return f"?{cop_no}?"


def fill(home: Home, landing: Path, day: str) -> bool:
    """Write the numbers that the receipts of `day` gave into the files below `landing`, as their senders would.

    Gives False, and changes nothing, where there is no file or one of the numbers is in no receipt: there was no run,
    or its receipts were not written.
    """
    files = {file: file.read_bytes() for file in landing.glob("*/*")}
    asked = {cop_no for content in files.values() for cop_no in _WANTED.findall(content)}
    given = _given(home, day) if asked else {}
    if not files or not asked <= given.keys():
        return False
    for file, content in files.items():
        file.write_bytes(_WANTED.sub(lambda found: given[found[1]], content))
    return True


def _given(home: Home, day: str) -> dict[bytes, bytes]:
    """The numbers by copNo, of the declarations answered on a day."""
    given = {}
    for message in ("CEB604", "CEB622"):
        for file in home.exchange.glob(f"[!.]*/{day}/{message}-*.xml"):
            for answer in etree.parse(file).iter("{*}InventoryReturn"):
                if number := answer.findtext("{*}invtNo"):
                    given[answer.findtext("{*}copNo", "").encode()] = number.encode()
    return given
