-- the three lists side by side: one row per declaration in scope
with payments as (
    select
        order_key,
        count(*) as payments,
        sum(amount_paid) as amount_paid
    from {{ ref('matched_payments') }}
    group by order_key
)

select
    declared.*,

    -- order
    orders.record_id as order_record_id,
    orders.record_id is not null as has_order,
    orders.ebc_code as order_ebc_code,
    orders.currency as order_currency,
    case declared.flow when 'E' then orders.goods_value + coalesce(orders.freight, 0) else orders.actural_paid end as amount_due,

    -- payment
    payments.order_key is not null as has_payment,
    payments.payments,
    payments.amount_paid,

    -- waybill
    waybills.record_id as waybill_record_id,
    waybills.record_id is not null as has_waybill,
    waybills.gross_weight as waybill_gross_weight,
    waybills.pack_no as waybill_pack_no
from {{ ref('declared') }} as declared
left join {{ ref('matched_orders') }} as orders on declared.order_key = orders.order_key
left join payments on declared.order_key = payments.order_key
left join {{ ref('matched_waybills') }} as waybills on declared.waybill_key = waybills.waybill_key
