"""`make sql`: a read-only shell on the published lake, which works while a run is publishing.

Written in Python although DuckDB has a shell of its own: that one is another download, and its version would have to
be exactly that of our extensions.
"""

from __future__ import annotations

import contextlib
import readline
import shutil
import sys
from typing import TYPE_CHECKING

import duckdb

from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

TABLES = """
select schema_name as schema, table_name as "table", column_count as columns
from duckdb_tables() where database_name = 'published' order by all
"""
WELCOME = "Published lake, read-only. Queries end with ;   .tables lists what there is, .quit or Ctrl-D ends.\n"
ROWS_SHOWN = 50
ROWS_PRINTED = 1_000_000


def shell(home: Home, query: str | None) -> int:
    """Run `query`, or what comes by standard input, or ask for queries; returns the exit status."""
    with connect_published(home) as lake:
        if query is None and sys.stdin.isatty():
            print(WELCOME)
            # readline would take the cursor and history keys of `input` from here on; history lives with the session
            readline.set_auto_history(True)
            for statement in _asked():
                _show(lake, statement, ROWS_SHOWN)
            return 0
        return 0 if _show(lake, sys.stdin.read() if query is None else query, ROWS_PRINTED) else 1


def _asked() -> Iterator[str]:
    """Statements as the user ends them; Ctrl-C drops the one begun."""
    lines: list[str] = []
    while True:
        try:
            lines.append(input("   ...> " if lines else "sandan> "))
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            lines = []
            continue
        text = "\n".join(lines).strip()
        if text in {".quit", ".exit"}:
            return
        if text.startswith(".") or text.endswith(";") or not text:
            lines = []
            yield TABLES if text == ".tables" else text


def _show(lake: duckdb.DuckDBPyConnection, text: str, rows: int) -> bool:
    """Run the statements of `text` and show each result; False at the first that fails."""
    width = shutil.get_terminal_size(fallback=(200, 0)).columns
    try:
        for statement in lake.extract_statements(text):
            result = lake.sql(statement.query)
            if result is not None:
                result.show(max_rows=rows, max_width=width)
    except duckdb.Error as error:
        print(error, file=sys.stderr)
        return False
    except BrokenPipeError:
        # the reader of our output (`head`, say) has seen enough
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.close()
    return True
