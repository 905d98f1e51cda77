-- declared items beside the item of the order with the same gnum
select
    items.*,
    matched.flow,
    matched.has_order,
    order_items.gnum is not null as has_order_item,
    order_items.item_no as order_item_no,
    order_items.qty as order_qty,
    order_items.price as order_price
from {{ ref('declared_items') }} as items
inner join {{ ref('matched') }} as matched on items.declaration_key = matched.declaration_key
left join {{ ref('matched_order_items') }} as order_items
    on items.order_key = order_items.order_key and items.gnum = order_items.gnum
