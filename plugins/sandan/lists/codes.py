"""The codes of the code lists, as the seed `code_lists.csv` holds them."""

from __future__ import annotations

import csv
from functools import cache

from sandan.home import PROJECT

CODE_LISTS = PROJECT / "dbt_project" / "seeds" / "code_lists.csv"


@cache
def known_codes(code_list: str, code_set: str) -> frozenset[str]:
    """The codes of a list in a set (customs, iso), of any day: on which a code is in force the record rules judge."""
    return frozenset(code for name, set_, code in _codes() if name == code_list and set_ in ("*", code_set))


@cache
def _codes() -> tuple[tuple[str, str, str], ...]:
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        return tuple((row["code_list"], row["code_set"], row["code"]) for row in csv.DictReader(file))
