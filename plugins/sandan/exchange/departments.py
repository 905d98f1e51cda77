"""The extracts of a published run: to each department what it needs, in the fields and codes of its local platform."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.exchange.services import TABLES, Column, Extract, known_columns
from sandan.warehouse.connect import quoted

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import duckdb

#: bytes of UTF-8 brought into another encoding at a time
PORTION = 1 << 20
UNKNOWN = "select min({source}) from rows_of_extract where {source} is not null and not list_contains($1, {source})"
FORMATS = {"csv": "(format csv, header)", "jsonl": "(format json)"}


@dataclass(frozen=True)
class DepartmentFile:
    """One extract of one run, to be written where its department looks for it."""

    lake: duckdb.DuckDBPyConnection
    run_date: date
    extract: Extract

    @property
    def receiver(self) -> str:
        """The department, which names its folder."""
        return self.extract.department

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.extract.file_name

    def write(self, file: Path) -> int:
        """Write the rows of the run, in the order of their keys; returns how many. The same run gives the same bytes.

        Raises:
            SandanError: a code of ours has none of theirs, or the encoding lacks a character.
        """
        extract = self.extract
        self._take_rows()
        for column in extract.columns:
            self._check_codes(column)
        fields = ", ".join(f"{_expression(c, extract.table)} as {_name(c.field)}" for c in extract.columns)
        rows = f"select {fields} from rows_of_extract order by {', '.join(TABLES[extract.table])}"
        self.lake.execute(f"copy ({rows}) to {quoted(str(file))} {FORMATS[extract.format]}")
        if extract.encoding != "utf-8":
            self._recode(file)
        (count,) = self.lake.execute("select count(*) from rows_of_extract").fetchone() or (0,)
        return int(count)

    def _take_rows(self) -> None:
        extract = self.extract
        conditions = ["run_date = $run_date"]
        conditions += [f"{_name(column)} is not null" for column in extract.filled]
        conditions += [f"{_name(c)} in ({', '.join(map(quoted, codes))})" for c, codes in extract.only.items()]
        self.lake.execute(
            f"create or replace temp table rows_of_extract as from public_service.{extract.table} "
            f"where {' and '.join(conditions)}",
            {"run_date": self.run_date},
        )

    def _check_codes(self, column: Column) -> None:
        if not column.values or column.otherwise:
            return
        query = UNKNOWN.format(source=_name(column.source))
        (code,) = self.lake.execute(query, [list(column.values)]).fetchone() or (None,)
        if code is not None:
            raise SandanError(
                f"'{column.field}' of {self.name} to {self.receiver} has no code for '{code}' ({column.source})",
                f"add it under values in {self.extract.service_file}, or give otherwise",
            )

    def _recode(self, file: Path) -> None:
        aside = file.with_name(f"{file.name}.utf-8")
        file.rename(aside)
        decoder = codecs.getincrementaldecoder("utf-8")()
        encoder = codecs.getincrementalencoder(self.extract.encoding)()
        try:
            with aside.open("rb") as source, file.open("wb") as target:
                while portion := source.read(PORTION):
                    target.write(encoder.encode(decoder.decode(portion)))
                target.write(encoder.encode("", final=True))
        except UnicodeEncodeError as error:
            lacking = error.object[error.start]
            raise SandanError(
                f"{self.name} to {self.receiver}: {self.extract.encoding} has no character '{lacking}'",
                f"write encoding: utf-8 or gb18030 in {self.extract.service_file}",
            ) from error
        aside.unlink()


def _expression(column: Column, table: str) -> str:
    if column.constant:
        return quoted(column.constant)
    source = _name(column.source)
    if column.values:
        codes = " ".join(f"when {quoted(ours)} then {quoted(theirs)}" for ours, theirs in column.values.items())
        rest = f"case when {source} is not null then {quoted(column.otherwise)} end" if column.otherwise else "null"
        return f"case {source} {codes} else {rest} end"
    if column.time:
        return f"strftime({source}, {quoted(column.time)})"
    if column.decimals is not None:
        return f"cast({source} as decimal(19, {column.decimals}))"
    if known_columns(table)[column.source].type == "date":
        return f"cast({source} as varchar)"
    return source


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
