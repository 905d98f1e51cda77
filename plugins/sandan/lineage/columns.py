"""Which columns of which tables each column of a query comes from, by the query alone (sqlglot)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: schema → table → column → type
Tables = dict[str, dict[str, dict[str, str]]]
#: (schema.table, column)
Origin = tuple[str, str]


@dataclass(frozen=True)
class Lineage:
    """What a query reads (schema.table), and column of its result → columns that its values are, or are computed from.

    Columns that only filter, join or order do not count.
    """

    inputs: set[str]
    columns: dict[str, set[Origin]]


def lineage_of(sql: str, tables: Tables, names: Iterable[str] = ()) -> Lineage:
    """The lineage of a DuckDB `sql` in `tables`.

    `names` are the columns of the result, where the query alone does not tell them: a struct that unnest spreads out
    has fields.

    Raises:
        sqlglot.errors.SqlglotError: the query cannot be read.
    """
    parsed = parse_one(sql, dialect="duckdb")
    read = {(table.db, table.name) for table in parsed.find_all(exp.Table) if table.db}
    known: Tables = {}
    for schema, table in read:
        if columns := tables.get(schema, {}).get(table):
            known.setdefault(schema, {})[table] = columns
    query = qualify(
        parsed,
        schema={"warehouse": known} if known else None,
        catalog="warehouse",
        dialect="duckdb",
        validate_qualify_columns=False,
        # fields of a struct that unnest spreads out are columns of nothing
        allow_partial_qualification=True,
    )
    scope = build_scope(query)
    walk = _Walk()
    origins = {name: walk.origins(scope, name) for name in names or _names(scope)} if scope else {}
    return Lineage({f"{schema}.{table}" for schema, table in read}, origins)


@dataclass
class _Walk:
    """From the columns of a scope down to those of tables; each column of each scope is followed once."""

    _known: dict[tuple[int, str], set[Origin]] = field(default_factory=dict)

    def origins(self, scope: Scope, name: str) -> set[Origin]:
        key = id(scope.expression), name
        if key not in self._known:
            # of a recursive query: what is met again while it is followed adds nothing
            self._known[key] = found = set()
            for inner, made in _made_of(scope, name):
                for column in made.find_all(exp.Column):
                    found |= self._of(inner, column)
        return self._known[key]

    def _of(self, scope: Scope, column: exp.Column) -> set[Origin]:
        if not column.table:
            spreading = (source for source in scope.sources.values() if isinstance(source, Scope) and _spread(source))
            return set().union(*(self.origins(source, column.name) for source in spreading))
        source = next(
            (around.sources[column.table] for around in _around(scope) if column.table in around.sources), None
        )
        if isinstance(source, exp.Table):
            return {(f"{source.db}.{source.name}", column.name)}
        return self.origins(source, column.name) if isinstance(source, Scope) else set()


def _made_of(scope: Scope, name: str) -> Iterator[tuple[Scope, exp.Expr]]:
    """The expressions that make a column, each with the scope it stands in; of a union, one a side."""
    if scope.set_operation_scopes:
        by_name = scope.expression.args.get("by_name")
        names = _names(scope)
        for side in scope.set_operation_scopes:
            # by position, the first side names the columns
            yield from _made_of(side, name if by_name or name not in names else _names(side)[names.index(name)])
    elif isinstance(scope.expression, exp.Select):
        # what is not there by its name is a field of a struct that unnest spreads out
        named = [made for made in scope.expression.selects if made.alias_or_name == name]
        yield from ((scope, made) for made in named or _spread(scope))
    else:  # unnest in FROM: its columns come from all that it takes apart
        yield scope, scope.expression


def _spread(scope: Scope) -> list[exp.Expr]:
    """What unnest takes apart in the columns of a query."""
    selects = scope.expression.selects if isinstance(scope.expression, exp.Query) else []
    return [made for made in selects if made.find(exp.Unnest, exp.Explode)]


def _names(scope: Scope) -> list[str]:
    return scope.expression.named_selects if isinstance(scope.expression, exp.Query) else []


def _around(scope: Scope) -> Iterator[Scope]:
    """Where a column may find its table: in its scope, in the queries in an expression of it, in those around it."""
    yield scope
    for inner in scope.subquery_scopes:
        yield from inner.traverse()
    if scope.parent:
        yield from _around(scope.parent)
