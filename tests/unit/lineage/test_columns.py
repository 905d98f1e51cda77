"""Column lineage of queries as our models write them."""

from __future__ import annotations

import pytest

from sandan.lineage.columns import column_lineage

TABLES = {
    "s": {"a": dict.fromkeys(("x", "y", "l"), "VARCHAR"), "b": dict.fromkeys(("x", "z"), "VARCHAR")},
}
A, B = "warehouse.s.a", "warehouse.s.b"


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
    found = {
        name: sorted(f"{table.removeprefix('s.')}.{column}" for table, column in origins)
        for name, origins in column_lineage(sql, TABLES).items()
    }
    assert found == expected
