"""What a vintage publishes: its cells under disclosure control, each beside those of the vintages before.

Cells that are hidden, and which of them are unsafe, stay in the warehouse for the next vintage: published, they would
tell of the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.statistics import protect, secret_rules
from sandan.statistics.cells import ALL_GOODS, ALL_PARTNERS, LEVELS
from sandan.warehouse.connect import connect
from sandan.warehouse.limits import threads

if TYPE_CHECKING:
    from sandan.home import Home
    from sandan.month import Month
    from sandan.statistics import Account
    from sandan.warehouse.vintages import Vintage

#: the cells, what was lost of them at each level, and what is hidden
PUBLISHED, SUPPRESSION, HIDDEN = "trade_published", "trade_suppression", "trade_hidden"
TABLES = f"""
create table if not exists statistics.{PUBLISHED} (
    period varchar, vintage_no integer, vintage varchar, published_on date,
    flow varchar, hs_level integer, hs_code varchar, partner varchar,
    value_cny decimal(19, 5), value_usd decimal(19, 5), net_weight_kg decimal(19, 5), qty1 decimal(19, 5),
    unit1 varchar, declarations bigint, items bigint, enterprises bigint, conf_status varchar, obs_status varchar
);
create table if not exists statistics.{SUPPRESSION} (
    period varchar, vintage_no integer, flow varchar, hs_level integer, withheld boolean,
    cells bigint, hidden_cells bigint, hidden_share decimal(19, 5)
);
create table if not exists statistics.{HIDDEN} (
    period varchar, vintage_no integer, flow varchar, hs_level integer, hs_code varchar, partner varchar,
    unsafe boolean
)
"""
_MEASURES = ("value_cny", "value_usd", "qty1")
# Where an item has no net weight, neither has any cell that it is in: those around it would pass for the whole. A sum
# beyond DECIMAL(19,5) has no value, and the gate says so.
_CELLS = f"""
insert into statistics.{PUBLISHED} by name
with unweighed as (
    select
        flow, hs_level, if(hs_level = 0, '{ALL_GOODS}', left(hs_code, hs_level)) as hs_code,
        if(is_total, '{ALL_PARTNERS}', partner) as partner
    from statistics.trade_contributions,
        unnest({list(LEVELS)}) as levels (hs_level), unnest([true, false]) as totals (is_total)
    where items_without_net_weight > 0
)
select
    cells.* replace (
        {", ".join(f"try_cast({measure} as decimal(19, 5)) as {measure}" for measure in _MEASURES)},
        if((flow, hs_level, hs_code, partner) in (select (flow, hs_level, hs_code, partner) from unweighed), null,
            try_cast(net_weight_kg as decimal(19, 5))) as net_weight_kg,
        if($vintage = 'preliminary' and obs_status = 'A', 'P', obs_status) as obs_status
    ),
    $vintage_no as vintage_no, $vintage as vintage, $made_on as published_on
from cells
"""
_KEPT = f"insert into statistics.{HIDDEN} by name select *, $vintage_no as vintage_no from hidden"
# no values: the grand total of a table that is withheld is not published either
_TOLD = ("period", "flow", "hs_level", "withheld", "cells", "hidden_cells")
_LOST = f"""
insert into statistics.{SUPPRESSION} by name
select {", ".join(f"${name} as {name}" for name in _TOLD)}, $share as hidden_share, $vintage_no as vintage_no
"""
_HIDDEN_BEFORE = f"""
create or replace temp view hidden_before as
select * from statistics.{HIDDEN} where period = '{{month}}' and vintage_no < {{vintage_no}}
"""


def protect_vintage(home: Home, month: Month, vintage: Vintage) -> list[Account]:
    """Hide what would tell of one enterprise in the vintage at work; returns what was lost.

    Raises:
        ConfigurationError: the secret parameters cannot be read.
    """
    rules = secret_rules(home)
    number = vintage.vintage_no
    with connect(home) as connection:
        connection.execute(TABLES)
        connection.execute(_HIDDEN_BEFORE.format(month=month, vintage_no=number))
        found = protect(
            connection,
            "statistics.trade_contributions",
            rules,
            hidden_before="hidden_before",
            processes=threads(),
        )
        connection.register("cells", found.cells)
        connection.register("hidden", found.hidden)
        connection.begin()
        for table in (PUBLISHED, SUPPRESSION, HIDDEN):
            # what a run that stopped left under this number
            connection.execute(
                f"delete from statistics.{table} where period = $1 and vintage_no >= $2", [str(month), number]
            )
        connection.execute(_CELLS, {"vintage_no": number, "vintage": vintage.vintage, "made_on": vintage.made_on})
        connection.execute(_KEPT, {"vintage_no": number})
        for account in found.accounts:
            told = {name: getattr(account, name) for name in (*_TOLD, "share")}
            connection.execute(_LOST, told | {"vintage_no": number})
        connection.commit()
    return found.accounts
