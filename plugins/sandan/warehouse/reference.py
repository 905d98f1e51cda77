"""The operator's own tables: the files of `reference` in the home, each by the name of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from sandan.errors import ConfigurationError, SandanError
from sandan.warehouse.raw import REFERENCE

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home

#: on one thread, so that rows keep the order of their lines
READ = """
create or replace temp table reference_file as
select row_number() over () + 1 as line, {columns}
from read_csv($1, header = true, all_varchar = true, parallel = false)
"""
NO_SUCH_TYPE = """
select line, '{column} ' || {column} || ' is no {type}' as problem from reference_file
where {column} is not null and try_cast({column} as {type}) is null
"""
TYPED = "create or replace temp table reference_rows as select line, {columns} from reference_file"
#: what the rows of a table have to hold beyond the types of their columns
WRONG = {
    "export_controls": """
    select line, 'hs_code ' || coalesce(hs_code, 'is missing: it') || ' has not 2 to 10 digits' as problem
    from reference_rows where not coalesce(regexp_full_match(hs_code, '[0-9]{2,10}'), false)
    union all
    select line, 'measure ' || coalesce(measure, 'is missing: it') || ' is neither permit nor duty'
    from reference_rows where not coalesce(measure in ('permit', 'duty'), false)
    """,
    "import_rates": """
    select line, 'hs_code ' || coalesce(hs_code, 'is missing: it') || ' has not 10 digits' as problem
    from reference_rows where not coalesce(regexp_full_match(hs_code, '[0-9]{10}'), false)
    union all
    select line, 'mfn_rate, vat_rate or valid_from is missing'
    from reference_rows where mfn_rate is null or vat_rate is null or valid_from is null
    union all
    select line, 'a rate is a share: 0.13, not 13, for 13 %'
    from reference_rows where least(mfn_rate, vat_rate, consumption_rate) < 0
        or greatest(mfn_rate, vat_rate, consumption_rate) >= 1
    union all
    select later.line, later.hs_code || ' has a rate for the same days in line ' || earlier.line
    from reference_rows as later
    inner join reference_rows as earlier on later.hs_code = earlier.hs_code and later.line > earlier.line
        and later.valid_from <= coalesce(earlier.valid_to, 'infinity')
        and earlier.valid_from <= coalesce(later.valid_to, 'infinity')
    """,
}


def load_reference(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Replace the tables of `raw` that the operator keeps by the files of the home; no file, no rows.

    Raises:
        ConfigurationError: a value is not of its column's type, or cannot be meant; names the line.
        SandanError: a file cannot be read, or has other columns.
    """
    for table, columns in REFERENCE.items():
        connection.execute(f"delete from raw.{table}")
        file = home.reference / f"{table}.csv"
        if not file.exists():
            continue
        remedy = f"write it as UTF-8 CSV with the header {','.join(columns)}; dates YYYY-MM-DD, month YYYY-MM"
        try:
            connection.execute(READ.format(columns=", ".join(columns)), [str(file)])
        except duckdb.Error as error:
            raise SandanError(f"{file} cannot be read: {str(error).splitlines()[0]}", remedy) from error
        typed = [NO_SUCH_TYPE.format(column=column, type=type_) for column, type_ in columns.items()]
        _refuse(connection, file, " union all ".join(typed), remedy)
        casts = ", ".join(f"cast({column} as {type_}) as {column}" for column, type_ in columns.items())
        connection.execute(TYPED.format(columns=casts))
        if table in WRONG:
            _refuse(connection, file, WRONG[table], remedy)
        connection.execute(f"insert into raw.{table} by name select * exclude (line) from reference_rows")


def _refuse(connection: duckdb.DuckDBPyConnection, file: Path, wrong: str, remedy: str) -> None:
    """Raise the first of the problems that `wrong` selects."""
    first = connection.execute(f"select line, problem from ({wrong}) order by line, problem limit 1").fetchone()
    if first:
        raise ConfigurationError(file, first[0], first[1], remedy)
