{{ vintages() }}

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- key: an item of a list; its enterprise is the contributor
    ebc_code,
    cop_no,
    gnum,
    counted_at,

    -- cell
    flow,
    supervision_mode,
    hs_code,
    partner,
    transport_mode,
    customs_code,
    unit1,

    -- measures
    qty1,
    unit2,
    qty2,
    net_weight_kg,
    value_cny,
    value_usd,

    -- as declared, and in CNY at the rates of the value
    currency,
    total_price,
    total_price_cny
from {{ ref('measured_items') }}
-- of most lists it is known without sharing their weights
where is_counted and (not bears_below_zero or not is_below_zero)
