select
    orders.order_key,
    items.*
from {{ ref('matched_orders') }} as orders
inner join {{ ref('stg_order_items') }} as items on orders.record_id = items.record_id
