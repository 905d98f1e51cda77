"""The codes of the code lists, as the seed `code_lists.csv` holds them."""

from __future__ import annotations

import csv
from functools import cache
from string import ascii_lowercase, ascii_uppercase, digits

from sandan.home import PROJECT

CODE_LISTS = PROJECT / "dbt_project" / "seeds" / "code_lists.csv"
_FORM = str.maketrans(digits + ascii_uppercase + ascii_lowercase, "0" * 10 + "A" * 26 + "a" * 26)


@cache
def known_codes(code_list: str, code_set: str) -> frozenset[str]:
    """The codes of a list in a set (customs, iso), of any day: on which a code is in force the record rules judge."""
    return frozenset(code for name, set_, code in _codes() if name == code_list and set_ in ("*", code_set))


def could_be_of(code_list: str, code: str) -> bool:
    """Whether a code has the form of one of the list, of any set: digits, capital and small letters in their places."""
    return code.translate(_FORM) in _forms(code_list)


@cache
def _forms(code_list: str) -> frozenset[str]:
    return frozenset(code.translate(_FORM) for name, _, code in _codes() if name == code_list)


@cache
def _codes() -> tuple[tuple[str, str, str], ...]:
    with CODE_LISTS.open(encoding="utf-8", newline="") as file:
        return tuple((row["code_list"], row["code_set"], row["code"]) for row in csv.DictReader(file))
