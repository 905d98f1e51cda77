{{ exporter_mart() }}

with entries as (
    select
        entries.*,
        greatest(max(entries.run_date) over (partition by entries.ebc_code), {{ run_date() }}) as as_of
    from {{ ref('exporter_entries') }} as entries
    semi join {{ ref('touched_exporters') }} as touched on entries.ebc_code = touched.ebc_code
),

sums as (
    select
        ebc_code,
        as_of,
        cast(coalesce(sum(refund_cny) filter (
            where account = 'week' and name >= cast({{ week_of('as_of') }} as varchar)
        ), 0) as decimal(19, 5)) as eligible_cny,
        cast(sum(held_cny) as decimal(19, 5)) as held_cny,
        cast(sum(granted_cny) as decimal(19, 5)) as granted_cny,
        cast(sum(reversed_cny) as decimal(19, 5)) as reversed_cny,
        {%- for column in ['exported_cny', 'returned_cny'] %}
            cast(coalesce(sum({{ column }}) filter (
                where account = 'month'
                and name >= strftime(as_of - to_months(cast({{ finance_parameter('reserve_months') }} as integer)), '%Y-%m')
            ), 0) as decimal(19, 5)) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from entries
    group by ebc_code, as_of
),

days as (
    select
        ebc_code,
        cast(name as integer) as days,
        sum(sum(items)) over (partition by ebc_code order by cast(name as integer) rows unbounded preceding) as so_far,
        sum(sum(items)) over (partition by ebc_code) as total
    from entries
    where account = 'days'
    group by ebc_code, name
    having sum(items) > 0
),

speed as (
    select
        ebc_code,
        {{ counted_quantile('days', 'so_far', 'total', 50) }} as median,
        {{ counted_quantile('days', 'so_far', 'total', 90) }} as p90
    from days
    group by ebc_code
),

concentration as (
    select
        ebc_code,
        {%- for kind in ['supplier', 'commodity'] %}
            max(share) filter (where kind = '{{ kind }}') as {{ kind }}_top_share,
            cast(sum({{ product('share', 'share') }}) filter (where kind = '{{ kind }}') as decimal(19, 5)) as {{ kind }}_hhi
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('enterprise_concentration') }}
    group by ebc_code
),

rated as (
    select
        *,
        coalesce({{ share_in('returned_cny', 'exported_cny') }}, 0) as returned_share,
        cast({{ finance_parameter('advance_rate') }} as decimal(19, 5)) as advance_rate
    from sums
),

reserved as (
    select
        *,
        {{ share_of('eligible_cny', 'advance_rate') }} as advanced_cny,
        {{ share_of('eligible_cny', 'returned_share') }} as return_reserve_cny
    from rated
)

select
    -- key
    reserved.ebc_code,
    reserved.as_of,

    -- the limit
    reserved.eligible_cny,
    reserved.held_cny,
    reserved.return_reserve_cny,
    reserved.returned_share,
    reserved.advance_rate,
    cast({{ positive('reserved.advanced_cny - reserved.held_cny - reserved.return_reserve_cny') }} as decimal(19, 5)) as advance_limit_cny,

    -- what stands behind it
    reserved.granted_cny,
    reserved.reversed_cny,
    {{ share_in('reserved.reversed_cny', 'reserved.granted_cny') }} as dilution_rate,
    concentration.supplier_top_share,
    concentration.supplier_hhi,
    concentration.commodity_top_share,
    concentration.commodity_hhi,
    speed.median as days_to_eligibility_median,
    speed.p90 as days_to_eligibility_p90,

    -- runs
    reserved.as_of as changed_on
from reserved
left join concentration on reserved.ebc_code = concentration.ebc_code
left join speed on reserved.ebc_code = speed.ebc_code
