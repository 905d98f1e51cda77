{{ config(materialized="view") }}

-- import only: the same person on every list; compared by hash, shown by mask
with pay03 as (
    select
        imports.declaration_key,
        'PAY03' as rule_id,
        'buyer of the order: ' || any_value({{ shown_person({
            'ID number': 'imports.order_buyer_id_number', 'name': 'imports.order_buyer_name'
        }) }}) as expected,
        {{ shown_lines(
            "'payer: ' || " ~ shown_person({'ID number': 'payments.payer_id_number', 'name': 'payments.payer_name'}) ~ " || ' (' || " ~ other_parts({
                'ID number': ('payments.payer_id_number', 'imports.order_buyer_id_number'),
                'name': ('payments.payer_name', 'imports.order_buyer_name'),
            }) ~ " || ')'",
            "payments.payment_key"
        ) }} as observed
    from {{ ref('matched_imports') }} as imports
    inner join {{ ref('matched_payments') }} as payments on imports.order_key = payments.order_key
    where
        imports.has_order
        and (
            payments.payer_id_number_hash is distinct from imports.order_buyer_id_number_hash
            or payments.payer_name_hash is distinct from imports.order_buyer_name_hash
        )
    group by imports.declaration_key
),

buy01 as (
    select
        declaration_key,
        'BUY01' as rule_id,
        'buyer of the order: ' || {{ shown_person({'ID number': 'order_buyer_id_number', 'name': 'order_buyer_name'}) }} as expected,
        'declared: ' || {{ shown_person({'ID number': 'buyer_id_number', 'name': 'buyer_name'}) }} || ' (' || {{ other_parts({
            'ID number': ('buyer_id_number', 'order_buyer_id_number'),
            'name': ('buyer_name', 'order_buyer_name'),
        }) }} || ')' as observed
    from {{ ref('matched_imports') }}
    where
        has_order
        and (
            buyer_id_number_hash is distinct from order_buyer_id_number_hash
            or buyer_name_hash is distinct from order_buyer_name_hash
        )
),

buy02 as (
    select
        declaration_key,
        'BUY02' as rule_id,
        'buyer of the order: telephone ' || coalesce(order_buyer_telephone_shown, 'none') as expected,
        'declared: other telephone, ' || coalesce(buyer_telephone_shown, 'none') as observed
    from {{ ref('matched_imports') }}
    where has_order and buyer_telephone_hash is distinct from order_buyer_telephone_hash
),

log03 as (
    select
        declaration_key,
        'LOG03' as rule_id,
        'receiver of the order: ' || coalesce(order_consignee_shown, 'none') as expected,
        'waybill: other receiver, ' || coalesce(waybill_consignee_shown, 'none') as observed
    from {{ ref('matched_imports') }}
    where has_order and has_waybill and waybill_consignee_hash is distinct from order_consignee_hash
),

log06 as (
    select
        declaration_key,
        'LOG06' as rule_id,
        'receiver of the order: ' || {{ shown_person({
            'telephone': 'order_consignee_telephone', 'address': 'order_consignee_address'
        }) }} as expected,
        'waybill: ' || {{ shown_person({
            'telephone': 'waybill_consignee_telephone', 'address': 'waybill_consignee_address'
        }) }} || ' (' || {{ other_parts({
            'telephone': ('waybill_consignee_telephone', 'order_consignee_telephone'),
            'address': ('waybill_consignee_address', 'order_consignee_address'),
        }) }} || ')' as observed
    from {{ ref('matched_imports') }}
    where
        has_order
        and has_waybill
        and (
            waybill_consignee_telephone_hash is distinct from order_consignee_telephone_hash
            or waybill_consignee_address_hash is distinct from order_consignee_address_hash
        )
)

select * from pay03
union all
select * from buy01
union all
select * from buy02
union all
select * from log03
union all
select * from log06
