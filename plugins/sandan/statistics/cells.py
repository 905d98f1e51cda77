"""The cells of the published tables, with what decides about them: one DuckDB aggregation a level."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandan.errors import SandanError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow as pa

#: digits of the HS, from all goods to the leaves: 8, and the 4 of simplified declarations below their heading
LEVELS = (0, 2, 4, 6, 8)
LEAF = LEVELS[-1]
ALL_GOODS, ALL_PARTNERS = "TOTAL", "ALL"
MEASURES = ("value_cny", "value_usd", "net_weight_kg")
KEY = ("period", "flow", "hs_level", "hs_code", "partner")

_GROUPED = """
create temp table disclosure_work_{name} as
select
    period, flow, {level} as hs_level, {code} as hs_code, {partner} as partner, enterprise,
    {sums},
    {quantity},
    sum(items)::bigint as items,
    {declarations}::bigint as declarations
from {source} as contributions
group by all
"""
_SUMS = ", ".join(f"coalesce(sum({measure}), 0) as {measure}" for measure in MEASURES)
# a quantity adds up only where every item has one, in one and the same unit
_ONE_UNIT = "count(qty1) = count(*) and count(unit1) = count(*) and min(unit1) = max(unit1)"
_QUANTITY = f"case when {_ONE_UNIT} then sum(qty1) end as qty1, case when {_ONE_UNIT} then min(unit1) end as unit1"
_NO_QUANTITY = "null::decimal(38, 5) as qty1, null::varchar as unit1"
# the two largest contributions to each measure and the largest contributor: of those alike the first by number, since
# threads bring them in any order and what is hidden depends on it
_LARGEST = ", ".join(
    f"""
    coalesce(max({measure}, 2)[1], 0)::double as {measure}_first,
    coalesce(max({measure}, 2)[2], 0)::double as {measure}_second,
    coalesce(
        arg_max(enterprise, ({measure}, -enterprise)) filter (where {measure} is not null), -1
    )::integer as {measure}_owner"""
    for measure in (*MEASURES, "qty1")
)


def cells(connection: duckdb.DuckDBPyConnection, contributions: str, before: str | None) -> pa.Table:
    """Every cell with a contribution, by key: sums, largest contributions, `table`, `node` and `column`.

    `table` numbers periods and flows, `node` the codes of a table and level in their order, `column` the partners of a
    table; all partners come after the last one. `hidden_before` and `unsafe_before` are those of the relation `before`.
    Cells of `before` without a contribution now are there as well, with nothing but their key, if their table is.

    Raises:
        SandanError: a contribution is negative, names no enterprise, or its code has neither 8 nor 4 digits.
    """
    with _tables(connection):
        _check(connection, contributions)
        connection.execute(
            "create temp table disclosure_work_enterprises as "
            "select enterprise, row_number() over (order by enterprise) - 1 as id "
            f"from (select distinct enterprise from {contributions})"
        )
        leaves = _GROUPED.format(
            name="leaves",
            level=LEAF,
            code="hs_code",
            partner="partner",
            sums=_SUMS,
            quantity=_QUANTITY,
            declarations="sum(declarations)",
            source=f"(select given.* replace (known.id as enterprise) from {contributions} as given "
            "join disclosure_work_enterprises as known using (enterprise))",
        )
        connection.execute(leaves)
        parts = [_level(connection, level, partner) for level in LEVELS for partner in ("partner", f"'{ALL_PARTNERS}'")]
        earlier = (
            before or "(select null period, null flow, null hs_level, null hs_code, null partner, null unsafe limit 0)"
        )
        return connection.execute(f"""
            with
            cells as ({" union all ".join(f"from {part}" for part in parts)}),
            before as (
                select period, flow, hs_level::integer as hs_level, hs_code, partner, bool_or(unsafe) as unsafe
                from {earlier}
                group by all
            ),
            placed as (
                select
                    cells.*,
                    dense_rank() over (partition by period, flow, hs_level order by hs_code) - 1 as node,
                    dense_rank() over (
                        partition by period, flow order by partner = '{ALL_PARTNERS}', partner
                    ) - 1 as "column"
                from cells
            )
            select
                *,
                dense_rank() over (order by period, flow) - 1 as "table",
                unsafe is not null as hidden_before,
                coalesce(unsafe, false) as unsafe_before
            from placed
            full join before using ({", ".join(KEY)})
            semi join cells using (period, flow)
            order by {", ".join(KEY)}
        """).to_arrow_table()


def _level(connection: duckdb.DuckDBPyConnection, level: int, partner: str) -> str:
    """Make the table of one level of goods and one of partners; its name."""
    name = f"level_{level}_{'cells' if partner == 'partner' else 'margin'}"
    source = "disclosure_work_leaves"
    if name != f"level_{LEAF}_cells":
        grouped = _GROUPED.format(
            name=f"{name}_contributors",
            level=level,
            code=f"left(hs_code, {level})" if level else f"'{ALL_GOODS}'",
            partner=partner,
            sums=_SUMS,
            quantity=_QUANTITY if level == LEAF else _NO_QUANTITY,
            declarations="null",  # one declaration has items of several codes
            source=source,
        )
        connection.execute(grouped)
        source = f"disclosure_work_{name}_contributors"
    connection.execute(f"""
        create temp table disclosure_work_{name} as
        select
            period, flow, hs_level, hs_code, partner,
            {_SUMS},
            {_QUANTITY},
            sum(declarations)::bigint as declarations,
            sum(items)::bigint as items,
            count(*) as enterprises,
            count_if(value_cny > 0) as contributors,
            {_LARGEST}
        from {source}
        group by all
    """)
    return f"disclosure_work_{name}"


def _check(connection: duckdb.DuckDBPyConnection, contributions: str) -> None:
    wrong = connection.execute(f"""
        select count(*)
        from {contributions}
        where
            enterprise is null or partner is null or partner = '{ALL_PARTNERS}'
            or not coalesce(regexp_full_match(hs_code, '\\d{{4}}(\\d{{4}})?'), false)
            or least(value_cny, value_usd, net_weight_kg, qty1, items, declarations) < 0
    """).fetchone()
    if wrong and wrong[0]:
        raise SandanError(
            f"{wrong[0]} contributions of {contributions} name no enterprise or partner, have a code of neither 8 nor "
            "4 digits, or are negative",
            "count returns as a flow of their own, and items without a contributor not at all",
        )


@contextmanager
def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Whatever is made under our names is dropped in the end."""
    try:
        yield
    finally:
        made = connection.execute(
            "select table_name from duckdb_tables() where temporary and starts_with(table_name, 'disclosure_work_')"
        ).fetchall()
        for (name,) in made:
            connection.execute(f'drop table "{name}"')
