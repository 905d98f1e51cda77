"""Disclosure control: from what enterprises contributed to cells that may be published (docs/statistics.md)."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandan.statistics.cells import ALL_PARTNERS, KEY, LEVELS, MEASURES, cells
from sandan.statistics.rules import FEWEST
from sandan.statistics.secondary import hide
from sandan.statistics.table import Table
from sandan.statistics.targets import targets

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from sandan.statistics.rules import Rules

#: cells of a table that takes longer than starting a process
_LARGE = 50_000
_COUNTS = ("declarations", "items", "enterprises")
_FREE, _CONFIDENTIAL = "F", "C"  # CL_CONF_STATUS
_NORMAL, _SUPPRESSED = "A", "Q"  # CL_OBS_STATUS


@dataclass(frozen=True)
class Account:
    """What was lost at one level of goods, over the cells of single partners. `withheld`: the whole table is hidden."""

    period: str
    flow: str
    hs_level: int
    withheld: bool
    cells: int
    hidden_cells: int
    value_cny: float
    hidden_value_cny: float

    @property
    def share(self) -> float:
        """Share of the value that is hidden, 0 to 1."""
        return self.hidden_value_cny / self.value_cny if self.value_cny else 0.0


@dataclass(frozen=True)
class Protected:
    """Cells to publish; those hidden, which are never published, for the next vintage; what was lost."""

    cells: pa.Table
    hidden: pa.Table
    accounts: list[Account]


def protect(
    connection: duckdb.DuckDBPyConnection,
    contributions: str,
    rules: Rules,
    *,
    hidden_before: str | None = None,
    processes: int = 1,
) -> Protected:
    """Hide what would tell of one enterprise, in every table (a period and a flow) of the contributions.

    Args:
        connection: where the relations are; temporary tables are made in it and dropped.
        contributions: name of a table or view: period, flow, hs_code (8 digits; 4 of simplified declarations), partner,
            enterprise, value_cny, value_usd, net_weight_kg, qty1, unit1, declarations, items. Several rows of one cell
            and enterprise add up. Nothing is negative.
        rules: the secret parameters.
        hidden_before: name of a relation with the `hidden` of all earlier vintages. Cells of it that have no
            contribution any more are hidden ones among the others.
        processes: how many large tables are worked on at a time. What is hidden does not depend on it.

    Raises:
        SandanError: the contributions are not as they must be.
    """
    rows = cells(connection, contributions, hidden_before)
    runs = _runs(rows["table"].to_numpy())
    parts = [rows.slice(first, last - first) for first, last in runs]
    # nothing is left of the others, but nobody is to know: what the sums around them lost would be their value
    traded = rows["node"].is_valid().to_numpy()
    hidden, unsafe = ~traded, rows["unsafe_before"].to_numpy().copy()
    accounts = []
    found = _each([part.filter(part["node"].is_valid()) for part in parts], rules, processes)
    for (first, last), part, (of_traded, unsafe_of_traded, withheld) in zip(runs, parts, found, strict=True):
        here = first + np.flatnonzero(traded[first:last])
        hidden[here], unsafe[here] = of_traded, unsafe_of_traded
        accounts += _accounts(part, hidden[first:last], withheld=withheld)
    return Protected(_published(rows, hidden), _hidden(rows, hidden, unsafe), accounts)


def _runs(number: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First row of each table and the one after its last."""
    ends = [*np.flatnonzero(np.diff(number)) + 1, len(number)] if len(number) else []
    return list(zip([0, *ends], ends, strict=False))


def _each(
    tables: list[pa.Table], rules: Rules, processes: int
) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_], bool]]:
    """`_protect` of each table; each needs one processor, and nothing of the others."""
    large = [table for table in tables if len(table) >= _LARGE]
    if min(len(large), processes) <= 1:
        return [_protect(table, rules) for table in tables]
    # not forked: the threads of DuckDB and Airflow would not be there
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_protect, tables, repeat(rules)))


def _protect(rows: pa.Table, rules: Rules) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """Which cells of one table are hidden, which of them unsafe, and whether all of it is withheld."""
    table = Table(rows)
    before = rows["unsafe_before"].to_numpy()
    levels = rules.levels(table.contributed, before)
    hidden = np.zeros(table.start[-1], dtype=np.bool_)
    hidden[table.cells] = levels.unsafe | rows["hidden_before"].to_numpy()
    grand_total = table.cell(0, 0, table.margin)
    unsafe = targets(table, levels)
    withheld = bool(hidden[grand_total]) or not hide(table, hidden, unsafe)
    if withheld:
        hidden[:] = True
    return hidden[table.cells], levels.unsafe, withheld


def _published(rows: pa.Table, hidden: NDArray[np.bool_]) -> pa.Table:
    columns: dict[str, Any] = {name: rows[name] for name in KEY}
    for name in (*MEASURES, "qty1", "unit1", *_COUNTS):
        shown = ~hidden
        if name in _COUNTS:  # the smallest count published would tell the fewest contributors
            shown &= rows[name].to_numpy() >= FEWEST[-1]
        columns[name] = pc.if_else(pa.array(shown), rows[name], None)
    columns["conf_status"] = pa.array(np.where(hidden, _CONFIDENTIAL, _FREE))
    columns["obs_status"] = pa.array(np.where(hidden, _SUPPRESSED, _NORMAL))
    return pa.table(columns)


def _hidden(rows: pa.Table, hidden: NDArray[np.bool_], unsafe: NDArray[np.bool_]) -> pa.Table:
    return rows.select(KEY).append_column("unsafe", pa.array(unsafe)).filter(pa.array(hidden))


def _accounts(rows: pa.Table, hidden: NDArray[np.bool_], *, withheld: bool) -> list[Account]:
    level = rows["hs_level"].to_numpy()
    single = pc.not_equal(rows["partner"], pa.scalar(ALL_PARTNERS)).to_numpy()
    value = np.nan_to_num(rows[MEASURES[0]].cast(pa.float64()).to_numpy())
    return [
        Account(
            period=rows["period"][0].as_py(),
            flow=rows["flow"][0].as_py(),
            hs_level=digits,
            withheld=withheld,
            cells=int(here.sum()),
            hidden_cells=int((here & hidden).sum()),
            value_cny=float(value[here].sum()),
            hidden_value_cny=float(value[here & hidden].sum()),
        )
        for digits in LEVELS
        if (here := single & (level == digits)).any()
    ]
