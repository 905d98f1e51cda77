{%- set cell = 'flow, hs_code, partner, unit1' %}

-- What each enterprise contributes to the month's vintage, as disclosure control takes it: what came back is a flow of its own (RE, RI).
with rows_counted as (
    select
        {{ cell }},
        ebc_code,
        cop_no,
        qty1,
        net_weight_kg,
        value_cny,
        value_usd
    from {{ ref('trade_items') }}
    where {{ of_vintage() }}
    union all
    select
        'R' || flow as flow,
        hs_code,
        partner,
        unit1,
        ebc_code,
        cop_no,
        returned_qty1,
        returned_net_weight_kg,
        returned_value_cny,
        returned_value_usd
    from {{ ref('trade_returns') }}
    where {{ of_vintage() }}
),

of_lists as (
    select
        {{ cell }},
        ebc_code,
        count(*) as items,
        case when count(*) = count(qty1) then sum(qty1) end as qty1,
        sum(net_weight_kg) as net_weight_kg,
        count(*) - count(net_weight_kg) as items_without_net_weight,
        sum(value_cny) as value_cny,
        sum(value_usd) as value_usd,
        -- a list with one commodity in two units is one declaration
        row_number() over (partition by flow, hs_code, partner, ebc_code, cop_no order by unit1) = 1 as is_counted
    from rows_counted
    group by {{ cell }}, ebc_code, cop_no
)

select
    {{ month() }} as period,
    {{ cell }},
    ebc_code as enterprise,
    count(*) filter (where is_counted) as declarations,
    sum(items) as items,
    case when count(*) = count(qty1) then sum(qty1) end as qty1,
    coalesce(sum(net_weight_kg), 0) as net_weight_kg,
    sum(items_without_net_weight) as items_without_net_weight,
    coalesce(sum(value_cny), 0) as value_cny,
    coalesce(sum(value_usd), 0) as value_usd
from of_lists
group by {{ cell }}, ebc_code
