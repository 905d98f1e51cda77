{{ vintages() }}
{%- set cell = cell_columns() | join(', ') %}
{%- set measures = ['qty1', 'net_weight_kg', 'value_cny', 'value_usd'] %}

-- lists before cells, so that each is counted once without telling them all apart
with of_lists as (
    select
        {{ cell }},
        ebc_code,
        count(*) as items,
        {%- for measure in measures + ['qty2'] %}
            sum({{ measure }}) as {{ measure }},
            count(*) - count({{ measure }}) as without_{{ measure }},
        {%- endfor %}
        count(*) - count(unit2) as without_unit2,
        min(unit2) as least_unit2,
        max(unit2) as most_unit2
    from {{ ref('trade_items') }}
    where {{ of_vintage() }}
    group by {{ cell }}, ebc_code, cop_no
),

counted as (
    select
        {{ cell }},
        count(*) as declarations,
        count(distinct ebc_code) as enterprises,
        sum(items) as items,
        -- where an item says nothing, the cell knows no sum
        {%- for measure in measures + ['qty2'] %}
            case when sum(without_{{ measure }}) = 0 then sum({{ measure }}) end as {{ measure }},
        {%- endfor %}
        sum(without_qty1) as items_without_qty1,
        sum(without_net_weight_kg) as items_without_net_weight,
        -- quantities in another unit, or in none: then the cell has no second one
        case when sum(without_unit2) = 0 and min(least_unit2) = max(most_unit2) then min(least_unit2) end as unit2
    from of_lists
    group by {{ cell }}
),

returned as (
    select
        {{ cell }},
        count(*) as returns,
        {%- for measure in measures %}
            case
                when count(*) = count(returned_{{ measure }}) then sum(returned_{{ measure }})
            end as returned_{{ measure }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('trade_returns') }}
    where {{ of_vintage() }}
    group by {{ cell }}
),

-- of a cell that only saw goods come back nothing went, and the other way round
measured as (
    select
        {%- for column in cell_columns() %}
            coalesce(counted.{{ column }}, returned.{{ column }}) as {{ column }},
        {%- endfor %}
        counted.unit2,
        counted.qty2,
        {%- for count in ['declarations', 'items', 'enterprises', 'items_without_qty1', 'items_without_net_weight'] %}
            cast(coalesce(counted.{{ count }}, 0) as integer) as {{ count }},
        {%- endfor %}
        cast(coalesce(returned.returns, 0) as integer) as returns,
        {%- for measure in measures %}
            try_cast(case when counted.items is null then 0 else counted.{{ measure }} end as decimal(19, 5)) as {{ measure }},
            try_cast(
                case when returned.returns is null then 0 else returned.returned_{{ measure }} end as decimal(19, 5)
            ) as returned_{{ measure }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from counted
    full join returned on {{ same_cell('counted', 'returned') }}
)

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,
    '{{ var("vintage") }}' as vintage,
    date '{{ var("made_on") }}' as published_on,

    -- cell
    {{ cell }},

    -- what went
    declarations,
    items,
    enterprises,
    qty1,
    case when qty2 is not null then unit2 end as unit2,
    try_cast(case when unit2 is not null then qty2 end as decimal(19, 5)) as qty2,
    net_weight_kg,
    value_cny,
    value_usd,
    items_without_qty1,
    items_without_net_weight,

    -- what came back
    returns,
    returned_qty1,
    returned_net_weight_kg,
    returned_value_cny,
    returned_value_usd,

    -- netted in the month in which goods came back: may be below zero
    cast(value_cny - returned_value_cny as decimal(19, 5)) as netted_value_cny,
    cast(value_usd - returned_value_usd as decimal(19, 5)) as netted_value_usd
from measured
