-- The median of the logarithms of unit values over twelve months, and the median of the distances from it.
with counts as (
    select
        flow,
        hs_code,
        unit1,
        log_unit_value,
        sum(items) as items
    from {{ ref('unit_value_counts') }}
    where (period, vintage_no) in (select (period, vintage_no) from {{ ref('counted_months') }})
    group by flow, hs_code, unit1, log_unit_value
),

ranked as (
    select
        *,
        sum(items) over (partition by flow, hs_code, unit1 order by log_unit_value rows unbounded preceding) as so_far,
        sum(items) over (partition by flow, hs_code, unit1) as total
    from counts
),

medians as (
    select
        flow,
        hs_code,
        unit1,
        {{ counted_quantile('log_unit_value', 'so_far', 'total', 50) }} as median_log
    from ranked
    group by flow, hs_code, unit1
),

distances as (
    select
        counts.flow,
        counts.hs_code,
        counts.unit1,
        medians.median_log,
        abs(counts.log_unit_value - medians.median_log) as distance,
        sum(counts.items) as items
    from counts
    inner join medians on counts.flow = medians.flow and counts.hs_code = medians.hs_code and counts.unit1 = medians.unit1
    group by counts.flow, counts.hs_code, counts.unit1, medians.median_log, distance
),

ranked_distances as (
    select
        *,
        sum(items) over (partition by flow, hs_code, unit1 order by distance rows unbounded preceding) as so_far,
        sum(items) over (partition by flow, hs_code, unit1) as total
    from distances
)

select
    flow,
    hs_code,
    unit1,
    cast(any_value(total) as integer) as items,
    any_value(median_log) as median_log,
    {{ counted_quantile('distance', 'so_far', 'total', 50) }} as mad_log
from ranked_distances
group by flow, hs_code, unit1
