"""The running truth: yesterday's tables, with what today is expected to change and add.

DuckDB only joins files here; what is expected was decided when the story was told.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb

from sandan.simulate.effects import EXPORTED, EXPORTED_GOODS, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

_AMOUNTS = ("qty", "qty1", "qty2", "total_price")
_KEYS = tuple(name for name in (*EXPORTED, *EXPORTED_GOODS) if name not in _AMOUNTS)
WAITING_DAYS = 30  # DOC04: more than this many days after the declaration, a list still missing

_EMPTY = {
    "declarations": "SELECT ''::VARCHAR ebc_code, ''::VARCHAR cop_no, ''::VARCHAR status, []::VARCHAR[] failed_rules",
    "records": "SELECT DATE '2000-01-01' run_date, '' source_id, '' path, 0::INTEGER AS position, '' state, "
    "[]::VARCHAR[] rule_ids, true named",
    "files": "SELECT DATE '2000-01-01' run_date, '' source_id, '' path, '' state",
    "waiting": "SELECT '' ebc_code, '' cop_no, DATE '2000-01-01' declared_date",
    "taxes": "SELECT '' ebc_code, '' cop_no, 0 gnum, 0::DECIMAL(19,5) tariff, 0::DECIMAL(19,5) consumption_tax, "
    "0::DECIMAL(19,5) vat",
    "returned": "SELECT '' ebc_code, '' cop_no, 0 gnum, 0::DECIMAL(19,5) returned_qty, true in_time",
    "buyers": "SELECT '' buyer, 0 AS year, 0::BIGINT total",
}


def carry_forward(before: Path | None, effects: list[Path], after: Path, run_date: date) -> dict[str, int]:
    """Write `after`/{declarations,records,files,waiting,taxes,returned,buyers,exported}.parquet.

    A buyer's total is in cents; `exported` has the lines of the export lists that closed on `run_date`.
    `before` is the truth of the latest earlier day, `effects` the folders that land on `run_date`, oldest first. Gives
    the number of declarations by status.
    """
    after.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute("SET threads = 2; SET memory_limit = '4GB'")
        con.execute(f"SET temp_directory = '{after / 'tmp'}'")
        for table, empty in _EMPTY.items():
            known = f"SELECT * FROM read_parquet('{before / table}.parquet')" if before else f"{empty} LIMIT 0"
            con.execute(f"CREATE VIEW before_{table} AS {known}")
        for table, schema in SCHEMAS.items():
            con.register(f"no_{table}", schema.empty_table())
            parts = [
                f"SELECT {number} AS batch, * FROM read_parquet('{folder}/*.{table}.parquet')"
                for number, folder in enumerate(effects)
                if any(folder.glob(f"*.{table}.parquet"))
            ]
            con.execute(
                f"CREATE VIEW new_{table} AS {' UNION ALL '.join([f'SELECT 0 AS batch, * FROM no_{table}', *parts])}"
            )
        limit = run_date - timedelta(WAITING_DAYS)
        con.execute(_DECLARATIONS, {"limit": limit})
        for name, query in _TABLES.items():
            con.execute(f"COPY ({query.format(run_date=run_date)}) TO '{after / name}.parquet' (FORMAT parquet)")
        return dict(con.execute("SELECT status, count(*) FROM told GROUP BY 1 ORDER BY 1").fetchall())


def add_earlier_day(day: Path, run_date: date, later: list[Path]) -> None:
    """Add what `day`, the truth of `run_date`, has of its own to the truths of later days, told before it."""
    of_the_day = f"WHERE run_date = DATE '{run_date}'"
    with duckdb.connect() as con:
        for truth in later:
            unknown = f"ANTI JOIN read_parquet('{truth / 'declarations'}.parquet') AS known USING (ebc_code, cop_no)"
            own = {"files": of_the_day, "records": of_the_day} | dict.fromkeys(
                ("waiting", "taxes", "returned", "declarations"), unknown
            )
            for table, filtered in own.items():  # declarations last: the others look them up
                old, new = truth / f"{table}.parquet", truth / f"{table}.new"
                rows = (
                    f"SELECT * FROM read_parquet('{old}') AS old "
                    f"UNION ALL SELECT * FROM read_parquet('{day / table}.parquet') AS own {filtered}"
                )
                con.execute(f"COPY (SELECT * FROM ({rows}) AS both_days ORDER BY ALL) TO '{new}' (FORMAT parquet)")
                new.replace(old)


_DECLARATIONS = """
CREATE TABLE told AS
WITH news AS (
    SELECT ebc_code, cop_no, arg_max(status, (batch, step)) AS status,
           arg_max(failed_rules, (batch, step)) AS failed_rules, min(declared_date) AS declared_date
    FROM new_declarations GROUP BY ALL
), merged AS (
    SELECT * FROM news
    UNION ALL
    SELECT b.*, w.declared_date
    FROM before_declarations AS b
    ANTI JOIN news AS n USING (ebc_code, cop_no)
    LEFT JOIN before_waiting AS w USING (ebc_code, cop_no)
)
SELECT ebc_code, cop_no, declared_date,
       CASE WHEN late THEN 'refused' ELSE status END AS status,
       CASE WHEN late THEN list_sort(list_append(failed_rules, 'DOC04')) ELSE failed_rules END AS failed_rules
FROM (SELECT *, status = 'waiting' AND declared_date < $limit AS late FROM merged)
"""


def _latest_lines(table: str, values: str, kept: str = "true") -> str:
    """All lines of a declaration as told last, those of others as they were; of them, what is worth keeping."""
    return f"""
        WITH news AS (
            SELECT ebc_code, cop_no, gnum, {values} FROM new_{table}
            QUALIFY rank() OVER (PARTITION BY ebc_code, cop_no ORDER BY batch DESC, step DESC) = 1
        )
        SELECT * FROM before_{table} ANTI JOIN news USING (ebc_code, cop_no)
        UNION ALL SELECT * FROM news WHERE {kept} ORDER BY 1, 2, 3
    """


_TABLES = {
    "declarations": "SELECT ebc_code, cop_no, status, failed_rules FROM told ORDER BY ALL",
    "waiting": "SELECT ebc_code, cop_no, declared_date FROM told WHERE status = 'waiting' ORDER BY ALL",
    "files": "SELECT * FROM before_files UNION ALL "
    "SELECT DATE '{run_date}', source_id, path, state FROM new_files ORDER BY 1, 2, 3",
    "records": """
        WITH received AS (
            SELECT * FROM before_records
            UNION ALL
            SELECT DATE '{run_date}', source_id, path, position, state, rule_ids, named FROM new_records
        ), changed AS (
            SELECT source_id, path, position, arg_max(state, batch) AS state
            FROM new_changes GROUP BY ALL
        )
        SELECT run_date, source_id, path, position, coalesce(c.state, r.state) AS state, rule_ids, named
        FROM received AS r LEFT JOIN changed AS c USING (source_id, path, position)
        ORDER BY 1, 2, 3, 4
    """,
    "taxes": _latest_lines(
        "taxes", ", ".join(f"(0.01 * {tax})::DECIMAL(19, 5) AS {tax}" for tax in ("tariff", "consumption_tax", "vat"))
    ),
    "returned": _latest_lines("returned", "returned_qty::DECIMAL(19, 5) AS returned_qty, in_time", "returned_qty > 0"),
    "exported": f"""
        SELECT ebc_code, cop_no, gnum,
               COLUMNS(['{"', '".join(_KEYS)}']), COLUMNS(['{"', '".join(_AMOUNTS)}'])::DECIMAL(19, 5)
        FROM (
            SELECT * REPLACE ({", ".join(f"nullif(trim({name}), '') AS {name}" for name in (*_KEYS, *_AMOUNTS))})
            FROM new_exported
            QUALIFY rank() OVER (PARTITION BY ebc_code, cop_no ORDER BY batch DESC, step DESC) = 1
        ) AS told_last
        ORDER BY 1, 2, 3
    """,
    "buyers": """
        SELECT buyer, year, sum(amount)::BIGINT AS total
        FROM (
            SELECT buyer, year, total AS amount FROM before_buyers UNION ALL SELECT buyer, year, amount FROM new_bought
        ) AS known
        GROUP BY ALL ORDER BY ALL
    """,
}
