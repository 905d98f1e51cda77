-- current orders that a declaration in scope names
with keys as (
    select distinct order_key as key
    from {{ ref('declared') }}
    where order_key is not null
),

current_orders as (
    {{ current_records_of('order', 'keys') }}
)

select
    orders.* exclude (buyer_id_number, buyer_name, buyer_telephone, consignee, consignee_telephone, consignee_address),
    {{ persons(['buyer_id_number', 'buyer_name', 'buyer_telephone', 'consignee', 'consignee_telephone', 'consignee_address'], 'orders') }}
from current_orders
inner join {{ ref('stg_orders') }} as orders on current_orders.record_id = orders.record_id
where current_orders.is_live
