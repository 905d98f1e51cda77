{{ monthly() }}

with counts as (
    select
        *,
        sum(parcels) over (partition by ebc_code, logistics_code, destination, leg order by hours) as so_far,
        sum(parcels) over (partition by ebc_code, logistics_code, destination, leg) as total
    from {{ ref('parcel_counts') }}
    where run_date between cast(date_trunc('month', {{ run_date() }}) as date) and last_day({{ run_date() }})
),

sums as (
    select
        ebc_code,
        logistics_code,
        destination,
        leg,
        leg = 'all' as is_whole,
        cast(sum(parcels) as integer) as parcels,
        cast(sum(parcels * hours) as decimal(19, 5)) as hours_sum,
        {{ counted_quantile('hours', 'so_far', 'total', 50) }} as hours_median,
        {{ counted_quantile('hours', 'so_far', 'total', 90) }} as hours_p90,
        cast(sum(late) as integer) as late,
        cast(sum(lost) as integer) as lost,
        cast(sum(weight_differs) as integer) as weight_differs,
        cast(sum(freight_cny) as decimal(19, 5)) as freight_cny,
        cast(sum(weight_kg) as decimal(19, 5)) as weight_kg
    from counts
    group by ebc_code, logistics_code, destination, leg
)

select
    -- key
    ebc_code,
    {{ month() }} as month,
    logistics_code,
    destination,
    leg,

    -- times
    parcels,
    hours_sum,
    hours_median,
    hours_p90,

    -- what went wrong
    late,
    lost,
    weight_differs,

    -- what it cost
    case when is_whole then freight_cny end as freight_cny,
    case when is_whole then weight_kg end as weight_kg,
    case when is_whole then {{ share_in('freight_cny', 'cast(parcels as decimal(19, 5))') }} end as cny_per_parcel,
    case when is_whole then {{ share_in('freight_cny', 'weight_kg') }} end as cny_per_kg,

    -- runs
    {{ run_date() }} as changed_on
from sums
