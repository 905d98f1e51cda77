"""The rule catalogue before it is loaded: an operator edits it, and a mistake there would hold or release goods."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sandan.errors import ConfigurationError
from sandan.home import PROJECT
from sandan.warehouse.remedies import HOLDING, REMEDIES, load_remedies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CATALOGUE = PROJECT / "dbt_project" / "seeds" / "rules.csv"
OPEN = "9999-12-31"
#: what may follow from a failed rule, by the stage that judges it
ACTIONS = {
    "record": ("quarantine", "ignore"),
    "match": ("wait", "review", "refuse", "warn", "off"),
    "rebate": ("pending", "exclude", "tax", "block", "exempt", "off"),
}
OTHER_ACTIONS = ("warn",)
FILLED = ("rule_id", "stage", "flow", "regime", "action", "title_en", "title_zh", "passes_when", "basis", "valid_from")
COLUMNS = (
    "rule_id,stage,flow,regime,action,parameter,parameter_unit,title_en,title_zh,passes_when,basis,valid_from,valid_to"
)


def titles(file: Path = CATALOGUE) -> dict[str, tuple[str, str]]:
    """Rule → its title in Chinese and in English; of several rows the latest."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = sorted(csv.DictReader(text), key=lambda row: row["valid_from"])
    return {row["rule_id"]: (row["title_zh"], row["title_en"]) for row in rows}


@dataclass(frozen=True)
class _Row:
    line: int
    values: dict[str, str]
    first: date
    last: date

    def __getitem__(self, column: str) -> str:
        return self.values[column]


def check_catalogue(file: Path = CATALOGUE, remedies: Path = REMEDIES) -> int:
    """How many rows the catalogue has.

    Raises:
        ConfigurationError: a row says what no run could follow, two rows contradict each other on one day, or a rule
            can hold somebody, and there is no remedy.
    """
    rows = list(_rows(file))
    known = load_remedies(remedies)
    of_rule: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        of_rule[row["rule_id"]].append(row)
    for row in rows:
        for problem, remedy in (*_in_itself(row), *_in_company(row, of_rule[row["rule_id"]])):
            raise ConfigurationError(file, row.line, f"{row['rule_id'] or 'a rule'}: {problem}", remedy)
        if row["action"] in HOLDING and row["rule_id"] not in known:
            problem = f"{row['rule_id']}: {row['action']}, and nobody is told what to do"
            raise ConfigurationError(file, row.line, problem, f"add a row of the rule to {remedies.name}")
    return len(rows)


def _in_itself(row: _Row) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, with the remedy."""
    stage, action, flow, regime = (row[column] for column in ("stage", "action", "flow", "regime"))
    actions = ACTIONS.get(stage, OTHER_ACTIONS)
    for column in FILLED:
        if not row[column].strip():
            yield f"{column} is empty", "fill it; * where every flow or regime is meant"
    if not re.fullmatch(r"[A-Z]{3}\d\d", row["rule_id"]):
        yield "no id of a rule", "three capitals and two digits, e.g. DOC02"
    if flow not in ("*", "E", "I"):
        yield f"no such flow: {flow}", "E export, I import, * both"
    if not re.fullmatch(r"\*|\d{4}", regime):
        yield f"no such regime: {regime}", "a supervision mode of four digits, e.g. 9610, or *"
    if action not in actions:
        yield f"no action of stage {stage}: {action}", f"one of {', '.join(actions)}"
    if stage == "record" and (flow, regime) != ("*", "*"):
        yield "a record is judged alike in every flow and regime", "write * for both"
    if row["parameter"] and regime != "*":
        yield "a row of one regime changes the action alone", "leave parameter empty; it stands in the row of *"
    if row.last < row.first:
        yield f"ends on {row.last}, before it begins on {row.first}", "valid_to is the last day in force"


def _in_company(row: _Row, rows: list[_Row]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row beside the other rows of its rule."""
    for other in rows:
        same = (other["flow"], other["regime"]) == (row["flow"], row["regime"])
        if same and other.line < row.line and other.first <= row.last and row.first <= other.last:
            day = max(row.first, other.first)
            yield (
                f"two rows for flow {row['flow']} and regime {row['regime']} are in force on {day}",
                f"end the row of line {other.line} before (valid_to), or name another flow or regime",
            )
    general = [other for other in rows if other["regime"] == "*"]
    if row in general and not row["parameter"] and any(other["parameter"] for other in general):
        yield "a parameter in other rows, and none here", "give the row its parameter"
    for day in (row.first, row.last):
        if not any(other["flow"] in ("*", row["flow"]) and other.first <= day <= other.last for other in general):
            yield (
                f"in force for regime {row['regime']} on {day}, and no row of regime * is",
                "add a row of regime *, which holds for all the others, or end this one",
            )


def _rows(file: Path) -> Iterator[_Row]:
    with file.open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        if ",".join(reader.fieldnames or ()) != COLUMNS:
            raise ConfigurationError(file, 1, "these are not the columns of the catalogue", f"the header is {COLUMNS}")
        try:
            for values in reader:
                if None in values or None in values.values():
                    remedy = "put a text with a comma in double quotes"
                    raise ConfigurationError(file, reader.line_num, "more or fewer values than columns", remedy)
                yield _typed(file, reader.line_num, values)
        except (csv.Error, UnicodeDecodeError) as error:
            raise ConfigurationError(file, reader.line_num, str(error), "write it as CSV in UTF-8") from error


def _typed(file: Path, line: int, values: dict[str, str]) -> _Row:
    try:
        first, last = (date.fromisoformat(values[column] or OPEN) for column in ("valid_from", "valid_to"))
        finite = Decimal(values["parameter"] or "0").is_finite()
    except (ValueError, InvalidOperation):
        finite = False
    if not finite:
        problem = f"{values['rule_id']}: a parameter or date that is none"
        raise ConfigurationError(file, line, problem, "numbers like 0.01, dates like 2026-11-20")
    return _Row(line, values, first, last)
