"""The operator's own tables: `reference/party_register.csv` and `reference/exchange_rates.csv` in the home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from sandan.errors import SandanError

if TYPE_CHECKING:
    from sandan.home import Home

TABLES = {
    "party_register": ("party_code", "role", "name", "valid_from", "valid_to"),
    "exchange_rates": ("month", "currency", "cny_per_unit"),
}


def load_reference(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Replace `raw.party_register` and `raw.exchange_rates` by the files of the home; no file, no rows.

    Raises:
        SandanError: a file has other columns, or a value that is not of its column's type.
    """
    for table, columns in TABLES.items():
        connection.execute(f"delete from raw.{table}")
        file = home.reference / f"{table}.csv"
        if not file.exists():
            continue
        try:
            connection.execute(
                f"insert into raw.{table} select {', '.join(columns)} "
                "from read_csv($1, header = true, all_varchar = true)",
                [str(file)],
            )
        except duckdb.Error as error:
            raise SandanError(
                f"{file} cannot be read: {str(error).splitlines()[0]}",
                f"write it as UTF-8 CSV with the header {','.join(columns)}; dates YYYY-MM-DD, month YYYY-MM",
            ) from error
