"""Column lineage of queries as our models write them."""

from __future__ import annotations

import pytest

from sandan.lineage.columns import lineage_of

TABLES = {
    "s": {"a": dict.fromkeys(("x", "y", "l"), "VARCHAR"), "b": dict.fromkeys(("x", "z"), "VARCHAR")},
}
A, B = "warehouse.s.a", "warehouse.s.b"


def origins(sql, names=()):
    return {
        name: sorted(f"{table.removeprefix('s.')}.{column}" for table, column in of)
        for name, of in lineage_of(sql, TABLES, names).columns.items()
    }


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"with c as (select * from {A}) select x as k from c where y = '1'", {"k": ["a.x"]}),
        (
            f"select a.x || b.z as k, 1 as one from {A} as a join {B} as b on a.y = b.x",
            {"k": ["a.x", "b.z"], "one": []},
        ),
        (f"select x as k, y from {A} union all select z, x from {B}", {"k": ["a.x", "b.z"], "y": ["a.y", "b.x"]}),
        (
            f"select x as k from {A} union all by name select x as q, z as k from {B}",
            {"k": ["a.x", "b.z"], "q": ["b.x"]},
        ),
        (f"select (select max(z) from {B} as b where b.x = a.x) as k from {A} as a", {"k": ["a.x", "b.x", "b.z"]}),
        (f"select a.x, part from {A} as a, unnest(a.l) as t(part)", {"x": ["a.x"], "part": ["a.l"]}),
        (
            f"with recursive r as (select x, 1 as n from {A} union all select b.z, n + 1 from r, {B} as b) from r",
            {"x": ["a.x", "b.z"], "n": []},
        ),
    ],
)
def test_origins(sql, expected):
    assert origins(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        f"select x as k, unnest(l, recursive := true) from {A}",
        f"with c as (select x as k, unnest(l, recursive := true) from {A}) select k, code, name from c",
        f"with c as (select x as k, unnest(l, recursive := true) from {A}) select c.k, c.code, c.name from c",
        f"select x as k, unnest([struct_pack(code := l, name := l)], recursive := true) from {A}",
    ],
)
def test_fields_of_a_struct_come_from_what_is_taken_apart(sql):
    assert origins(sql, ["k", "code", "name"]) == {"k": ["a.x"], "code": ["a.l"], "name": ["a.l"]}


def test_a_query_reads_also_what_it_only_joins():
    found = lineage_of(f"select a.x from {A} as a semi join {B} as b on a.y = b.x", TABLES)
    assert found.inputs == {"s.a", "s.b"}
    assert lineage_of("select 1 as one", TABLES).inputs == set()
