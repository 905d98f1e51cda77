"""What each model's SQL reads and makes its columns of. All of it takes seconds: only what changed is read again."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot.errors import SqlglotError

from sandan.lineage import columns
from sandan.lineage.columns import Lineage, Tables, lineage_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: dates and numbers, in which runs differ; a digit that is part of a name is none
NUMBERS = re.compile(r"\b\d+\b")


def followed(models: Mapping[str, Path], tables: Tables, kept: Path) -> dict[str, Lineage | None]:
    """Model (`schema.table`) → its lineage by the SQL in its file; None where that cannot be read.

    `kept` is the file of what was found before.
    """
    before: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    after = before | {
        model: _again(model, file.read_text(encoding="utf-8"), tables, before.get(model))
        for model, file in models.items()
        if file.exists()
    }
    if after != before:
        aside = kept.with_suffix(".writing")
        aside.write_text(json.dumps(after), encoding="utf-8")
        aside.replace(kept)
    return {model: _read(after[model]) if model in after else None for model in models}


def _again(model: str, sql: str, tables: Tables, before: dict[str, Any] | None) -> dict[str, Any]:
    schema, _, table = model.partition(".")
    names = list(tables.get(schema, {}).get(table, {}))
    if before and before["digest"] == _digest(sql, names, before["inputs"], tables):
        return before
    try:
        found = lineage_of(sql, tables, names)
    except SqlglotError as error:
        return {"digest": _digest(sql, names, [], tables), "inputs": [], "failed": str(error)}
    inputs = sorted(found.inputs)
    return {
        "digest": _digest(sql, names, inputs, tables),
        "inputs": inputs,
        "columns": {name: sorted(origins) for name, origins in found.columns.items()},
    }


def _read(kept: dict[str, Any]) -> Lineage | None:
    if "failed" in kept:
        return None
    return Lineage(
        set(kept["inputs"]),
        {name: {(table, column) for table, column in origins} for name, origins in kept["columns"].items()},
    )


def _digest(sql: str, names: list[str], inputs: list[str], tables: Tables) -> str:
    """Of all that the lineage of a query depends on."""
    shapes = [sorted(tables.get(schema, {}).get(table, {})) for schema, _, table in (i.partition(".") for i in inputs)]
    ours = Path(columns.__file__).read_text(encoding="utf-8")
    known = [NUMBERS.sub("0", sql), names, shapes, ours, version("sqlglot")]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()
