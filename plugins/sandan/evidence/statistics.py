"""What the lake says of each column over all files, and of the partition of each: readers find nothing beyond it.

DuckLake never narrows these statistics, so they hold whatever any file or row of the catalogue ever had; wider ones
cost a reader time, and narrower ones rows. A run changes them with each snapshot: none is as a line of the ledger left
it, and they are held against the statistics of the files, which the ledger has.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sandan.warehouse.lake import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

#: table, column and its type; those in others (lists, structs) have a parent, and readers leave nothing out by them
COLUMNS = f"""
select tables.table_id, column_id, schema_name || '.' || table_name, column_name, shown.data_type
from {CATALOGUE}.ducklake_column as columns
join {CATALOGUE}.ducklake_table as tables using (table_id)
join {CATALOGUE}.ducklake_schema as schemas using (schema_id)
join duckdb_columns() as shown using (schema_name, table_name, column_name)
where shown.database_name = 'published' and parent_column is null
    and columns.end_snapshot is null and tables.end_snapshot is null
    and not regexp_matches(shown.data_type, '\\]$|^STRUCT|^MAP|^BLOB')
"""
OF_FILES = f"""
select
    table_id, column_id,
    min(try_cast(min_value as {{type}})), max(try_cast(max_value as {{type}})), bool_or(null_count > 0)
from {CATALOGUE}.ducklake_file_column_stats
where list_contains($columns, (table_id, column_id)) group by all
"""
OF_TABLES = f"""
select table_id, column_id, try_cast(min_value as {{type}}), try_cast(max_value as {{type}}), contains_null = 1
from {CATALOGUE}.ducklake_table_column_stats where list_contains($columns, (table_id, column_id))
"""
INLINED = f"""
select inlined.table_id, inlined.table_name, list(shown.column_name)
from {CATALOGUE}.ducklake_inlined_data_tables as inlined
join duckdb_columns() as shown on shown.database_name = '{CATALOGUE}' and shown.table_name = inlined.table_name
group by all
"""
#: by their values readers leave files out; the lake's are those of a column, never made of it
PARTITIONS = f"""
select distinct schema_name || '.' || table_name
from {CATALOGUE}.ducklake_file_partition_value as parts
join {CATALOGUE}.ducklake_data_file as files using (data_file_id)
join {CATALOGUE}.ducklake_table as tables on tables.table_id = files.table_id and tables.end_snapshot is null
join {CATALOGUE}.ducklake_schema as schemas using (schema_id)
left join {CATALOGUE}.ducklake_partition_column as made
    on made.partition_id = files.partition_id and made.partition_key_index = parts.partition_key_index
left join {CATALOGUE}.ducklake_file_column_stats as stats
    on stats.data_file_id = files.data_file_id and stats.column_id = made.column_id
where not coalesce(transform = 'identity' and partition_value = min_value and partition_value = max_value, false)
order by all
"""

Column = tuple[int, int]
#: smallest and largest value, and whether any is null
Bounds = tuple[Any, Any, bool]


def narrowed(lake: duckdb.DuckDBPyConnection) -> list[str]:
    """What readers would leave out: by columns whose statistics lack values that there are, and by wrong partitions."""
    names, types = {}, defaultdict(list)
    for table_id, column_id, table, column, type_ in lake.execute(COLUMNS).fetchall():
        names[table_id, column_id] = (table, column, type_)
        types[type_].append((table_id, column_id))
    said: dict[Column, Bounds] = {}
    held: dict[Column, list[Bounds]] = defaultdict(list)
    for type_, columns in types.items():
        said |= dict(_bounds(lake, OF_TABLES.format(type=type_), columns))
        for column, bounds in _bounds(lake, OF_FILES.format(type=type_), columns):
            held[column].append(bounds)
    for column, bounds in _inlined(lake, names):
        held[column].append(bounds)
    leave_out = [
        f"the lake's statistics of {names[column][0]}.{names[column][1]} leave out values that it has"
        for column in sorted(held, key=names.__getitem__)
        if column in said and any(_is_beyond(bounds, said[column]) for bounds in held[column])
    ]
    parts = [table for (table,) in lake.execute(PARTITIONS).fetchall()]
    return [*leave_out, *(f"the lake's partitions of {table} are not those of its values" for table in parts)]


def _bounds(lake: duckdb.DuckDBPyConnection, query: str, columns: Iterable[Column]) -> Iterator[tuple[Column, Bounds]]:
    pairs = [{"table_id": table_id, "column_id": column_id} for table_id, column_id in columns]
    for table_id, column_id, *bounds in lake.execute(query, {"columns": pairs}).fetchall():
        yield (table_id, column_id), (bounds[0], bounds[1], bool(bounds[2]))


def _inlined(
    lake: duckdb.DuckDBPyConnection, names: dict[Column, tuple[str, str, str]]
) -> Iterator[tuple[Column, Bounds]]:
    for table_id, table, there in lake.execute(INLINED).fetchall():
        columns = [(of, column, type_) for of, (_, column, type_) in names.items() if of[0] == table_id]
        known = [(of, column, type_) for of, column, type_ in columns if column in there]
        shown = ", ".join(
            f'min(try_cast("{column}" as {type_})), max(try_cast("{column}" as {type_})), bool_or("{column}" is null)'
            for _, column, type_ in known
        )
        if shown:
            row = lake.execute(f'select {shown} from {CATALOGUE}."{table}"').fetchone() or ()
            for number, (of, _, _) in enumerate(known):
                low, high, has_null = row[3 * number : 3 * number + 3]
                yield of, (low, high, bool(has_null))


def _is_beyond(held: Bounds, said: Bounds) -> bool:
    """Whether what is held goes beyond what is said; where nothing is said, nothing is left out."""
    (low, high, has_null), (least, most, may_be_null) = held, said
    return (
        (low is not None and least is not None and low < least)
        or (high is not None and most is not None and high > most)
        or (has_null and not may_be_null)
    )
