{{ vintages() }}

-- 0.6745 of a normal distribution lies within its median distance: the score is in standard deviations
with compared as (
    select
        items.*,
        norms.items as compared_items,
        norms.median_log,
        cast(
            0.6745 * ({{ log_unit_value('items.value_cny', 'items.qty1') }} - norms.median_log)
            / greatest(norms.mad_log, {{ policy('STA04') }}) as decimal(19, 5)
        ) as score
    from {{ ref('trade_items') }} as items
    inner join {{ ref('unit_value_norms') }} as norms
        on items.flow = norms.flow and items.hs_code = norms.hs_code and items.unit1 = norms.unit1
    where {{ of_vintage() }} and items.value_cny > 0 and items.qty1 > 0 and norms.items >= {{ policy('STA03') }}
)

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- key: an item of a list
    ebc_code,
    cop_no,
    gnum,

    -- what it is compared by
    flow,
    hs_code,
    unit1,

    -- what it says, and what others say
    qty1,
    value_cny,
    {{ portion('value_cny', 'cast(1 as decimal(19, 5))', 'qty1') }} as unit_value_cny,
    cast(exp(median_log) as decimal(19, 5)) as median_unit_value_cny,
    compared_items,
    score
from compared
where abs(score) > {{ policy('STA02') }}
