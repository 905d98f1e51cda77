"""The remedies of the rules before they are loaded: nobody is to be held without being told what to do."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sandan.errors import ConfigurationError
from sandan.home import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

REMEDIES = PROJECT / "dbt_project" / "seeds" / "remedies.csv"
COLUMNS = ["rule_id", "party", "kind", "remedy_zh", "remedy_en"]
PARTIES = ("enterprise", "platform", "payment", "logistics", "supplier", "bank", "customs", "tax")
KINDS = (
    "list_missing", "list_disagrees", "list_rejected", "paper_missing", "forex_missing", "return_due", "limit_near",
    "blocked",
)  # fmt: skip
#: what holds, refuses, rejects, blocks or leaves pending
HOLDING = ("quarantine", "wait", "review", "refuse", "pending", "exclude", "block")


def load_remedies(file: Path = REMEDIES) -> set[str]:
    """Rules that have a remedy.

    Raises:
        ConfigurationError: a row that nobody could act on, or a rule with two.
    """
    found: set[str] = set()
    with file.open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        if reader.fieldnames != COLUMNS:
            raise ConfigurationError(
                file, 1, "these are not the columns of the remedies", f"the header is {','.join(COLUMNS)}"
            )
        for row in reader:
            for problem, remedy in _problems(row, found):
                raise ConfigurationError(file, reader.line_num, f"{row['rule_id'] or 'a rule'}: {problem}", remedy)
            found.add(row["rule_id"])
    return found


def _problems(row: dict[str, str], found: set[str]) -> list[tuple[str, str]]:
    if None in row or None in row.values():
        return [("more or fewer values than columns", "put a text with a comma in double quotes")]
    problems = [(f"{column} is empty", "fill it") for column in COLUMNS if not row[column].strip()]
    if row["rule_id"] in found:
        problems.append(("a second remedy", "a rule has one row"))
    if row["party"] not in PARTIES:
        problems.append((f"no such party: {row['party']}", f"one of {', '.join(PARTIES)}"))
    if row["kind"] not in KINDS:
        problems.append((f"no such kind: {row['kind']}", f"one of {', '.join(KINDS)}"))
    return problems
