{{ vintages() }}

-- what comparing over twelve months needs of a month: few rows, however many items
select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- what is worth the same a unit
    flow,
    hs_code,
    unit1,
    {{ log_unit_value('value_cny', 'qty1') }} as log_unit_value,
    cast(count(*) as integer) as items
from {{ ref('trade_items') }}
where {{ of_vintage() }} and value_cny > 0 and qty1 > 0 and unit1 is not null
group by flow, hs_code, unit1, {{ log_unit_value('value_cny', 'qty1') }}
