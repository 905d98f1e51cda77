"""What a quality report asks of the published lake.

Values are those of `trade_published`. Counts stand where there are at least as many as disclosure control publishes of
anything, shares beside them or not at all. Of other months a report knows what was published when its vintage
was, by $ended_at.
"""

from __future__ import annotations

from sandan.statistics.rules import FEWEST

#: fewer are not told, nor is what a count below them would tell
LEAST = FEWEST[-1]


def told(count: str) -> str:
    """A count that is shown: none, or enough of them."""
    return f"if({count} between 1 and {LEAST - 1}, null, {count})"


def share(count: str, whole: str) -> str:
    """A count as a share, where it is shown."""
    return f"{told(count)} / nullif({whole}, 0)"


VINTAGE = "select * from audit.trade_vintages where month = $period and vintage_no = $vintage_no"
#: the simulator's parties are of customs district 99, which does not exist
IS_SIMULATED = """
select exists (
    from statistics.trade_items
    where period = $period and vintage_no = $vintage_no and starts_with(ebc_code, '99')
) as said
"""
TOTALS = """
select flow, value_cny, value_usd, net_weight_kg, items, enterprises, conf_status
from statistics.trade_published
where period = $period and vintage_no = $vintage_no and hs_level = 0 and partner = 'ALL'
order by flow
"""
#: reasons that few items have go together; where all of them are few, nothing is told of them
LEFT_OUT = f"""
with reasons as (
    select flow, reason, sum(items) as items
    from statistics.trade_exclusions where period = $period and vintage_no = $vintage_no group by flow, reason
),
named as (
    select flow, if(items < {LEAST}, 'other', reason) as reason, sum(items) as items from reasons group by all
),
counted as (
    select flow, 'counted' as reason, items from statistics.trade_published
    where period = $period and vintage_no = $vintage_no and hs_level = 0 and partner = 'ALL' and flow in ('E', 'I')
        and items is not null
),
shown as (
    from counted union all by name
    select named.* from named semi join counted using (flow) where named.items >= {LEAST}
)
select flow, reason, items, items / sum(items) over (partition by flow) as share
from shown
order by flow, reason <> 'counted', reason = 'other', items desc, reason
"""
SOURCES = f"""
select
    list, source_id, days, days_heard, last_heard,
    {share("accepted", "received")} as accepted_share, {share("quarantined", "received")} as quarantined_share
from statistics.coverage
where period = $period and vintage_no = $vintage_no
order by list, source_id
"""
NONRESPONSE = f"""
select
    flow, field, {told("missing_items")} as missing_items, {share("missing_items", "items")} as missing_share,
    {share("estimated_items", "items")} as estimated_share
from statistics.item_nonresponse
where period = $period and vintage_no = $vintage_no and items >= {LEAST}
    -- a count and its share give the whole: only of what is told
    and flow in (
        select flow from statistics.trade_published
        where period = $period and vintage_no = $vintage_no and hs_level = 0 and partner = 'ALL' and items is not null
    )
    and (flow, field) not in (
        select (flow, 'partner') from statistics.trade_published
        where period = $period and vintage_no = $vintage_no and hs_level = 0 and partner = 'ZZZ' and items is null
    )
order by flow, list_position(
    ['hs_code', 'partner', 'transport_mode', 'customs_code', 'unit1', 'qty1', 'qty2', 'net_weight_kg'], field
)
"""
OUTLIERS = f"""
with outliers as (
    select flow, count(*) as items from statistics.unit_value_outliers
    where period = $period and vintage_no = $vintage_no group by flow
)
select
    totals.flow, {told("coalesce(outliers.items, 0)")} as outliers,
    {share("coalesce(outliers.items, 0)", "totals.items")} as share
from statistics.trade_published as totals left join outliers using (flow)
where period = $period and vintage_no = $vintage_no and hs_level = 0 and partner = 'ALL' and totals.flow in ('E', 'I')
    and totals.items is not null
order by totals.flow
"""
OUTLIER_CHAPTERS = f"""
select flow, left(hs_code, 2) as chapter, count(*) as items
from statistics.unit_value_outliers
where period = $period and vintage_no = $vintage_no and (flow, chapter) in (
    select (flow, hs_code) from statistics.trade_published
    where period = $period and vintage_no = $vintage_no and hs_level = 2 and partner = 'ALL' and items is not null
)
group by all having count(*) >= {LEAST}
order by flow, items desc, chapter
"""
#: the change of what is published; how many cells it took is told in shares of a flow's value
REVISIONS = f"""
with totals as (
    select flow, vintage_no, vintage, value_cny, lag(value_cny) over vintages as before
    from statistics.trade_published
    where period = $period and vintage_no <= $vintage_no and hs_level = 0 and partner = 'ALL' and flow in ('E', 'I')
    window vintages as (partition by flow order by vintage_no)
),
sizes as (
    select
        flow, vintage_no,
        any_value(if(measure = 'value_cny' and revised_cells >= {LEAST}, absolute_change_share, null)) as cells_share,
        if(sum(late_change) filter (measure = 'items') >= {LEAST},
            any_value(if(measure = 'value_cny', late_share, null)), null) as late_share
    from statistics.revision_sizes where period = $period group by all
)
select
    totals.*, value_cny / nullif(before, 0) - 1 as change_share,
    if(value_cny is null or before is null, null, cells_share) as cells_share,
    if(value_cny is null or before is null, null, late_share) as late_share
from totals left join sizes using (flow, vintage_no)
order by flow, vintage_no
"""
#: the vintage that readers had of each of thirteen months when this one was made, and the first one
MONTHS = """
with known as (
    select month as period, vintage_no, ended_at from audit.trade_vintages
    where (month = $period and vintage_no <= $vintage_no or month < $period and ended_at <= $ended_at)
        and month >= strftime(strptime($period, '%Y-%m') - interval 12 month, '%Y-%m')
),
totals as (
    select period, vintage_no, flow, value_cny from statistics.trade_published
    where hs_level = 0 and partner = 'ALL' and flow in ('E', 'I')
)
select
    known.period, totals.flow, arg_max_null(totals.value_cny, known.vintage_no) as value_cny,
    arg_max_null(totals.value_cny, known.vintage_no) / nullif(arg_min_null(totals.value_cny, known.vintage_no), 0) - 1
        as revised,
    max(known.vintage_no) as vintages,
    date_diff(
        'day', cast(strptime(known.period, '%Y-%m') + interval 1 month - interval 1 day as date), min(known.ended_at)
    ) as lag
from known join totals using (period, vintage_no)
group by known.period, totals.flow
order by known.period, totals.flow
"""
VINTAGES = """
select
    vintage_no, vintage, cast(ended_at as date) as published_on, data_until,
    date_diff('day', $last, published_on) as lag
from audit.trade_vintages where month = $period and vintage_no <= $vintage_no order by vintage_no
"""
HIDDEN = f"""
select flow, hs_level, withheld, {told("cells")} as cells, {told("hidden_cells")} as hidden_cells, hidden_share
from statistics.trade_suppression
where period = $period and vintage_no = $vintage_no and hs_level > 0
order by flow, hs_level
"""
#: the results of a gate are those of the month's last vintage
GATES = """
select severity, success, count(*) as expectations, list(expectation order by expectation) as names
from audit.gate_results
where run_date = $last and stage = 'statistics'
    and $vintage_no = (select max(vintage_no) from audit.trade_vintages where month = $period)
group by all
order by success, severity
"""
