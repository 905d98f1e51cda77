{{ config(materialized="view") }}

-- import declarations beside what only import lists carry: what was paid, who bought, who receives
with declared_lines as (
    select
        declaration_key,
        count(*) as lines
    from {{ ref('declared_items') }}
    group by declaration_key
),

ordered_lines as (
    select
        order_key,
        count(*) as lines
    from {{ ref('matched_order_items') }}
    group by order_key
)

select
    matched.declaration_key,
    matched.order_key,
    matched.has_order,
    matched.has_payment,
    matched.has_waybill,

    -- declaration
    matched.order_no,
    declared_lines.lines,
    matched.buyer_id_number_hash,
    matched.buyer_id_number_shown,
    matched.buyer_name_hash,
    matched.buyer_name_shown,
    matched.buyer_telephone_hash,
    matched.buyer_telephone_shown,

    -- order
    ordered_lines.lines as order_lines,
    orders.goods_value as order_goods_value,
    orders.freight as order_freight,
    orders.discount as order_discount,
    orders.tax_total as order_tax_total,
    orders.actural_paid as order_actural_paid,
    orders.pay_code as order_pay_code,
    orders.pay_transaction_id as order_pay_transaction_id,
    orders.buyer_id_number_hash as order_buyer_id_number_hash,
    orders.buyer_id_number_shown as order_buyer_id_number_shown,
    orders.buyer_name_hash as order_buyer_name_hash,
    orders.buyer_name_shown as order_buyer_name_shown,
    orders.buyer_telephone_hash as order_buyer_telephone_hash,
    orders.buyer_telephone_shown as order_buyer_telephone_shown,
    orders.consignee_hash as order_consignee_hash,
    orders.consignee_shown as order_consignee_shown,
    orders.consignee_telephone_hash as order_consignee_telephone_hash,
    orders.consignee_telephone_shown as order_consignee_telephone_shown,
    orders.consignee_address_hash as order_consignee_address_hash,
    orders.consignee_address_shown as order_consignee_address_shown,

    -- waybill
    waybills.order_no as waybill_order_no,
    waybills.consignee_hash as waybill_consignee_hash,
    waybills.consignee_shown as waybill_consignee_shown,
    waybills.consignee_telephone_hash as waybill_consignee_telephone_hash,
    waybills.consignee_telephone_shown as waybill_consignee_telephone_shown,
    waybills.consignee_address_hash as waybill_consignee_address_hash,
    waybills.consignee_address_shown as waybill_consignee_address_shown
from {{ ref('matched') }} as matched
left join declared_lines on matched.declaration_key = declared_lines.declaration_key
left join {{ ref('matched_orders') }} as orders on matched.order_key = orders.order_key
left join ordered_lines on matched.order_key = ordered_lines.order_key
left join {{ ref('matched_waybills') }} as waybills on matched.waybill_key = waybills.waybill_key
where matched.flow = 'I'
