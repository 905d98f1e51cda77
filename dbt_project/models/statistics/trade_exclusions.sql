{{ vintages() }}

-- what was declared in the month, or went in it, and is not counted
with left_out as (
    select
        flow,
        supervision_mode,
        reason,
        1 as lists,
        item_count as items,
        goods_value_cny as value_cny
    from {{ ref('trade_lists') }}
    where reason is not null
    union all
    select
        flow,
        supervision_mode,
        'below_zero' as reason,
        case when row_number() over (partition by list_no) = 1 then 1 else 0 end as lists,
        1 as items,
        value_cny
    from {{ ref('measured_items') }}
    where bears_below_zero and is_counted and is_below_zero
)

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- what is left out, and why
    flow,
    supervision_mode,
    reason,
    cast(sum(lists) as integer) as declarations,
    cast(sum(items) as integer) as items,
    try_cast(coalesce(sum(value_cny), 0) as decimal(19, 5)) as value_cny
from left_out
group by flow, supervision_mode, reason
