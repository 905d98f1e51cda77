{{ vintages() }}

-- what came back in the month, of items that were counted: in the cell of its item, at its part of what the item was counted with
with returned as (
    select
        items.*,
        returned.guid,
        returned.returned_qty,
        returned.in_time,
        -- goods cannot come back before they went
        greatest(returned.asked_at, items.counted_at) as returned_at,
        cast(sum(returned.returned_qty) over so_far as decimal(19, 5)) as qty_so_far,
        cast(sum(returned.returned_qty) over so_far - returned.returned_qty as decimal(19, 5)) as qty_before
    from {{ ref('measured_items') }} as items
    inner join {{ ref('returned_items') }} as returned
        on
            items.changed_on = returned.changed_on
            and items.ebc_code = returned.ebc_code
            and items.cop_no = returned.cop_no
            and items.gnum = returned.gnum
    where items.came_back and not items.is_below_zero
    window so_far as (
        partition by items.list_no, items.gnum order by returned.asked_at, returned.guid rows between unbounded preceding and current row
    )
)

select
    -- the vintage
    {{ month() }} as period,
    {{ var('vintage_no') }} as vintage_no,

    -- key: an item of a list, and the application that brought it back
    ebc_code,
    cop_no,
    gnum,
    guid,
    returned_at,
    in_time,
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
    {{ returned_part('qty1') }} as returned_qty1,
    {{ returned_part('net_weight_kg') }} as returned_net_weight_kg,
    {{ returned_part('value_cny') }} as returned_value_cny,
    {{ returned_part('value_usd') }} as returned_value_usd
from returned
where {{ in_month('returned_at') }}
